// What a database that others run may do to a node: be locked, restarted under load, cut off, or lie. Other branches never notice.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { eventually } from '../support/eventually.mjs';
import { request } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { Node, runCommand } from '../support/node.mjs';
import { Postgres } from '../support/postgres.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

let control, app, node, api, env;
let branch; // in `app`
let other; // in another server

before(async () => {
  [control, app] = await Promise.all([Postgres.create(), Postgres.create()]);
  env = { ARGONAUTH_DATABASE_URL: control.uri(), ARGONAUTH_MASTER_KEY: crypto.randomBytes(32).toString('base64url') };
  node = await Node.start({ env });
  const { key } = JSON.parse((await runCommand(['api-key', 'create', '--name', 'tests', '--json'], { env })).stdout);
  api = managementClient({ management_url: node.management_url, api_key: key });
  await control.sql('CREATE DATABASE other OWNER app');
  branch = await enable('main', app.uri());
  other = await enable('other', control.uri({ database: 'other' }));
  other.user = await signUp(other.base_url);
});
after(async () => {
  try {
    await node?.stop();
  } finally {
    await Promise.all([app?.remove(), control?.remove()]);
  }
});

async function enable(name, uri) {
  const attached = await runCommand(['branch', 'attach', '--project', name, '--json'], { env, input: uri });
  assert.equal(attached.code, 0, attached.stderr);
  const ids = JSON.parse(attached.stdout);
  const enabled = await api.createNeonAuth(ids, { body: { auth_provider: 'better_auth' } });
  assert.equal(enabled.status, 201, enabled.text);
  return { ...ids, base_url: enabled.body.base_url };
}

const getSession = (base, user) => request(`${base}/get-session`, { headers: { cookie: user.jar.header }, timeout: 30_000 });
const many = (count, work) => Promise.all(Array.from({ length: count }, (_, i) => work(i)));
const statuses = (answers) => [...new Set(answers.map(({ status }) => status))];
const checkOther = async () => assert.equal(await whoIs(other.base_url, other.user.jar), other.user.id);

describe('F-11: a table that somebody locks', () => {
  it('is a 503 in time, and afterwards everything is as before', async () => {
    const user = await signUp(branch.base_url);
    // New connections: what they prepare has to wait for the lock as well.
    await app.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'");
    const owner = await connect(app.uri());
    await owner.query('BEGIN; LOCK TABLE neon_auth."user"');
    const asking = many(24, (i) => (i % 3 ? getSession(branch.base_url, user) : signInQuietly(user)));
    await checkOther();
    assert.deepEqual(statuses(await asking), [503]);
    await checkOther();
    await owner.query('ROLLBACK');
    await owner.end();
    await eventually(async () => assert.equal(await whoIs(branch.base_url, user.jar), user.id), { within: 5000 });
    for (let round = 0; round < 3; ++round) {
      assert.deepEqual(statuses(await many(24, () => getSession(branch.base_url, user))), [200]);
      assert.deepEqual(statuses(await many(6, () => signInQuietly(user))), [200]);
    }
  });
});

const signInQuietly = (user) =>
  request(`${branch.base_url}/sign-in/email`, { method: 'POST', headers: { origin: node.public_url }, body: { email: user.email, password }, timeout: 30_000 });
