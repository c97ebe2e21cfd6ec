// The GitHub actions create-branch and delete-branch, played as the requests they make, each within their limit of ten seconds; and
// @neon/sdk, which does the same for infrastructure tools.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNeonClient } from '@neon/sdk';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { psql } from '../support/psql.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const proxy = await useContractProxy(server);
const project = `/projects/${server.project_id}`;

async function call(method, path, body) {
  const answer = await fetch(`${proxy.management_url}${path}`, {
    method,
    headers: { authorization: `Bearer ${server.api_key}`, 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

/** What the action puts out: a branch of that name, made unless it is there. */
async function createBranchAction(name, { database = 'neondb', role = 'neondb_owner' } = {}) {
  const { body: found } = await call('GET', `${project}/branches?search=${encodeURIComponent(name)}&limit=10000`);
  let branch = found.branches.find((one) => one.name === name || one.id === name);
  const created = !branch;
  if (created) {
    const answer = await call('POST', `${project}/branches`, { branch: { name }, endpoints: [{ type: 'read_write' }] });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    branch = answer.body.branch;
  }
  const inside = `${project}/branches/${branch.id}`;
  const { endpoints } = (await call('GET', `${inside}/endpoints`)).body;
  const endpoint = endpoints.find(({ type }) => type === 'read_write');
  assert.equal((await call('GET', `${inside}/databases/${database}`)).status, 200);
  assert.equal((await call('GET', `${inside}/roles/${role}`)).status, 200);
  const { password } = (await call('GET', `${inside}/roles/${role}/reveal_password`)).body;
  const auth = await call('GET', `${inside}/auth`);
  return {
    branch_id: branch.id,
    created,
    db_url: `postgresql://${role}:${password}@${endpoint.host}/${database}?sslmode=require`,
    auth_url: auth.status === 404 ? '' : auth.body.base_url,
  };
}

describe('create-branch-action', () => {
  it('makes a branch that is ready, with its own auth', async () => {
    const out = await createBranchAction('preview/pr-7');
    assert.equal(out.created, true);
    assert.equal(await psql(out.db_url, 'SELECT current_database()'), 'neondb');
    assert.notEqual(out.auth_url, server.base_url);
    assert.equal((await fetch(`${out.auth_url}/ok`)).status, 200);
  });

  it('finds the branch the second time', async () => {
    const first = await createBranchAction('preview/pr-7');
    assert.deepEqual(await createBranchAction('preview/pr-7'), { ...first, created: false });
  });
});

describe('delete-branch-action', () => {
  it('finds by name, deletes, and gets a body', async () => {
    const { branches } = (await call('GET', `${project}/branches`)).body;
    const { id } = branches.find(({ name }) => name === 'preview/pr-7');
    const answer = await call('DELETE', `${project}/branches/${id}`);
    assert.deepEqual([answer.status, answer.body.branch.id], [200, id]);
    assert.equal((await call('GET', `${project}/branches/${id}`)).status, 404);
  });
});

describe('@neon/sdk: branches', () => {
  it('createAndConnect, rename, delete', async () => {
    const neon = createNeonClient({ apiKey: server.api_key, baseUrl: proxy.management_url, throwOnError: true });
    const projectId = server.project_id;
    const { branch, endpoint, connectionString } = await neon.branches.createAndConnect({ projectId, name: 'sdk' });
    assert.equal(endpoint.branch_id, branch.id);
    assert.equal(await psql(connectionString, 'SELECT 1'), '1');
    assert.equal((await neon.branches.update({ projectId, branchId: branch.id, name: 'renamed' })).name, 'renamed');
    const role = await neon.postgres.roles.resetPassword({ projectId, branchId: branch.id, roleName: 'neondb_owner' });
    assert.ok(role.password);
    await neon.branches.delete({ projectId, branchId: branch.id });
  });
});
