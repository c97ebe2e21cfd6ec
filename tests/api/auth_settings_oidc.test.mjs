// Identity providers of a branch's own (an extension of the management API): added by discovery or by endpoints, and used to sign in.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { Jar, authClient, request } from '../support/http.mjs';
import { listen, startOidc, walk } from '../support/oidc.mjs';
import { useServer } from '../support/server.mjs';
import { begin, comeBack, exchange, open } from '../support/social.mjs';
import { freshEmail } from '../support/users.mjs';

const people = { anna: { email: freshEmail('anna'), email_verified: true, name: 'Anna' } };
const oidc = await startOidc(people);
const server = await useServer();
const base = server.base_url;
oidc.register((id) => `${base}/callback/${id}`);
const sql = useDatabase(server);
const path = `${server.management_url}/projects/${server.project_id}/branches/${server.branch_id}/auth/oidc_providers`;
const call = (method, url, body) => request(url, { method, body, headers: { authorization: `Bearer ${server.api_key}` } });
const add = (body) => call('POST', path, body);
const acme = { id: 'acme', name: 'Acme', issuer: oidc.origin, ...oidc.credentials('acme') };

beforeEach(() => sql(`UPDATE neon_auth.project_config SET social_providers = '[]'`));

async function signIn(provider) {
  const { jar, url } = await begin(base, { provider });
  const browser = new Jar();
  const callback = await walk(await open(url, browser), { as: 'anna', until: `${base}/callback/` });
  const back = await comeBack(callback, browser);
  assert.equal(back.error, null, String(back.location));
  return { callback, answer: await exchange(base, back.location, jar), jar };
}

