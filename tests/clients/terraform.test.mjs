// The Terraform provider kislerdm/neon, played as the requests it makes and the members it reads (its address is built in, so the real one
// needs a TLS proxy). What it reads must be what it wrote, or every plan changes something; a region that differs replaces the project.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { psql } from '../support/psql.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const proxy = await useContractProxy(server);

/** Every answer below 300 is parsed as JSON; anything else but 404 ends the run. */
async function call(method, path, body) {
  const answer = await fetch(`${proxy.management_url}${path}`, {
    method,
    headers: { authorization: `Bearer ${server.api_key}`, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}
async function must(method, path, body) {
  const answer = await call(method, path, body);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  for (const { status } of answer.body.operations ?? []) assert.equal(status, 'finished');
  return answer.body;
}

/** What the provider keeps of a project: it goes through `settings.allowed_ips` without looking whether it is there. */
async function readProject(id) {
  const { project } = await must('GET', `/projects/${id}`);
  const branch = (await must('GET', `/projects/${id}/branches`)).branches.find((one) => one.default);
  const endpoint = (await must('GET', `/projects/${id}/branches/${branch.id}/endpoints`)).endpoints[0];
  const database = (await must('GET', `/projects/${id}/branches/${branch.id}/databases`)).databases[0];
  const { password } = await must('GET', `/projects/${id}/branches/${branch.id}/roles/${database.owner_name}/reveal_password`);
  const { quota } = project.settings;
  return {
    name: project.name,
    region_id: project.region_id,
    provisioner: project.provisioner,
    pg_version: project.pg_version,
    history_retention_seconds: project.history_retention_seconds,
    store_passwords: project.store_passwords,
    default_endpoint_settings: project.default_endpoint_settings,
    quota: quota?.active_time_seconds,
    allowed_ips: project.settings.allowed_ips.ips,
    protected_branches_only: project.settings.allowed_ips.protected_branches_only,
    maintenance_window: project.settings.maintenance_window,
    enable_logical_replication: project.settings.enable_logical_replication,
    branch: { name: branch.name, role_name: database.owner_name, database_name: database.name },
    protected: branch.protected,
    uri: `postgresql://${database.owner_name}:${password}@${endpoint.host}/${database.name}`,
  };
}

describe('neon_project', () => {
  it('with nothing but a name has settings that can be read', async () => {
    const made = await must('POST', '/projects', { project: { history_retention_seconds: 86400, name: 'min', store_passwords: true } });
    assert.deepEqual(made.project.settings.allowed_ips, { ips: [], protected_branches_only: false });
    const read = await readProject(made.project.id);
    assert.deepEqual([read.allowed_ips, read.region_id, read.provisioner], [[], 'local', 'local']);
    // An update that sets nothing sends an empty list all the same.
    await must('PATCH', `/projects/${made.project.id}`, { project: { settings: { allowed_ips: {} } } });
    assert.deepEqual((await readProject(made.project.id)).allowed_ips, []);
    const { projects } = await must('GET', '/projects?limit=100');
    for (const { settings } of projects) assert.deepEqual(settings.allowed_ips.ips, []);
    await must('DELETE', `/projects/${made.project.id}`);
  });

  it('with everything is read as it was written', async () => {
    const settings = {
      allowed_ips: { ips: ['1.2.3.4/24', '99.1.20.93'], protected_branches_only: false },
      block_public_connections: false,
      enable_logical_replication: true,
      maintenance_window: { end_time: '02:00', start_time: '01:00', weekdays: [7] },
      quota: { active_time_seconds: 36000 },
    };
    const sent = {
      branch: { database_name: 'app', name: 'production', role_name: 'owner' },
      default_endpoint_settings: { autoscaling_limit_max_cu: 1, autoscaling_limit_min_cu: 0.25, suspend_timeout_seconds: 300 },
      history_retention_seconds: 86400, name: 'tf', pg_version: 15, provisioner: 'k8s-neonvm', region_id: 'aws-us-east-2', settings, store_passwords: true,
    };
    const { project, branch, endpoints } = await must('POST', '/projects', { project: sent });
    assert.deepEqual([endpoints[0].region_id, endpoints[0].provisioner], ['aws-us-east-2', 'k8s-neonvm']);
    assert.equal(branch.protected, false);
    const { uri, ...read } = await readProject(project.id);
    const { settings: _, ...rest } = sent;
    assert.deepEqual(read, {
      ...rest, quota: 36000, allowed_ips: settings.allowed_ips.ips, protected_branches_only: false,
      maintenance_window: settings.maintenance_window, enable_logical_replication: true, protected: false,
    });
    assert.equal(await psql(uri, 'SELECT current_user'), 'owner');

    await must('PATCH', `/projects/${project.id}`, { project: { name: 'tf2', settings: { allowed_ips: { ips: ['10.0.0.0/8'] }, quota: { active_time_seconds: 72000 } } } });
    await must('PATCH', `/projects/${project.id}/branches/${branch.id}`, { branch: { protected: true } });
    const changed = await readProject(project.id);
    assert.deepEqual([changed.name, changed.allowed_ips, changed.quota, changed.protected, changed.region_id], ['tf2', ['10.0.0.0/8'], 72000, true, 'aws-us-east-2']);
    await must('DELETE', `/projects/${project.id}`);
    assert.equal((await call('GET', `/projects/${project.id}`)).status, 404);
  });

  it('with a region that is none is refused by its name', async () => {
    for (const member of ['region_id', 'provisioner']) {
      for (const value of ['', 'AWS us', 'a'.repeat(61), 'é', 'a\u0000']) {
        const answer = await call('POST', '/projects', { project: { [member]: value } });
        assert.equal(answer.status, 400, value);
        assert.match(answer.body.message, new RegExp(`project\\.${member}`));
      }
    }
  });
});

describe('neon_endpoint, neon_role, neon_database of a branch', () => {
  it('are read as they were written, and changed in place', async () => {
    const { project } = await must('POST', '/projects', { project: { name: 'parts', region_id: 'azure-eastus2', provisioner: 'k8s-pod' } });
    const inside = `/projects/${project.id}`;
    const made = await must('POST', `${inside}/branches`, { branch: { name: 'staging', protected: false } });
    assert.deepEqual([made.endpoints[0].region_id, made.endpoints[0].provisioner], ['azure-eastus2', 'k8s-pod']);
    const branch_id = made.branch.id;
    const body = { autoscaling_limit_max_cu: 1, autoscaling_limit_min_cu: 0.25, branch_id, disabled: false, pooler_enabled: false, provisioner: 'k8s-neonvm', settings: { pg_settings: { max_connections: '50' } }, suspend_timeout_seconds: 300, type: 'read_write' };

    const elsewhere = await call('POST', `${inside}/endpoints`, { endpoint: { ...body, region_id: 'aws-us-east-2' } });
    assert.deepEqual([elsewhere.status, /endpoint\.region_id/.test(elsewhere.body.message)], [422, true]);
    const { endpoint } = await must('POST', `${inside}/endpoints`, { endpoint: { ...body, region_id: 'azure-eastus2' } });
    const find = async () => (await must('GET', `${inside}/endpoints/${endpoint.id}`)).endpoint;
    const shown = await find();
    for (const [member, value] of Object.entries({ ...body, region_id: 'azure-eastus2' })) assert.deepEqual(shown[member], value, member);
    const { branch_id: _, type: __, ...change } = body;
    await must('PATCH', `${inside}/endpoints/${endpoint.id}`, { endpoint: { ...change, branch_id, pooler_mode: 'transaction', provisioner: 'k8s-pod', settings: { pg_settings: { max_connections: '60' } } } });
    const after = await find();
    assert.deepEqual([after.provisioner, after.region_id, after.settings], ['k8s-pod', 'azure-eastus2', { pg_settings: { max_connections: '60' } }]);

    const { role } = await must('POST', `${inside}/branches/${branch_id}/roles`, { role: { name: 'reader' } });
    assert.equal((await must('GET', `${inside}/branches/${branch_id}/roles/reader/reveal_password`)).password, role.password);
    await must('POST', `${inside}/branches/${branch_id}/databases`, { database: { name: 'analytics', owner_name: 'reader' } });
    assert.equal((await must('GET', `${inside}/branches/${branch_id}/databases/analytics`)).database.owner_name, 'reader');
    await must('PATCH', `${inside}/branches/${branch_id}/databases/analytics`, { database: { name: 'renamed', owner_name: 'reader' } });

    for (const path of ['databases/renamed', 'roles/reader']) await must('DELETE', `${inside}/branches/${branch_id}/${path}`);
    await must('DELETE', `${inside}/endpoints/${endpoint.id}`);
    await must('DELETE', `${inside}/branches/${branch_id}`);
    await must('DELETE', inside);
  });

  it('an own endpoint of a new branch has its own provisioner', async () => {
    const { endpoints, branch } = await must('POST', `/projects/${server.project_id}/branches`, { endpoints: [{ type: 'read_write', provisioner: 'k8s-neonvm' }] });
    assert.deepEqual([endpoints[0].provisioner, endpoints[0].region_id], ['k8s-neonvm', 'local']);
    await must('DELETE', `/projects/${server.project_id}/branches/${branch.id}`);
  });
});
