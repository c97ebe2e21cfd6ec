// Mails through real SMTP: each once, encrypted where it must be, whatever the server does meanwhile.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient, request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { untilHeard } from '../support/settings.mjs';
import { freePort, makeCertificate, refusal, startSmtp } from '../support/smtp.mjs';
import { freshEmail } from '../support/users.mjs';

const certificate = makeCertificate();
const server = await useServer({ args: ['--ca-file', certificate.file] });
const sql = useDatabase(server);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function configure(column, value) {
  await sql(`UPDATE neon_auth.project_config SET ${column} = $1`, [typeof value === 'string' ? value : JSON.stringify(value)]);
  await untilHeard();
}
const useSmtp = (smtp, more = {}) =>
  configure('email_provider', { type: 'standard', host: '127.0.0.1', port: smtp.port, username: '', password: '', senderEmail: 'auth@shop.test', senderName: 'Shop', ...more });

async function askForCode(email = freshEmail(), base = server.base_url) {
  const started = Date.now();
  const answer = await authClient(base).post('/email-otp/send-verification-otp', { email, type: 'sign-in' });
  assert.equal(answer.status, 200, answer.text);
  assert.ok(Date.now() - started < 5000, `the request took ${Date.now() - started} ms`);
  return email;
}
const waiting = () => sql('SELECT * FROM neon_auth.argonauth_mail');
const codeOf = (text) => /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0];

beforeEach(async () => {
  await sql('DELETE FROM neon_auth.argonauth_mail');
  await configure('advanced', {});
});

