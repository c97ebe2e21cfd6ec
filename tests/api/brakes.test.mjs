// Many addresses do not help against one account: passwords are braked per account, mails per mailbox.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp, whoIs } from '../support/users.mjs';

const server = await useServer({ args: ['--rate-limit', '--trusted-proxies', '127.0.0.1/32,::1/128'] });
let clients = 0;
/** Every request from a client of its own: none of them meets the limits per address. */
const newClient = () => ({ 'x-forwarded-for': `198.51.${100 + (clients >> 8)}.${clients++ & 255}`, origin: server.origin });
const post = (path, body) => request(`${server.base_url}${path}`, { method: 'POST', body, headers: newClient() });
const newUser = () => signUp(server.base_url, { headers: newClient() });
const count = (list) => list.reduce((counts, item) => ({ ...counts, [item]: (counts[item] ?? 0) + 1 }), {});

it('S214: 110 wrong passwords from 110 addresses are throttled; the session of the owner lives', async () => {
  const user = await newUser();
  const answers = [];
  for (let i = 0; i < 110; i++) answers.push(await post('/sign-in/email', { email: user.email, password: 'wrong-wrong' }));
  const statuses = count(answers.map(({ status }) => status));
  assert.ok(statuses[401] >= 10 && statuses[401] < 30, JSON.stringify(statuses));
  const refusal = answers.find(({ status }) => status === 429);
  assert.match(refusal.headers['x-retry-after'], /^\d+$/);
  assert.equal(await whoIs(server.base_url, user.jar), user.id);
});

it('30 at once are not 30 free tries', async () => {
  const { email } = await newUser();
  const answers = await Promise.all(Array.from({ length: 30 }, () => post('/sign-in/email', { email, password: 'wrong-wrong' })));
  assert.deepEqual(count(answers.map(({ status }) => status)), { 401: 10, 429: 20 });
});

it('an unknown account is braked alike', async () => {
  const email = freshEmail();
  const answers = await Promise.all(Array.from({ length: 15 }, () => post('/sign-in/email', { email, password: 'wrong-wrong' })));
  assert.deepEqual(count(answers.map(({ status }) => status)), { 401: 10, 429: 5 });
});

it('the owner who gets in starts the count anew', async () => {
  const { email } = await newUser();
  const tries = async (times) => count(await Promise.all(Array.from({ length: times }, async () => (await post('/sign-in/email', { email, password: 'wrong-wrong' })).status)));
  assert.deepEqual(await tries(9), { 401: 9 });
  assert.equal((await post('/sign-in/email', { email, password })).status, 200);
  assert.deepEqual(await tries(9), { 401: 9 });
});

it('a mailbox gets five mails in an hour, whoever asks and whatever for', async () => {
  for (const email of [(await newUser()).email, freshEmail()]) {
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await post('/request-password-reset', { email })).status);
    for (let i = 0; i < 3; i++) statuses.push((await post('/email-otp/send-verification-otp', { email: email.toUpperCase(), type: 'sign-in' })).status);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
  }
});

it('guesses at reset links share one counter', async () => {
  const from = { 'x-forwarded-for': '203.0.113.9' };
  const statuses = [];
  for (let i = 0; i < 101; i++) statuses.push((await request(`${server.base_url}/reset-password/guess${i}?callbackURL=/reset`, { headers: from })).status);
  assert.deepEqual(count(statuses), { 302: 100, 429: 1 });
});
