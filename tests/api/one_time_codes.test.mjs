// Codes work once, for one address and one purpose, and a few wrong guesses void them - also when the guesses come all at once.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { useInbox } from '../support/inbox.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings } from '../support/settings.mjs';
import { freshEmail, password, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const inbox = await useInbox(sql);
const auth = () => authClient(server.base_url);
const send = (email, type = 'sign-in') => auth().post('/email-otp/send-verification-otp', { email, type });
const signIn = (email, otp) => auth().post('/sign-in/email-otp', { email, otp });
const outcome = ({ status, body }) => (status === 200 ? 200 : `${status} ${body?.code}`);
const wrongFor = (code) => (code === '111111' ? '222222' : '111111');
const rows = (email) => sql('SELECT identifier, value FROM neon_auth.verification WHERE identifier LIKE $1', [`%${email}`]);
const count = (list) => list.reduce((counts, item) => ({ ...counts, [item]: (counts[item] ?? 0) + 1 }), {});

async function freshCode(email = freshEmail(), type = 'sign-in') {
  const answer = await send(email, type);
  assert.deepEqual([answer.status, answer.body], [200, { success: true }]);
  return { email, code: (await inbox.mail(email)).code };
}

describe('a code', () => {
  it('is six digits and signs a new user up', async () => {
    const { email, code } = await freshCode();
    assert.match(code, /^\d{6}$/);
    const answer = await signIn(email, code);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.body.user.emailVerified, true);
    assert.equal((await rows(email)).length, 0);
  });

  it('S072: works once', async () => {
    const { email, code } = await freshCode();
    assert.equal((await signIn(email, code)).status, 200);
    assert.equal(outcome(await signIn(email, code)), '400 INVALID_OTP');
  });

  it('works once under 20 parallel uses', async () => {
    const { email, code } = await freshCode();
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(email, code)));
    assert.deepEqual(count(answers.map(outcome)), { 200: 1, '400 INVALID_OTP': 19 });
    const [{ sessions }] = await sql('SELECT count(*)::int AS sessions FROM neon_auth.session s JOIN neon_auth."user" u ON u.id = s."userId" WHERE u.email = $1', [email]);
    assert.equal(sessions, 1);
  });

  it('S070: is void after three wrong tries; a new one is good', async () => {
    const { email, code } = await freshCode();
    for (let i = 0; i < 3; i++) assert.equal(outcome(await signIn(email, wrongFor(code))), '400 INVALID_OTP');
    assert.equal(outcome(await signIn(email, code)), '403 TOO_MANY_ATTEMPTS');
    assert.equal(outcome(await signIn(email, code)), '400 INVALID_OTP');
    const again = await freshCode(email);
    assert.equal((await signIn(email, again.code)).status, 200);
  });

  it('is guessed at three times by 20 parallel tries', async () => {
    const { email, code } = await freshCode();
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(email, wrongFor(code))));
    // Three guesses, one that finds the code exhausted and removes it, and the rest find nothing.
    assert.deepEqual(count(answers.map(outcome)), { '400 INVALID_OTP': 19, '403 TOO_MANY_ATTEMPTS': 1 });
    assert.equal(outcome(await signIn(email, code)), '400 INVALID_OTP');
  });

  it('counts the wrong tries of check-verification-otp, which keeps a right one', async () => {
    const { email } = await signUp(server.base_url);
    const { code } = await freshCode(email);
    const check = (otp) => auth().post('/email-otp/check-verification-otp', { email, type: 'sign-in', otp });
    for (let i = 0; i < 5; i++) assert.equal(outcome(await check(code)), 200);
    const answers = await Promise.all(Array.from({ length: 20 }, () => check(wrongFor(code))));
    assert.equal(count(answers.map(outcome))['403 TOO_MANY_ATTEMPTS'], 1);
    assert.equal(outcome(await signIn(email, code)), '400 INVALID_OTP');
  });

  it('belongs to one purpose', async () => {
    const { email } = await signUp(server.base_url);
    const { code } = await freshCode(email, 'email-verification');
    assert.equal(outcome(await signIn(email, code)), '400 INVALID_OTP');
    assert.equal(outcome(await auth().post('/email-otp/verify-email', { email, otp: code })), 200);
  });

  it('is replaced by the next one', async () => {
    const first = await freshCode();
    const second = await freshCode(first.email);
    if (first.code !== second.code) assert.equal(outcome(await signIn(first.email, first.code)), '400 INVALID_OTP');
    assert.equal((await signIn(first.email, second.code)).status, 200);
  });

  it('S075: does not mind the case of the address', async () => {
    const email = freshEmail();
    const { code } = await freshCode(email.toUpperCase());
    assert.equal((await signIn(email, code)).status, 200);
  });

  it('S076: expires', async () => {
    const { email, code } = await freshCode();
    await sql(`UPDATE neon_auth.verification SET "expiresAt" = now() - interval '1 second' WHERE identifier = $1`, [`sign-in-otp-${email}`]);
    assert.equal(outcome(await signIn(email, code)), '400 OTP_EXPIRED');
    assert.equal(outcome(await signIn(email, code)), '400 INVALID_OTP');
  });
});

