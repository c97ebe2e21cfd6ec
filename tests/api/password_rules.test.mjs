// Passwords that a branch does not take, and passwords that nobody hears again.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient, request } from '../support/http.mjs';
import { useInbox } from '../support/inbox.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings } from '../support/settings.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const inbox = await useInbox(sql);
const auth = () => authClient(server.base_url);
const outcome = ({ status, body }) => (status === 200 ? 200 : `${status} ${body?.code}`);
const setRule = (blockCommon) => changeSettings(sql, { advanced: { password: { blockCommon } } });

async function newAdmin() {
  const user = await signUp(server.base_url);
  await sql(`UPDATE neon_auth."user" SET role = 'admin' WHERE id = $1`, [user.id]);
  return user;
}

describe('S068: with blockCommon', () => {
  before(() => setRule(true));
  after(() => setRule(false));
  const bad = ['password', 'Password123!', '12345678', 'qwertyuiop', 'iloveyou', 'football1', 'P@ssw0rd', '11111111', 'welcome1', 'summer2024'];
  const refused = '400 PASSWORD_COMPROMISED';

  it('sign-up takes no common password and none made of the address', async () => {
    for (const secret of bad) assert.equal(outcome(await auth().post('/sign-up/email', { email: freshEmail(), password: secret, name: 'X' })), refused, secret);
    const email = freshEmail('somebody');
    for (const secret of [email, email.toUpperCase(), email.split('@')[0], `${email.split('@')[0]}1`])
      assert.equal(outcome(await auth().post('/sign-up/email', { email, password: secret, name: 'X' })), refused, secret);
    assert.equal(outcome(await auth().post('/sign-up/email', { email, password, name: 'X' })), 200);
  });

  it('nor does a change', async () => {
    const user = await signUp(server.base_url);
    for (const newPassword of [...bad, user.email])
      assert.equal(outcome(await auth().post('/change-password', { currentPassword: password, newPassword }, { jar: user.jar })), refused, newPassword);
    assert.equal(outcome(await auth().post('/sign-in/email', user)), 200);
  });

  it('nor a reset, and link and code stay good for a better one', async () => {
    const user = await signUp(server.base_url);
    await auth().post('/request-password-reset', { email: user.email });
    const token = new URL((await inbox.mail(user.email)).link).pathname.split('/').at(-1);
    for (const newPassword of [bad[0], user.email]) assert.equal(outcome(await auth().post('/reset-password', { token, newPassword })), refused);
    assert.equal(outcome(await auth().post('/reset-password', { token, newPassword: 'gorse-plinth-7' })), 200);

    await auth().post('/email-otp/request-password-reset', { email: user.email });
    const { code: otp } = await inbox.mail(user.email);
    for (const secret of [bad[0], user.email]) assert.equal(outcome(await auth().post('/email-otp/reset-password', { email: user.email, otp, password: secret })), refused);
    assert.equal(outcome(await auth().post('/email-otp/reset-password', { email: user.email, otp, password: 'gorse-plinth-8' })), 200);
  });

  it('nor an administrator for somebody else', async () => {
    const [admin, user] = [await newAdmin(), await signUp(server.base_url)];
    for (const newPassword of [bad[0], user.email])
      assert.equal(outcome(await auth().post('/admin/set-user-password', { userId: user.id, newPassword }, { jar: admin.jar })), refused);
    const email = freshEmail();
    for (const secret of [bad[0], email]) assert.equal(outcome(await auth().post('/admin/create-user', { email, password: secret, name: 'X' }, { jar: admin.jar })), refused);
  });

  it('who has one already can still sign in', async () => {
    await setRule(false);
    const user = await signUp(server.base_url, { secret: 'password' });
    await setRule(true);
    assert.equal(outcome(await auth().post('/sign-in/email', { email: user.email, password: 'password' })), 200);
  });
});

it('S068: without it the reference is followed', async () => {
  assert.equal(outcome(await auth().post('/sign-up/email', { email: freshEmail(), password: 'password', name: 'X' })), 200);
});

it('S067: no route repeats a password, in an answer or in the log', async () => {
  const canary = 'canary-Zq7xPw';
  const admin = await newAdmin();
  const { paths } = (await request(`${server.base_url}/open-api/generate-schema`)).body;
  const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).filter((method) => method === 'post').map(() => path));
  assert.ok(routes.length > 40, `${routes.length} routes`);
  const check = (path, { text, headers }) => assert.ok(!`${text} ${JSON.stringify(headers)}`.includes(canary), `${path}: ${text}`);
  // Not through the client that holds answers to their description: what is sent here is nonsense for most routes.
  const send = (path, body, { jar, raw, headers } = {}) => request(`${server.base_url}${path}`, { method: 'POST', body: raw === undefined ? body : undefined, raw, jar, headers: { origin: server.origin, ...headers } });
  const everything = { password: canary, newPassword: canary, currentPassword: canary };
  for (const path of routes) {
    const target = path.replace(/\{\w+\}/g, 'x');
    const plausible = { ...everything, email: freshEmail(), newEmail: freshEmail(), name: 'X', token: 'x', otp: '123456', type: 'sign-in', phoneNumber: '+15550001111', code: '123456', userId: admin.id, role: 'user' };
    const user = await signUp(server.base_url);
    for (const jar of [undefined, user.jar.copy(), admin.jar.copy()]) check(path, await send(target, plausible, { jar }));
    check(path, await send(target, { password: [canary], newPassword: { canary }, currentPassword: null }, { jar: user.jar.copy() }));
    check(path, await send(target, null, { raw: `{"password":"${canary}",`, headers: { 'content-type': 'application/json' } }));
    check(path, await send(target, null, { raw: `password=${canary}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }));
    await sql(`UPDATE neon_auth."user" SET role = 'admin', banned = false WHERE id = $1`, [admin.id]);
  }
  assert.ok(!server.process.stderr.includes(canary), 'a password is in the log');
});
