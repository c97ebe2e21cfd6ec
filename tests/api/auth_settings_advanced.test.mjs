// What hosted Neon fixes and a branch here may choose: every field over the management API, and what it does to the very next request.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { extensionClient } from '../support/extension.mjs';
import { authClient, request } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { readOpenApi } from '../support/openapi.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const api = managementClient(server);
const call = await extensionClient(server);
const auth = authClient(server.base_url);
const get = async () => (await call('GET', '/advanced')).body;
const patch = (body, options) => call('PATCH', '/advanced', { body, ...options });
const stored = async () => (await sql('SELECT advanced FROM neon_auth.project_config'))[0].advanced;
const spoil = (advanced) => sql('UPDATE neon_auth.project_config SET advanced = $1', [JSON.stringify(advanced)]);
const secret = 'an-imported-secret-of-forty-characters-01';

const document = await readOpenApi(server);
const schema = document.paths['/projects/{project_id}/branches/{branch_id}/auth/advanced'].patch.requestBody.content['application/json'].schema;
/** Every field: its path and its schema. */
function* fieldsOf(node, path = []) {
  for (const [name, { anyOf: [inner] }] of Object.entries(node.properties)) {
    if (inner.properties) yield* fieldsOf(inner, [...path, name]);
    else yield { path: [...path, name], ...inner };
  }
}
const fields = [...fieldsOf(schema)].map((field) => ({ ...field, name: field.path.join('.') }));
const within = (path, value) => path.reduceRight((inner, name) => ({ [name]: inner }), value);
const at = (object, path) => path.reduce((inner, name) => inner?.[name], object);

beforeEach(async () => {
  const empty = Object.fromEntries(Object.keys(schema.properties).map((name) => [name, null]));
  await spoil({});
  assert.equal((await patch(empty)).status, 200);
});

describe('every field', () => {
  /** A value that is not the default, and values that are refused. */
  function examples({ name, type, enum: options, minimum, maximum, default: standard }) {
    if (name === 'secret') return { good: secret, bad: ['short', 'x'.repeat(1025), 5, [], {}] };
    if (name === 'cookies.prefix') return { good: 'shop', bad: ['', 'a b', 'a;b', 'a=b', 'a\r\nX: 1', 'ü', 'x'.repeat(65), 7] };
    if (name === 'phone.temporaryEmailDomain') return { good: 'mobile.example.com', bad: ['', 'a b', 'a@b', '.x', 'x.', '-x', 'x-', 'a..b', 'x\r\ny', 'x'.repeat(201), true] };
    if (name === 'organization.acceptInvitationUrl') return { good: 'https://app.example.com/join', bad: ['', 'x'.repeat(2049), 7, {}] };
    if (name.startsWith('mailTemplates.')) return { good: name.endsWith('subject') ? 'Hello {{applicationName}}' : '{{code}} {{url}}', bad: [7, {}, '{{nope}} {{code}} {{url}}', name.endsWith('subject') ? 'two\nlines' : 'no way to sign in'] };
    if (name === 'organization.acceptInvitationUrl') return { good: 'https://app.example/join?from=mail', bad: ['', 'join', '//evil.example', '/\\evil.example', 'javascript:alert(1)', 'ftp://app.example', 7] };
    if (options) return { good: options.find((option) => option !== standard), bad: ['nonsense', '', 3, true] };
    if (type === 'boolean') return { good: !standard, bad: ['true', 0, 1, [], {}] };
    if (type === 'integer') return { good: Math.min(minimum + 9, maximum), bad: [minimum - 1, maximum + 1, 1.5, `${minimum}`, true, 1e300] };
    if (type === 'array') return { good: ['google'], bad: ['google', [7], {}] };
    throw new Error(`no example for ${name}`);
  }
  const before = get();

  for (const field of fields) {
    it(`${field.name} is changed, counts, and goes back to its default`, async () => {
      const first = at(await before, field.path);
      assert.deepEqual(first, field.default ?? (field.type === 'array' ? [] : undefined));
      const { good, bad } = examples(field);
      const changed = await patch(within(field.path, good));
      assert.equal(changed.status, 200, changed.text);
      const shown = field.name === 'secret' ? '********' : good;
      assert.deepEqual(at(changed.body, field.path), shown);
      assert.deepEqual(at(await get(), field.path), shown);
      for (const value of bad) {
        const refused = await patch(within(field.path, value));
        assertRefusal(refused, 400);
        assert.ok(refused.body.message.includes(`body.${field.name}`), refused.body.message);
      }
      assert.deepEqual(at(await get(), field.path), shown);
      assert.equal((await auth.get('/ok')).status, 200);
      const reset = await patch(within(field.path, null));
      assert.deepEqual(reset.body, await before);
      assert.equal(at(await stored(), field.path), undefined);
    });
  }

  it('is in the table of the documentation, with its default and range', () => {
    const rows = fs.readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8').split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').map((cell) => cell.trim()));
    for (const { name, default: standard, minimum, maximum, enum: options } of fields) {
      const row = rows.find(([, cell]) => cell === `\`${name.replace(/^mailTemplates\.\w+/, 'mailTemplates.<mail>')}\``);
      assert.ok(row, `${name} is not documented`);
      const [, , unit, fallback, allowed] = row;
      if (standard !== undefined) assert.equal(fallback, `\`${standard}\``, name);
      if (minimum !== undefined) assert.ok(allowed.startsWith(`${minimum} to ${maximum}`), `${name}: ${allowed}`);
      if (/[eE]xpiresIn$|(update|fresh|Max)Age$/.test(name)) assert.equal(unit, 'seconds', name);
      for (const option of options ?? []) if (!name.endsWith('jwksPath')) assert.ok(allowed.includes(`\`${option}\``), name);
    }
  });
});

