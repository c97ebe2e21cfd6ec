// The session cookie: how it is written, how it is read, and what does not pass for one.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);
const name = '__Secure-neon-auth.session_token';
const secret = 'conformance-secret-0123456789-ABCDEFGHIJ';

const sign = (token, key = secret) => `${token}.${crypto.createHmac('sha256', key).update(token).digest('base64')}`;
const sessionFor = (cookie) => auth().get('/get-session', { headers: { cookie } });

/** A secret the tests know, so that they can sign cookies themselves. */
before(async () => {
  await sql(`UPDATE neon_auth.project_config SET advanced = coalesce(advanced, '{}') || jsonb_build_object('secret', $1::text)`, [secret]);
  for (let tries = 0; tries < 40; tries++) {
    const user = await signUp(server.base_url);
    if (decodeURIComponent(user.jar.get('session_token')) === sign(user.token)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('the secret in project_config is not used for cookies');
});

describe('written', () => {
  it('S029: with every protection a browser knows', async () => {
    const { answer, token } = await signUp(server.base_url);
    assert.equal(answer.cookies.length, 1);
    const [cookie] = answer.cookies;
    assert.equal(cookie.name, name);
    assert.equal(cookie.value, encodeURIComponent(sign(token)));
    const { path, ...rest } = cookie.attributes;
    assert.deepEqual(rest, { 'max-age': '604800', httponly: true, secure: true, samesite: 'None', partitioned: true });
    // Branches share an origin in path mode; the path keeps their cookies apart.
    assert.equal(path, `/${server.endpoint_id}/neondb/auth`);
    assert.ok(answer.headers['set-cookie'][0].length < 4096);
  });

  it('together with the signed token in a header', async () => {
    const { answer, token } = await signUp(server.base_url);
    assert.equal(answer.headers['set-auth-token'], sign(token));
    assert.ok(answer.headers['access-control-expose-headers'].includes('set-auth-token'));
  });

  it('away with the same attributes', async () => {
    const user = await signUp(server.base_url);
    const written = user.answer.cookies[0].attributes;
    const answer = await auth().post('/sign-out', {}, { jar: user.jar });
    assert.deepEqual(answer.cookies.map((cookie) => cookie.name.split('.').at(-1)).sort(), ['dont_remember', 'session_data', 'session_token']);
    for (const { value, attributes } of answer.cookies) {
      assert.equal(value, '');
      assert.deepEqual(attributes, { ...written, 'max-age': '0' });
    }
  });
});

describe('read', () => {
  it('encoded, plain or quoted', async () => {
    const user = await signUp(server.base_url);
    const plain = sign(user.token);
    for (const value of [encodeURIComponent(plain), plain, `"${encodeURIComponent(plain)}"`]) {
      const answer = await sessionFor(`${name}=${value}`);
      assert.equal(answer.body?.user.id, user.id, value);
    }
  });

  it('S033: among others, and the first of two with one name', async () => {
    const [user, other] = [await signUp(server.base_url), await signUp(server.base_url)];
    const mine = `${name}=${encodeURIComponent(sign(user.token))}`;
    const theirs = `${name}=${encodeURIComponent(sign(other.token))}`;
    assert.equal((await sessionFor(`a=b; ${mine}; c=d; flag; =x; ${'n=v; '.repeat(100)}z=z`)).body?.user.id, user.id);
    assert.equal((await sessionFor(`${mine}; ${theirs}`)).body?.user.id, user.id);
  });

  it('a well signed token nobody has clears three cookies', async () => {
    const answer = await sessionFor(`${name}=${encodeURIComponent(sign('Z'.repeat(31) + 'a'))}`);
    assert.deepEqual([answer.status, answer.text], [200, 'null']);
    assert.deepEqual(answer.cookies.map((cookie) => cookie.attributes['max-age']), ['0', '0', '0']);
  });
});

describe('forged', () => {
  const flip = (text, at) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

  it('S030: opens nothing, and the genuine one still works', async () => {
    const [user, other] = [await signUp(server.base_url), await signUp(server.base_url)];
    const genuine = sign(user.token);
    const [token, signature] = genuine.split('.');
    const forged = {
      'token changed': flip(genuine, 3),
      'signature changed at its start': `${token}.${flip(signature, 0)}`,
      'signature changed at its end': `${token}.${flip(signature, 42)}`,
      'signature of another token': `${token}.${sign(other.token).split('.')[1]}`,
      'signature with another secret': sign(user.token, 'another-secret'),
      'signature with no secret': sign(user.token, ''),
      'signature cut': genuine.slice(0, -10),
      'signature without padding': genuine.slice(0, -1),
      'signature in the URL alphabet': `${token}.${signature.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')}`,
      'signature in hexadecimal': `${token}.${crypto.createHmac('sha256', secret).update(token).digest('hex')}`,
      'no signature': token,
      'empty signature': `${token}.`,
      'only a signature': `.${signature}`,
      'two signatures': `${genuine}.${signature}`,
      'encoded twice': encodeURIComponent(encodeURIComponent(genuine)),
      'NUL at the end': `${encodeURIComponent(genuine)}%00`,
      'NUL in the token': encodeURIComponent(`${token}\u0000.${signature}`),
      'broken percent signs': '%%%',
      'cut percent sign': `${encodeURIComponent(genuine)}%2`,
      'invalid UTF-8': '%ff%fe',
      'eight kilobytes': 'A'.repeat(8192),
      'SQL': encodeURIComponent(`' OR 1=1 --.${signature}`),
      'letter case': genuine.toLowerCase(),
      'empty': '',
    };
    for (const [label, value] of Object.entries(forged)) {
      const answer = await sessionFor(`${name}=${value}`);
      assert.deepEqual([answer.status, answer.text], [200, 'null'], label);
      assert.deepEqual(answer.cookies, [], label);
      const guarded = await auth().get('/list-sessions', { headers: { cookie: `${name}=${value}` } });
      assert.equal(guarded.status, 401, label);
    }
    assert.equal((await sessionFor(`${name}=${encodeURIComponent(genuine)}`)).body.user.id, user.id);
  });

  it('under a name that is nearly right', async () => {
    const user = await signUp(server.base_url);
    const value = encodeURIComponent(sign(user.token));
    for (const other of ['neon-auth.session_token', 'better-auth.session_token', '__Secure-neonauth.session_token', '__Host-neon-auth.session_token', `x${name}`, `${name}x`, name.toUpperCase()]) {
      assert.equal((await sessionFor(`${other}=${value}`)).text, 'null', other);
    }
  });
});
