// `argonauth webhook`: what an operator asks a running server from a shell.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, it } from 'node:test';
import { managementClient } from '../support/management.mjs';
import { binary, useServer } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';
import { startReceiver } from '../support/webhook_receiver.mjs';

const server = await useServer();
const api = managementClient(server);
const receiver = await startReceiver();
const { origin } = new URL(server.management_url);
const keyDir = fs.mkdtempSync(path.join(os.tmpdir(), 'argonauth-key-'));
after(() => fs.rmSync(keyDir, { recursive: true, force: true }));
fs.writeFileSync(path.join(keyDir, 'api-key'), `${server.api_key}\n`, { mode: 0o600 });

/** Runs the command; resolves with its status and output. */
function run(args, { env = { ARGONAUTH_API_KEY: server.api_key } } = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ARGONAUTH_')));
  return new Promise((resolve) => {
    execFile(binary, ['webhook', ...args], { env: { ...clean, ARGONAUTH_URL: origin, ...env } }, (error, stdout, stderr) => resolve({ status: error ? error.code ?? error.signal : 0, stdout, stderr }));
  });
}
const json = async (...args) => JSON.parse((await run([...args, '--json'])).stdout);

before(async () => {
  const body = { enabled: true, webhook_url: receiver.url, enabled_events: ['user.created'], timeout_seconds: 1 };
  assert.equal((await api.updateNeonAuthWebhookConfig(server, { body })).status, 200);
});
beforeEach(() => {
  receiver.deliveries.length = 0;
  receiver.answer = () => ({ status: 200, body: '{"allowed":true}' });
});
const settled = async () => {
  for (;;) {
    const { deliveries } = await json('deliveries', '--limit', '1');
    if (deliveries.length && deliveries[0].status !== 'pending') return deliveries[0];
  }
};

