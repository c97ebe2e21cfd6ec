// A project's legacy integration over the management API: made, keyed, configured and removed, on its own and beside the newer service.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createBranch, query } from '../support/branches.mjs';
import { appOf, newLegacyProject, projectAuth } from '../support/legacy.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer({ args: ['--no-fake-identity-provider'] });
const call = projectAuth(server);
const api = managementClient(server);
const integrations = async (project) => (await call('GET', `/projects/${project}/auth/integrations`)).body.data;

async function newProject() {
  const { body } = await call('POST', '/projects', { project: {} });
  return { project_id: body.project.id, branch_id: body.branch.id, uri: body.connection_uris[0].connection_uri };
}

describe('create', () => {
  let legacy;
  before(async () => (legacy = await newLegacyProject(call)));

  it('makes users_sync as apps know it', async () => {
    const columns = await query(legacy.uri, `
      SELECT column_name, data_type, is_nullable, is_generated FROM information_schema.columns
       WHERE table_schema = 'neon_auth' AND table_name = 'users_sync' ORDER BY ordinal_position`);
    assert.deepEqual(columns.map((c) => Object.values(c).join(' ')), [
      'raw_json jsonb NO NEVER', 'id text NO ALWAYS', 'name text YES ALWAYS', 'email text YES ALWAYS',
      'created_at timestamp with time zone YES ALWAYS', 'updated_at timestamp with time zone YES NEVER', 'deleted_at timestamp with time zone YES NEVER']);
  });

  it('keeps hashes of the keys only', async () => {
    // The answer is the only place with the keys; lists show their ends.
    const { keys } = (await call('GET', `${legacy.auth}/keys`)).body;
    assert.equal(keys.length, 1);
    assert.equal(keys[0].pub_client_key_last_four, legacy.pub_client_key.slice(-4));
    assert.ok(!JSON.stringify(keys).includes(legacy.secret_server_key));
  });

  it('is refused a second time, on this branch and on another', async () => {
    const body = { auth_provider: 'stack', project_id: legacy.project_id, branch_id: legacy.branch_id };
    assertRefusal(await call('POST', '/projects/auth/create', body), 409);
    const other = await createBranch(api, legacy.project_id);
    assertRefusal(await call('POST', '/projects/auth/create', { ...body, branch_id: other.branch.id }), 409, new RegExp(legacy.branch_id));
  });

  it('twenty times at once happens once', async () => {
    const { project_id, branch_id } = await newProject();
    const all = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/projects/auth/create', { auth_provider: 'stack', project_id, branch_id })));
    assert.deepEqual(all.map(({ status }) => status).sort(), [201, ...Array(19).fill(409)]);
    assert.equal((await integrations(project_id)).length, 1);
  });

  it('refuses what is no request for it, and names the member', async () => {
    const { project_id, branch_id } = await newProject();
    const good = { auth_provider: 'stack', project_id, branch_id };
    for (const [change, status, hint] of [
      [{ auth_provider: 'clerk' }, 400, /auth_provider/], [{ auth_provider: 'mock' }, 422, /mock/], [{ branch_id: undefined }, 400, /branch_id/],
      [{ branch_id: 'br-none-none-00000000' }, 404, /branch/], [{ project_id: 'none-none-00000000' }, 404, /project/],
      [{ database_name: 'none' }, 404, /database/], [{ database_name: 7 }, 400, /database_name/], [{ surplus: 1 }, 400, /surplus/],
      [{ project_id: 'a\u0000b' }, 400], [{ branch_id: 'a\u0000b' }, 400],
    ]) assertRefusal(await call('POST', '/projects/auth/create', { ...good, ...change }), status, hint);
    assert.deepEqual(await integrations(project_id), []);
  });

  it('leaves a neon_auth schema of somebody else alone', async () => {
    const { project_id, branch_id, uri } = await newProject();
    await query(uri, 'CREATE SCHEMA neon_auth');
    await query(uri, 'CREATE TABLE neon_auth.mine (id int)');
    assertRefusal(await call('POST', '/projects/auth/create', { auth_provider: 'stack', project_id, branch_id }), 409, /neon_auth/);
  });

  it('is seen by the branch, whose own settings are elsewhere', async () => {
    const ids = { project_id: legacy.project_id, branch_id: legacy.branch_id };
    const { status, body } = await api.getNeonAuth(ids);
    assert.equal(status, 200);
    assert.deepEqual([body.auth_provider, body.jwks_url, body.base_url], ['stack', legacy.jwks_url, legacy.base_url]);
    assertRefusal(await api.createNeonAuth(ids, { body: { auth_provider: 'better_auth' } }), 409);
    assertRefusal(await api.listBranchNeonAuthTrustedDomains(ids), 422, /legacy/);
  });
});

