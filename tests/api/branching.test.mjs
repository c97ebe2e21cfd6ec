// A branch is a copy of a live one: nothing is lost, nobody is disconnected, and afterwards the two know nothing of each other.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBranch, query } from '../support/branches.mjs';
import { connect } from '../support/connect.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient, request } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { password, signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const api = managementClient(server);
const { project_id } = server;
const main = { project_id, branch_id: server.branch_id };
const onMain = (text, values) => query(server.connection_uri, text, values);
const branchOff = (branch, extra) => createBranch(api, project_id, branch, extra);
const remove = ({ ids }) => api.deleteProjectBranch(ids);

/** Inserts numbers without a pause; knows which were committed, and whether its connection ever broke. */
async function startWriter(uri) {
  const client = await connect(uri);
  await client.query('CREATE TABLE IF NOT EXISTS ledger (n int PRIMARY KEY)');
  const { rows } = await client.query('SELECT coalesce(max(n), 0)::int AS n FROM ledger');
  const writer = { committed: rows[0].n, broken: null, running: true };
  writer.done = (async () => {
    while (writer.running) {
      await client.query('INSERT INTO ledger VALUES ($1)', [writer.committed + 1]);
      writer.committed++;
    }
    await client.end();
  })().catch((error) => (writer.broken = error));
  writer.stop = () => ((writer.running = false), writer.done);
  return writer;
}

describe('a copy of a live branch', () => {
  it('has every row that was committed before the call, and the writer goes on', async () => {
    const writer = await startWriter(server.connection_uri);
    while (writer.committed < 50) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let i = 0; i < 3; i++) {
      const before = writer.committed;
      const child = await branchOff({ name: `live-${i}` });
      const after = writer.committed;
      const rows = await query(child.uri, 'SELECT n FROM ledger ORDER BY n');
      assert.ok(rows.length >= before, `${before} rows were committed before the call, ${rows.length} are there`);
      assert.ok(rows.length <= after + 1);
      assert.deepEqual(rows.map(({ n }) => n), rows.map((_, index) => index + 1), 'it is no prefix of what was written');
      await remove(child);
    }
    await writer.stop();
    assert.equal(writer.broken, null);
  });

  it('is isolated, both ways', async () => {
    await onMain('CREATE TABLE IF NOT EXISTS isolated (who text)');
    const child = await branchOff({ name: 'isolated' });
    await onMain(`INSERT INTO isolated VALUES ('parent')`);
    await query(child.uri, `INSERT INTO isolated VALUES ('child')`);
    assert.deepEqual(await onMain('SELECT who FROM isolated'), [{ who: 'parent' }]);
    assert.deepEqual(await query(child.uri, 'SELECT who FROM isolated'), [{ who: 'child' }]);
    await remove(child);
  });

  it('has an address and passwords of its own', async () => {
    const child = await branchOff({ name: 'own-address' });
    assert.deepEqual([child.branch.parent_id, child.branch.name, child.branch.current_state], [server.branch_id, 'own-address', 'ready']);
    assert.equal(child.endpoints.length, 1);
    assert.notEqual(child.endpoints[0].id, server.endpoint_id);
    assert.ok(child.base_url.includes(child.endpoints[0].id));
    assert.ok(child.operations.every(({ status }) => status === 'finished'));
    const own = new URL(child.uri);
    const parents = new URL(server.connection_uri);
    assert.notEqual(own.password, parents.password);
    assert.notEqual(own.port, parents.port);
    own.password = parents.password;
    await assert.rejects(connect(own.toString()), /password authentication failed/);
    const revealed = await api.getProjectBranchRolePassword({ ...child.ids, role_name: 'neondb_owner' });
    assert.equal(revealed.body.password, new URL(child.uri).password);
    assert.deepEqual(await query(server.connection_uri, 'SELECT 1 AS one'), [{ one: 1 }]);
    await remove(child);
  });

  it('has all databases and roles, those made with SQL too, and no single connection string then', async () => {
    const child = await branchOff({ name: 'with-more' });
    await query(child.uri, 'CREATE DATABASE second');
    const grandchild = await branchOff({ name: 'all-of-it', parent_id: child.branch.id });
    assert.equal(grandchild.connection_uris, undefined);
    assert.deepEqual(grandchild.databases.map(({ name }) => name).sort(), ['neondb', 'second']);
    const { uri } = (await api.getConnectionURI({ project_id }, { query: { branch_id: grandchild.branch.id, database_name: 'second', role_name: 'neondb_owner' } })).body;
    assert.deepEqual(await query(uri, 'SELECT current_database() AS name'), [{ name: 'second' }]);
    assertRefusal(await remove(child), 422, /children/);
    await remove(grandchild);
    assert.equal((await remove(child)).status, 200);
  });

  it('can be made of a stopped parent, and of several at once', async () => {
    const parent = await branchOff({ name: 'sleeper' });
    await query(parent.uri, 'CREATE TABLE kept AS SELECT 1 AS one');
    await api.suspendProjectEndpoint({ project_id, endpoint_id: parent.endpoints[0].id });
    const children = await Promise.all([1, 2, 3, 4].map((i) => branchOff({ name: `of-sleeper-${i}`, parent_id: parent.branch.id })));
    for (const child of children) assert.deepEqual(await query(child.uri, 'SELECT one FROM kept'), [{ one: 1 }]);
    for (const child of children) await remove(child);
    await remove(parent);
  });
});

