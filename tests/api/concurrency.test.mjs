// The same thing asked for many times at once happens once.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createBranch } from '../support/branches.mjs';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);

it('fifty sign-ups of one address make one user', async () => {
  const email = freshEmail();
  const tries = Array.from({ length: 50 }, (_, i) => auth().post('/sign-up/email', { email: i % 2 ? email : email.toUpperCase(), password, name: `Try ${i}` }, { timeout: 60_000 }));
  const answers = await Promise.all(tries);
  const count = (status) => answers.filter((answer) => answer.status === status).length;
  assert.equal(count(200), 1, JSON.stringify(answers.map((answer) => answer.status)));
  // A full hash queue may send some away; they were told so, and when to come back.
  for (const answer of answers.filter(({ status }) => status === 503)) assert.match(answer.headers['retry-after'], /^\d+$/);
  assert.equal(count(200) + count(422) + count(503), 50, JSON.stringify(answers.map((answer) => answer.status)));
  const rows = await sql('SELECT id FROM neon_auth."user" WHERE email = $1', [email]);
  assert.equal(rows.length, 1);
  const [{ accounts }] = await sql('SELECT count(*)::int AS accounts FROM neon_auth.account WHERE "userId" = $1', [rows[0].id]);
  assert.equal(accounts, 1);
});

it('many sign-outs and look-ups of one session end in peace', async () => {
  const user = await signUp(server.base_url);
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => (i % 4 ? auth().get('/get-session', { jar: user.jar.copy() }) : auth().post('/sign-out', {}, { jar: user.jar.copy() }))),
  );
  assert.deepEqual(new Set(answers.map((answer) => answer.status)), new Set([200]));
  assert.equal(await whoIs(server.base_url, user.jar), null);
});

it('S069: get-session stays quick while passwords are hashed', async () => {
  const user = await signUp(server.base_url);
  const busy = Promise.all(Array.from({ length: 30 }, () => auth().post('/sign-in/email', { email: user.email, password }, { timeout: 60_000 })));
  let slowest = 0;
  for (let i = 0; i < 20; i++) {
    const start = performance.now();
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    slowest = Math.max(slowest, performance.now() - start);
  }
  const statuses = (await busy).map((answer) => answer.status);
  assert.ok(statuses.every((status) => [200, 429, 503].includes(status)), JSON.stringify(statuses));
  assert.ok(slowest < 5000, `get-session took ${slowest.toFixed(0)} ms`);
});

it('F-38: a branch on which everybody signs in holds up nobody on another', async () => {
  const quiet = await createBranch(managementClient(server), server.project_id, { name: 'quiet' });
  const [here, there] = [await signUp(server.base_url), await signUp(quiet.base_url)];
  const enter = (base, { email }) => authClient(base).post('/sign-in/email', { email, password }, { timeout: 60_000 });
  let done = 0;
  const busy = Promise.all(Array.from({ length: 60 }, () => enter(server.base_url, here).then(() => (done += 1))));
  await eventually(() => assert.ok(done > 0));
  assert.equal((await enter(quiet.base_url, there)).status, 200);
  assert.ok(done < 45, `${done} of 60 came first`);
  await busy;
});

it('S044: a session prolonged by many at once is prolonged once', async () => {
  const user = await signUp(server.base_url);
  await sql(`UPDATE neon_auth.session SET "expiresAt" = now() + interval '5 days' WHERE token = $1`, [user.token]);
  const answers = await Promise.all(Array.from({ length: 20 }, () => auth().get('/get-session', { jar: user.jar.copy() })));
  assert.ok(answers.every((answer) => answer.body?.user.id === user.id));
  const [{ days }] = await sql('SELECT round(extract(epoch FROM "expiresAt" - now()) / 86400)::int AS days FROM neon_auth.session WHERE token = $1', [user.token]);
  assert.equal(days, 7);
});
