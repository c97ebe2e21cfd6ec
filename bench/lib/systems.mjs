// The two systems under load, each with a user who is signed in and the same amount of data around.
import crypto from 'node:crypto';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { connect } from '../../tests/support/connect.mjs';
import { request } from '../../tests/support/http.mjs';
import { managementClient } from '../../tests/support/management.mjs';
import { Server } from '../../tests/support/server.mjs';
import { freshEmail, password, signUp } from '../../tests/support/users.mjs';
import { freePort } from '../../tests/conformance/lib/target.mjs';
import { postmasterOf, rssMegabytes } from './cpu.mjs';

const referenceProgram = fileURLToPath(new URL('../reference/server.mjs', import.meta.url));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Ten thousand users with a session each, so that look-ups are look-ups. */
async function fill(db) {
  await db.query(`
    WITH people AS (
      INSERT INTO neon_auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt", role, banned)
      SELECT gen_random_uuid(), 'Filler', 'filler' || n || '@example.test', false, now(), now(), 'user', false FROM generate_series(1, 10000) n
      RETURNING id)
    INSERT INTO neon_auth.session (id, "expiresAt", token, "createdAt", "updatedAt", "userId")
    SELECT gen_random_uuid(), now() + interval '7 days', md5(id::text), now(), now(), id FROM people`);
  await db.query('VACUUM ANALYZE neon_auth."user", neon_auth.session').catch(() => {}); // Only the owner may; the planner manages.
}

async function signedIn(system, db) {
  const user = await signUp(system.base, { email: freshEmail('bench') });
  await fill(db);
  return Object.assign(system, { email: user.email, password, token: user.token, cookie: user.jar.header, postmaster: await postmasterOf(db) });
}

export async function startArgonauth(dataDir) {
  const server = await Server.start({ dataDir });
  const pid = server.child.pid;
  await firstAnswer(`${server.baseUrl}/ok`);
  const idle = rssMegabytes(pid);
  const db = await connect(server.panel.connection_uri);
  const system = await signedIn({ name: 'Argonauth', base: server.baseUrl, pid, idle, panel: server.panel, stop: () => server.stop() }, db);
  await db.end();
  return system;
}

/** Milliseconds from starting the program until a route answers 200; the data directory exists. */
export async function timeStart(dataDir, path, cookie) {
  const port = await freePort();
  const started = performance.now();
  const starting = Server.start({ dataDir, port });
  const answered = firstAnswer(`http://127.0.0.1:${port}${path}`, cookie).then(() => performance.now() - started);
  const server = await starting;
  const milliseconds = await answered;
  await server.stop();
  return milliseconds;
}

/** Asks again and again, every two milliseconds, until the answer is 200. */
async function firstAnswer(url, cookie, within = 20_000) {
  const end = Date.now() + within;
  for (;;) {
    const answer = await request(url, { headers: { cookie }, timeout: 5000 }).catch(() => null);
    if (answer?.status === 200) return;
    if (Date.now() > end) throw new Error(`${url} did not answer: ${answer?.status}`);
    await pause(2);
  }
}

/** Better Auth on Node, in the database of a second project of the same server: the same PostgreSQL, a cluster of its own. */
export async function startReference(panel) {
  const { body } = await managementClient(panel).createProject({}, { body: { project: { name: 'reference' } } });
  const uri = new URL(body.connection_uris[0].connection_uri);
  uri.searchParams.set('sslmode', 'disable');
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [referenceProgram], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production', PORT: String(port), DATABASE_URL: uri.toString(), SECRET: crypto.randomBytes(32).toString('hex') },
  });
  const base = `http://127.0.0.1:${port}/neondb/auth`;
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  };
  try {
    await firstAnswer(`${base}/ok`);
    const startMs = performance.now() - started;
    const idle = rssMegabytes(child.pid);
    const db = await connect(uri.toString());
    const system = await signedIn({ name: 'Better Auth', base, pid: child.pid, idle, startMs, uri: uri.toString(), stop }, db);
    await db.end();
    return system;
  } catch (error) {
    await stop();
    throw error;
  }
}
