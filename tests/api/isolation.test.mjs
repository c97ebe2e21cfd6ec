// Two branches on one server: what one of them issued is worth nothing at the other.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { authClient, request } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const api = managementClient(server);
const here = server.base_url;
let there;
let otherKeysUrl;

before(async () => {
  const { body } = await api.createProject({}, { body: { project: { name: 'neighbour' } } });
  const enabled = await api.createNeonAuth({ project_id: body.project.id, branch_id: body.branch.id }, { body: { auth_provider: 'better_auth' } });
  assert.equal(enabled.status, 201, enabled.text);
  there = enabled.body.base_url;
  otherKeysUrl = enabled.body.jwks_url;
});

describe('S136: a session', () => {
  it('is nobody at the neighbour, as cookie and as bearer', async () => {
    for (const [home, away] of [[here, there], [there, here]]) {
      const user = await signUp(home);
      assert.equal(await whoIs(away, user.jar), null);
      const client = authClient(away);
      for (const token of [user.token, decodeURIComponent(user.jar.get('session_token'))]) {
        const headers = { authorization: `Bearer ${token}` };
        assert.equal((await client.get('/get-session', { headers })).text, 'null');
        assert.equal((await client.get('/token', { headers })).status, 401);
      }
      assert.equal((await client.get('/list-sessions', { jar: user.jar.copy() })).status, 401);
      assert.equal((await client.post('/revoke-session', { token: user.token }, { jar: user.jar.copy() })).status, 401);
      await client.post('/sign-out', {}, { jar: user.jar.copy() });
      assert.equal(await whoIs(home, user.jar), user.id);
    }
  });

  it('has a cookie that browsers keep apart by path', async () => {
    for (const home of [here, there]) {
      const { answer } = await signUp(home);
      assert.equal(answer.cookies[0].attributes.path, new URL(home).pathname);
    }
  });
});

describe('a user', () => {
  it('of one is unknown to the other, and may sign up there with another password', async () => {
    const user = await signUp(here);
    assert.equal((await authClient(there).post('/sign-in/email', user)).status, 401);
    const twin = await signUp(there, { email: user.email, secret: 'another-password' });
    assert.notEqual(twin.id, user.id);
    await signIn(here, user);
    await signIn(there, twin);
    assert.equal((await authClient(here).post('/sign-in/email', twin)).status, 401);
  });
});

describe('S137: a JWT', () => {
  const keysOf = async (url) => createLocalJWKSet((await request(url)).body);

  it('verifies by its own branch\'s keys only', async () => {
    const [mine, theirs] = [await keysOf(server.jwks_url), await keysOf(otherKeysUrl)];
    const user = await signUp(here);
    const { body } = await authClient(here).get('/token', { jar: user.jar });
    assert.equal((await jwtVerify(body.token, mine)).payload.sub, user.id);
    await assert.rejects(jwtVerify(body.token, theirs), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  it('comes from keys that have nothing in common', async () => {
    const [mine, theirs] = [(await request(server.jwks_url)).body.keys, (await request(otherKeysUrl)).body.keys];
    for (const member of ['kid', 'x']) assert.ok(!mine.some((key) => theirs.some((other) => other[member] === key[member])), member);
  });
});

it('addresses that mix the two lead nowhere', async () => {
  const { origin, pathname } = new URL(there);
  const [, endpoint] = pathname.split('/');
  for (const path of [`/${endpoint}/neondb2/auth/ok`, `/${endpoint}/NEONDB/auth/ok`, `/${endpoint.toUpperCase()}/neondb/auth/ok`, `/${endpoint}x/neondb/auth/ok`, `/${endpoint}/postgres/auth/ok`, `/${endpoint}/template1/auth/get-session`, `/${endpoint}/neondb/ok`, `/${endpoint}/../${server.endpoint_id}/neondb/auth/ok`, '/neondb/auth/ok', `/${endpoint}%2fneondb/auth/ok`]) {
    const answer = await request(`${origin}${path}`);
    assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
  }
});
