// The schema of databases that others run: read with the registered string, whatever its role may see, and without its password in the list
// of processes.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { eventually } from '../support/eventually.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { Node, runCommand } from '../support/node.mjs';
import { Postgres } from '../support/postgres.mjs';

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'argonauth-schema-'));
let databases, node, api, one, two;

before(async () => {
  databases = await Postgres.create();
  await databases.sql("CREATE ROLE control LOGIN PASSWORD 'control-secret'; CREATE DATABASE control OWNER control");
  const env = { ARGONAUTH_DATABASE_URL: databases.uri({ user: 'control', password: 'control-secret', database: 'control' }), ARGONAUTH_MASTER_KEY: crypto.randomBytes(32).toString('base64url') };
  node = await Node.start({ env: { ...env, TMPDIR: temporary } });
  const key = JSON.parse((await runCommand(['api-key', 'create', '--name', 'test', '--json'], { env })).stdout).key;
  api = managementClient({ management_url: node.management_url, api_key: key });
  for (const name of ['one', 'two']) await databases.sql(`CREATE DATABASE ${name} OWNER app`);
  await databases.sql('CREATE TABLE films (id int PRIMARY KEY, title text NOT NULL); ALTER TABLE films OWNER TO app; INSERT INTO films VALUES (1, \'Metropolis\')', 'one');
  await databases.sql('CREATE TABLE films (id int PRIMARY KEY, title text NOT NULL, shown date); ALTER TABLE films OWNER TO app', 'two');
  const made = await api.createProject({}, { body: { project: { name: 'attached', attach: { connection_uri: databases.uri({ database: 'one' }) } } } });
  assert.equal(made.status, 201, made.text);
  one = { project_id: made.body.project.id, branch_id: made.body.branch.id };
  const attached = await runCommand(['branch', 'attach', '--project', one.project_id, '--name', 'second', '--json'], { env, input: `${databases.uri({ database: 'two' })}\n` });
  assert.equal(attached.code, 0, attached.stderr);
  const { project_id, branch_id } = JSON.parse(attached.stdout);
  two = { project_id, branch_id };
});
after(async () => {
  await node?.stop();
  await databases?.remove();
  fs.rmSync(temporary, { recursive: true });
});

const read = (ids, query) => api.getProjectBranchSchema(ids, { query });
const compare = (query) => api.getProjectBranchSchemaComparison(two, { query: { db_name: 'two', ...query } });

describe('the schema of an attached database', () => {
  it('as SQL and as JSON', async () => {
    const { status, body, text } = await read(one, { db_name: 'one' });
    assert.equal(status, 200, text);
    assert.match(body.sql, /CREATE TABLE public\.films \(\s+id integer NOT NULL,\s+title text NOT NULL\s+\);/);
    assert.doesNotMatch(body.sql, /Metropolis|app-secret/);
    const { tables } = (await read(two, { db_name: 'two', format: 'json' })).body.json;
    assert.deepEqual(tables.find(({ name }) => name === 'films').columns.map(({ name }) => name), ['id', 'title', 'shown']);
    assertRefusal(await read(one, { db_name: 'two' }), 404, /database/);
  });

  it('compared with that of another branch, whose database has another name', async () => {
    const { status, body, text } = await compare({ base_branch_id: one.branch_id, base_db_name: 'one' });
    assert.equal(status, 200, text);
    assert.deepEqual(body.diff.split('\n').slice(0, 2), ['--- a/one', '+++ b/two']);
    assert.match(body.diff, /^-    title text NOT NULL\n\+    title text NOT NULL,\n\+    shown date$/m);
    assertRefusal(await compare({ base_branch_id: one.branch_id }), 404, /database/);
    assertRefusal(await compare({}), 400, /base_branch_id/);
    assertRefusal(await compare({ base_branch_id: one.branch_id, base_db_name: '' }), 400, /base_db_name/);
  });

  it('keeps the password out of the list of processes', async () => {
    const holder = new pg.Client(databases.uri({ database: 'one' }));
    await holder.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE films IN ACCESS EXCLUSIVE MODE');
      const answer = read(one, { db_name: 'one' });
      const command = await eventually(() => {
        for (const pid of fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
          try {
            const line = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
            if (/pg_dump/.test(line) && line.includes(`port='${databases.port}'`)) return line;
          } catch { /* it ended */ }
        }
        return assert.fail('pg_dump does not run');
      }, { within: 20_000 });
      assert.match(command, /user='app'/);
      assert.doesNotMatch(command, /app-secret/);
      await holder.query('ROLLBACK');
      assert.ok([200, 503].includes((await answer).status)); // 503 where this took longer than pg_dump waits for a lock
    } finally {
      await holder.end();
    }
    assert.deepEqual(fs.readdirSync(temporary), []);
  });

  it('says what to grant where the role may not read', async () => {
    await databases.sql('CREATE SCHEMA hidden; CREATE TABLE hidden.secrets (id int)', 'one');
    assertRefusal(await read(one, { db_name: 'one' }), 422, /grant it/);
    assert.equal((await read(one, { db_name: 'one', format: 'json' })).status, 200);
    await databases.sql('GRANT USAGE ON SCHEMA hidden TO app; GRANT SELECT ON hidden.secrets TO app', 'one');
    assert.match((await read(one, { db_name: 'one' })).body.sql, /CREATE TABLE hidden\.secrets/);
  });

  it('is a 503 while the database cannot be reached', async () => {
    await databases.sql('ALTER ROLE app NOLOGIN');
    try {
      for (const format of ['sql', 'json']) assert.equal((await read(one, { db_name: 'one', format })).status, 503, format);
    } finally {
      await databases.sql('ALTER ROLE app LOGIN');
    }
  });
});
