// What else the management API does to branches, endpoints, databases, roles and keys. Each has its effect in PostgreSQL when the answer arrives.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createBranch, query } from '../support/branches.mjs';
import { connect } from '../support/connect.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient, request } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const api = managementClient(server);
const { project_id } = server;
const main = { project_id, branch_id: server.branch_id };
const branchOff = (branch, extra) => createBranch(api, project_id, branch, extra);
const show = async ({ ids }) => (await api.getProjectBranch(ids)).body.branch;
const change = (ids, branch) => api.updateProjectBranch(ids, { body: { branch } });
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

describe('a branch', () => {
  it('is renamed, and no name is given twice', async () => {
    const child = await branchOff({ name: 'before' });
    assert.equal((await change(child.ids, { name: 'after' })).body.branch.name, 'after');
    assert.equal((await show(child)).name, 'after');
    assertRefusal(await change(child.ids, { name: 'main' }), 409, /exists/);
    assert.equal((await change(child.ids, { name: 'after' })).status, 200, 'its own name is no conflict');
    assertRefusal(await change(child.ids, { name: '' }), 400, /name/);
    assertRefusal(await change(child.ids, { protected: 'yes' }), 400, /protected/);
    assertRefusal(await api.updateProjectBranch(child.ids, { body: {} }), 400, /branch/);
    await api.deleteProjectBranch(child.ids);
  });

  it('is deleted with everything it has, and the answer has a body', async () => {
    const child = await branchOff({ name: 'gone-soon' });
    const client = await connect(child.uri);
    const deleted = await api.deleteProjectBranch(child.ids, { query: { hard_delete: 'true' } });
    assert.deepEqual([deleted.status, deleted.body.branch.id], [200, child.branch.id]);
    assert.ok(deleted.body.operations.every(({ status }) => status === 'finished'));
    await assert.rejects(client.query('SELECT 1'));
    await assert.rejects(connect(child.uri));
    assertRefusal(await api.getProjectBranch(child.ids), 404);
    assertRefusal(await api.deleteProjectBranch(child.ids), 404);
    assert.equal((await request(`${child.base_url}/get-session`)).status, 404);
    const { operation } = (await api.getProjectOperation({ project_id, operation_id: deleted.body.operations[0].id })).body;
    assert.equal(operation.status, 'finished');
  });

  it('stays when it is the default, protected or a parent', async () => {
    assertRefusal(await api.deleteProjectBranch(main), 422, /default/);
    const guarded = await branchOff({ name: 'guarded', protected: true });
    assert.equal(guarded.branch.protected, true);
    assertRefusal(await api.deleteProjectBranch(guarded.ids), 422, /protected/);
    assert.equal((await change(guarded.ids, { protected: false })).body.branch.protected, false);
    const child = await branchOff({ parent_id: guarded.branch.id });
    assert.equal(child.branch.name, child.branch.id);
    assertRefusal(await api.deleteProjectBranch(guarded.ids), 422, /children/);
    await api.deleteProjectBranch(child.ids);
    assert.equal((await api.deleteProjectBranch(guarded.ids)).status, 200);
  });

  it('becomes the default, under both names of the path', async () => {
    const child = await branchOff({ name: 'next-default' });
    const chosen = await api.setDefaultProjectBranch(child.ids);
    assert.deepEqual([chosen.body.branch.default, chosen.body.branch.primary], [true, true]);
    assert.equal((await api.getProjectBranch(main)).body.branch.default, false);
    const unnamed = await branchOff({ name: 'of-the-default' });
    assert.equal(unnamed.branch.parent_id, child.branch.id);
    await api.deleteProjectBranch(unnamed.ids);
    const headers = { authorization: `Bearer ${server.api_key}` };
    const back = await request(`${server.management_url}/projects/${project_id}/branches/${server.branch_id}/set_as_primary`, { method: 'POST', headers });
    assert.deepEqual([back.status, back.body.branch.default], [200, true]);
    assert.equal((await api.deleteProjectBranch(child.ids)).status, 200);
  });

  it('ends when its time has come', async () => {
    const child = await branchOff({ name: 'short', expires_at: inAnHour() });
    assert.ok(child.branch.ttl_interval_seconds > 3500 && child.branch.ttl_interval_seconds <= 3600);
    assertRefusal(await api.createProjectBranch({ project_id }, { body: { branch: { parent_id: child.branch.id } } }), 422, /expires/);
    assertRefusal(await change(child.ids, { protected: true }), 422, /expire/);
    assertRefusal(await api.setDefaultProjectBranch(child.ids), 422, /expire/);
    assertRefusal(await change(main, { expires_at: inAnHour() }), 422, /expire/);
    assert.equal((await change(child.ids, { expires_at: null })).body.branch.expires_at, undefined);
    const soon = new Date(Date.now() + 1500).toISOString();
    assert.equal((await change(child.ids, { expires_at: soon })).status, 200);
    assert.equal((await api.getProjectBranch(child.ids)).status, 200);
    await eventually(async () => assertRefusal(await api.getProjectBranch(child.ids), 404), { within: 6000, every: 100 });
    await assert.rejects(connect(child.uri));
  });

  it('carries annotations', async () => {
    const child = await branchOff({ name: 'noted' }, { annotation_value: { pr: '42', author: 'me' } });
    const { annotation } = (await api.getProjectBranch(child.ids)).body;
    assert.deepEqual(annotation, { object: { type: 'console/branch', id: child.branch.id }, value: { pr: '42', author: 'me' } });
    const { annotations } = (await api.listProjectBranches({ project_id })).body;
    assert.deepEqual(annotations, { [child.branch.id]: annotation });
    await api.deleteProjectBranch(child.ids);
  });

  it('is found by search and in pages', async () => {
    const made = [];
    for (const name of ['page-a', 'page-b', 'page-c']) made.push(await branchOff({ name }));
    assert.equal((await api.countProjectBranches({ project_id }, { query: { search: 'page-' } })).body.count, 3);
    const seen = [];
    for (let cursor; ; ) {
      const { body } = await api.listProjectBranches({ project_id }, { query: { search: 'page-', limit: '2', sort_by: 'name', sort_order: 'asc', ...(cursor ? { cursor } : {}) } });
      seen.push(...body.branches.map(({ name }) => name));
      cursor = body.pagination.next;
      if (!cursor) break;
    }
    assert.deepEqual(seen, ['page-a', 'page-b', 'page-c']);
    for (const { ids } of made) await api.deleteProjectBranch(ids);
  });
});

