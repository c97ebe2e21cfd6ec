// All of `neon neon-auth ...` that changes settings, by the official CLI: what it prints, what it sends, and that the auth service heeds it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { useDatabase } from '../support/db.mjs';
import { request } from '../support/http.mjs';
import { useNeonctl } from '../support/neonctl.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password } from '../support/users.mjs';

const server = await useServer({ args: ['--no-fake-identity-provider'] });
const proxy = await useContractProxy(server);
const neon = useNeonctl({ management_url: proxy.management_url, api_key: server.api_key });
const sql = useDatabase(server);
const auth = (...args) => neon.ok('neon-auth', ...args);
const authJson = (...args) => neon.json('neon-auth', ...args);
const fails = async (...args) => {
  const { code, stderr } = await neon('neon-auth', ...args);
  assert.equal(code, 1, args.join(' '));
  return stderr;
};

/** Whether a page of that origin may call the auth service. */
async function isTrusted(origin) {
  const answer = await request(`${server.base_url}/sign-in/email`, { method: 'POST', headers: { origin }, body: { email: freshEmail('cli'), password } });
  assert.ok([401, 403].includes(answer.status), answer.text);
  return answer.status === 401;
}

describe('neonctl neon-auth domain', () => {
  it('add, list, delete: exactly the text that was given', async () => {
    for (const domain of ['https://app.example.com', 'https://*.preview.example.com']) await auth('domain', 'add', domain);
    const listed = await authJson('domain', 'list');
    assert.deepEqual(listed.map(({ domain }) => domain), ['https://app.example.com', 'https://*.preview.example.com']);
    assert.ok(await isTrusted('https://app.example.com'));
    assert.ok(await isTrusted('https://pr-1.preview.example.com'));
    await auth('domain', 'delete', 'https://app.example.com');
    assert.equal(await isTrusted('https://app.example.com'), false);
    assert.match(await auth('domain', 'list'), /\*\.preview\.example\.com/);
  });

  it('delete of one that is not listed, add of what is none', async () => {
    assert.match(await fails('domain', 'delete', 'https://other.example.com'), /is not in the trusted domains list/);
    assert.match(await fails('domain', 'add', 'https://app.example.com/path'), /body\.domain/);
  });

  it('allow-localhost get, disable, enable', async () => {
    const seen = () => proxy.exchanges.at(-1).body.allow_localhost;
    await auth('domain', 'allow-localhost', 'get');
    assert.deepEqual([seen(), await isTrusted('http://localhost:5173')], [true, true]);
    await auth('domain', 'allow-localhost', 'disable');
    assert.deepEqual([seen(), await isTrusted('http://localhost:5173')], [false, false]);
    await auth('domain', 'allow-localhost', 'enable');
    assert.deepEqual([seen(), await isTrusted('http://localhost:5173')], [true, true]);
  });
});

describe('neonctl neon-auth oauth-provider', () => {
  const credentials = ['--oauth-client-id', 'client-1', '--oauth-client-secret', 'a secret'];

  it('add, list, update, delete', async () => {
    const added = await authJson('oauth-provider', 'add', '--provider-id', 'github', ...credentials);
    assert.deepEqual([added.id, added.type, added.client_id], ['github', 'standard', 'client-1']);
    const updated = await authJson('oauth-provider', 'update', '--provider-id', 'github', '--oauth-client-id', 'client-2');
    assert.equal(updated.client_id, 'client-2');
    const listed = await neon.ok('neon-auth', 'oauth-provider', 'list', '--output', 'json');
    assert.deepEqual(JSON.parse(listed).map(({ id, client_id }) => [id, client_id]), [['github', 'client-2']]);
    assert.ok(!listed.includes('a secret'));
    await auth('oauth-provider', 'delete', '--provider-id', 'github');
    assert.deepEqual(await authJson('oauth-provider', 'list'), []);
  });

  it('tables say where the provider must send people back to', async () => {
    const printed = await auth('oauth-provider', 'add', '--provider-id', 'google', ...credentials);
    assert.ok(printed.includes(server.base_url), printed);
    assert.match(await auth('oauth-provider', 'list'), /google/);
    await auth('oauth-provider', 'delete', '--provider-id', 'google');
  });

  it('without credentials, where the operator has none to share', async () => {
    const said = await fails('oauth-provider', 'add', '--provider-id', 'vercel');
    assert.match(said, /oauth-client-id|shared/i);
    assert.equal(proxy.exchanges.at(-1).body.code, 'INVALID_SHARED_OAUTH_PROVIDER');
  });
});

