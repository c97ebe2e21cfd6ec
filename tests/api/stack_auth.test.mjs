// Signing in at the legacy provider: passwords, sessions, refresh, codes by mail.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { useDatabase } from '../support/db.mjs';
import { request } from '../support/http.mjs';
import { assertKnown, assertText, codeOf, createIntegration, legacyClient, legacyPassword, nextMail, signUp } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const callback_url = 'http://localhost:3000/handler/verify';
let app, client, backend, sql;
const signIn = (email, password = legacyPassword) => client.post('/auth/password/sign-in', { email, password });
const refresh = (fields) =>
  request(`${server.origin}/api/v1/auth/oauth/token`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    raw: new URLSearchParams({ grant_type: 'refresh_token', client_id: app.projectId, client_secret: app.publishableKey, ...fields }).toString(),
  });
const synced = async (id) => (await sql('SELECT raw_json FROM neon_auth.users_sync WHERE id = $1', [id]))[0].raw_json;

before(async () => {
  app = await createIntegration(server);
  client = legacyClient(app);
  backend = legacyClient(app, { access: 'server' });
  sql = useDatabase(app);
});

describe('sign-up', () => {
  it('refuses in order: callback, length, address taken', async () => {
    const email = freshEmail();
    const body = { email, password: 'short', verification_callback_url: 'https://evil.example/x' };
    assertKnown(await client.post('/auth/password/sign-up', body), 400, 'REDIRECT_URL_NOT_WHITELISTED');
    assertKnown(await client.post('/auth/password/sign-up', { email, password: 'short' }), 400, 'PASSWORD_TOO_SHORT', { min_length: 8 });
    assertKnown(await client.post('/auth/password/sign-up', { email, password: 'x'.repeat(71) }), 400, 'PASSWORD_TOO_LONG', { maxLength: 70 });
    await signUp(client, email, 'x'.repeat(70));
    assertKnown(await client.post('/auth/password/sign-up', { email, password: legacyPassword }), 409, 'USER_EMAIL_ALREADY_EXISTS',
      { email, would_work_if_email_was_verified: false });
  });

  it('refuses malformed bodies', async () => {
    for (const body of [{}, { email: 'x', password: legacyPassword }, { email: freshEmail() }, { email: freshEmail(), password: legacyPassword, admin: true },
      { email: freshEmail(), password: 1 }, { email: freshEmail(), password: legacyPassword, bot_challenge_phase: 'loud' }]) {
      assertKnown(await client.post('/auth/password/sign-up', body), 400, 'SCHEMA_ERROR');
    }
  });

  it('keeps bcrypt hashes, and hashes of refresh tokens', async () => {
    const user = await signUp(client, freshEmail());
    const [row] = await sql(`SELECT password_hash FROM stack_auth."user" WHERE id = $1`, [user.id]);
    assert.match(row.password_hash, /^\$2b\$10\$/);
    const [session] = await sql('SELECT token_hash FROM stack_auth.session WHERE user_id = $1', [user.id]);
    assert.match(session.token_hash, /^[0-9a-f]{64}$/);
    assert.notEqual(session.token_hash, crypto.createHash('sha256').update(user.refreshToken).digest('hex'));
  });
});

describe('sign-in', () => {
  it('wants the right address and password', async () => {
    const user = await signUp(client, freshEmail());
    assert.equal((await signIn(user.email)).body.user_id, user.id);
    for (const answer of [await signIn(user.email, 'not-the-password'), await signIn(freshEmail()), await signIn(user.email, 'x'.repeat(900))]) {
      assertKnown(answer, 400, 'EMAIL_PASSWORD_MISMATCH');
    }
    const { body } = await backend.post('/users', { primary_email: freshEmail(), primary_email_auth_enabled: true });
    assertKnown(await signIn(body.primary_email, ''), 400, 'EMAIL_PASSWORD_MISMATCH');
    const hidden = await backend.post('/users', { primary_email: freshEmail(), password: legacyPassword });
    assertKnown(await signIn(hidden.body.primary_email), 400, 'EMAIL_PASSWORD_MISMATCH');
  });

  it('takes no longer for somebody than for nobody', async () => {
    const { email } = await signUp(client, freshEmail());
    const median = async (address) => {
      const times = [];
      for (let i = 0; i < 5; ++i) {
        const begun = performance.now();
        await signIn(address, 'not-the-password');
        times.push(performance.now() - begun);
      }
      return times.sort((a, b) => a - b)[2];
    };
    const [known, unknown] = [await median(email), await median(freshEmail())];
    assert.ok(unknown > known / 3 && unknown < known * 3, `${known} ms and ${unknown} ms`);
  });
});

