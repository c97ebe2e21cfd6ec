// What a branch's database is made of, and what another branch has else.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createBranch, query } from '../support/branches.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useNeonctl } from '../support/neonctl.mjs';
import { psql } from '../support/psql.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const api = managementClient(server);
const { project_id } = server;
const main = { project_id, branch_id: server.branch_id };
await psql(server.connection_uri, `CREATE TABLE films (id int PRIMARY KEY, title text NOT NULL, shown date)`);
const child = await createBranch(api, project_id, { name: 'child' });
await psql(child.uri, `
  ALTER TABLE films ADD COLUMN "minutes ""net""" numeric(5,1);
  CREATE TABLE "Rooms" (id int GENERATED ALWAYS AS IDENTITY, film int REFERENCES films (id), size int CHECK (size > 0), big bool GENERATED ALWAYS AS (size > 9) STORED, UNIQUE (film, size));
`);
const neon = useNeonctl(server);
const read = (ids, parameters = {}) => api.getProjectBranchSchema(ids, { query: { db_name: 'neondb', ...parameters } });
const compare = (ids, parameters = {}) => api.getProjectBranchSchemaComparison(ids, { query: { db_name: 'neondb', ...parameters } });

/** What `patch` makes of a text; insists that every line of context is where the patch says. */
function applied(text, patch) {
  const before = text.split('\n');
  const after = [];
  let at = 0;
  for (const line of patch.split('\n').slice(2, -1)) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? /.exec(line);
    if (hunk) while (at < Number(hunk[1]) - (hunk[2] === '0' ? 0 : 1)) after.push(before[at++]);
    else if (line[0] === '+') after.push(line.slice(1));
    else {
      assert.equal(line.slice(1), before[at++]);
      if (line[0] === ' ') after.push(line.slice(1));
    }
  }
  return [...after, ...before.slice(at)].join('\n');
}

describe('the schema of a database', () => {
  it('as SQL makes the same database anew, without rows', async () => {
    await psql(child.uri, `INSERT INTO films VALUES (1, 'Metropolis')`);
    const { sql } = (await read(child.ids)).body;
    assert.match(sql, /CREATE TABLE neon_auth\.project_config/);
    assert.doesNotMatch(sql, /Metropolis|^\\/m);
    await psql(child.uri, 'CREATE DATABASE anew');
    const anewUri = Object.assign(new URL(child.uri), { pathname: '/anew' }).href;
    await psql(anewUri, sql.replace(/^(ALTER .* OWNER TO|GRANT|REVOKE) .*$/gm, ''));
    const anew = (await read(child.ids, { db_name: 'anew' })).body.sql;
    const tables = (text) => [...text.matchAll(/^CREATE TABLE (\S+)/gm)].map(([, name]) => name);
    assert.deepEqual(tables(anew), tables(sql));
    assert.ok(tables(anew).includes('public."Rooms"'));
    await psql(child.uri, 'DROP DATABASE anew');
  });

  it('as JSON lists tables, columns and constraints', async () => {
    const { tables } = (await read(child.ids, { format: 'json' })).body.json;
    const of = (name) => tables.find((table) => table.schema === 'public' && table.name === name);
    assert.deepEqual(of('films').columns, [
      { name: 'id', type: 'integer', nullable: false, generated: false }, { name: 'title', type: 'text', nullable: false, generated: false },
      { name: 'shown', type: 'date', nullable: true, generated: false }, { name: 'minutes "net"', type: 'numeric(5,1)', nullable: true, generated: false },
    ]);
    assert.deepEqual(of('films').constraints, [{ name: 'films_pkey', type: 'primary_key', columns: ['id'] }]);
    assert.deepEqual(of('Rooms').columns.map(({ generated }) => generated), [true, false, false, true]);
    assert.deepEqual(of('Rooms').constraints.map(({ name, ...rest }) => rest), [
      { type: 'foreign_key', columns: ['film'], referenced_table: { schema: 'public', table: 'films', columns: ['id'] } },
      { type: 'unique', columns: ['film', 'size'] }, { type: 'check', columns: ['size'] },
    ]);
    assert.ok(tables.some((table) => table.schema === 'neon_auth' && table.name === 'user'));
    assert.ok(tables.every((table) => !['pg_catalog', 'information_schema'].includes(table.schema)));
  });

  it('is refused where it makes no sense', async () => {
    assertRefusal(await api.getProjectBranchSchema(main), 400, /db_name/);
    assertRefusal(await read(main, { db_name: 'none' }), 404, /database/);
    assertRefusal(await read(main, { db_name: 'postgres' }), 404, /database/);
    assertRefusal(await read(main, { format: 'xml' }), 400, /format/);
    assertRefusal(await read(main, { timestamp: '2026-01-01T00:00:00Z' }), 422, /history/);
    assertRefusal(await read({ ...main, branch_id: 'br-no-such-branch00' }), 404, /branch/);
  });

  it('waits for no locked table', async () => {
    await psql(child.uri, 'CREATE TABLE busy (id int)');
    const client = query(child.uri, `BEGIN; LOCK TABLE busy; SELECT pg_sleep(7); COMMIT`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assertRefusal(await read(child.ids), 503, /locked/);
    await client;
    await psql(child.uri, 'DROP TABLE busy');
    assert.equal((await read(child.ids)).status, 200);
  });
});

describe('a comparison', () => {
  it('with the parent is a patch of it', async () => {
    const { diff } = (await compare(child.ids)).body;
    assert.match(diff, /^--- a\/neondb\n\+\+\+ b\/neondb\n@@ /);
    assert.match(diff, /^\+CREATE TABLE public\."Rooms" \($/m);
    assert.equal(applied((await read(main)).body.sql, diff), (await read(child.ids)).body.sql);
  });

  it('with any branch goes both ways, and is empty where nothing differs', async () => {
    const { diff } = (await compare(main, { base_branch_id: child.ids.branch_id })).body;
    assert.match(diff, /^-CREATE TABLE public\."Rooms" \($/m);
    assert.equal((await compare(main, { base_branch_id: main.branch_id })).body.diff, '');
  });

  it('is refused where there is nothing to compare with', async () => {
    assertRefusal(await compare(main), 400, /base_branch_id/);
    assertRefusal(await compare(main, { base_branch_id: 'br-no-such-branch00' }), 404, /branch/);
    assertRefusal(await compare(child.ids, { base_branch_id: 'Not An Id' }), 400, /base_branch_id/);
    await psql(child.uri, 'CREATE DATABASE only_here');
    assertRefusal(await compare(child.ids, { db_name: 'only_here' }), 404, /database/);
    assertRefusal(await compare(child.ids, { base_timestamp: '2026-01-01T00:00:00Z' }), 422, /history/);
    const other = (await api.createProject({}, { body: { project: {} } })).body;
    assertRefusal(await compare(main, { base_branch_id: other.branch.id }), 404, /branch/);
  });

  it('is what the CLI shows', async () => {
    const shown = await neon.ok('branches', 'schema-diff', 'main', 'child', '--project-id', project_id);
    assert.match(shown, /\+CREATE TABLE public\."Rooms"/);
  });
});
