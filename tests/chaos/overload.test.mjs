// More than the machine can do: the rest is refused, quickly and politely, and afterwards all is as before. ARGONAUTH_OVERLOAD_SECONDS
// makes it longer.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { it } from 'node:test';
import { authClient, request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp, whoIs } from '../support/users.mjs';

const seconds = Number(process.env.ARGONAUTH_OVERLOAD_SECONDS ?? 6);
const server = await useServer({ args: ['--hash-threads', '1', '--hash-lanes', '2'] });
const rss = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.process.child.pid}/status`, 'utf8'))[1]) / 1024;

it('S219: ten times the load is answered with 200, 429 or 503, in bounded memory, and forgotten within ten seconds', async () => {
  const user = await signUp(server.base_url);
  const auth = authClient(server.base_url);
  const kinds = [
    ...Array.from({ length: 7 }, () => () => auth.get('/get-session', { jar: user.jar.copy(), timeout: 30_000 })),
    ...Array.from({ length: 2 }, () => () => auth.post('/sign-in/email', { email: user.email, password }, { timeout: 30_000 })),
    () => auth.post('/sign-up/email', { email: freshEmail(), password, name: 'Flood' }, { timeout: 30_000 }),
  ];
  const before = rss();
  const counts = {};
  const refusals = [];
  const end = Date.now() + seconds * 1000;
  const visitor = async (_, index) => {
    for (let i = index; Date.now() < end; i++) {
      const answer = await kinds[i % kinds.length]();
      counts[answer.status] = (counts[answer.status] ?? 0) + 1;
      if (answer.status === 503) refusals.push(answer);
    }
  };
  await Promise.all(Array.from({ length: 60 }, visitor));
  for (const status of Object.keys(counts)) assert.ok(['200', '429', '503'].includes(status), JSON.stringify(counts));
  assert.ok(counts[200] > 0);
  for (const { headers } of refusals) assert.match(headers['retry-after'], /^\d+$/);
  // One slot of two lanes takes 64 MB; connections and queue are small beside it.
  assert.ok(rss() - before < 2 * 32 + 64, `grew by ${(rss() - before).toFixed(0)} MB`);

  const over = Date.now();
  for (let good = 0; good < 20; good++) {
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    assert.equal((await auth.post('/sign-in/email', { email: user.email, password })).status, 200);
  }
  assert.ok(Date.now() - over < 15_000, `twenty sign-ins afterwards took ${Date.now() - over} ms`);
  assert.equal((await request(`${server.origin}/health/ready`)).status, 200);
});
