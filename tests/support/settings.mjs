// A branch's settings as its owner changes them with SQL.
import { setTimeout as sleep } from 'node:timers/promises';

/** Every I/O thread hears of such a change by itself, a moment after the commit, and nothing tells when all of them have. */
export const untilHeard = () => sleep(500);

/** Merges members into columns of neon_auth.project_config; every I/O thread has heard of it when this resolves. */
export async function changeSettings(sql, columns) {
  for (const [column, members] of Object.entries(columns)) {
    await sql(`UPDATE neon_auth.project_config SET ${column} = coalesce(${column}, '{}') || $1`, [JSON.stringify(members)]);
  }
  await untilHeard();
}
