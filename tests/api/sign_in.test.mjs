// POST /sign-in/email: a password for a session, and nothing told to anybody who does not know it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { Jar, authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);
const attempt = (body, options) => auth().post('/sign-in/email', body, options);

describe('the right password', () => {
  it('opens a new session each time', async () => {
    const user = await signUp(server.base_url);
    const first = await signIn(server.base_url, user);
    const second = await signIn(server.base_url, user);
    assert.equal(new Set([user.token, first.token, second.token]).size, 3);
    assert.equal(first.answer.body.redirect, false);
    assert.equal(first.answer.body.user.id, user.id);
    for (const jar of [user.jar, first.jar, second.jar]) assert.equal(await whoIs(server.base_url, jar), user.id);
  });

  it('works with the address in any letter case', async () => {
    const user = await signUp(server.base_url);
    await signIn(server.base_url, { ...user, email: user.email.toUpperCase() });
  });

  it('with a callbackURL says where to go, in the body and in Location', async () => {
    const user = await signUp(server.base_url);
    const answer = await attempt({ email: user.email, password, callbackURL: '/dashboard?tab=1' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.redirect, true);
    assert.equal(answer.body.url, '/dashboard?tab=1');
    assert.equal(answer.headers.location, '/dashboard?tab=1');
  });

  it('with rememberMe false leaves cookies for the browser session only', async () => {
    const user = await signUp(server.base_url);
    const { answer } = await signIn(server.base_url, user, { rememberMe: false });
    const names = answer.cookies.map((cookie) => cookie.name.split('.').at(-1)).sort();
    assert.deepEqual(names, ['dont_remember', 'session_token']);
    assert.ok(answer.cookies.every((cookie) => !('max-age' in cookie.attributes)));
  });

  it('S034: over somebody else\'s cookie never continues that session', async () => {
    const [victim, attacker] = [await signUp(server.base_url), await signUp(server.base_url)];
    const jar = victim.jar.copy();
    const answer = await attempt({ email: attacker.email, password }, { jar });
    assert.equal(answer.status, 200, answer.text);
    assert.notEqual(answer.body.token, victim.token);
    assert.equal(await whoIs(server.base_url, jar), attacker.id);
    assert.equal(await whoIs(server.base_url, victim.jar), victim.id);
  });

  it('records where the session comes from', async () => {
    const user = await signUp(server.base_url);
    const { token } = await signIn(server.base_url, user);
    const [row] = await sql('SELECT "ipAddress", "userAgent", "impersonatedBy", "activeOrganizationId" FROM neon_auth.session WHERE token = $1', [token]);
    assert.match(row.ipAddress, /^(127\.0\.0\.1|0000:0000:.*|::1)?$/);
    assert.equal(row.impersonatedBy, null);
    assert.equal(row.activeOrganizationId, null);
  });
});

describe('refused', () => {
  const refused = (answer, status, code) => {
    assert.equal(answer.status, status, answer.text);
    assert.equal(answer.body.code, code);
    assert.deepEqual(answer.cookies, []);
    assert.equal(answer.headers['set-auth-token'], undefined);
  };

  it('S049: a wrong password and an unknown address, in the same words', async () => {
    const user = await signUp(server.base_url);
    const wrong = await attempt({ email: user.email, password: 'wrong-password' });
    const unknown = await attempt({ email: freshEmail(), password });
    refused(wrong, 401, 'INVALID_EMAIL_OR_PASSWORD');
    refused(unknown, 401, 'INVALID_EMAIL_OR_PASSWORD');
    assert.equal(wrong.text, unknown.text);
  });

  it('S061: passwords that are nearly right', async () => {
    const long = `${'x'.repeat(109)}Y`;
    const user = await signUp(server.base_url, { secret: long });
    for (const near of [`${'x'.repeat(109)}y`, long.slice(0, 72), `${long} `, ` ${long}`, long.toLowerCase(), `${long.slice(0, 50)}\u0000${long.slice(50)}`]) {
      const answer = await attempt({ email: user.email, password: near });
      assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status} for ${JSON.stringify(near)}`);
    }
    await signIn(server.base_url, user);
  });

  it('what is no address', async () => {
    refused(await attempt({ email: 'bob', password }), 400, 'INVALID_EMAIL');
    refused(await attempt({ email: '', password }), 400, 'INVALID_EMAIL');
  });

  it('missing and mistyped fields', async () => {
    const missing = await attempt({});
    refused(missing, 400, 'VALIDATION_ERROR');
    assert.equal(missing.body.message, '[body.email] Invalid input: expected string, received undefined; [body.password] Invalid input: expected string, received undefined');
    refused(await attempt({ email: freshEmail(), password, rememberMe: 'no' }), 400, 'VALIDATION_ERROR');
  });

  it('callback URLs off the trusted origins, even with the right password', async () => {
    const user = await signUp(server.base_url);
    for (const callbackURL of ['https://evil.example.net/', '//evil.example.net', '/%2fevil.example.net', 'https://localhost.evil.example.net/']) {
      refused(await attempt({ email: user.email, password, callbackURL }), 403, 'INVALID_CALLBACK_URL');
    }
  });

  it('S064: accounts whose stored hash is damaged, without a fault', async () => {
    const user = await signUp(server.base_url);
    for (const stored of ['', 'no-colon', ':', 'zz:zz', `${'a'.repeat(32)}:${'a'.repeat(127)}`, `${'a'.repeat(32)}:`, `$2b$10$${'a'.repeat(53)}`, null]) {
      await sql('UPDATE neon_auth.account SET password = $2 WHERE "userId" = $1', [user.id, stored]);
      const answer = await attempt({ email: user.email, password });
      assert.equal(answer.status, 401, `${answer.status} for the stored hash ${JSON.stringify(stored)}: ${answer.text}`);
    }
  });

  it('a user whose rows were removed', async () => {
    const user = await signUp(server.base_url);
    await sql('DELETE FROM neon_auth."user" WHERE id = $1', [user.id]);
    refused(await attempt({ email: user.email, password }), 401, 'INVALID_EMAIL_OR_PASSWORD');
    assert.equal(await whoIs(server.base_url, user.jar), null);
  });
});

it('S063: a password put there by another Better Auth works here', async () => {
  const user = await signUp(server.base_url);
  // scrypt of "correct-horse-battery", N=16384 r=16 p=1, over the salt's hexadecimal text.
  const { scryptSync, randomBytes } = await import('node:crypto');
  const salt = randomBytes(16).toString('hex');
  const key = scryptSync('correct-horse-battery', salt, 64, { N: 16384, r: 16, p: 1, maxmem: 1 << 26 }).toString('hex');
  await sql('UPDATE neon_auth.account SET password = $2 WHERE "userId" = $1', [user.id, `${salt}:${key}`]);
  await signIn(server.base_url, { email: user.email, password: 'correct-horse-battery' });
  const jar = new Jar();
  assert.equal((await attempt({ email: user.email, password }, { jar })).status, 401);
});
