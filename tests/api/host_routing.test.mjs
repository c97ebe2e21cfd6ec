// `--auth-domain`: each branch's auth service at a host of its own, beside its address with the endpoint in the path.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { Jar, request } from '../support/http.mjs';
import { createBranch } from '../support/branches.mjs';
import { managementClient } from '../support/management.mjs';
import { binary, useServer } from '../support/server.mjs';
import { freshEmail, password } from '../support/users.mjs';

const server = await useServer({ args: ['--auth-domain', 'Auth.Example.test'] });
const api = managementClient(server);
const ids = { project_id: server.project_id, branch_id: server.branch_id };
const { port } = new URL(server.management_url);
const hostOf = (endpoint) => `${endpoint}.auth.example.test:${port}`;

/** The request as it arrives from a client for which the wildcard domain resolves. */
function send(path, { host = hostOf(server.endpoint_id), ...options } = {}) {
  return request(`http://127.0.0.1:${port}${path}`, { ...options, headers: { host, ...options.headers } });
}
const newUser = () => ({ email: freshEmail(), password, name: 'Test User' });
const signUp = (jar, options) => send('/neondb/auth/sign-up/email', { method: 'POST', body: newUser(), jar, ...options });
const claims = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));

describe('a branch with a host of its own', () => {
  it('is named in base_url and jwks_url', async () => {
    assert.equal(server.base_url, `http://${hostOf(server.endpoint_id)}/neondb/auth`);
    const { body } = await api.getNeonAuth(ids);
    assert.equal(body.base_url, server.base_url);
    assert.equal(body.jwks_url, `${server.base_url}/.well-known/jwks.json`);
  });

  it('signs up, with cookies on / and tokens of that origin', async () => {
    const jar = new Jar();
    const answer = await signUp(jar);
    assert.equal(answer.status, 200);
    assert.equal(answer.cookies[0].attributes.path, '/');
    const session = await send('/neondb/auth/get-session', { jar });
    assert.equal(session.body.user.id, answer.body.user.id);
    const { iss, aud } = claims(session.headers['set-auth-jwt']);
    assert.deepEqual({ iss, aud }, { iss: `http://${hostOf(server.endpoint_id)}`, aud: `http://${hostOf(server.endpoint_id)}` });
  });

  it('trusts its own origin and its own addresses', async () => {
    const jar = new Jar();
    await signUp(jar);
    const origin = `http://${hostOf(server.endpoint_id)}`;
    const changed = await send('/neondb/auth/update-user', { method: 'POST', jar, body: { name: 'New' }, headers: { origin } });
    assert.equal(changed.status, 200);
    const foreign = await send('/neondb/auth/update-user', { method: 'POST', jar, body: { name: 'New' }, headers: { origin: 'http://ep-x.auth.example.test' } });
    assert.equal(foreign.status, 403);
  });

  it('is found in any spelling of the host, and with any port a proxy left', async () => {
    for (const host of [hostOf(server.endpoint_id).toUpperCase(), `${server.endpoint_id}.auth.example.test`, `${server.endpoint_id}.auth.example.test:443`]) {
      const answer = await send('/neondb/auth/ok', { host });
      assert.equal(answer.status, 200, host);
    }
  });

  it('answers at the address with the endpoint in the path too, with cookies below it', async () => {
    const jar = new Jar();
    const path = `/${server.endpoint_id}/neondb/auth`;
    const answer = await send(`${path}/sign-up/email`, { method: 'POST', body: newUser(), jar, host: `localhost:${port}` });
    assert.equal(answer.status, 200);
    assert.equal(answer.cookies[0].attributes.path, path);
  });

  it('keeps to itself: no other branch, no management API, no mailbox under its host', async () => {
    const other = await createBranch(api, server.project_id);
    for (const path of [`/${other.endpoints[0].id}/neondb/auth/ok`, '/mailbox', '/neondb/authentic/ok', '/ok']) {
      assert.equal((await send(path)).status, 404, path);
    }
    assert.equal((await send('/api/v2/projects')).status, 404);
  });

  it('is nothing for an unknown endpoint, database or domain', async () => {
    for (const host of [`ep-nobody-000.auth.example.test:${port}`, `x.${hostOf(server.endpoint_id)}`, `auth.example.test:${port}`]) {
      assert.equal((await send('/neondb/auth/ok', { host })).status, 404, host);
    }
    assert.equal((await send('/nothing/auth/ok')).status, 404);
  });
});

describe('--auth-domain', () => {
  const refuse = (...args) => spawnSync(binary, ['dev', '--ephemeral', '--port', '0', ...args], { encoding: 'utf8', timeout: 20_000 });

  it('must be a bare host name', () => {
    for (const domain of ['https://auth.example.test', 'auth.example.test:4400', 'a b', '*.example.test']) {
      const { status, stderr } = refuse('--auth-domain', domain);
      assert.notEqual(status, 0, domain);
      assert.match(stderr, /--auth-domain must be a host name/, domain);
    }
  });

  it('does not go with --routing single', () => {
    const { status, stderr } = refuse('--auth-domain', 'auth.example.test', '--routing', 'single');
    assert.notEqual(status, 0);
    assert.match(stderr, /choose one of them/);
  });
});
