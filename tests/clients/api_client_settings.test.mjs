// The auth settings of a branch by @neondatabase/api-client, which sends bodies with DELETE and answers as axios has them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createApiClient } from '@neondatabase/api-client';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer({ args: ['--no-fake-identity-provider'] });
const proxy = await useContractProxy(server);
const api = createApiClient({ apiKey: server.api_key, baseURL: proxy.management_url });
const branch = [server.project_id, server.branch_id];

describe('@neondatabase/api-client: auth settings', () => {
  it('trusted domains: 201 and 200 without a body, several deleted at once', async () => {
    const domains = ['https://a.example.com', 'https://b.example.com'].map((domain) => ({ domain }));
    for (const { domain } of domains) {
      const { status, data } = await api.addBranchNeonAuthTrustedDomain(...branch, { domain, auth_provider: 'better_auth' });
      assert.deepEqual([status, data], [201, '']);
    }
    assert.equal((await api.listBranchNeonAuthTrustedDomains(...branch)).data.domains.length, 2);
    assert.equal((await api.deleteBranchNeonAuthTrustedDomain(...branch, { auth_provider: 'better_auth', domains })).status, 200);
    assert.deepEqual((await api.listBranchNeonAuthTrustedDomains(...branch)).data.domains, []);
  });

  it('OAuth providers', async () => {
    const added = await api.addBranchNeonAuthOauthProvider(...branch, { id: 'google', client_id: 'x', client_secret: 'y' });
    assert.deepEqual([added.status, added.data.type], [200, 'standard']);
    assert.equal((await api.updateBranchNeonAuthOauthProvider(...branch, 'google', { client_id: 'z' })).data.client_id, 'z');
    assert.equal((await api.listBranchNeonAuthOauthProviders(...branch)).data.providers.length, 1);
    assert.equal((await api.deleteBranchNeonAuthOauthProvider(...branch, 'google')).status, 200);
  });

  it('passwords, mail, plugins, webhook, name', async () => {
    assert.equal((await api.updateNeonAuthEmailAndPasswordConfig(...branch, { require_email_verification: true })).data.require_email_verification, true);
    assert.equal((await api.getNeonAuthEmailAndPasswordConfig(...branch)).data.require_email_verification, true);
    assert.equal((await api.updateNeonAuthEmailProvider(...branch, { type: 'shared' })).data.type, 'shared');
    assert.equal((await api.updateNeonAuthOrganizationPlugin(...branch, { membership_limit: 7 })).data.membership_limit, 7);
    assert.equal((await api.updateNeonAuthMagicLinkPlugin(...branch, { enabled: true, expires_in: 10 })).data.expires_in, 10);
    assert.equal((await api.updateNeonAuthPhoneNumberPlugin(...branch, { enabled: true })).data.enabled, true);
    const webhook = { enabled: true, webhook_url: 'https://hooks.example.com/x', enabled_events: ['user.created'], timeout_seconds: 3 };
    assert.deepEqual((await api.updateNeonAuthWebhookConfig(...branch, webhook)).data, webhook);
    assert.deepEqual((await api.getNeonAuthWebhookConfig(...branch)).data, webhook);
    assert.equal((await api.updateNeonAuthConfig(...branch, { name: 'Shop' })).data.name, 'Shop');
    const { data: plugins } = await api.getNeonAuthPluginConfigs(...branch);
    assert.deepEqual([plugins.organization.membership_limit, plugins.magic_link.expires_in, plugins.phone_number.enabled], [7, 10, true]);
    await assert.rejects(api.updateNeonAuthMagicLinkPlugin(...branch, { expires_in: 4 }), { status: 400 });
  });

  it('users: 201, 200 and 204', async () => {
    const created = await api.createBranchNeonAuthNewUser(...branch, { email: freshEmail('axios'), name: 'Axios' });
    assert.equal(created.status, 201);
    assert.equal((await api.updateNeonAuthUserRole(...branch, created.data.id, { roles: ['admin'] })).data.id, created.data.id);
    assert.equal((await api.deleteBranchNeonAuthUser(...branch, created.data.id)).status, 204);
  });
});