it('tests the receiver, and says with its status whether the event arrived', async () => {
  const good = await run(['test']);
  assert.deepEqual([good.status, good.stderr], [0, ''], good.stderr);
  assert.match(good.stdout, /^delivered in \d+ ms, 200\nanswer {4}\{"allowed":true\}\nevent {5}[0-9a-f-]{36}\n$/);
  receiver.answer = () => ({ status: 500, body: 'a\u001b[2J\u009bb' });
  const bad = await run(['test', '--event', 'user.before_create']);
  assert.equal(bad.status, 1);
  assert.match(bad.stdout, /^failed in \d+ ms, 500\nerror {5}the receiver answered 500\nanswer {4}a\?\[2J\?b\n/);
  receiver.answer = () => ({ status: 200, body: '{"allowed":false,"error_message":"Staff only"}' });
  const denied = await run(['test', '--event', 'user.before_create', '--json']);
  assert.deepEqual([denied.status, JSON.parse(denied.stdout).allowed], [1, false]);
});

it('lists deliveries, a line each with tabs in a pipe', async () => {
  await signUp(server.base_url);
  const delivery = await settled();
  const { status, stdout } = await run(['deliveries', '--event', 'user.created', '--limit', '1']);
  assert.equal(status, 0);
  assert.deepEqual(stdout.split('\t').slice(1), ['delivered', 'user.created', '1', delivery.id, '200\n']);
  assert.equal((await run(['deliveries', '--status', 'pending'])).stdout, '');
  assert.equal((await run(['deliveries', '--status', 'dead'])).status, 2);
  assert.match((await run(['deliveries', '--event', 'x'])).stderr, /event_type/);
});

it('shows one delivery and sends it again', async () => {
  receiver.answer = () => ({ status: 400, body: 'not today' });
  const user = await signUp(server.base_url);
  const { id } = await settled();
  const shown = await run(['show', id]);
  assert.equal(shown.status, 0);
  for (const text of [id, 'status    failed', 'not today', user.email]) assert.ok(shown.stdout.includes(text), shown.stdout);
  assert.equal((await run(['redeliver', id])).status, 1);
  receiver.answer = () => ({ status: 200 });
  const again = await run(['redeliver', id]);
  assert.deepEqual([again.status, again.stderr], [0, '']);
  assert.match(again.stdout, /status {4}delivered[^]*attempt {3}3 at .* ms: 200/);
  assert.equal((await json('redeliver', id)).delivery.attempts.length, 4);
});

it('looks good on a terminal', async () => {
  const child = spawn('script', ['-qec', `${binary} webhook deliveries --limit 2`, '/dev/null'], { env: { ...process.env, ARGONAUTH_URL: origin, ARGONAUTH_API_KEY: server.api_key, ARGONAUTH_BIN: undefined } });
  let text = '';
  child.stdout.on('data', (chunk) => (text += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  assert.match(text, /TIME \(UTC\) +STATUS +EVENT +TRIES +ID +LAST ANSWER/);
  assert.match(text, /\u001b\[32mdelivered\u001b\[0m/);
});

it('takes the key from the environment, a file, or the data directory, and never shows it', async () => {
  const file = path.join(keyDir, 'key');
  fs.writeFileSync(file, server.api_key, { mode: 0o600 });
  for (const env of [{ ARGONAUTH_API_KEY_FILE: file }, { ARGONAUTH_DATA_DIR: keyDir }]) assert.equal((await run(['deliveries'], { env })).status, 0);
  assert.equal((await run(['deliveries', '--data-dir', keyDir], { env: {} })).status, 0);
  const none = await run(['deliveries'], { env: { ARGONAUTH_DATA_DIR: '/nowhere' } });
  assert.deepEqual([none.status, none.stdout], [2, '']);
  assert.match(none.stderr, /ARGONAUTH_API_KEY or ARGONAUTH_API_KEY_FILE is required/);
  const wrong = await run(['deliveries'], { env: { ARGONAUTH_API_KEY: 'canary-wrong-key' } });
  assert.equal(wrong.status, 1);
  assert.ok(!wrong.stderr.includes('canary'), wrong.stderr);
  const broken = await run(['deliveries'], { env: { ARGONAUTH_API_KEY: 'x\r\nX-Evil: 1' } });
  assert.equal(broken.status, 1);
});

it('finds project and branch by id or name, and asks when there are several', async () => {
  for (const args of [['--project', server.project_id], ['--branch', 'main'], ['--project', server.project_id, '--branch', server.branch_id]]) {
    assert.equal((await run(['deliveries', ...args])).status, 0, args.join(' '));
  }
  const { project } = (await api.createProject({}, { body: { project: { name: 'second' } } })).body;
  const several = await run(['deliveries']);
  assert.equal(several.status, 1);
  assert.match(several.stderr, /choose a project with --project: .*second/);
  assert.match((await run(['deliveries', '--project', 'nope'])).stderr, /there is no project nope/);
  assert.match((await run(['deliveries', '--project', 'second'])).stderr, /not enabled/i);
  const key = (await api.createApiKey({}, { body: { key_name: 'limited', project_id: server.project_id } })).body.key;
  assert.equal((await run(['deliveries'], { env: { ARGONAUTH_API_KEY: key } })).status, 0);
  assert.equal((await api.deleteProject({ project_id: project.id })).status, 200);
});

it('says what is wrong with the way to the server', async () => {
  const unreachable = await run(['deliveries', '--url', 'http://127.0.0.1:1']);
  assert.match(unreachable.stderr, /http:\/\/127\.0\.0\.1:1.*: ./);
  assert.equal((await run(['deliveries', '--url', 'localhost'])).status, 2);
  const stranger = http.createServer((_, answer) => answer.end('hello')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  assert.match((await run(['deliveries', '--url', `http://127.0.0.1:${stranger.address().port}`])).stderr, /answered 200; is it an Argonauth\?/);
  stranger.close();
  assert.equal((await run(['show'])).status, 2);
  assert.match((await run(['show', 'nothing'])).stderr, /delivery not found/);
  assert.match((await run(['show', '../../x'])).stderr, /./);
  assert.equal((await run(['deliveries'], { env: { ARGONAUTH_API_KEY: server.api_key, ARGONAUTH_PROJEKT: 'x' } })).status, 2);
});
