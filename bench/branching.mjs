// How long a branch of a live parent takes: a small one and one of 1 GB, with somebody writing to the parent all the time. Prints the file
// system too, for copying depends on it more than on anything else.
//
//   node bench/branching.mjs [--dir DIR] [--rounds N] [--size-mb N]
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { median, number, table } from './lib/report.mjs';
import { createBranch, query } from '../tests/support/branches.mjs';
import { connect } from '../tests/support/connect.mjs';
import { managementClient } from '../tests/support/management.mjs';
import { Server, newDataDir } from '../tests/support/server.mjs';
import { signUp, whoIs } from '../tests/support/users.mjs';

const { values: options } = parseArgs({ options: { dir: { type: 'string' }, rounds: { type: 'string', default: '10' }, 'size-mb': { type: 'string', default: '1024' } } });
const rounds = Number(options.rounds);
const dataDir = options.dir ? path.join(options.dir, `argonauth-bench-${process.pid}`) : newDataDir();

const fileSystem = () => execFileSync('findmnt', ['-no', 'FSTYPE,SOURCE,OPTIONS', '-T', path.dirname(dataDir)], { encoding: 'utf8' }).trim();

/** Writes small transactions until told to stop: the parent is live. */
async function startWriter(uri) {
  const client = await connect(uri);
  await client.query('CREATE TABLE IF NOT EXISTS traffic (n bigserial, at timestamptz DEFAULT now())');
  const state = { running: true, rows: 0 };
  const loop = (async () => {
    for (; state.running; state.rows++) await client.query('INSERT INTO traffic DEFAULT VALUES');
    await client.end();
  })();
  return async () => {
    state.running = false;
    await loop;
    return state.rows;
  };
}

/** Branch, first request to its auth service, delete: medians and the worst, in milliseconds. */
async function measure(api, project_id) {
  const times = { create: [], answer: [], wake: [] };
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const branch = await createBranch(api, project_id, { name: `bench-${round}` });
    times.create.push(branch.operations[0].total_duration_ms);
    const user = await signUp(branch.base_url);
    times.answer.push(performance.now() - start);
    await api.suspendProjectEndpoint({ project_id, endpoint_id: branch.endpoints[0].id });
    const asleep = performance.now();
    await whoIs(branch.base_url, user.jar);
    times.wake.push(performance.now() - asleep);
    await api.deleteProjectBranch(branch.ids);
  }
  return times;
}

const row = (name, times) => [name, number(median(times)), number(Math.max(...times))];

const server = await Server.start({ dataDir });
try {
  const { project_id, connection_uri } = server.panel;
  const api = managementClient(server.panel);
  const rows = [];
  const run = async (name) => {
    const [{ size }] = await query(connection_uri, 'SELECT pg_size_pretty(pg_database_size(current_database())) AS size');
    const stop = await startWriter(connection_uri);
    const times = await measure(api, project_id);
    const written = await stop();
    rows.push(row(`${name} (${size}): branch ready`, times.create), row('  ... and somebody signed up on it', times.answer), row('  first request to a stopped branch', times.wake));
    console.log(`${name}: ${written} transactions on the parent meanwhile`);
  };
  await run('small parent');
  const size = Number(options['size-mb']);
  await query(connection_uri, `CREATE TABLE ballast AS SELECT i, repeat(md5(i::text), 30) AS filler FROM generate_series(1, ${size} * 1024) AS g (i)`);
  await run('large parent');
  console.log(`\nfile system: ${fileSystem()}\n`);
  console.log(table(['milliseconds', 'median', 'worst'], rows));
} finally {
  await server.stop();
  fs.rmSync(dataDir, { recursive: true, force: true });
}
