// A data directory of an earlier version: the schema of each branch is brought up to date when the branch is used.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { createBranch, query } from '../support/branches.mjs';
import { authClient } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { killAll, mentioning } from '../support/processes.mjs';
import { Server, newDataDir, removeDataDir } from '../support/server.mjs';
import { signUp, whoIs } from '../support/users.mjs';

const dataDir = newDataDir();
after(() => {
  killAll(mentioning(dataDir)); // Only what a failed test left behind.
  removeDataDir(dataDir);
});

const versionOf = async (uri) => (await query(uri, 'SELECT max(version) AS version FROM neon_auth.argonauth_migration'))[0].version;
/** As version 7 left it. */
const undo = `
  DROP TRIGGER argonauth_forget_users ON neon_auth."user";
  DROP FUNCTION neon_auth.argonauth_forget_users();
  ALTER TABLE neon_auth.argonauth_webhook_delivery DROP COLUMN attempt_log, DROP COLUMN give_up_at, DROP COLUMN earlier_attempts, DROP COLUMN is_test;
  DELETE FROM neon_auth.argonauth_migration WHERE version > 7`;

it('is brought up to date, by many first requests at once too', async () => {
  let server = await Server.start({ dataDir });
  const uri = server.panel.connection_uri;
  const current = await versionOf(uri);
  const user = await signUp(server.baseUrl);
  await query(uri, undo);
  await server.stop();

  server = await Server.start({ dataDir });
  const found = await Promise.all(Array.from({ length: 20 }, () => whoIs(server.baseUrl, user.jar)));
  assert.deepEqual(new Set(found), new Set([user.id]));
  assert.equal(await versionOf(uri), current);
  await query(uri, 'SELECT attempt_log, is_test FROM neon_auth.argonauth_webhook_delivery');
  await server.stop();
});

it('is left alone when a newer version made it, and only that branch waits for the newer program', async () => {
  let server = await Server.start({ dataDir });
  const other = await createBranch(managementClient(server.panel), server.panel.project_id, { name: 'other' });
  await query(server.panel.connection_uri, `INSERT INTO neon_auth.argonauth_migration (version, name) VALUES (9999, 'of the future')`);
  await server.stop();

  server = await Server.start({ dataDir });
  assert.equal((await authClient(server.baseUrl).get('/get-session')).status, 503);
  assert.equal(await versionOf(server.panel.connection_uri), 9999);
  await signUp(server.origin + new URL(other.base_url).pathname);
  await server.stop();
});
