// Sessions: reading, prolonging, listing, revoking, ending them.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);

const daysLeft = async (token) => {
  const [row] = await sql('SELECT extract(epoch FROM "expiresAt" - now()) / 86400 AS days FROM neon_auth.session WHERE token = $1', [token]);
  return row ? Number(row.days) : null;
};
const expireIn = (token, interval) => sql('UPDATE neon_auth.session SET "expiresAt" = now() + $2::interval WHERE token = $1', [token, interval]);
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 0.01, `${actual} is not about ${expected}`);

describe('get-session', () => {
  it('is null for nobody', async () => {
    const answer = await auth().get('/get-session');
    assert.equal(answer.status, 200);
    assert.equal(answer.text, 'null');
    assert.deepEqual(answer.cookies, []);
  });

  it('shows the session and the user, and brings a JWT', async () => {
    const user = await signUp(server.base_url);
    const answer = await auth().get('/get-session', { jar: user.jar });
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.keys(answer.body.session).sort(), ['activeOrganizationId', 'createdAt', 'expiresAt', 'id', 'impersonatedBy', 'ipAddress', 'token', 'updatedAt', 'userAgent', 'userId']);
    assert.equal(answer.body.session.token, user.token);
    assert.equal(answer.body.session.userId, user.id);
    assert.deepEqual(answer.body.user, user.user);
    assert.match(answer.headers['set-auth-jwt'], /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.ok(answer.headers['access-control-expose-headers'].includes('set-auth-jwt'));
    assert.deepEqual(answer.cookies, []);
    assert.match(answer.headers['cache-control'] ?? '', /no-store|private/);
  });

  it('is for GET only', async () => {
    const user = await signUp(server.base_url);
    const answer = await auth().post('/get-session', {}, { jar: user.jar });
    assert.equal(answer.status, 405);
    assert.equal(answer.body.code, 'METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED');
  });

  it('accepts the token as a bearer', async () => {
    const user = await signUp(server.base_url);
    for (const authorization of [`Bearer ${user.token}`, `bearer ${user.token}`, `Bearer ${decodeURIComponent(user.jar.get('session_token'))}`]) {
      const answer = await auth().get('/get-session', { headers: { authorization } });
      assert.equal(answer.body?.user.id, user.id, authorization);
    }
  });

  it('S047: is nobody for any other Authorization header', async () => {
    const user = await signUp(server.base_url);
    for (const authorization of ['', 'Bearer', 'Bearer ', `Basic ${user.token}`, user.token, `Bearer ${user.token}x`, `Bearer ${user.token.slice(1)}`, `Bearer ${user.token.toLowerCase()}`, 'Bearer null', 'Bearer undefined', `Token ${user.token}`, 'Bearer %00', 'Bearer %%%', `Bearer ${'a'.repeat(5000)}`, "Bearer ' OR 1=1 --", `Bearer ${user.token}.${'A'.repeat(43)}=`]) {
      const answer = await auth().get('/get-session', { headers: { authorization } });
      assert.equal(answer.status, 200, `${authorization}: ${answer.status}`);
      assert.equal(answer.text, 'null', authorization);
    }
  });
});

describe('expiry', () => {
  it('S044: a session nobody used for a day is prolonged to seven, once, with a new cookie', async () => {
    const user = await signUp(server.base_url);
    near(await daysLeft(user.token), 7);
    await expireIn(user.token, '5 days');
    const first = await auth().get('/get-session', { jar: user.jar });
    assert.equal(first.cookies.length, 1);
    assert.equal(first.cookies[0].attributes['max-age'], '604800');
    near(await daysLeft(user.token), 7);
    near((Date.parse(first.body.session.expiresAt) - Date.now()) / 86_400_000, 7);
    const second = await auth().get('/get-session', { jar: user.jar });
    assert.deepEqual(second.cookies, []);
  });

  it('a younger one is left alone', async () => {
    const user = await signUp(server.base_url);
    await expireIn(user.token, '6 days 1 hour');
    assert.deepEqual((await auth().get('/get-session', { jar: user.jar })).cookies, []);
    near(await daysLeft(user.token), 6 + 1 / 24);
  });

  it('disableRefresh leaves an old one alone, too', async () => {
    const user = await signUp(server.base_url);
    await expireIn(user.token, '5 days');
    const answer = await auth().get('/get-session', { jar: user.jar, query: { disableRefresh: 'true' } });
    assert.equal(answer.body.user.id, user.id);
    assert.deepEqual(answer.cookies, []);
    near(await daysLeft(user.token), 5);
  });

  it('a session that is not to be remembered is never prolonged', async () => {
    const user = await signUp(server.base_url);
    const brief = await signIn(server.base_url, user, { rememberMe: false });
    near(await daysLeft(brief.token), 1);
    await expireIn(brief.token, '1 hour');
    assert.equal(await whoIs(server.base_url, brief.jar), user.id);
    near(await daysLeft(brief.token), 1 / 24);
  });

  it('S044: an expired one is nobody, clears its cookies and leaves no row', async () => {
    const user = await signUp(server.base_url);
    await expireIn(user.token, '-1 second');
    const answer = await auth().get('/get-session', { jar: user.jar.copy() });
    assert.equal(answer.text, 'null');
    assert.deepEqual(answer.cookies.map((cookie) => cookie.attributes['max-age']), ['0', '0', '0']);
    assert.equal(answer.headers['set-auth-jwt'], undefined, 'a JWT for a session that is over');
    assert.equal(await daysLeft(user.token), null);
    assert.equal((await auth().get('/token', { jar: user.jar })).status, 401);
  });
});