describe('restoring a branch', () => {
  it('takes what the parent has, and keeps endpoint and connection string', async () => {
    await query(server.connection_uri, 'CREATE TABLE shared_state AS SELECT 1 AS version');
    const child = await branchOff({ name: 'to-reset' });
    await query(child.uri, 'UPDATE shared_state SET version = 2');
    await query(child.uri, 'CREATE DATABASE extra');
    await query(child.uri, `ALTER ROLE neondb_owner PASSWORD 'chosen-by-sql'`);
    await query(server.connection_uri, 'UPDATE shared_state SET version = 3');
    const user = await signUp(server.base_url);
    const restored = await api.restoreProjectBranch(child.ids, { body: { source_branch_id: server.branch_id } });
    assert.equal(restored.status, 200, restored.text);
    assert.deepEqual([restored.body.branch.id, restored.body.branch.parent_id, restored.body.branch.restored_from], [child.branch.id, server.branch_id, server.branch_id]);
    assert.match(restored.body.branch.last_reset_at, /^\d{4}-/);
    const own = new URL(child.uri);
    own.password = 'chosen-by-sql';
    child.uri = own.toString();
    assert.deepEqual(await query(child.uri, 'SELECT version FROM shared_state'), [{ version: 3 }]);
    assert.deepEqual((await api.listProjectBranchDatabases(child.ids)).body.databases.map(({ name }) => name), ['neondb']);
    assert.equal((await api.getNeonAuth(child.ids)).body.base_url, child.base_url);
    const there = await signIn(child.base_url, user);
    assert.equal(await whoIs(child.base_url, there.jar), user.id);
    assert.equal(await whoIs(child.base_url, user.jar.copy()), null);
    const [config] = await query(child.uri, 'SELECT endpoint_id FROM neon_auth.project_config');
    assert.equal(config.endpoint_id, child.endpoints[0].id);
    await api.deleteProjectBranch(child.ids);
  });

  it('keeps the former data under a name when asked, and must when there are children', async () => {
    const child = await branchOff({ name: 'current' });
    await query(child.uri, 'CREATE TABLE only_here AS SELECT 7 AS n');
    const user = await signUp(child.base_url);
    const grandchild = await branchOff({ name: 'grandchild', parent_id: child.branch.id });
    const restore = (extra) => api.restoreProjectBranch(child.ids, { body: { source_branch_id: server.branch_id, ...extra } });
    assertRefusal(await restore({}), 422, /preserve_under_name/);
    assertRefusal(await restore({ preserve_under_name: 'main' }), 409, /exists/);
    const restored = await restore({ preserve_under_name: 'current-before' });
    assert.equal(restored.status, 200, restored.text);
    await assert.rejects(query(child.uri, 'SELECT n FROM only_here'), /does not exist/);

    const backup = { project_id, branch_id: restored.body.branch.restored_as };
    assert.equal((await api.getProjectBranch(backup)).body.branch.name, 'current-before');
    assert.equal((await show(grandchild)).parent_id, backup.branch_id);
    const { uri } = (await api.getConnectionURI({ project_id }, { query: { branch_id: backup.branch_id, database_name: 'neondb', role_name: 'neondb_owner' } })).body;
    assert.deepEqual(await query(uri, 'SELECT n FROM only_here'), [{ n: 7 }]);
    const { base_url } = (await api.getNeonAuth(backup)).body;
    await signIn(base_url, user);
    const bearer = await request(`${base_url}/get-session`, { headers: { authorization: `Bearer ${user.token}` } });
    assert.equal(bearer.body, null);
    for (const ids of [grandchild.ids, child.ids, backup]) assert.equal((await api.deleteProjectBranch(ids)).status, 200);
  });

  it('is refused where it makes no sense', async () => {
    const child = await branchOff({ name: 'not-restored', protected: true });
    const restore = (body) => api.restoreProjectBranch(child.ids, { body });
    assertRefusal(await restore({ source_branch_id: server.branch_id }), 422, /protected/);
    await change(child.ids, { protected: false });
    assertRefusal(await restore({ source_branch_id: child.branch.id }), 422, /source_branch_id/);
    assertRefusal(await restore({ source_branch_id: 'br-no-such-00000000' }), 404, /source/);
    assertRefusal(await restore({ source_branch_id: server.branch_id, source_lsn: '0/1' }), 422, /source_lsn/);
    assertRefusal(await restore({}), 400, /source_branch_id/);
    await api.deleteProjectBranch(child.ids);
  });
});

