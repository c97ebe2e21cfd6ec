// Moving to another address by code: /email-otp/request-email-change and /email-otp/change-email.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { extensionClient } from '../support/extension.mjs';
import { authClient } from '../support/http.mjs';
import { useInbox } from '../support/inbox.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const inbox = await useInbox(sql);
const call = await extensionClient(server);
const auth = authClient(server.base_url);
const configure = async (changeEmail) => assert.equal((await call('PATCH', '/advanced', { body: { emailOtp: { changeEmail } } })).status, 200);
const ask = (user, newEmail, more) => auth.post('/email-otp/request-email-change', { newEmail, ...more }, { jar: user.jar });
const change = (user, newEmail, otp) => auth.post('/email-otp/change-email', { newEmail, otp }, { jar: user.jar });
const row = async (user) => (await sql('SELECT email, "emailVerified" FROM neon_auth."user" WHERE id = $1', [user.id]))[0];
const refused = (answer, status, message, code) => assert.deepEqual([answer.status, answer.body.message, answer.body.code], [status, message, code], answer.text);
const wrong = (code) => (code === '000000' ? '111111' : '000000');

it('is off unless the branch turns it on', async () => {
  const user = await signUp(server.base_url);
  refused(await ask(user, freshEmail()), 400, 'Change email with OTP is disabled', undefined);
  refused(await change(user, freshEmail(), '123456'), 400, 'Change email with OTP is disabled', undefined);
});

