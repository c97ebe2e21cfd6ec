#!/usr/bin/env node
// Administrators' and organizations' routes on a large branch: a million users, a hundred thousand organizations. The same rows are put into
// Argonauth's database and Better Auth's, which belong to one PostgreSQL program, and every question is put to both in turn. Prints a table.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connect } from '../tests/support/connect.mjs';
import { request } from '../tests/support/http.mjs';
import { newDataDir, removeDataDir } from '../tests/support/server.mjs';
import { median, number, table } from './lib/report.mjs';
import { startArgonauth, startReference } from './lib/systems.mjs';

const USAGE = `usage: bench/large [--quick] [--users N] [--organizations N] [--rounds N]

  --quick    20,000 users and 2,000 organizations: does it work, not how fast is it
  --explain  print PostgreSQL's plans of the searches as well`;

const argv = process.argv.slice(2);
if (argv.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const numberOption = (name, fallback) => (argv.includes(name) ? Number(argv[argv.indexOf(name) + 1]) : fallback);
const quick = argv.includes('--quick');
const users = numberOption('--users', quick ? 20_000 : 1_000_000);
const organizations = numberOption('--organizations', quick ? 2_000 : 100_000);
const rounds = numberOption('--rounds', quick ? 5 : 15);

const tables = ['user', 'organization', 'member', 'invitation'];
const fillUsers = `
  INSERT INTO neon_auth."user" (id, name, email, "emailVerified", "createdAt", "updatedAt", role, banned)
  SELECT gen_random_uuid(), (ARRAY['Ada','Grace','Alan','Edsger','Barbara','Donald','Tony','Radia'])[1 + n % 8] || ' ' || initcap(left(translate(md5(n::text), '0123456789', 'ghijklmnop'), 9)),
         left(md5(n::text), 10) || n || '@' || (ARRAY['example.test','mail.test','corp.test'])[1 + n % 3], n % 2 = 0,
         now() - (n * interval '1 minute'), now(), CASE WHEN n % 50000 = 0 THEN 'admin' ELSE 'user' END, n % 1000 = 0
    FROM generate_series(1, $1::int) n`;
const fillOrganizations = `
  WITH made AS (INSERT INTO neon_auth.organization (id, name, slug, "createdAt")
                SELECT gen_random_uuid(), 'Organization ' || n, 'organization-' || n, now() FROM generate_series(1, $1::int) n RETURNING id),
       founded AS (SELECT id, row_number() OVER () AS n FROM made),
       people AS (SELECT id, row_number() OVER () AS n FROM (SELECT id FROM neon_auth."user" WHERE email LIKE '%.test' LIMIT $1::int) u),
       invited AS (INSERT INTO neon_auth.invitation (id, "organizationId", email, role, status, "expiresAt", "createdAt", "inviterId")
                   SELECT gen_random_uuid(), f.id, 'guest' || f.n || '@example.test', 'member', 'pending', now() + interval '1 day', now(), p.id
                     FROM founded f JOIN people p USING (n))
  INSERT INTO neon_auth.member (id, "organizationId", "userId", role, "createdAt")
  SELECT gen_random_uuid(), f.id, p.id, CASE WHEN step = 0 THEN 'owner' ELSE 'member' END, now()
    FROM founded f CROSS JOIN generate_series(0, 2) step JOIN people p ON p.n = 1 + (f.n + step) % $1::int`;
const joinOne = `
  WITH one AS (SELECT id FROM neon_auth.organization WHERE slug = 'organization-7'),
       mine AS (INSERT INTO neon_auth.member (id, "organizationId", "userId", role, "createdAt")
                SELECT gen_random_uuid(), one.id, s."userId", 'owner', now() FROM one, neon_auth.session s WHERE s.token = $1)
  UPDATE neon_auth.session SET "activeOrganizationId" = one.id::text FROM one WHERE token = $1`;

/** Indexes are made after the rows, as a restored dump does it. */
async function fill(db, token) {
  const { rows: indexes } = await db.query(
    `SELECT indexname, indexdef FROM pg_indexes i WHERE schemaname = 'neon_auth' AND tablename = ANY($1)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = i.indexname)`, [tables]);
  for (const { indexname } of indexes) await db.query(`DROP INDEX neon_auth."${indexname}"`);
  await db.query(fillUsers, [users]);
  await db.query(fillOrganizations, [organizations]);
  for (const { indexdef } of indexes) await db.query(indexdef);
  await db.query(`UPDATE neon_auth."user" SET role = 'admin' WHERE id = (SELECT "userId" FROM neon_auth.session WHERE token = $1)`, [token]);
  await db.query(joinOne, [token]);
  await db.query(`VACUUM ANALYZE ${tables.map((name) => `neon_auth."${name}"`).join(', ')}`);
}

const list = (query) => `/admin/list-users?${new URLSearchParams(query)}`;
const questions = (sample) => [
  ['one user by id', `/admin/get-user?id=${sample.id}`],
  ['first page', list({ limit: 50 })],
  ['first page, newest first', list({ limit: 50, sortBy: 'createdAt', sortDirection: 'desc' })],
  ['first page by name', list({ limit: 50, sortBy: 'name' })],
  ['first page by address', list({ limit: 50, sortBy: 'email' })],
  ['page in the middle, by age', list({ limit: 50, sortBy: 'createdAt', offset: Math.floor(users / 2) })],
  ['address contains: one person', list({ searchValue: sample.email.slice(3, 14), limit: 50 })],
  ['name contains: one person', list({ searchValue: sample.name.slice(6, 14), searchField: 'name', limit: 50 })],
  ['address starts with', list({ searchValue: sample.email.slice(0, 6), searchOperator: 'starts_with', limit: 50 })],
  ['address contains: a third of them', list({ searchValue: 'corp.test', limit: 50 })],
  ['address contains: nobody', list({ searchValue: 'nobody-has-this', limit: 50 })],
  ['two letters', list({ searchValue: 'zq', limit: 50 })],
  ['administrators', list({ filterField: 'role', filterValue: 'admin', limit: 50 })],
  ['the banned, newest first', list({ filterField: 'banned', filterValue: 'true', sortBy: 'createdAt', sortDirection: 'desc', limit: 50 })],
  ['session with an active organization', '/get-session'],
  ['own organizations', '/organization/list'],
  ['full organization', '/organization/get-full-organization'],
  ['its members', '/organization/list-members'],
];

/** As list_users.cpp puts them together. */
const columns = 'u.id, u.name, u.email, u."emailVerified", u.image, u."createdAt", u."updatedAt", u.role, u.banned, u."banReason", u."banExpires", u."phoneNumber", u."phoneNumberVerified"';
const contains = (column, value) => `u.${column} LIKE '%${value}%' AND neon_auth.argonauth_trigrams(u.${column}) @> neon_auth.argonauth_trigrams('${value}')`;
const explained = ({ email }) => ({
  'a search for one person': `SELECT ${columns} FROM neon_auth."user" u WHERE ${contains('email', email.slice(3, 14))} ORDER BY u."createdAt", u.id LIMIT 50 OFFSET 0`,
  'a search for a third of all': `SELECT ${columns} FROM neon_auth."user" u WHERE ${contains('email', 'corp.test')} ORDER BY u."createdAt", u.id LIMIT 50 OFFSET 0`,
  'its total': `SELECT count(*) FROM neon_auth."user" u WHERE ${contains('email', 'corp.test')}`,
  'the total of all': 'SELECT count(*) FROM neon_auth."user" u',
  'the first page by name': `SELECT ${columns} FROM neon_auth."user" u ORDER BY pg_catalog.left(u.name, 100), u.id LIMIT 50 OFFSET 0`,
  'administrators': `SELECT ${columns} FROM neon_auth."user" u WHERE u.role = 'admin' ORDER BY u."createdAt", u.id LIMIT 50 OFFSET 0`,
});

async function explain(db, sample) {
  for (const [name, sql] of Object.entries(explained(sample))) {
    const { rows } = await db.query(`EXPLAIN (ANALYZE, BUFFERS) ${sql}`);
    console.log(`${name}:\n${rows.map((row) => `    ${row['QUERY PLAN']}`).join('\n')}\n`);
  }
}

async function ask(system, path) {
  const started = performance.now();
  const answer = await request(`${system.base}${path}`, { headers: { cookie: system.cookie }, timeout: 60_000 });
  const milliseconds = performance.now() - started;
  if (answer.status !== 200) throw new Error(`${system.name} ${path}: ${answer.status} ${answer.text}`);
  return milliseconds;
}

async function measure(systems, samples) {
  const results = [];
  for (const [index, [name]] of questions(samples[0]).entries()) {
    const times = systems.map(() => []);
    for (let round = 0; round <= rounds; ++round) {
      for (const [i, system] of systems.entries()) {
        const milliseconds = await ask(system, questions(samples[i])[index][1]);
        if (round > 0) times[i].push(milliseconds); // The first one warms up.
      }
    }
    results.push({ name, ms: times.map(median) });
  }
  return results;
}

/** As the owner of the tables, by the branch's own socket: the connection strings of branches belong to a role that only uses them. */
function ownerOf(dataDir) {
  const directory = path.join(dataDir, 'run');
  // The control database has the usual port; the one branch that is there has another.
  const ports = fs.readdirSync(directory).map((name) => /^\.s\.PGSQL\.(\d+)$/.exec(name)?.[1]).filter((port) => port && port !== '5432');
  return connect(`postgresql://neon_auth@localhost/neondb?host=${encodeURIComponent(directory)}&port=${ports[0]}`);
}

const dataDir = newDataDir();
const stops = [];
try {
  const ours = await startArgonauth(dataDir);
  stops.push(ours.stop);
  const database = await ownerOf(dataDir);
  const theirs = await startReference(ours.panel);
  stops.push(theirs.stop);
  const databases = [database, await connect(theirs.uri)];
  const samples = [];
  for (const [i, system] of [ours, theirs].entries()) {
    const started = performance.now();
    await fill(databases[i], system.token);
    process.stderr.write(`${system.name}: ${users} users, ${organizations} organizations in ${number((performance.now() - started) / 1000)} s\n`);
    samples.push((await databases[i].query('SELECT id, name, email FROM neon_auth."user" WHERE email LIKE $1', [`%${Math.floor(users * 0.7)}@%`])).rows[0]);
  }
  if (argv.includes('--explain')) await explain(database, samples[0]);
  for (const db of databases) await db.end();
  const results = await measure([ours, theirs], samples);
  console.log(`\n${table(['', 'Argonauth ms', 'Better Auth ms', 'ratio'], results.map(({ name, ms: [a, b] }) => [name, number(a), number(b), `${number(b / a)} x`]))}`);
  console.log(`\nmedians of ${rounds}, one request at a time; ${users.toLocaleString('en')} users, ${organizations.toLocaleString('en')} organizations; ${os.cpus().length} cores`);
} finally {
  for (const stop of stops.reverse()) await stop().catch(() => {});
  removeDataDir(dataDir);
}
process.exit(0);
