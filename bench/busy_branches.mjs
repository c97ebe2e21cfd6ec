// Does it cost a request anything that nineteen other branches are busy too? The same load, get-session with 64 connections, goes to one
// branch and then spread over twenty: below saturation, where latency counts, and as fast as it is answered. `pgbench` rows are the bare
// query at the same rate, to the same servers: what twenty PostgreSQL servers in the place of one cost without Argonauth.
//
//   node bench/busy_branches.mjs [--branches N] [--seconds N] [--rounds N]
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { rssMegabytes } from './lib/cpu.mjs';
import { databaseFor, paceQueries } from './lib/load.mjs';
import { medians, number, table } from './lib/report.mjs';
import { createBranch } from '../tests/support/branches.mjs';
import { managementClient } from '../tests/support/management.mjs';
import { Server, newDataDir, removeDataDir } from '../tests/support/server.mjs';
import { signUp } from '../tests/support/users.mjs';

const { values: options } = parseArgs({
  options: { branches: { type: 'string', default: '20' }, seconds: { type: 'string', default: '4' }, rounds: { type: 'string', default: '3' } },
});
const script = fileURLToPath(new URL('request.lua', import.meta.url));
const run = promisify(execFile);

/** 64 connections that wait this long between requests; null: as fast as they are answered. */
const loads = [{ name: 'light', pause: 60 }, { name: 'moderate', pause: 12 }, { name: 'full', pause: 0 }];

async function load(origin, targets, pause) {
  const file = path.join(os.tmpdir(), `argonauth-targets-${process.pid}`);
  fs.writeFileSync(file, targets.map(({ url, cookie }) => `${new URL(url).pathname}/get-session\t${cookie}\n`).join(''));
  const { stdout } = await run('wrk', ['-t', '2', '-c', '64', '-d', `${options.seconds}s`, '-s', script, origin], {
    env: { ...process.env, BENCH_TARGETS: file, BENCH_PAUSE_MS: String(pause) },
  });
  fs.unlinkSync(file);
  const result = JSON.parse(stdout.match(/RESULT (.*)/)[1]);
  if (result.refused || result.broken) throw new Error(`not every request was answered: ${stdout}`);
  return { rate: result.requests / (result.microseconds / 1e6), p50: result.p50 / 1000, p99: result.p99 / 1000 };
}

const dataDir = newDataDir();
const server = await Server.start({ dataDir });
try {
  const api = managementClient(server.panel);
  const targets = [];
  for (let i = 0; i < Number(options.branches); i++) {
    const { base_url, uri, ids } = i === 0
      ? { base_url: server.panel.base_url, uri: server.panel.connection_uri, ids: server.panel }
      : await createBranch(api, server.panel.project_id, { name: `busy-${i}` });
    const user = await signUp(base_url);
    targets.push({ url: base_url, cookie: user.jar.header, token: user.token, database: databaseFor(dataDir, ids.branch_id, uri) });
  }
  const rows = [];
  for (const { name, pause } of loads) {
    const samples = { one: [], many: [], bareOne: [], bareMany: [] };
    for (let round = 0; round < Number(options.rounds); round++) {
      samples.one.push(await load(server.origin, targets.slice(0, 1), pause));
      samples.many.push(await load(server.origin, targets, pause));
      if (pause === 0) continue;
      const { rate } = samples.one.at(-1);
      samples.bareOne.push(await paceQueries(targets.slice(0, 1), rate, options.seconds));
      samples.bareMany.push(await paceQueries(targets, rate, options.seconds));
    }
    const pairs = [['get-session', samples.one, samples.many], ['pgbench', samples.bareOne, samples.bareMany]];
    for (const [what, first, second] of pairs.filter(([, samplesOfOne]) => samplesOfOne.length)) {
      const [one, many] = [medians(first), medians(second)];
      for (const [label, result] of [['1', one], [String(targets.length), many]]) rows.push([name, what, label, number(result.rate), number(result.p50), number(result.p99)]);
      rows.push([name, what, 'ratio', number(many.rate / one.rate), number(many.p50 / one.p50), number(many.p99 / one.p99)]);
    }
  }
  console.log(table(['load', 'what', 'branches', 'per second', 'p50 ms', 'p99 ms'], rows));
  console.log(`\nresident memory with ${targets.length} busy branches: ${number(rssMegabytes(server.child.pid))} MB`);
  await server.stop();
} finally {
  await server.kill();
  removeDataDir(dataDir);
}