describe('list and revoke', () => {
  it('S039: lists one\'s own live sessions', async () => {
    const [user, stranger] = [await signUp(server.base_url), await signUp(server.base_url)];
    const second = await signIn(server.base_url, user);
    const third = await signIn(server.base_url, user);
    await expireIn(third.token, '-1 second');
    const answer = await auth().get('/list-sessions', { jar: user.jar });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.body.map((session) => session.token).sort(), [user.token, second.token].sort());
    assert.ok(!answer.text.includes(stranger.token));
  });

  it('wants a session for it, and a fresh one', async () => {
    assert.equal((await auth().get('/list-sessions')).status, 401);
    const user = await signUp(server.base_url);
    await sql(`UPDATE neon_auth.session SET "createdAt" = now() - interval '2 days', "updatedAt" = now() - interval '2 days' WHERE token = $1`, [user.token]);
    const answer = await auth().get('/list-sessions', { jar: user.jar });
    assert.equal(answer.status, 403, answer.text);
    assert.equal(answer.body.code, 'SESSION_NOT_FRESH');
  });

  it('revokes one', async () => {
    const user = await signUp(server.base_url);
    const other = await signIn(server.base_url, user);
    const answer = await auth().post('/revoke-session', { token: other.token }, { jar: user.jar });
    assert.deepEqual([answer.status, answer.body], [200, { status: true }]);
    assert.equal(await whoIs(server.base_url, other.jar), null);
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
  });

  it('S038: does nothing to a stranger\'s', async () => {
    const [user, stranger] = [await signUp(server.base_url), await signUp(server.base_url)];
    const answer = await auth().post('/revoke-session', { token: stranger.token }, { jar: user.jar });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(await whoIs(server.base_url, stranger.jar), stranger.id);
    assert.equal((await auth().post('/revoke-session', { token: stranger.token })).status, 401);
    assert.equal((await auth().post('/revoke-session', {}, { jar: user.jar })).status, 400);
  });

  it('revokes all others, or all', async () => {
    const user = await signUp(server.base_url);
    const other = await signIn(server.base_url, user);
    assert.deepEqual((await auth().post('/revoke-other-sessions', {}, { jar: user.jar })).body, { status: true });
    assert.equal(await whoIs(server.base_url, other.jar), null);
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    assert.deepEqual((await auth().post('/revoke-sessions', {}, { jar: user.jar })).body, { status: true });
    assert.equal(await whoIs(server.base_url, user.jar), null);
    for (const path of ['/revoke-sessions', '/revoke-other-sessions']) assert.equal((await auth().post(path)).status, 401, path);
  });
});

describe('update-session', () => {
  it('lets nobody choose the organization, or who impersonates', async () => {
    const { jar } = await signUp(server.base_url);
    for (const name of ['activeOrganizationId', 'impersonatedBy']) {
      const answer = await auth().post('/update-session', { [name]: crypto.randomUUID() }, { jar });
      assert.deepEqual([answer.status, answer.body], [400, { message: `${name} is not allowed to be set`, code: 'FIELD_NOT_ALLOWED' }]);
    }
    const { body } = await auth().get('/get-session', { jar });
    assert.deepEqual([body.session.activeOrganizationId, body.session.impersonatedBy], [null, null]);
  });

  it('has nothing else to change', async () => {
    const { jar } = await signUp(server.base_url);
    for (const body of [{}, { expiresAt: '2099-01-01T00:00:00.000Z', userId: crypto.randomUUID() }, { impersonatedBy: null }]) {
      const answer = await auth().post('/update-session', body, { jar });
      assert.deepEqual([answer.status, answer.body], [400, { message: 'No fields to update' }]);
    }
  });

  it('wants an object, then a session', async () => {
    const answer = await auth().post('/update-session', [1]);
    assert.deepEqual([answer.status, answer.body.message], [400, '[body] Invalid input: expected record, received array']);
    assert.equal((await auth().post('/update-session', {})).status, 401);
  });
});

describe('sign-out', () => {
  it('S035: ends the session everywhere and clears the cookies', async () => {
    const user = await signUp(server.base_url);
    const replay = user.jar.copy();
    const answer = await auth().post('/sign-out', {}, { jar: user.jar });
    assert.deepEqual([answer.status, answer.body], [200, { success: true }]);
    assert.deepEqual(user.jar.names, []);
    assert.equal(await whoIs(server.base_url, replay), null);
    assert.equal((await auth().get('/token', { jar: replay })).status, 401);
    assert.deepEqual(await sql('SELECT id FROM neon_auth.session WHERE token = $1', [user.token]), []);
  });

  it('is fine without a session, and with an empty JSON body', async () => {
    assert.deepEqual((await auth().post('/sign-out')).body, { success: true });
    const user = await signUp(server.base_url);
    const answer = await auth().post('/sign-out', null, { raw: '', headers: { 'content-type': 'application/json' }, jar: user.jar });
    assert.equal(answer.status, 200, answer.text);
  });

  it('is not a GET', async () => {
    const user = await signUp(server.base_url);
    assert.equal((await auth().get('/sign-out', { jar: user.jar })).status, 404);
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
  });
});

it('S040: tokens do not repeat and have nothing in common', async () => {
  const user = await signUp(server.base_url);
  const tokens = [user.token];
  for (let i = 0; i < 7; i++) tokens.push((await signIn(server.base_url, user)).token);
  assert.equal(new Set(tokens).size, 8);
  assert.equal(new Set(tokens.map((token) => token.slice(0, 6))).size, 8);
});