describe('a patch', () => {
  it('changes what it names and nothing else, members that nobody knows included', async () => {
    await spoil({ future: { a: 1 }, emailOtp: { otpLength: 8, future: true } });
    const answer = await patch({ emailOtp: { expiresIn: 60 }, session: { freshAge: 0 } });
    assert.deepEqual([answer.body.emailOtp.otpLength, answer.body.emailOtp.expiresIn, answer.body.session.freshAge], [8, 60, 0]);
    assert.deepEqual(await stored(), { future: { a: 1 }, emailOtp: { otpLength: 8, future: true, expiresIn: 60 }, session: { freshAge: 0 } });
    await patch({ emailOtp: null });
    assert.deepEqual(await stored(), { future: { a: 1 }, session: { freshAge: 0 } });
  });

  it('is refused as a whole, every bad field named', async () => {
    const refused = await patch({ emailOtp: { otpLength: 3, expiresIn: 600, nonsense: 1 }, jwt: { expiresIn: 'x' }, cookies: [], unknown: null });
    assertRefusal(refused, 400);
    for (const name of ['body.emailOtp.otpLength', 'body.emailOtp.nonsense', 'body.jwt.expiresIn', 'body.cookies', 'body.unknown']) assert.ok(refused.body.message.includes(name), refused.body.message);
    assert.deepEqual(await stored(), {});
    for (const raw of ['', '[]', '7', 'null', '{"jwt":', '"x"']) {
      const answer = await call('PATCH', '/advanced', { raw });
      if (raw === '') assert.equal(answer.status, 200);
      else assertRefusal(answer, 400);
    }
  });

  it('is judged together with what is stored', async () => {
    assertRefusal(await patch({ password: { minLength: 100, maxLength: 50 } }), 400, /password\.minLength.*password\.maxLength/);
    assert.equal((await patch({ password: { minLength: 100 } })).status, 200);
    assertRefusal(await patch({ password: { maxLength: 50 } }), 400, /password\.minLength/);
    assertRefusal(await patch({ password: { maxLength: 50, minLength: 51 } }), 400);
    assert.equal((await patch({ password: { maxLength: 50, minLength: null } })).status, 200);
  });

  it('names what SQL spoilt, and mends it', async () => {
    await spoil({ jwt: { expiresIn: 'long' } });
    assertRefusal(await call('GET', '/advanced'), 422, /advanced\.jwt\.expiresIn/);
    assertRefusal(await patch({ session: { freshAge: 1 } }), 422, /advanced\.jwt\.expiresIn/);
    assert.equal((await patch({ jwt: { expiresIn: 60 } })).status, 200);
    await spoil([]);
    assertRefusal(await call('GET', '/advanced'), 422, /advanced/);
    assert.equal((await patch({ jwt: { expiresIn: 60 } })).body.jwt.expiresIn, 60);
  });

  it('of twenty at once none is lost', async () => {
    const numbers = fields.filter(({ type }) => type === 'integer').slice(0, 10);
    const booleans = fields.filter(({ type }) => type === 'boolean').slice(0, 10);
    const changes = [...numbers.map((field) => [field.path, field.minimum + 9]), ...booleans.map((field) => [field.path, !field.default])];
    const answers = await Promise.all(changes.map(([path, value]) => patch(within(path, value))));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const now = await get();
    for (const [path, value] of changes) assert.equal(at(now, path), value, path.join('.'));
  });
});

describe('the very next request', () => {
  it('has codes of the new length, passwords by the new rule, cookies of the new name', async () => {
    for (const length of [8, 5, 12]) {
      await patch({ emailOtp: { otpLength: length } });
      const email = freshEmail();
      await auth.post('/email-otp/send-verification-otp', { email, type: 'sign-in' });
      const mail = await request(`${new URL(server.management_url).origin}/mailbox/api/messages/wait?to=${encodeURIComponent(email)}`);
      assert.equal(mail.body.code.length, length);
    }
    for (const minLength of [20, 8, 30]) {
      await patch({ password: { minLength } });
      const refused = await auth.post('/sign-up/email', { email: freshEmail(), password: 'x'.repeat(minLength - 1), name: 'X' });
      assert.equal(refused.body.code, 'PASSWORD_TOO_SHORT');
    }
    for (const prefix of ['shop', 'bakery', "!#$%&'*+-.^_`|~"]) {
      await patch({ cookies: { prefix }, password: null });
      const user = await signUp(server.base_url);
      assert.deepEqual(user.jar.names, [`__Secure-${prefix}.session_token`]);
    }
  });
});

