// The guide "Manage Neon Auth via the API", request by request, with the addresses of this server: enable, read, let an
// app sign somebody up with the official SDK, verify the JWT, find the user by SQL, disable with and without data.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { installBrowserFetch } from '../support/browser_fetch.mjs';
import { connect } from '../support/connect.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password } from '../support/users.mjs';

const server = await useServer();
const { management_url, api_key } = server;

/** As the guide's curl does it: bearer key, JSON. */
const curl = (method, path, body) =>
  fetch(`${management_url}${path}`, {
    method,
    headers: { authorization: `Bearer ${api_key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body && JSON.stringify(body),
  });

describe('manage auth via the API', () => {
  const email = freshEmail('guide');
  let branch; // '/projects/{project_id}/branches/{branch_id}/auth'
  let connectionUri;
  let enabled;
  let browser;
  let auth;

  const users = async () => {
    const db = await connect(connectionUri);
    const { rows } = await db.query('SELECT id, email, name FROM neon_auth."user"');
    await db.end();
    return rows;
  };

  before(async () => {
    const answer = await curl('POST', '/projects', { project: { name: 'guide' } });
    assert.equal(answer.status, 201);
    const { project, branch: main, connection_uris } = await answer.json();
    branch = `/projects/${project.id}/branches/${main.id}/auth`;
    connectionUri = connection_uris[0].connection_uri;
  });
  after(() => browser?.restore());

  it('enable', async () => {
    const answer = await curl('POST', branch, { auth_provider: 'better_auth' });
    assert.equal(answer.status, 201);
    enabled = await answer.json();
    assert.deepEqual(Object.keys(enabled).sort(), ['auth_provider', 'auth_provider_project_id', 'base_url', 'jwks_url', 'pub_client_key', 'schema_name', 'secret_server_key', 'table_name']);
    assert.equal(enabled.auth_provider, 'better_auth');
    assert.equal(enabled.schema_name, 'neon_auth');
    assert.equal((await curl('POST', branch, { auth_provider: 'better_auth' })).status, 409);
  });

  it('get the configuration', async () => {
    const answer = await curl('GET', branch);
    assert.equal(answer.status, 200);
    const config = await answer.json();
    for (const field of ['auth_provider', 'auth_provider_project_id', 'base_url', 'jwks_url']) assert.equal(config[field], enabled[field], field);
    assert.equal(config.db_name, 'neondb');
    assert.equal(config.owned_by, 'neon');
    assert.ok(!('secret_server_key' in config));
  });

  it('sign up with the official SDK', async () => {
    // The app runs on a development server of its own, whose pages are trusted because they are on localhost.
    browser = installBrowserFetch('http://localhost:3000');
    const { createAuthClient } = await import('@neondatabase/auth');
    auth = createAuthClient(enabled.base_url);
    const { data, error } = await auth.signUp.email({ email, password, name: 'Guide Reader' });
    assert.equal(error, null, JSON.stringify(error));
    assert.equal(data.user.email, email);
    const session = await auth.getSession();
    assert.equal(session.data.user.id, data.user.id);
    // The SDK puts the JWT of the set-auth-jwt header into the session.
    assert.match(session.data.session.token, /^eyJ/);
  });

  it('errors reach the app with their codes', async () => {
    // The SDK throws what the server refuses, under its own names for the codes.
    await assert.rejects(auth.signUp.email({ email, password, name: 'Guide Reader' }), { status: 422, message: 'User already exists. Use another email.' });
    await assert.rejects(auth.signIn.email({ email, password: 'wrong-password' }), { status: 401, code: 'invalid_credentials' });
  });

  it('verify the JWT with jose against jwks_url', async () => {
    const { data } = await auth.getSession();
    const issuer = new URL(enabled.base_url).origin;
    const { payload } = await jwtVerify(data.session.token, createRemoteJWKSet(new URL(enabled.jwks_url)), { issuer, audience: issuer });
    assert.equal(payload.sub, data.user.id);
    assert.equal(payload.email, email);
    assert.equal(payload.role, 'authenticated');
  });

  it('select the user over the connection string', async () => {
    const { data } = await auth.getSession();
    assert.deepEqual(await users(), [{ id: data.user.id, email, name: 'Guide Reader' }]);
  });

  it('sign out and in again', async () => {
    assert.equal((await auth.signOut()).error, null);
    assert.equal((await auth.getSession()).data, null);
    const { data, error } = await auth.signIn.email({ email, password });
    assert.equal(error, null, JSON.stringify(error));
    assert.equal(data.user.email, email);
  });

  it('disable, leaving the data', async () => {
    const answer = await curl('DELETE', branch, { delete_data: false });
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), '');
    assert.equal((await curl('GET', branch)).status, 404);
    assert.equal((await users()).length, 1);
    await assert.rejects(auth.signIn.email({ email, password }));
  });

  it('enable again: the user is still there', async () => {
    assert.equal((await curl('POST', branch, { auth_provider: 'better_auth' })).status, 201);
    const { error } = await auth.signIn.email({ email, password });
    assert.equal(error, null, JSON.stringify(error));
  });

  it('disable with the data', async () => {
    assert.equal((await curl('DELETE', branch, { delete_data: true })).status, 200);
    await assert.rejects(users(), /neon_auth/);
    assert.equal((await curl('POST', branch, { auth_provider: 'better_auth' })).status, 201);
    assert.deepEqual(await users(), []);
  });
});
