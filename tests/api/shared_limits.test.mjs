// Limits and brakes hold over all nodes of an installation, and a control database that is away neither lifts them nor holds anybody up.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../support/connect.mjs';
import { eventually } from '../support/eventually.mjs';
import { request } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { Node, runCommand } from '../support/node.mjs';
import { Postgres } from '../support/postgres.mjs';
import { freshEmail, password } from '../support/users.mjs';

let control; // the control database has a server of its own, so that it can be away alone
let app;
let nodes;
let base;
let clients = 0;

before(async () => {
  [control, app] = await Promise.all([Postgres.create(), Postgres.create()]);
  await control.sql("CREATE ROLE control LOGIN PASSWORD 'control-secret'; CREATE DATABASE control OWNER control");
  const env = {
    ARGONAUTH_DATABASE_URL: control.uri({ user: 'control', password: 'control-secret', database: 'control' }),
    ARGONAUTH_MASTER_KEY: crypto.randomBytes(32).toString('base64url'),
  };
  const { stdout } = await runCommand(['api-key', 'create', '--name', 'tests', '--json'], { env });
  const args = ['--rate-limit', '--trusted-proxies', '127.0.0.1/32,::1/128'];
  nodes = await Promise.all([Node.start({ env, args }), Node.start({ env, args })]);
  const attached = await runCommand(['branch', 'attach', '--project', 'shop', '--name', 'main', '--json'], { env, input: `${app.uri()}\n` });
  const ids = JSON.parse(attached.stdout);
  const api = managementClient({ management_url: nodes[0].management_url, api_key: JSON.parse(stdout).key });
  const enabled = await api.createNeonAuth(ids, { body: { auth_provider: 'better_auth' } });
  base = new URL(enabled.body.base_url).pathname;
  for (const node of nodes) await eventually(async () => assert.equal((await request(`${node.public_url}${base}/ok`, { headers: newClient() })).status, 200));
});
after(async () => {
  await Promise.all((nodes ?? []).map((node) => node.stop()));
  await Promise.all([control?.remove(), app?.remove()]);
});

const newClient = () => ({ 'x-forwarded-for': `203.0.${100 + (clients >> 8)}.${clients++ & 255}` });
const send = (node, path, { from = newClient(), ...options } = {}) =>
  request(`${nodes[node].public_url}${base}${path}`, { ...options, headers: { origin: nodes[node].public_url, ...from } });
const post = (node, path, body, from) => send(node, path, { method: 'POST', body, from });
const wrong = (email) => ({ email, password: 'wrong-wrong' });
const count = (answers) => answers.map(({ status }) => status).reduce((counts, status) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {});
const inTurn = async (times, work) => {
  const answers = [];
  for (let i = 0; i < times; i++) answers.push(await work(i));
  return answers;
};
const atOnce = (times, work) => Promise.all(Array.from({ length: times }, (_, i) => work(i)));
const rows = async (what = 'count(*)') => control.sql(`SELECT ${what} FROM argonauth.limit_counter`, 'control');

describe('two nodes', () => {
  it('F-31: allow three sign-ins of one client together, and say how long to wait', async () => {
    const from = newClient();
    const answers = await inTurn(6, (i) => post(i % 2, '/sign-in/email', wrong(freshEmail()), from));
    assert.deepEqual(answers.map(({ status }) => status), [401, 401, 401, 429, 429, 429]);
    for (const { headers, text } of answers.slice(3)) {
      assert.match(headers['x-retry-after'], /^([1-9]|10)$/);
      assert.match(headers['content-type'], /^text\/plain/);
      assert.equal(text, '{"message":"Too many requests. Please try again later."}');
    }
  });

  it('F-31: let three of forty pass that come at once', async () => {
    for (let round = 0; round < 3; round++) {
      const from = newClient();
      assert.deepEqual(count(await atOnce(40, (i) => post(i % 2, '/sign-in/email', wrong(freshEmail()), from))), { 401: 3, 429: 37 });
    }
  });

  it('are open again together after the window', async () => {
    const from = newClient();
    await inTurn(4, (i) => post(i % 2, '/sign-up/email', {}, from));
    const refusals = await inTurn(2, (i) => post(i, '/sign-up/email', {}, from));
    assert.deepEqual(count(refusals), { 429: 2 });
    await sleep(Math.max(...refusals.map(({ headers }) => Number(headers['x-retry-after']))) * 1000 + 200);
    assert.deepEqual(count(await inTurn(4, (i) => post(i % 2, '/sign-up/email', {}, from))), { 400: 3, 429: 1 });
  });

  it('F-31: free an account ten tries together, also when they come at once', async () => {
    const email = freshEmail();
    const answers = await atOnce(30, (i) => post(i % 2, '/sign-in/email', wrong(email)));
    assert.deepEqual(count(answers), { 401: 10, 429: 20 });
    for (const { headers } of answers.filter(({ status }) => status === 429)) assert.equal(headers['x-retry-after'], '1');
  });

  it('both forget the tries when the owner gets in at one of them', async () => {
    const email = freshEmail();
    assert.equal((await post(0, '/sign-up/email', { email, password, name: 'Owner' })).status, 200);
    assert.deepEqual(count(await inTurn(9, (i) => post(i % 2, '/sign-in/email', wrong(email)))), { 401: 9 });
    assert.equal((await post(1, '/sign-in/email', { email, password })).status, 200);
    assert.deepEqual(count(await inTurn(9, (i) => post(i % 2, '/sign-in/email', wrong(email)))), { 401: 9 });
  });

  it('double the wait of a braked account together', async () => {
    const email = freshEmail();
    await atOnce(10, (i) => post(i % 2, '/sign-in/email', wrong(email)));
    await sleep(1100);
    // At once: the wait begins before the password is hashed.
    const answers = await atOnce(4, (i) => post(i % 2, '/sign-in/email', wrong(email)));
    const waits = answers.filter(({ status }) => status === 429).map(({ headers }) => headers['x-retry-after']);
    assert.ok(count(answers)[401] >= 1 && waits.length >= 2, JSON.stringify(count(answers)));
    assert.ok(waits.includes('2') && waits.every((wait) => ['1', '2'].includes(wait)), waits.join());
  });

  it('F-31: send a mailbox five mails an hour together', async () => {
    const email = freshEmail();
    const answers = await atOnce(12, (i) => post(i % 2, '/request-password-reset', { email }));
    assert.deepEqual(count(answers), { 200: 5, 429: 7 });
    const refusal = answers.find(({ status }) => status === 429);
    assert.ok(Number(refusal.headers['x-retry-after']) > 3590, refusal.headers['x-retry-after']);
  });

  it('F-31: hold the default limit together, give or take what comes while they tell each other', async () => {
    const from = newClient();
    const statuses = [];
    // Alone, each node would let a hundred pass.
    for (let i = 0; i < 200; i++) {
      statuses.push((await send(i % 2, '/get-session', { from })).status);
      await sleep(15);
    }
    const passed = statuses.filter((status) => status === 200).length;
    assert.ok(passed >= 95 && passed < 170, `${passed} passed`);
    await sleep(600);
    assert.deepEqual(count(await inTurn(2, (i) => send(i, '/get-session', { from }))), { 429: 2 });
  });

  it('S215: take the households of one IPv6 /64 for one client, whatever the spelling', async () => {
    const statuses = [];
    for (const address of ['2001:db8:1:2::1', '2001:DB8:0001:0002:ffff::9', '2001:db8:1:2:3:4:5:6', '2001:0db8:1:2:0:0:0:2'])
      statuses.push((await post(statuses.length % 2, '/sign-in/email', wrong(freshEmail()), { 'x-forwarded-for': address })).status);
    assert.deepEqual(statuses, [401, 401, 401, 429]);
    assert.equal((await post(0, '/sign-in/email', wrong(freshEmail()), { 'x-forwarded-for': '2001:db8:1:3::1' })).status, 401);
  });
});