describe('auth on a copy', () => {
  it('works at once, with the same users, passwords and settings', async () => {
    const user = await signUp(server.base_url);
    await onMain(`UPDATE neon_auth.project_config SET trusted_origins = '[{"domain":"https://kept.example.com"}]'`);
    const child = await branchOff({ name: 'same-users' });
    const there = await signIn(child.base_url, user);
    assert.equal(await whoIs(child.base_url, there.jar), user.id);
    const [config] = await query(child.uri, 'SELECT name, trusted_origins, endpoint_id FROM neon_auth.project_config');
    assert.equal(config.endpoint_id, child.endpoints[0].id);
    assert.deepEqual(config.trusted_origins, [{ domain: 'https://kept.example.com' }]);
    const [parentConfig] = await onMain('SELECT name, endpoint_id FROM neon_auth.project_config');
    assert.deepEqual(parentConfig, { name: config.name, endpoint_id: server.endpoint_id });
    const keys = await authClient(server.base_url).get('/.well-known/jwks.json');
    assert.deepEqual((await authClient(child.base_url).get('/.well-known/jwks.json')).body, keys.body);

    const later = await signUp(child.base_url);
    const refused = await authClient(server.base_url).post('/sign-in/email', { email: later.email, password });
    assert.equal(refused.status, 401);
    await onMain(`UPDATE neon_auth.project_config SET trusted_origins = '[]'`);
    await remove(child);
  });

  it('takes nothing that the parent gave out: no cookie, no token, no JWT', async () => {
    const user = await signUp(server.base_url);
    const jwt = (await authClient(server.base_url).get('/token', { jar: user.jar })).body.token;
    assert.match(jwt, /^ey/);
    const child = await branchOff({ name: 'no-parent-tokens' });
    const sessionOn = async (base, headers) => (await request(`${base}/get-session`, { headers })).body?.user?.id ?? null;
    assert.equal(await sessionOn(server.base_url, { cookie: user.jar.header }), user.id);
    assert.equal(await sessionOn(server.base_url, { authorization: `Bearer ${user.token}` }), user.id);
    for (const headers of [{ cookie: user.jar.header }, { authorization: `Bearer ${user.token}` }, { authorization: `Bearer ${jwt}` }]) {
      assert.equal(await sessionOn(child.base_url, headers), null, JSON.stringify(headers));
    }
    const rows = await query(child.uri, `SELECT token FROM neon_auth.session WHERE "userId" = $1`, [user.id]);
    assert.equal(rows.length, 1, 'the row of the session is copied');
    assert.notEqual(rows[0].token, user.token);
    await remove(child);
  });

  it('takes no parent cookie even where both know one imported secret', async () => {
    const setSecret = (advanced) => onMain('UPDATE neon_auth.project_config SET advanced = $1', [advanced]);
    await setSecret({ secret: 'imported-secret-of-an-app-that-moved-here' });
    const user = await eventually(async () => {
      const one = await signUp(server.base_url);
      assert.equal(await whoIs(server.base_url, one.jar), one.id);
      return one;
    });
    const child = await branchOff({ name: 'shared-secret' });
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    assert.equal(await whoIs(child.base_url, user.jar.copy()), null);
    await setSecret({});
    await remove(child);
  });

  it('leaves codes and links that were on their way to the parent', async () => {
    await onMain(`INSERT INTO neon_auth.verification (identifier, value, "expiresAt") VALUES ('branch-test', 'x', now() + interval '1 day')`);
    const child = await branchOff({ name: 'old-codes' });
    const [row] = await query(child.uri, `SELECT "expiresAt" <= now() AS dead FROM neon_auth.verification WHERE identifier = 'branch-test'`);
    assert.equal(row.dead, true);
    const [kept] = await onMain(`SELECT "expiresAt" > now() AS alive FROM neon_auth.verification WHERE identifier = 'branch-test'`);
    assert.equal(kept.alive, true);
    await remove(child);
  });

  for (const [how, branch, extra] of [['the branch object', { auth_scrub: true }, {}], ['an annotation', {}, { annotation_value: { auth_scrub: 'true' } }]]) {
    it(`is without personal state when ${how} says auth_scrub`, async () => {
      const user = await signUp(server.base_url);
      await onMain(`UPDATE neon_auth.account SET "accessToken" = 'provider-secret' WHERE "userId" = $1`, [user.id]);
      const child = await branchOff(branch, extra);
      const [counts] = await query(child.uri, `SELECT (SELECT count(*)::int FROM neon_auth.session) AS sessions, (SELECT count(*)::int FROM neon_auth.verification) AS codes,
        (SELECT count(*)::int FROM neon_auth.account WHERE coalesce("accessToken", "refreshToken", "idToken") IS NOT NULL) AS tokens, (SELECT count(*)::int FROM neon_auth."user") AS users`);
      assert.deepEqual({ ...counts, users: counts.users > 0 }, { sessions: 0, codes: 0, tokens: 0, users: true });
      await signIn(child.base_url, user);
      await remove(child);
    });
  }

  it('is off where it was off on the parent', async () => {
    const made = (await api.createProject({}, { body: { project: {} } })).body;
    const child = await createBranch(api, made.project.id, { name: 'no-auth' });
    assertRefusal(await api.getNeonAuth(child.ids), 404);
    await api.deleteProject({ project_id: made.project.id });
  });
});

