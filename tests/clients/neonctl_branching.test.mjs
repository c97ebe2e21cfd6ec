// Branches, databases and roles by the official CLI: made, used with psql as printed, changed, deleted.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useContractProxy } from '../support/contract_proxy.mjs';
import { useNeonctl } from '../support/neonctl.mjs';
import { psql } from '../support/psql.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const proxy = await useContractProxy(server);
const neon = useNeonctl({ management_url: proxy.management_url, api_key: server.api_key });
const connection = async (...args) => (await neon.ok('connection-string', ...args)).trim();

describe('neonctl branches', () => {
  it('create: the copy is there, ready, and apart from its parent', async () => {
    const parent = await connection('main');
    await psql(parent, `CREATE TABLE note (text text); INSERT INTO note VALUES ('before')`);
    const made = await neon.json('branches', 'create', '--name', 'preview');
    assert.equal(made.branch.parent_id, server.branch_id);
    const child = made.connection_uris[0].connection_uri;
    assert.equal(await psql(child, 'SELECT text FROM note'), 'before');
    assert.equal(await connection('preview'), `${child.split('?')[0]}?sslmode=require&channel_binding=require`);
    await psql(await connection('preview'), `INSERT INTO note VALUES ('on the child')`);
    assert.equal(await psql(parent, 'SELECT count(*) FROM note'), '1');
  });

  it('neon-auth status of a branch: enabled from the start, at an address of its own', async () => {
    const status = await neon.json('neon-auth', 'status', '--branch', 'preview');
    assert.notEqual(status.base_url, server.base_url);
    assert.notEqual(status.branch_id, server.branch_id);
  });

  it('list, get, rename', async () => {
    assert.match(await neon.ok('branches', 'list'), /\[default\] main[\s\S]*preview|preview[\s\S]*\[default\] main/);
    const renamed = await neon.json('branches', 'rename', 'preview', 'pr-1');
    assert.deepEqual(renamed.id, (await neon.json('branches', 'get', 'pr-1')).id);
    assert.equal((await neon('branches', 'create', '--name', 'pr-1')).code, 1);
  });

  it('set-expiration and its removal', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');
    assert.equal((await neon.json('branches', 'set-expiration', 'pr-1', '--expires-at', soon)).expires_at, soon);
    assert.equal((await neon.json('branches', 'set-expiration', 'pr-1')).expires_at, undefined);
  });

  it('reset --parent and restore', async () => {
    await psql(await connection('pr-1'), 'DROP TABLE note');
    await neon.json('branches', 'reset', 'pr-1', '--parent');
    assert.equal(await psql(await connection('pr-1'), 'SELECT text FROM note'), 'before');
    await psql(await connection('pr-1'), 'DELETE FROM note');
    await neon.ok('branches', 'restore', 'pr-1', '^parent');
    assert.equal(await psql(await connection('pr-1'), 'SELECT count(*) FROM note'), '1');
  });

  it('schema only', async () => {
    await neon.json('branches', 'create', '--name', 'empty', '--schema-only');
    assert.equal(await psql(await connection('empty'), 'SELECT count(*) FROM note'), '0');
    await neon.ok('branches', 'delete', 'empty');
  });

  it('set-default; the default branch is not deleted, others are', async () => {
    assert.equal((await neon.json('branches', 'set-default', 'pr-1')).default, true);
    assert.equal((await neon('branches', 'delete', 'pr-1')).code, 1);
    await neon.json('branches', 'set-default', 'main');
    const { id } = await neon.json('branches', 'delete', 'pr-1');
    assert.equal((await neon('branches', 'get', id)).code, 1);
  });
});

describe('neonctl databases and roles', () => {
  it('create, list, connect, delete', async () => {
    assert.equal((await neon.json('roles', 'create', '--name', 'writer')).name, 'writer');
    assert.equal((await neon.json('databases', 'create', '--name', 'shop', '--owner-name', 'writer')).owner_name, 'writer');
    assert.deepEqual((await neon.json('roles', 'list')).map(({ name }) => name).sort(), ['neondb_owner', 'writer']);
    const printed = await connection('--database-name', 'shop', '--role-name', 'writer');
    assert.equal(await psql(printed, 'SELECT current_user, current_database()'), 'writer|shop');
    assert.equal((await neon.json('databases', 'delete', 'shop')).name, 'shop');
    assert.equal((await neon.json('roles', 'delete', 'writer')).name, 'writer');
    assert.deepEqual((await neon.json('databases', 'list')).map(({ name }) => name), ['neondb']);
  });
});
