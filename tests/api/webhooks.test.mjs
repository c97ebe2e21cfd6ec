// Events for a branch's webhook: signed, repeated when it makes sense, and never a way into the operator's network.
import assert from 'node:assert/strict';
import net from 'node:net';
import { before, beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { untilHeard } from '../support/settings.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';
import { startReceiver, verifies } from '../support/webhook_receiver.mjs';

const server = await useServer();
const sql = useDatabase(server);
const receiver = await startReceiver();
const allow = () => ({ status: 200, body: '{"allowed":true}' });
const trySignUp = (email = freshEmail(), name = 'Ada') => authClient(server.base_url).post('/sign-up/email', { email, password, name });
const usersWith = (email) => sql('SELECT id FROM neon_auth."user" WHERE email = $1', [email]);
const logOf = (type) => sql('SELECT * FROM neon_auth.argonauth_webhook_delivery WHERE event_type = $1 ORDER BY created_at DESC', [type]);

async function configure(webhook) {
  await sql('UPDATE neon_auth.project_config SET webhook_config = $1', [JSON.stringify(webhook)]);
  await untilHeard();
}
const enable = (events, more = {}) => configure({ enabled: true, webhookUrl: receiver.url, enabledEvents: events, timeoutSeconds: 1, ...more });

beforeEach(() => {
  receiver.deliveries.length = 0;
  receiver.answer = allow;
});

describe('user.created', () => {
  before(() => enable(['user.created']));

  it('is signed, complete, and holds no secret', async () => {
    const user = await signUp(server.base_url, { name: 'Grüße "x"' });
    const delivery = await receiver.next('user.created', user.email);
    const { headers, body } = delivery;
    assert.ok(await verifies(server.jwks_url, delivery));
    assert.ok(!(await verifies(server.jwks_url, { ...delivery, raw: delivery.raw.replace('user.created', 'user.creatod') })));
    assert.ok(!(await verifies(server.jwks_url, { ...delivery, headers: { ...headers, 'x-neon-timestamp': String(Number(headers['x-neon-timestamp']) + 1) } })));
    assert.match(headers['content-type'], /^application\/json/);
    assert.equal(headers['x-neon-event-type'], 'user.created');
    assert.equal(headers['x-neon-event-id'], body.event_id);
    assert.equal(headers['x-neon-delivery-attempt'], '1');
    assert.ok(Math.abs(Number(headers['x-neon-timestamp']) - Date.now()) < 10_000);
    assert.deepEqual(Object.keys(body), ['event_id', 'event_type', 'timestamp', 'context', 'user', 'event_data']);
    assert.match(body.event_id, /^[0-9a-f-]{36}$/);
    assert.match(body.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(body.context.endpoint_id, server.endpoint_id);
    assert.deepEqual([body.user.id, body.user.name, body.user.email_verified], [user.id, 'Grüße "x"', false]);
    assert.equal(body.event_data.auth_provider, 'credential');
    for (const secret of [password, user.token]) assert.ok(!delivery.raw.includes(secret));
    await eventually(async () => assert.equal((await logOf('user.created'))[0].state, 'delivered'));
  });

  it('S162: is sent again with the same id until the receiver takes it, and the user does not wait', async () => {
    receiver.answer = ({ headers }) => (Number(headers['x-neon-delivery-attempt']) < 3 ? { status: 503 } : { status: 204 });
    const started = Date.now();
    const { email } = await signUp(server.base_url);
    assert.ok(Date.now() - started < 4000);
    await eventually(() => assert.equal(receiver.of('user.created', email).length, 3), { within: 20_000 });
    const attempts = receiver.of('user.created', email);
    assert.deepEqual(attempts.map(({ headers }) => headers['x-neon-delivery-attempt']), ['1', '2', '3']);
    assert.equal(new Set(attempts.map(({ headers }) => headers['x-neon-event-id'])).size, 1);
    for (const attempt of attempts) assert.ok(await verifies(server.jwks_url, attempt));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(receiver.of('user.created', email).length, 3);
  });

  it('S162: verifies as it was sent and not otherwise, also after the key was rotated', async () => {
    const email = freshEmail();
    assert.equal((await trySignUp(email)).status, 200);
    const old = await receiver.next('user.created', email);
    const { headers, raw } = old;
    assert.ok(await verifies(server.jwks_url, old));
    assert.ok(Math.abs(Number(headers['x-neon-timestamp']) - Date.now()) < 60_000, 'milliseconds');
    const later = { ...headers, 'x-neon-timestamp': String(Number(headers['x-neon-timestamp']) + 1) };
    for (const changed of [{ headers, raw: `${raw} ` }, { headers, raw: raw.replace('user.created', 'user.deleted') }, { headers: later, raw }]) {
      assert.ok(!(await verifies(server.jwks_url, changed)));
    }

    const oldKid = headers['x-neon-signature-kid'];
    await sql('UPDATE neon_auth.jwks SET "expiresAt" = now() - interval \'1 second\' WHERE id = $1', [oldKid]);
    await untilHeard();
    const next = freshEmail();
    assert.equal((await trySignUp(next)).status, 200);
    const fresh = await receiver.next('user.created', next);
    assert.notEqual(fresh.headers['x-neon-signature-kid'], oldKid);
    assert.notEqual(fresh.body.event_id, old.body.event_id);
    assert.ok(await verifies(server.jwks_url, fresh));
    assert.ok(await verifies(server.jwks_url, old), 'what is on its way while keys change');
    assert.ok(!(await verifies(server.jwks_url, { headers: { ...fresh.headers, 'x-neon-signature-kid': oldKid }, raw: fresh.raw })));
    await sql(`UPDATE neon_auth.jwks SET "expiresAt" = now() - interval '31 days' WHERE id = $1`, [oldKid]);
    await eventually(async () => assert.ok(!(await verifies(server.jwks_url, old))));
  });

  it('F-26: is not repeated when the receiver says no, nor followed where it points', async () => {
    for (const answer of [{ status: 400 }, { status: 302, headers: { location: `${receiver.url}/elsewhere` } }]) {
      receiver.answer = () => answer;
      const { email } = await signUp(server.base_url);
      await receiver.next('user.created', email);
      await eventually(async () => assert.deepEqual([(await logOf('user.created'))[0].state, (await logOf('user.created'))[0].response_status], ['failed', answer.status]));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.equal(receiver.of('user.created', email).length, 1);
      assert.ok(receiver.deliveries.every(({ path }) => path === '/hook'));
    }
  });

  it('is not sent for a sign-up that did not happen', async () => {
    const { email } = await signUp(server.base_url);
    await receiver.next('user.created', email);
    assert.equal((await trySignUp(email)).status, 422);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(receiver.of('user.created', email).length, 1);
  });
});

describe('user.before_create', () => {
  before(() => enable(['user.before_create']));

  it('lets in whom the receiver allows, and shows it no password', async () => {
    const email = freshEmail();
    const answer = await trySignUp(email);
    assert.equal(answer.status, 200, answer.text);
    const [delivery] = receiver.of('user.before_create', email);
    assert.ok(await verifies(server.jwks_url, delivery));
    assert.equal(delivery.body.user.id, undefined);
    assert.deepEqual([delivery.body.user.name, delivery.body.event_data.auth_provider], ['Ada', 'credential']);
    assert.ok(delivery.body.event_data.ip_address);
    assert.ok(!delivery.raw.includes(password));
  });

  it("hands the receiver's reason to the client", async () => {
    receiver.answer = () => ({ status: 200, body: '{"allowed":false,"error_message":"Only for staff","error_code":"STAFF_ONLY"}' });
    const email = freshEmail();
    const answer = await trySignUp(email);
    assert.deepEqual([answer.status, answer.body], [403, { message: 'Only for staff', code: 'STAFF_ONLY' }]);
    assert.deepEqual(await usersWith(email), []);
    assert.equal(receiver.deliveries.length, 1);
  });

  for (const [name, answer, attempts] of [
    ['no JSON', { status: 200, body: 'yes' }, 1],
    ['an empty body', { status: 200, body: '' }, 1],
    ['no verdict', { status: 200, body: '{"ok":true}' }, 1],
    ['a verdict of another type', { status: 200, body: '{"allowed":"true"}' }, 1],
    ['an endless message', { status: 200, body: JSON.stringify({ allowed: false, error_message: 'x'.repeat(501) }) }, 1],
    ['more than 10 KB', { status: 200, body: `{"allowed":true,"pad":"${'x'.repeat(11_000)}"}` }, 1],
    ['a redirect', { status: 307, headers: { location: '/hook' } }, 1],
    ['403', { status: 403, body: '{"allowed":true}' }, 1],
    ['500', { status: 500, body: '{"allowed":true}' }, 3],
    ['429', { status: 429 }, 3],
    ['a reset connection', 'reset', 3],
    ['silence', null, 3],
  ]) {
    it(`fails closed on ${name}`, async () => {
      receiver.answer = () => answer;
      const email = freshEmail();
      const started = Date.now();
      const reply = await trySignUp(email);
      assert.equal(reply.status, 502, reply.text);
      assert.equal(reply.body.code, 'WEBHOOK_DELIVERY_FAILED');
      assert.ok(Date.now() - started < 5000);
      assert.deepEqual(await usersWith(email), []);
      const sent = receiver.of('user.before_create', email);
      assert.deepEqual(sent.map(({ headers }) => headers['x-neon-delivery-attempt']), ['1', '2', '3'].slice(0, attempts));
      assert.equal(new Set(sent.map(({ body }) => body.event_id)).size, 1);
      const [line] = await logOf('user.before_create');
      // The log tells how the delivery went; what the answer meant is another matter.
      const arrived = answer?.status === 200 && answer.body.length < 10_240;
      assert.deepEqual([line.state, line.attempts, line.body], [arrived ? 'delivered' : 'failed', attempts, null]);
    });
  }
});

describe('where a webhook may be', () => {
  it('S158: internal addresses are refused when they are connected, however they are spelt', async () => {
    let connected = false;
    const trap = net.createServer(() => (connected = true));
    await new Promise((resolve) => trap.listen(0, '127.0.0.2', resolve));
    for (const url of ['https://10.0.0.1/', 'https://169.254.169.254/latest/meta-data', 'https://[fe80::1]/', 'https://[::ffff:10.0.0.1]/', 'https://100.64.0.1/',
      'https://0.0.0.0/', 'https://192.168.1.1/', 'https://[fd00::1]/', 'https://[64:ff9b::a00:1]/', 'http://10.0.0.1/', 'http://example.com/', 'ftp://127.0.0.1/',
      'https://user:pw@127.0.0.1/', 'file:///etc/passwd', 'gopher://127.0.0.1/', '//127.0.0.1']) {
      await enable(['user.before_create'], { webhookUrl: url });
      const reply = await trySignUp();
      assert.equal(reply.status, 502, `${url}: ${reply.text}`);
    }
    trap.close();
    assert.ok(!connected);
  });

  it('this machine is refused unless the operator allows it', async () => {
    const { Server } = await import('../support/server.mjs');
    const strict = await Server.start({ args: ['--outbound-allow', ''] });
    try {
      const { connect } = await import('../support/connect.mjs');
      const db = await connect(strict.panel.connection_uri);
      await db.query('UPDATE neon_auth.project_config SET webhook_config = $1', [
        JSON.stringify({ enabled: true, webhookUrl: receiver.url, enabledEvents: ['user.before_create'], timeoutSeconds: 1 }),
      ]);
      const reply = await authClient(strict.baseUrl).post('/sign-up/email', { email: freshEmail(), password, name: 'X' });
      assert.equal(reply.status, 502);
      assert.equal(receiver.deliveries.length, 0);
      await db.end();
    } finally {
      await strict.stop();
    }
  });
});
