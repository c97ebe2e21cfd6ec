// psql, with the connection string as somebody pasted it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';

export function psql(connectionString, sql) {
  return new Promise((resolve) => {
    const child = execFile('psql', ['-X', '-At', '-c', sql, connectionString], { timeout: 15_000 }, (error, stdout, stderr) => {
      assert.equal(error, null, stderr);
      resolve(stdout.trim());
    });
    child.stdin.end();
  });
}
