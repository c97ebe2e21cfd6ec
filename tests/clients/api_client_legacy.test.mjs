// The legacy auth of a project by @neondatabase/api-client, unmodified; each answer is checked against Neon's published document.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createApiClient } from '@neondatabase/api-client';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const proxy = await useContractProxy(server);
const api = createApiClient({ apiKey: server.api_key, baseURL: proxy.management_url });

describe('@neondatabase/api-client: legacy auth', () => {
  it('from create to delete', async () => {
    const { data: made } = await api.createProject({ project: { name: 'legacy' } });
    const [project_id, branch_id] = [made.project.id, made.branch.id];
    const stack = { project_id, auth_provider: 'stack' };

    const created = await api.createNeonAuthIntegration({ ...stack, branch_id, database_name: 'neondb', role_name: 'neondb_owner' });
    assert.deepEqual([created.status, created.data.table_name], [201, 'users_sync']);
    await assert.rejects(api.createNeonAuthIntegration({ ...stack, branch_id }), { status: 409 });
    const keys = await api.createNeonAuthProviderSdkKeys(stack);
    assert.equal(keys.status, 201);
    assert.notEqual(keys.data.secret_server_key, created.data.secret_server_key);
    const { data: list } = await api.listNeonAuthIntegrations(project_id);
    assert.equal(list.data[0].auth_provider_project_id, created.data.auth_provider_project_id);

    const user = await api.createNeonAuthNewUser({ ...stack, email: freshEmail('axios'), name: 'Axios' });
    assert.equal(user.status, 201);
    assert.equal((await api.deleteNeonAuthUser(project_id, user.data.id)).status, 204);

    assert.equal((await api.addNeonAuthOauthProvider(project_id, { id: 'google', client_id: 'x', client_secret: 'y' })).data.type, 'standard');
    assert.equal((await api.updateNeonAuthOauthProvider(project_id, 'google', { client_id: 'z' })).data.client_id, 'z');
    assert.deepEqual([(await api.deleteNeonAuthOauthProvider(project_id, 'google')).status, (await api.listNeonAuthOauthProviders(project_id)).data.providers.length], [200, 1]);

    const domains = [{ domain: 'https://app.example.com' }];
    assert.equal((await api.addNeonAuthDomainToRedirectUriWhitelist(project_id, { ...domains[0], auth_provider: 'stack' })).status, 201);
    assert.equal((await api.listNeonAuthRedirectUriWhitelistDomains(project_id)).data.domains.length, 1);
    assert.equal((await api.deleteNeonAuthDomainFromRedirectUriWhitelist(project_id, { domains, auth_provider: 'stack' })).status, 200);

    assert.equal((await api.getNeonAuthEmailServer(project_id)).data.type, 'shared');
    const mail = { type: 'standard', host: 'smtp.example.com', port: 587, username: 'u', password: 'p', sender_email: 'no@example.com', sender_name: 'No' };
    assert.equal((await api.updateNeonAuthEmailServer(project_id, mail)).data.host, mail.host);

    assert.match((await api.transferNeonAuthProviderProject(stack)).data.url, /code=[0-9a-z]{45}$/);
    assert.equal((await api.listNeonAuthIntegrations(project_id)).data.data[0].transfer_status, 'initiated');
    assert.equal((await api.deleteNeonAuthIntegration(project_id, 'stack', { delete_data: true })).status, 200);
    assert.deepEqual((await api.listNeonAuthIntegrations(project_id)).data.data, []);
  });
});