describe('the table', () => {
  it('names nobody and keeps no row that counts nothing', async () => {
    const email = freshEmail('someone');
    await post(0, '/sign-in/email', wrong(email));
    const dump = await control.sql("SELECT string_agg(l::text || encode(key, 'escape'), ' ') FROM argonauth.limit_counter l", 'control');
    assert.doesNotMatch(dump, /someone|example|203\.0|sign-in/);
    await control.sql("UPDATE argonauth.limit_counter SET forget_at = now() - interval '1 second'", 'control');
    await eventually(async () => assert.equal(await rows("count(*) FILTER (WHERE forget_at < now())"), '0'), { within: 15_000, every: 500 });
  });

  it('S222: is kept small under a flood, the short-lived going first', async () => {
    await control.sql(`INSERT INTO argonauth.limit_counter (key, count, forget_at)
      SELECT sha256(n::text::bytea), 1, now() + interval '1 minute' + n * interval '1 millisecond' FROM generate_series(1, 230000) n;
      INSERT INTO argonauth.limit_counter (key, count, forget_at) VALUES ('keep', 1, now() + interval '1 hour')`, 'control');
    await eventually(async () => assert.ok(Number(await rows()) <= 200_100, await rows()), { within: 20_000, every: 500 });
    assert.equal(await rows("count(*) FILTER (WHERE key = 'keep')"), '1');
    assert.equal(await rows("count(*) FILTER (WHERE key = sha256('1'::bytea))"), '0');
    await control.sql('TRUNCATE argonauth.limit_counter', 'control');
  });

  it('outlives a clock that was set back', async () => {
    const from = newClient();
    await inTurn(3, () => post(0, '/sign-in/email', wrong(freshEmail()), from));
    await control.sql("UPDATE argonauth.limit_counter SET forget_at = now() + interval '1 hour'", 'control');
    assert.equal((await post(1, '/sign-in/email', wrong(freshEmail()), from)).status, 401);
  });
});

describe('a control database that', () => {
  const guarded = async (from) => {
    const started = performance.now();
    const answers = await inTurn(8, (i) => post(i % 2, '/sign-in/email', wrong(freshEmail()), from));
    assert.ok(performance.now() - started < 30_000, `took ${performance.now() - started} ms`);
    for (const node of [0, 1]) assert.deepEqual(answers.filter((_, i) => i % 2 === node).map(({ status }) => status), [401, 401, 401, 429]);
  };
  const together = () =>
    eventually(async () => {
      const from = newClient();
      assert.deepEqual(count(await inTurn(4, (i) => post(i % 2, '/sign-in/email', wrong(freshEmail()), from))), { 401: 3, 429: 1 });
    }, { within: 10_000, every: 300 });

  it('hangs leaves each node its own count, and nobody waits for long', async () => {
    const holder = await connect(control.uri({ user: 'control', password: 'control-secret', database: 'control' }));
    await holder.query('BEGIN; LOCK TABLE argonauth.limit_counter');
    await guarded(newClient());
    await holder.end();
    await together();
  });

  it('is down does the same, and is used again when it is back', async () => {
    await control.stop();
    await guarded(newClient());
    const email = freshEmail();
    assert.deepEqual(count(await atOnce(24, (i) => post(i % 2, '/sign-in/email', wrong(email)))), { 401: 20, 429: 4 });
    await control.start();
    await together();
  });
});
