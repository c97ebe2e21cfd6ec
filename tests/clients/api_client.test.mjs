// @neondatabase/api-client, the axios client that older tools and actions are built on.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createApiClient } from '@neondatabase/api-client';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { psql } from '../support/psql.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const proxy = await useContractProxy(server);
const api = createApiClient({ apiKey: server.api_key, baseURL: proxy.management_url });
const { project_id, branch_id, endpoint_id } = server;

describe('@neondatabase/api-client', () => {
  it('reads the account', async () => {
    assert.equal((await api.getCurrentUserInfo()).data.login, 'operator');
    assert.deepEqual((await api.getCurrentUserOrganizations()).data.organizations, []);
    assert.equal((await api.getAuthDetails()).data.auth_method, 'api_key_user');
    assert.equal((await api.getActiveRegions()).data.regions.length, 1);
  });

  it('throws what the server says, with its status', async () => {
    const refused = (status, message) => (error) => {
      assert.deepEqual([error.response.status, error.response.data.code], [status, '']);
      assert.match(error.response.data.message, message);
      return true;
    };
    await assert.rejects(api.getProject('no-such-project-00000000'), refused(404, /project not found/));
    await assert.rejects(api.createProject({ project: { name: '' } }), refused(400, /body\.project\.name/));
    const stranger = createApiClient({ apiKey: 'napi_wrong', baseURL: proxy.management_url });
    await assert.rejects(stranger.listProjects({}), refused(401, /API key/));
  });

  it('manages API keys', async () => {
    const { data: made } = await api.createApiKey({ key_name: 'from axios' });
    const other = createApiClient({ apiKey: made.key, baseURL: proxy.management_url });
    assert.equal((await other.listApiKeys()).data.length, 2);
    assert.equal((await api.revokeApiKey(made.id)).data.revoked, true);
    await assert.rejects(other.listApiKeys(), { status: 401 });
  });

  it('makes a project that is ready at once, finds it page by page, changes and deletes it', async () => {
    const { status, data } = await api.createProject({ project: { name: 'axios', pg_version: 15, branch: { name: 'trunk', database_name: 'shop', role_name: 'keeper' } } });
    assert.equal(status, 201);
    assert.equal(await psql(data.connection_uris[0].connection_uri, 'SELECT current_user, current_database()'), 'keeper|shop');
    assert.ok(data.operations.every((operation) => operation.status === 'finished'));

    const found = new Set();
    let cursor;
    do {
      const { data: page } = await api.listProjects({ limit: 1, cursor });
      for (const { id } of page.projects) found.add(id);
      cursor = page.projects.length ? page.pagination?.cursor : undefined;
    } while (cursor);
    assert.deepEqual(found, new Set([project_id, data.project.id]));
    assert.deepEqual((await api.listProjects({ search: 'axios' })).data.projects.map(({ id }) => id), [data.project.id]);
    assert.deepEqual((await api.listSharedProjects({})).data.projects, []);

    assert.equal((await api.updateProject(data.project.id, { project: { name: 'renamed' } })).data.project.name, 'renamed');
    assert.equal((await api.deleteProject(data.project.id)).data.project.id, data.project.id);
    await assert.rejects(api.getProject(data.project.id), { status: 404 });
    // Tools poll operations after the project is gone, for ever if they get an error.
    assert.equal((await api.getProjectOperation(data.project.id, data.operations[0].id)).data.operation.status, 'finished');
  });

  it('reads what is in a branch', async () => {
    const { data: list } = await api.listProjectBranches({ projectId: project_id });
    assert.deepEqual([list.branches.map(({ id }) => id), list.annotations], [[branch_id], {}]);
    assert.equal((await api.getProjectBranch(project_id, branch_id)).data.branch.name, 'main');
    assert.equal((await api.countProjectBranches({ projectId: project_id })).data.count, 1);
    assert.equal((await api.listProjectEndpoints(project_id)).data.endpoints[0].id, endpoint_id);
    assert.equal((await api.getProjectEndpoint(project_id, endpoint_id)).data.endpoint.branch_id, branch_id);
    assert.equal((await api.listProjectBranchEndpoints(project_id, branch_id)).data.endpoints.length, 1);
    assert.equal((await api.getProjectBranchDatabase(project_id, branch_id, 'neondb')).data.database.owner_name, 'neondb_owner');
    assert.equal((await api.listProjectBranchDatabases(project_id, branch_id)).data.databases.length, 1);
    assert.equal((await api.listProjectBranchRoles(project_id, branch_id)).data.roles.length, 1);
    assert.equal((await api.getProjectBranchRole(project_id, branch_id, 'neondb_owner')).data.role.name, 'neondb_owner');
    assert.ok((await api.listProjectOperations({ projectId: project_id })).data.operations.length >= 2);
  });

  it('connects with the connection URI, pooled too', async () => {
    const asked = { projectId: project_id, database_name: 'neondb', role_name: 'neondb_owner' };
    const { data: revealed } = await api.getProjectBranchRolePassword(project_id, branch_id, 'neondb_owner');
    for (const pooled of [false, true]) {
      const { uri } = (await api.getConnectionUri({ ...asked, pooled })).data;
      assert.equal(new URL(uri).hostname.startsWith(`${endpoint_id}${pooled ? '-pooler' : ''}.`), true, uri);
      assert.equal(decodeURIComponent(new URL(uri).password), revealed.password);
      assert.equal(await psql(uri, 'SELECT 1'), '1');
    }
  });

  it('enables and disables auth, with a body on DELETE', async () => {
    await assert.rejects(api.createNeonAuth(project_id, branch_id, { auth_provider: 'better_auth' }), { status: 409 });
    assert.equal((await api.getNeonAuth(project_id, branch_id)).data.base_url, server.base_url);
    const { status, data } = await api.disableNeonAuth(project_id, branch_id, { delete_data: true });
    assert.deepEqual([status, data], [200, '']);
    await assert.rejects(api.getNeonAuth(project_id, branch_id), { status: 404 });
    const enabled = await api.createNeonAuth(project_id, branch_id, { auth_provider: 'better_auth', database_name: 'neondb' });
    assert.deepEqual([enabled.status, enabled.data.jwks_url], [201, server.jwks_url]);
  });
});
