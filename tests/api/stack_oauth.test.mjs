// OAuth sign-in at the legacy provider, with the fake identity provider of `argonauth dev`.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { useDatabase } from '../support/db.mjs';
import { Jar, request } from '../support/http.mjs';
import { assertKnown, createIntegration, legacyClient, signUp } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { fakeConsent } from '../support/social.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const redirect_uri = 'http://localhost:3000/handler/oauth-callback';
let app, client, backend, sql;

const verifierOf = () => crypto.randomBytes(32).toString('base64url');
const challengeOf = (verifier) => crypto.createHash('sha256').update(verifier).digest('base64url');
const authorizeUrl = (verifier, more = {}, provider = 'google') => {
  const query = { client_id: app.projectId, client_secret: app.publishableKey, redirect_uri, scope: 'legacy', state: 'the-app-state', grant_type: 'authorization_code',
    code_challenge: challengeOf(verifier), code_challenge_method: 'S256', response_type: 'code', type: 'authenticate', unknown_parameter: 'x', ...more };
  const filled = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return `${server.origin}/api/v1/auth/oauth/authorize/${provider}?${new URLSearchParams(filled)}`;
};
const token = (fields) =>
  request(`${server.origin}/api/v1/auth/oauth/token`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    raw: new URLSearchParams({ grant_type: 'authorization_code', client_id: app.projectId, client_secret: app.publishableKey, redirect_uri, ...fields }).toString(),
  });
/** The browser's whole way; resolves with where the app is sent. */
const visit = async (person, { verifier = verifierOf(), more, provider } = {}) => {
  const browser = new Jar();
  const start = await request(authorizeUrl(verifier, more, provider), { jar: browser });
  assert.equal(start.status, 307, start.text);
  const back = await request(await fakeConsent(start.headers.location, person), { jar: browser });
  assert.equal(back.status, 303, back.text);
  return { to: new URL(back.headers.location), verifier };
};
const signIn = async (person, options) => {
  const { to, verifier } = await visit(person, options);
  assert.equal(to.searchParams.get('state'), 'the-app-state');
  const answer = await token({ code: to.searchParams.get('code'), code_verifier: verifier });
  assert.equal(answer.status, 200, `${to} ${answer.text}`);
  return { ...answer.body, id: decodeJwt(answer.body.access_token).sub };
};
const failure = async (person, options) => {
  const { to } = await visit(person, options);
  assert.equal(to.searchParams.get('error'), 'server_error', String(to));
  assert.ok(JSON.parse(to.searchParams.get('details')));
  assert.ok(to.searchParams.get('message'));
  return to.searchParams.get('errorCode');
};

before(async () => {
  app = await createIntegration(server);
  client = legacyClient(app);
  backend = legacyClient(app, { access: 'server' });
  sql = useDatabase(app);
  const listed = (await client.get('/projects/current')).body.config.enabled_oauth_providers.map(({ id }) => id);
  for (const id of ['google', 'github']) {
    if (listed.includes(id)) continue;
    const added = await app.manage('POST', '/auth/oauth_providers', { auth_provider: 'stack', id });
    assert.ok(added.status < 300, added.text);
  }
});

describe('sign-in', () => {
  it('makes a user, then finds them again, and the mirror knows the account', async () => {
    const email = freshEmail('oauth');
    const first = await signIn({ email, name: 'Ada' });
    assert.deepEqual([first.token_type, first.expires_in, first.is_new_user, first.after_callback_redirect_url], ['Bearer', 600, true, null]);
    assert.match(first.refresh_token, /^[0-9a-hjkmnp-tv-z]{45}$/);
    const { raw_json: row } = (await sql('SELECT raw_json FROM neon_auth.users_sync WHERE id = $1', [first.id]))[0];
    assert.deepEqual([row.display_name, row.primary_email, row.primary_email_verified, row.oauth_providers[0].id], ['Ada', email, true, 'google']);
    const again = await signIn({ email, name: 'Ada' }, { more: { after_callback_redirect_url: 'http://localhost:3000/after' } });
    assert.deepEqual([again.id, again.is_new_user, again.after_callback_redirect_url], [first.id, false, 'http://localhost:3000/after']);
    const other = await signIn({ email, name: 'Ada' }, { provider: 'github' });
    assert.equal(other.id, first.id);
    assert.equal((await client.as(first.access_token).get('/connected-accounts/me')).body.items.length, 2);
  });

  it('says where to go as JSON to newer SDKs, without a cookie', async () => {
    for (const mode of ['stack_response_mode', 'hexclave_response_mode']) {
      const verifier = verifierOf();
      const answer = await request(authorizeUrl(verifier, { [mode]: 'json' }));
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.cookies.length, 0);
      const back = await request(await fakeConsent(answer.body.location, { email: freshEmail() }));
      assert.equal((await token({ code: new URL(back.headers.location).searchParams.get('code'), code_verifier: verifier })).status, 200);
    }
  });

  it('joins an existing user only where both sides have seen the address', async () => {
    const stranger = await signUp(client, freshEmail());
    assert.equal(await failure({ email: stranger.email }), 'CONTACT_CHANNEL_ALREADY_USED_FOR_AUTH_BY_SOMEONE_ELSE');
    await backend.patch(`/users/${stranger.id}`, { primary_email_verified: true });
    assert.equal(await failure({ email: stranger.email, verified: false }), 'CONTACT_CHANNEL_ALREADY_USED_FOR_AUTH_BY_SOMEONE_ELSE');
    assert.equal((await signIn({ email: stranger.email })).id, stranger.id);
  });

  it('makes nobody where sign-up is off, and tells the app who said no', async () => {
    await app.manage('PATCH', '/auth/legacy_config', { sign_up_enabled: false });
    assert.equal(await failure({ email: freshEmail() }), 'SIGN_UP_NOT_ENABLED');
    await app.manage('PATCH', '/auth/legacy_config', { sign_up_enabled: true });
    assert.equal(await failure({ deny: true }), 'OAUTH_PROVIDER_ACCESS_DENIED');
  });
});

