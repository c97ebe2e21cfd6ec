// Nobody learns from sign-in who has an account: not from the words, not from the headers, not from the clock.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';

const server = await useServer();
const attempt = (email) => authClient(server.base_url).post('/sign-in/email', { email, password: 'wrong-password' });

it('S049: the answers are the same', async () => {
  const user = await signUp(server.base_url);
  const [known, unknown] = [await attempt(user.email), await attempt(freshEmail())];
  assert.equal(known.status, unknown.status);
  assert.equal(known.text, unknown.text);
  const comparable = ({ headers }) => Object.keys(headers).filter((name) => !['date'].includes(name)).sort();
  assert.deepEqual(comparable(known), comparable(unknown));
  assert.equal(known.headers['content-length'], unknown.headers['content-length']);
});

it('S049: and take the same time', async () => {
  const user = await signUp(server.base_url);
  const fastest = { known: Infinity, unknown: Infinity };
  for (let i = 0; i < 9; i++) {
    for (const [kind, email] of [['known', user.email], ['unknown', freshEmail()]]) {
      const start = performance.now();
      await attempt(email);
      fastest[kind] = Math.min(fastest[kind], performance.now() - start);
    }
  }
  // The hash is nearly all of it, so leaving it out would make the answer many times faster.
  const ratio = fastest.unknown / fastest.known;
  assert.ok(ratio > 0.6 && ratio < 1.7, `unknown/known = ${ratio.toFixed(2)} (${JSON.stringify(fastest)})`);
});

it('S067: the password is never repeated in an answer', async () => {
  const canary = `canary-${Math.random().toString(36).slice(2)}`;
  const client = authClient(server.base_url);
  const answers = [
    await client.post('/sign-up/email', { email: freshEmail(), password: canary, name: 'X' }),
    await client.post('/sign-in/email', { email: freshEmail(), password: canary }),
    await client.post('/sign-in/email', { email: 5, password: canary }),
    await client.post('/sign-up/email', { email: 'x', password: canary, name: 7 }),
    await client.post('/sign-in/email', null, { raw: `{"password":"${canary}",`, headers: { 'content-type': 'application/json' } }),
  ];
  for (const answer of answers) assert.ok(!answer.text.includes(canary), answer.text);
  assert.ok(!server.process.stderr.includes(canary), 'the password is in the log');
  assert.ok(!server.process.stderr.includes(password), 'a password is in the log');
});