describe('schema-only', () => {
  it('copies structure without rows, and auth works on it', async () => {
    const user = await signUp(server.base_url);
    await onMain(`
      CREATE TABLE shelf (id serial PRIMARY KEY, label text);
      INSERT INTO shelf (label) VALUES ('secret label');
      CREATE TABLE book (id int PRIMARY KEY, shelf int REFERENCES shelf);
      INSERT INTO book VALUES (1, 1);
      CREATE MATERIALIZED VIEW labels AS SELECT label FROM shelf;
      CREATE FUNCTION no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'ALTER ROLE neondb_owner SUPERUSER'; RETURN NULL; END $$;
      CREATE TRIGGER hostile BEFORE TRUNCATE ON shelf FOR EACH STATEMENT EXECUTE FUNCTION no_truncate();
      ALTER TABLE shelf ENABLE ALWAYS TRIGGER hostile;
      ANALYZE shelf;`);
    const child = await branchOff({ name: 'empty', init_source: 'schema-only' });
    assert.equal(child.branch.init_source, 'schema-only');
    assert.deepEqual(await query(child.uri, 'SELECT (SELECT count(*)::int FROM shelf) AS shelves, (SELECT count(*)::int FROM book) AS books, (SELECT count(*)::int FROM neon_auth."user") AS users'), [{ shelves: 0, books: 0, users: 0 }]);
    assert.deepEqual(await query(child.uri, `SELECT count(*)::int AS n FROM pg_stats WHERE tablename = 'shelf'`), [{ n: 0 }]);
    await assert.rejects(query(child.uri, 'SELECT * FROM labels'), /has not been populated/);
    assert.deepEqual(await query(child.uri, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user'), [{ rolsuper: false }]);
    assert.deepEqual(await query(child.uri, `SELECT tgenabled FROM pg_trigger WHERE tgname = 'hostile'`), [{ tgenabled: 'A' }]);
    await query(child.uri, `INSERT INTO shelf (label) VALUES ('first')`);
    assert.deepEqual(await query(child.uri, 'SELECT id FROM shelf'), [{ id: 1 }]);
    const refused = await authClient(child.base_url).post('/sign-in/email', { email: user.email, password });
    assert.equal(refused.status, 401);
    const fresh = await signUp(child.base_url);
    assert.equal(await whoIs(child.base_url, fresh.jar), fresh.id);
    assert.match((await authClient(child.base_url).get('/token', { jar: fresh.jar })).body.token, /^ey/);
    assert.deepEqual(await onMain('SELECT count(*)::int AS n FROM shelf'), [{ n: 1 }]);
    await onMain('DROP MATERIALIZED VIEW labels; DROP TABLE book, shelf');
    await remove(child);
  });
});

describe('a request that cannot be fulfilled', () => {
  const refused = async (body, status, hint) => {
    const before = (await api.countProjectBranches({ project_id })).body.count;
    assertRefusal(await api.createProjectBranch({ project_id }, { body }), status, hint);
    assert.equal((await api.countProjectBranches({ project_id })).body.count, before);
  };
  it('is refused with a reason', async () => {
    await refused({ branch: { parent_id: 'br-no-such-00000000' } }, 404, /parent/);
    await refused({ branch: { name: 'main' } }, 409, /exists/);
    await refused({ branch: { parent_lsn: '0/0' } }, 422, /parent_lsn/);
    await refused({ branch: { parent_timestamp: '2026-01-01T00:00:00Z' } }, 422, /parent_timestamp/);
    await refused({ endpoints: [{ type: 'read_only' }] }, 422, /read_only/);
    await refused({ endpoints: [{ type: 'read_write' }, { type: 'read_write' }] }, 422, /endpoints/);
    await refused({ branch: { expires_at: '2020-01-01T00:00:00Z' } }, 400, /expires_at/);
    await refused({ branch: { protected: true, expires_at: new Date(Date.now() + 3_600_000).toISOString() } }, 422, /expire/);
  });
  it('and so is one that is malformed, by the name of the field', async () => {
    for (const [branch, field] of [[{ name: '' }, /name/], [{ name: 7 }, /name/], [{ nmae: 'x' }, /nmae/], [{ init_source: 'everything' }, /init_source/], [{ expires_at: 'soon' }, /expires_at/], [{ auth_scrub: 'yes' }, /auth_scrub/]]) {
      await refused({ branch }, 400, field);
    }
    await refused({ annotation_value: { a: 1 } }, 400, /annotation_value/);
    await refused({ endpoints: [{}] }, 400, /type/);
  });
  it('of two with one name, one succeeds', async () => {
    const both = await Promise.all([1, 2].map(() => api.createProjectBranch({ project_id }, { body: { branch: { name: 'twins' }, endpoints: [{ type: 'read_write' }] } })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
    const listed = (await api.listProjectBranches({ project_id }, { query: { search: 'twins' } })).body.branches;
    assert.equal(listed.length, 1);
    const [made] = both.filter(({ status }) => status === 201);
    assert.equal((await api.deleteProjectBranch({ ...main, branch_id: made.body.branch.id })).status, 200);
  });
});
