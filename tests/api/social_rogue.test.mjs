// Identity providers that lie, break or stall (security-tests.md, 3.7): every outcome is a redirect with an error, and nobody is signed in.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import zlib from 'node:zlib';
import { beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { Jar } from '../support/http.mjs';
import { endpointsFile } from '../support/oidc.mjs';
import { startRogue } from '../support/rogue_provider.mjs';
import { useServer } from '../support/server.mjs';
import { begin, comeBack, exchange, open } from '../support/social.mjs';

const rogue = await startRogue();
const server = await useServer({ env: { ARGONAUTH_OAUTH_ENDPOINTS: endpointsFile(rogue.endpoints) } });
const base = server.base_url;
const sql = useDatabase(server);
const provider = (id) => ({ id, isShared: false, clientId: rogue.clientId, clientSecret: 'rogue-secret' });
await sql('UPDATE neon_auth.project_config SET social_providers = $1', [JSON.stringify(['google', 'vercel', 'github'].map(provider))]);

beforeEach(async () => {
  rogue.reset();
  await sql('DELETE FROM neon_auth."user"');
});

/** A whole sign-in; `prepare(authorize)` may look at the authorize URL before the provider answers. */
async function attempt(id = 'google', { callback = {} } = {}) {
  const { jar, url } = await begin(base, { provider: id });
  const browser = new Jar();
  const authorize = new URL(await open(url, browser));
  rogue.nonce = authorize.searchParams.get('nonce') ?? undefined;
  const query = new URLSearchParams({ code: 'c', state: authorize.searchParams.get('state'), ...callback });
  const started = Date.now();
  const back = await comeBack(`${base}/callback/${id}?${query}`, browser);
  return { ...back, jar, took: Date.now() - started };
}
const users = async () => (await sql('SELECT count(*)::int AS n FROM neon_auth."user"'))[0].n;
async function refused(id = 'google', error = 'unable_to_get_user_info', options) {
  const back = await attempt(id, options);
  assert.equal(back.error, error, back.answer.text);
  assert.equal(await users(), 0);
  rogue.reset();
}

describe('id_tokens', () => {
  it('a good one signs in', async () => {
    const back = await attempt();
    assert.equal(back.error, null);
    assert.equal((await exchange(base, back.location, back.jar)).body.user.email, 'rogue@example.test');
  });

  it('S094, S095: wrong issuer, audience, party, nonce, times', async () => {
    const now = Math.floor(Date.now() / 1000);
    const wrong = [
      { iss: 'https://accounts.google.com' }, { iss: undefined }, { iss: `${rogue.origin}/` }, { iss: 5 },
      { aud: 'other' }, { aud: undefined }, { aud: [] }, { aud: ['other', 'rogue-client'] }, { aud: { 0: 'rogue-client' } }, { azp: 'other' },
      { nonce: 'another' }, { nonce: undefined }, { nonce: '' }, { nonce: null },
      { exp: now - 3600 }, { exp: undefined }, { exp: 'tomorrow' }, { exp: -1 }, { exp: 1e300 }, { iat: now + 3600 }, { iat: undefined }, { iat: now - 7300 }, { nbf: now + 3600 },
    ];
    for (const claims of wrong) {
      rogue.claims = claims;
      await refused();
    }
    rogue.claims = { aud: ['rogue-client', 'other'], azp: 'rogue-client' };
    assert.equal((await attempt()).error, null);
  });

  it('S097: wrong signatures: none, HS256 with the public key, another key, a changed payload, critical extensions', async () => {
    const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
    const other = await rogue.newKey({ publish: false });
    const [key] = rogue.keys;
    const tricks = [
      (claims) => `${b64({ alg: 'none' })}.${b64(claims)}.`,
      (claims) => `${b64({ alg: 'none', kid: key.jwk.kid })}.${b64(claims)}.${b64('x')}`,
      (claims) => {
        const input = `${b64({ alg: 'HS256', kid: key.jwk.kid })}.${b64(claims)}`;
        const pem = key.publicKey.export ? key.publicKey.export({ type: 'spki', format: 'pem' }) : JSON.stringify(key.jwk);
        return `${input}.${crypto.createHmac('sha256', pem).update(input).digest('base64url')}`;
      },
      (claims) => {
        const input = `${b64({ alg: 'HS256', kid: key.jwk.kid })}.${b64(claims)}`;
        return `${input}.${crypto.createHmac('sha256', 'rogue-secret').update(input).digest('base64url')}`;
      },
      (claims) => `${b64({ alg: 'RS256', kid: key.jwk.kid })}.${b64(claims)}.${b64('not a signature')}`,
      () => 'x', () => 'a.b', () => 'a.b.c', () => '..', () => `${'a'.repeat(50_000)}.b.c`,
    ];
    for (const makeToken of tricks) {
      rogue.makeToken = makeToken;
      await refused();
    }
    rogue.signWith = { ...other, jwk: { ...other.jwk, kid: key.jwk.kid } }; // pretends to be the published one
    await refused();
    rogue.header = { crit: ['exp'], exp: 1 };
    rogue.makeToken = (claims) => `${b64({ alg: 'RS256', kid: key.jwk.kid, crit: ['x'], x: 1 })}.${b64(claims)}.${b64('x')}`;
    await refused();
    rogue.tokenAnswer = (outgoing) => (outgoing.writeHead(200, { 'content-type': 'application/json' }), outgoing.end('{"access_token":"a"}'));
    await refused();
  });
});

describe('userinfo', () => {
  it('S099: without a usable id makes nobody', async () => {
    for (const sub of [undefined, 0, '', null, [], {}, true, 'undefined', 'null', 'x'.repeat(300), 'a\nb']) {
      rogue.userinfo = { sub, id: 5, email: 'rogue@example.test', email_verified: true };
      await refused('vercel');
    }
    for (const id of [undefined, 0, -1, '', null, [], {}, 1.5, true]) {
      rogue.userinfo = { id, login: 'x', email: 'rogue@example.test' };
      await refused('github');
    }
    for (const userinfo of [(outgoing) => outgoing.end(`{"sub":"${'x'.repeat(1024 * 1024)}"}`), (outgoing) => outgoing.end('[]'), (outgoing) => outgoing.end('null'), (outgoing) => outgoing.end('<html>'), (outgoing) => (outgoing.writeHead(302, { location: '/userinfo' }), outgoing.end())]) {
      rogue.userinfo = userinfo;
      await refused('vercel');
    }
  });

  it('names the same person as the id_token', async () => {
    rogue.userinfo = { sub: 'somebody-else', email: 'victim@example.test', email_verified: true };
    await refused('vercel');
  });

  it('cannot smuggle in what is no address, name or picture', async () => {
    rogue.userinfo = { sub: 'rogue-1', email: 'not an address', email_verified: true };
    await refused('vercel', 'email_not_found');
    rogue.userinfo = { sub: 'rogue-1', email: 'rogue@example.test', email_verified: 'yes', name: `A\u0000\r\nB${'x'.repeat(5000)}`, picture: 'javascript:alert(1)' };
    const back = await attempt('vercel');
    const { user } = (await exchange(base, back.location, back.jar)).body;
    assert.equal(user.emailVerified, false);
    assert.match(user.name, /^ABx{1000,1022}$/);
    assert.equal(user.image, null);
  });
});

describe('the token endpoint', () => {
  const answers = {
    'status 500': (o) => (o.writeHead(500), o.end('oops')),
    'a refusal': (o) => (o.writeHead(400, { 'content-type': 'application/json' }), o.end('{"error":"invalid_grant","error_description":"<script>"}')),
    'a redirect': (o) => (o.writeHead(302, { location: 'http://127.0.0.1:1/' }), o.end()),
    'HTML': (o) => (o.writeHead(200, { 'content-type': 'text/html' }), o.end('<html>token</html>')),
    '100 MB': (o) => {
      o.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(64 * 1024, 'a');
      const more = () => !o.destroyed && o.write(chunk, () => setImmediate(more));
      more();
    },
    'a gzip bomb': (o) => (o.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }), o.end(zlib.gzipSync(Buffer.alloc(5_000_000, ' ')))),
    'a broken connection': (o) => o.destroy(),
    'an empty answer': (o) => (o.writeHead(200), o.end()),
    'an access token of another type': (o) => (o.writeHead(200), o.end('{"access_token":{"a":1}}')),
  };
  for (const [name, answer] of Object.entries(answers)) {
    it(`S103: ${name}: an error for the app, one try only`, async () => {
      rogue.requests.length = 0;
      rogue.tokenAnswer = answer;
      const back = await attempt();
      assert.equal(back.error, 'invalid_code');
      assert.ok(back.took < 20_000, `${back.took} ms`);
      assert.equal(rogue.requests.filter((path) => path === '/token').length, 1);
      assert.ok(!back.location.search.includes('script'));
      assert.equal(await users(), 0);
    });
  }

  it('S103: silence: an error, though nothing is answered', async () => {
    rogue.tokenAnswer = () => {};
    const back = await attempt();
    assert.equal(back.error, 'invalid_code');
    assert.ok(back.took < 20_000, `${back.took} ms`);
  });
});

