// An endpoint that goes while databases and roles of its branch go, as `terraform destroy` does it: nobody's request is cut off.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const api = managementClient(server);
const { project_id } = server;

it('the server of a branch stops when its databases are changed no more', async () => {
  const { branch, endpoints } = (await api.createProjectBranch({ project_id }, { body: { endpoints: [{ type: 'read_write' }] } })).body;
  const ids = { project_id, branch_id: branch.id };
  let endpoint_id = endpoints[0].id;
  for (let round = 0; round < 6; ++round) {
    const names = [1, 2, 3].map((number) => `d${round}_${number}`);
    for (const name of names) await api.createProjectBranchDatabase(ids, { body: { database: { name, owner_name: 'neondb_owner' } } });
    const answers = await Promise.all([
      ...names.map((database_name) => api.deleteProjectBranchDatabase({ ...ids, database_name })),
      api.deleteProjectEndpoint({ project_id, endpoint_id }),
    ]);
    assert.deepEqual(answers.map(({ status, text }) => (status === 200 ? 200 : text)), [200, 200, 200, 200], `round ${round}`);
    const made = await api.createProjectEndpoint({ project_id }, { body: { endpoint: { branch_id: branch.id, type: 'read_write' } } });
    endpoint_id = made.body.endpoint.id;
  }
});
