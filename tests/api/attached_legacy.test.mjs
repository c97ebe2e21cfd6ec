// The legacy provider on a database that others run, with two nodes: made, used, given keys, moved to the newer service.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { appOf, projectAuth } from '../support/legacy.mjs';
import { Node, runCommand } from '../support/node.mjs';
import { Postgres } from '../support/postgres.mjs';
import { freshEmail, password, signIn } from '../support/users.mjs';

let databases;
let nodes = [];
let calls;
let ids;
let legacy;

before(async () => {
  databases = await Postgres.create();
  await databases.sql("CREATE ROLE control LOGIN PASSWORD 'control-secret'; CREATE DATABASE control OWNER control");
  const env = {
    ARGONAUTH_DATABASE_URL: databases.uri({ user: 'control', password: 'control-secret', database: 'control' }),
    ARGONAUTH_MASTER_KEY: crypto.randomBytes(32).toString('base64url'),
  };
  nodes = [await Node.start({ env }), await Node.start({ env })];
  const key = await runCommand(['api-key', 'create', '--name', 'legacy'], { env });
  assert.equal(key.code, 0, key.stderr);
  calls = nodes.map(({ management_url }) => projectAuth({ management_url, api_key: key.stdout.trim() }));
  await databases.sql('CREATE DATABASE legacy OWNER app');
  const attached = await runCommand(['branch', 'attach', '--project', 'shop', '--json'], { env, input: `${databases.uri({ database: 'legacy' })}\n` });
  assert.equal(attached.code, 0, attached.stderr);
  ids = JSON.parse(attached.stdout);
});
after(async () => {
  for (const node of nodes) await node.stop();
  await databases.remove();
});

describe('attached databases', () => {
  it('an integration made at one node serves apps at the other', async () => {
    const made = await calls[0]('POST', '/projects/auth/create', { auth_provider: 'stack', project_id: ids.project_id, branch_id: ids.branch_id });
    assert.equal(made.status, 201, made.text);
    legacy = { ...made.body, base_url: new URL(nodes[1].management_url).origin };
    const email = freshEmail('attached');
    const { status, body, text } = await appOf(legacy).post('/auth/password/sign-up', { email, password, verification_callback_url: 'http://localhost:3000' });
    assert.equal(status, 200, text);
    legacy.user = { id: body.user_id, email };
    const keys = await calls[1]('POST', '/projects/auth/keys', { auth_provider: 'stack', project_id: ids.project_id });
    assert.equal((await appOf({ ...keys.body, base_url: new URL(nodes[0].management_url).origin }, 'server').get('/users')).body.items.length, 1);
  });

  it('both nodes notice the move', async () => {
    const { body, text } = await calls[1]('POST', `/projects/${ids.project_id}/auth/migrate_to_better_auth`, {});
    assert.equal(body.status, 'finished', text);
    for (const { management_url } of nodes) {
      const { origin } = new URL(management_url);
      assert.equal((await appOf({ ...legacy, base_url: origin }).get('/projects/current')).body.code, 'CURRENT_PROJECT_NOT_FOUND');
      const { answer } = await signIn(body.base_url.replace(new URL(body.base_url).origin, origin), { email: legacy.user.email, password });
      assert.equal(answer.body.user.id, legacy.user.id);
    }
  });
});