describe('the callback', () => {
  it('S107: an issuer that is not the provider\'s', async () => {
    for (const iss of ['https://evil.example', `${rogue.origin}/`, 'x']) await refused('google', 'issuer_mismatch', { callback: { iss } });
    assert.equal((await attempt('google', { callback: { iss: rogue.origin } })).error, null);
  });

  it('an error of the provider\'s is passed on, harmless', async () => {
    const back = await attempt('google', { callback: { error: 'access_denied"><script>', error_description: 'a\r\nSet-Cookie: x=y<b>' } });
    assert.equal(back.error, 'access_deniedscript');
    assert.equal(back.answer.headers['set-cookie'].length, 1);
    assert.ok(!/[<>\r\n]/.test(decodeURIComponent(back.location.search)));
  });
});

describe('keys', () => {
  it('rotate: a new one is fetched, but not more than once a minute', async () => {
    assert.equal((await attempt()).error, null);
    const before = rogue.keysAsked;
    assert.ok(before >= 1);
    await rogue.newKey();
    const end = Date.now() + 70_000;
    let refusals = 0;
    while ((await attempt()).error === 'unable_to_get_user_info') {
      refusals += 1;
      assert.ok(Date.now() < end, 'the new key was never fetched');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.ok(rogue.keysAsked - before <= 2, `asked ${rogue.keysAsked - before} times for ${refusals} refusals`);
    assert.equal((await attempt()).error, null);
  });
});
