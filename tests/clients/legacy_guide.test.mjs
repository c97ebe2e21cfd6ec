// The older guide "Manage Neon Auth using the API", request by request in its order, with the addresses and ids of this server.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const { management_url, api_key } = server;

/** As the guide's curl does it; `data` is the text after --data. */
const curl = (method, path, data) =>
  fetch(`${management_url}${path}`, {
    method,
    headers: { authorization: `Bearer ${api_key}`, ...(data ? { 'content-type': 'application/json' } : {}) },
    body: data,
  });

describe('manage legacy auth using the API', () => {
  const email = freshEmail('legacy-guide');
  let project;
  let branch;
  let uri;
  let created;

  const usersSync = async () => {
    const db = await connect(uri);
    const { rows } = await db.query('SELECT id, email, name, created_at FROM neon_auth.users_sync');
    await db.end();
    return rows;
  };

  before(async () => {
    const answer = await curl('POST', '/projects', JSON.stringify({ project: { name: 'guide' } }));
    const body = await answer.json();
    [project, branch, uri] = [body.project.id, body.branch.id, body.connection_uris[0].connection_uri];
  });

  it('create an integration', async () => {
    const answer = await curl('POST', '/projects/auth/create', `{
       "auth_provider": "stack",
       "project_id": "${project}",
       "branch_id": "${branch}",
       "database_name": "neondb",
       "role_name": "neondb_owner"
     }`);
    assert.equal(answer.status, 201);
    created = await answer.json();
    const { auth_provider_project_id: id, pub_client_key, secret_server_key, base_url, ...rest } = created;
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.match(pub_client_key, /^pck_[0-9a-hjkmnp-tv-z]{45}$/);
    assert.match(secret_server_key, /^ssk_[0-9a-hjkmnp-tv-z]{45}$/);
    assert.deepEqual(rest, {
      auth_provider: 'stack',
      jwks_url: `${base_url}/api/v1/projects/${id}/.well-known/jwks.json`,
      schema_name: 'neon_auth',
      table_name: 'users_sync',
    });
  });

  it('list integrations', async () => {
    const answer = await curl('GET', `/projects/${project}/auth/integrations`);
    assert.equal(answer.status, 200);
    const { data } = await answer.json();
    assert.equal(data.length, 1);
    const { created_at, base_url, ...rest } = data[0];
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(rest, {
      auth_provider: 'stack',
      auth_provider_project_id: created.auth_provider_project_id,
      branch_id: branch,
      db_name: 'neondb',
      owned_by: 'neon',
      jwks_url: created.jwks_url,
    });
  });

  it('generate SDK keys', async () => {
    const answer = await curl('POST', '/projects/auth/keys', `{
       "project_id": "${project}",
       "auth_provider": "stack"
     }`);
    assert.equal(answer.status, 201);
    const keys = await answer.json();
    assert.deepEqual(Object.keys(keys).sort(), Object.keys(created).sort());
    for (const field of ['auth_provider', 'auth_provider_project_id', 'jwks_url', 'schema_name', 'table_name']) assert.equal(keys[field], created[field], field);
    assert.match(keys.pub_client_key, /^pck_/);
    assert.notEqual(keys.pub_client_key, created.pub_client_key);
    assert.notEqual(keys.secret_server_key, created.secret_server_key);
  });

  it('create a user, and find it in users_sync', async () => {
    const answer = await curl('POST', '/projects/auth/user', `{
       "project_id": "${project}",
       "auth_provider": "stack",
       "email": "${email}",
       "name": "Example User"
     }`);
    assert.equal(answer.status, 201);
    const user = await answer.json();
    assert.deepEqual(Object.keys(user), ['id']);
    const rows = await usersSync();
    assert.deepEqual(rows.map(({ id, email, name }) => ({ id, email, name })), [{ id: user.id, email, name: 'Example User' }]);
    assert.ok(Math.abs(Date.parse(rows[0].created_at) - Date.now()) < 60_000);
  });

  it('transfer to your auth provider', async () => {
    const answer = await curl('POST', '/projects/auth/transfer_ownership', `{
       "project_id": "${project}",
       "auth_provider": "stack"
     }`);
    assert.equal(answer.status, 200);
    const { url } = await answer.json();
    assert.match(url, /\/integrations\/neon\/projects\/transfer\/confirm\?code=[0-9a-z]{45}$/);
    const page = await request(url);
    assert.equal(page.status, 200);
    assert.match(page.headers['content-type'], /^text\/html/);
  });

  it('list OAuth providers', async () => {
    const answer = await curl('GET', `/projects/${project}/auth/oauth_providers`);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { providers: [{ id: 'github', type: 'shared' }, { id: 'google', type: 'shared' }] });
  });

  it('add an OAuth provider: the comma too many is named, and without it all is well', async () => {
    const data = `{
       "id": "google",
       "client_id": "your-client-id",
       "client_secret": "your-client-secret",
     }`;
    const refused = await curl('POST', `/projects/${project}/auth/oauth_providers`, data);
    assert.equal(refused.status, 400);
    assert.match((await refused.json()).message, /comma/);
    const answer = await curl('POST', `/projects/${project}/auth/oauth_providers`, data.replace(/,\s*}$/, '}'));
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { id: 'google', type: 'standard', client_id: 'your-client-id', client_secret: 'your-client-secret' });
  });

  it('update an OAuth provider', async () => {
    const answer = await curl('PATCH', `/projects/${project}/auth/oauth_providers/google`, `{
       "client_id": "new-client-id",
       "client_secret": "new-client-secret"
     }`);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { id: 'google', type: 'standard', client_id: 'new-client-id', client_secret: 'new-client-secret' });
  });

  it('delete an OAuth provider', async () => {
    const answer = await curl('DELETE', `/projects/${project}/auth/oauth_providers/google`);
    assert.equal(answer.status, 200); // 204 in the guide; the published document and its clients have 200
    assert.equal(await answer.text(), '');
    const list = await curl('GET', `/projects/${project}/auth/oauth_providers`);
    assert.deepEqual((await list.json()).providers.map(({ id }) => id), ['github']);
  });

  it('delete the integration; the users stay', async () => {
    const answer = await curl('DELETE', `/projects/${project}/auth/integration/stack`);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), '');
    assert.deepEqual((await (await curl('GET', `/projects/${project}/auth/integrations`)).json()).data, []);
    assert.equal((await usersSync()).length, 1);
  });
});