describe('neonctl neon-auth config', () => {
  it('email-password get and update: only what is named', async () => {
    const before = await authJson('config', 'email-password', 'get');
    const after = await authJson('config', 'email-password', 'update', '--disable-sign-up', '--email-verification-method', 'link');
    assert.deepEqual(after, { ...before, disable_sign_up: true, email_verification_method: 'link' });
    const refused = await request(`${server.base_url}/sign-up/email`, { method: 'POST', body: { email: freshEmail('cli'), password, name: 'No' } });
    assert.equal(refused.status, 400, refused.text);
    await auth('config', 'email-password', 'update', '--no-disable-sign-up');
    assert.match(await auth('config', 'email-password', 'get'), /link/);
  });

  it('email-provider get and update: the password is never shown', async () => {
    assert.equal((await authJson('config', 'email-provider', 'get')).type, 'shared');
    const own = ['--type', 'standard', '--host', 'smtp.example.com', '--port', '587', '--username', 'u', '--password', 'mail secret', '--sender-email', 'a@example.com', '--sender-name', 'A'];
    const printed = await auth('config', 'email-provider', 'update', ...own, '--output', 'json');
    assert.deepEqual([JSON.parse(printed).host, JSON.parse(printed).port], ['smtp.example.com', 587]);
    for (const text of [printed, await auth('config', 'email-provider', 'get')]) assert.ok(!text.includes('mail secret'), text);
    assert.match(await fails('config', 'email-provider', 'update', '--type', 'standard', '--host', 'not a host', ...own.slice(4)), /body\.host/);
    await auth('config', 'email-provider', 'update', '--type', 'shared');
  });

  it('organization get and update', async () => {
    assert.equal((await authJson('config', 'organization', 'get')).enabled, true);
    const changed = await authJson('config', 'organization', 'update', '--limit', '3', '--creator-role', 'admin');
    assert.deepEqual([changed.organization_limit, changed.creator_role, changed.enabled], [3, 'admin', true]);
    assert.match(await fails('config', 'organization', 'update', '--limit', '0'), /organization_limit/);
  });

  it('webhook get and update', async () => {
    assert.equal((await authJson('config', 'webhook', 'get')).enabled, false);
    const url = 'https://hooks.example.com/auth';
    const changed = await authJson('config', 'webhook', 'update', '--enabled', '--url', url, '--enabled-events', 'user.created', '--timeout', '7');
    assert.deepEqual([changed.enabled, changed.webhook_url, changed.enabled_events, changed.timeout_seconds], [true, url, ['user.created'], 7]);
    assert.match(await fails('config', 'webhook', 'update', '--enabled', '--url', 'https://169.254.169.254/x'), /webhook_url/);
    await auth('config', 'webhook', 'update', '--no-enabled');
  });
});

describe('neonctl neon-auth plugins', () => {
  it('list and get', async () => {
    assert.match(await auth('plugins', 'list'), /organization/);
    const all = await authJson('plugins', 'list');
    for (const name of ['organization', 'email_provider', 'email_and_password', 'oauth_providers', 'allow_localhost']) {
      assert.ok(JSON.stringify(all).includes(name), name);
      await auth('plugins', 'get', name);
    }
    assert.equal((await authJson('plugins', 'get', 'email_and_password')).email_verification_method, 'link');
  });
});

describe('neonctl neon-auth user', () => {
  it('create, set-role, delete', async () => {
    const email = freshEmail('cli-user');
    const printed = await auth('user', 'create', '--email', email, '--name', 'From the CLI');
    const [{ id, name }] = await sql('SELECT id, name FROM neon_auth."user" WHERE email = $1', [email]);
    assert.equal(name, 'From the CLI');
    assert.ok(printed.includes(id), printed);
    assert.match(await fails('user', 'create', '--email', email), /exists/);
    await auth('user', 'set-role', id, '--roles', 'admin');
    assert.deepEqual(await sql('SELECT role FROM neon_auth."user" WHERE id = $1', [id]), [{ role: 'admin' }]);
    assert.match(await fails('user', 'set-role', id, '--roles', 'emperor'), /roles/);
    await auth('user', 'delete', id);
    assert.deepEqual(await sql('SELECT id FROM neon_auth."user" WHERE id = $1', [id]), []);
    assert.match(await fails('user', 'delete', id), /not found/);
  });
});