describe('refresh', () => {
  it('at the OAuth endpoint gives a new access token, as OAuth libraries want it', async () => {
    const user = await signUp(client, freshEmail());
    for (const client_id of [app.projectId, `${app.projectId}#main`]) {
      const { status, body } = await refresh({ refresh_token: user.refreshToken, client_id });
      assert.equal(status, 200);
      assert.deepEqual([body.token_type, body.expires_in, 'refresh_token' in body], ['Bearer', 600, false]);
      assert.equal(decodeJwt(body.access_token).sub, user.id);
      assert.equal(decodeJwt(body.access_token).refresh_token_id, decodeJwt(user.accessToken).refresh_token_id);
    }
    const other = await client.post('/auth/sessions/current/refresh', {}, { headers: { 'x-stack-refresh-token': user.refreshToken } });
    assert.equal(decodeJwt(other.body.access_token).sub, user.id);
  });

  it('refuses what is no token, no client or no form', async () => {
    const user = await signUp(client, freshEmail());
    for (const refresh_token of ['', 'x', '0'.repeat(45), user.accessToken, `${user.refreshToken}0`, user.refreshToken.toUpperCase() + '\0']) {
      const answer = await refresh({ refresh_token });
      assert.ok(['REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED', 'SCHEMA_ERROR'].includes(answer.body.code), answer.text);
    }
    assertKnown(await refresh({ refresh_token: user.refreshToken, client_secret: 'pck_wrong' }), 400, 'INVALID_OAUTH_CLIENT_ID_OR_SECRET', { client_id: app.projectId });
    assertKnown(await refresh({ refresh_token: user.refreshToken, client_id: 'x' }), 400, 'INVALID_OAUTH_CLIENT_ID_OR_SECRET', { client_id: 'x' });
    assertKnown(await refresh({ grant_type: 'password' }), 400, 'SCHEMA_ERROR');
    assertKnown(await refresh({ grant_type: 'authorization_code', code: 'x' }), 400, 'INVALID_AUTHORIZATION_CODE');
    const other = await createIntegration(server, { name: 'Other' });
    assertKnown(await refresh({ refresh_token: user.refreshToken, client_id: other.projectId, client_secret: other.publishableKey }), 401, 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED');
    assertKnown(await client.post('/auth/sessions/current/refresh'), 401, 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED');
  });
});

describe('sessions', () => {
  it('are listed and ended by their user', async () => {
    const user = await signUp(client, freshEmail());
    const second = (await signIn(user.email)).body;
    const own = client.as(user.accessToken);
    const { items } = (await own.get('/auth/sessions?user_id=me')).body;
    assert.deepEqual(items.map((item) => item.is_current_session), [true, false]);
    assert.deepEqual(Object.keys(items[0]).sort(), ['created_at', 'id', 'is_current_session', 'is_impersonation', 'last_used_at', 'user_id']);
    assertKnown(await own.delete(`/auth/sessions/${items[0].id}`), 400, 'CANNOT_DELETE_CURRENT_SESSION');
    assert.deepEqual((await own.delete(`/auth/sessions/${items[1].id}?user_id=me`)).body, { success: true });
    assertText(await own.delete(`/auth/sessions/${items[1].id}`), 404, /not found/);
    assertKnown(await refresh({ refresh_token: second.refresh_token }), 401, 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED');
    assertKnown(await client.as(second.access_token).get('/users/me'), 400, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
  });

  it('of others are out of reach', async () => {
    const [one, two] = [await signUp(client, freshEmail()), await signUp(client, freshEmail())];
    const session = decodeJwt(two.accessToken).refresh_token_id;
    const own = client.as(one.accessToken);
    assertText(await own.delete(`/auth/sessions/${session}`), 404, /not found/);
    assertText(await own.get(`/auth/sessions?user_id=${two.id}`), 403, /own/);
    assertText(await own.delete(`/auth/sessions/${session}?user_id=${two.id}`), 403, /own/);
    assertKnown(await client.get(`/auth/sessions?user_id=${two.id}`), 401, 'USER_AUTHENTICATION_REQUIRED');
    assertKnown(await client.get('/auth/sessions'), 400, 'SCHEMA_ERROR');
    assert.equal((await backend.delete(`/auth/sessions/${session}`)).status, 200);
  });

  it('end with sign-out, once', async () => {
    const user = await signUp(client, freshEmail());
    assert.deepEqual((await client.as(user.accessToken).delete('/auth/sessions/current')).body, { success: true });
    assertKnown(await client.as(user.accessToken).delete('/auth/sessions/current'), 401, 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED');
    assertKnown(await client.delete('/auth/sessions/current'), 401, 'USER_AUTHENTICATION_REQUIRED');
    assertKnown(await refresh({ refresh_token: user.refreshToken }), 401, 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED');
  });

  it('are made by servers, with an end', async () => {
    const { body: user } = await backend.post('/users', {});
    const made = await backend.post('/auth/sessions', { user_id: user.id, expires_in_millis: 1500, is_impersonation: true });
    assert.equal(made.status, 200, made.text);
    assert.equal((await client.as(made.body.access_token).get('/users/me')).body.id, user.id);
    assert.equal((await client.as(made.body.access_token).get('/auth/sessions?user_id=me')).body.items[0].is_impersonation, true);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    assertKnown(await refresh({ refresh_token: made.body.refresh_token }), 401, 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED');
    assertKnown(await backend.post('/auth/sessions', { user_id: crypto.randomUUID() }), 400, 'USER_ID_DOES_NOT_EXIST');
    for (const expires_in_millis of [0, -1, 368 * 86_400_000, 1.5]) assertKnown(await backend.post('/auth/sessions', { user_id: user.id, expires_in_millis }), 400, 'SCHEMA_ERROR');
    assertKnown(await client.post('/auth/sessions', { user_id: user.id }), 401, 'INSUFFICIENT_ACCESS_TYPE');
  });
});

describe('password', () => {
  it('update checks the new length first, then the old password, and ends the other sessions', async () => {
    const user = await signUp(client, freshEmail());
    const other = (await signIn(user.email)).body;
    const own = client.as(user.accessToken);
    const update = (old_password, new_password) => own.post('/auth/password/update', { old_password, new_password });
    assertKnown(await update('wrong', 'short'), 400, 'PASSWORD_TOO_SHORT');
    assertKnown(await update('wrong-password', 'another-horse-9'), 400, 'PASSWORD_CONFIRMATION_MISMATCH');
    assert.deepEqual((await update(legacyPassword, 'another-horse-9')).body, { success: true });
    assert.equal((await own.get('/users/me')).status, 200);
    assertKnown(await refresh({ refresh_token: other.refresh_token }), 401, 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED');
    assertKnown(await signIn(user.email), 400, 'EMAIL_PASSWORD_MISMATCH');
    assertKnown(await client.post('/auth/password/update', { old_password: 'x', new_password: 'another-horse-9' }), 401, 'USER_AUTHENTICATION_REQUIRED');
  });

  it('set gives a first one, and no second', async () => {
    const email = freshEmail();
    const { body: user } = await backend.post('/users', { primary_email: email, primary_email_auth_enabled: true });
    const { body: session } = await backend.post('/auth/sessions', { user_id: user.id });
    const own = client.as(session.access_token);
    assertKnown(await own.post('/auth/password/update', { old_password: 'x', new_password: legacyPassword }), 400, 'USER_DOES_NOT_HAVE_PASSWORD');
    assertKnown(await own.post('/auth/password/set', { password: 'short' }), 400, 'PASSWORD_TOO_SHORT');
    assert.deepEqual((await own.post('/auth/password/set', { password: legacyPassword })).body, { success: true });
    assert.equal((await synced(user.id)).has_password, true);
    assertText(await own.post('/auth/password/set', { password: legacyPassword }), 400, /already/);
    assert.equal((await signIn(email)).status, 200);
  });

  it('reset by mail works once, and for nobody says the same', async () => {
    const user = await signUp(client, freshEmail());
    const send = (email) => client.post('/auth/password/send-reset-code', { email, callback_url });
    const [known, unknown] = [await send(user.email), await send(freshEmail())];
    assert.equal(known.status, 200, known.text);
    assert.deepEqual(known.body, unknown.body);
    const code = codeOf(await nextMail(server, user.email));
    assert.match(code, /^[0-9a-hjkmnp-tv-z]{45}$/);
    assert.deepEqual((await client.post('/auth/password/reset/check-code', { code })).body, { is_code_valid: true });
    assertKnown(await client.post('/auth/password/reset', { code, password: 'short' }), 400, 'PASSWORD_TOO_SHORT');
    const answers = await Promise.all(Array.from({ length: 6 }, () => client.post('/auth/password/reset', { code: code.toUpperCase(), password: 'another-horse-9' })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409, 409]);
    assertKnown(await client.post('/auth/password/reset', { code, password: 'another-horse-9' }), 409, 'VERIFICATION_CODE_ALREADY_USED');
    assertKnown(await client.post('/auth/password/reset/check-code', { code: '0'.repeat(45) }), 404, 'VERIFICATION_CODE_NOT_FOUND');
    assertKnown(await client.post('/auth/password/reset', { code: 'x\u0000', password: legacyPassword }), 400, 'SCHEMA_ERROR');
    assert.equal((await signIn(user.email, 'another-horse-9')).status, 200);
    assertKnown(await refresh({ refresh_token: user.refreshToken }), 401, 'REFRESH_TOKEN_NOT_FOUND_OR_EXPIRED');
    assertKnown(await client.post('/auth/password/send-reset-code', { email: user.email, callback_url: 'https://evil.example' }), 400, 'REDIRECT_URL_NOT_WHITELISTED');
  });
});

describe('contact channels', () => {
  it('are proven by mail, once, and the mirror says so', async () => {
    const user = await signUp(client, freshEmail(), legacyPassword, { verification_callback_url: callback_url });
    const mail = await nextMail(server, user.email);
    assert.ok(mail.link.startsWith(`${callback_url}?code=`));
    assert.deepEqual((await client.post('/contact-channels/verify/check-code', { code: codeOf(mail) })).body, { is_code_valid: true });
    assert.equal((await synced(user.id)).primary_email_verified, false);
    assert.deepEqual((await client.post('/contact-channels/verify', { code: codeOf(mail) })).body, { success: true });
    assert.equal((await synced(user.id)).primary_email_verified, true);
    assertKnown(await client.post('/contact-channels/verify', { code: codeOf(mail) }), 409, 'VERIFICATION_CODE_ALREADY_USED');
    const own = client.as(user.accessToken);
    assertKnown(await own.post('/contact-channels/send-verification-code', { email: user.email, callback_url }), 409, 'EMAIL_ALREADY_VERIFIED');
    assertKnown(await own.post('/contact-channels/send-verification-code', { email: 'other@example.test', callback_url }), 400, 'EMAIL_IS_NOT_PRIMARY_EMAIL',
      { email: 'other@example.test', primary_email: user.email });
  });

  it('are added, changed and removed by their user', async () => {
    const user = await signUp(client, freshEmail());
    const own = client.as(user.accessToken);
    const value = freshEmail('extra');
    const added = await own.post('/contact-channels', { user_id: 'me', type: 'email', value, used_for_auth: false });
    assert.equal(added.status, 201, added.text);
    assert.deepEqual({ ...added.body, id: 0 }, { id: 0, user_id: user.id, type: 'email', value, is_primary: false, is_verified: false, used_for_auth: false });
    assertText(await own.post('/contact-channels', { user_id: 'me', type: 'email', value, used_for_auth: false }), 400, /already/);
    const path = `/contact-channels/me/${added.body.id}`;
    assert.equal((await own.post(`${path}/send-verification-code`, { callback_url })).status, 200);
    assert.equal((await client.post('/contact-channels/verify', { code: codeOf(await nextMail(server, value)) })).status, 200);
    assert.equal((await own.patch(path, { is_primary: true })).body.is_primary, true);
    assert.equal((await synced(user.id)).primary_email, value);
    assert.equal((await own.patch(path, { value: freshEmail('moved') })).body.is_verified, false);
    assertKnown(await own.patch(path, { is_verified: true }), 400, 'SCHEMA_ERROR');
    assert.equal((await own.delete(path)).status, 200);
    assertText(await own.get(path), 404, /not found/);
    assert.equal((await synced(user.id)).primary_email, null);
  });

  it('of others are out of reach, and addresses that sign others in are refused', async () => {
    const [one, two] = [await signUp(client, freshEmail()), await signUp(client, freshEmail())];
    const own = client.as(one.accessToken);
    const theirs = (await backend.get(`/contact-channels?user_id=${two.id}`)).body.items[0];
    for (const answer of [await own.get(`/contact-channels?user_id=${two.id}`), await own.get(`/contact-channels/${two.id}/${theirs.id}`),
      await own.patch(`/contact-channels/${two.id}/${theirs.id}`, { is_primary: false }), await own.delete(`/contact-channels/${two.id}/${theirs.id}`),
      await own.post('/contact-channels', { user_id: two.id, type: 'email', value: freshEmail(), used_for_auth: true })]) assertText(answer, 403, /own/);
    assertText(await own.get(`/contact-channels/me/${theirs.id}`), 404, /not found/);
    assertKnown(await own.post('/contact-channels', { user_id: 'me', type: 'email', value: two.email, used_for_auth: true }), 409,
      'CONTACT_CHANNEL_ALREADY_USED_FOR_AUTH_BY_SOMEONE_ELSE', { type: 'email', contact_channel_value: two.email, would_work_if_email_was_verified: false });
    assertKnown(await backend.post('/contact-channels', { user_id: crypto.randomUUID(), type: 'email', value: freshEmail(), used_for_auth: false }), 400, 'USER_ID_DOES_NOT_EXIST');
    assertKnown(await own.post('/contact-channels', { user_id: 'me', type: 'phone', value: '1', used_for_auth: false }), 400, 'SCHEMA_ERROR');
  });
});
