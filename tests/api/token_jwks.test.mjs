// JWTs: what is in them, that a stock library verifies them, and that they open nothing they should not.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, it } from 'node:test';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient, request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);
const publishedKeys = async () => (await request(server.jwks_url)).body;

/** Verifies as an app would: signature by the published keys, issuer and audience by the origin. */
async function verified(token) {
  const { payload } = await jwtVerify(token, createLocalJWKSet(await publishedKeys()), { issuer: server.origin, audience: server.origin, algorithms: ['EdDSA'] });
  return payload;
}

describe('the published keys', () => {
  it('are Ed25519 public keys and nothing else', async () => {
    const answer = await request(server.jwks_url);
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.ok(answer.body.keys.length >= 1);
    for (const key of answer.body.keys) {
      assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'x']);
      assert.deepEqual([key.alg, key.crv, key.kty], ['EdDSA', 'Ed25519', 'OKP']);
      assert.equal(Buffer.from(key.x, 'base64url').length, 32);
    }
    assert.equal(new Set(answer.body.keys.map((key) => key.kid)).size, answer.body.keys.length);
  });

  it('stay the same, also when many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, publishedKeys));
    assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1);
    const [{ count }] = await sql('SELECT count(*)::int FROM neon_auth.jwks');
    assert.equal(count, 1);
  });

  it('have their private halves encrypted in the database', async () => {
    await publishedKeys();
    const rows = await sql('SELECT "publicKey", "privateKey" FROM neon_auth.jwks');
    for (const { publicKey, privateKey } of rows) {
      assert.ok(!privateKey.includes('"d"') && !privateKey.includes(JSON.parse(publicKey).x), 'a private key in the clear');
    }
  });
});

describe('GET /token', () => {
  it('gives a JWT that verifies, for a quarter of an hour', async () => {
    const user = await signUp(server.base_url, { name: 'Claims' });
    const { status, body } = await auth().get('/token', { jar: user.jar });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ['token']);
    const header = decodeProtectedHeader(body.token);
    assert.deepEqual(Object.keys(header).sort(), ['alg', 'kid']);
    const claims = await verified(body.token);
    assert.equal(claims.exp - claims.iat, 900);
    assert.ok(Math.abs(claims.iat - Date.now() / 1000) < 5);
    assert.equal(claims.sub, user.id);
    assert.deepEqual(
      { id: claims.id, email: claims.email, name: claims.name, emailVerified: claims.emailVerified, image: claims.image, banned: claims.banned, role: claims.role },
      { id: user.id, email: user.email, name: 'Claims', emailVerified: false, image: null, banned: false, role: 'authenticated' },
    );
    for (const secret of ['password', 'token', 'sid', 'session']) assert.equal(claims[secret], undefined);
  });

  it('keeps "authenticated" as the role of an administrator', async () => {
    const user = await signUp(server.base_url);
    await sql(`UPDATE neon_auth."user" SET role = 'admin' WHERE id = $1`, [user.id]);
    const { body } = await auth().get('/token', { jar: user.jar });
    assert.equal((await verified(body.token)).role, 'authenticated');
  });

  it('is the same kind of token as set-auth-jwt', async () => {
    const user = await signUp(server.base_url);
    const answer = await auth().get('/get-session', { jar: user.jar });
    assert.equal((await verified(answer.headers['set-auth-jwt'])).sub, user.id);
  });

  it('takes a session, and GET', async () => {
    const user = await signUp(server.base_url);
    const nobody = await auth().get('/token');
    assert.deepEqual([nobody.status, nobody.body], [401, { message: 'Unauthorized', code: 'UNAUTHORIZED' }]);
    assert.equal((await auth().post('/token', {}, { jar: user.jar })).status, 404);
    assert.equal((await auth().get('/token', { headers: { authorization: `Bearer ${user.token}` } })).status, 200);
  });
});

it('the issuer is the server, whatever the request calls it', async () => {
  const user = await signUp(server.base_url);
  for (const headers of [{ host: 'evil.example.net' }, { 'x-forwarded-host': 'evil.example.net' }, { 'x-forwarded-proto': 'https' }, { forwarded: 'host=evil.example.net;proto=https' }]) {
    const answer = await auth().get('/token', { jar: user.jar, headers });
    if (answer.status === 200) assert.equal((await verified(answer.body.token)).iss, server.origin, JSON.stringify(headers));
    else assert.ok(answer.status >= 400 && answer.status < 500, JSON.stringify(headers));
  }
});

