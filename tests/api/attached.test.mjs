// `argonauth serve`: control state and branches in PostgreSQL servers that others run.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { request } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { Node, runCommand } from '../support/node.mjs';
import { Postgres } from '../support/postgres.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

const masterKey = crypto.randomBytes(32).toString('base64url');
/** A loaded machine is given three times as long: who waits for what never comes takes longer still. */
const within = async (ms, work) => {
  const started = performance.now();
  const result = await work();
  const took = performance.now() - started;
  assert.ok(took < 3 * ms, `took ${took} ms, where ${ms} are meant to do`);
  return result;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

let databases; // the server that keeps the control state and one app's data
let env;
let apiKey;

before(async () => {
  databases = await Postgres.create();
  await databases.sql("CREATE ROLE control LOGIN PASSWORD 'control-secret'; CREATE DATABASE control OWNER control");
  env = { ARGONAUTH_DATABASE_URL: databases.uri({ user: 'control', password: 'control-secret', database: 'control' }), ARGONAUTH_MASTER_KEY: masterKey };
});
after(() => databases.remove());

const attach = (project, name, uri, more = []) => runCommand(['branch', 'attach', '--project', project, '--name', name, '--json', ...more], { env, input: `${uri}\n` });
const clientOf = (node) => managementClient({ management_url: node.management_url, api_key: apiKey });
const newDatabase = async (name) => {
  await databases.sql(`CREATE DATABASE ${name} OWNER app`);
  return databases.uri({ database: name });
};
/** A branch with auth on it: its ids and base_url. */
async function enabledBranch(node, project, name, uri) {
  const attached = await attach(project, name, uri);
  assert.equal(attached.code, 0, attached.stderr);
  const ids = JSON.parse(attached.stdout);
  const enabled = await clientOf(node).createNeonAuth(ids, { body: { auth_provider: 'better_auth' } });
  assert.equal(enabled.status, 201, enabled.text);
  return { ...ids, base_url: enabled.body.base_url };
}

describe('what serve needs to start', () => {
  it('reports every problem at once and starts nothing', async () => {
    const { code, stderr } = await runCommand(['serve', '--host', 'nowhere', '--trusted-proxies', 'x'], {
      env: { ARGONAUTH_MASTER_KEY: 'short', ARGONAUTH_DATABSE_URL: 'x' },
    });
    assert.equal(code, 2);
    for (const problem of [/ARGONAUTH_DATABSE_URL is not a setting/, /--host/, /--trusted-proxies/, /--public-url/, /ARGONAUTH_DATABASE_URL or/, /ARGONAUTH_MASTER_KEY is not a key/])
      assert.match(stderr, problem);
    assert.doesNotMatch(stderr, /short/);
  });

  it('offers no flag for a secret', async () => {
    const { code, stderr } = await runCommand(['serve', '--database-url', 'postgresql://x'], { env });
    assert.equal(code, 2);
    assert.match(stderr, /--database-url/);
  });

  it('takes the key from a file that not everybody can read', async () => {
    const file = path.join(databases.home, 'master.key');
    fs.writeFileSync(file, `${masterKey}\n`, { mode: 0o644 });
    const withFile = { ...env, ARGONAUTH_MASTER_KEY: '', ARGONAUTH_MASTER_KEY_FILE: file };
    const open = await runCommand(['serve', '--port', '0'], { env: withFile });
    assert.equal(open.code, 2);
    assert.match(open.stderr, /everybody on this machine can read/);
    fs.writeFileSync(file, '');
    fs.chmodSync(file, 0o600);
    const empty = await runCommand(['serve', '--port', '0'], { env: withFile });
    assert.match(empty.stderr, /is empty/);
    fs.writeFileSync(file, `${masterKey}\n`);
    const node = await Node.start({ env: withFile });
    await node.stop();
    fs.rmSync(file);
    const missing = await runCommand(['serve', '--port', '0'], { env: withFile });
    assert.match(missing.stderr, /cannot read .*master\.key/);
  });

  it('names host and reason, and no password, when the control database cannot be reached', async () => {
    const url = 'postgresql://control:control-secret@127.0.0.1:9/control';
    const { code, stderr } = await within(5000, () => runCommand(['serve', '--port', '0'], { env: { ...env, ARGONAUTH_DATABASE_URL: url } }));
    assert.equal(code, 1);
    assert.match(stderr, /127\.0\.0\.1.*port 9.*refused/i);
    assert.doesNotMatch(stderr, /control-secret/);
  });

  it('two nodes that start at once on an empty database both come up', async () => {
    await databases.sql('CREATE DATABASE fresh OWNER control');
    const fresh = { ...env, ARGONAUTH_DATABASE_URL: databases.uri({ user: 'control', password: 'control-secret', database: 'fresh' }) };
    const nodes = await Promise.all([1, 2, 3].map(() => Node.start({ env: fresh })));
    await Promise.all(nodes.map((node) => node.stop()));
    const versions = await databases.sql('SELECT count(*) = count(DISTINCT version) FROM argonauth.argonauth_migration', 'fresh');
    assert.equal(versions, 't');
  });

  it('killed at any point of its first start, the next one finds or makes a whole schema', async () => {
    for (const delay of [2, 5, 8, 12, 16, 20, 25, 30, 40, 60]) {
      await databases.sql(`CREATE DATABASE killed_${delay} OWNER control`);
      const own = { ...env, ARGONAUTH_DATABASE_URL: databases.uri({ user: 'control', password: 'control-secret', database: `killed_${delay}` }) };
      const dying = Node.start({ env: own, killAfter: delay }).catch(() => null);
      await dying;
      const node = await Node.start({ env: own });
      assert.equal((await request(`${node.public_url}/health/ready`)).status, 200);
      await node.stop();
    }
  });

  it('refuses another master key and leaves everything as it was', async () => {
    const node = await Node.start({ env });
    await node.stop();
    const other = { ...env, ARGONAUTH_MASTER_KEY: crypto.randomBytes(32).toString('hex') };
    const { code, stderr } = await runCommand(['serve', '--port', '0'], { env: other });
    assert.equal(code, 1);
    assert.match(stderr, /is not the key that this control database was set up with/);
    await (await Node.start({ env })).stop();
  });
});

describe('nodes', () => {
  let first;
  let second;
  let branch;

  before(async () => {
    const created = await runCommand(['api-key', 'create', '--name', 'tests', '--json'], { env });
    apiKey = JSON.parse(created.stdout).key;
    [first, second] = await Promise.all([Node.start({ env }), Node.start({ env })]);
    branch = await enabledBranch(first, 'shop', 'main', databases.uri());
  });
  after(() => Promise.all([first?.stop(), second?.stop()]));

  const on = (node, base) => base.replace(new URL(base).origin, node.public_url);

  it('POST /projects says how to attach, and with a connection string it does', async () => {
    const refused = await clientOf(first).createProject({}, { body: { project: { name: 'x' } } });
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.body.message, /connection_uri.*argonauth branch attach/);
    const made = await clientOf(first).createProject({}, { body: { project: { name: 'by api', attach: { connection_uri: await newDatabase('by_api') } } } });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.body.databases[0].name, 'by_api');
    assert.equal(made.body.connection_uris[0].connection_uri, databases.uri({ database: 'by_api' }));
    assert.equal(made.body.endpoints[0].host, `127.0.0.1:${databases.port}`);
  });

  it('users live in schema neon_auth of the attached database, made by an ordinary role', async () => {
    const user = await signUp(branch.base_url);
    assert.equal(await databases.sql(`SELECT email FROM neon_auth."user" WHERE id = '${user.id}'`, 'app'), user.email);
    assert.equal(await databases.sql("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'neon_auth'", 'app'), 'app');
    assert.equal(await databases.sql("SELECT count(*) FROM pg_roles WHERE rolname = 'neon_auth'"), '0');
    assert.equal(await whoIs(on(second, branch.base_url), user.jar), user.id);
  });

  it('the control database holds no password in clear', async () => {
    const dump = await databases.sql('SELECT a::text FROM argonauth.attachment a UNION ALL SELECT r::text FROM argonauth.role r', 'control');
    assert.ok(dump.length > 100);
    assert.doesNotMatch(dump, /app-secret-1/);
  });

  it('one node sees within a second what another changed', async () => {
    const own = await enabledBranch(first, 'shop', 'changing', await newDatabase('changing'));
    const elsewhere = on(second, own.base_url);
    assert.equal((await request(`${elsewhere}/ok`)).status, 200);
    await clientOf(first).disableNeonAuth(own, { body: { delete_data: false } });
    await eventually(async () => assert.equal((await request(`${elsewhere}/ok`)).status, 404), { within: 1000 });
    await clientOf(first).createNeonAuth(own, { body: { auth_provider: 'better_auth' } });
    await eventually(async () => assert.equal((await request(`${elsewhere}/ok`)).status, 200), { within: 1000 });
  });

  it('a key that one node revoked opens nothing on the other', async () => {
    const created = JSON.parse((await runCommand(['api-key', 'create', '--name', 'gone', '--json'], { env })).stdout);
    const ask = () => request(`${second.management_url}/projects`, { headers: { authorization: `Bearer ${created.key}` } });
    assert.equal((await ask()).status, 200);
    await runCommand(['api-key', 'revoke', String(created.id)], { env });
    assert.equal((await ask()).status, 401);
  });

  it('what cannot be attached is refused, and the answer never repeats the string', async () => {
    const { project_id } = branch;
    const send = (connection_uri, name = 'refused') =>
      request(`${first.management_url}/projects/${project_id}/branches/attach`, {
        method: 'POST', headers: { authorization: `Bearer ${apiKey}` }, body: { branch: { name }, attach: { connection_uri } },
      });
    const secret = 'hidden-in-here';
    const cases = [
      [`postgres//app:${secret}@h/app`, 400, /not a connection string/],
      [`postgresql://app:${secret}@/app`, 400, /names no host/],
      [`postgresql://app:${secret}@127.0.0.1`, 400, /names no database/],
      [`postgresql://127.0.0.1/app?passfile=/etc/passwd&user=app`, 400, /passfile is not supported/],
      [`postgresql://app:${secret}@127.0.0.1/app?options=-csearch_path%3Dx`, 400, /options is not supported/],
      [databases.uri({ password: secret }), 503, /password authentication failed for user "app"/],
      [`postgresql://app:${secret}@127.0.0.1:9/app`, 503, /127\.0\.0\.1.*port 9.*refused/i],
      [`postgresql://app:${secret}@no-such-host.invalid/app`, 503, /no-such-host\.invalid/],
      [databases.uri(), 409, /attached already/],
    ];
    for (const [uri, status, words] of cases) {
      const answer = await within(4000, () => send(uri));
      assert.equal(answer.status, status, answer.text);
      assert.match(answer.body.message, words);
      assert.doesNotMatch(answer.text, new RegExp(`${secret}|app-secret-1`));
      if (status === 503) assert.equal(answer.headers['retry-after'], '1');
    }
    const taken = await send(await newDatabase('taken'), 'main');
    assert.equal(taken.status, 409, taken.text);
    const strange = await request(`${first.management_url}/projects/${project_id}/branches/attach`, {
      method: 'POST', headers: { authorization: `Bearer ${apiKey}` }, body: { branch: { name: 'x' }, attach: {} },
    });
    assert.equal(strange.status, 400);
    assert.match(strange.body.message, /connection_uri/);
    for (const log of [first.stderr, second.stderr]) assert.doesNotMatch(log, new RegExp(`${secret}|app-secret-1|control-secret|${masterKey}`));
  });

  it('a role that may not make schemas is told what to grant', async () => {
    await databases.sql("CREATE ROLE guest LOGIN PASSWORD 'guest'; CREATE DATABASE guarded; REVOKE CREATE ON DATABASE guarded FROM PUBLIC");
    const attached = await attach('shop', 'guarded', databases.uri({ user: 'guest', password: 'guest', database: 'guarded' }));
    assert.equal(attached.code, 0, attached.stderr);
    const enabled = await clientOf(first).createNeonAuth(JSON.parse(attached.stdout), { body: { auth_provider: 'better_auth' } });
    assert.equal(enabled.status, 422, enabled.text);
    assert.match(enabled.body.message, /GRANT CREATE/);
  });

  it('a new password is put in the place of the old one, and the way to another database is refused', async () => {
    await databases.sql("CREATE ROLE moved LOGIN PASSWORD 'before'; CREATE DATABASE moved OWNER moved; CREATE DATABASE moved_not OWNER moved");
    const uri = (more) => databases.uri({ user: 'moved', password: 'before', database: 'moved', ...more });
    const own = await enabledBranch(first, 'moved', 'main', uri());
    const user = await signUp(own.base_url);
    const elsewhere = on(second, own.base_url);
    assert.equal(await whoIs(elsewhere, user.jar), user.id);
    const replace = (connection_uri) =>
      request(`${first.management_url}/projects/${own.project_id}/branches/${own.branch_id}/attachment`, {
        method: 'PUT', headers: { authorization: `Bearer ${apiKey}` }, body: { connection_uri },
      });
    assert.equal((await replace(uri({ database: 'moved_not' }))).status, 422);
    assert.equal((await replace(databases.uri({ database: 'moved_not' }))).status, 422);
    assert.equal((await replace(uri({ password: 'wrong' }))).status, 503);
    assert.equal((await replace('nonsense')).status, 400);
    await databases.sql("ALTER ROLE moved PASSWORD 'after'; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'moved'");
    await eventually(async () => assert.equal((await request(`${elsewhere}/get-session`, { headers: { cookie: user.jar.header } })).status, 503));
    const replaced = await replace(uri({ password: 'after' }));
    assert.equal(replaced.status, 200, replaced.text);
    assert.equal(replaced.body.branch.id, own.branch_id);
    for (const base of [own.base_url, elsewhere])
      await eventually(async () => assert.equal(await whoIs(base, user.jar), user.id), { within: 1500 });
    const role = await clientOf(first).getProjectBranchRolePassword({ ...own, role_name: 'moved' });
    assert.equal(role.body.password, 'after');
  });

  it('deleting a project leaves the database alone', async () => {
    const own = await enabledBranch(first, 'passing', 'main', await newDatabase('passing'));
    const user = await signUp(own.base_url);
    assert.equal((await clientOf(first).deleteProject(own)).status, 200);
    await eventually(async () => assert.equal((await request(`${on(second, own.base_url)}/ok`)).status, 404), { within: 1000 });
    assert.equal(await databases.sql(`SELECT count(*) FROM neon_auth."user" WHERE id = '${user.id}'`, 'passing'), '1');
  });

  it('the connection string needs a trusted certificate unless it says otherwise', async () => {
    const secure = await Postgres.create({ ssl: true });
    try {
      const options = (query) => ({ host: 'localhost', query });
      const refused = await attach('tls', 'main', secure.uri(options('?sslmode=verify-full')));
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /certificate verify failed/);
      const accepted = await attach('tls', 'main', secure.uri(options('?sslmode=verify-full')), ['--database-ca', secure.authority]);
      assert.equal(accepted.code, 0, accepted.stderr);
      const wrongName = await attach('tls', 'other', secure.uri({ host: '127.0.0.1', query: '?sslmode=verify-full' }), ['--database-ca', secure.authority]);
      assert.match(wrongName.stderr, /does not match host name "127\.0\.0\.1"/);
    } finally {
      await secure.remove();
    }
  });

  describe('a database that goes away', () => {
    let server;
    let own;
    before(async () => {
      server = await Postgres.create();
      own = await enabledBranch(first, 'moving', 'main', server.uri());
    });
    after(() => server.remove());

    it('is a 503 at once, and serves within five seconds of its return', async () => {
      const user = await signUp(own.base_url);
      const elsewhere = on(second, own.base_url);
      assert.equal(await whoIs(elsewhere, user.jar), user.id);
      await server.stop();
      for (let i = 0; i < 10; ++i) {
        const answer = await within(2000, () => request(`${elsewhere}/get-session`, { headers: { cookie: user.jar.header } }));
        assert.equal(answer.status, 503, answer.text);
        assert.equal(answer.headers['retry-after'], '1');
        await pause(50);
      }
      const told = await within(3000, () => clientOf(first).disableNeonAuth(own, { body: { delete_data: true } }));
      assert.equal(told.status, 503);
      assert.match(told.body.message, new RegExp(`127\\.0\\.0\\.1.*port ${server.port}.*refused`, 'i'));
      assert.equal((await request(`${branch.base_url}/ok`)).status, 200, 'other branches are not concerned');
      await server.start();
      for (const base of [own.base_url, elsewhere]) {
        await eventually(async () => assert.equal(await whoIs(base, user.jar), user.id), { within: 5000 });
        await signIn(base, user);
      }
    });

    it('restarted in the middle of requests it costs 503s and nothing else', async () => {
      const user = await signUp(own.base_url);
      let stopped = false;
      const seen = new Set();
      const load = Array.from({ length: 4 }, async () => {
        while (!stopped) {
          const answer = await within(3000, () => request(`${own.base_url}/get-session`, { headers: { cookie: user.jar.header } }));
          seen.add(answer.status);
        }
      });
      await pause(300);
      await server.restart();
      await eventually(async () => assert.equal(await whoIs(own.base_url, user.jar), user.id), { within: 5000 });
      stopped = true;
      await Promise.all(load);
      assert.deepEqual([...seen].filter((status) => status !== 200 && status !== 503), []);
    });

    it('full of other sessions it answers in time with what it has or a 503, and nobody else loses his', async () => {
      const tight = await Postgres.create({ settings: { max_connections: '8', superuser_reserved_connections: '2' } });
      try {
        const crowded = await enabledBranch(first, 'crowded', 'main', tight.uri());
        const user = await signUp(crowded.base_url);
        await tight.restart(); // Whoever comes first has the connections.
        const pg = (await import('pg')).default;
        const sessions = [];
        // Six connections are for everybody; the server looks after its outbox and may hold some of them.
        for (let full = false; !full; ) {
          const session = new pg.Client({ connectionString: tight.uri() });
          session.on('error', () => {});
          full = await session.connect().then(() => !sessions.push(session), (error) => error.code === '53300');
          if (sessions.length === 6) full = true;
        }
        assert.ok(sessions.length >= 3, `${sessions.length} sessions`);
        const answer = await within(3000, () => request(`${crowded.base_url}/get-session`, { headers: { cookie: user.jar.header } }));
        assert.ok([200, 503].includes(answer.status), answer.text);
        assert.equal((await sessions.at(-1).query('SELECT 1 AS one')).rows[0].one, 1);
        await Promise.all(sessions.map((session) => session.end()));
        await eventually(async () => assert.equal(await whoIs(crowded.base_url, user.jar), user.id), { within: 5000 });
      } finally {
        await tight.remove();
      }
    });

    it('takes connections and answers nothing any more: everybody has his 503 within three seconds', async () => {
      await databases.sql('CREATE DATABASE muted OWNER app');
      const sockets = new Set();
      let mute = false;
      const between = net.createServer((client) => {
        sockets.add(client.on('error', () => {}));
        if (mute) return;
        const server = net.connect(databases.port, '127.0.0.1').on('error', () => {});
        sockets.add(server);
        client.pipe(server).pipe(client);
      });
      await new Promise((resolve) => between.listen(0, '127.0.0.1', resolve));
      const muted = await enabledBranch(first, 'muted', 'main', databases.uri({ database: 'muted', port: between.address().port }));
      const user = await signUp(muted.base_url);
      mute = true;
      for (const socket of sockets) socket.destroy();
      const ask = () => within(3000, () => request(`${muted.base_url}/get-session`, { headers: { cookie: user.jar.header } }));
      for (let round = 0; round < 2; ++round) {
        const answers = await Promise.all(Array.from({ length: 12 }, ask));
        assert.deepEqual(answers.map(({ status }) => status), Array(12).fill(503));
      }
      mute = false;
      await eventually(async () => assert.equal(await whoIs(muted.base_url, user.jar), user.id), { within: 5000 });
      for (const socket of sockets) socket.destroy();
      between.close();
    });

    it('answers nothing from the start: it cannot be attached, and that is said within three seconds', async () => {
      // Connections are accepted by the kernel, and nobody reads them.
      const silent = net.createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
      await new Promise((resolve) => silent.once('listening', resolve));
      const { project_id } = branch;
      const answer = await within(4000, () =>
        request(`${first.management_url}/projects/${project_id}/branches/attach`, {
          method: 'POST', headers: { authorization: `Bearer ${apiKey}` },
          body: { branch: { name: 'silent' }, attach: { connection_uri: `postgresql://a:b@127.0.0.1:${silent.address().port}/x` } },
        }));
      assert.equal(answer.status, 503, answer.text);
      silent.close();
    });
  });

  it('the primary dies and its standby takes over: the string names both', async () => {
    const primary = await Postgres.create({ settings: { wal_level: 'replica', max_wal_senders: '4' } });
    const standby = await primary.makeStandby();
    try {
      const both = `postgresql://app:app-secret-1@127.0.0.1:${standby.port},127.0.0.1:${primary.port}/app?target_session_attrs=read-write`;
      const own = await enabledBranch(first, 'ha', 'main', both);
      const user = await signUp(own.base_url);
      await eventually(async () => assert.equal(await standby.sql(`SELECT count(*) FROM neon_auth."user" WHERE id = '${user.id}'`, 'app'), '1'));
      await primary.stop('SIGQUIT');
      const meanwhile = await within(3000, () => request(`${own.base_url}/get-session`, { headers: { cookie: user.jar.header } }));
      assert.equal(meanwhile.status, 503, meanwhile.text);
      standby.promote();
      await eventually(async () => assert.equal(await whoIs(own.base_url, user.jar), user.id), { within: 10_000 });
      await signUp(own.base_url);
      const details = await clientOf(first).getConnectionURI({ project_id: own.project_id }, { query: { database_name: 'app', role_name: 'app' } });
      assert.equal(details.body.uri, both);
    } finally {
      await Promise.all([primary.remove(), standby.remove()]);
    }
  });

  it('a standby alone is refused', async () => {
    const primary = await Postgres.create({ settings: { wal_level: 'replica', max_wal_senders: '4' } });
    const standby = await primary.makeStandby();
    try {
      const attached = await attach('ha standby', 'main', standby.uri());
      assert.equal(attached.code, 1);
      assert.match(attached.stderr, /read-only/);
    } finally {
      await Promise.all([primary.remove(), standby.remove()]);
    }
  });
});

