// What a database that others run may do to a node: be locked, restarted under load, cut off, or lie. Other branches never notice.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { eventually } from '../support/eventually.mjs';
import { request } from '../support/http.mjs';
import { LyingPostgres, lies } from '../support/lying_postgres.mjs';
import { managementClient } from '../support/management.mjs';
import { Node, runCommand } from '../support/node.mjs';
import { Postgres } from '../support/postgres.mjs';
import { freshEmail, password, signUp, whoIs } from '../support/users.mjs';

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

describe('F-15: a database that lies', () => {
  let between, branch, user;

  before(async () => {
    await app.sql('CREATE DATABASE lying OWNER app');
    between = await LyingPostgres.start(app.port);
    branch = await enable('lying', app.uri({ database: 'lying', port: between.port, query: '?sslmode=disable' }));
    user = await signUp(branch.base_url);
  });
  after(() => between?.stop());

  for (const [name, lie] of Object.entries(lies)) {
    it(`${name}: an error for its branch, and nobody else notices`, async () => {
      between.tell(lie);
      const auth = () => Promise.all([
        getSession(branch.base_url, user),
        request(`${branch.base_url}/sign-up/email`, { method: 'POST', headers: { origin: node.public_url }, body: { email: freshEmail(), password, name: 'L' }, timeout: 30_000 }),
      ]);
      const managed = Promise.all([
        api.getNeonAuthEmailAndPasswordConfig(branch),
        api.createProject({}, { body: { project: { name: 'x', attach: { connection_uri: app.uri({ port: between.port, query: '?sslmode=disable' }) } } } }),
      ]);
      const answers = auth();
      for (let i = 0; i < 5; ++i) await checkOther();
      for (const { status, text } of await answers) assert.equal(status, 503, text);
      for (const { status, text } of await managed) assert.ok([422, 500, 503].includes(status), `${status} ${text}`);
      await checkOther();
      assert.equal(node.child.exitCode ?? node.child.signalCode, null, node.stderr.slice(-2000));
    });
  }

  it('and when it tells the truth again, all is well', async () => {
    between.tell(null);
    await eventually(async () => assert.equal(await whoIs(branch.base_url, user.jar), user.id), { within: 5000 });
    await signUp(branch.base_url);
  });
});

describe('F-13: a server with fewer connections than the node would like', () => {
  it('makes requests wait for those there are', async () => {
    const tight = await Postgres.create({ settings: { max_connections: '20', superuser_reserved_connections: '3' } });
    const small = await Node.start({ env, threads: 1 });
    const others = [];
    try {
      const { base_url } = await enable('tight', tight.uri());
      const ask = () => request(`${base_url.replace(node.public_url, small.public_url)}/sign-up/email`, {
        method: 'POST', headers: { origin: node.public_url }, body: { email: freshEmail(), password, name: 'T' }, timeout: 30_000 });
      // Until the node has heard of the branch and has a connection of each kind to it.
      for (const end = Date.now() + 2000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) assert.equal((await ask()).status, 200);
      for (let full = false; !full; ) full = await connect(tight.uri()).then((session) => !others.push(session), (error) => error.code === '53300');
      const answers = await many(24, ask);
      assert.deepEqual(statuses(answers), [200], `${answers.find(({ status }) => status !== 200)?.text}\n${small.stderr.slice(-1000)}`);
    } finally {
      await Promise.all(others.map((session) => session.end()));
      await small.stop();
      await tight.remove();
    }
  });
});

const signInQuietly = (user) =>
  request(`${branch.base_url}/sign-in/email`, { method: 'POST', headers: { origin: node.public_url }, body: { email: user.email, password }, timeout: 30_000 });
