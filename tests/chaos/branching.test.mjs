// The server is killed in the middle of a copy, again and again: afterwards a branch is whole or gone, and its operation says which.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { query } from '../support/branches.mjs';
import { managementClient } from '../support/management.mjs';
import { descendantsOf, killAll, mentioning } from '../support/processes.mjs';
import { Server, newDataDir, removeDataDir } from '../support/server.mjs';
import { password, signIn, signUp } from '../support/users.mjs';

const dataDir = newDataDir();
let user; // The first test makes somebody whom every branch of both tests knows.
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

after(() => {
  killAll(mentioning(dataDir)); // Only what a failed test left behind.
  removeDataDir(dataDir);
});

const uriOf = async (api, project_id, branch_id) =>
  (await api.getConnectionURI({ project_id }, { query: { branch_id, database_name: 'neondb', role_name: 'neondb_owner' } })).body.uri;

/** Everything that is left has to be usable; everything else has to be gone without a trace. */
async function examine(server, { restores = false } = {}) {
  const { project_id } = server.panel;
  const api = managementClient(server.panel);
  const { branches } = (await api.listProjectBranches({ project_id })).body;
  for (const { id, name, current_state } of branches) {
    assert.equal(current_state, 'ready', name);
    assert.deepEqual(await query(await uriOf(api, project_id, id), 'SELECT count(*)::int AS n FROM ballast'), [{ n: 20000 }], name);
    await signIn((await api.getNeonAuth({ project_id, branch_id: id })).body.base_url, { email: user.email, password });
  }
  const known = new Set(branches.map(({ id }) => id));
  const { operations } = (await api.listProjectOperations({ project_id }, { query: { limit: '1000' } })).body;
  for (const { action, branch_id, status, error } of operations) {
    assert.ok(['finished', 'failed'].includes(status), `${action} is ${status}`);
    if (status === 'failed') assert.ok(error.length > 0);
    if (action === 'create_branch' && status === 'failed' && !restores) assert.ok(!known.has(branch_id), 'a failed branch is there');
  }
  const directories = fs.readdirSync(path.join(dataDir, 'branches'));
  assert.equal(directories.length, branches.length, `${directories} for ${branches.map(({ id }) => id)}`);
  return { api, branches, operations };
}

async function crash(server, delay, withPostgres) {
  await pause(delay);
  const victims = withPostgres ? descendantsOf(server.child.pid) : [];
  await Promise.all([server.kill(), killAll(victims)]);
}

describe('killed while branches are made', () => {
  it('leaves each of them whole or gone', async () => {
    let server = await Server.start({ dataDir });
    user = await signUp(server.baseUrl);
    await query(server.panel.connection_uri, `CREATE TABLE ballast AS SELECT i, repeat('x', 400) AS filler FROM generate_series(1, 20000) AS g (i)`);
    const outcomes = { whole: 0, gone: 0 };
    for (let round = 0; round < 8; round++) {
      const api = managementClient(server.panel);
      const name = `round-${round}`;
      const { project_id } = server.panel;
      const answer = api.createProjectBranch({ project_id }, { body: { branch: { name }, endpoints: [{ type: 'read_write' }] } }).catch(() => null);
      await crash(server, 5 + round * 25, round % 2 === 1);
      const told = await answer;
      server = await Server.start({ dataDir });
      const { api: afterwards, branches, operations } = await examine(server);
      const made = branches.find((branch) => branch.name === name);
      outcomes[made ? 'whole' : 'gone']++;
      if (told?.status === 201) assert.ok(made, 'a branch that was promised is gone');
      if (!made) {
        const again = await afterwards.createProjectBranch({ project_id }, { body: { branch: { name } } });
        assert.equal(again.status, 201, `its name is not free again: ${again.text}`);
        await afterwards.deleteProjectBranch({ project_id, branch_id: again.body.branch.id });
      } else {
        await afterwards.deleteProjectBranch({ project_id, branch_id: made.id });
        assert.ok(operations.some((operation) => operation.branch_id === made.id && operation.action === 'create_branch' && operation.status === 'finished'));
      }
    }
    assert.ok(outcomes.gone > 0, 'no crash hit a copy: the test proves nothing');
    await server.stop();
  });
});

describe('killed while a branch is restored or deleted', () => {
  it('leaves it as it was or as it should be', async () => {
    let server = await Server.start({ dataDir });
    const { project_id, branch_id } = server.panel;
    const made = (await managementClient(server.panel).createProjectBranch({ project_id }, { body: { branch: { name: 'target' }, endpoints: [{ type: 'read_write' }] } })).body;
    const target = { project_id, branch_id: made.branch.id };
    const uri = made.connection_uris[0].connection_uri;
    await query(uri, 'CREATE TABLE own AS SELECT 1 AS one');
    for (let round = 0; round < 6; round++) {
      const api = managementClient(server.panel);
      const answer = api.restoreProjectBranch(target, { body: { source_branch_id: branch_id, preserve_under_name: `before-${round}` } }).catch(() => null);
      await crash(server, 20 + round * 30, round % 2 === 0);
      const told = await answer;
      server = await Server.start({ dataDir });
      const { branches } = await examine(server, { restores: true });
      const preserved = branches.some(({ name }) => name === `before-${round}`);
      if (told?.status === 200) assert.ok(preserved);
      assert.deepEqual(await query(uri, 'SELECT count(*)::int AS n FROM ballast'), [{ n: 20000 }], 'its connection string still works');
    }
    const api = managementClient(server.panel);
    const doomed = (await api.createProjectBranch({ project_id }, { body: { branch: { name: 'doomed' } } })).body.branch.id;
    const answer = api.deleteProjectBranch({ project_id, branch_id: doomed }).catch(() => null);
    await crash(server, 4, false);
    await answer;
    server = await Server.start({ dataDir });
    await examine(server, { restores: true });
    await server.stop();
    assert.deepEqual(mentioning(dataDir), [], 'processes are left after a clean stop');
  });
});
