// Links in mails: who they let in, how often, where they lead, and what a mail scanner does to them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient, request } from '../support/http.mjs';
import { useInbox } from '../support/inbox.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings } from '../support/settings.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const inbox = await useInbox(sql);
const everythingOn = {
  plugin_configs: { magicLink: { enabled: true, config: { expiresIn: 5, disableSignUp: false } } },
  email_and_password: { emailVerificationMethod: 'link', autoSignInAfterVerification: true },
  advanced: { delivery: { codesByWebhook: 'phone' }, user: { changeEmail: { enabled: true }, deleteUser: { enabled: true, sendVerification: true } } },
};
await changeSettings(sql, everythingOn);

const auth = () => authClient(server.base_url);
const open = (link, options = {}) => request(link, options);
const outcome = ({ status, body, headers }) => headers.location ?? (status === 200 ? 200 : `${status} ${body?.code}`);
const count = (list) => list.reduce((counts, item) => ({ ...counts, [item]: (counts[item] ?? 0) + 1 }), {});
const tokenIn = (link) => new URL(link).searchParams.get('token') ?? new URL(link).pathname.split('/').at(-1);

async function resetLink(email, headers) {
  const answer = await auth().post('/request-password-reset', { email, redirectTo: '/reset' }, { headers });
  assert.equal(answer.status, 200, answer.text);
  return (await inbox.mail(email)).link;
}
async function magicLink(email) {
  const answer = await auth().post('/sign-in/magic-link', { email, callbackURL: '/in' });
  assert.equal(answer.status, 200, answer.text);
  return (await inbox.mail(email)).link;
}
const reset = (token, newPassword) => auth().post('/reset-password', { token, newPassword });

describe('a password reset link', () => {
  it('S080: sets a new password once, and the old one is dead', async () => {
    const user = await signUp(server.base_url);
    const token = tokenIn(await resetLink(user.email));
    assert.equal(outcome(await reset(`${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`, 'other-password-1')), '400 INVALID_TOKEN');
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => reset(token, `new-password-${i}`)));
    assert.deepEqual(count(answers.map(outcome)), { 200: 1, '400 INVALID_TOKEN': 19 });
    const winner = answers.findIndex(({ status }) => status === 200);
    await signIn(server.base_url, { email: user.email, password: `new-password-${winner}` });
    assert.equal((await auth().post('/sign-in/email', { email: user.email, password })).status, 401);
  });

  it('S084: takes every other one of the user with it', async () => {
    const user = await signUp(server.base_url);
    const [older, newer] = [await resetLink(user.email), await resetLink(user.email)];
    assert.equal(outcome(await reset(tokenIn(newer), 'new-password-1')), 200);
    assert.equal(outcome(await reset(tokenIn(older), 'new-password-2')), '400 INVALID_TOKEN');
  });

  it('dies with a change of password', async () => {
    const user = await signUp(server.base_url);
    const link = await resetLink(user.email);
    assert.equal((await auth().post('/change-password', { currentPassword: password, newPassword: 'changed-pass-1' }, { jar: user.jar })).status, 200);
    assert.equal(outcome(await reset(tokenIn(link), 'new-password-1')), '400 INVALID_TOKEN');
  });

  it('S083: may be opened any number of times, and leaks no token to third parties', async () => {
    const user = await signUp(server.base_url);
    const link = await resetLink(user.email);
    for (let i = 0; i < 3; i++) {
      const answer = await open(link);
      assert.equal(answer.headers.location, `${server.origin}/reset?token=${tokenIn(link)}`);
      assert.equal(answer.headers['referrer-policy'], 'no-referrer');
    }
    assert.equal(outcome(await reset(tokenIn(link), 'new-password-1')), 200);
    assert.equal((await open(link)).headers.location, `${server.origin}/reset?error=INVALID_TOKEN`);
  });

  it('S076: expires', async () => {
    const user = await signUp(server.base_url);
    const link = await resetLink(user.email);
    await sql(`UPDATE neon_auth.verification SET "expiresAt" = now() - interval '1 second' WHERE value = $1`, [user.id]);
    assert.equal(outcome(await reset(tokenIn(link), 'new-password-1')), '400 INVALID_TOKEN');
  });

  it('ends sessions where the branch says so', async () => {
    const user = await signUp(server.base_url);
    await changeSettings(sql, { advanced: { password: { revokeSessionsOnReset: true } } });
    assert.equal(outcome(await reset(tokenIn(await resetLink(user.email)), 'new-password-1')), 200);
    await changeSettings(sql, { advanced: { password: {} } });
    assert.equal(await whoIs(server.base_url, user.jar), null);
  });

  it('S088: is stored as a hash', async () => {
    const user = await signUp(server.base_url);
    const token = tokenIn(await resetLink(user.email));
    const [row] = await sql('SELECT identifier FROM neon_auth.verification WHERE value = $1', [user.id]);
    assert.match(row.identifier, /^reset-password:[A-Za-z0-9_-]{43}$/);
    assert.equal(outcome(await reset(row.identifier.slice('reset-password:'.length), 'new-password-1')), '400 INVALID_TOKEN');
    assert.ok(!row.identifier.includes(token));
  });

  it('S092: leads to the configured address, whatever the request says', async () => {
    const user = await signUp(server.base_url);
    for (const headers of [{ 'x-forwarded-host': 'evil.test' }, { 'x-forwarded-proto': 'gopher', 'x-host': 'evil.test' }, { forwarded: 'host=evil.test' }, { host: 'evil.test' }]) {
      assert.ok((await resetLink(user.email, headers)).startsWith(`${server.base_url}/reset-password/`), JSON.stringify(headers));
    }
  });
});