describe('link', () => {
  it('adds an account to who is signed in, and takes nobody else\'s', async () => {
    const user = await signUp(client, freshEmail());
    const email = freshEmail('linked');
    await visit({ email }, { more: { type: 'link', token: user.accessToken } });
    assert.equal((await signIn({ email })).id, user.id);
    const other = await signUp(client, freshEmail());
    assert.equal(await failure({ email }, { more: { type: 'link', token: other.accessToken } }), 'OAUTH_CONNECTION_ALREADY_CONNECTED_TO_ANOTHER_USER');
    assertKnown(await request(authorizeUrl(verifierOf(), { type: 'link' })), 400, 'SCHEMA_ERROR');
    assertKnown(await request(authorizeUrl(verifierOf(), { type: 'link', token: 'x' })), 401, 'UNPARSABLE_ACCESS_TOKEN');
    assertKnown(await client.as(user.accessToken).post('/connected-accounts/me/google/access-token', { scope: '' }), 400, 'OAUTH_ACCESS_TOKEN_NOT_AVAILABLE_WITH_SHARED_OAUTH_KEYS');
  });
});

describe('refuses', () => {
  it('at the start', async () => {
    const ask = (more, provider) => request(authorizeUrl(verifierOf(), more, provider));
    assertKnown(await ask({ client_secret: 'pck_wrong' }), 400, 'INVALID_OAUTH_CLIENT_ID_OR_SECRET', { client_id: app.projectId });
    assertKnown(await ask({ client_id: crypto.randomUUID() }), 400, 'INVALID_OAUTH_CLIENT_ID_OR_SECRET');
    assertKnown(await ask({}, 'myspace'), 400, 'OAUTH_PROVIDER_NOT_FOUND_OR_NOT_ENABLED');
    for (const name of ['redirect_uri', 'error_redirect_url', 'after_callback_redirect_url']) assertKnown(await ask({ [name]: 'https://evil.test/x' }), 400, 'REDIRECT_URL_NOT_WHITELISTED');
    assertKnown(await ask({ provider_scope: 'everything' }), 400, 'OAUTH_EXTRA_SCOPE_NOT_AVAILABLE_WITH_SHARED_OAUTH_KEYS');
    for (const more of [{ code_challenge_method: 'plain' }, { code_challenge: 'short' }, { code_challenge: undefined }, { response_type: 'token' }, { state: undefined }, { type: 'x' }]) {
      assertKnown(await ask(more), 400, 'SCHEMA_ERROR');
    }
  });

  it('a callback of another browser, another provider, or a second time', async () => {
    const browser = new Jar();
    const start = await request(authorizeUrl(verifierOf()), { jar: browser });
    const back = await fakeConsent(start.headers.location, { email: freshEmail() });
    assertKnown(await request(back), 408, 'OUTER_OAUTH_TIMEOUT');
    assertKnown(await request(back.replace('/callback/google', '/callback/github'), { jar: browser.copy() }), 408, 'OUTER_OAUTH_TIMEOUT');
    assert.equal((await request(back, { jar: browser.copy() })).status, 303);
    assertKnown(await request(back, { jar: browser.copy() }), 408, 'OUTER_OAUTH_TIMEOUT');
    for (const state of ['', 'x', `${app.projectId}.`, `${app.projectId}.${'0'.repeat(45)}`, '%00.%00']) {
      assertKnown(await request(`${server.origin}/api/v1/auth/oauth/callback/google?code=x&state=${state}`), 408, 'OUTER_OAUTH_TIMEOUT');
    }
  });

  it('a code with another verifier or address, and the same code again', async () => {
    for (const wrong of [{ code_verifier: verifierOf() }, { redirect_uri: 'http://localhost:3000/other' }, { code_verifier: undefined }]) {
      const { to, verifier } = await visit({ email: freshEmail() });
      const fields = { code: to.searchParams.get('code'), code_verifier: verifier };
      const sent = Object.fromEntries(Object.entries({ ...fields, ...wrong }).filter(([, value]) => value !== undefined));
      assertKnown(await token(sent), 400, 'INVALID_AUTHORIZATION_CODE');
      assertKnown(await token(fields), 400, 'INVALID_AUTHORIZATION_CODE');
    }
    const { to, verifier } = await visit({ email: freshEmail() });
    const answers = await Promise.all(Array.from({ length: 6 }, () => token({ code: to.searchParams.get('code'), code_verifier: verifier })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400, 400, 400, 400]);
  });
});
