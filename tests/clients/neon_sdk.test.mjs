// @neon/sdk: what the CLI, MCP servers and infrastructure tools are built on. It polls operations, replaces hosts inside connection
// strings and reads the kind of an error from the status.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNeonClient, raw } from '@neon/sdk';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { psql } from '../support/psql.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const proxy = await useContractProxy(server);
const configuration = { apiKey: server.api_key, baseUrl: proxy.management_url };
const neon = createNeonClient({ ...configuration, throwOnError: true });
const { project_id: projectId, branch_id: branchId, endpoint_id: endpointId } = server;

describe('@neon/sdk', () => {
  it('createAndConnect: a project, ready to be used over its pooled address', async () => {
    const { project, connectionString } = await neon.projects.createAndConnect({ name: 'sdk' });
    assert.match(new URL(connectionString).hostname, /-pooler\./);
    assert.equal(await psql(connectionString, 'SELECT current_database()'), 'neondb');
    assert.equal((await neon.projects.get({ projectId: project.id })).name, 'sdk');
    assert.equal((await neon.projects.update({ projectId: project.id, name: 'renamed' })).name, 'renamed');
    await neon.projects.delete({ projectId: project.id });
  });

  it('createAndConnect without the pooler', async () => {
    const { project, connectionString } = await neon.projects.createAndConnect({ name: 'direct', pooled: false });
    assert.doesNotMatch(new URL(connectionString).hostname, /-pooler/);
    assert.equal(await psql(connectionString, 'SELECT 1'), '1');
    await neon.projects.delete({ projectId: project.id });
  });

  it('waits for every operation of an answer', async () => {
    const project = await neon.projects.create({ name: 'waits' });
    assert.equal(proxy.exchanges[0].operation, 'createProject');
    assert.ok(proxy.exchanges[0].body.operations.every(({ status }) => status === 'finished'));
    await neon.operations.waitFor({ operations: proxy.exchanges[0].body.operations });
    await neon.projects.delete({ projectId: project.id });
  });

  it('walks all pages', async () => {
    const made = await neon.projects.create({ name: 'second' });
    const ids = (await neon.projects.list({ limit: 1 }).all()).map(({ id }) => id);
    assert.deepEqual(new Set(ids), new Set([projectId, made.id]));
    const streamed = [];
    for await (const { id } of neon.branches.list({ projectId })) streamed.push(id);
    assert.deepEqual(streamed, [branchId]);
    await neon.projects.delete({ projectId: made.id });
  });

  it('finds the default branch and its connection string by itself', async () => {
    assert.equal((await neon.branches.getDefault({ projectId })).id, branchId);
    for (const pooled of [true, false]) {
      const uri = await neon.postgres.connectionString({ projectId, pooled });
      assert.equal(await psql(uri, 'SELECT current_user'), 'neondb_owner');
    }
  });

  it('reads endpoints, databases and roles', async () => {
    assert.equal((await neon.postgres.endpoints.get({ projectId, endpointId })).branch_id, branchId);
    assert.equal((await neon.postgres.endpoints.listByBranch({ projectId, branchId }))[0].id, endpointId);
    assert.equal((await neon.postgres.databases.list({ projectId, branchId }))[0].name, 'neondb');
    assert.equal((await neon.postgres.roles.get({ projectId, branchId, roleName: 'neondb_owner' })).name, 'neondb_owner');
    const password = await neon.postgres.roles.password({ projectId, branchId, roleName: 'neondb_owner' });
    assert.equal(password, decodeURIComponent(new URL(server.connection_uri).password));
  });

  it('tells errors by their kind', async () => {
    const quiet = createNeonClient(configuration);
    const missing = await quiet.projects.get({ projectId: 'no-such-project-00000000' });
    assert.deepEqual([missing.error.kind, missing.error.status, typeof missing.error.requestId], ['not_found', 404, 'string']);
    const stranger = createNeonClient({ ...configuration, apiKey: 'napi_wrong' });
    assert.equal((await stranger.projects.list().page()).error.kind, 'auth');
    const wrong = await quiet.projects.create({ name: '' });
    assert.deepEqual([wrong.error.kind, wrong.error.status], ['api', 400]);
  });

  it('raw: auth of a branch', async () => {
    const { client } = neon;
    const path = { project_id: projectId, branch_id: branchId };
    const { data } = await raw.getNeonAuth({ client, path });
    assert.equal(data.base_url, server.base_url);
    const again = await raw.createNeonAuth({ client, path, body: { auth_provider: 'better_auth' }, throwOnError: false });
    assert.equal(again.response.status, 409);
  });
});
