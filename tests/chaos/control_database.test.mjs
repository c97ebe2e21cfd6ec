// The control database dies while branches are made and deleted, and the program runs on: nothing stays half done.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, it } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { managementClient } from '../support/management.mjs';
import { killAll, mentioning } from '../support/processes.mjs';
import { Server, newDataDir, removeDataDir } from '../support/server.mjs';
import { whoIs, signUp } from '../support/users.mjs';

const dataDir = newDataDir();
after(() => {
  killAll(mentioning(dataDir)); // Only what a failed test left behind.
  removeDataDir(dataDir);
});

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const postmaster = () => Number(fs.readFileSync(path.join(dataDir, 'control', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

it('a branch that was being made or deleted is whole or gone soon after the control database is back', async (t) => {
  const server = await Server.start({ dataDir });
  const { project_id } = server.panel;
  const api = managementClient(server.panel);
  const user = await signUp(server.baseUrl);
  let refused = 0;
  for (let round = 0; round < 4; round++) {
    const name = `round-${round}`;
    const making = api.createProjectBranch({ project_id }, { body: { branch: { name }, endpoints: [{ type: 'read_write' }] } }).catch((error) => error);
    const doomed = round > 1 ? (await making).body.branch.id : null;
    const deleting = doomed ? api.deleteProjectBranch({ project_id, branch_id: doomed }).catch((error) => error) : making;
    await pause(doomed ? 2 + round * 3 : 40 + round * 60);
    process.kill(postmaster(), 'SIGKILL');
    const told = await deleting;
    if (told.status >= 500) refused++;
    assert.equal(await whoIs(server.baseUrl, user.jar), user.id, 'another branch noticed');

    // Settled: what is listed can be used, its name is taken; what is not listed is gone and its name free.
    await eventually(async () => {
      const again = await api.createProjectBranch({ project_id }, { body: { branch: { name: `probe-${round}` } } });
      assert.equal(again.status, 201, again.text);
      await api.deleteProjectBranch({ project_id, branch_id: again.body.branch.id });
    }, { within: 15_000, every: 200 });
    await eventually(async () => {
      const { branches } = (await api.listProjectBranches({ project_id })).body;
      const directories = fs.readdirSync(path.join(dataDir, 'branches'));
      assert.equal(directories.length, branches.length, `${directories} for ${branches.map(({ id }) => id)}`);
      const { operations } = (await api.listProjectOperations({ project_id }, { query: { limit: '1000' } })).body;
      for (const { action, status } of operations) assert.ok(['finished', 'failed'].includes(status), `${action} is ${status}`);
      const left = branches.find((branch) => branch.name === name);
      if (told.status === 201 && !doomed) assert.ok(left, 'a branch that was promised is gone');
      if (told.status === 200 && doomed) assert.ok(!left, 'a branch that was deleted is there');
      if (left) await api.deleteProjectBranch({ project_id, branch_id: left.id });
      const fresh = await api.createProjectBranch({ project_id }, { body: { branch: { name } } });
      assert.equal(fresh.status, 201, fresh.text);
      await api.deleteProjectBranch({ project_id, branch_id: fresh.body.branch.id });
    }, { within: 15_000, every: 200 });
  }
  t.diagnostic(`${refused} of 4 crashes hit a request`); // on a fast machine perhaps none
  await server.stop();
});
