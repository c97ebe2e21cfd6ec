// From the legacy provider to the newer service on the same branch: planned, in steps, with the command, while users change.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { spawn } from 'node:child_process';
import { before, describe, it } from 'node:test';
import { query } from '../support/branches.mjs';
import { appOf, insertLegacyUsers, newLegacyProject, projectAuth } from '../support/legacy.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { authClient } from '../support/http.mjs';
import { binary, useServer } from '../support/server.mjs';
import { freshEmail, password, signIn } from '../support/users.mjs';

const server = await useServer();
const call = projectAuth(server);
const api = managementClient(server);
const migrate = (project, body = {}) => call('POST', `${project.auth}/migrate_to_better_auth`, body);
const newUsers = (uri) => query(uri, 'SELECT id, name, email, "emailVerified", image FROM neon_auth."user" ORDER BY email');

const id = () => crypto.randomUUID();
async function bcrypt(uri, text) {
  await query(uri, 'CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA public');
  return (await query(uri, "SELECT public.crypt($1, public.gen_salt('bf', 10)) AS hash", [text]))[0].hash;
}
async function run(args, env = {}) {
  const child = spawn(binary, ['migrate', 'stack-to-better-auth', ...(args.includes('--url') ? [] : ['--url', server.origin]), ...args], {
    env: { ...process.env, ARGONAUTH_BIN: undefined, ARGONAUTH_API_KEY: server.api_key, ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

describe('a project comes over', () => {
  let project;
  const people = {};
  let finished;

  before(async () => {
    project = await newLegacyProject(call, 'Shop');
    const { uri, auth } = project;
    const hash = await bcrypt(uri, password);
    const shared = freshEmail('shared');
    people.ann = { id: id(), name: 'Ann', image: 'https://img.example.com/a.png', password: hash, email: freshEmail('ann'), verified: true };
    people.bob = { id: id(), name: 'Bob', email: freshEmail('bob'), verified: true, oauth: [{ provider: 'google', account: 'g-1' }, { provider: 'github', account: '77' }] };
    people.nameless = { id: id(), oauth: [{ provider: 'github', account: '78' }] };
    people.owner = { id: id(), name: 'Owner of the address', password: hash, email: shared };
    people.sharer = { id: id(), name: 'Has it too', email: shared, verified: true, forAuth: false };
    await insertLegacyUsers(query, uri, Object.values(people));
    const made = await call('POST', '/projects/auth/user', { project_id: project.project_id, auth_provider: 'stack', email: freshEmail('api'), name: 'By the API' });
    people.api = { id: made.body.id };
    await query(uri, 'CREATE TABLE post (author text REFERENCES neon_auth.users_sync (id))');
    await query(uri, 'INSERT INTO post VALUES ($1)', [people.api.id]);
    await call('POST', `${auth}/domains`, { domain: 'https://shop.example.com', auth_provider: 'stack' });
    await call('POST', `${auth}/oauth_providers`, { id: 'google', client_id: 'app', client_secret: 'hush' });
    await call('PATCH', `${auth}/legacy_config`, { allow_localhost: false, magic_link_enabled: true });
    await call('PATCH', `${auth}/email_server`, { type: 'standard', host: 'smtp.example.com', port: 587, username: 'u', password: 'p', sender_email: 'no@example.com', sender_name: 'Shop' });
  });

  it('a dry run tells all of it and changes nothing', async () => {
    const { status, body, text } = await migrate(project, { dry_run: true });
    assert.equal(status, 200, text);
    assert.equal(body.status, 'planned');
    assert.deepEqual(body.counts, { users: 6, copied: 0, with_password: 2, verified: 3, oauth_accounts: 3, teams: 0 });
    assert.deepEqual(body.problems, [
      { user_id: people.sharer.id, email: people.sharer.email, problem: 'email_taken', placeholder: `${people.sharer.id}@legacy.invalid` },
      { user_id: people.nameless.id, problem: 'no_email', placeholder: `${people.nameless.id}@legacy.invalid` },
    ]);
    assert.equal((await query(project.uri, `SELECT to_regclass('neon_auth."user"') AS t`))[0].t, null);
    assert.equal((await api.getNeonAuth(project)).body.auth_provider, 'stack');
  });

  it('in steps, of which the last switches over', async () => {
    const first = await migrate(project, { batch_size: 4 });
    assert.deepEqual([first.body.status, first.body.counts.copied], ['copying', 4]);
    assert.equal((await api.getNeonAuth(project)).body.auth_provider, 'stack');
    finished = (await migrate(project, { batch_size: 4 })).body;
    assert.deepEqual([finished.status, finished.counts.copied, finished.problems_total], ['finished', 6, 2]);
    const { body } = await api.getNeonAuth(project);
    assert.deepEqual([body.auth_provider, body.base_url, body.jwks_url, body.name], ['better_auth', finished.base_url, finished.jwks_url, 'Shop']);
  });

  it('ids, names, pictures, addresses and what was proven', async () => {
    const rows = Object.fromEntries((await newUsers(project.uri)).map(({ id: key, ...rest }) => [key, rest]));
    assert.equal(Object.keys(rows).length, 6);
    assert.deepEqual(rows[people.ann.id], { name: 'Ann', email: people.ann.email, emailVerified: true, image: people.ann.image });
    assert.deepEqual(rows[people.owner.id], { name: 'Owner of the address', email: people.owner.email, emailVerified: false, image: null });
    assert.deepEqual(rows[people.sharer.id], { name: 'Has it too', email: `${people.sharer.id}@legacy.invalid`, emailVerified: false, image: null });
    assert.equal(rows[people.nameless.id].email, `${people.nameless.id}@legacy.invalid`);
    assert.equal(rows[people.api.id].name, 'By the API');
  });

  it('passwords and OAuth accounts', async () => {
    const { answer } = await signIn(finished.base_url, { email: people.ann.email, password });
    assert.equal(answer.body.user.id, people.ann.id);
    // The hash becomes one of the newer service's own; it fits the same password and no other.
    const [{ password: hash }] = await query(project.uri, `SELECT password FROM neon_auth.account WHERE "userId" = $1`, [people.ann.id]);
    assert.match(hash, /^[0-9a-f]{32}:[0-9a-f]{128}$/);
    await signIn(finished.base_url, { email: people.ann.email, password });
    const wrong = await authClient(finished.base_url).post('/sign-in/email', { email: people.owner.email, password: 'wrong-password' });
    assert.equal(wrong.status, 401);
    await signIn(finished.base_url, { email: people.owner.email, password });
    const accounts = await query(project.uri, `SELECT "providerId", "accountId" FROM neon_auth.account WHERE "userId" = $1 ORDER BY 1`, [people.bob.id]);
    assert.deepEqual(accounts, [{ providerId: 'github', accountId: '77' }, { providerId: 'google', accountId: 'g-1' }]);
  });

  it('settings', async () => {
    assert.deepEqual((await api.listBranchNeonAuthTrustedDomains(project)).body.domains.map(({ domain }) => domain), ['https://shop.example.com']);
    assert.equal((await api.getNeonAuthAllowLocalhost(project)).body.allow_localhost, false);
    assert.deepEqual((await api.listBranchNeonAuthOauthProviders(project)).body.providers, [{ id: 'github', type: 'shared' }, { id: 'google', type: 'standard', client_id: 'app' }]);
    const { body: mail } = await api.getNeonAuthEmailProvider(project);
    assert.deepEqual([mail.host, mail.sender_email], ['smtp.example.com', 'no@example.com']);
    const { body: plugins } = await api.getNeonAuthPluginConfigs(project);
    assert.deepEqual([plugins.magic_link.enabled, plugins.magic_link.expires_in], [true, 5]);
  });

  it('users_sync stays for the app\'s foreign keys, and the ids are recorded', async () => {
    assert.deepEqual(await query(project.uri, 'SELECT author FROM post'), [{ author: people.api.id }]);
    const record = await query(project.uri, 'SELECT legacy_id = user_id AS same, problem FROM stack_auth.migrated_user ORDER BY problem');
    assert.deepEqual(record.map(({ same }) => same), Array(6).fill(true));
    assert.deepEqual(record.map(({ problem }) => problem), ['email_taken', 'no_email', null, null, null, null]);
  });

  it('the legacy project is no more, and its tables take no writes that would be lost', async () => {
    assertRefusal(await call('GET', `${project.auth}/keys`), 404);
    await assert.rejects(query(project.uri, 'UPDATE stack_auth."user" SET display_name = $1', ['x']), /moved to the newer auth service/);
    assert.deepEqual((await call('GET', `${project.auth}/integrations`)).body.data.map(({ auth_provider }) => auth_provider), ['better_auth']);
  });

  it('asked again, it says so again', async () => {
    const { status, body } = await migrate(project);
    assert.equal(status, 200);
    assert.deepEqual(body, finished);
  });

  it('back again: an integration made anew has its users', async () => {
    assert.equal((await api.disableNeonAuth(project, { body: { delete_data: false } })).status, 200);
    const again = await call('POST', '/projects/auth/create', { auth_provider: 'stack', project_id: project.project_id, branch_id: project.branch_id });
    assert.equal(again.status, 201, again.text);
    await query(project.uri, 'UPDATE stack_auth."user" SET display_name = $2 WHERE id = $1', [people.ann.id, 'Ann B.']);
    const { body } = await migrate(project);
    assert.equal(body.status, 'finished');
    assert.equal((await newUsers(project.uri)).find(({ id: key }) => key === people.ann.id).name, 'Ann B.');
  });

  it('removed with its data, what the legacy provider had goes too', async () => {
    assert.equal((await api.disableNeonAuth(project, { body: { delete_data: true } })).status, 200);
    assert.deepEqual(await query(project.uri, "SELECT nspname FROM pg_namespace WHERE nspname IN ('neon_auth', 'stack_auth')"), []);
  });
});

describe('an app comes over', () => {
  it('who signed up with the legacy SDK\'s requests signs in at the newer service; the old tokens are good for nothing', async () => {
    const project = await newLegacyProject(call);
    const email = freshEmail('app');
    const app = appOf(project);
    const { status, body: tokens, text } = await app.post('/auth/password/sign-up', { email, password, verification_callback_url: 'http://localhost:3000' });
    assert.equal(status, 200, text);
    assert.equal((await app.as(tokens.access_token).get('/users/me')).body.id, tokens.user_id);
    const { body } = await migrate(project);
    assert.equal(body.status, 'finished');
    const { answer } = await signIn(body.base_url, { email, password });
    assert.equal(answer.body.user.id, tokens.user_id);
    assert.equal((await app.as(tokens.access_token).get('/users/me')).body.code, 'CURRENT_PROJECT_NOT_FOUND');
  });
});

describe('while users change', () => {
  it('who changed, came or went between two steps is right in the end; addresses may change hands', async () => {
    const project = await newLegacyProject(call);
    const emails = ['a', 'b', 'c', 'd'].map(freshEmail);
    const people = emails.map((email) => ({ id: id(), name: email, email }));
    await insertLegacyUsers(query, project.uri, people);
    assert.equal((await migrate(project, { batch_size: 4 })).body.status, 'copying');
    const [a, b, c, d] = people;
    const newcomer = { id: id(), name: 'late', email: freshEmail('late') };
    await insertLegacyUsers(query, project.uri, [newcomer]);
    await query(project.uri, 'UPDATE stack_auth."user" SET display_name = $2 WHERE id = $1', [a.id, 'Renamed']);
    await query(project.uri, 'DELETE FROM stack_auth."user" WHERE id = $1', [d.id]);
    // b and c exchange their addresses.
    const give = (user, value) => query(project.uri, 'UPDATE stack_auth.contact_channel SET value = $2 WHERE user_id = $1', [user.id, value]);
    await give(b, 'between@example.test');
    await give(c, b.email);
    await give(b, c.email);
    const { body } = await migrate(project, { batch_size: 100 });
    assert.deepEqual([body.status, body.counts.copied, body.problems_total], ['finished', 4, 0]);
    const rows = Object.fromEntries((await newUsers(project.uri)).map((row) => [row.id, row]));
    assert.deepEqual([rows[a.id].name, rows[b.id].email, rows[c.id].email, rows[d.id], rows[newcomer.id].email], ['Renamed', c.email, b.email, undefined, newcomer.email]);
  });

  it('two migrations at once are one', async () => {
    const project = await newLegacyProject(call);
    await insertLegacyUsers(query, project.uri, Array.from({ length: 12 }, () => ({ id: id(), email: freshEmail() })));
    const answers = await Promise.all(Array.from({ length: 6 }, () => migrate(project, { batch_size: 5 })));
    for (const { status, text } of answers) assert.equal(status, 200, text);
    assert.equal((await migrate(project)).body.status, 'finished');
    assert.equal((await newUsers(project.uri)).length, 12);
  });
});

describe('refused', () => {
  it('without a legacy integration, with a key for reading, with nonsense', async () => {
    const project = await newLegacyProject(call);
    const { key } = (await call('POST', '/api_keys', { key_name: 'r', read_only: true })).body;
    assertRefusal(await call('POST', `${project.auth}/migrate_to_better_auth`, { dry_run: true }, { key }), 403);
    for (const body of [{ batch_size: 0 }, { batch_size: 10_001 }, { dry_run: 'yes' }, { other: 1 }]) assertRefusal(await migrate(project, body), 400);
    const other = (await call('POST', '/projects', { project: {} })).body.project.id;
    assertRefusal(await call('POST', `/projects/${other}/auth/migrate_to_better_auth`), 404);
  });
});

describe('argonauth migrate stack-to-better-auth', () => {
  let project;
  before(async () => {
    project = await newLegacyProject(call);
    await insertLegacyUsers(query, project.uri, [...Array.from({ length: 6 }, () => ({ id: id(), email: freshEmail() })), { id: id() }]);
  });

  it('--dry-run prints what would happen', async () => {
    const { code, stdout } = await run(['--project', project.project_id, '--dry-run']);
    assert.equal(code, 0);
    assert.match(stdout, /users +7\n/);
    assert.match(stdout, /1 users would get a placeholder/);
    assert.match(stdout, /Nothing was changed/);
    assert.equal((await api.getNeonAuth(project)).body.auth_provider, 'stack');
  });

  it('shows progress and the new addresses', async () => {
    const { code, stdout, stderr } = await run(['--project', project.project_id, '--batch-size', '3']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /3 of 7 users copied\n6 of 7 users copied\n7 of 7 users copied/);
    assert.match(stdout, /base_url +http/);
    assert.equal((await newUsers(project.uri)).length, 7);
    const again = await run(['--project', project.project_id, '--json']);
    assert.equal(JSON.parse(again.stdout).status, 'finished');
  });

  it('says what is wrong', async () => {
    const unknown = await run(['--project', 'none-none-00000000']);
    assert.deepEqual([unknown.code, /no project none-none/.test(unknown.stderr)], [1, true]);
    const key = await run(['--project', project.project_id], { ARGONAUTH_API_KEY: 'napi_wrong' });
    assert.deepEqual([key.code, /API key/.test(key.stderr)], [1, true]);
    const place = await run(['--project', project.project_id, '--url', 'http://127.0.0.1:9']);
    assert.deepEqual([place.code, /127\.0\.0\.1:9/.test(place.stderr)], [1, true]);
    assert.equal((await run(['--batch-size', '0'])).code, 2);
  });
});
