// CPU time and memory of a server and of the PostgreSQL cluster behind it.
import fs from 'node:fs';
import { descendantsOf, statOf } from '../../tests/support/processes.mjs';

const ticksPerSecond = 100; // USER_HZ, the unit of /proc/<pid>/stat on Linux

/** The postmaster behind a connection: the parent of its backend. */
export async function postmasterOf(db) {
  const { rows } = await db.query('SELECT pg_backend_pid() AS pid');
  return statOf(rows[0].pid).parent;
}

/** CPU seconds used so far by a process and by everything below a postmaster. */
export function cpuSeconds(serverPid, postmasterPid) {
  const pids = new Set([serverPid, postmasterPid, ...descendantsOf(postmasterPid)]);
  const ticks = [...pids].reduce((sum, pid) => sum + (statOf(pid)?.ticks ?? 0), 0);
  return ticks / ticksPerSecond;
}

export function rssMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kilobytes) / 1024;
}
