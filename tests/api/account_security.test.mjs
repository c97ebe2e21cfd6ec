// What a password, a ban, a cookie or a removed user may and may not do (security catalogue, 3.3 to 3.5).
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient } from '../support/http.mjs';
import { useInbox } from '../support/inbox.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings } from '../support/settings.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const inbox = await useInbox(sql);
const auth = () => authClient(server.base_url);
const trySignIn = (email, secret) => auth().post('/sign-in/email', { email, password: secret });
const outcome = ({ status, body }) => (status === 200 ? 200 : `${status} ${body?.code}`);

describe('told only to who knows the password', () => {
  it('S055: that the user is banned', async () => {
    const user = await signUp(server.base_url);
    await sql('UPDATE neon_auth."user" SET banned = true, "banReason" = $2 WHERE id = $1', [user.id, 'spam']);
    const stranger = await trySignIn(freshEmail(), 'wrong-wrong');
    const wrong = await trySignIn(user.email, 'wrong-wrong');
    assert.deepEqual([wrong.status, wrong.text], [stranger.status, stranger.text]);
    const right = await trySignIn(user.email, password);
    assert.equal(outcome(right), '403 BANNED_USER');
    assert.deepEqual(right.cookies, []);
    assert.doesNotMatch(right.text, /spam/);
    assert.equal(await whoIs(server.base_url, user.jar), null, 'a session from before the ban');
  });

  it('S056: that the address is not proven', async () => {
    const user = await signUp(server.base_url);
    await changeSettings(sql, { email_and_password: { requireEmailVerification: true } });
    try {
      const stranger = await trySignIn(freshEmail(), 'wrong-wrong');
      const wrong = await trySignIn(user.email, 'wrong-wrong');
      assert.deepEqual([wrong.status, wrong.text], [stranger.status, stranger.text]);
      const right = await trySignIn(user.email, password);
      assert.equal(outcome(right), '403 EMAIL_NOT_VERIFIED');
      assert.deepEqual(right.cookies, []);
    } finally {
      await changeSettings(sql, { email_and_password: { requireEmailVerification: false } });
    }
  });
});

describe('change-password', () => {
  it('S036: ends the other sessions where asked, and the old password', async () => {
    const user = await signUp(server.base_url);
    const [other, third] = [await signIn(server.base_url, user), await signIn(server.base_url, user)];
    const jar = user.jar.copy();
    const answer = await auth().post('/change-password', { currentPassword: password, newPassword: 'changed-pass-1', revokeOtherSessions: true }, { jar });
    assert.equal(answer.status, 200, answer.text);
    for (const dead of [other.jar, third.jar, user.jar]) assert.equal(await whoIs(server.base_url, dead), null);
    assert.equal(await whoIs(server.base_url, jar), user.id);
    assert.equal((await trySignIn(user.email, password)).status, 401);
    assert.equal((await trySignIn(user.email, 'changed-pass-1')).status, 200);
  });

  it('S065: wants the current password, and nothing that only looks like one', async () => {
    const user = await signUp(server.base_url);
    for (const currentPassword of ['wrong-wrong', '', ' ', `${password} `, null, [password], { $ne: '' }, 0, true, undefined]) {
      const answer = await auth().post('/change-password', { currentPassword, newPassword: 'changed-pass-1' }, { jar: user.jar });
      assert.ok(answer.status >= 400 && answer.status < 500, `${JSON.stringify(currentPassword)}: ${answer.status}`);
    }
    assert.equal((await trySignIn(user.email, 'changed-pass-1')).status, 401);
    assert.equal((await trySignIn(user.email, password)).status, 200);
  });
});

