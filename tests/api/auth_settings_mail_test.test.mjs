// The test mail of a branch's mail server: a real conversation, and the server's own words when it says no.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { useDatabase } from '../support/db.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const api = managementClient(server);
const sql = useDatabase(server);

const mails = [];
const smtp = new SMTPServer({
  disabledCommands: ['STARTTLS'],
  allowInsecureAuth: true,
  logger: false,
  onAuth: ({ username, password }, _session, done) =>
    username === 'mailer' && password === 'v1:right' ? done(null, { user: username }) : done(Object.assign(new Error('Wrong mailbox key'), { responseCode: 535 })),
  onRcptTo: ({ address }, _session, done) => (address.startsWith('nobody') ? done(Object.assign(new Error('No such mailbox here'), { responseCode: 550 })) : done()),
  onData: (stream, _session, done) => simpleParser(stream).then((mail) => mails.push(mail) && done(), done),
});
smtp.on('error', () => {});
before(() => new Promise((resolve) => smtp.listen(0, '127.0.0.1', resolve)));
after(() => new Promise((resolve) => smtp.close(resolve)));
beforeEach(async () => {
  mails.length = 0;
  await sql(`UPDATE neon_auth.project_config SET name = 'Bakery', email_provider = '{"type":"shared"}'`);
});

const config = () => ({ host: '127.0.0.1', port: smtp.server.address().port, username: 'mailer', password: 'v1:right', sender_email: 'auth@example.com', sender_name: 'The Bakery' });
const store = async (change = {}) => assert.equal((await api.updateNeonAuthEmailProvider(server, { body: { type: 'standard', ...config(), ...change } })).status, 200);
const testStored = (body = { recipient_email: 'ada@example.com' }) => api.sendNeonAuthEmailProviderTest(server, { body });
const testGiven = (change = {}) => api.sendNeonAuthTestEmail(server, { body: { ...config(), recipient_email: 'ada@example.com', ...change } });

/** A port on which nobody listens. */
async function freePort() {
  const probe = net.createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe('through the stored server', () => {
  it('arrives, from the stored sender', async () => {
    await store();
    const answer = await testStored();
    assert.deepEqual([answer.status, answer.body], [200, { success: true }], answer.text);
    assert.equal(mails.length, 1);
    assert.deepEqual(mails[0].from.value, [{ address: 'auth@example.com', name: 'The Bakery' }]);
    assert.equal(mails[0].to.text, 'ada@example.com');
    assert.match(mails[0].subject + mails[0].text, /Bakery/);
  });

  it('fails with the words of the server', async () => {
    await store();
    const refused = await testStored({ recipient_email: 'nobody@example.com' });
    assert.equal(refused.status, 200);
    assert.equal(refused.body.success, false);
    assert.match(refused.body.error_message, /550.*No such mailbox here/s);
    await store({ password: 'wrong' });
    const unknown = await testStored();
    assert.equal(unknown.body.success, false);
    assert.match(unknown.body.error_message, /535|Wrong mailbox key|login|auth/i);
    assert.ok(!unknown.text.includes('wrong"') && !server.process.stderr.includes('v1:right'));
    await store({ port: await freePort() });
    const nobody = await testStored();
    assert.equal(nobody.body.success, false);
    assert.ok(nobody.body.error_message.length > 0);
    assert.deepEqual(mails, []);
  });

  it('is refused where the branch has none of its own', async () => {
    assertRefusal(await testStored(), 422, /standard/);
    await sql('UPDATE neon_auth.project_config SET email_provider = NULL');
    assertRefusal(await testStored(), 422, /standard/);
  });

  it('takes an address and nothing else', async () => {
    await store();
    for (const recipient_email of [undefined, null, '', 'x', 5, 'a@example.com, b@example.com', 'a@example.com\r\nRCPT TO:<b@example.com>']) assertRefusal(await testStored({ recipient_email }), 400, /recipient_email/);
    assertRefusal(await testStored({ recipient_email: 'a@example.com', subject: 'x' }), 400, /subject/);
    assert.deepEqual(mails, []);
  });

  it('S175: never reaches into the network of the operator', async () => {
    for (const host of ['10.0.0.1', '192.168.0.1', '169.254.169.254', '[fd00::1]']) {
      await store({ host });
      const { body } = await testStored();
      assert.equal(body.success, false, host);
    }
  });
});

describe('through a server that is only tried', () => {
  it('arrives, and nothing is stored', async () => {
    const answer = await testGiven();
    assert.deepEqual([answer.status, answer.body], [200, { success: true }], answer.text);
    assert.equal(mails.length, 1);
    assert.deepEqual((await api.getNeonAuthEmailProvider(server)).body, { type: 'shared' });
    assert.equal((await testGiven({ type: 'standard' })).body.success, true);
  });

  it('fails with the words of the server', async () => {
    assert.match((await testGiven({ recipient_email: 'nobody@example.com' })).body.error_message, /No such mailbox here/);
    assert.equal((await testGiven({ password: 'v1:wrong' })).body.success, false);
    assert.equal((await testGiven({ port: await freePort() })).body.success, false);
  });

  it('a masked password means the stored one, for the stored server only', async () => {
    const masked = { password: '********' };
    assertRefusal(await testGiven(masked), 400, /password/);
    await store();
    assert.equal((await testGiven(masked)).body.success, true);
    assertRefusal(await testGiven({ ...masked, host: 'localhost' }), 400, /password/);
    assertRefusal(await testGiven({ ...masked, port: await freePort() }), 400, /password/);
  });

  it('names the field that is wrong', async () => {
    for (const name of [...Object.keys(config()), 'recipient_email']) {
      assertRefusal(await testGiven({ [name]: undefined }), 400, new RegExp(`\\b${name}\\b`));
      assertRefusal(await testGiven({ [name]: null }), 400, new RegExp(`\\b${name}\\b`));
      assertRefusal(await testGiven({ [name]: name === 'port' ? 0 : 'a\r\nb' }), 400, new RegExp(`\\b${name}\\b`));
    }
    assertRefusal(await testGiven({ type: 'shared' }), 400, /type/);
    assert.deepEqual(mails, []);
  });
});

it('needs auth on the branch, and a key', async () => {
  const { body } = await api.createProject({}, { body: { project: {} } });
  const plain = { project_id: body.project.id, branch_id: body.branch.id };
  assertRefusal(await api.sendNeonAuthEmailProviderTest(plain, { body: { recipient_email: 'a@example.com' } }), 404, /not enabled/);
  assertRefusal(await api.sendNeonAuthTestEmail(plain, { body: { ...config(), recipient_email: 'a@example.com' } }), 404, /not enabled/);
  assertRefusal(await api.sendNeonAuthTestEmail(server, { body: config(), key: 'wrong' }), 401);
});