describe('a mail', () => {
  it('has text and HTML, the application name, one code, and leaves nothing behind', async () => {
    const smtp = await startSmtp();
    await useSmtp(smtp);
    const email = await askForCode();
    const { parsed, recipients, envelope } = await smtp.only(email);
    assert.deepEqual(recipients, [email]);
    assert.equal(envelope.mailFrom.address, 'auth@shop.test');
    assert.deepEqual(parsed.from.value, [{ address: 'auth@shop.test', name: 'Shop' }]);
    const [{ name }] = await sql('SELECT name FROM neon_auth.project_config');
    for (const body of [parsed.text, parsed.html]) {
      assert.equal(body.match(/(?<![#\w])\d{6}(?!\w)/g).length, 1);
      assert.ok(body.includes(name));
      assert.match(body, /expires in \d+ minutes?/);
    }
    assert.equal(codeOf(parsed.text), codeOf(parsed.html.replace(/<style>.*<\/style>/s, '').replace(/#\w{6}/g, '')));
    assert.ok(!parsed.subject.includes(codeOf(parsed.text)));
    assert.equal(parsed.headers.get('auto-submitted'), 'auto-generated');
    const signedIn = await authClient(server.base_url).post('/sign-in/email-otp', { email, otp: codeOf(parsed.text) });
    assert.equal(signedIn.status, 200, signedIn.text);
    await eventually(async () => assert.deepEqual(await waiting(), []));
  });

  it('S168: cannot get a header or a recipient from a name', async () => {
    const smtp = await startSmtp();
    for (const name of ['A\r\nBcc: eve@evil.test', 'A\nSubject: x\n\nbody', '"><x@evil.test>', 'a, eve@evil.test', '=?utf-8?Q?=0D=0ABcc:_eve@evil.test?=', 'Ünï\r\n.\r\nQUIT', '\u2028Bcc: x', 'x'.repeat(2000)]) {
      await configure('name', name);
      await useSmtp(smtp, { senderName: name.slice(0, 256) });
      const email = await askForCode();
      const { parsed, recipients } = await smtp.only(email);
      assert.deepEqual(recipients, [email]);
      assert.equal(parsed.bcc, undefined);
      assert.equal(parsed.cc, undefined);
      assert.equal(parsed.to.value.length, 1);
      assert.deepEqual(parsed.from.value.map(({ address }) => address), ['auth@shop.test']);
      assert.ok(codeOf(parsed.text.replaceAll(name, '')));
    }
    await configure('name', 'Shop');
  });

  it('S171: shows markup in names as text', async () => {
    const smtp = await startSmtp();
    await configure('name', '<img src=x onerror=alert(1)>"\'&');
    await useSmtp(smtp);
    const { parsed } = await smtp.only(await askForCode());
    assert.ok(!parsed.html.includes('<img'));
    assert.ok(parsed.html.includes('&lt;img src=x'));
    await configure('name', 'Shop');
  });

  it("has the branch's own words, with escaped variables", async () => {
    const smtp = await startSmtp();
    await useSmtp(smtp);
    await configure('name', 'A & <b>');
    await configure('advanced', { mailTemplates: { signInCode: { subject: 'Dein Code für {{applicationName}}', text: 'Code: {{code}}', html: '<p>{{applicationName}}: {{code}}</p>' } } });
    const { parsed } = await smtp.only(await askForCode());
    assert.equal(parsed.subject, 'Dein Code für A & <b>');
    assert.match(parsed.text, /^Code: \d{6}\s*$/);
    assert.match(parsed.html, /^<p>A &amp; &lt;b&gt;: \d{6}<\/p>\s*$/);
    await configure('name', 'Shop');
  });

  it('is not sent twice when many are on their way', async () => {
    const smtp = await startSmtp({ onData: () => pause(20) });
    await useSmtp(smtp);
    const all = await Promise.all(Array.from({ length: 40 }, () => askForCode()));
    await eventually(() => assert.ok(smtp.mails.length >= all.length), { within: 15_000 });
    await pause(1000);
    assert.deepEqual(all.map((email) => smtp.to(email).length), all.map(() => 1));
    assert.deepEqual(await waiting(), []);
  });
});

describe('S173: encryption', () => {
  const users = { mailer: 'pässwörd:1' };
  const credentials = { username: 'mailer', password: users.mailer };

  for (const method of ['PLAIN', 'LOGIN']) {
    it(`STARTTLS, then AUTH ${method}`, async () => {
      const smtp = await startSmtp({ ...certificate, users, authMethods: [method] });
      await useSmtp(smtp, { host: 'localhost', security: 'starttls', ...credentials });
      await smtp.only(await askForCode());
      assert.deepEqual(smtp.logins, [{ method, ...credentials, secure: true }]);
    });
  }

  it('TLS from the first byte', async () => {
    const smtp = await startSmtp({ ...certificate, secure: true, users });
    await useSmtp(smtp, { host: 'localhost', security: 'tls', ...credentials });
    await smtp.only(await askForCode());
    assert.equal(smtp.logins[0].secure, true);
  });

  for (const [name, options, more] of [
    ['without STARTTLS nothing is sent, no password either', { users, allowInsecureAuth: true }, {}],
    ['a certificate of somebody else stops it', { ...makeCertificate(), users }, {}],
    ['a name that the certificate does not have stops it', { ...certificate, users }, { host: 'other.localhost' }],
    ['TLS is not talked into clear text', { users, allowInsecureAuth: true }, { security: 'tls' }],
  ]) {
    it(name, async () => {
      const smtp = await startSmtp(options);
      await useSmtp(smtp, { host: 'localhost', security: 'starttls', ...credentials, ...more });
      const email = await askForCode();
      await eventually(async () => assert.ok((await waiting())[0].last_error), { within: 10_000 });
      assert.deepEqual([smtp.logins, smtp.attempts, smtp.to(email).length], [[], 0, 0]);
    });
  }

  it('a wrong password is tried again, for somebody may mend it', async () => {
    const smtp = await startSmtp({ ...certificate, users });
    await useSmtp(smtp, { host: 'localhost', security: 'starttls', username: 'mailer', password: 'old' });
    const email = await askForCode();
    await eventually(async () => assert.match((await waiting())[0].last_error, /^535 /, "the server's own words"));
    await useSmtp(smtp, { host: 'localhost', security: 'starttls', ...credentials });
    await smtp.only(email);
  });
});

describe('a server that', () => {
  it('is down gets the mail when it is back, once', async () => {
    const port = await freePort();
    await useSmtp({ port });
    const email = await askForCode();
    await eventually(async () => assert.ok((await waiting())[0].last_error));
    const [row] = await waiting();
    assert.ok(!JSON.stringify(row).includes(email), 'the waiting mail is sealed');
    const smtp = await startSmtp({ port });
    await smtp.only(email);
    await pause(2000);
    assert.equal(smtp.to(email).length, 1);
    assert.deepEqual(await waiting(), []);
  });

  it('says 4xx is asked again', async () => {
    const smtp = await startSmtp({ onRcpt: (attempt) => { if (attempt < 3) throw refusal(451, 'greylisted'); } });
    await useSmtp(smtp);
    await smtp.only(await askForCode(), { within: 15_000 });
    assert.equal(smtp.attempts, 3);
  });

  it('says 5xx to a recipient is not asked again', async () => {
    const smtp = await startSmtp({ onRcpt: () => { throw refusal(550, 'no such user'); } });
    await useSmtp(smtp);
    await askForCode();
    await eventually(() => assert.equal(smtp.attempts, 1));
    await eventually(async () => assert.deepEqual(await waiting(), []));
    await pause(2500);
    assert.equal(smtp.attempts, 1);
  });

  it('refuses the message for now is asked again', async () => {
    const smtp = await startSmtp({ onData: (attempt) => { if (attempt === 1) throw refusal(452, 'full'); } });
    await useSmtp(smtp);
    await smtp.only(await askForCode());
    assert.equal(smtp.attempts, 2);
  });

  it('dies in the middle of a message gets it again, under the same Message-ID', async () => {
    const ids = [];
    const smtp = await startSmtp({
      onData: (attempt, session, instance) => {
        if (attempt > 1) return;
        for (const connection of instance.connections) connection._socket.destroy();
        throw new Error('gone');
      },
    });
    await useSmtp(smtp);
    const email = await askForCode();
    const [before] = await waiting();
    const { parsed } = await smtp.only(email);
    ids.push(parsed.messageId);
    assert.equal(smtp.attempts, 2);
    if (before) assert.ok(parsed.messageId.includes(before.id));
  });

  it('hangs holds up neither requests nor another branch', async () => {
    const { createServer } = await import('node:net');
    const silent = createServer(() => {});
    await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await useSmtp({ port: silent.address().port });
    for (let i = 0; i < 20; i += 1) await askForCode();

    const api = (method, path, body) => request(`${server.management_url}${path}`, { method, body, headers: { authorization: `Bearer ${server.api_key}` } });
    const created = await api('POST', '/projects', { project: { name: 'other' } });
    assert.equal(created.status, 201, created.text);
    const { project, branch } = created.body;
    const enabled = await api('POST', `/projects/${project.id}/branches/${branch.id}/auth`, { auth_provider: 'better_auth' });
    assert.equal(enabled.status, 201, enabled.text);
    const email = await askForCode(freshEmail(), enabled.body.base_url);
    const mail = await request(`${server.mailbox_url}/api/messages/wait?to=${email}&timeout=5000`);
    assert.equal(mail.status, 200, mail.text);
    assert.equal(mail.body.branch_id, branch.id);
    silent.close();
  });
});

describe('addresses', () => {
  it("a branch's mail server may not be inside the operator's network", async () => {
    for (const host of ['10.0.0.1', '169.254.169.254', '192.168.1.1', '[fd00::1]', '0.0.0.0', '100.64.0.1']) {
      await sql('DELETE FROM neon_auth.argonauth_mail');
      await useSmtp({ port: 25 }, { host });
      await askForCode();
      await eventually(async () => assert.match((await waiting())[0].last_error, /not allowed/, host));
    }
  });
});
