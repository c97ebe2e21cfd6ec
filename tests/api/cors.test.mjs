// CORS: browsers of trusted apps get in with credentials, everybody else gets no permission at all.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient, request } from '../support/http.mjs';
import { eventually } from '../support/eventually.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);
const app = 'https://app.example.com';

const preflight = (origin, path = '/sign-in/email', method = 'POST') =>
  auth().send('OPTIONS', path, { origin, headers: { 'access-control-request-method': method, 'access-control-request-headers': 'content-type,x-neon-client-info' } });
const varies = (answer) => (answer.headers.vary ?? '').toLowerCase().split(/\s*,\s*/).includes('origin');
const listed = (answer, header) => (answer.headers[header] ?? '').toLowerCase().split(/\s*,\s*/);

before(async () => {
  await sql(`UPDATE neon_auth.project_config SET trusted_origins = $1, allow_localhost = false`, [JSON.stringify([app, 'https://*.preview.example.com'])]);
  await eventually(async () => assert.equal((await preflight(app)).headers['access-control-allow-origin'], app));
});

const strangers = [
  'https://app.example.com.evil.net', 'https://evil-app.example.com', 'http://app.example.com', 'https://app.example.com:8443', 'https://app.example.com.',
  'https://app.example.com/', 'https://app.example.com@evil.net', 'https://preview.example.com', 'https://x.preview.example.com.evil.net', 'http://x.preview.example.com',
  'http://localhost:3000', 'http://127.0.0.1:3000', 'null', 'file://', 'https://', '*', 'https://app.example.com, https://evil.net',
];

describe('preflight', () => {
  it('lets a trusted app in, with credentials', async () => {
    for (const origin of [app, 'https://pr-7.preview.example.com']) {
      const answer = await preflight(origin);
      assert.equal(answer.status, 204);
      assert.equal(answer.text, '');
      assert.equal(answer.headers['access-control-allow-origin'], origin);
      assert.equal(answer.headers['access-control-allow-credentials'], 'true');
      assert.ok(varies(answer), 'Vary: Origin');
      assert.ok(listed(answer, 'access-control-allow-methods').includes('post'));
      for (const header of ['content-type', 'authorization', 'x-neon-client-info', 'x-neon-auth-proxy', 'x-neon-auth-middleware']) {
        assert.ok(listed(answer, 'access-control-allow-headers').includes(header), header);
      }
    }
  });

  it('S023: lets nobody else in', async () => {
    for (const origin of strangers) {
      const answer = await preflight(origin);
      assert.ok(answer.status < 500, `${origin}: ${answer.status}`);
      assert.equal(answer.headers['access-control-allow-origin'], undefined, origin);
      assert.equal(answer.headers['access-control-allow-credentials'], undefined, origin);
    }
  });

  it('knows the server\'s own origin', async () => {
    assert.equal((await preflight(server.origin)).headers['access-control-allow-origin'], server.origin);
  });

  it('lets a trusted app send headers of its own, and nobody else', async () => {
    const wishing = (origin, wish) => request(`${server.base_url}/sign-in/email`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': wish } });
    const granted = listed(await wishing(app, 'baggage,content-type,sentry-trace'), 'access-control-allow-headers');
    for (const name of ['baggage', 'sentry-trace', 'authorization']) assert.ok(granted.includes(name), name);
    for (const wish of ['x-a"b', 'x-a;b', 'x'.repeat(2000)]) assert.ok(!(await wishing(app, wish)).headers['access-control-allow-headers'].includes(wish), wish);
    assert.equal((await wishing('https://evil.net', 'baggage')).headers['access-control-allow-headers'], undefined);
  });

  it('is not what an OPTIONS without a question is', async () => {
    assert.equal((await auth().send('OPTIONS', '/sign-in/email', { origin: app })).status, 404);
  });
});

describe('answers', () => {
  it('to a trusted app may be read, the JWT header included', async () => {
    const user = await signUp(server.base_url);
    const answer = await auth().get('/get-session', { jar: user.jar, origin: app });
    assert.equal(answer.body.user.id, user.id);
    assert.equal(answer.headers['access-control-allow-origin'], app);
    assert.equal(answer.headers['access-control-allow-credentials'], 'true');
    assert.ok(listed(answer, 'access-control-expose-headers').includes('set-auth-jwt'));
    assert.ok(varies(answer), 'Vary: Origin');
  });

  it('that are errors may be read as well', async () => {
    const wrong = await auth().post('/sign-in/email', { email: freshEmail(), password }, { origin: app });
    assert.equal(wrong.status, 401);
    assert.equal(wrong.headers['access-control-allow-origin'], app);
    const missing = await auth().get('/no/such/route', { origin: app });
    assert.equal(missing.status, 404);
    assert.equal(missing.headers['access-control-allow-origin'], app);
  });

  it('S023: to anybody else carry no permission, and caches are told why', async () => {
    const user = await signUp(server.base_url);
    for (const origin of strangers) {
      for (const path of ['/get-session', '/token']) {
        const answer = await auth().get(path, { jar: user.jar, origin });
        assert.ok(answer.status < 500, `${origin}: ${answer.status}`);
        assert.equal(answer.headers['access-control-allow-origin'], undefined, `${path} for ${origin}`);
        assert.ok(varies(answer), `${path} for ${origin}: Vary`);
      }
    }
  });

  it('to nobody in particular carry none either', async () => {
    const answer = await auth().get('/get-session');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.ok(varies(answer), 'Vary: Origin');
  });
});

it('allow_localhost is about this machine: localhost and the loopback addresses, any port, either scheme', async () => {
  await sql('UPDATE neon_auth.project_config SET allow_localhost = true');
  const allowed = async (origin) => (await preflight(origin)).headers['access-control-allow-origin'] === origin;
  await eventually(async () => assert.ok(await allowed('http://localhost:3000')));
  assert.ok(await allowed('http://localhost'));
  assert.ok(await allowed('https://localhost:8443'));
  assert.ok(await allowed('http://127.0.0.1:3000'));
  assert.ok(await allowed('http://[::1]:3000'));
  for (const origin of ['http://localhost.evil.net', 'http://evil-localhost:3000', 'http://localhost:3000.evil.net', 'http://app.localhost:3000']) {
    assert.ok(!(await allowed(origin)), origin);
  }
});