describe('GET /token/anonymous', () => {
  it('gives a token with the role anonymous to everybody', async () => {
    const { status, body } = await auth().get('/token/anonymous');
    assert.equal(status, 200);
    const claims = await verified(body.token);
    assert.equal(claims.role, 'anonymous');
    assert.equal(claims.exp, body.expires_at);
    assert.ok(body.expires_at > Date.now() / 1000);
    assert.equal((await auth().post('/token/anonymous')).status, 404);
  });
});

describe('a JWT is no session', () => {
  const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

  async function forgeries() {
    const user = await signUp(server.base_url);
    const { body } = await auth().get('/token', { jar: user.jar });
    const [header, payload, signature] = body.token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    const [key] = (await publishedKeys()).keys;
    const hmac = (head) => `${encode(head)}.${payload}.${crypto.createHmac('sha256', Buffer.from(key.x, 'base64url')).update(`${encode(head)}.${payload}`).digest('base64url')}`;
    const { privateKey, publicKey } = crypto.generateKeyPairSync('ed25519');
    const own = (head) => `${encode(head)}.${payload}.${crypto.sign(null, Buffer.from(`${encode(head)}.${payload}`), privateKey).toString('base64url')}`;
    return [
      body.token,
      `${encode({ alg: 'none' })}.${payload}.`,
      `${encode({ alg: 'None', kid: key.kid })}.${payload}.${signature}`,
      hmac({ alg: 'HS256', kid: key.kid }),
      own({ alg: 'EdDSA', kid: key.kid }),
      own({ alg: 'EdDSA', jwk: publicKey.export({ format: 'jwk' }) }),
      own({ alg: 'EdDSA', kid: key.kid, jku: 'http://127.0.0.1:9/keys' }),
      `${header}.${encode({ ...claims, sub: crypto.randomUUID() })}.${signature}`,
      `${header}.${encode({ ...claims, exp: 9_999_999_999 })}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${header}..${signature}`,
      '..',
      '...',
      `${'A'.repeat(8000)}.${payload}.${signature}`,
    ];
  }

  it('genuine or forged, as bearer or as cookie', async () => {
    for (const token of await forgeries()) {
      const name = '__Secure-neon-auth.session_token';
      for (const headers of [{ authorization: `Bearer ${token}` }, { cookie: `${name}=${token}` }, { cookie: `__Secure-neon-auth.session_data=${token}` }]) {
        const session = await auth().get('/get-session', { headers });
        assert.deepEqual([session.status, session.text], [200, 'null'], JSON.stringify(headers).slice(0, 200));
        assert.equal((await auth().get('/token', { headers })).status, 401);
      }
    }
  });
});

describe('rotation', () => {
  const sign = async (user) => (await auth().get('/token', { jar: user.jar })).body.token;
  const kids = async () => (await publishedKeys()).keys.map(({ kid }) => kid);

  it('an expired key signs no more, a new one takes its place, and what it signed verifies for 30 days', async () => {
    const user = await signUp(server.base_url);
    const old = await sign(user);
    const { kid } = decodeProtectedHeader(old);
    await sql('UPDATE neon_auth.jwks SET "expiresAt" = now() - interval \'1 second\' WHERE id = $1', [kid]);
    await eventually(async () => assert.notEqual(decodeProtectedHeader(await sign(user)).kid, kid));
    await verified(await sign(user));
    await verified(old);

    await sql(`UPDATE neon_auth.jwks SET "expiresAt" = now() - interval '31 days' WHERE id = $1`, [kid]);
    await eventually(async () => assert.ok(!(await kids()).includes(kid)));
    await assert.rejects(verified(old));
  });

  it('a key that runs out by itself is followed by one new key, also when many ask at once', async () => {
    const user = await signUp(server.base_url);
    const before = (await kids()).length;
    await sql(`UPDATE neon_auth.jwks SET "expiresAt" = now() + interval '1 second' WHERE "expiresAt" IS NULL`);
    const { kid } = decodeProtectedHeader(await sign(user));
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const signers = await Promise.all(Array.from({ length: 20 }, async () => decodeProtectedHeader(await sign(user)).kid));
    assert.equal(new Set(signers).size, 1);
    assert.notEqual(signers[0], kid);
    assert.equal((await kids()).length, before + 1);
  });
});
