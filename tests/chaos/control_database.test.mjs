// The control database dies while branches are made, restored and deleted, and the program runs on: nothing stays half done.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { createBranch, query } from '../support/branches.mjs';
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
const branchesDir = path.join(dataDir, 'branches');
const clusters = () => fs.readdirSync(branchesDir);
const settled = (check) => eventually(check, { within: 20_000, every: 100 });

function crash() {
  process.kill(Number(fs.readFileSync(path.join(dataDir, 'control', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGKILL');
}

const pidFile = (cluster) => path.join(branchesDir, cluster, 'data', 'postmaster.pid');

/** Looks so often that what comes next has hardly begun. */
async function moment(arrived) {
  for (const deadline = Date.now() + 20_000; !arrived(); await pause(0)) assert.ok(Date.now() < deadline, 'the moment did not come');
}

/** The directory that the work makes. */
async function newCluster(before) {
  let made;
  await moment(() => (made = clusters().find((name) => !before.includes(name))));
  return made;
}

describe('while the program runs on, the control database dies', () => {
  let server, project_id, api, user;

  /** What is listed is there and nothing else, and no operation is on its way. */
  async function checkHouse() {
    const { branches } = (await api.listProjectBranches({ project_id })).body;
    assert.equal(clusters().length, branches.length, `${clusters()} for ${branches.map(({ id }) => id)}`);
    const { operations } = (await api.listProjectOperations({ project_id }, { query: { limit: '1000' } })).body;
    for (const { action, status } of operations) assert.ok(['finished', 'failed'].includes(status), `${action} is ${status}`);
    return branches;
  }

  async function checkOthersNoticedNothing() {
    assert.equal(await whoIs(server.baseUrl, user.jar), user.id);
  }

  async function checkNameIsFree(name) {
    const fresh = await api.createProjectBranch({ project_id }, { body: { branch: { name } } });
    assert.equal(fresh.status, 201, fresh.text);
    await api.deleteProjectBranch({ project_id, branch_id: fresh.body.branch.id });
  }

  it('(a server with a user)', async () => {
    server = await Server.start({ dataDir });
    project_id = server.panel.project_id;
    api = managementClient(server.panel);
    user = await signUp(server.baseUrl);
    await query(server.panel.connection_uri, "CREATE TABLE content AS SELECT 'source' AS value");
  });

  it('while a branch is made: it is whole or gone, and its name free', async () => {
    const moments = {
      begun: () => true,
      starting: (cluster) => fs.existsSync(pidFile(cluster)),
      started: (cluster) => fs.existsSync(pidFile(cluster)) && fs.readFileSync(pidFile(cluster), 'utf8').includes('ready'),
    };
    let hits = 0;
    for (const [name, arrived] of Object.entries(moments)) {
      const before = clusters();
      const making = api.createProjectBranch({ project_id }, { body: { branch: { name }, endpoints: [{ type: 'read_write' }] } });
      const cluster = await newCluster(before);
      await moment(() => arrived(cluster));
      crash();
      const told = await making;
      if (told.status >= 500) hits++;
      await checkOthersNoticedNothing();
      await settled(async () => {
        const left = (await checkHouse()).find((branch) => branch.name === name);
        if (told.status === 201) assert.ok(left, 'a branch that was promised is gone');
        if (left) await api.deleteProjectBranch({ project_id, branch_id: left.id });
        await checkNameIsFree(name);
      });
    }
    assert.ok(hits > 0, 'no crash hit the work');
  });

  it('while a branch is deleted: it is gone', async () => {
    const { ids } = await createBranch(api, project_id, { name: 'doomed' });
    const deleting = api.deleteProjectBranch(ids);
    await moment(() => !fs.existsSync(pidFile(ids.branch_id)));
    crash();
    const told = await deleting;
    assert.ok(told.status === 200 || told.status >= 500, told.text);
    await checkOthersNoticedNothing();
    await settled(async () => {
      assert.ok((await checkHouse()).every(({ name }) => name !== 'doomed'));
      await checkNameIsFree('doomed');
    });
  });

  const restores = [
    { when: 'the copy begins', preserve: false, arrived: () => true },
    { when: 'the copy is ready', preserve: false, arrived: (copy) => !fs.existsSync(pidFile(copy)) },
    { when: 'the copy is ready, and its data are kept under another name', preserve: true, arrived: (copy) => !fs.existsSync(pidFile(copy)) },
  ];
  for (const [round, { when, preserve, arrived }] of restores.entries()) {
    it(`while a branch is restored, when ${when}: it is as before or as it should be, and what is written later stays`, async () => {
      const target = await createBranch(api, project_id, { name: `target-${round}` });
      await query(target.uri, "UPDATE content SET value = 'own'");
      const before = clusters();
      const body = { source_branch_id: server.panel.branch_id, ...(preserve && { preserve_under_name: `kept-${round}` }) };
      const restoring = api.restoreProjectBranch(target.ids, { body });
      const copy = await newCluster(before);
      await moment(() => fs.existsSync(pidFile(copy)));
      await moment(() => arrived(copy));
      crash();
      const told = await restoring;
      assert.ok(told.status === 200 || told.status >= 500, told.text);
      await checkOthersNoticedNothing();
      let value;
      await settled(async () => {
        const kept = (await checkHouse()).some(({ name }) => name === `kept-${round}`);
        [{ value }] = await query(target.uri, 'SELECT value FROM content');
        if (preserve) assert.equal(value, kept ? 'source' : 'own');
      });
      assert.ok(['own', 'source'].includes(value));
      if (told.status === 200) assert.equal(value, 'source');
      await query(target.uri, "INSERT INTO content VALUES ('later')");
      await server.stop();
      server = await Server.start({ dataDir });
      api = managementClient(server.panel);
      await checkOthersNoticedNothing(); // also: from now on this branch is known without the control database
      await settled(checkHouse);
      assert.deepEqual(await query(target.uri, 'SELECT value FROM content'), [{ value }, { value: 'later' }]);
      const kept = (await checkHouse()).find(({ name }) => name === `kept-${round}`);
      if (kept) assert.deepEqual(await query(await uriOf(kept.id), 'SELECT value FROM content'), [{ value: 'own' }]);
    });
  }

  async function uriOf(branch_id) {
    const answer = await api.getConnectionURI({ project_id }, { query: { branch_id, database_name: 'neondb', role_name: 'neondb_owner' } });
    return answer.body.uri;
  }

  it('(stops cleanly)', async () => {
    await server.stop();
    assert.deepEqual(mentioning(dataDir), [], 'processes are left');
  });
});
