// The management API /api/v2: projects and what is inside them, keys, and the account. Every answer is held to the
// published schemas by the client itself.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { request } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const api = managementClient(server);
const { project_id, branch_id, endpoint_id } = server;
const branch = { project_id, branch_id };

const ids = {
  project: /^[a-z]+-[a-z]+-\d{8}$/,
  branch: /^br-[a-z]+-[a-z]+-[a-z0-9]{8}$/,
  endpoint: /^ep-[a-z]+-[a-z]+-[a-z0-9]{8}$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
};
const seconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

async function createProject(body = { project: {} }) {
  const answer = await api.createProject({}, { body });
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

describe('the first project', () => {
  it('is what the panel says', async () => {
    const { body } = await api.getProject({ project_id });
    assert.equal(body.project.id, project_id);
    assert.match(body.project.id, ids.project);
    assert.match(body.project.created_at, seconds);
  });

  it('has one branch, main, which is the default', async () => {
    const { body } = await api.listProjectBranches({ project_id });
    assert.equal(body.branches.length, 1);
    const [main] = body.branches;
    assert.deepEqual([main.id, main.name, main.default, main.primary, main.current_state], [branch_id, 'main', true, true, 'ready']);
    assert.match(main.id, ids.branch);
    assert.equal(typeof body.annotations, 'object');
    const { body: one } = await api.getProjectBranch(branch);
    assert.deepEqual(one.branch, main);
    assert.equal((await api.countProjectBranches({ project_id })).body.count, 1);
  });

  it('finds branches by name', async () => {
    assert.equal((await api.listProjectBranches({ project_id }, { query: { search: 'mai', limit: '10000' } })).body.branches.length, 1);
    assert.equal((await api.listProjectBranches({ project_id }, { query: { search: 'other' } })).body.branches.length, 0);
  });

  it('has one read-write endpoint', async () => {
    const { body } = await api.listProjectBranchEndpoints(branch);
    assert.equal(body.endpoints.length, 1);
    assert.deepEqual([body.endpoints[0].id, body.endpoints[0].type, body.endpoints[0].branch_id], [endpoint_id, 'read_write', branch_id]);
    assert.match(endpoint_id, ids.endpoint);
    assert.deepEqual((await api.listProjectEndpoints({ project_id })).body.endpoints, body.endpoints);
    assert.deepEqual((await api.getProjectEndpoint({ project_id, endpoint_id })).body.endpoint, body.endpoints[0]);
  });

  it('has the database neondb of the role neondb_owner', async () => {
    const { body } = await api.listProjectBranchDatabases(branch);
    assert.deepEqual(body.databases.map(({ name, owner_name }) => [name, owner_name]), [['neondb', 'neondb_owner']]);
    assert.ok(Number.isSafeInteger(body.databases[0].id) && body.databases[0].id > 0);
    assert.deepEqual((await api.getProjectBranchDatabase({ ...branch, database_name: 'neondb' })).body.database, body.databases[0]);
  });

  it('lists roles without passwords and reveals one on request', async () => {
    const { body } = await api.listProjectBranchRoles(branch);
    assert.deepEqual(body.roles.map((role) => role.name), ['neondb_owner']);
    assert.ok(!('password' in body.roles[0]));
    assert.ok(!('password' in (await api.getProjectBranchRole({ ...branch, role_name: 'neondb_owner' })).body.role));
    const revealed = await api.getProjectBranchRolePassword({ ...branch, role_name: 'neondb_owner' });
    assert.equal(revealed.body.password, decodeURIComponent(new URL(server.connection_uri).password));
  });

  it('gives connection strings that connect', async () => {
    const query = { database_name: 'neondb', role_name: 'neondb_owner' };
    const { body } = await api.getConnectionURI({ project_id }, { query });
    for (const scope of [{}, { branch_id }, { endpoint_id }]) {
      assert.equal((await api.getConnectionURI({ project_id }, { query: { ...query, ...scope } })).body.uri, body.uri);
    }
    const db = await connect(body.uri);
    const { rows } = await db.query('SELECT current_database() AS database, current_user AS role');
    await db.end();
    assert.deepEqual(rows, [{ database: 'neondb', role: 'neondb_owner' }]);
    assertRefusal(await api.getConnectionURI({ project_id }, { query: { role_name: 'neondb_owner' } }), 400, /database_name/);
    assertRefusal(await api.getConnectionURI({ project_id }, { query: { ...query, database_name: 'nope' } }), 404);
    assertRefusal(await api.getConnectionURI({ project_id }, { query: { ...query, role_name: 'nope' } }), 404);
  });

  it('remembers its operations', async () => {
    const { body } = await api.listProjectOperations({ project_id });
    assert.ok(body.operations.length > 0);
    for (const operation of body.operations) {
      assert.match(operation.id, ids.uuid);
      assert.equal(operation.status, 'finished');
      const one = await api.getProjectOperation({ project_id, operation_id: operation.id });
      assert.deepEqual(one.body.operation, operation);
    }
    const { body: page } = await api.listProjectOperations({ project_id }, { query: { limit: '1' } });
    assert.equal(page.operations.length, 1);
  });
});

describe('a new project', () => {
  it('is usable when the answer arrives', async () => {
    const made = await createProject({ project: { name: 'shop' } });
    assert.equal(made.project.name, 'shop');
    assert.deepEqual([made.branch.name, made.branch.default, made.databases[0].name, made.roles[0].name], ['main', true, 'neondb', 'neondb_owner']);
    for (const operation of made.operations) assert.equal(operation.status, 'finished');
    const [{ connection_uri, connection_parameters: parameters }] = made.connection_uris;
    assert.deepEqual([parameters.database, parameters.role], ['neondb', 'neondb_owner']);
    assert.equal(parameters.password, made.roles[0].password);
    assert.ok(connection_uri.includes(parameters.host));
    const db = await connect(connection_uri);
    await db.query('CREATE TABLE orders (id int)');
    await db.end();
    await api.deleteProject({ project_id: made.project.id });
  });

  it('takes names for its branch, database and role', async () => {
    const made = await createProject({ project: { branch: { name: 'trunk', database_name: 'shop', role_name: 'keeper' } } });
    assert.deepEqual([made.branch.name, made.databases[0].name, made.databases[0].owner_name, made.roles[0].name], ['trunk', 'shop', 'keeper', 'keeper']);
    const db = await connect(made.connection_uris[0].connection_uri);
    const { rows } = await db.query('SELECT current_database() AS database, current_user AS role');
    await db.end();
    assert.deepEqual(rows, [{ database: 'shop', role: 'keeper' }]);
    await api.deleteProject({ project_id: made.project.id });
  });

  it('can be listed, renamed and deleted', async () => {
    const { project } = await createProject({ project: { name: 'short-lived' } });
    const listed = await api.listProjects({}, { query: { limit: '400' } });
    assert.ok(listed.body.projects.some(({ id }) => id === project.id));
    assert.equal(typeof listed.body.applications, 'object');
    assert.equal(typeof listed.body.integrations, 'object');
    assert.deepEqual((await api.listProjects({}, { query: { search: 'short-li' } })).body.projects.map(({ id }) => id), [project.id]);

    const renamed = await api.updateProject({ project_id: project.id }, { body: { project: { name: 'renamed' } } });
    assert.equal(renamed.body.project.name, 'renamed');
    assert.equal((await api.getProject({ project_id: project.id })).body.project.name, 'renamed');

    const deleted = await api.deleteProject({ project_id: project.id });
    assert.equal(deleted.body.project.id, project.id);
    assertRefusal(await api.getProject({ project_id: project.id }), 404);
    assertRefusal(await api.deleteProject({ project_id: project.id }), 404);
    assert.ok(!(await api.listProjects({}, { query: { limit: '400' } })).body.projects.some(({ id }) => id === project.id));
  });

  it('is not among those that could be recovered, as none can', async () => {
    for (const recoverable of ['true', 'True']) assert.deepEqual((await api.listProjects({}, { query: { recoverable } })).body.projects, []);
    assert.ok((await api.listProjects({}, { query: { recoverable: 'false' } })).body.projects.length > 0);
    assertRefusal(await api.listProjects({}, { query: { recoverable: 'maybe' } }), 400, /recoverable/);
  });

  it('is listed in pages that end', async () => {
    const made = [await createProject(), await createProject()];
    const seen = [];
    let cursor;
    for (let pages = 0; pages < 10; pages++) {
      const { body } = await api.listProjects({}, { query: { limit: '1', ...(cursor ? { cursor } : {}) } });
      seen.push(...body.projects.map(({ id }) => id));
      cursor = body.pagination?.cursor;
      if (body.projects.length === 0 || !cursor) break;
    }
    assert.equal(new Set(seen).size, seen.length, 'a project was listed twice');
    for (const { project } of made) assert.ok(seen.includes(project.id));
    for (const { project } of made) await api.deleteProject({ project_id: project.id });
  });

  it('is refused when the request makes no sense', async () => {
    assertRefusal(await api.createProject({}, { body: {} }), 400, /project/);
    for (const body of [{ project: null }, { project: [] }, { project: { name: '' } }, { project: { name: 'x'.repeat(257) } }, { project: { name: 5 } }, { project: { branch: 7 } }, { project: { branch: { name: '' } } }, { project: { org_id: 'NOT AN ID' } }, []]) {
      const answer = await api.createProject({}, { body });
      assertRefusal(answer, 400);
    }
    for (const raw of ['', '{', 'null', '[', '"x"', '\u0000']) assertRefusal(await api.createProject({}, { raw, headers: { 'content-type': 'application/json' } }), 400);
    for (const name of ['a"b', 'a\u0000b', 'postgres', 'template1', 'x'.repeat(64), '']) {
      const answer = await api.createProject({}, { body: { project: { branch: { database_name: name } } } });
      if (answer.status === 201) {
        assert.equal(answer.body.databases[0].name, name);
        await api.deleteProject({ project_id: answer.body.project.id });
      } else assert.ok(answer.status >= 400 && answer.status < 500, `${JSON.stringify(name)}: ${answer.status}`);
    }
  });
});

describe('what is not there', () => {
  it('is 404 for ids of the right form and 400 or 404 for others', async () => {
    const ghost = 'no-body-00000000';
    assertRefusal(await api.getProject({ project_id: ghost }), 404);
    assertRefusal(await api.updateProject({ project_id: ghost }, { body: { project: { name: 'x' } } }), 404);
    assertRefusal(await api.listProjectBranches({ project_id: ghost }), 404);
    assertRefusal(await api.listProjectOperations({ project_id: ghost }), 404);
    assertRefusal(await api.getProjectBranch({ project_id, branch_id: 'br-no-body-00000000' }), 404);
    assertRefusal(await api.getProjectEndpoint({ project_id, endpoint_id: 'ep-no-body-00000000' }), 404);
    assertRefusal(await api.getProjectBranchDatabase({ ...branch, database_name: 'nope' }), 404);
    assertRefusal(await api.getProjectBranchRole({ ...branch, role_name: 'nope' }), 404);
    assertRefusal(await api.getProjectOperation({ project_id, operation_id: '00000000-0000-4000-8000-000000000000' }), 404);
    for (const odd of ['UPPER', 'a b', "a'b", '..', 'a/b', '%', 'x'.repeat(61), 'ä']) {
      const answer = await api.getProject({ project_id: odd });
      assert.ok([400, 404].includes(answer.status), `${odd}: ${answer.status}`);
    }
    const notAnOperation = await api.getProjectOperation({ project_id, operation_id: 'nope' });
    assert.ok([400, 404].includes(notAnOperation.status));
  });

  it('also when it is the route that does not exist', async () => {
    const headers = { authorization: `Bearer ${server.api_key}` };
    for (const [method, path] of [['GET', '/nope'], ['PUT', '/projects'], ['GET', '/projects/'], ['GET', '//projects'], ['DELETE', '/users/me']]) {
      const answer = await request(`${server.management_url}${path}`, { method, headers });
      assert.ok([404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
      assert.equal(typeof answer.body?.message, 'string', `${method} ${path}: ${answer.text}`);
    }
  });

  it('paging values that make no sense are refused or bounded', async () => {
    for (const query of [{ limit: '0' }, { limit: '-1' }, { limit: '401' }, { limit: 'x' }, { limit: '1e3' }, { limit: '99999999999999999999' }, { limit: '' }, { cursor: "'" }, { cursor: '\u0000' }, { cursor: 'x'.repeat(5000) }, { search: "%'_\\" }, { search: '\u0000' }]) {
      const answer = await api.listProjects({}, { query });
      assert.ok(answer.status < 500, `${JSON.stringify(query)}: ${answer.status}`);
    }
  });
});

describe('API keys', () => {
  it('can be made, used, listed and revoked', async () => {
    const made = await api.createApiKey({}, { body: { key_name: 'ci' } });
    assert.equal(made.status, 200);
    const { id, key } = made.body;
    assert.ok(Number.isSafeInteger(id) && id > 0);
    assert.ok(key.length >= 32);
    assert.equal((await api.getCurrentUserInfo({}, { key })).status, 200);

    const listed = await api.listApiKeys();
    assert.ok(listed.body.some((entry) => entry.id === id && entry.name === 'ci'));
    assert.ok(!listed.text.includes(key), 'the key is shown only once');

    const revoked = await api.revokeApiKey({ key_id: id });
    assert.equal(revoked.body.revoked, true);
    assertRefusal(await api.getCurrentUserInfo({}, { key }), 401);
    assert.ok(!(await api.listApiKeys()).body.some((entry) => entry.id === id));
    assertRefusal(await api.revokeApiKey({ key_id: id }), 404);
  });

  it('need a name of a sensible length', async () => {
    for (const body of [{}, { key_name: 5 }, { key_name: 'x'.repeat(65) }, { key_name: null }]) assertRefusal(await api.createApiKey({}, { body }), 400);
    for (const key_id of ['0', '-1', 'x', '99999999999999999999']) {
      const answer = await api.revokeApiKey({ key_id });
      assert.ok([400, 404].includes(answer.status), `${key_id}: ${answer.status}`);
    }
  });

  it('are needed, and are sent in one way only', async () => {
    const refusals = [];
    const { api_key: key } = server;
    for (const authorization of [undefined, '', 'Bearer', 'Bearer ', 'Bearer x', `Basic ${Buffer.from(`${key}:`).toString('base64')}`, key, `Token ${key}`, `Bearer ${key}x`, `Bearer ${key.slice(0, -1)}`, `Bearer ${key.toUpperCase()}x`, `Bearer "${key}"`, `Bearer ${key},${key}`, `Bearer\t${key}x`]) {
      refusals.push(await api.listProjects({}, { key: null, headers: { authorization } }));
    }
    refusals.push(await api.listProjects({}, { key: null, query: { api_key: key } }));
    refusals.push(await api.listProjects({}, { key: null, headers: { 'x-api-key': key } }));
    refusals.push(await api.listProjects({}, { key: null, headers: { cookie: `api_key=${key}` } }));
    for (const answer of refusals) {
      assertRefusal(answer, 401);
      assert.ok(!answer.text.includes(key));
    }
    assert.equal(new Set(refusals.map(({ body }) => body.message)).size, 1);
    assert.ok(!server.process.stderr.includes(key), 'the key is in the log');
  });

  it('are checked before anything else is said', async () => {
    assertRefusal(await api.getProject({ project_id: 'no-body-00000000' }, { key: 'x' }), 401);
    assertRefusal(await api.createProject({}, { key: 'x', raw: '{', headers: { 'content-type': 'application/json' } }), 401);
  });
});

describe('the account', () => {
  it('describes itself to every client', async () => {
    const { body: me } = await api.getCurrentUserInfo();
    assert.match(me.id, ids.uuid);
    assert.equal(typeof me.billing_account, 'object');
    const { body: auth } = await api.getAuthDetails();
    assert.equal(auth.auth_method, 'api_key_user');
    assert.equal(auth.account_id, me.id);
    assert.ok(Array.isArray((await api.getCurrentUserOrganizations()).body.organizations));
    const { body } = await api.getActiveRegions();
    assert.equal(body.regions.filter((region) => region.default).length, 1);
    const { body: project } = await api.getProject({ project_id });
    assert.ok(body.regions.some(({ region_id }) => region_id === project.project.region_id));
  });
});

it('a request id is taken along and given back', async () => {
  const answer = await api.getProject({ project_id: 'no-body-00000000' }, { headers: { 'x-request-id': 'trace-me-1' } });
  assert.deepEqual([answer.body.request_id, answer.headers['x-neon-ret-request-id']], ['trace-me-1', 'trace-me-1']);
  const good = await api.getProject({ project_id });
  assert.ok(good.headers['x-neon-ret-request-id']);
});
