// POST /sign-up/email: who gets an account, what is stored for it, and who is refused with which words.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { Jar, authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);
const attempt = (fields, options) => auth().post('/sign-up/email', { email: freshEmail(), password, name: 'A', ...fields }, options);

const refused = (answer, status, code, message) => {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body.code, code);
  if (message !== undefined) assert.equal(answer.body.message, message);
  assert.deepEqual(answer.cookies, []);
};

describe('a new user', () => {
  it('is signed in at once', async () => {
    const email = freshEmail('Alice');
    const jar = new Jar();
    const answer = await auth().post('/sign-up/email', { email, password, name: 'Alice' }, { jar });
    assert.equal(answer.status, 200, answer.text);
    const { token, user } = answer.body;
    assert.match(token, /^[A-Za-z0-9]{32}$/);
    assert.match(user.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(user.email, email.toLowerCase());
    assert.equal(user.emailVerified, false);
    assert.equal(user.image, null);
    assert.equal(user.role, 'user');
    assert.match(user.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(await whoIs(server.base_url, jar), user.id);
  });

  it('is in neon_auth."user", with a credential account and a session', async () => {
    const user = await signUp(server.base_url, { name: 'Row' });
    const [row] = await sql('SELECT name, email, "emailVerified", role FROM neon_auth."user" WHERE id = $1', [user.id]);
    assert.deepEqual(row, { name: 'Row', email: user.email, emailVerified: false, role: 'user' });
    const [account] = await sql('SELECT "providerId", "accountId" FROM neon_auth.account WHERE "userId" = $1', [user.id]);
    assert.deepEqual(account, { providerId: 'credential', accountId: user.id });
    const sessions = await sql('SELECT token FROM neon_auth.session WHERE "userId" = $1', [user.id]);
    assert.deepEqual(sessions, [{ token: user.token }]);
  });

  it('has the password stored as Better Auth stores it', async () => {
    const user = await signUp(server.base_url);
    const [{ password: stored }] = await sql('SELECT password FROM neon_auth.account WHERE "userId" = $1', [user.id]);
    assert.match(stored, /^[0-9a-f]{32}:[0-9a-f]{128}$/);
    const [salt, key] = stored.split(':');
    const expected = crypto.scryptSync(password, salt, 64, { N: 16384, r: 16, p: 1, maxmem: 1 << 26 });
    assert.equal(key, expected.toString('hex'));
  });

  it('may send an image, a name in any script, and an empty name', async () => {
    const withImage = await attempt({ image: 'https://img.example.com/a.png', name: 'Žofie 李 🦊' });
    assert.equal(withImage.status, 200, withImage.text);
    assert.equal(withImage.body.user.image, 'https://img.example.com/a.png');
    assert.equal(withImage.body.user.name, 'Žofie 李 🦊');
    assert.equal((await attempt({ name: '' })).status, 200);
  });

  it('may come as a form', async () => {
    const raw = new URLSearchParams({ email: freshEmail(), password, name: 'Form' }).toString();
    const answer = await auth().post('/sign-up/email', null, { raw, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.user.name, 'Form');
  });

  it('who does not want to be remembered gets cookies without Max-Age and a session of one day', async () => {
    const answer = await attempt({ rememberMe: false });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.cookies.map((cookie) => 'max-age' in cookie.attributes), [false, false]);
    const [{ hours }] = await sql(`SELECT round(extract(epoch FROM "expiresAt" - now()) / 3600)::int AS hours FROM neon_auth.session WHERE token = $1`, [answer.body.token]);
    assert.equal(hours, 24);
  });
});

describe('an address that is taken', () => {
  it('is refused, in any letter case, and nothing changes', async () => {
    const user = await signUp(server.base_url);
    for (const email of [user.email, user.email.toUpperCase()]) {
      refused(await attempt({ email, password: 'another-password', name: 'Impostor' }), 422, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL', 'User already exists. Use another email.');
    }
    const rows = await sql('SELECT name FROM neon_auth."user" WHERE email = $1', [user.email]);
    assert.deepEqual(rows, [{ name: 'Test User' }]);
    await signIn(server.base_url, user);
  });
});

describe('S059: passwords', () => {
  for (const [label, secret, status, code] of [
    ['7 characters', 'seven77', 400, 'PASSWORD_TOO_SHORT'],
    ['8 characters', 'eight888', 200],
    ['8 spaces', '        ', 200],
    ['128 characters', 'x'.repeat(128), 200],
    ['129 characters', 'x'.repeat(129), 400, 'PASSWORD_TOO_LONG'],
    ['4 emoji, counted in UTF-16 units', '🦊🦊🦊🦊', 200],
    ['65 emoji are 130 units', '🦊'.repeat(65), 400, 'PASSWORD_TOO_LONG'],
    ['nothing', '', 400, 'VALIDATION_ERROR'],
  ]) {
    it(label, async () => {
      const answer = await attempt({ password: secret });
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.body.code, code);
    });
  }

  it('are the same in composed and decomposed spelling', async () => {
    const user = await signUp(server.base_url, { secret: 'Cafe\u0301-Cafe\u0301-1' });
    await signIn(server.base_url, { email: user.email, password: 'Caf\u00e9-Caf\u00e9-1' });
  });
});

describe('validation', () => {
  const email = 'someone@example.test';
  for (const [label, body, message] of [
    ['nothing at all', {}, '[body.name] Invalid input: expected string, received undefined; [body.email] Invalid input: expected string, received undefined; [body.password] Invalid input: expected string, received undefined'],
    ['no name', { email, password }, '[body.name] Invalid input: expected string, received undefined'],
    ['a number as address', { email: 5, password, name: 'X' }, '[body.email] Invalid input: expected string, received number'],
    ['null as password', { email, password: null, name: 'X' }, '[body.password] Invalid input: expected string, received null'],
    ['an object as name', { email, password, name: { first: 'X' } }, '[body.name] Invalid input: expected string, received object'],
    ['an array as body', [1, 2], '[body] Invalid input: expected object, received array; [body] Invalid input: expected record, received array'],
    ['text as body', 'hello', '[body] Invalid input: expected object, received string; [body] Invalid input: expected record, received string'],
  ]) {
    it(label, async () => refused(await auth().post('/sign-up/email', body), 400, 'VALIDATION_ERROR', message));
  }

  for (const address of ['plain', '@example.test', 'a@b', 'a b@example.test', 'a@exa mple.test', '.a@example.test', 'a.@example.test', 'a..b@example.test', 'a@example.c', 'ä@example.test', '"a"@example.test', 'a@-example.test', 'a@@example.test', 'a@example.test\n', ' a@example.test', '']) {
    it(`the address ${JSON.stringify(address)}`, async () => refused(await attempt({ email: address }), 400, 'VALIDATION_ERROR', '[body.email] Invalid email address'));
  }

  it('content types other than JSON and forms', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x']) {
      const answer = await auth().post('/sign-up/email', null, { raw: '{}', headers: { 'content-type': type } });
      refused(answer, 415, 'UNSUPPORTED_MEDIA_TYPE');
      assert.ok(answer.body.message.includes(`"${type}"`), answer.body.message);
    }
  });

  it('a body without a content type counts as none', async () => {
    const answer = await auth().post('/sign-up/email', null, { raw: JSON.stringify({ email: freshEmail(), password, name: 'X' }) });
    refused(answer, 400, 'VALIDATION_ERROR', '[body] Invalid input: expected object, received undefined; [body] Invalid input: expected record, received undefined');
  });

  it('callback URLs off the trusted origins', async () => {
    for (const callbackURL of ['https://evil.example.net/', '//evil.example.net', '/\\evil.example.net', 'javascript:alert(1)']) {
      refused(await attempt({ callbackURL }), 403, 'INVALID_CALLBACK_URL');
    }
  });
});