describe('the control database goes away', () => {
  it('known branches are served, the rest is a 503, and changes made meanwhile are seen afterwards', async () => {
    const control = await Postgres.create();
    const node = await Node.start({ env: { ...env, ARGONAUTH_DATABASE_URL: control.uri() } });
    try {
      const own = { ...env, ARGONAUTH_DATABASE_URL: control.uri() };
      apiKey = JSON.parse((await runCommand(['api-key', 'create', '--name', 'x', '--json'], { env: own })).stdout).key;
      await databases.sql('CREATE DATABASE lasting OWNER app');
      const attached = await runCommand(['branch', 'attach', '--project', 'p', '--json'], { env: own, input: databases.uri({ database: 'lasting' }) });
      const ids = JSON.parse(attached.stdout);
      const { base_url } = (await clientOf(node).createNeonAuth(ids, { body: { auth_provider: 'better_auth' } })).body;
      const user = await signUp(base_url);
      assert.equal((await request(`${node.public_url}/health/ready`)).status, 200);
      await pause(500); // Until the node has heard of its own change and forgotten the branch; then it is made known again.
      for (let i = 0; i < 8; ++i) assert.equal(await whoIs(base_url, user.jar), user.id);

      await control.stop();
      assert.equal(await whoIs(base_url, user.jar), user.id);
      const ready = await within(3000, () => request(`${node.public_url}/health/ready`));
      assert.equal(ready.status, 503);
      assert.equal((await request(`${node.public_url}/health/live`)).status, 200);
      const unknown = await within(3000, () => request(`${node.public_url}/ep-no-such-00000000/app/auth/ok`));
      assert.equal(unknown.status, 503);
      const managed = await within(3000, () => clientOf(node).listProjects());
      assert.equal(managed.status, 503);
      assert.doesNotMatch(managed.text, /127\.0\.0\.1/, 'hosts are not for callers whose key was not checked');

      await control.start();
      await eventually(async () => assert.equal((await request(`${node.public_url}/health/ready`)).status, 200), { within: 5000 });
      await control.sql('DELETE FROM argonauth.auth_integration', 'app');
      await eventually(async () => assert.equal((await request(`${base_url}/ok`)).status, 404), { within: 3000 });
    } finally {
      await node.stop();
      await control.remove();
    }
  });
});

describe('stopping', () => {
  it('says so on /health/ready before it stops listening', async () => {
    const node = await Node.start({ env, args: ['--drain-delay', '1'] });
    assert.equal((await request(`${node.public_url}/health/ready`)).status, 200);
    node.child.kill('SIGTERM');
    await eventually(async () => {
      const answer = await request(`${node.public_url}/health/ready`);
      assert.deepEqual([answer.status, answer.body.status], [503, 'draining']);
    }, { within: 800 });
    assert.deepEqual(await node.ended, { code: 0, signal: null });
  });

  it('leaves no secret in the environment that others can read', async () => {
    const node = await Node.start({ env });
    const environment = fs.readFileSync(`/proc/${node.child.pid}/environ`, 'latin1');
    await node.stop();
    assert.doesNotMatch(environment, /control-secret/);
    assert.ok(!environment.includes(masterKey));
  });
});
