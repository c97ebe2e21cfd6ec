// What was acknowledged is there, whatever happens to the processes: the server alone is killed, or PostgreSQL with it,
// in the middle of sign-ups, again and again on one data directory.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { authClient } from '../support/http.mjs';
import { descendantsOf, killAll, mentioning } from '../support/processes.mjs';
import { Server, newDataDir, removeDataDir } from '../support/server.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

const rounds = 6;
const dataDir = newDataDir();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const identity = ({ api_key, project_id, branch_id, endpoint_id }) => ({ api_key, project_id, branch_id, endpoint_id });

after(() => {
  killAll(mentioning(dataDir)); // Only what a failed test left behind.
  removeDataDir(dataDir);
});

/** Signs people up until told to stop, and writes down who was told that it worked. */
function startSignUps(baseUrl, ledger) {
  let stopped = false;
  const client = authClient(baseUrl);
  const worker = async () => {
    while (!stopped) {
      const email = freshEmail('ledger');
      const answer = await client.post('/sign-up/email', { email, password, name: 'L' }).catch(() => null);
      if (answer?.status === 200) ledger.push(email);
    }
  };
  const workers = Array.from({ length: 4 }, worker);
  return () => {
    stopped = true;
    return Promise.all(workers);
  };
}

describe('killed in the middle of sign-ups', () => {
  const ledger = [];
  let first;

  it(`${rounds} times, each time it starts again as itself`, async () => {
    for (let round = 0; round < rounds; round++) {
      const server = await Server.start({ dataDir });
      first ??= identity(server.panel);
      assert.deepEqual(identity(server.panel), first);
      const stopSignUps = startSignUps(server.baseUrl, ledger);
      await pause(250 + Math.random() * 900);
      const withPostgres = round % 2 === 1 ? descendantsOf(server.child.pid) : [];
      await Promise.all([server.kill(), killAll(withPostgres)]);
      await stopSignUps();
    }
    assert.ok(ledger.length >= rounds, `only ${ledger.length} sign-ups were acknowledged`);
  });

  it('and nobody who was acknowledged is missing, nor half there', async () => {
    const server = await Server.start({ dataDir });
    const db = await connect(server.panel.connection_uri);
    const { rows } = await db.query('SELECT email FROM neon_auth."user"');
    const stored = new Set(rows.map((row) => row.email));
    assert.deepEqual(ledger.filter((email) => !stored.has(email)), []);
    const { rows: half } = await db.query('SELECT email FROM neon_auth."user" u WHERE NOT EXISTS (SELECT FROM neon_auth.account a WHERE a."userId" = u.id AND a.password IS NOT NULL)');
    assert.deepEqual(half, []);
    await db.end();
    const sample = ledger.filter((_, i) => i % Math.ceil(ledger.length / 12) === 0);
    for (const email of [...sample, ledger.at(-1)]) await signIn(server.baseUrl, { email, password });
    await server.stop();
    assert.deepEqual(mentioning(dataDir), [], 'processes are left after a clean stop');
  });
});

describe('a data directory', () => {
  let server;
  before(async () => (server = await Server.start({ dataDir })));
  after(() => server?.running && server.stop());

  it('serves one program at a time, and says so to the second', async () => {
    const user = await signUp(server.baseUrl);
    const refusal = await Server.start({ dataDir, readyWithin: 8000 }).then(
      async (second) => {
        await second.kill();
        assert.fail('a second server started on the same data directory');
      },
      (error) => error,
    );
    assert.match(refusal.message, /ended before it was ready \([1-9]/);
    assert.match(refusal.stderr, /in use|already|another|running/i);
    assert.ok(refusal.stderr.includes(dataDir), 'it does not say which directory');
    assert.equal(await whoIs(server.baseUrl, user.jar), user.id);
  });

  it('keeps sessions and keys over a clean restart', async () => {
    const user = await signUp(server.baseUrl);
    const panel = server.panel;
    const port = Number(new URL(server.baseUrl).port);
    const keys = await authClient(server.baseUrl).get('/.well-known/jwks.json');
    await server.stop();
    server = await Server.start({ dataDir, port });
    assert.deepEqual(server.panel, panel);
    assert.equal(await whoIs(server.baseUrl, user.jar), user.id);
    assert.deepEqual((await authClient(server.baseUrl).get('/.well-known/jwks.json')).body, keys.body);
  });

  it('survives the loss of PostgreSQL under it', async () => {
    const user = await signUp(server.baseUrl);
    killAll(descendantsOf(server.child.pid));
    const end = Date.now() + 10_000;
    for (;;) {
      const answer = await authClient(server.baseUrl).get('/get-session', { jar: user.jar.copy() }).catch(() => null);
      if (answer?.body?.user?.id === user.id) break;
      assert.ok(server.running, `the server ended as well\n${server.stderr}`);
      assert.ok(Date.now() < end, `it does not come back: ${answer?.status} ${answer?.text}`);
      await pause(100);
    }
    await signIn(server.baseUrl, user);
  });
});
