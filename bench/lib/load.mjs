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

/** Runs `use` with the name of a file that has the query. */
async function withQuery(use) {
  const file = path.join(os.tmpdir(), `session-query-${process.pid}.sql`);
  fs.writeFileSync(file, `${sessionQuery}\n`);
  try {
    return await use(file);
  } finally {
    fs.rmSync(file);
  }
}

/** Queries per second of the best number of clients, one query at a time per client. */
export function loadQuery(database, token, seconds) {
  return withQuery(async (file) => {
    let best = { rate: 0, clients: 0 };
    for (const clients of [4, 8, 16]) {
      const args = ['-n', '-M', 'prepared', '-f', file, '-c', String(clients), '-j', '1', '-T', String(seconds), '-D', `token=${token}`, database];
      const { stdout } = await run('pgbench', args);
      const rate = Number(/^tps = ([\d.]+)/m.exec(stdout)[1]);
      if (rate > best.rate) best = { rate, clients };
    }
    return best;
  });
}

/** How long the query takes, in milliseconds, when all `targets` ({database, token}) together are asked `rate` times a second. */
export function paceQueries(targets, rate, seconds) {
  const clients = Math.max(1, Math.round(16 / targets.length));
  const logs = fs.mkdtempSync(path.join(os.tmpdir(), 'pgbench-'));
  return withQuery(async (file) => {
    await Promise.all(targets.map(({ database, token }, i) => run('pgbench', ['-n', '-M', 'prepared', '-f', file, '-c', String(clients), '-j', '1',
      '-T', String(seconds), '-R', String(rate / targets.length), '-l', '--log-prefix', path.join(logs, `log${i}`), '-D', `token=${token}`, database])));
    const times = fs.readdirSync(logs).flatMap((name) => fs.readFileSync(path.join(logs, name), 'utf8').trim().split('\n').filter(Boolean).map((line) => {
      const [, , latency, , , , lag] = line.split(' ').map(Number);
      return (latency - lag) / 1000; // without the wait for its turn
    })).sort((a, b) => a - b);
    return { rate: times.length / seconds, p50: times[Math.floor(times.length / 2)], p99: times[Math.floor(times.length * 0.99)] };
  }).finally(() => fs.rmSync(logs, { recursive: true }));
}

/** The branch's own server without TLS: the port of its connection string is that of the proxy in front of it. */
export function databaseFor(dataDir, branchId, connectionUri) {
  const [, , , port] = fs.readFileSync(path.join(dataDir, 'branches', branchId, 'data', 'postmaster.pid'), 'utf8').split('\n');
  const uri = new URL(connectionUri);
  uri.port = port;
  uri.searchParams.set('sslmode', 'disable');
  return uri.toString();
}
