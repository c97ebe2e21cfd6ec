// The official CLI, unmodified, by --api-host: what it prints in its tables and as JSON, its exit statuses, and psql with what it prints.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { useNeonctl } from '../support/neonctl.mjs';
import { psql } from '../support/psql.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const proxy = await useContractProxy(server);
const neon = useNeonctl({ management_url: proxy.management_url, api_key: server.api_key });
const project = ['--project-id', server.project_id];

describe('neonctl: account', () => {
  it('me', async () => {
    assert.match(await neon.ok('me'), /operator@/);
    assert.equal((await neon.json('me')).login, 'operator');
  });

  it('orgs list: none', async () => assert.deepEqual(await neon.json('orgs', 'list'), []));

  it('needs a key that is one', async () => {
    const refused = await neon('me', '--api-key', 'napi_wrong');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /Authentication failed/);
  });

  it('api: any path, as it is', async () => {
    const { regions } = JSON.parse(await neon.ok('api', '/regions'));
    assert.equal(regions[0].region_id, 'local');
  });

  it('api-keys: create, use, list, revoke', async () => {
    const made = await neon.json('api-keys', 'create', '--name', 'from the CLI');
    assert.equal(typeof made.id, 'number');
    assert.equal((await neon.json('me', '--api-key', made.key)).login, 'operator');
    const listed = await neon.json('api-keys', 'list');
    assert.ok(listed.some(({ id, name }) => id === made.id && name === 'from the CLI'));
    assert.ok(!JSON.stringify(listed).includes(made.key));
    await neon.ok('api-keys', 'revoke', String(made.id));
    assert.equal((await neon('me', '--api-key', made.key)).code, 1);
  });
});

describe('neonctl: projects', () => {
  it('finds the only project by itself', async () => {
    const [branch] = await neon.json('branches', 'list');
    assert.equal(branch.project_id, server.project_id);
  });

  it('list, as table and as JSON', async () => {
    assert.match(await neon.ok('projects', 'list'), new RegExp(server.project_id));
    const { projects, shared_with_you } = await neon.json('projects', 'list');
    assert.deepEqual([projects.map(({ id }) => id), shared_with_you], [[server.project_id], []]);
  });

  it('create, connect, rename, get, delete', async () => {
    const { project: made, connection_uris } = await neon.json('projects', 'create', '--name', 'made by the CLI', '--database', 'shop', '--role', 'keeper');
    assert.equal(await psql(connection_uris[0].connection_uri, 'SELECT current_user, current_database()'), 'keeper|shop');
    assert.equal((await neon.json('projects', 'update', made.id, '--name', 'renamed')).name, 'renamed');
    assert.equal((await neon.json('projects', 'get', made.id)).name, 'renamed');
    assert.equal((await neon.json('projects', 'delete', made.id)).id, made.id);
    const gone = await neon('projects', 'get', made.id);
    assert.deepEqual([gone.code, /not found/.test(gone.stderr)], [1, true], gone.stderr);
  });

  it('several projects: lists all, and wants to be told which', async () => {
    const made = [];
    for (const name of ['one', 'two', 'three']) made.push(JSON.parse(await neon.ok('api', '/projects', '-X', 'POST', '-d', JSON.stringify({ project: { name } }))).project.id);
    const { projects } = await neon.json('projects', 'list');
    assert.deepEqual(new Set(projects.map(({ id }) => id)), new Set([server.project_id, ...made]));
    const several = await neon('branches', 'list');
    assert.match(several.stderr, /Multiple projects/);
    for (const id of made) await neon.ok('projects', 'delete', id);
  });

  it('operations list', async () => {
    const operations = await neon.json('operations', 'list', ...project);
    assert.ok(operations.length >= 2);
    assert.deepEqual(new Set(operations.map(({ status }) => status)), new Set(['finished']));
  });
});

describe('neonctl: what is in a branch', () => {
  it('branches list and get, by id and by name', async () => {
    assert.match(await neon.ok('branches', 'list', ...project), /\[default\] main/);
    for (const asked of [server.branch_id, 'main']) assert.equal((await neon.json('branches', 'get', asked, ...project)).id, server.branch_id);
    assert.equal((await neon('branches', 'get', 'nowhere', ...project)).code, 1);
  });

  it('databases and roles', async () => {
    assert.deepEqual((await neon.json('databases', 'list', ...project)).map(({ name }) => name), ['neondb']);
    assert.deepEqual((await neon.json('roles', 'list', '--branch', 'main', ...project)).map(({ name }) => name), ['neondb_owner']);
  });

  it('connection-string: psql takes it as it is', async () => {
    const printed = (await neon.ok('connection-string', ...project)).trim();
    assert.match(printed, /sslmode=require&channel_binding=require$/);
    assert.equal(await psql(printed, "SELECT current_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), 'neondb_owner|t');
  });

  it('connection-string --pooled and for Prisma', async () => {
    const pooled = (await neon.ok('connection-string', 'main', '--pooled', ...project)).trim();
    assert.ok(pooled.includes(`@${server.endpoint_id}-pooler.`), pooled);
    assert.equal(await psql(pooled, 'SELECT 1'), '1');
    assert.match(await neon.ok('connection-string', '--prisma', ...project), /connect_timeout/);
  });

  it('connection-string --extended', async () => {
    const parts = await neon.json('connection-string', '--extended', '--database-name', 'neondb', '--role-name', 'neondb_owner', ...project);
    assert.ok(parts.host.startsWith(server.endpoint_id));
    assert.deepEqual([parts.role, parts.database], ['neondb_owner', 'neondb']);
    assert.equal((await neon('connection-string', '--role-name', 'nobody', ...project)).code, 1);
  });
});

describe('neonctl: neon-auth', () => {
  it('status, as table and as JSON', async () => {
    assert.match(await neon.ok('neon-auth', 'status', ...project), new RegExp(server.base_url));
    const status = await neon.json('neon-auth', 'status', ...project);
    assert.deepEqual([status.base_url, status.jwks_url, status.db_name], [server.base_url, server.jwks_url, 'neondb']);
  });

  it('enable twice says so and shows what is there', async () => {
    const printed = await neon.ok('neon-auth', 'enable', ...project);
    assert.match(printed, /already enabled/);
    assert.ok(printed.includes(`NEON_AUTH_BASE_URL=${server.base_url}`), printed);
    assert.deepEqual(proxy.exchanges.filter(({ path }) => path.endsWith('/auth')).map(({ status }) => status), [409, 200]);
  });

  it('disable keeps the data, enable finds it', async () => {
    const connection = (await neon.ok('connection-string', ...project)).trim();
    await psql(connection, `INSERT INTO neon_auth."user" (name, email, "emailVerified") VALUES ('Kept', 'kept@example.com', true)`);
    await neon.ok('neon-auth', 'disable', ...project);
    assert.match(await neon.ok('neon-auth', 'status', ...project), /not configured/);
    const enabled = await neon.json('neon-auth', 'enable', ...project);
    assert.equal(enabled.base_url, server.base_url);
    assert.equal(await psql(connection, 'SELECT count(*) FROM neon_auth."user"'), '1');
  });

  it('disable --delete-data', async () => {
    const connection = (await neon.ok('connection-string', ...project)).trim();
    await neon.ok('neon-auth', 'disable', '--delete-data', ...project);
    assert.equal(await psql(connection, "SELECT to_regnamespace('neon_auth') IS NULL"), 't');
    await neon.ok('neon-auth', 'enable', '--database-name', 'neondb', ...project);
    assert.equal(await psql(connection, 'SELECT count(*) FROM neon_auth."user"'), '0');
  });
});
