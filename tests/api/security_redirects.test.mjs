// Where a request may send people afterwards (security-tests.md, 3.1): nowhere but to origins the branch trusts, however the URL is written.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient, request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, signUp } from '../support/users.mjs';

const server = await useServer();
const base = server.base_url;
const auth = authClient(base);
const sql = useDatabase(server);
const good = 'https://app.example.com';
await sql(`UPDATE neon_auth.project_config SET trusted_origins = $1, allow_localhost = false`, [JSON.stringify([good, 'https://*.preview.example.com', 'myapp://'])]);
const own = new URL(base).host;

const hostile = [
  '//evil.example', '///evil.example', '////evil.example', '/\\evil.example', '\\\\evil.example', '\\/evil.example', '/%2fevil.example', '/%5cevil.example', '/%2Fevil.example',
  '/\t/evil.example', '/\n/evil.example', '\t//evil.example', ' //evil.example', '/\u0000/evil.example', '/\u00a0/evil.example', '/..//evil.example/%0d%0aSet-Cookie:x=y',
  'http:evil.example', 'https:evil.example', 'https:/evil.example', 'https:\\\\evil.example', 'https:///evil.example', 'HTTPS://evil.example', 'https://evil.example', 'http://evil.example',
  `${good}@evil.example`, `https://app.example.com:443@evil.example`, `https://evil.example\\@app.example.com`, `https://evil.example#@app.example.com`, `https://evil.example?.app.example.com`, `https://evil.example/.app.example.com`,
  `${good}.evil.example`, `https://evilapp.example.com`, `https://app.example.com%00.evil.example`, `https://app.example.com\u0000.evil.example`, `https://app.example.com%2eevil.example`, `https://app.example.com\u3002evil.example`, `https://app.example.com\uff0eevil.example`, 'https://app\u3002example\u3002com', 'https://\uff41pp.example.com', 'https://app.example.com.', 'https://app.example.com:444', 'http://app.example.com', 'https://user@app.example.com', 'https://:@app.example.com', 'https://app.example.com:x',
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', '\u0001javascript:alert(1)', 'java\nscript:alert(1)', 'javascript://app.example.com/%0aalert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'blob:https://app.example.com/x', 'filesystem:https://app.example.com/x', 'intent://x#Intent;end', 'file:///etc/passwd', 'ftp://app.example.com', 'ws://app.example.com', 'myapp2://cb', 'myapp:cb', 'evil.example', 'app.example.com', '.', '..', '?x', '#x', '@evil.example',
  `https://x.preview.example.com.evil.example`, `https://preview.example.com.evil.example`, `https://evil.example/x.preview.example.com`, `https://evil.example?x.preview.example.com`, `http://x.preview.example.com`, `https://${own}.evil.example`, `http://${own}@evil.example/`,
];
const welcome = [`${good}/after`, `${good}:443/after`, 'https://APP.example.com/after', 'https://a.preview.example.com/x?y=1', 'myapp://cb', `http://${own}/x`, '/after', '/after?x=1&y=%20'];
const start = (body) => auth.post('/sign-in/social', { provider: 'google', callbackURL: `${good}/after`, ...body }, { origin: good });

describe('S001: callbackURL of sign-in/social', () => {
  it(`refuses ${hostile.length} hostile ones`, async () => {
    for (const callbackURL of hostile) {
      const { status, body } = await start({ callbackURL });
      assert.deepEqual([status, body.code], [403, 'INVALID_CALLBACK_URL'], JSON.stringify(callbackURL));
    }
    for (const callbackURL of [5, {}, [], ['https://evil.example'], true]) assert.equal((await start({ callbackURL })).status, 400, JSON.stringify(callbackURL));
  });

  it('accepts trusted ones', async () => {
    for (const callbackURL of welcome) assert.equal((await start({ callbackURL })).status, 200, callbackURL);
  });
});

it('S011: errorCallbackURL and newUserCallbackURL of sign-in/social', async () => {
  for (const [member, code] of [['errorCallbackURL', 'INVALID_ERROR_CALLBACK_URL'], ['newUserCallbackURL', 'INVALID_NEW_USER_CALLBACK_URL']]) {
    for (const url of hostile) {
      const { status, body } = await start({ [member]: url });
      assert.deepEqual([status, body.code], [403, code], `${member} ${JSON.stringify(url)}`);
    }
    for (const url of welcome) assert.equal((await start({ [member]: url })).status, 200, url);
  }
});