describe('by a code to the new address', () => {
  before(() => configure({ enabled: true }));

  it('moves the user, proven, with the session kept', async () => {
    const user = await signUp(server.base_url);
    const email = freshEmail();
    const asked = await ask(user, email.toUpperCase());
    assert.deepEqual([asked.status, asked.body], [200, { success: true }]);
    assert.equal((await row(user)).email, user.email);
    const { code } = await inbox.mail(email);
    await inbox.noMail(user.email);
    const changed = await change(user, email, code);
    assert.deepEqual([changed.status, changed.body], [200, { success: true }], changed.text);
    assert.ok(changed.cookies.some(({ name }) => name.endsWith('session_token')));
    assert.deepEqual(await row(user), { email, emailVerified: true });
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    await signIn(server.base_url, { email, password: user.password });
    assert.equal((await auth.post('/sign-in/email', { email: user.email, password: user.password })).status, 401);
    refused(await change(user, email, code), 400, 'Email is the same', undefined);
  });

  it('works once, for this user and this address alone', async () => {
    const [user, other] = [await signUp(server.base_url), await signUp(server.base_url)];
    const email = freshEmail();
    await ask(user, email);
    const { code } = await inbox.mail(email);
    refused(await change(other, email, code), 400, 'Invalid OTP', 'INVALID_OTP');
    refused(await change(user, freshEmail(), code), 400, 'Invalid OTP', 'INVALID_OTP');
    const answers = await Promise.all(Array.from({ length: 6 }, () => change(user, email, code)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal((await row(user)).email, email);
    assert.equal((await row(other)).email, other.email);
  });

  it('a code of this kind is good for nothing else, and others are not good for this', async () => {
    const user = await signUp(server.base_url);
    const email = freshEmail();
    await ask(user, email);
    const { code } = await inbox.mail(email);
    for (const [path, body] of [['/sign-in/email-otp', { email, otp: code }], ['/email-otp/verify-email', { email, otp: code }]]) assert.equal((await auth.post(path, body)).body.code, 'INVALID_OTP');
    await auth.post('/email-otp/send-verification-otp', { email: user.email, type: 'email-verification' });
    const foreign = (await inbox.mail(user.email)).code;
    if (foreign !== code) refused(await change(user, email, foreign), 400, 'Invalid OTP', 'INVALID_OTP');
  });

  it('wrong codes are counted, and a newer code voids the older', async () => {
    const user = await signUp(server.base_url);
    const email = freshEmail();
    await ask(user, email);
    const first = (await inbox.mail(email)).code;
    await ask(user, email);
    const second = (await inbox.mail(email)).code;
    if (first !== second) refused(await change(user, email, first), 400, 'Invalid OTP', 'INVALID_OTP');
    for (let i = first === second ? 0 : 1; i < 3; i++) await change(user, email, wrong(second));
    const answer = await change(user, email, second);
    assert.equal(answer.body.code, 'TOO_MANY_ATTEMPTS', answer.text);
    assert.equal((await row(user)).email, user.email);
  });

  it('a taken address gets the same answer and no code; one taken meanwhile is refused', async () => {
    const [user, owner] = [await signUp(server.base_url), await signUp(server.base_url)];
    const asked = await ask(user, owner.email);
    assert.deepEqual([asked.status, asked.body], [200, { success: true }]);
    await inbox.noMail(owner.email);
    refused(await change(user, owner.email, '123456'), 400, 'Invalid OTP', 'INVALID_OTP');
    const email = freshEmail();
    await ask(user, email);
    const { code } = await inbox.mail(email);
    await signUp(server.base_url, { email });
    refused(await change(user, email, code), 400, 'Email already in use', undefined);
    assert.equal((await row(user)).email, user.email);
  });

  it('takes as long for a taken address as for a free one', async () => {
    const [user, owner] = [await signUp(server.base_url), await signUp(server.base_url)];
    const times = { free: [], taken: [] };
    for (let i = 0; i < 7; i++) {
      for (const [kind, email] of [['free', freshEmail()], ['taken', owner.email]]) {
        const start = performance.now();
        await ask(user, email);
        times[kind].push(performance.now() - start);
      }
    }
    const median = (list) => list.toSorted((a, b) => a - b)[3];
    assert.ok(Math.abs(median(times.free) - median(times.taken)) < 8, JSON.stringify(times));
  });

  it('wants a session, an address, another one, and a code', async () => {
    const user = await signUp(server.base_url);
    assert.equal((await auth.post('/email-otp/request-email-change', { newEmail: freshEmail() })).status, 401);
    assert.equal((await auth.post('/email-otp/change-email', { newEmail: freshEmail(), otp: '123456' })).status, 401);
    refused(await ask(user, user.email.toUpperCase()), 400, 'Email is the same', undefined);
    for (const bad of ['', 'x', 'a@b', 'a b@example.com', 'a@example.com\r\nBcc: x@example.com']) refused(await ask(user, bad), 400, 'Invalid email', 'INVALID_EMAIL');
    for (const body of [{}, { newEmail: 7 }, { newEmail: null }, { newEmail: freshEmail(), otp: 7 }]) {
      const answer = await auth.post('/email-otp/request-email-change', body, { jar: user.jar });
      assert.deepEqual([answer.status, answer.body.code], [400, 'VALIDATION_ERROR'], answer.text);
    }
    assert.equal((await auth.post('/email-otp/change-email', { newEmail: freshEmail() }, { jar: user.jar })).body.code, 'VALIDATION_ERROR');
  });
});

describe('with a code from the old address', () => {
  before(() => configure({ enabled: true, verifyCurrentEmail: true }));

  it('needs it, right and unused', async () => {
    const user = await signUp(server.base_url);
    const email = freshEmail();
    refused(await ask(user, email), 400, 'OTP is required to verify current email', undefined);
    refused(await ask(user, email, { otp: '123456' }), 400, 'Invalid OTP', 'INVALID_OTP');
    await auth.post('/email-otp/send-verification-otp', { email: user.email, type: 'email-verification' });
    const current = (await inbox.mail(user.email)).code;
    refused(await ask(user, email, { otp: wrong(current) }), 400, 'Invalid OTP', 'INVALID_OTP');
    assert.equal((await ask(user, email, { otp: current })).status, 200);
    refused(await ask(user, email, { otp: current }), 400, 'Invalid OTP', 'INVALID_OTP');
    const { code } = await inbox.mail(email);
    assert.equal((await change(user, email, code)).status, 200);
    assert.deepEqual(await row(user), { email, emailVerified: true });
  });
});
