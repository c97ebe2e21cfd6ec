// Requests to the management API that meet: whatever order they come in, each is answered, and what is left agrees with itself.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBranch, query } from '../support/branches.mjs';
import { eventually } from '../support/eventually.mjs';
import { managementClient } from '../support/management.mjs';
import { newDataDir, removeDataDir, useServer } from '../support/server.mjs';

// In memory where there is some: a branch is a thousand files, and a disk takes its time to remove them.
const dataDir = fs.existsSync('/dev/shm') ? `/dev/shm/argonauth-test-${crypto.randomUUID()}` : newDataDir();
after(() => removeDataDir(dataDir));
const server = await useServer({ dataDir });
const api = managementClient(server);
const many = (count, call) => Promise.all(Array.from({ length: count }, (_, i) => call(i)));
const statuses = (answers) => answers.map(({ status }) => status).sort();
const assertAnswered = (answers) => answers.forEach(({ status, text }) => assert.ok(status < 500, text));

async function newProject() {
  const { body } = await api.createProject({}, { body: { project: {} } });
  const project_id = body.project.id;
  return { project_id, endpoint_id: body.endpoints[0].id, main: { project_id, branch_id: body.branch.id }, uri: body.connection_uris[0].connection_uri };
}
const branchesOf = async (project_id) => (await api.listProjectBranches({ project_id })).body.branches;

/** What must hold of every project at any time when nothing is under way. */
async function assertConsistent(project_id) {
  const branches = await branchesOf(project_id);
  assert.equal(branches.filter((branch) => branch.default).length, 1);
  assert.equal(new Set(branches.map(({ name }) => name)).size, branches.length);
  for (const { id, parent_id, current_state } of branches) {
    assert.equal(current_state, 'ready');
    assert.ok(!parent_id || branches.some((other) => other.id === parent_id), `the parent of ${id} is gone`);
    const where = { project_id, branch_id: id };
    assert.equal((await api.listProjectBranchEndpoints(where)).body.endpoints.length, 1);
    const { body } = await api.getConnectionURI({ project_id }, { query: { branch_id: id, database_name: 'neondb', role_name: 'neondb_owner' } });
    assert.deepEqual(await query(body.uri, 'SELECT 1 AS one'), [{ one: 1 }]);
  }
  const { operations } = (await api.listProjectOperations({ project_id }, { query: { limit: 1000 } })).body;
  assert.deepEqual(operations.filter(({ status }) => !['finished', 'failed'].includes(status)), []);
}

/** Data directories and branches are the same; nothing runs on that nobody knows. */
async function assertNoOrphans() {
  const known = [];
  for (const project of (await api.listProjects({}, { query: { limit: 400 } })).body.projects) known.push(...(await branchesOf(project.id)).map(({ id }) => id));
  await eventually(() => assert.equal(fs.readdirSync(path.join(dataDir, 'branches')).length, known.length));
}
afterEach(assertNoOrphans);

describe('a project that is deleted', () => {
  it('takes branches along that are being made', async () => {
    for (const headStart of [0, 20, 60, 120, 200]) {
      const { project_id, main } = await newProject();
      const creations = many(3, () => api.createProjectBranch({ project_id }, { body: {} }));
      await sleep(headStart);
      const others = [api.createProjectBranchRole(main, { body: { role: { name: 'late' } } }), api.createNeonAuth(main, { body: { auth_provider: 'better_auth' } })];
      const deletions = await many(2, () => api.deleteProject({ project_id }));
      assert.deepEqual(statuses(deletions), [200, 404]);
      for (const { status } of await creations) assert.ok(status === 404 || status === 201);
      assertAnswered(await Promise.all(others));
      assert.equal((await api.getProject({ project_id })).status, 404);
      await assertNoOrphans();
    }
  });

  it('and a branch is, too, that is being restored', async () => {
    const { project_id, main } = await newProject();
    const child = await createBranch(api, project_id);
    const restores = many(2, () => api.restoreProjectBranch(child.ids, { body: { source_branch_id: main.branch_id } }));
    const deletion = api.deleteProjectBranch(child.ids);
    assertAnswered([...(await restores), await deletion]);
    assert.equal((await api.getProjectBranch(child.ids)).status, 404);
    await assertNoOrphans();
    const next = await createBranch(api, project_id);
    const more = many(2, (i) => api.restoreProjectBranch(next.ids, { body: { source_branch_id: main.branch_id, preserve_under_name: `kept ${i}` } }));
    assert.equal((await api.deleteProject({ project_id })).status, 200);
    assertAnswered(await more);
  });
});