describe('oidc_providers', () => {
  it('are found out by discovery, and sign people in', async () => {
    const answer = await add(acme);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.body, {
      id: 'acme', name: 'Acme', type: 'oidc', issuer: oidc.origin, client_id: 'acme-client',
      authorization_endpoint: `${oidc.origin}/auth`, token_endpoint: `${oidc.origin}/token`, userinfo_endpoint: `${oidc.origin}/me`, jwks_uri: `${oidc.origin}/jwks`,
    });
    const { answer: session, callback } = await signIn('acme');
    assert.equal(session.body.user.email, people.anna.email);
    // The server announces `iss` in its callbacks: one without is refused (RFC 9207).
    assert.ok(new URL(callback).searchParams.get('iss'));
    const { jar, url } = await begin(base, { provider: 'acme' });
    const browser = new Jar();
    const stripped = new URL(await walk(await open(url, browser), { as: 'anna', until: `${base}/callback/` }));
    stripped.searchParams.delete('iss');
    assert.equal((await comeBack(stripped.toString(), browser)).error, 'issuer_missing');
    assert.ok(jar);
  });

  it('keep their secret, sealed, and are not among the four of the published API', async () => {
    await add(acme);
    const listed = await call('GET', path);
    assert.deepEqual(listed.body.providers.map(({ id }) => id), ['acme']);
    assert.ok(!listed.text.includes('acme-secret'));
    const [{ social_providers: [stored] }] = await sql('SELECT social_providers FROM neon_auth.project_config');
    assert.match(stored.clientSecret, /^v1:/);
    assert.deepEqual((await call('GET', path.replace('oidc_providers', 'oauth_providers'))).body.providers, []);
  });

  it('change, and go; accounts stay', async () => {
    await add(acme);
    assert.equal((await add(acme)).status, 409);
    const changed = await call('PATCH', `${path}/acme`, { name: 'Acme Ltd', scopes: ['openid', 'email'] });
    assert.deepEqual([changed.status, changed.body.name, changed.body.scopes], [200, 'Acme Ltd', ['openid', 'email']]);
    const { jar } = await signIn('acme');
    assert.equal((await call('DELETE', `${path}/acme`)).status, 200);
    assert.equal((await call('DELETE', `${path}/acme`)).status, 404);
    assert.equal((await call('PATCH', `${path}/acme`, {})).status, 404);
    assert.deepEqual((await authClient(base).get('/list-accounts', { jar })).body.map(({ providerId }) => providerId), ['acme']);
    const gone = await authClient(base).post('/sign-in/social', { provider: 'acme', callbackURL: '/x' });
    assert.deepEqual([gone.status, gone.body.code], [404, 'PROVIDER_NOT_FOUND']);
    await call('POST', path.replace('oidc_providers', 'oauth_providers'), { id: 'google', client_id: 'a', client_secret: 'b' });
    assert.equal((await call('DELETE', `${path}/google`)).status, 404);
    assert.equal((await call('PATCH', `${path}/google`, { name: 'x' })).status, 404);
  });

  it('may be plain OAuth 2.0, with the endpoints given', async () => {
    const endpoints = { authorization_endpoint: `${oidc.origin}/auth`, token_endpoint: `${oidc.origin}/token`, userinfo_endpoint: `${oidc.origin}/me` };
    const answer = await add({ id: 'acme', ...oidc.credentials('acme'), ...endpoints });
    assert.deepEqual([answer.status, answer.body.type, answer.body.name], [200, 'oauth2', 'acme']);
    assert.equal((await signIn('acme')).answer.body.user.email, people.anna.email);
    for (const missing of Object.keys(endpoints)) {
      const refused = await add({ id: 'other', ...oidc.credentials('acme'), ...endpoints, [missing]: undefined });
      assert.equal(refused.status, 400, missing);
    }
    assert.equal((await add({ id: 'both', ...acme, ...endpoints, id: 'both' })).status, 400);
  });

  it('are refused with a reason when discovery fails', async () => {
    let document = null;
    const { origin } = await listen((incoming, outgoing) => (document ? (outgoing.writeHead(200), outgoing.end(typeof document === 'string' ? document : JSON.stringify(document))) : (outgoing.writeHead(404), outgoing.end())));
    const good = { issuer: origin, authorization_endpoint: `${origin}/a`, token_endpoint: `${origin}/t`, jwks_uri: `${origin}/j` };
    for (const bad of [null, 'no json', [], {}, { ...good, issuer: 'https://other.example' }, { ...good, token_endpoint: 5 }, { ...good, jwks_uri: undefined }, { ...good, token_endpoint: 'file:///etc/passwd' }, { ...good, authorization_endpoint: 'javascript:alert(1)' }, `{"issuer":"${'x'.repeat(300_000)}"}`]) {
      document = bad;
      const answer = await add({ ...acme, issuer: origin });
      assert.deepEqual([answer.status, answer.body.code], [422, 'OIDC_DISCOVERY_FAILED'], JSON.stringify(bad)?.slice(0, 100));
    }
    assert.equal((await add({ ...acme, issuer: 'http://127.0.0.1:1' })).status, 422);
    assert.deepEqual((await call('GET', path)).body.providers, []);
  });

  it('name the field that is wrong', async () => {
    for (const id of ['', 'a', 'A-b', '1x', 'google', 'github', 'microsoft', 'vercel', 'credential', 'x'.repeat(41), 'a b', 5, undefined]) assert.match((await add({ ...acme, id })).text, /body\.id/, String(id));
    for (const issuer of ['http://example.com', 'https://10.0.0.1', 'https://169.254.169.254', 'https://printer', 'https://x.internal', 'ftp://x', 'x', `https://${'a'.repeat(3000)}.example`]) assert.match((await add({ ...acme, issuer })).text, /body\.issuer/, issuer);
    assert.match((await add({ ...acme, client_id: undefined })).text, /client_id/);
    assert.match((await add({ ...acme, client_secret: '' })).text, /client_secret/);
    assert.match((await add({ ...acme, scopes: ['a b'] })).text, /scopes/);
    assert.match((await add({ ...acme, extra: 1 })).text, /extra/);
    assert.equal((await request(path, { method: 'POST', body: acme })).status, 401);
  });
});