describe('keys', () => {
  it('a new pair, the older one stays good; each is revoked by its id', async () => {
    const legacy = await newLegacyProject(call);
    const { project_id, auth } = legacy;
    const works = async (keys) => [(await appOf(keys).get('/projects/current')).status, (await appOf(keys, 'server').get('/users')).status];
    const made = await call('POST', '/projects/auth/keys', { project_id, auth_provider: 'stack', description: 'backend' });
    assert.equal(made.status, 201);
    const { keys } = (await call('GET', `${auth}/keys`)).body;
    assert.equal(keys.length, 2);
    assert.equal(keys[1].description, 'backend');
    assert.deepEqual([await works(legacy), await works(made.body)], [[200, 200], [200, 200]]);
    assert.equal((await call('DELETE', `${auth}/keys/${keys[0].id}`)).status, 200);
    assertRefusal(await call('DELETE', `${auth}/keys/${keys[0].id}`), 404);
    assert.deepEqual([await works(legacy), await works(made.body)], [[401, 401], [200, 200]]);
    for (const id of ['x', '0', '99999999999999999999999', '-1']) assertRefusal(await call('DELETE', `${auth}/keys/${id}`), 404);
    assert.deepEqual((await call('GET', `${auth}/keys`)).body.keys.map(({ id }) => id), [keys[1].id]);
  });

  it('are nobody else\'s to list or revoke', async () => {
    const [mine, other] = [await newLegacyProject(call), await newLegacyProject(call)];
    const { keys } = (await call('GET', `${mine.auth}/keys`)).body;
    assertRefusal(await call('DELETE', `${other.auth}/keys/${keys[0].id}`), 404);
  });

  it('without a legacy integration there are none', async () => {
    const { project_id } = await newProject();
    assertRefusal(await call('POST', '/projects/auth/keys', { project_id, auth_provider: 'stack' }), 404);
    assertRefusal(await call('GET', `/projects/${project_id}/auth/keys`), 404);
  });
});

describe('users', () => {
  let legacy;
  before(async () => (legacy = await newLegacyProject(call)));
  const create = (body) => call('POST', '/projects/auth/user', { project_id: legacy.project_id, auth_provider: 'stack', ...body });

  it('made, referenced by the app, removed softly', async () => {
    const email = freshEmail('Legacy');
    const { status, body } = await create({ email, name: 'Ann' });
    assert.equal(status, 201);
    await query(legacy.uri, 'CREATE TABLE post (author text REFERENCES neon_auth.users_sync (id))');
    await query(legacy.uri, 'INSERT INTO post VALUES ($1)', [body.id]);
    const [row] = await query(legacy.uri, 'SELECT raw_json, email, deleted_at FROM neon_auth.users_sync WHERE id = $1', [body.id]);
    assert.equal(row.email, email.toLowerCase());
    assert.deepEqual([row.raw_json.primary_email_verified, row.raw_json.has_password, row.deleted_at], [false, false, null]);
    assert.equal((await call('DELETE', `${legacy.auth}/users/${body.id}`)).status, 204);
    const [gone] = await query(legacy.uri, 'SELECT deleted_at, name FROM neon_auth.users_sync WHERE id = $1', [body.id]);
    assert.ok(gone.deleted_at);
    assert.equal(gone.name, 'Ann');
    assertRefusal(await call('DELETE', `${legacy.auth}/users/${body.id}`), 404);
  });

  it('one address, one user, also at the same moment', async () => {
    const email = freshEmail('twice');
    const all = await Promise.all(Array.from({ length: 10 }, () => create({ email })));
    assert.deepEqual(all.map(({ status }) => status).sort(), [201, ...Array(9).fill(409)]);
    assertRefusal(await create({ email: email.toUpperCase() }), 409);
  });

  it('refuses what is no user', async () => {
    for (const body of [{}, { email: 'x' }, { email: '' }, { email: 'a@b.co', name: '' }, { email: 'a@b.co', name: 'x'.repeat(256) }, { email: 'a@b.co', name: 'a\u0000' }]) {
      assertRefusal(await create(body), 400);
    }
    for (const id of ['none', '00000000-0000-4000-8000-000000000000']) assertRefusal(await call('DELETE', `${legacy.auth}/users/${id}`), 404);
  });
});