describe('the table', () => {
  it('S088: is of no use to who reads it', async () => {
    const { email, code } = await freshCode();
    const [row] = await rows(email);
    assert.match(row.value, /^[A-Za-z0-9_-]{43}:0$/);
    assert.ok(!row.value.includes(code));
    assert.equal(outcome(await signIn(email, row.value.slice(0, 43))), '400 INVALID_OTP');
  });

  it('S089: is cleaned of what expired a while ago', async () => {
    await sql(`INSERT INTO neon_auth.verification (identifier, value, "expiresAt") SELECT 'old-' || i, 'x', now() - interval '1 hour' FROM generate_series(1, 60) i`);
    for (let i = 0; i < 4; i++) await send(freshEmail());
    const [{ left }] = await sql(`SELECT count(*)::int AS left FROM neon_auth.verification WHERE identifier LIKE 'old-%'`);
    assert.equal(left, 0);
  });

  it('S043: loses the rows of a user who goes', async () => {
    await changeSettings(sql, { advanced: { user: { deleteUser: { enabled: true } } } });
    const user = await signUp(server.base_url);
    await send(user.email);
    assert.equal((await rows(user.email)).length, 1);
    assert.equal((await auth().post('/delete-user', { password }, { jar: user.jar })).status, 200);
    assert.equal((await rows(user.email)).length, 0);
  });
});

describe('an unproven account', () => {
  it('loses its password and sessions to who signs in by code', async () => {
    const squatter = await signUp(server.base_url);
    const { code } = await freshCode(squatter.email);
    assert.equal((await signIn(squatter.email, code)).status, 200);
    assert.equal(await whoIs(server.base_url, squatter.jar), null);
    const answer = await auth().post('/sign-in/email', { email: squatter.email, password });
    assert.equal(answer.status, 401);
  });

  it('loses its sessions to who resets the password by code', async () => {
    const squatter = await signUp(server.base_url);
    const { code } = await freshCode(squatter.email, 'forget-password');
    const answer = await auth().post('/email-otp/passcode', { email: squatter.email, otp: code, password: 'of-the-owner-1' });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(await whoIs(server.base_url, squatter.jar), null);
    assert.equal((await auth().post('/sign-in/email', { email: squatter.email, password: 'of-the-owner-1' })).status, 200);
  });
});

describe('by phone', () => {
  const number = () => `+1555${Math.floor(1e6 + Math.random() * 9e6)}`;
  before(() => changeSettings(sql, {
    plugin_configs: { phoneNumber: { enabled: true, config: { otp_expires_in: 300, allowed_attempts: 3 } } },
    advanced: { phone: { signUpOnVerification: true } },
  }));
  const verify = (phoneNumber, code) => auth().post('/phone-number/verify', { phoneNumber, code });

  it('a code works once under 20 parallel uses', async () => {
    const phone = number();
    assert.equal((await auth().post('/phone-number/send-otp', { phoneNumber: phone })).status, 200);
    const code = await inbox.sms(phone);
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(phone, code)));
    assert.deepEqual(count(answers.map(outcome)), { 200: 1, '400 OTP_NOT_FOUND': 19 });
  });

  it('three guesses are all there are', async () => {
    const phone = number();
    await auth().post('/phone-number/send-otp', { phoneNumber: phone });
    const code = await inbox.sms(phone);
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(phone, wrongFor(code))));
    assert.deepEqual(count(answers.map(outcome)), { '400 INVALID_OTP': 3, '403 TOO_MANY_ATTEMPTS': 1, '400 OTP_NOT_FOUND': 16 });
  });

  it('a number is a number', async () => {
    for (const phoneNumber of ['', '5551234567', '+0123', '+1', '+1 555 123', '+1234567890123456', "+1'; DROP", '+١٢٣٤']) {
      assert.equal(outcome(await auth().post('/phone-number/send-otp', { phoneNumber })), '400 INVALID_PHONE_NUMBER', phoneNumber);
    }
  });
});

it('malformed requests are refused with the field that is wrong', async () => {
  for (const [path, body, message] of [
    ['/email-otp/send-verification-otp', {}, /\[body\.email\].*\[body\.type\]/],
    ['/email-otp/check-verification-otp', { email: 5, type: 'sign-in', otp: [] }, /\[body\.email\].*\[body\.otp\]/],
    ['/email-otp/verify-email', { email: 'a@b.test' }, /\[body\.otp\]/],
    ['/sign-in/email-otp', { otp: '1' }, /\[body\.email\]/],
    ['/email-otp/request-password-reset', { email: null }, /\[body\.email\]/],
    ['/forget-password/email-otp', [], /\[body\]/],
    ['/email-otp/reset-password', { email: 'a@b.test', otp: '1' }, /\[body\.password\]/],
    ['/sign-in/email-otp', { email: 'a@b.test', otp: 'a\u0000b' }, /\[body\.otp\]/],
  ]) {
    const answer = await auth().post(path, body);
    assert.equal(outcome(answer), '400 VALIDATION_ERROR', `${path} ${answer.text}`);
    assert.match(answer.body.message, message);
  }
});
