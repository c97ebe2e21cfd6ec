// The moment between the two commits of a move: the users are all in the newer service, but the control database does not know it yet,
// and the node dies. The legacy provider must acknowledge nothing that would be lost; the next call finishes.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { eventually } from '../support/eventually.mjs';
import { appOf, projectAuth } from '../support/legacy.mjs';
import { Node, runCommand } from '../support/node.mjs';
import { Postgres } from '../support/postgres.mjs';
import { freshEmail, password, signIn } from '../support/users.mjs';

let databases;
let env;
let control;
before(async () => {
  databases = await Postgres.create();
  await databases.sql("CREATE ROLE control LOGIN PASSWORD 'control-secret'; CREATE DATABASE control OWNER control");
  env = {
    ARGONAUTH_DATABASE_URL: databases.uri({ user: 'control', password: 'control-secret', database: 'control' }),
    ARGONAUTH_MASTER_KEY: crypto.randomBytes(32).toString('base64url'),
  };
});
after(async () => {
  await control?.end();
  await databases.remove();
});

it('killed between the commits', async () => {
  const dying = await Node.start({ env });
  const key = (await runCommand(['api-key', 'create', '--name', 'switch'], { env })).stdout.trim();
  await databases.sql('CREATE DATABASE legacy OWNER app');
  const ids = JSON.parse((await runCommand(['branch', 'attach', '--project', 'shop', '--json'], { env, input: `${databases.uri({ database: 'legacy' })}\n` })).stdout);
  const call = projectAuth({ management_url: dying.management_url, api_key: key });
  const { body: legacy } = await call('POST', '/projects/auth/create', { auth_provider: 'stack', project_id: ids.project_id, branch_id: ids.branch_id });
  const at = (node) => appOf({ ...legacy, base_url: new URL(node.management_url).origin });
  const email = freshEmail('switch');
  const signedUp = await at(dying).post('/auth/password/sign-up', { email, password, verification_callback_url: 'http://localhost:3000' });
  assert.equal(signedUp.status, 200, signedUp.text);

  // The control database's part of the switch waits for this lock.
  control = await connect(env.ARGONAUTH_DATABASE_URL);
  await control.query('BEGIN');
  await control.query('SELECT FROM argonauth.auth_integration FOR UPDATE');
  const path = `/projects/${ids.project_id}/auth/migrate_to_better_auth`;
  const unanswered = call('POST', path, {}).catch(() => null);
  const branch = await connect(databases.uri({ database: 'legacy' }));
  await eventually(async () => {
    const { rows } = await branch.query("SELECT 1 FROM pg_trigger WHERE tgname = 'argonauth_moved'");
    assert.equal(rows.length, 4);
  });
  dying.child.kill('SIGKILL');
  await dying.ended;
  await unanswered;
  await control.query('ROLLBACK');
  await branch.end();

  const node = await Node.start({ env });
  try {
    const late = freshEmail('late');
    const refused = await at(node).post('/auth/password/sign-up', { email: late, password, verification_callback_url: 'http://localhost:3000' });
    assert.ok(refused.status >= 400, `acknowledged: ${refused.text}`);
    const again = await projectAuth({ management_url: node.management_url, api_key: key })('POST', path, {});
    assert.deepEqual([again.body.status, again.body.counts.users], ['finished', 1], again.text);
    const base = again.body.base_url.replace(new URL(again.body.base_url).origin, new URL(node.management_url).origin);
    const { answer } = await signIn(base, { email, password });
    assert.equal(answer.body.user.id, signedUp.body.user_id);
  } finally {
    await node.stop();
  }
});