describe('settings', () => {
  let legacy;
  before(async () => (legacy = await newLegacyProject(call)));

  it('domains: kept as given, once, deleted by their text', async () => {
    const path = `${legacy.auth}/domains`;
    const add = (domain) => call('POST', path, { domain, auth_provider: 'stack' });
    for (const domain of ['https://app.example.com', 'https://*.example.com', 'https://app.example.com']) assert.equal((await add(domain)).status, 201);
    const all = [{ domain: 'https://app.example.com', auth_provider: 'stack' }, { domain: 'https://*.example.com', auth_provider: 'stack' }];
    assert.deepEqual((await call('GET', path)).body.domains, all);
    for (const domain of ['app.example.com', 'https://a.example.com/path', 'javascript:alert(1)', 'https://*.com', '']) assertRefusal(await add(domain), 400, /domain/);
    assertRefusal(await call('POST', path, { domain: 'https://x.example.com', auth_provider: 'better_auth' }), 404);
    const removed = await call('DELETE', path, { auth_provider: 'stack', domains: [{ domain: 'https://app.example.com' }, { domain: 'https://none' }] });
    assert.deepEqual([removed.status, removed.text], [200, '']);
    assert.deepEqual((await call('GET', path)).body.domains, all.slice(1));
  });

  it('OAuth providers: the secret is in no later answer, nor in clear anywhere', async () => {
    const path = `${legacy.auth}/oauth_providers`;
    const client_secret = 'hush-hush-4711';
    const added = await call('POST', path, { id: 'microsoft', client_id: 'app', client_secret, microsoft_tenant_id: 'common' });
    assert.deepEqual(added.body, { id: 'microsoft', type: 'standard', client_id: 'app', client_secret });
    assertRefusal(await call('POST', path, { id: 'microsoft', client_id: 'app', client_secret }), 409);
    assert.ok(!(await call('GET', path)).text.includes(client_secret));
    const updated = await call('PATCH', `${path}/microsoft`, { client_id: 'other' });
    assert.deepEqual(updated.body, { id: 'microsoft', type: 'standard', client_id: 'other' });
    assert.ok(!server.process.stderr.includes(client_secret));
    assert.equal((await call('DELETE', `${path}/microsoft`)).status, 200);
    assertRefusal(await call('DELETE', `${path}/microsoft`), 404);
    assertRefusal(await call('PATCH', `${path}/microsoft`, {}), 404);
  });

  it('OAuth providers: half of the credentials is none', async () => {
    const path = `${legacy.auth}/oauth_providers`;
    assertRefusal(await call('POST', path, { id: 'google', client_id: 'app' }), 400, /client_secret/);
    assertRefusal(await call('PATCH', `${path}/google`, { client_secret: 'x' }), 400, /client_id/);
    assertRefusal(await call('POST', path, { id: 'vercel', client_id: 'a', client_secret: 'b' }), 400, /vercel/);
    assertRefusal(await call('POST', path, { id: 'google', client_id: 'a', client_secret: 'b', microsoft_tenant_id: 'c' }), 400, /tenant/);
    assert.equal((await call('POST', path, { id: 'microsoft' })).body.code, 'INVALID_SHARED_OAUTH_PROVIDER');
    const list = (await call('GET', path)).body.providers;
    assert.deepEqual(list.find(({ id }) => id === 'google'), { id: 'google', type: 'shared' });
  });

  it('mail server: shared, then its own with a masked password', async () => {
    const path = `${legacy.auth}/email_server`;
    assert.deepEqual((await call('GET', path)).body, { type: 'shared' });
    const own = { host: 'smtp.example.com', port: 587, username: 'u', password: 'smtp-pass-4711', sender_email: 'no@example.com', sender_name: 'No' };
    assertRefusal(await call('PATCH', path, { type: 'standard', ...own, password: undefined }), 400, /password/);
    const shown = { type: 'standard', ...own, password: '********' };
    assert.deepEqual((await call('PATCH', path, { type: 'custom', ...own })).body, shown);
    assert.deepEqual((await call('PATCH', path, { type: 'standard', port: 465, password: '********' })).body, { ...shown, port: 465 });
    assert.deepEqual((await call('GET', path)).body, { ...shown, port: 465 });
    assertRefusal(await call('PATCH', path, { host: 'a\r\nb' }), 400, /host/);
    assertRefusal(await call('PATCH', path, { type: 'shared', host: 'x.example.com' }), 400, /host/);
    assert.deepEqual((await call('PATCH', path, { type: 'shared' })).body, { type: 'shared' });
  });

  it('switches that the contract has no path for', async () => {
    const path = `${legacy.auth}/legacy_config`;
    const defaults = { sign_up_enabled: true, credential_enabled: true, magic_link_enabled: false, allow_localhost: true, client_team_creation_enabled: false, client_user_deletion_enabled: false };
    assert.deepEqual((await call('GET', path)).body, defaults);
    assert.deepEqual((await call('PATCH', path, { magic_link_enabled: true })).body, { ...defaults, magic_link_enabled: true });
    assert.deepEqual((await call('PATCH', path, { sign_up_enabled: false })).body, { ...defaults, magic_link_enabled: true, sign_up_enabled: false });
    assertRefusal(await call('PATCH', path, { sign_up_enabled: 'no' }), 400, /sign_up_enabled/);
    assertRefusal(await call('PATCH', path, { other: true }), 400, /other/);
  });

  it('a comma too many is named, one inside a text is none', async () => {
    for (const raw of ['{"domain": "https://x.example.com", "auth_provider": "stack",}', '{"domains": [1, ]}', '{"a": {"b": 1,\n}}']) {
      assertRefusal(await call('POST', `${legacy.auth}/domains`, undefined, { raw }), 400, /comma/);
    }
    const other = await call('POST', `${legacy.auth}/domains`, undefined, { raw: '{"domain": ",}" ' });
    assert.equal(other.status, 400);
    assert.doesNotMatch(other.body.message, /comma/);
  });
});