describe('an imported secret', () => {
  it('signs cookies, is sealed in the row and shown to nobody', async () => {
    const old = await signUp(server.base_url);
    const answer = await patch({ secret });
    assert.deepEqual([answer.status, answer.body.secret], [200, '********']);
    const row = JSON.stringify(await stored());
    assert.ok(!row.includes(secret) && row.includes('v1:'), row);
    assert.equal(await whoIs(server.base_url, old.jar), null);
    const user = await signUp(server.base_url);
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    // The same secret in clear, as SQL would set it, takes the same cookies.
    await spoil({ secret });
    await eventually(async () => assert.equal(await whoIs(server.base_url, user.jar), user.id));
    assert.equal((await get()).secret, '********');
    assert.ok(!server.process.stderr.includes(secret));
  });

  it('stays when its mask is sent back, and refuses the mask of nothing', async () => {
    assertRefusal(await patch({ secret: '********' }), 400, /body\.secret/);
    await patch({ secret });
    const user = await signUp(server.base_url);
    assert.equal((await patch({ ...(await get()), session: { freshAge: 5 } })).status, 200);
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    await patch({ secret: null });
    assert.equal(await whoIs(server.base_url, user.jar), null);
    assert.equal((await get()).secret, undefined);
  });

  it('that was sealed elsewhere closes the branch, and a new one opens it', async () => {
    await spoil({ secret: 'v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' });
    await eventually(async () => assert.equal((await auth.get('/get-session')).status, 503));
    assert.equal((await patch({ secret })).status, 200);
    assert.equal((await auth.get('/get-session')).status, 200);
  });
});

describe('a mail', () => {
  const preview = (body) => call('POST', '/mail_templates/preview', { body });
  const mails = fields.filter(({ name }) => /^mailTemplates\.\w+\.html$/.test(name)).map(({ path }) => path[1]);

  it('of each kind has a preview', async () => {
    assert.equal(mails.length, 10);
    for (const mail of mails) {
      const { status, body } = await preview({ mail });
      assert.equal(status, 200);
      assert.ok(body.subject && /123456|https:\/\/app\.example\.com/.test(body.text) && body.html.startsWith('<!doctype html>'), mail);
    }
  });

  it('is previewed with words that are tried, then with those stored, and sent with them', async () => {
    const words = { subject: 'Code for {{applicationName}}', text: 'It is\n\n{{code}}\n', html: '<p title="{{email}}">{{ code }} {{expiresIn}}</p>' };
    const tried = await preview({ mail: 'signInCode', template: words });
    assert.equal(tried.body.html, '<p title="ada@example.com">123456 10 minutes</p>');
    assert.notEqual((await preview({ mail: 'signInCode' })).body.html, tried.body.html);
    await patch({ mailTemplates: { signInCode: words } });
    assert.deepEqual((await preview({ mail: 'signInCode' })).body, tried.body);
    const email = freshEmail();
    await auth.post('/email-otp/send-verification-otp', { email, type: 'sign-in' });
    const mail = await request(`${new URL(server.management_url).origin}/mailbox/api/messages/wait?to=${encodeURIComponent(email)}`);
    assert.equal(mail.body.text, `It is\n\n${mail.body.code}\n`);
  });

  it('is refused without a way to sign in, with misspelt variables, or two lines of subject', async () => {
    for (const [mail, template, hint] of [['signInCode', { text: 'Hello' }, /body\.template\.signInCode\.text.*\{\{code\}\}/], ['magicLink', { html: '<p>{{code}}</p>' }, /html.*\{\{url\}\}/],
      ['signInCode', { subject: 'a\r\nBcc: x@example.com' }, /subject.*one line/], ['resetLink', { html: '{{url}} {{emial}}' }, /Unknown variable emial/], ['nope', {}, /body\.mail/],
      ['signInCode', { body: 'x' }, /body\.template\.body/]]) {
      assertRefusal(await preview({ mail, template }), 400, hint);
    }
  });
});

it('a key for reading reads; without auth there is nothing', async () => {
  const { key } = (await api.createApiKey({}, { body: { key_name: 'reader', read_only: true } })).body;
  assert.equal((await call('GET', '/advanced', { key })).status, 200);
  assertRefusal(await patch({}, { key }), 403);
  assert.equal((await call('GET', '/advanced', { key: null })).status, 401);
  const { project, branch } = (await api.createProject({}, { body: { project: { name: 'plain' } } })).body;
  for (const method of ['GET', 'PATCH']) assertRefusal(await call(method, '/advanced', { project: project.id, branch: branch.id, ...(method === 'PATCH' ? { body: {} } : {}) }), 404);
});

it('a password of the tests is in no log', () => assert.ok(!server.process.stderr.includes(password)));
