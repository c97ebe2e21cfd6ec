// S144: names of branches, databases and roles that are more than letters: taken as they are, or refused; never cut, never run.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createBranch, query } from '../support/branches.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const api = managementClient(server);
const odd = ['a"b', "a'b", 'a;b', 'a b', 'a\\b', '$1', '%s', '"; DROP SCHEMA neon_auth CASCADE; --', 'Größe-李', '../x', 'A', 'select'];
const never = ['', 'a\0b', 'x'.repeat(64), '李'.repeat(22)];
const reserved = ['pg_x', 'neon_auth', 'postgres', 'template0', 'public', 'PUBLIC', 'none'];
let branch;
before(async () => (branch = await createBranch(api, server.project_id, { name: 'odd' })));

const stillThere = async () => assert.equal((await query(branch.uri, 'SELECT count(*) FROM neon_auth."user"')).length, 1);
const listed = async (list, key) => list.map((item) => item[key]);

describe('S144: odd names', () => {
  it('of databases', async () => {
    const create = (name) => api.createProjectBranchDatabase(branch.ids, { body: { database: { name, owner_name: 'neondb_owner' } } });
    const made = [];
    for (const name of [...odd, 'x'.repeat(63), ...never]) {
      const answer = await create(name);
      assert.ok([201, 400].includes(answer.status), `${JSON.stringify(name)}: ${answer.status} ${answer.text}`);
      if (never.includes(name)) assert.equal(answer.status, 400, name);
      if (answer.status === 201) made.push(answer.body.database.name);
    }
    const { body } = await api.listProjectBranchDatabases(branch.ids);
    assert.deepEqual((await listed(body.databases, 'name')).filter((name) => name !== 'neondb').sort(), made.sort());
    for (const name of made) assert.ok(odd.includes(name) || name === 'x'.repeat(63), name);
    for (const name of ['postgres', 'template0', 'template1']) assert.ok((await create(name)).status >= 400, name);
    await stillThere();
  });

  it('of roles', async () => {
    const create = (name) => api.createProjectBranchRole(branch.ids, { body: { role: { name } } });
    const made = [];
    for (const name of [...odd, 'x'.repeat(63), ...never, ...reserved]) {
      const answer = await create(name);
      assert.ok([201, 400, 409].includes(answer.status), `${JSON.stringify(name)}: ${answer.status} ${answer.text}`);
      if (never.includes(name)) assert.equal(answer.status, 400, name);
      if (['pg_x', 'neon_auth', 'postgres', 'public', 'none'].includes(name)) assert.notEqual(answer.status, 201, name);
      if (answer.status === 201) made.push(answer.body.role.name);
    }
    const names = await listed((await api.listProjectBranchRoles(branch.ids)).body.roles, 'name');
    for (const name of made) assert.ok(names.includes(name), name);
    await stillThere();
  });

  it('of branches', async () => {
    for (const name of odd.slice(0, 8)) {
      const answer = await api.createProjectBranch({ project_id: server.project_id }, { body: { branch: { name } } });
      assert.ok([201, 400].includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
      if (answer.status !== 201) continue;
      assert.equal(answer.body.branch.name, name);
      await api.deleteProjectBranch({ project_id: server.project_id, branch_id: answer.body.branch.id });
    }
    for (const name of ['a\0b', 'x'.repeat(300)]) assert.equal((await api.createProjectBranch({ project_id: server.project_id }, { body: { branch: { name } } })).status, 400, name);
    await stillThere();
  });
});