describe('an endpoint', () => {
  let branch;
  let endpoint;
  before(async () => {
    branch = await branchOff({ name: 'with-endpoint' });
    endpoint = { project_id, endpoint_id: branch.endpoints[0].id };
  });
  after(() => api.deleteProjectBranch(branch.ids));
  const state = async () => (await api.getProjectEndpoint(endpoint)).body.endpoint.current_state;

  it('is suspended, started and restarted for real', async () => {
    const client = await connect(branch.uri);
    const suspended = await api.suspendProjectEndpoint(endpoint);
    assert.equal(suspended.body.endpoint.current_state, 'idle');
    assert.equal(suspended.body.operations[0].action, 'suspend_compute');
    await assert.rejects(client.query('SELECT 1'));
    assert.equal(await state(), 'idle');
    assert.equal((await api.startProjectEndpoint(endpoint)).body.endpoint.current_state, 'active');
    const [first] = await query(branch.uri, 'SELECT pg_postmaster_start_time()::text AS at');
    assert.equal((await api.restartProjectEndpoint(endpoint)).body.endpoint.current_state, 'active');
    const [second] = await query(branch.uri, 'SELECT pg_postmaster_start_time()::text AS at');
    assert.notEqual(first.at, second.at);
  });

  it('is woken by its next connection or request', async () => {
    const user = await signUp(branch.base_url);
    for (const wake of [() => query(branch.uri, 'SELECT 1'), () => whoIs(branch.base_url, user.jar)]) {
      await api.suspendProjectEndpoint(endpoint);
      await wake();
    }
  });

  it('stops when nobody used it for as long as it says', async () => {
    const changed = await api.updateProjectEndpoint(endpoint, { body: { endpoint: { suspend_timeout_seconds: 1, name: 'short nap' } } });
    assert.deepEqual([changed.body.endpoint.suspend_timeout_seconds, changed.body.endpoint.name], [1, 'short nap']);
    await query(branch.uri, 'SELECT 1');
    await eventually(async () => assert.equal(await state(), 'idle'), { within: 6000, every: 100 });
    await api.updateProjectEndpoint(endpoint, { body: { endpoint: { suspend_timeout_seconds: -1 } } });
    for (const value of [-2, 604801, '5']) {
      assertRefusal(await api.updateProjectEndpoint(endpoint, { body: { endpoint: { suspend_timeout_seconds: value } } }), 400, /suspend_timeout_seconds/);
    }
  });

  it('lets nobody in while it is disabled', async () => {
    await api.updateProjectEndpoint(endpoint, { body: { endpoint: { disabled: true } } });
    await assert.rejects(connect(branch.uri));
    assert.equal((await request(`${branch.base_url}/get-session`)).status, 404);
    assertRefusal(await api.startProjectEndpoint(endpoint), 422, /disabled/);
    await api.updateProjectEndpoint(endpoint, { body: { endpoint: { disabled: false } } });
    assert.deepEqual(await query(branch.uri, 'SELECT 1 AS one'), [{ one: 1 }]);
    assert.equal((await request(`${branch.base_url}/get-session`)).status, 200);
  });

  it('is one to a branch, made with it or on request', async () => {
    const create = (branch_id, extra) => api.createProjectEndpoint({ project_id }, { body: { endpoint: { branch_id, type: 'read_write', ...extra } } });
    assertRefusal(await create(branch.branch.id), 409, /endpoint/);
    assertRefusal(await create(branch.branch.id, { type: 'read_only' }), 422, /read_only/);
    assertRefusal(await create('br-no-such-00000000'), 404, /branch/);
    assertRefusal(await api.createProjectEndpoint({ project_id }, { body: { endpoint: {} } }), 400, /branch_id/);
    const bare = (await api.createProjectBranch({ project_id }, { body: { branch: { name: 'bare' } } })).body;
    const asked = await create(bare.branch.id, { suspend_timeout_seconds: 60 });
    assert.deepEqual([asked.status, asked.body.endpoint.id, asked.body.endpoint.suspend_timeout_seconds], [201, bare.endpoints[0].id, 60]);
    assertRefusal(await create(bare.branch.id), 409, /endpoint/);

    const ids = { project_id, endpoint_id: asked.body.endpoint.id };
    assert.equal((await api.deleteProjectEndpoint(ids)).body.endpoint.id, ids.endpoint_id);
    assertRefusal(await api.getProjectEndpoint(ids), 404);
    await assert.rejects(connect(bare.connection_uris[0].connection_uri));
    const left = { project_id, branch_id: bare.branch.id };
    const where = { branch_id: bare.branch.id, database_name: 'neondb', role_name: 'neondb_owner' };
    assertRefusal(await api.getConnectionURI({ project_id }, { query: where }), 404, /POST .*endpoints/);
    assertRefusal(await api.getNeonAuth(left), 404, /no endpoint/);
    assertRefusal(await api.getNeonAuthEmailAndPasswordConfig(left), 404, /no endpoint/);
    const fresh = await create(bare.branch.id);
    assert.equal(fresh.status, 201, fresh.text);
    assert.notEqual(fresh.body.endpoint.id, ids.endpoint_id);
    const { uri } = (await api.getConnectionURI({ project_id }, { query: where })).body;
    assert.deepEqual(await query(uri, 'SELECT 1 AS one'), [{ one: 1 }]);
    await api.deleteProjectBranch({ project_id, branch_id: bare.branch.id });
  });
});