describe('a removed user', () => {
  const leftovers = (id) => sql(`SELECT id FROM neon_auth.session WHERE "userId" = $1 UNION ALL SELECT id FROM neon_auth.account WHERE "userId" = $1
    UNION ALL SELECT id FROM neon_auth.verification WHERE value = $1::text`, [id]);
  const ways = {
    'the management API': (id) => managementClient(server).deleteBranchNeonAuthUser({ ...server, auth_user_id: id }),
    SQL: (id) => sql('DELETE FROM neon_auth."user" WHERE id = $1', [id]),
  };
  for (const [way, remove] of Object.entries(ways)) {
    it(`S043: by ${way}: has no session, no link, and no cache cookie beyond its few seconds`, async () => {
      await changeSettings(sql, { advanced: { cookies: { cacheMaxAge: 2 } } });
      const user = await signUp(server.base_url);
      await auth().post('/request-password-reset', { email: user.email });
      const { link } = await inbox.mail(user.email);
      assert.ok(user.jar.get('session_data'), 'a cache cookie');
      await remove(user.id);
      await eventually(async () => assert.deepEqual(await leftovers(user.id), []));
      assert.equal((await auth().get('/get-session', { jar: user.jar.copy(), query: { disableCookieCache: 'true' } })).text, 'null');
      const token = new URL(link).pathname.split('/').at(-1);
      assert.equal(outcome(await auth().post('/reset-password', { token, newPassword: 'new-password-1' })), '400 INVALID_TOKEN');
      await new Promise((resolve) => setTimeout(resolve, 2100));
      assert.equal(await whoIs(server.base_url, user.jar), null);
      await changeSettings(sql, { advanced: { cookies: { cacheMaxAge: 0 } } });
    });
  }
});

describe('the cache cookie', () => {
  before(() => changeSettings(sql, { advanced: { cookies: { cacheMaxAge: 60 } } }));

  it('S045: is nobody alone, and nobody else beside another session', async () => {
    const [ada, eve] = [await signUp(server.base_url), await signUp(server.base_url)];
    const nameOf = (jar, suffix) => jar.nameOf(suffix);
    const data = `${nameOf(ada.jar, 'session_data')}=${ada.jar.get('session_data')}`;
    const get = (cookie) => auth().get('/get-session', { headers: { cookie } });
    assert.equal((await get(data)).text, 'null', 'alone');
    const mixed = await get(`${nameOf(eve.jar, 'session_token')}=${eve.jar.get('session_token')}; ${data}`);
    assert.equal(mixed.body.user.id, eve.id);
    const forged = await get(`${nameOf(eve.jar, 'session_token')}=${eve.jar.get('session_token').slice(0, -8)}; ${data}`);
    assert.equal(forged.text, 'null');
  });

  it('S035: is gone from the browser after sign-out, and the session with it', async () => {
    const user = await signUp(server.base_url);
    const replay = user.jar.copy();
    await auth().post('/sign-out', {}, { jar: user.jar });
    assert.deepEqual(user.jar.names, []);
    assert.equal((await auth().get('/get-session', { jar: replay.copy(), query: { disableCookieCache: 'true' } })).text, 'null');
    const token = await auth().get('/token', { jar: replay.copy() });
    assert.ok(token.status === 401 || token.status === 200, 'a cached session lasts as long as its cookie says');
    assert.equal((await auth().post('/update-user', { name: 'Replayed' }, { jar: replay.copy() })).status, 401);
  });
});

it('S044: no session and no cookie lasts longer than a year', async () => {
  for (const expiresIn of [31_536_001, 40_000_000_000]) {
    await changeSettings(sql, { advanced: { session: { expiresIn } } });
    assert.equal((await auth().get('/ok')).status, 503);
  }
  await changeSettings(sql, { advanced: { session: { expiresIn: 31_536_000 } } });
  const user = await signUp(server.base_url);
  assert.equal(user.answer.cookies.find(({ name }) => name.endsWith('session_token')).attributes['max-age'], '31536000');
  await changeSettings(sql, { advanced: { session: { expiresIn: 604_800 } } });
});

it('S033: a Cookie header may hold anything', async () => {
  const user = await signUp(server.base_url);
  const own = user.jar.header;
  const get = (cookie) => auth().get('/get-session', { headers: { cookie } });
  const many = Array.from({ length: 300 }, (_, i) => `c${i}=${i}`).join('; ');
  for (const cookie of [`${many}; ${own}`, `$Version=1; ${own}; $Path=/`, `a; b; =; =c; ;;; ${own}`, `x="a,b;c"; ${own}`, `a=b,c=d; ${own}`, `${own}; ${own}`, `  ${own}  ;`])
    assert.equal((await get(cookie)).body?.user?.id, user.id, cookie.slice(0, 60));
  for (const cookie of ['=', ';', '"', '__Secure-neon-auth.session_token', '__Secure-neon-auth.session_token=', '__Secure-neon-auth.session_token="', '\u00ff\u00fe=\u00ff', '='.repeat(9000)])
    assert.equal((await get(cookie)).text, 'null', cookie.slice(0, 60));
  assert.equal((await get(`x=${'y'.repeat(65_536)}`).catch(() => ({ status: 431 }))).status, 431);
});
