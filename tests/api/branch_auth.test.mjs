// Auth of a branch, switched on and off over the management API.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { authClient, request } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const api = managementClient(server);
const enable = (branch, body = { auth_provider: 'better_auth' }) => api.createNeonAuth(branch, { body });

/** A project of one's own, so that tests may switch auth on and off as they like. */
async function newBranch() {
  const { status, body, text } = await api.createProject({}, { body: { project: {} } });
  assert.equal(status, 201, text);
  return { project_id: body.project.id, branch_id: body.branch.id, endpoint_id: body.endpoints[0].id, uri: body.connection_uris[0].connection_uri };
}
async function query(uri, text) {
  const db = await connect(uri);
  try {
    return (await db.query(text)).rows;
  } finally {
    await db.end();
  }
}

it('the first branch has it on from the start', async () => {
  const { status, body } = await api.getNeonAuth(server);
  assert.equal(status, 200);
  assert.deepEqual([body.base_url, body.jwks_url, body.db_name], [server.base_url, server.jwks_url, 'neondb']);
});

describe('enable', () => {
  let branch;
  let answer;
  before(async () => {
    branch = await newBranch();
    answer = await enable(branch);
  });

  it('answers with every field', () => {
    assert.equal(answer.status, 201, answer.text);
    const { auth_provider_project_id, ...rest } = answer.body;
    assert.match(auth_provider_project_id, /^[0-9a-f-]{36}$/);
    const base_url = `${new URL(server.base_url).origin}/${branch.endpoint_id}/neondb/auth`;
    assert.deepEqual(rest, {
      auth_provider: 'better_auth',
      pub_client_key: '',
      secret_server_key: '',
      jwks_url: `${base_url}/.well-known/jwks.json`,
      schema_name: 'neon_auth',
      table_name: 'users_sync',
      base_url,
    });
  });

  it('works at once', async () => {
    const user = await signUp(answer.body.base_url);
    assert.equal(await whoIs(answer.body.base_url, user.jar), user.id);
    assert.equal((await request(answer.body.jwks_url)).body.keys.length, 1);
    assert.deepEqual(await query(branch.uri, 'SELECT email FROM neon_auth."user"'), [{ email: user.email }]);
  });

  it('is there to be read, without keys', async () => {
    const { body } = await api.getNeonAuth(branch);
    assert.equal(body.auth_provider_project_id, answer.body.auth_provider_project_id);
    assert.deepEqual([body.auth_provider, body.branch_id, body.db_name, body.owned_by, body.base_url], ['better_auth', branch.branch_id, 'neondb', 'neon', answer.body.base_url]);
    assert.match(body.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(!('secret_server_key' in body) && !('pub_client_key' in body));
  });

  it('is refused a second time, and the first is not disturbed', async () => {
    assertRefusal(await enable(branch), 409);
    assert.equal((await api.getNeonAuth(branch)).body.auth_provider_project_id, answer.body.auth_provider_project_id);
  });

  it('twenty times at once happens once', async () => {
    const other = await newBranch();
    const answers = await Promise.all(Array.from({ length: 20 }, () => enable(other)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual(statuses, [201, ...Array(19).fill(409)]);
    await signUp((await api.getNeonAuth(other)).body.base_url);
  });
});

describe('refused', () => {
  it('where it is not on, it cannot be read or switched off', async () => {
    const branch = await newBranch();
    assertRefusal(await api.getNeonAuth(branch), 404);
    assertRefusal(await api.disableNeonAuth(branch, { body: { delete_data: true } }), 404);
    const base = `${new URL(server.base_url).origin}/${branch.endpoint_id}/neondb/auth`;
    for (const path of ['/ok', '/get-session']) assert.equal((await authClient(base).get(path)).status, 404, path);
  });

  it('other providers, by name', async () => {
    const branch = await newBranch();
    for (const auth_provider of ['stack_auth', 'clerk', '', null, 5, ['better_auth'], 'BETTER_AUTH', 'mock']) {
      const answer = await enable(branch, { auth_provider });
      assert.ok(answer.status >= 400 && answer.status < 500, `${auth_provider}: ${answer.status}`);
      assert.match(answer.body.message, /auth_provider/);
    }
    assertRefusal(await enable(branch, {}), 400, /auth_provider/);
    assertRefusal(await api.getNeonAuth(branch), 404);
  });

  it('databases and branches that do not exist', async () => {
    const branch = await newBranch();
    const answer = await enable(branch, { auth_provider: 'better_auth', database_name: 'nope' });
    assert.ok([400, 404, 422].includes(answer.status), answer.text);
    assertRefusal(await enable({ ...branch, branch_id: 'br-no-body-00000000' }), 404);
    assertRefusal(await enable({ ...branch, project_id: server.project_id }), 404);
    assertRefusal(await api.createNeonAuth(branch, { raw: '{', headers: { 'content-type': 'application/json' } }), 400);
  });

  it('a schema of that name which belongs to somebody else', async () => {
    const branch = await newBranch();
    await query(branch.uri, 'CREATE SCHEMA neon_auth; CREATE TABLE neon_auth.mine (id int)');
    assertRefusal(await enable(branch), 409, /neon_auth/);
    assert.deepEqual(await query(branch.uri, 'SELECT * FROM neon_auth.mine'), []);
  });
});

describe('another database', () => {
  it('can be the one with the users', async () => {
    const branch = await newBranch();
    await query(branch.uri, 'CREATE DATABASE shop');
    const answer = await enable(branch, { auth_provider: 'better_auth', database_name: 'shop' });
    assert.equal(answer.status, 201, answer.text);
    assert.ok(answer.body.base_url.endsWith('/shop/auth'), answer.body.base_url);
    assert.equal((await api.getNeonAuth(branch)).body.db_name, 'shop');
    const user = await signUp(answer.body.base_url);
    const shop = new URL(branch.uri);
    shop.pathname = '/shop';
    assert.deepEqual(await query(shop.toString(), 'SELECT email FROM neon_auth."user"'), [{ email: user.email }]);
    assert.equal((await authClient(answer.body.base_url.replace('/shop/', '/neondb/')).get('/ok')).status, 404);
  });
});

describe('disable', () => {
  const disable = (branch, options) => api.disableNeonAuth(branch, options);

  it('with delete_data removes the schema', async () => {
    const branch = await newBranch();
    const { body } = await enable(branch);
    await signUp(body.base_url);
    const answer = await disable(branch, { body: { delete_data: true } });
    assert.deepEqual([answer.status, answer.text], [200, '']);
    assertRefusal(await api.getNeonAuth(branch), 404);
    assert.equal((await authClient(body.base_url).get('/ok')).status, 404);
    assert.deepEqual(await query(branch.uri, `SELECT 1 FROM pg_namespace WHERE nspname = 'neon_auth'`), []);
    const again = await enable(branch);
    assert.equal(again.status, 201, again.text);
    assert.deepEqual(await query(branch.uri, 'SELECT email FROM neon_auth."user"'), []);
  });

  for (const [label, options] of [['false', { body: { delete_data: false } }], ['left out', { body: {} }], ['no body', {}], ['no body but a type', { headers: { 'content-type': 'application/json' } }]]) {
    it(`with delete_data ${label} keeps the users for the next time`, async () => {
      const branch = await newBranch();
      const first = await enable(branch);
      const user = await signUp(first.body.base_url);
      assert.equal((await disable(branch, options)).status, 200);
      assertRefusal(await api.getNeonAuth(branch), 404);
      assert.notEqual((await authClient(first.body.base_url).post('/sign-in/email', user)).status, 200);
      assert.deepEqual(await query(branch.uri, 'SELECT email FROM neon_auth."user"'), [{ email: user.email }]);
      const second = await enable(branch);
      assert.equal(second.status, 201, second.text);
      await signIn(second.body.base_url, user);
    });
  }

  it('refuses what is no boolean', async () => {
    const branch = await newBranch();
    await enable(branch);
    for (const delete_data of ['true', 1, null, {}]) assertRefusal(await disable(branch, { body: { delete_data } }), 400, /delete_data/);
    assert.equal((await api.getNeonAuth(branch)).status, 200);
  });

  it('keeps tables of the user that point at neon_auth from being lost without a word', async () => {
    const branch = await newBranch();
    await enable(branch);
    await query(branch.uri, 'CREATE TABLE notes (id int, author uuid REFERENCES neon_auth."user"(id))');
    const answer = await disable(branch, { body: { delete_data: true } });
    assert.ok(answer.status === 200 || answer.status === 409, answer.text);
    assert.deepEqual(await query(branch.uri, 'SELECT * FROM notes'), []);
  });
});

describe('a schema that its owner changed with SQL', () => {
  const settings = (branch) => Promise.all([
    api.getNeonAuthPluginConfigs(branch), api.updateNeonAuthConfig(branch, { body: { name: 'X' } }), api.createBranchNeonAuthNewUser(branch, { body: { email: 'a@example.com' } }),
    api.listBranchNeonAuthTrustedDomains(branch),
  ]);

  it('is said to be spoilt, until it is mended', async () => {
    const branch = await newBranch();
    await enable(branch);
    const spoilt = (answers) => answers.filter(({ status }) => status === 422);
    for (const [spoil, mend, refused] of [
      ['ALTER TABLE neon_auth.project_config RENAME TO other', 'ALTER TABLE neon_auth.other RENAME TO project_config', 3],
      ['ALTER TABLE neon_auth."user" RENAME COLUMN email TO mail', 'ALTER TABLE neon_auth."user" RENAME COLUMN mail TO email', 1],
      ['ALTER TABLE neon_auth."user" ADD CHECK (email <> \'a@example.com\')', 'ALTER TABLE neon_auth."user" DROP CONSTRAINT user_email_check', 1],
    ]) {
      await query(branch.uri, spoil);
      const answers = spoilt(await settings(branch));
      assert.equal(answers.length, refused, spoil);
      for (const answer of answers) assertRefusal(answer, 422, /neon_auth.*SQLSTATE/);
      await query(branch.uri, mend);
      await query(branch.uri, 'DELETE FROM neon_auth."user"');
      assert.deepEqual(spoilt(await settings(branch)), [], mend);
      await query(branch.uri, 'DELETE FROM neon_auth."user"');
    }
  });

  it('or whose database has another name now is gone, and can be had anew', async () => {
    const branch = await newBranch();
    await enable(branch);
    await api.createProjectBranchDatabase(branch, { body: { database: { name: 'spare', owner_name: 'neondb_owner' } } });
    const spare = Object.assign(new URL(branch.uri), { pathname: '/spare' }).href;
    await query(spare, 'ALTER DATABASE neondb RENAME TO renamed');
    for (const answer of await settings(branch)) assertRefusal(answer, 422, /database neondb.*gone/);
    assert.equal((await api.disableNeonAuth(branch, { body: { delete_data: true } })).status, 200);
    assert.equal((await enable(branch, { auth_provider: 'better_auth', database_name: 'renamed' })).status, 201);
    assert.deepEqual((await settings(branch)).map(({ status }) => status), [200, 200, 201, 200]);
  });

  it('or dropped can be had anew', async () => {
    const branch = await newBranch();
    await enable(branch);
    await query(branch.uri, 'DROP SCHEMA neon_auth CASCADE');
    for (const answer of await settings(branch)) assertRefusal(answer, 422, /neon_auth/);
    assert.equal((await api.disableNeonAuth(branch, { body: { delete_data: true } })).status, 200);
    for (const answer of await settings(branch)) assertRefusal(answer, 404, /not enabled/);
    assert.equal((await enable(branch)).status, 201);
    assert.deepEqual((await settings(branch)).map(({ status }) => status), [200, 200, 201, 200]);
  });
});
