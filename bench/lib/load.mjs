// The load generators: wrk for HTTP, pgbench for the bare query.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cpuSeconds } from './cpu.mjs';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../request.lua', import.meta.url));

/** Loads one route of a system for some seconds. Latencies are in milliseconds, CPU in microseconds per request. */
export async function loadRoute(system, route, seconds, pauseMs = 0) {
  const env = {
    ...process.env,
    BENCH_METHOD: route.method ?? 'GET',
    BENCH_PAUSE_MS: String(pauseMs),
    ...(route.body ? { BENCH_BODY: JSON.stringify(route.body(system)) } : {}),
    ...(route.cookie ? { BENCH_COOKIE: system.cookie } : {}),
  };
  const before = cpuSeconds(system.pid, system.postmaster);
  const { stdout } = await run('wrk', ['-t1', `-c${route.connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, `${system.base}${route.path}`], { env });
  const used = cpuSeconds(system.pid, system.postmaster) - before;
  const { requests, microseconds, p50, p99, refused, broken } = JSON.parse(/^RESULT (.*)$/m.exec(stdout)[1]);
  return { rate: requests / (microseconds / 1e6), p50: p50 / 1000, p99: p99 / 1000, cpu: (used * 1e6) / requests, refused, broken };
}

/** What get-session asks the database. */
const sessionQuery = `SELECT s.id, s."expiresAt", s.token, s."createdAt", s."updatedAt", s."ipAddress", s."userAgent", s."userId", s."impersonatedBy", s."activeOrganizationId",
  u.id, u.name, u.email, u."emailVerified", u.image, u."createdAt", u."updatedAt", u.role, u.banned, u."banReason", u."banExpires"
  FROM neon_auth.session s JOIN neon_auth."user" u ON u.id = s."userId" WHERE s.token = :token;
`.replaceAll('\n', ' ');

/** Queries per second of the best number of clients, one query at a time per client. */
export async function loadQuery(database, token, seconds) {
  const file = path.join(os.tmpdir(), `session-query-${process.pid}.sql`);
  fs.writeFileSync(file, `${sessionQuery}\n`);
  let best = { rate: 0, clients: 0 };
  for (const clients of [4, 8, 16]) {
    const args = ['-n', '-M', 'prepared', '-f', file, '-c', String(clients), '-j', '1', '-T', String(seconds), '-D', `token=${token}`, database.target];
    const { stdout } = await run('pgbench', args, { env: { ...process.env, ...database.env } });
    const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)[1]);
    if (rate > best.rate) best = { rate, clients };
  }
  fs.rmSync(file);
  return best;
}

/**
 * How pgbench should connect: by the cluster's own socket where that is possible, as the server itself does, else by the
 * connection string without TLS.
 */
export async function databaseFor(dataDir, connectionUri) {
  const { port, pathname } = new URL(connectionUri);
  const directory = [path.join(dataDir, 'run'), dataDir].find((place) => fs.existsSync(path.join(place, `.s.PGSQL.${port}`)));
  if (directory) {
    const database = { kind: 'unix socket', target: pathname.slice(1), env: { PGHOST: directory, PGPORT: port, PGUSER: 'neon_auth' } };
    const works = await run('psql', ['-w', '-Atc', 'SELECT 1', database.target], { env: { ...process.env, ...database.env } }).catch(() => null);
    if (works) return database;
  }
  const plain = new URL(connectionUri);
  plain.searchParams.set('sslmode', 'disable');
  return { kind: 'TCP without TLS', target: plain.toString(), env: {} };
}