describe('limited API keys', () => {
  it('one project\'s key serves it and sees no other; one for reading changes nothing', async () => {
    const [mine, other] = [await newLegacyProject(call), await newLegacyProject(call)];
    const keyWith = async (limits) => (await call('POST', '/api_keys', { key_name: 'limited', ...limits })).body.key;
    const key = await keyWith({ project_id: mine.project_id });
    const withKey = (method, path, body) => call(method, path, body, { key });
    assert.equal((await withKey('POST', '/projects/auth/keys', { project_id: mine.project_id, auth_provider: 'stack' })).status, 201);
    assert.equal((await withKey('POST', '/projects/auth/user', { project_id: mine.project_id, auth_provider: 'stack', email: freshEmail('k') })).status, 201);
    for (const [path, extra] of [['create', { branch_id: other.branch_id }], ['keys'], ['user', { email: freshEmail('k') }], ['transfer_ownership']]) {
      assertRefusal(await withKey('POST', `/projects/auth/${path}`, { project_id: other.project_id, auth_provider: 'stack', ...extra }), 404, /project not found/);
    }
    assertRefusal(await withKey('GET', `${other.auth}/integrations`), 404);
    const reading = await keyWith({ read_only: true });
    for (const path of ['create', 'keys', 'user', 'transfer_ownership']) {
      assertRefusal(await call('POST', `/projects/auth/${path}`, { project_id: mine.project_id, auth_provider: 'stack' }, { key: reading }), 403);
    }
    assert.equal((await call('GET', `${mine.auth}/integrations`, undefined, { key: reading })).status, 200);
  });
});

