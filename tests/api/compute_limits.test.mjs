// Sizes of computes and settings of endpoints have no effect here; tools that write them find them again.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const api = managementClient(server);
const limits = ({ autoscaling_limit_min_cu: min, autoscaling_limit_max_cu: max }) => [min, max];
const cu = (min, max) => ({ ...(min && { autoscaling_limit_min_cu: min }), ...(max && { autoscaling_limit_max_cu: max }) });

describe('the size of a compute', () => {
  const endpoint = { project_id: server.project_id, endpoint_id: server.endpoint_id };
  const change = (options) => api.updateProjectEndpoint(endpoint, { body: { endpoint: options } });

  it('is shown as it was set', async () => {
    assert.deepEqual(limits((await api.getProjectEndpoint(endpoint)).body.endpoint), [0.25, 0.25]);
    for (const [sent, shown] of [[cu(0.5, 4), [0.5, 4]], [cu(undefined, 2), [0.5, 2]], [cu(1.125), [1.125, 2]], [{ name: 'x' }, [1.125, 2]], [cu(8), [8, 8]], [cu(undefined, 0.25), [0.25, 0.25]]]) {
      const answer = await change(sent);
      assert.deepEqual(limits(answer.body.endpoint), shown, JSON.stringify(sent));
      assert.deepEqual(limits((await api.getProjectEndpoint(endpoint)).body.endpoint), shown);
    }
    assertRefusal(await change(cu(2, 1)), 400, /autoscaling_limit_min_cu/);
    assertRefusal(await change(cu(0.1)), 400, /autoscaling_limit_min_cu/);
    assert.equal((await change(cu(1e300))).status, 200);
  });

  it('of a project begins its endpoints', async () => {
    const create = async (project) => (await api.createProject({}, { body: { project } })).body;
    const plain = await create(cu(0.5, 3));
    assert.deepEqual(limits(plain.endpoints[0]), [0.5, 3]);
    const { project, endpoints } = await create({ default_endpoint_settings: { ...cu(1, 2), suspend_timeout_seconds: 120 } });
    assert.deepEqual([...limits(endpoints[0]), endpoints[0].suspend_timeout_seconds], [1, 2, 120]);
    const branch = async (body) => (await api.createProjectBranch({ project_id: project.id }, { body })).body.endpoints[0];
    const inherited = await branch({});
    assert.deepEqual([...limits(inherited), inherited.suspend_timeout_seconds], [1, 2, 120]);
    const own = await branch({ endpoints: [{ type: 'read_write', ...cu(0.25, 8), settings: { pg_settings: { log_statement: 'all' } } }] });
    assert.deepEqual([limits(own), own.settings], [[0.25, 8], { pg_settings: { log_statement: 'all' } }]);
    assert.deepEqual((await api.getProjectEndpoint({ project_id: project.id, endpoint_id: own.id })).body.endpoint.settings, own.settings);
    assertRefusal(await api.createProject({}, { body: { project: cu(2, 1) } }), 400, /autoscaling/);
    assertRefusal(await api.createProjectBranch({ project_id: project.id }, { body: { endpoints: [{ type: 'read_write', ...cu(2, 1) }] } }), 400, /autoscaling/);
  });
});
