// Moving from the legacy provider, killed in the middle again and again: the command is run until it says that it is done, and nobody is lost.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { query } from '../support/branches.mjs';
import { newLegacyProject, projectAuth } from '../support/legacy.mjs';
import { descendantsOf, killAll, mentioning } from '../support/processes.mjs';
import { Server, newDataDir, removeDataDir } from '../support/server.mjs';

const people = 3000;
const dataDir = newDataDir();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

after(() => {
  killAll(mentioning(dataDir)); // Only what a failed test left behind.
  removeDataDir(dataDir);
});

const migrate = (server, project) =>
  projectAuth(server.panel)('POST', `${project.auth}/migrate_to_better_auth`, { batch_size: 100 }).then(({ status, body }) => (status === 200 ? body : null), () => null);

it('nobody is lost or there twice', async () => {
  let server = await Server.start({ dataDir });
  const project = await newLegacyProject(projectAuth(server.panel));
  await query(project.uri, `
    WITH made AS (INSERT INTO stack_auth."user" (id, display_name, password_hash, signed_up_at, last_active_at)
                  SELECT gen_random_uuid(), 'u' || n, '$2a$10$' || repeat('x', 53), now(), now() FROM generate_series(1, ${people}) n RETURNING id, display_name)
    INSERT INTO stack_auth.contact_channel (user_id, value, is_primary, is_verified, used_for_auth, created_at)
    SELECT id, display_name || '@example.test', true, true, true, now() FROM made`);

  let interrupted = 0;
  let report = null;
  for (let round = 0; report?.status !== 'finished'; round++) {
    assert.ok(round < 60, `not finished after ${round} rounds: ${JSON.stringify(report)}`);
    const working = (async () => {
      for (;;) {
        const answer = await migrate(server, project);
        if (!answer || answer.status === 'finished') return answer;
        report = answer;
      }
    })();
    // Six times in the middle, PostgreSQL with it every other time; then it may end.
    if (interrupted < 6) {
      await pause(60 + Math.random() * 200);
      const withPostgres = interrupted % 2 === 1 ? descendantsOf(server.child.pid) : [];
      await Promise.all([server.kill(), killAll(withPostgres)]);
      interrupted++;
      await working;
      server = await Server.start({ dataDir });
    } else {
      report = await working;
    }
  }
  const rows = await query(project.uri, `
    SELECT (SELECT count(*) FROM neon_auth."user" n JOIN stack_auth."user" u USING (id) WHERE n.name = u.display_name AND n.email = u.display_name || '@example.test')::int AS right,
           (SELECT count(*) FROM neon_auth."user")::int AS users, (SELECT count(*) FROM neon_auth.account WHERE "providerId" = 'credential')::int AS passwords`);
  assert.deepEqual(rows, [{ right: people, users: people, passwords: people }]);
  const { body } = await projectAuth(server.panel)('GET', `${project.auth}/integrations`);
  assert.equal(body.data[0].auth_provider, 'better_auth');
  await server.stop();
});
