// Trusted domains and allow_localhost, over the management API: the list, and whom the auth service believes.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';

const server = await useServer();
const api = managementClient(server);
const sql = useDatabase(server);
const auth = authClient(server.base_url);

const add = (domain, more = {}) => api.addBranchNeonAuthTrustedDomain(server, { body: { domain, auth_provider: 'better_auth', ...more } });
const remove = (...domains) => api.deleteBranchNeonAuthTrustedDomain(server, { body: { auth_provider: 'better_auth', domains: domains.map((domain) => ({ domain })) } });
const list = async () => (await api.listBranchNeonAuthTrustedDomains(server)).body.domains.map(({ domain }) => domain);
const stored = async () => (await sql('SELECT trusted_origins AS value FROM neon_auth.project_config'))[0].value;
const setByApi = (allow_localhost) => api.updateNeonAuthAllowLocalhost(server, { body: { allow_localhost } });

let user;
before(async () => (user = await signUp(server.base_url)));
/** The status of a change that a page of this origin asks for. */
const from = async (origin) => (await auth.post('/update-user', { name: 'X' }, { jar: user.jar.copy(), origin })).status;

beforeEach(async () => {
  await sql(`UPDATE neon_auth.project_config SET trusted_origins = '[]'`);
  await setByApi(true);
});

describe('domains', () => {
  it('are kept exactly as given, in their order', async () => {
    const domains = ['https://app.example.com', 'https://App.Example.com:443', 'http://dev.example.com:8080', 'https://*.example.org', 'https://shop-*.example.net', 'http://localhost:*'];
    for (const domain of domains) {
      const answer = await add(domain);
      assert.deepEqual([answer.status, answer.text], [201, '']);
    }
    const { body } = await api.listBranchNeonAuthTrustedDomains(server);
    assert.deepEqual(body, { domains: domains.map((domain) => ({ domain, auth_provider: 'better_auth' })) });
    assert.deepEqual(await stored(), domains);
  });

  it('are there once however often they are added', async () => {
    for (const answer of await Promise.all(Array.from({ length: 8 }, () => add('https://app.example.com')))) assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(await list(), ['https://app.example.com']);
  });

  it('added at once are all there', async () => {
    const domains = Array.from({ length: 12 }, (_, i) => `https://app${i}.example.com`);
    for (const answer of await Promise.all(domains.map((domain) => add(domain)))) assert.equal(answer.status, 201, answer.text);
    assert.deepEqual((await list()).sort(), domains.sort());
  });

  it('are removed by their exact text, several at a time, absent ones without complaint', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await add(`https://${name}.example.com`);
    const answer = await remove('https://a.example.com', 'https://c.example.com', 'https://never.example.com');
    assert.deepEqual([answer.status, answer.text], [200, '']);
    assert.deepEqual(await list(), ['https://b.example.com', 'https://d.example.com']);
    assert.equal((await remove('https://B.example.com', 'https://d.example.com/')).status, 200);
    assert.deepEqual(await list(), ['https://b.example.com', 'https://d.example.com']);
    assert.equal((await remove()).status, 200);
    assert.equal((await remove('https://b.example.com', 'https://b.example.com', 'https://d.example.com')).status, 200);
    assert.deepEqual(await list(), []);
  });

  it('must be web origins without a path', async () => {
    for (const [domain, reason] of [
      ['exp://192.168.0.1:8081', /exp/],
      ['myapp://', /myapp/],
      ['ftp://files.example.com', /ftp/],
      ['javascript://app.example.com', /javascript/],
      ['app.example.com', /scheme/],
      ['', /scheme/],
      ['https://app.example.com/', /path/],
      ['https://app.example.com/login', /path/],
      ['https://app.example.com?x', /path/],
      ['https://user:word@app.example.com', /user/],
      ['https://app.example.com:99999', /host/],
      ['https://büch.example', /Punycode/],
      ['https://*', /wildcard/],
      ['https://*.com', /wildcard/],
      ['https://*example.com', /wildcard/],
      [`https://${'a'.repeat(600)}.example.com`, /512/],
      ['https://a\u0000b.example.com', /NUL/],
    ]) {
      const answer = await add(domain);
      assertRefusal(answer, 400, reason);
      assert.match(answer.body.message, /body\.domain/);
    }
    assert.deepEqual(await list(), []);
  });

  it('need a body that is right', async () => {
    const post = (body) => api.addBranchNeonAuthTrustedDomain(server, { body });
    const remove = (body) => api.deleteBranchNeonAuthTrustedDomain(server, { body });
    const domain = 'https://app.example.com';
    for (const body of [{}, { domain }, { domain, auth_provider: 'stack' }, { domain, auth_provider: 'other' }, { domain, auth_provider: null }]) assertRefusal(await post(body), 400, /auth_provider/);
    for (const value of [undefined, null, 5, [], {}]) assertRefusal(await post({ domain: value, auth_provider: 'better_auth' }), 400, /domain/);
    assertRefusal(await post({ domain, auth_provider: 'better_auth', note: 1 }), 400, /note/);
    for (const domains of [undefined, null, 'https://a.example.com', {}]) assertRefusal(await remove({ auth_provider: 'better_auth', domains }), 400, /domains/);
    for (const item of [null, 'https://a.example.com', {}, { domain: 5 }, { domain, x: 1 }]) assertRefusal(await remove({ auth_provider: 'better_auth', domains: [item] }), 400, /domains\.0/);
    assertRefusal(await remove({ domains: [] }), 400, /auth_provider/);
  });

  it('written with SQL are shown, whatever they are, and can be removed', async () => {
    await sql('UPDATE neon_auth.project_config SET trusted_origins = $1', [JSON.stringify(['myapp://', { domain: 'https://old.example.com', provider: 'x' }, 5, { other: 1 }, 'https://b.example.com'])]);
    assert.deepEqual(await list(), ['myapp://', 'https://old.example.com', 'https://b.example.com']);
    assert.equal((await remove('myapp://', 'https://old.example.com')).status, 200);
    assert.deepEqual(await stored(), [5, { other: 1 }, 'https://b.example.com']);
    await sql(`UPDATE neon_auth.project_config SET trusted_origins = '{}'`);
    assertRefusal(await api.listBranchNeonAuthTrustedDomains(server), 422, /trusted_origins/);
    assertRefusal(await add('https://app.example.com'), 422, /trusted_origins/);
  });

  it('have a limit', async () => {
    const full = Array.from({ length: 1000 }, (_, i) => `https://app${i}.example.com`);
    await sql('UPDATE neon_auth.project_config SET trusted_origins = $1', [JSON.stringify(full)]);
    assertRefusal(await add('https://one.more.example.com'), 422, /1000/);
    assert.equal((await add(full[7])).status, 201);
    await remove(full[0]);
    assert.equal((await add('https://one.more.example.com')).status, 201);
  });

  it('are believed by the very next request, and no longer once removed', async () => {
    for (let round = 0; round < 4; ++round) {
      const domain = `https://app${round}.example.com`;
      assert.equal(await from(domain), 403);
      await add(domain);
      assert.deepEqual(await Promise.all(Array.from({ length: 6 }, () => from(domain))), Array(6).fill(200));
      await remove(domain);
      assert.deepEqual(await Promise.all(Array.from({ length: 6 }, () => from(domain))), Array(6).fill(403));
    }
  });

  it('with wildcards are believed for what they mean', async () => {
    await add('https://*.Example.org');
    await add('https://shop-*.example.net:8443');
    for (const [origin, status] of [
      ['https://a.example.org', 200],
      ['https://a.b.example.org', 200],
      ['https://example.org', 403],
      ['http://a.example.org', 403],
      ['https://a.example.org.evil.com', 403],
      ['https://evilexample.org', 403],
      ['https://shop-7.example.net:8443', 200],
      ['https://shop-7.example.net', 403],
    ]) {
      assert.equal(await from(origin), status, origin);
    }
  });

  it('may be the target of a redirect', async () => {
    const target = 'https://app.example.com/welcome';
    const signIn = () => auth.post('/sign-in/email', { email: user.email, password: user.password, callbackURL: target });
    assert.equal((await signIn()).status, 403);
    await add('https://app.example.com');
    assert.equal((await signIn()).status, 200);
  });
});

