// The operator's credentials, which all branches share: one callback at the service, against a real OpenID Connect server.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { Jar, request } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { endpointsFile, startOidc, walk } from '../support/oidc.mjs';
import { binary, useServer } from '../support/server.mjs';
import { begin, comeBackToApp, exchange, open } from '../support/social.mjs';
import { freshEmail } from '../support/users.mjs';

const people = { ann: { email: freshEmail('ann'), email_verified: true, name: 'Ann' } };
const oidc = await startOidc(people);
const endpoints = endpointsFile(oidc.endpoints);
const credentials = { ARGONAUTH_OAUTH_GOOGLE_CLIENT_ID: 'google-client', ARGONAUTH_OAUTH_GOOGLE_CLIENT_SECRET: 'google-secret' };
const server = await useServer({ args: ['--no-fake-identity-provider'], env: { ...credentials, ARGONAUTH_OAUTH_ENDPOINTS: endpoints } });
oidc.register((id) => `${server.origin}/auth/oauth/callback/${id}`);
const api = managementClient(server);
const sql = useDatabase(server);

describe('shared credentials', () => {
  it('are on for Google from the start, and sign people in through the gateway', async () => {
    assert.deepEqual(await sql('SELECT social_providers FROM neon_auth.project_config'), [{ social_providers: [{ id: 'google', isShared: true }] }]);
    const { jar, url } = await begin(server.base_url, { provider: 'google', scopes: ['repo'] });
    const browser = new Jar();
    const authorize = await open(url, browser);
    assert.equal(new URL(authorize).searchParams.get('redirect_uri'), `${server.origin}/auth/oauth/callback/google`);
    assert.equal(new URL(authorize).searchParams.get('scope'), 'email profile openid');
    const callback = await walk(authorize, { as: 'ann', until: `${server.origin}/auth/oauth/callback/` });
    const back = await comeBackToApp(callback, browser);
    assert.equal(back.error, null, String(back.location));
    assert.equal((await exchange(server.base_url, back.location, jar)).body.user.email, people.ann.email);
  });

  it('are refused where the operator has none', async () => {
    const answer = await api.addBranchNeonAuthOauthProvider(server, { body: { id: 'github' } });
    assertRefusal(answer, 400, /github/);
    assert.equal(answer.body.code, 'INVALID_SHARED_OAUTH_PROVIDER');
    await sql(`UPDATE neon_auth.project_config SET social_providers = '[{"id":"github","isShared":true}]'`);
    const start = await request(`${server.base_url}/sign-in/social`, { method: 'POST', body: { provider: 'github', callbackURL: 'http://localhost:3000/' } });
    assert.deepEqual([start.status, start.body.code], [404, 'PROVIDER_NOT_FOUND']);
  });

  it('leave the environment, and no fake provider answers', async () => {
    assert.ok(!fs.readFileSync(`/proc/${server.process.child.pid}/environ`).includes('google-secret'));
    assert.ok(!server.process.stderr.includes('google-secret'));
    for (const path of ['/fake-idp/google/.well-known/openid-configuration', '/fake-idp/google/authorize', '/fake-idp/google/jwks']) assert.equal((await request(server.origin + path)).status, 404);
  });
});

it('argonauth serve knows no fake provider', () => {
  const { stdout } = spawnSync(binary, ['serve', '--help'], { encoding: 'utf8' });
  assert.match(stdout, /--oauth-endpoints/);
  assert.doesNotMatch(stdout, /fake/i);
});

it('what is wrong with the settings is said at the start', () => {
  const start = (env) => spawnSync(binary, ['dev', '--ephemeral', '--port', '0'], { encoding: 'utf8', timeout: 20_000, env: { ...process.env, ARGONAUTH_BIN: undefined, ...env } });
  for (const [env, complaint] of [
    [{ ARGONAUTH_OAUTH_GOOGLE_CLIENT_ID: 'x' }, /ARGONAUTH_OAUTH_GOOGLE_CLIENT_SECRET/],
    [{ ARGONAUTH_OAUTH_GITHUB_CLIENT_SECRET: 'x' }, /ARGONAUTH_OAUTH_GITHUB_CLIENT_ID/],
    [{ ARGONAUTH_OAUTH_APPLE_CLIENT_ID: 'x' }, /ARGONAUTH_OAUTH_APPLE_CLIENT_ID/],
    [{ ARGONAUTH_OAUTH_ENDPOINTS: '/nowhere' }, /oauth-endpoints/],
    [{ ARGONAUTH_OAUTH_ENDPOINTS: endpointsFile({ apple: {} }) }, /apple/],
    [{ ARGONAUTH_OAUTH_ENDPOINTS: endpointsFile({ google: { token_endpoint: 'x' } }) }, /token_endpoint|no URL/],
    [{ ARGONAUTH_OAUTH_ENDPOINTS: endpointsFile({ google: { tokenendpoint: 'https://x.example' } }) }, /tokenendpoint/],
  ]) {
    const { status, stderr } = start(env);
    assert.equal(status, 2, stderr);
    assert.match(stderr, complaint);
  }
});
