#!/usr/bin/env node
// Argonauth, Better Auth on Node and pgbench, measured in one run: rounds are interleaved and medians taken, because the
// machine is never quiet for long. Prints a table, keeps the numbers in results/latest.json, and never fails on a timing.
import fs from 'node:fs';
import os from 'node:os';
import { newDataDir, removeDataDir } from '../tests/support/server.mjs';
import { rssMegabytes } from './lib/cpu.mjs';
import { databaseFor, loadQuery, loadRoute } from './lib/load.mjs';
import { median, medians, number, table } from './lib/report.mjs';
import { startArgonauth, startReference, timeStart } from './lib/systems.mjs';

const USAGE = `usage: bench/run [--quick] [--rounds N] [--seconds N]

  --quick      one round of one second: does it work, not how fast is it
  --rounds N   rounds to take the median of (5)
  --seconds N  length of each measurement (2)`;

const argv = process.argv.slice(2);
const numberOption = (name, fallback) => (argv.includes(name) ? Number(argv[argv.indexOf(name) + 1]) : fallback);
if (argv.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const quick = argv.includes('--quick');
const rounds = numberOption('--rounds', quick ? 1 : 5);
const seconds = numberOption('--seconds', quick ? 1 : 2);

const routes = [
  { name: 'get-session', path: '/get-session', connections: 64, cookie: true },
  { name: 'token', path: '/token', connections: 64, cookie: true },
  { name: 'jwks', path: '/.well-known/jwks.json', connections: 64 },
  { name: 'sign-in', path: '/sign-in/email', connections: 8, method: 'POST', body: ({ email, password }) => ({ email, password }) },
];

/** One interleaved round after the other; the samples by route and system. */
async function measure(systems, database, token) {
  const samples = Object.fromEntries(routes.map(({ name }) => [name, Object.fromEntries(systems.map((system) => [system.name, []]))]));
  const queries = [];
  const halfLoad = [];
  for (let round = 1; round <= rounds; round++) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const route of routes) {
      for (const system of systems) samples[route.name][system.name].push(await loadRoute(system, route, seconds));
    }
    queries.push(await loadQuery(database, token, seconds));
    const [getSession] = routes;
    const full = samples[getSession.name][systems[0].name].at(-1).rate;
    const pauseMs = Math.max(1, Math.round((getSession.connections / (full / 2)) * 1000));
    halfLoad.push(await loadRoute(systems[0], getSession, seconds, pauseMs));
  }
  return { samples, queries, halfLoad };
}

async function starts(dataDir, cookie, base) {
  const times = { ok: [], session: [] };
  for (let i = 0; i < (quick ? 2 : 5); i++) {
    times.ok.push(await timeStart(dataDir, `${new URL(base).pathname}/ok`, cookie));
    times.session.push(await timeStart(dataDir, `${new URL(base).pathname}/get-session`, cookie));
  }
  return { okMs: median(times.ok), sessionMs: median(times.session) };
}

function print(result) {
  const rows = [];
  for (const [route, [ours, theirs]] of Object.entries(result.routes)) {
    for (const [name, sample] of [['Argonauth', ours], ['Better Auth', theirs]]) {
      const ratio = name === 'Argonauth' ? `${number(ours.rate / theirs.rate)} x` : '';
      const failures = sample.refused + sample.broken > 0 ? `${sample.refused} refused, ${sample.broken} broken` : '';
      rows.push([`${route}, ${name}`, number(sample.rate), number(sample.p50), number(sample.p99), number(sample.cpu), ratio, failures]);
    }
  }
  const { halfLoad, query, memory, start } = result;
  rows.push(['get-session at half load', number(halfLoad.rate), number(halfLoad.p50), number(halfLoad.p99), number(halfLoad.cpu), '', '']);
  rows.push([`its query, pgbench (${query.clients} clients)`, number(query.rate), '', '', '', '', '']);
  console.log(`\n${table(['', 'req/s', 'p50 ms', 'p99 ms', 'CPU us/req', 'ratio', ''], rows)}`);
  const sessionRate = result.routes['get-session'][0].rate;
  console.log(`\nget-session is ${number(sessionRate / query.rate)} of pgbench's rate for its query`);
  console.log(`idle memory (RSS): Argonauth ${number(memory.argonauth)} MB, Better Auth ${number(memory.reference)} MB; after the load ${number(memory.argonauthAfter)} MB and ${number(memory.referenceAfter)} MB`);
  console.log(`start to first answer: Argonauth ${number(start.okMs)} ms (first session ${number(start.sessionMs)} ms, on an existing data directory), Better Auth ${number(start.referenceMs)} ms`);
  console.log(`CPU is that of the server and its PostgreSQL together; medians of ${rounds} round(s) of ${seconds} s`);
}

const dataDir = newDataDir();
const running = [];
try {
  const argonauth = await startArgonauth(dataDir);
  running.push(argonauth);
  const reference = await startReference(argonauth.panel);
  running.unshift(reference); // Its database is Argonauth's, so it is the first to stop.

  const database = databaseFor(dataDir, argonauth.panel.branch_id, argonauth.panel.connection_uri);
  const { samples, queries, halfLoad } = await measure([argonauth, reference], database, argonauth.token);
  const memory = { argonauth: argonauth.idle, reference: reference.idle, argonauthAfter: rssMegabytes(argonauth.pid), referenceAfter: rssMegabytes(reference.pid) };
  while (running.length) await running.shift().stop();
  const start = { ...(await starts(dataDir, argonauth.cookie, argonauth.base)), referenceMs: reference.startMs };

  const result = {
    at: new Date().toISOString(),
    machine: { cpu: os.cpus()[0]?.model, cores: os.cpus().length, node: process.version },
    rounds, seconds,
    routes: Object.fromEntries(routes.map(({ name }) => [name, [medians(samples[name][argonauth.name]), medians(samples[name][reference.name])]])),
    halfLoad: medians(halfLoad),
    query: medians(queries),
    memory, start, samples,
  };
  fs.mkdirSync(new URL('results/', import.meta.url), { recursive: true });
  fs.writeFileSync(new URL('results/latest.json', import.meta.url), `${JSON.stringify(result, null, 1)}\n`);
  print(result);
} finally {
  for (const system of running) await system.stop().catch((error) => console.error(error.message));
  removeDataDir(dataDir);
}
process.exit(0);
