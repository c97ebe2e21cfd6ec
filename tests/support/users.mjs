// People to test with. Every test makes its own, so files run in any order and in parallel.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { Jar, authClient } from './http.mjs';

export const password = 'correct-horse-9';

export function freshEmail(who = 'user') {
  return `${who}.${crypto.randomBytes(6).toString('hex')}@example.test`;
}

/** Signs somebody up; the result has what later requests need. */
export async function signUp(base, { email = freshEmail(), name = 'Test User', secret = password, headers } = {}) {
  const client = authClient(base);
  const jar = new Jar();
  const answer = await client.post('/sign-up/email', { email, password: secret, name }, { jar, headers });
  assert.equal(answer.status, 200, answer.text);
  return { email, password: secret, jar, token: answer.body.token, id: answer.body.user.id, user: answer.body.user, answer };
}

export async function signIn(base, { email, password: secret }, extra = {}) {
  const jar = new Jar();
  const answer = await authClient(base).post('/sign-in/email', { email, password: secret, ...extra }, { jar });
  assert.equal(answer.status, 200, answer.text);
  return { jar, token: answer.body.token, answer };
}

/** Who the cookies of a jar stand for: the user's id, or null. */
export async function whoIs(base, jar) {
  const answer = await authClient(base).get('/get-session', { jar });
  assert.equal(answer.status, 200, answer.text);
  return answer.body?.user.id ?? null;
}