describe('a magic link', () => {
  it('lets one of 20 parallel visitors in', async () => {
    const email = freshEmail();
    const link = await magicLink(email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => open(link)));
    assert.deepEqual(count(answers.map(outcome)), { [`${server.origin}/in`]: 1, [`${server.origin}/in?error=INVALID_TOKEN`]: 19 });
    assert.equal(answers.filter(({ cookies }) => cookies.length > 0).length, 1);
  });

  it('takes an unproven account from who made it', async () => {
    const squatter = await signUp(server.base_url);
    assert.equal((await open(await magicLink(squatter.email))).headers.location, `${server.origin}/in`);
    assert.equal(await whoIs(server.base_url, squatter.jar), null);
    assert.equal((await auth().post('/sign-in/email', { email: squatter.email, password })).status, 401);
  });

  it('does not let a banned user in', async () => {
    const user = await signUp(server.base_url);
    await sql('UPDATE neon_auth."user" SET banned = true WHERE id = $1', [user.id]);
    const answer = await open(await magicLink(user.email));
    assert.deepEqual([outcome(answer), answer.cookies], ['403 BANNED_USER', []]);
  });

  it('does not exist where the plugin is off', async () => {
    await changeSettings(sql, { plugin_configs: { magicLink: { enabled: false } } });
    assert.equal((await auth().post('/sign-in/magic-link', { email: freshEmail() })).status, 404);
    assert.equal((await auth().get('/magic-link/verify?token=x')).status, 404);
    await changeSettings(sql, { plugin_configs: everythingOn.plugin_configs });
    assert.equal((await auth().post('/sign-in/magic-link', { email: freshEmail() })).status, 200);
  });

  it('survives a program that only looks ahead', async () => {
    const link = await magicLink(freshEmail());
    for (const headers of [{ purpose: 'prefetch' }, { 'sec-purpose': 'prefetch;prerender' }, { 'x-moz': 'prefetch' }]) {
      const answer = await open(link, { headers });
      assert.equal(answer.status, 200);
      assert.match(answer.headers['content-type'], /^text\/html/);
      assert.deepEqual(answer.cookies, []);
    }
    assert.equal((await open(link, { method: 'HEAD' })).status, 404);
    assert.equal((await open(link)).headers.location, `${server.origin}/in`);
  });

  it('asks for a click where the branch wants one', async () => {
    await changeSettings(sql, { advanced: { emailVerification: { confirmPage: true } } });
    const link = await magicLink(freshEmail());
    for (let i = 0; i < 2; i++) {
      const page = await open(link);
      assert.equal(page.status, 200);
      assert.match(page.text, /<form method="post"/);
      assert.match(page.headers['content-security-policy'], /default-src 'none'/);
      assert.deepEqual(page.cookies, []);
    }
    const { origin, pathname, search } = new URL(link);
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: server.origin, cookie: 'a=b' };
    const answer = await request(`${origin}${pathname}`, { method: 'POST', raw: search.slice(1), headers });
    assert.equal(answer.headers.location, `${server.origin}/in`, answer.text);
    assert.equal(answer.cookies.length, 1);
    const foreign = await request(`${origin}${pathname}`, { method: 'POST', raw: search.slice(1), headers: { ...headers, origin: 'https://evil.test' } });
    assert.equal(outcome(foreign), '403 INVALID_ORIGIN');
    await changeSettings(sql, { advanced: { emailVerification: { confirmPage: false } } });
  });

  it('escapes what it repeats on that page', async () => {
    const answer = await auth().get('/magic-link/verify', { query: { token: '"><script>alert(1)</script>', x: "'onload=" }, headers: { purpose: 'prefetch' } });
    assert.equal(answer.status, 200);
    assert.ok(!answer.text.includes('<script>') && !answer.text.includes("'onload"), answer.text);
  });
});

