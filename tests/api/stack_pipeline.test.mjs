// The legacy provider's pipeline: headers of both families, the order of checks, the form of errors, CORS.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { request } from '../support/http.mjs';
import { assertKnown, assertText, createIntegration, legacyClient, signUp } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
let app, client, backend;
const url = (path) => `${server.origin}/api/v1${path}`;
const ask = (headers, path = '/projects/current') => request(url(path), { headers });

before(async () => {
  app = await createIntegration(server);
  client = legacyClient(app);
  backend = legacyClient(app, { access: 'server' });
});

describe('who asks', () => {
  it('is known by either family of headers, and under the alias', async () => {
    for (const family of ['stack', 'hexclave']) assert.equal((await legacyClient(app, { family }).get('/projects/current')).body.id, app.projectId);
    assert.equal((await request(`${server.origin}/api/latest/projects/current`, { headers: client.headers })).status, 200);
  });

  it('needs an access type, a known one, and a project', async () => {
    assertKnown(await ask({}), 400, 'ACCESS_TYPE_REQUIRED');
    assertKnown(await ask({ 'x-stack-publishable-client-key': app.publishableKey }), 400, 'PROJECT_KEY_WITHOUT_ACCESS_TYPE');
    assertKnown(await ask({ 'x-stack-access-type': 'root' }), 400, 'INVALID_ACCESS_TYPE', { accessType: 'root' });
    assertKnown(await ask({ 'x-stack-access-type': 'client' }), 400, 'ACCESS_TYPE_WITHOUT_PROJECT_ID', { request_type: 'client' });
    for (const project of ['no-uuid', 'internal', crypto.randomUUID(), 'a'.repeat(500)]) {
      assertKnown(await ask({ ...client.headers, 'x-stack-project-id': project }), 400, 'CURRENT_PROJECT_NOT_FOUND', { project_id: project.slice(0, 64) });
    }
  });

  it('needs the key of its access type', async () => {
    const id = { project_id: app.projectId };
    const type = (access, more) => ({ 'x-stack-access-type': access, 'x-stack-project-id': app.projectId, ...more });
    assertKnown(await ask(type('client')), 401, 'PUBLISHABLE_CLIENT_KEY_REQUIRED_FOR_PROJECT', id);
    assertKnown(await ask(type('client', { 'x-stack-publishable-client-key': 'pck_wrong' })), 401, 'INVALID_PUBLISHABLE_CLIENT_KEY', id);
    assertKnown(await ask(type('client', { 'x-stack-publishable-client-key': app.secretKey })), 401, 'INVALID_PUBLISHABLE_CLIENT_KEY', id);
    assertKnown(await ask(type('server')), 401, 'SERVER_AUTHENTICATION_REQUIRED');
    assertKnown(await ask(type('server', { 'x-stack-secret-server-key': app.publishableKey })), 401, 'INVALID_SECRET_SERVER_KEY', id);
    assertKnown(await ask(type('admin')), 401, 'ADMIN_AUTHENTICATION_REQUIRED');
    assertKnown(await ask(type('admin', { 'x-stack-super-secret-admin-key': 'sak_x' })), 401, 'INVALID_SUPER_SECRET_ADMIN_KEY', id);
  });

  it('is refused with the key of another project', async () => {
    const other = await createIntegration(server, { name: 'Other' });
    assertKnown(await ask({ ...client.headers, 'x-stack-publishable-client-key': other.publishableKey }), 401, 'INVALID_PUBLISHABLE_CLIENT_KEY');
    const stranger = await signUp(legacyClient(other), freshEmail());
    assertKnown(await client.as(stranger.accessToken).get('/users/me'), 401, 'INVALID_PROJECT_FOR_ACCESS_TOKEN',
      { expected_project_id: app.projectId, actual_project_id: other.projectId });
    assertKnown(await backend.get(`/users/${stranger.id}`), 404, 'USER_NOT_FOUND');
  });

  it('does with a client key what clients may do', async () => {
    assertKnown(await client.get('/users'), 401, 'INSUFFICIENT_ACCESS_TYPE', { actual_access_type: 'client', allowed_access_types: ['server', 'admin'] });
    assertKnown(await client.post('/users', {}), 401, 'INSUFFICIENT_ACCESS_TYPE');
    assertKnown(await client.delete(`/users/${crypto.randomUUID()}`), 401, 'INSUFFICIENT_ACCESS_TYPE');
  });

  it('is told of a request\'s form before its access type', async () => {
    const id = crypto.randomUUID();
    const routes = [
      { method: 'GET', path: '/users', wrong: [['/users?limit=0'], ['/users?nope=1'], ['/users?cursor=x']] },
      { method: 'POST', path: '/users', body: {}, wrong: [['/users', { nope: 1 }], ['/users', { display_name: 1 }]] },
      { method: 'GET', path: `/users/${id}`, wrong: [['/users/x'], ['/users/%00']] },
      { method: 'PATCH', path: `/users/${id}`, body: {}, wrong: [['/users/x', {}], [`/users/${id}`, { nope: 1 }], [`/users/${id}`, []]] },
      { method: 'DELETE', path: `/users/${id}`, wrong: [['/users/x']] },
      { method: 'POST', path: '/auth/sessions', body: { user_id: id }, wrong: [['/auth/sessions', {}], ['/auth/sessions', { user_id: id, nope: 1 }]] },
      { method: 'POST', path: `/team-memberships/${id}/me`, body: {}, wrong: [['/team-memberships/x/me'], [`/team-memberships/${id}/x`]] },
    ];
    for (const { method, path, body, wrong } of routes) {
      assertKnown(await client.send(method, path, body), 401, 'INSUFFICIENT_ACCESS_TYPE');
      for (const [at, sent] of wrong) assertKnown(await client.send(method, at, sent), 400, 'SCHEMA_ERROR');
    }
    assertKnown(await client.post('/users', undefined, { raw: '{', headers: { 'content-type': 'application/json' } }), 400, 'BODY_PARSING_ERROR');
  });

  it('holds a token that is right, or none', async () => {
    const user = await signUp(client, freshEmail());
    const [head, body, signature] = user.accessToken.split('.');
    const forged = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    const changed = Buffer.from(JSON.stringify({ ...decodeJwt(user.accessToken), sub: crypto.randomUUID() })).toString('base64url');
    for (const token of ['x', 'a.b.c', '', forged, `${head}.${changed}.${signature}`, `${user.accessToken}x`, 'y'.repeat(9000)]) {
      assertKnown(await client.as(token || ' ').get('/users/me'), 401, 'UNPARSABLE_ACCESS_TOKEN');
    }
    assertKnown(await client.get('/users/me'), 400, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
    assert.equal((await client.as(user.accessToken).get('/users/me')).body.id, user.id);
    assert.equal((await backend.delete(`/users/${user.id}`)).status, 200);
    assertKnown(await client.as(user.accessToken).get('/users/me'), 400, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
  });
});

describe('answers', () => {
  it('deliver refusals as 200 to who asks for it, in both families', async () => {
    for (const family of ['stack', 'hexclave']) {
      const answer = await ask({ ...legacyClient(app, { family }).headers, [`x-${family}-override-error-status`]: 'true' }, '/users/me');
      assertKnown(answer, 200, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
      assert.equal(answer.headers['x-stack-actual-status'], '400');
      assert.equal(answer.headers['x-hexclave-actual-status'], '400');
    }
    const fine = await ask({ ...client.headers, 'x-stack-override-error-status': 'true' });
    assert.equal(fine.headers['x-stack-actual-status'], undefined);
  });

  it('are not cached, name their request, and may be read by any page', async () => {
    const answer = await ask(client.headers);
    assert.equal(answer.headers['cache-control'], 'no-store, max-age=0');
    assert.ok(answer.headers['x-stack-request-id']);
    assert.equal(answer.headers['access-control-allow-origin'], '*');
    for (const name of ['x-stack-actual-status', 'x-stack-known-error', 'x-hexclave-actual-status', 'x-hexclave-known-error']) {
      assert.ok(answer.headers['access-control-expose-headers'].split(', ').includes(name), name);
    }
    const preflight = await request(url('/users/me'), { method: 'OPTIONS', headers: { origin: 'https://app.example', 'access-control-request-method': 'PATCH' } });
    assert.deepEqual([preflight.status, preflight.text], [200, '']);
    for (const name of ['x-stack-access-token', 'x-hexclave-project-id', 'content-type', 'x-stack-override-error-status']) {
      assert.ok(preflight.headers['access-control-allow-headers'].split(', ').includes(name), name);
    }
    assert.equal(preflight.headers['access-control-max-age'], '86400');
  });

  it('to unknown paths are 404 and never a redirect', async () => {
    for (const path of ['/nothing', '/users/', '/users/a/b/c', '//users']) assertText(await client.get(path), 404, /./);
    assertText(await request(url('/'), {}), 200, /Welcome/);
    assert.equal((await request(`${server.origin}/api/v1`)).status, 200);
    assert.equal((await request(url('/health'))).status, 200);
  });

  it('to what SDKs send besides are quiet', async () => {
    assertKnown(await client.post('/auth/anonymous/sign-up'), 400, 'ANONYMOUS_ACCOUNTS_NOT_ENABLED');
    for (const path of ['/check-feature-support', '/analytics/events/batch', '/session-replays/batch']) assert.equal((await client.post(path)).status, 200, path);
  });
});

describe('bodies and parameters', () => {
  it('are JSON, of known members and right types', async () => {
    const sent = (raw, headers = { 'content-type': 'application/json' }) => backend.post('/users', undefined, { raw, headers });
    assertKnown(await sent('{'), 400, 'BODY_PARSING_ERROR');
    assertKnown(await sent('x=1', { 'content-type': 'text/plain' }), 400, 'BODY_PARSING_ERROR');
    assertKnown(await sent('{}', { 'content-type': undefined }), 400, 'BODY_PARSING_ERROR');
    assertText(await sent(`{"display_name":"${'x'.repeat(70_000)}"}`), 413, /64 KiB/);
    for (const raw of ['[]', 'null', '"x"', '{"nope":1}', '{"display_name":1}', '{"primary_email":"no address"}', '{"primary_email_verified":"yes"}',
      '{"display_name":"a\\u0000b"}', '{"server_metadata":{"a":["b\\u0000"]}}', '{"client_metadata":{"\\u0000":1}}', '{"selected_team_id":"x"}',
      '{"oauth_providers":[{"id":"google"}]}', '{"password_hash":"plain"}', `{"display_name":"${'x'.repeat(300)}"}`]) {
      const answer = await sent(raw);
      assertKnown(answer, 400, 'SCHEMA_ERROR');
      assert.ok(answer.body.details.message.length > 0);
    }
  });

  it('of paths and queries are checked as well', async () => {
    assertKnown(await backend.get('/users/no-uuid'), 400, 'SCHEMA_ERROR');
    assertKnown(await backend.get('/users/%00'), 400, 'SCHEMA_ERROR');
    assertKnown(await backend.get('/users/%ff'), 400, 'SCHEMA_ERROR');
    for (const query of ['limit=0', 'limit=-1', 'limit=x', 'limit=1.5', 'cursor=x', 'order_by=name', 'desc=1', 'nope=1', 'query=%00', 'query=%ff', 'team_id=x']) {
      assertKnown(await backend.get(`/users?${query}`), 400, 'SCHEMA_ERROR');
    }
    assert.equal((await backend.get('/users?')).status, 200);
  });

  it('may be missing where nothing is said', async () => {
    const user = await signUp(client, freshEmail());
    const answer = await request(url('/auth/sessions/current'), { method: 'DELETE', headers: client.as(user.accessToken).headers });
    assert.deepEqual([answer.status, answer.body], [200, { success: true }]);
  });
});

describe('tokens', () => {
  it('are verified with the JWKS of their project alone', async () => {
    const user = await signUp(client, freshEmail());
    const document = await request(app.jwksUrl);
    assert.equal(document.headers['cache-control'], 'public, max-age=3600');
    for (const key of document.body.keys) assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'x', 'y']);
    await jwtVerify(user.accessToken, createRemoteJWKSet(new URL(app.jwksUrl)));
    const other = await createIntegration(server, { name: 'Keys' });
    await assert.rejects(jwtVerify(user.accessToken, createRemoteJWKSet(new URL(other.jwksUrl))));
    assertText(await request(url(`/projects/${crypto.randomUUID()}/.well-known/jwks.json`)), 404, /Project not found/);
    assertText(await request(url('/projects/x/.well-known/jwks.json')), 404, /Project not found/);
  });
});

it('the project, as a client sees it', async () => {
  const { body } = await client.get('/projects/current');
  assert.equal(body.config.credential_enabled, true);
  assert.equal(body.config.sign_up_enabled, true);
  assert.equal(body.config.magic_link_enabled, false);
  assert.equal(body.config.allow_localhost, true);
  assert.ok(Array.isArray(body.config.domains) && Array.isArray(body.config.enabled_oauth_providers));
});