describe('a project with the newer service', () => {
  let project;
  let path;
  before(async () => {
    project = await newProject();
    path = `/projects/${project.project_id}/auth`;
    const created = await call('POST', '/projects/auth/create', { auth_provider: 'better_auth', project_id: project.project_id, branch_id: project.branch_id, database_name: 'neondb' });
    assert.equal(created.status, 201, created.text);
    assert.deepEqual([created.body.auth_provider, created.body.pub_client_key], ['better_auth', '']);
    project.created = created.body;
  });

  it('is listed and answers on the same paths', async () => {
    const [listed] = await integrations(project.project_id);
    assert.deepEqual([listed.auth_provider, listed.base_url], ['better_auth', project.created.base_url]);
    const keys = await call('POST', '/projects/auth/keys', { project_id: project.project_id, auth_provider: 'better_auth' });
    assert.deepEqual([keys.status, keys.body], [201, project.created]);
    assert.equal((await call('POST', `${path}/domains`, { domain: 'https://a.example.com', auth_provider: 'better_auth' })).status, 201);
    assert.deepEqual((await call('GET', `${path}/domains`)).body.domains, [{ domain: 'https://a.example.com', auth_provider: 'better_auth' }]);
    assert.deepEqual((await api.listBranchNeonAuthTrustedDomains(project)).body.domains.length, 1);
    assert.equal((await call('DELETE', `${path}/domains`, { auth_provider: 'better_auth', domains: [{ domain: 'https://a.example.com' }] })).status, 200);
    assert.equal((await call('POST', `${path}/oauth_providers`, { id: 'google', client_id: 'a', client_secret: 'b' })).body.type, 'standard');
    assert.equal((await call('PATCH', `${path}/oauth_providers/google`, { client_id: 'c' })).body.client_id, 'c');
    assert.equal((await call('DELETE', `${path}/oauth_providers/google`)).status, 200);
    assert.equal((await call('GET', `${path}/email_server`)).body.type, 'shared');
  });

  it('users', async () => {
    const { status, body } = await call('POST', '/projects/auth/user', { project_id: project.project_id, auth_provider: 'better_auth', email: freshEmail('new'), name: 'New' });
    assert.equal(status, 201);
    assert.equal((await query(project.uri, 'SELECT name FROM neon_auth."user" WHERE id = $1', [body.id]))[0].name, 'New');
    assert.equal((await call('DELETE', `${path}/users/${body.id}`)).status, 204);
  });

  it('is not transferred, and not taken for a legacy one', async () => {
    assertRefusal(await call('POST', '/projects/auth/transfer_ownership', { project_id: project.project_id, auth_provider: 'better_auth' }), 422);
    assertRefusal(await call('DELETE', `${path}/integration/stack`), 404);
    assertRefusal(await call('DELETE', `${path}/integration/clerk`), 400);
    assertRefusal(await call('GET', `${path}/legacy_config`), 404);
  });

  it('is disabled', async () => {
    assert.equal((await call('DELETE', `${path}/integration/better_auth`, { delete_data: false })).status, 200);
    assert.deepEqual(await integrations(project.project_id), []);
    assertRefusal(await call('GET', `${path}/domains`), 404);
  });
});