describe('a verification link', () => {
  const send = (email) => auth().post('/send-verification-email', { email, callbackURL: '/ok' });

  it('signs in once, though it may be opened again', async () => {
    const user = await signUp(server.base_url);
    assert.equal((await send(user.email)).status, 200);
    const { link } = await inbox.mail(user.email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => open(link)));
    assert.deepEqual(count(answers.map(outcome)), { '/ok': 20 });
    assert.equal(answers.filter(({ cookies }) => cookies.length > 0).length, 1);
  });

  it('S080: is worth nothing with a changed token, or as another kind of token', async () => {
    const user = await signUp(server.base_url);
    await send(user.email);
    const { link } = await inbox.mail(user.email);
    const [head, body, signature] = tokenIn(link).split('.');
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url')), email: freshEmail() })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const jwt = (await auth().get('/get-session', { jar: user.jar })).headers['set-auth-jwt'];
    for (const token of [`${head}.${forged}.${signature}`, `${none}.${body}.`, `${none}.${body}.${signature}`, jwt, user.token, '', '...']) {
      assert.equal(outcome(await auth().get('/verify-email', { query: { token } })), '401 INVALID_TOKEN', token);
    }
    const [row] = await sql('SELECT "emailVerified" FROM neon_auth."user" WHERE id = $1', [user.id]);
    assert.equal(row.emailVerified, false);
  });

  it('works with POST, as the server SDK sends it', async () => {
    const user = await signUp(server.base_url);
    await send(user.email);
    const answer = await auth().post('/verify-email', { token: tokenIn((await inbox.mail(user.email)).link) });
    assert.deepEqual([answer.status, answer.body], [200, { status: true, user: null }]);
  });
});

describe('a change of address', () => {
  const change = (user, newEmail) => auth().post('/change-email', { newEmail, callbackURL: '/ok' }, { jar: user.jar });
  const emailOf = async (id) => (await sql('SELECT email FROM neon_auth."user" WHERE id = $1', [id]))[0].email;

  it('asks the old mailbox, then the new one, where the branch wants both', async () => {
    await changeSettings(sql, { advanced: { user: { changeEmail: { enabled: true, confirmToCurrentEmail: true }, deleteUser: { enabled: true, sendVerification: true } } } });
    const user = await signUp(server.base_url);
    await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [user.id]);
    const wanted = freshEmail();
    assert.equal((await change(user, wanted)).status, 200);
    await inbox.noMail(wanted);
    assert.equal(outcome(await open((await inbox.mail(user.email)).link, { jar: user.jar })), '/ok');
    assert.equal(await emailOf(user.id), user.email);
    assert.equal(outcome(await open((await inbox.mail(wanted)).link, { jar: user.jar })), '/ok');
    assert.equal(await emailOf(user.id), wanted);
  });

  it('cannot be repeated on who gets the old address next', async () => {
    await changeSettings(sql, { advanced: everythingOn.advanced });
    const first = await signUp(server.base_url);
    const wanted = freshEmail();
    await change(first, wanted);
    const { link } = await inbox.mail(wanted);
    assert.equal(outcome(await open(link)), '/ok');
    const second = await signUp(server.base_url, { email: first.email });
    const answer = await open(link);
    assert.deepEqual([outcome(answer), answer.cookies], ['/ok?error=INVALID_USER', []]);
    assert.equal(await emailOf(second.id), first.email);
  });

  it('to a taken address says the same and sends nothing', async () => {
    const [user, other] = [await signUp(server.base_url), await signUp(server.base_url)];
    const [taken, free] = [await change(user, other.email), await change(user, freshEmail())];
    assert.deepEqual([taken.status, taken.text], [free.status, free.text]);
    await inbox.noMail(other.email);
  });
});

describe('a link that deletes the account', () => {
  async function deleteLink(user) {
    const answer = await auth().post('/delete-user', { callbackURL: '/bye' }, { jar: user.jar });
    assert.deepEqual(answer.body, { success: true, message: 'Verification email sent' });
    return (await inbox.mail(user.email)).link;
  }

  it('needs the session of its user', async () => {
    const user = await signUp(server.base_url);
    const link = await deleteLink(user);
    assert.equal(outcome(await open(link)), '404 FAILED_TO_GET_USER_INFO');
    const answer = await open(link, { jar: user.jar });
    assert.equal(outcome(answer), '/bye');
    assert.equal(await whoIs(server.base_url, user.jar), null);
    assert.deepEqual(await sql('SELECT 1 FROM neon_auth."user" WHERE id = $1', [user.id]), []);
  });

  it('is burnt when somebody else opens it', async () => {
    const [user, other] = [await signUp(server.base_url), await signUp(server.base_url)];
    const link = await deleteLink(user);
    assert.equal(outcome(await open(link, { jar: other.jar })), '404 INVALID_TOKEN');
    assert.equal(outcome(await open(link, { jar: user.jar })), '404 INVALID_TOKEN');
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    assert.equal(await whoIs(server.base_url, other.jar), other.id);
  });
});
