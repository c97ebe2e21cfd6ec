// Everything that the account page of @stackframe's SDKs reads when it opens, asked for by the published clients: one call that fails, and the
// page shows an error instead of itself. The servers' relatives of these calls along with them.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import '../support/bundler_resolution.mjs';
import { query } from '../support/branches.mjs';
import { createIntegration, legacyClient, legacyPassword } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const options = (integration) => ({ baseUrl: server.origin, projectId: integration.projectId, publishableClientKey: integration.publishableKey, tokenStore: 'memory', urls: { handler: '/handler' } });

for (const version of ['2-8-108', '2-8-41', '2-8-3']) {
  describe(`the account page, @stackframe/js ${version}`, () => {
    let integration, user, serverUser, serverApp;

    before(async () => {
      const { StackServerApp, StackClientApp } = await import(`stackframe-js-${version}`);
      integration = await createIntegration(server);
      const clientApp = new StackClientApp(options(integration));
      serverApp = new StackServerApp({ ...options(integration), secretServerKey: integration.secretKey });
      const result = await clientApp.signUpWithCredential({ email: freshEmail('page'), password: legacyPassword, verificationCallbackUrl: 'http://localhost:3000/v', noRedirect: true });
      assert.equal(result.status, 'ok', JSON.stringify(result.error));
      user = await clientApp.getUser();
      serverUser = await serverApp.getUser(user.id);
      await query(integration.connection_uri, 'INSERT INTO stack_auth.oauth_account (user_id, provider_id, account_id, email, created_at) VALUES ($1, $2, $3, $4, now())', [user.id, 'github', 'gh-1', 'a@github.example']);
    });

    /** Of what the page reads, what this version of the client can read. */
    const reads = [
      ['getBilling', [], { hasCustomer: false, defaultPaymentMethod: null }],
      ['listProducts', [{ limit: 1 }], []],
      ['listInvoices', [{ limit: 1 }], []],
      ['listNotificationCategories', [], []],
      ['listTeams', [], []],
      ['listTeamInvitations', [], []],
      ['listPermissions', [], []],
    ];
    it('reads nothing that fails', async () => {
      const able = reads.filter(([name]) => typeof user[name] === 'function');
      if (version === '2-8-108') assert.equal(able.length, reads.length);
      for (const [name, args, expected] of able) {
        const found = await user[name](...args);
        assert.deepEqual(Array.isArray(found) ? [...found] : found, expected, name);
      }
      assert.equal((await user.getActiveSessions?.() ?? [1]).length, 1);
      assert.equal((await user.listContactChannels()).length, 1);
    });

    it('shows the accounts at providers', { skip: version === '2-8-3' }, async () => {
      const [provider, ...others] = await user.listOAuthProviders();
      assert.equal(others.length, 0);
      assert.deepEqual([provider.type, provider.email, provider.userId, provider.allowSignIn], ['github', 'a@github.example', user.id, true]);
      assert.equal((await user.getOAuthProvider(provider.id)).id, provider.id);
      const [known] = await serverUser.listOAuthProviders();
      assert.deepEqual([known.id, known.accountId], [provider.id, 'gh-1']);
      if (serverUser.listConnectedAccounts) assert.equal((await serverUser.listConnectedAccounts())[0].providerAccountId, 'gh-1');
    });
  });
}

describe('what the account page reads', () => {
  it('clients read of themselves, servers of everybody', async () => {
    const integration = await createIntegration(server);
    const app = legacyClient(integration, { access: 'server' });
    const ids = [];
    for (const name of ['one', 'two']) {
      ids.push((await app.post('/users', { primary_email: freshEmail(name), password: legacyPassword, primary_email_auth_enabled: true })).body.id);
    }
    const { access_token: token } = (await app.post('/auth/sessions', { user_id: ids[0] })).body;
    const [own, nobody] = [legacyClient(integration, { token }), legacyClient(integration)];
    const paths = (id) => [`/payments/billing/user/${id}`, `/payments/products/user/${id}`, `/payments/invoices/user/${id}`,
      `/emails/notification-preference/${id}`, `/oauth-providers?user_id=${id}`, `/connected-accounts/${id}`];
    for (const path of [...paths('me'), ...paths(ids[0])]) assert.equal((await own.get(path)).status, 200, path);
    for (const path of paths(ids[1])) assert.equal((await own.get(path)).status, 403, path);
    for (const path of paths('me')) assert.equal((await nobody.get(path)).body.code, 'CANNOT_GET_OWN_USER_WITHOUT_USER', path);
    for (const path of paths(ids[0])) assert.equal((await nobody.get(path)).status, 401, path);
    for (const path of paths(ids[1])) assert.equal((await app.get(path)).status, 200, path);
    for (const path of paths('x')) assert.equal((await app.get(path)).status, 400, path);
    assert.equal((await own.get(`/payments/products/team/${ids[1]}?limit=1`)).status, 200);
    assert.equal((await nobody.get(`/payments/products/team/${ids[1]}`)).body.code, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
    assert.equal((await own.get(`/payments/products/card/${ids[0]}`)).status, 400);
    assert.equal((await app.get('/oauth-providers')).status, 400);
    assert.equal((await own.get(`/oauth-providers/me/${ids[1]}`)).status, 404);
  });
});