describe('allow_localhost', () => {
  it('is on from the start, and can be switched', async () => {
    assert.deepEqual((await api.getNeonAuthAllowLocalhost(server)).body, { allow_localhost: true });
    for (const allow_localhost of [false, false, true]) {
      const answer = await setByApi(allow_localhost);
      assert.deepEqual([answer.status, answer.body], [200, { allow_localhost }]);
      assert.deepEqual((await api.getNeonAuthAllowLocalhost(server)).body, { allow_localhost });
    }
  });

  it('counts from the very next request', async () => {
    for (const allow_localhost of [false, true, false]) {
      await setByApi(allow_localhost);
      for (const origin of ['http://localhost:3000', 'https://localhost', 'http://127.0.0.1:5173']) assert.equal(await from(origin), allow_localhost ? 200 : 403, origin);
      assert.equal(await from(server.origin), 200);
    }
  });

  it('takes a boolean and nothing else', async () => {
    for (const body of [{}, { allow_localhost: 'true' }, { allow_localhost: 1 }, { allow_localhost: null }]) assertRefusal(await api.updateNeonAuthAllowLocalhost(server, { body }), 400, /allow_localhost/);
    assertRefusal(await api.updateNeonAuthAllowLocalhost(server, { body: { allow_localhost: true, allow_all: true } }), 400, /allow_all/);
  });

  it('follows SQL', async () => {
    await sql('UPDATE neon_auth.project_config SET allow_localhost = false');
    assert.deepEqual((await api.getNeonAuthAllowLocalhost(server)).body, { allow_localhost: false });
  });
});