it('S001: the same targets of link-social', async () => {
  const user = await signUp(base, { email: freshEmail() });
  for (const callbackURL of hostile.slice(0, 20)) {
    const answer = await auth.post('/link-social', { provider: 'google', callbackURL }, { origin: good, jar: user.jar });
    assert.deepEqual([answer.status, answer.body.code], [403, 'INVALID_CALLBACK_URL'], JSON.stringify(callbackURL));
  }
});

it('S008: redirectTo of request-password-reset', async () => {
  const { email } = await signUp(base);
  for (const redirectTo of hostile) {
    const { status, body } = await auth.post('/request-password-reset', { email, redirectTo });
    assert.deepEqual([status, body.code], [403, 'INVALID_REDIRECT_URL'], JSON.stringify(redirectTo));
  }
  for (const redirectTo of welcome) assert.equal((await auth.post('/request-password-reset', { email: freshEmail(), redirectTo })).status, 200, redirectTo);
});

it('S009: links with a bogus token and a hostile callbackURL lead nowhere', async () => {
  const allowed = [new URL(base).origin, good];
  for (const url of hostile) {
    const query = `callbackURL=${encodeURIComponent(url)}`;
    for (const path of [`/verify-email?token=bogus&${query}`, `/reset-password/bogus?${query}`, `/sign-in/social/init?token=bogus&${query}`, `/callback/google?state=bogus&${query}`]) {
      const answer = await request(`${base}${path}`, { headers: { accept: 'text/html' } });
      const to = answer.headers.location;
      if (to) assert.ok(allowed.includes(new URL(to, base).origin), `${path} -> ${to}`);
      assert.ok(answer.status < 500 && !answer.text.includes('evil.example'), path);
    }
  }
});

it('S015: other spellings of a path are no other way to a route', async () => {
  const user = await signUp(base);
  const path = new URL(base).pathname;
  for (const spelling of [`${path}//get-session`, `${path}/./get-session`, `${path}/x/../get-session`, `${path}/get%2dsession`, `${path}/%67et-session`, `${path}/get-session;a=b`, `${path}/GET-SESSION`, `${path}/get-session/`, `/${path}/get-session`, `${path}/get-session%00`, `${path}\\get-session`, `${path}/get-session/.`]) {
    const answer = await request(`${server.origin}${spelling}`, { jar: user.jar });
    assert.ok(answer.status === 404 || answer.status === 400, `${spelling}: ${answer.status} ${answer.text}`);
    assert.ok(!answer.text.includes(user.email));
  }
});

it('S002: whatever is accepted, a browser\'s own parser sees a trusted origin in it', async () => {
  const pieces = ['/', '\\', '//', '@', ':', '#', '?', '%2f', '%5c', '%00', '\t', '\n', '\r', ' ', '\u0000', '.', '..', ':443', ':80', ':0443', '\u3002', '\uff0f', '\u00ad', '\u2024', '[', ']', 'evil.example', 'evil.example/', '@evil.example', '.evil.example', 'https://evil.example', ';', '&', '=', '%', '%%', '|', '^', '`', '{', '"', "'", '<', 'xn--', '\u0430'];
  const seeds = [`${good}/after`, 'https://a.preview.example.com/x', '/after'];
  const trusted = (url) => {
    if (!URL.canParse(url, good)) return true; // a browser stays where it is
    const { origin, protocol } = new URL(url, good);
    return origin === good || /^https:\/\/[^/]+\.preview\.example\.com$/.test(origin) || protocol === 'myapp:';
  };
  const candidates = seeds.flatMap((seed) => pieces.flatMap((piece) => [0, 1, 5, 6, 7, 8, 11, seed.indexOf('/', 9), seed.length].filter((at) => at >= 0 && at <= seed.length).map((at) => seed.slice(0, at) + piece + seed.slice(at))));
  let accepted = 0;
  for (const callbackURL of new Set(candidates)) {
    const { status } = await start({ callbackURL });
    assert.ok(status === 200 || status === 403, `${status} ${JSON.stringify(callbackURL)}`);
    if (status !== 200) continue;
    accepted += 1;
    assert.ok(trusted(callbackURL), JSON.stringify(callbackURL));
  }
  assert.ok(candidates.length > 800 && accepted > 20, `${accepted} of ${candidates.length}`);
});