describe('delete', () => {
  it('without the data: the users come back with the next integration, the keys do not', async () => {
    const legacy = await newLegacyProject(call);
    const { project_id, branch_id } = legacy;
    const { body } = await call('POST', '/projects/auth/user', { project_id, auth_provider: 'stack', email: freshEmail('stay') });
    assert.equal((await call('DELETE', `${legacy.auth}/integration/stack`, { delete_data: false })).status, 200);
    assertRefusal(await call('DELETE', `${legacy.auth}/integration/stack`), 404);
    assertRefusal(await call('GET', `${legacy.auth}/domains`), 404);
    assert.equal((await appOf(legacy).get('/projects/current')).body.code, 'CURRENT_PROJECT_NOT_FOUND');
    const again = await call('POST', '/projects/auth/create', { auth_provider: 'stack', project_id, branch_id });
    assert.equal(again.status, 201, again.text);
    assert.notEqual(again.body.auth_provider_project_id, legacy.auth_provider_project_id);
    assert.equal((await call('DELETE', `${legacy.auth}/users/${body.id}`)).status, 204);
  });

  it('with the data: both schemas go', async () => {
    const legacy = await newLegacyProject(call);
    assert.equal((await call('DELETE', `${legacy.auth}/integration/stack`, { delete_data: true })).status, 200);
    assert.deepEqual(await query(legacy.uri, "SELECT nspname FROM pg_namespace WHERE nspname IN ('neon_auth', 'stack_auth')"), []);
    const { status } = await api.createNeonAuth(legacy, { body: { auth_provider: 'better_auth' } });
    assert.equal(status, 201);
  });

  it('from the branch', async () => {
    const legacy = await newLegacyProject(call);
    assert.equal((await api.disableNeonAuth(legacy, { body: { delete_data: true } })).status, 200);
    assert.deepEqual(await integrations(legacy.project_id), []);
    assert.equal((await api.getNeonAuth(legacy)).status, 404);
  });

  it('a project goes with its integration', async () => {
    const legacy = await newLegacyProject(call);
    assert.equal((await call('DELETE', `/projects/${legacy.project_id}`)).status, 200);
  });
});

describe('branches', () => {
  it('a copy has the users and no integration; the project\'s keys stay with its branch', async () => {
    const legacy = await newLegacyProject(call);
    const { project_id } = legacy;
    const { body: user } = await call('POST', '/projects/auth/user', { project_id, auth_provider: 'stack', email: freshEmail('copied') });
    const copy = await createBranch(api, project_id);
    assert.equal((await api.getNeonAuth(copy.ids)).status, 404);
    assert.deepEqual((await query(copy.uri, 'SELECT id FROM neon_auth.users_sync')).map(({ id }) => id), [user.id]);
    assert.deepEqual((await integrations(project_id)).map(({ branch_id }) => branch_id), [legacy.branch_id]);
    // The newer service can be tried on the copy without touching the original.
    assert.equal((await api.createNeonAuth(copy.ids, { body: { auth_provider: 'better_auth' } })).status, 201);
    assert.equal((await integrations(project_id)).length, 2);
  });

  it('a restored branch goes on with its keys', async () => {
    const legacy = await newLegacyProject(call);
    const { project_id } = legacy;
    const copy = await createBranch(api, project_id);
    await call('POST', '/projects/auth/user', { project_id, auth_provider: 'stack', email: freshEmail('later') });
    const restored = await api.restoreProjectBranch(legacy, { body: { source_branch_id: copy.branch.id, preserve_under_name: 'before' } });
    assert.equal(restored.status, 200, restored.text);
    assert.equal((await call('GET', `${legacy.auth}/integrations`)).body.data[0].auth_provider_project_id, legacy.auth_provider_project_id);
    assert.equal((await call('GET', `${legacy.auth}/keys`)).body.keys.length, 1);
    assert.equal((await call('POST', '/projects/auth/user', { project_id, auth_provider: 'stack', email: freshEmail('after') })).status, 201);
    assert.equal((await query(legacy.uri, 'SELECT id FROM neon_auth.users_sync')).length, 1);
  });
});