describe('databases and roles', () => {
  let branch;
  before(async () => (branch = await branchOff({ name: 'contents' })));
  after(() => api.deleteProjectBranch(branch.ids));
  const at = (rest) => ({ ...branch.ids, ...rest });
  const uriOf = async (database_name, role_name) => (await api.getConnectionURI({ project_id }, { query: { branch_id: branch.branch.id, database_name, role_name } })).body.uri;

  it('a role is made, connects, gets another password, and goes with what it owns', async () => {
    const made = await api.createProjectBranchRole(branch.ids, { body: { role: { name: 'app user' } } });
    assert.equal(made.status, 201, made.text);
    const uri = await uriOf('neondb', 'app user');
    assert.equal(decodeURIComponent(new URL(uri).password), made.body.role.password);
    assert.deepEqual(await query(uri, 'SELECT current_user AS me'), [{ me: 'app user' }]);
    await query(branch.uri, 'GRANT CREATE ON SCHEMA public TO "app user"');
    await query(uri, 'CREATE TABLE left_behind AS SELECT 1 AS one');
    assertRefusal(await api.createProjectBranchRole(branch.ids, { body: { role: { name: 'app user' } } }), 409, /exists/);

    const reset = await api.resetProjectBranchRolePassword(at({ role_name: 'app user' }));
    assert.notEqual(reset.body.role.password, made.body.role.password);
    await assert.rejects(connect(uri), /password authentication failed/);
    assert.deepEqual(await query(await uriOf('neondb', 'app user'), 'SELECT 1 AS one'), [{ one: 1 }]);

    assert.equal((await api.deleteProjectBranchRole(at({ role_name: 'app user' }))).body.role.name, 'app user');
    assertRefusal(await api.getProjectBranchRole(at({ role_name: 'app user' })), 404);
    assertRefusal(await api.deleteProjectBranchRole(at({ role_name: 'app user' })), 404);
    assert.deepEqual(await query(branch.uri, `SELECT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relname = 'left_behind'`), [{ owner: 'neondb_owner' }]);
    assertRefusal(await api.deleteProjectBranchRole(at({ role_name: 'neondb_owner' })), 422, /owns/);
    for (const name of ['', 'pg_x', 'argonauth', 'neon_auth', 'x'.repeat(64), 5]) {
      assertRefusal(await api.createProjectBranchRole(branch.ids, { body: { role: { name } } }), 400, /name/);
    }
  });

  it('a role without login has no password', async () => {
    const made = await api.createProjectBranchRole(branch.ids, { body: { role: { name: 'readers', no_login: true } } });
    assert.equal(made.body.role.password, undefined);
    assertRefusal(await api.getProjectBranchRolePassword(at({ role_name: 'readers' })), 412);
    assert.deepEqual(await query(branch.uri, `SELECT rolcanlogin FROM pg_roles WHERE rolname = 'readers'`), [{ rolcanlogin: false }]);
  });

  it('a database is made, renamed, given away and deleted', async () => {
    const create = (name, owner_name = 'neondb_owner') => api.createProjectBranchDatabase(branch.ids, { body: { database: { name, owner_name } } });
    const made = await create('Größe "x"');
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(await query(await uriOf('Größe "x"', 'neondb_owner'), 'SELECT current_database() AS me'), [{ me: 'Größe "x"' }]);
    assertRefusal(await create('Größe "x"'), 409, /exists/);
    assertRefusal(await create('fine', 'nobody'), 422, /owner_name/);
    assertRefusal(await create('postgres'), 400, /name/);

    await api.createProjectBranchRole(branch.ids, { body: { role: { name: 'heir' } } });
    const client = await connect(await uriOf('Größe "x"', 'neondb_owner'));
    const changed = await api.updateProjectBranchDatabase(at({ database_name: 'Größe "x"' }), { body: { database: { name: 'sizes', owner_name: 'heir' } } });
    assert.deepEqual([changed.body.database.id, changed.body.database.name, changed.body.database.owner_name], [made.body.database.id, 'sizes', 'heir']);
    await assert.rejects(client.query('SELECT 1'));
    assert.deepEqual(await query(await uriOf('sizes', 'heir'), 'SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = current_database()'), [{ owner: 'heir' }]);
    assertRefusal(await api.updateProjectBranchDatabase(at({ database_name: 'sizes' }), { body: { database: { name: 'neondb' } } }), 409, /exists/);
    assert.deepEqual(await query(await uriOf('sizes', 'heir'), 'SELECT 1 AS one'), [{ one: 1 }], 'a refused rename leaves it usable');
    assertRefusal(await api.updateProjectBranchDatabase(at({ database_name: 'none' }), { body: { database: { name: 'x' } } }), 404);

    const busy = await connect(await uriOf('sizes', 'heir'));
    assert.equal((await api.deleteProjectBranchDatabase(at({ database_name: 'sizes' }))).body.database.name, 'sizes');
    await assert.rejects(busy.query('SELECT 1'));
    assertRefusal(await api.getProjectBranchDatabase(at({ database_name: 'sizes' })), 404);
    assertRefusal(await api.deleteProjectBranchDatabase(at({ database_name: 'sizes' })), 404);
  });

  it('the database of auth is not deleted, but moves with its base_url', async () => {
    assertRefusal(await api.deleteProjectBranchDatabase(at({ database_name: 'neondb' })), 422, /Auth/);
    const user = await signUp(branch.base_url);
    await api.updateProjectBranchDatabase(at({ database_name: 'neondb' }), { body: { database: { name: 'moved' } } });
    const { base_url } = (await api.getNeonAuth(branch.ids)).body;
    assert.match(base_url, /\/moved\/auth$/);
    assert.equal(await eventually(() => whoIs(base_url, user.jar)), user.id);
    await api.updateProjectBranchDatabase(at({ database_name: 'moved' }), { body: { database: { name: 'neondb' } } });
    assert.equal((await authClient(branch.base_url).get('/get-session', { jar: user.jar })).body.user.id, user.id);
  });

  it('shows what was made with SQL', async () => {
    await query(branch.uri, 'CREATE DATABASE by_sql');
    assert.equal((await api.getProjectBranchDatabase(at({ database_name: 'by_sql' }))).body.database.owner_name, 'neondb_owner');
    const names = async () => (await api.listProjectBranchDatabases(branch.ids)).body.databases.map(({ name }) => name).sort();
    assert.deepEqual(await names(), ['by_sql', 'neondb']);
    await query(branch.uri, 'DROP DATABASE by_sql');
    assert.deepEqual(await names(), ['neondb']);
  });

  it('of two requests for one name, one succeeds', async () => {
    const both = await Promise.all([1, 2].map(() => api.createProjectBranchDatabase(branch.ids, { body: { database: { name: 'twin', owner_name: 'neondb_owner' } } })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
  });
});

describe('a limited API key', () => {
  const createKey = async (body) => (await api.createApiKey({}, { body: { key_name: 'limited', ...body } })).body.key;
  it('for one project sees that project alone, and no keys', async () => {
    const other = (await api.createProject({}, { body: { project: {} } })).body.project.id;
    const key = await createKey({ project_id: other });
    const as = { key };
    assert.equal((await api.getProject({ project_id: other }, as)).status, 200);
    assertRefusal(await api.getProject({ project_id }, as), 404);
    assertRefusal(await api.listProjectBranches({ project_id }, as), 404);
    assertRefusal(await api.createProjectBranch({ project_id }, { ...as, body: {} }), 404);
    assert.deepEqual((await api.listProjects({}, as)).body.projects.map(({ id }) => id), [other]);
    assertRefusal(await api.createProject({}, { ...as, body: { project: {} } }), 403);
    assertRefusal(await api.listApiKeys({}, as), 403);
    assertRefusal(await api.createApiKey({}, { ...as, body: { key_name: 'more' } }), 403);
    assertRefusal(await api.deleteProject({ project_id: other }, as), 403);
    assert.equal((await api.updateProject({ project_id: other }, { ...as, body: { project: { name: 'renamed' } } })).status, 200);
    await api.deleteProject({ project_id: other });
    assertRefusal(await api.getProject({ project_id: other }, as), 401);
  });

  it('for reading changes nothing and reveals no password', async () => {
    const as = { key: await createKey({ read_only: true }) };
    assert.equal((await api.getProject({ project_id }, as)).status, 200);
    assert.equal((await api.listProjectBranches({ project_id }, as)).status, 200);
    assertRefusal(await api.createProjectBranch({ project_id }, { ...as, body: {} }), 403);
    assertRefusal(await api.deleteProjectBranch(main, as), 403);
    assertRefusal(await api.updateProject({ project_id }, { ...as, body: { project: { name: 'x' } } }), 403);
    assertRefusal(await api.getProjectBranchRolePassword({ ...main, role_name: 'neondb_owner' }, as), 403);
    assertRefusal(await api.getConnectionURI({ project_id }, { ...as, query: { database_name: 'neondb', role_name: 'neondb_owner' } }), 403);
    const listed = (await api.listApiKeys({})).body.find(({ read_only }) => read_only);
    assert.equal(listed.name, 'limited');
    await api.revokeApiKey({ key_id: listed.id });
    assertRefusal(await api.getProject({ project_id }, as), 401);
  });

  it('is refused for a project that is not there', async () => {
    assertRefusal(await api.createApiKey({}, { body: { key_name: 'x', project_id: 'no-such-00000000' } }), 404, /project/);
    assertRefusal(await api.createApiKey({}, { body: { key_name: 'x', read_only: 'yes' } }), 400, /read_only/);
  });
});