describe('branches', () => {
  it('restored at once, from each other, are all there', async () => {
    const { project_id, main } = await newProject();
    const children = await many(3, () => createBranch(api, project_id));
    const sources = [main.branch_id, ...children.map(({ branch }) => branch.id)];
    const answers = await Promise.all(children.flatMap(({ ids }, i) => sources.filter((id) => id !== ids.branch_id).map((source_branch_id, j) =>
      api.restoreProjectBranch(ids, { body: { source_branch_id, ...(j === 0 ? { preserve_under_name: `before ${i}` } : {}) } }))));
    assertAnswered(answers);
    assert.ok(answers.some(({ status }) => status === 200));
    await assertConsistent(project_id);
    await api.deleteProject({ project_id });
  });

  it('made the default and deleted at once leave one default', async () => {
    const { project_id } = await newProject();
    const children = await many(3, () => createBranch(api, project_id));
    assertAnswered(await Promise.all(children.flatMap(({ ids }) => [api.setDefaultProjectBranch(ids), api.deleteProjectBranch(ids)])));
    await assertConsistent(project_id);
    await api.deleteProject({ project_id });
  });

  it('all renamed to one name: one gets it', async () => {
    const { project_id } = await newProject();
    const children = await many(3, () => createBranch(api, project_id));
    const answers = await Promise.all(children.map(({ ids }) => api.updateProjectBranch(ids, { body: { branch: { name: 'Jörg 🎷' } } })));
    assert.deepEqual(statuses(answers), [200, 409, 409]);
    await assertConsistent(project_id);
    await api.deleteProject({ project_id });
  });
});

describe('on one branch', () => {
  it('roles and databases made and deleted over and over are there or not', async () => {
    const { project_id, main } = await newProject();
    const role = { ...main, role_name: 'now' };
    const database = { ...main, database_name: 'now' };
    assertAnswered(await many(24, (i) => [
      () => api.createProjectBranchRole(main, { body: { role: { name: 'now' } } }),
      () => api.resetProjectBranchRolePassword(role),
      () => api.deleteProjectBranchRole(role),
      () => api.createProjectBranchDatabase(main, { body: { database: { name: 'now', owner_name: i % 8 ? 'now' : 'neondb_owner' } } }),
      () => api.updateProjectBranchDatabase(database, { body: { database: { owner_name: 'neondb_owner' } } }),
      () => api.deleteProjectBranchDatabase(database),
    ][i % 6]()));
    const { databases } = (await api.listProjectBranchDatabases(main)).body;
    const { roles } = (await api.listProjectBranchRoles(main)).body;
    for (const { owner_name } of databases) assert.ok(roles.some(({ name }) => name === owner_name), owner_name);
    await assertConsistent(project_id);
    await api.deleteProject({ project_id });
  });

  it('of many new passwords the last one counts, and no other', async () => {
    const { project_id, main, uri } = await newProject();
    const role = { ...main, role_name: 'neondb_owner' };
    const resets = await many(8, () => api.resetProjectBranchRolePassword(role));
    const { password } = (await api.getProjectBranchRolePassword(role)).body;
    const passwords = [new URL(uri).password, ...resets.map(({ body }) => body.role.password)];
    assert.ok(passwords.includes(password));
    for (const each of passwords) {
      const at = new URL(uri);
      at.password = each;
      const attempt = query(at.href, 'SELECT 1');
      await (each === password ? attempt : assert.rejects(attempt, /password authentication failed/));
    }
    await api.deleteProject({ project_id });
  });

  it('endpoints stop, start and restart while branches are made', async () => {
    const { project_id, endpoint_id } = await newProject();
    const actions = ['startProjectEndpoint', 'suspendProjectEndpoint', 'restartProjectEndpoint'];
    const creations = many(3, () => api.createProjectBranch({ project_id }, { body: {} }));
    assert.deepEqual(statuses(await many(9, (i) => api[actions[i % 3]]({ project_id, endpoint_id }))), Array(9).fill(200));
    assert.deepEqual(statuses(await creations), [201, 201, 201]);
    await assertConsistent(project_id);
    await api.deleteProject({ project_id });
  });

  it('auth goes while its settings change: each change is made, or refused as there is no auth', async () => {
    const { project_id, main } = await newProject();
    for (let round = 0; round < 4; ++round) {
      await api.createNeonAuth(main, { body: { auth_provider: 'better_auth' } });
      const answers = await Promise.all([
        ...Array.from({ length: 6 }, (_, i) => api.updateNeonAuthOrganizationPlugin(main, { body: { organization_limit: i + 1 } })),
        api.disableNeonAuth(main, { body: { delete_data: true } }),
        ...Array.from({ length: 6 }, (_, i) => api.updateNeonAuthConfig(main, { body: { name: `App ${i}` } })),
        api.createBranchNeonAuthNewUser(main, { body: { email: 'a@example.com' } }),
        api.getNeonAuthPluginConfigs(main),
      ]);
      for (const { status, text } of answers) assert.ok([200, 201, 404].includes(status), text);
      assert.equal((await api.getNeonAuth(main)).status, 404);
    }
    await api.deleteProject({ project_id });
  });
});
