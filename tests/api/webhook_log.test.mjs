// The delivery log of a webhook over the management API: what happened to each event, sending one again, trying the receiver.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { extensionClient } from '../support/extension.mjs';
import { authClient } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';
import { startReceiver, verifies } from '../support/webhook_receiver.mjs';

const server = await useServer();
const sql = useDatabase(server);
const api = managementClient(server);
const call = await extensionClient(server);
const receiver = await startReceiver();
const branch = { project_id: server.project_id, branch_id: server.branch_id };
const everything = ['user.before_create', 'user.created', 'send.otp', 'send.magic_link', 'phone_number.verified'];

async function configure(change = {}) {
  const answer = await api.updateNeonAuthWebhookConfig(branch, { body: { enabled: true, webhook_url: receiver.url, enabled_events: ['user.created'], timeout_seconds: 1, ...change } });
  assert.equal(answer.status, 200, answer.text);
}
const list = async (query) => (await call('GET', '/webhooks/deliveries', { query })).body;
const show = async (id) => (await call('GET', `/webhooks/deliveries/${id}`)).body.delivery;
const redeliver = (id, options) => call('POST', `/webhooks/deliveries/${id}/redeliver`, options);
const settled = (id, status) => eventually(async () => {
  const delivery = await show(id);
  assert.equal(delivery.status, status);
  return delivery;
}, { within: 15_000 });

/** Signs somebody up and returns the delivery of their user.created once it is settled. */
async function created(status = 'delivered') {
  const user = await signUp(server.base_url);
  const { body } = await receiver.next('user.created', user.email);
  return { user, delivery: await settled(body.event_id, status) };
}

beforeEach(async () => {
  receiver.deliveries.length = 0;
  receiver.answer = () => ({ status: 200, body: '{"allowed":true}' });
  await configure();
});

describe('the log', () => {
  it('has what was sent, how it went, and how the answer began', async () => {
    receiver.answer = () => ({ status: 200, body: `thanks\u0000\u001b[31m ${'é'.repeat(600)}` });
    const { user, delivery } = await created();
    assert.deepEqual([delivery.event_type, delivery.status, delivery.test, delivery.attempt_count, delivery.response_status], ['user.created', 'delivered', false, 1, 200]);
    assert.ok(delivery.can_redeliver && delivery.finished_at && !delivery.next_attempt_at && !delivery.last_error);
    assert.equal(delivery.payload.user.email, user.email);
    const [attempt] = delivery.attempts;
    assert.deepEqual([delivery.attempts.length, attempt.number, attempt.response_status], [1, 1, 200]);
    assert.ok(attempt.answer.startsWith('thanks??[31m éé') && Buffer.byteLength(attempt.answer) <= 512, attempt.answer);
    assert.ok(attempt.duration_ms >= 0 && Math.abs(Date.parse(attempt.at) - Date.now()) < 20_000);
  });

  it('has each attempt of an event that was refused at first', async () => {
    receiver.answer = ({ headers }) => (headers['x-neon-delivery-attempt'] === '1' ? { status: 503, body: 'busy' } : { status: 204 });
    const { delivery } = await created();
    assert.deepEqual(delivery.attempts.map(({ number, response_status, error, answer }) => [number, response_status, error, answer]),
      [[1, 503, 'the receiver answered 503', 'busy'], [2, 204, undefined, undefined]]);
    assert.deepEqual([delivery.attempt_count, delivery.last_error], [2, undefined]);
  });

  it('has the three attempts of an event that somebody waited for, and neither its code nor an answer that repeats it', async () => {
    await configure({ enabled_events: ['send.otp'] });
    receiver.answer = ({ raw, headers }) => ({ status: headers['x-neon-delivery-attempt'] === '3' ? 200 : 500, body: raw });
    const email = freshEmail();
    assert.equal((await authClient(server.base_url).post('/email-otp/send-verification-otp', { email, type: 'sign-in' })).status, 200);
    const [sent] = receiver.of('send.otp', email);
    const code = sent.body.event_data.otp_code;
    const delivery = await settled(sent.body.event_id, 'delivered');
    assert.deepEqual(delivery.attempts.map(({ number, response_status }) => [number, response_status]), [[1, 500], [2, 500], [3, 200]]);
    assert.deepEqual([delivery.can_redeliver, delivery.payload], [false, undefined]);
    assert.ok(!JSON.stringify(delivery).includes(code));
    const [row] = await sql('SELECT row_to_json(d)::text AS row FROM neon_auth.argonauth_webhook_delivery d WHERE id = $1', [sent.body.event_id]);
    assert.ok(!row.row.includes(code), row.row);
    assertRefusal(await redeliver(sent.body.event_id), 409, /not kept/);
  });

  it('is listed in pages, newest first, by event type and status', async () => {
    const first = await created();
    receiver.answer = () => ({ status: 400 });
    const failed = await created('failed');
    receiver.answer = () => ({ status: 200 });
    const last = await created();
    const ids = [last, failed, first].map(({ delivery }) => delivery.id);
    const pages = [];
    for (let cursor; pages.length < 3; ) {
      const page = await list({ limit: 1, ...(cursor ? { cursor } : {}) });
      pages.push(page.deliveries[0].id);
      cursor = page.pagination.cursor;
    }
    assert.deepEqual(pages, ids);
    assert.equal((await list({ status: 'failed', limit: 1 })).deliveries[0].id, failed.delivery.id);
    assert.ok((await list({ status: 'failed' })).deliveries.every(({ status }) => status === 'failed'));
    const codes = (await list({ event_type: 'send.otp' })).deliveries;
    assert.ok(codes.every(({ event_type }) => event_type === 'send.otp') && codes.every(({ id }) => !ids.includes(id)));
    assert.deepEqual((await list({ event_type: 'organization.invitation.accepted' })), { deliveries: [] });
  });

  it('refuses what does not read as a filter, cursor or id', async () => {
    const cursor = (text) => Buffer.from(text).toString('base64url');
    const id = '00000000-0000-4000-8000-000000000000';
    for (const [query, hint] of [[{ status: 'dead' }, /status/], [{ event_type: 'x' }, /event_type/], [{ limit: 0 }, /limit/], [{ cursor: 'x' }, /cursor/],
      [{ cursor: cursor(`${id}.x`) }, /cursor/], [{ cursor: cursor('a.1') }, /cursor/], [{ cursor: cursor(`${id}.99999999999999999`) }, /cursor/], [{ cursor: cursor(`${id}.`) }, /cursor/]]) {
      assertRefusal(await call('GET', '/webhooks/deliveries', { query }), 400, hint);
    }
    assert.equal((await list({ cursor: cursor(`${id}.9999999999999999`) })).deliveries.length > 0, true);
    for (const unknown of [id, 'x']) assertRefusal(await call('GET', `/webhooks/deliveries/${unknown}`), 404, /delivery not found/);
    for (const unknown of [id, 'x']) assertRefusal(await redeliver(unknown), 404, /delivery not found/);
  });

  it('shows nothing of a parent branch, and a log that a tenant spoilt shows what is readable', async () => {
    const { delivery } = await created();
    await sql(`UPDATE neon_auth.argonauth_webhook_delivery SET attempt_log = '[1,{"number":"x"},{"number":7,"at":"now","duration_ms":3}]', body = 'no json' WHERE id = $1`, [delivery.id]);
    const spoilt = await show(delivery.id);
    assert.deepEqual([spoilt.attempts, spoilt.payload], [[{ number: 7, at: 'now', duration_ms: 3 }], undefined]);
    await sql(`UPDATE neon_auth.argonauth_webhook_delivery SET attempt_log = '{"a":1}', body = '{"event_type":"user.created","user":{}}' WHERE id = $1`, [delivery.id]);
    assert.deepEqual((await show(delivery.id)).attempts, []);
    assert.equal((await redeliver(delivery.id)).status, 202);
    assert.equal((await settled(delivery.id, 'delivered')).attempts.length, 1);
    await sql(`UPDATE neon_auth.argonauth_webhook_delivery SET branch_id = 'br-parent' WHERE id = $1`, [delivery.id]);
    assertRefusal(await call('GET', `/webhooks/deliveries/${delivery.id}`), 404);
    assertRefusal(await redeliver(delivery.id), 404);
    assert.ok((await list()).deliveries.every(({ id }) => id !== delivery.id));
  });

  it('keeps a week and ten thousand entries', async () => {
    const insert = (count, state, age) => sql(`INSERT INTO neon_auth.argonauth_webhook_delivery (id, branch_id, event_type, state, created_at, finished_at)
      SELECT gen_random_uuid(), $1, 'user.created', $3, now() - $4::interval, now() - $4::interval FROM generate_series(1, $2)`, [server.branch_id, count, state, age]);
    const count = async () => Number((await sql('SELECT count(*) FROM neon_auth.argonauth_webhook_delivery'))[0].count);
    await insert(5, 'delivered', '8 days');
    await insert(10_050, 'failed', '1 hour');
    // The server looks after a branch that was used, twice a minute.
    await eventually(async () => {
      await authClient(server.base_url).get('/get-session');
      assert.equal(await count(), 10_000);
    }, { within: 60_000, every: 1000 });
    assert.equal((await sql(`SELECT FROM neon_auth.argonauth_webhook_delivery WHERE created_at < now() - interval '7 days'`)).length, 0);
    await sql(`DELETE FROM neon_auth.argonauth_webhook_delivery WHERE created_at < now() - interval '30 minutes'`);
  });
});

describe('redelivery', () => {
  it('sends a failed event again: same id, same content, next number, signed anew', async () => {
    receiver.answer = () => ({ status: 400, body: 'no' });
    const { user, delivery } = await created('failed');
    receiver.answer = () => ({ status: 200 });
    const answer = await redeliver(delivery.id);
    assert.deepEqual([answer.status, answer.body.delivery.status, answer.body.delivery.can_redeliver], [202, 'pending', false]);
    const again = await settled(delivery.id, 'delivered');
    assert.deepEqual(again.attempts.map(({ number, response_status }) => [number, response_status]), [[1, 400], [2, 200]]);
    const [first, second] = receiver.of('user.created', user.email);
    assert.equal(second.raw, first.raw);
    assert.deepEqual([second.headers['x-neon-event-id'], second.headers['x-neon-delivery-attempt']], [first.headers['x-neon-event-id'], '2']);
    assert.notEqual(second.headers['x-neon-timestamp'], first.headers['x-neon-timestamp']);
    for (const one of [first, second]) assert.ok(await verifies(server.jwks_url, one));
  });

  it('sends a delivered event again, and of many requests at once one', async () => {
    const { user, delivery } = await created();
    receiver.answer = () => null; // hanging: the event stays on its way
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeliver(delivery.id)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, 409, 409, 409, 409, 409, 409, 409]);
    await eventually(() => assert.equal(receiver.of('user.created', user.email).length, 2), { within: 5000 });
    receiver.answer = () => ({ status: 200 });
    assert.equal((await settled(delivery.id, 'delivered')).attempts.at(-1).response_status, 200);
  });

  it('tries again for a day, with the short waits of a new event', async () => {
    const { delivery } = await created();
    await sql(`UPDATE neon_auth.argonauth_webhook_delivery SET attempts = 40, created_at = now() - interval '3 days', give_up_at = now() - interval '2 days' WHERE id = $1`, [delivery.id]);
    receiver.answer = ({ headers }) => ({ status: headers['x-neon-delivery-attempt'] === '42' ? 200 : 503 });
    await redeliver(delivery.id);
    assert.equal((await settled(delivery.id, 'delivered')).attempt_count, 42);
  });

  it('keeps the last twenty attempts', async () => {
    const { delivery } = await created();
    await sql(`UPDATE neon_auth.argonauth_webhook_delivery SET attempt_log = (SELECT jsonb_agg(jsonb_build_object('number', n, 'at', 'x', 'duration_ms', 1)) FROM generate_series(1, 20) n), attempts = 20 WHERE id = $1`, [delivery.id]);
    await redeliver(delivery.id);
    const { attempts } = await settled(delivery.id, 'delivered');
    assert.deepEqual(attempts.map(({ number }) => number), Array.from({ length: 20 }, (_, i) => i + 2));
  });

  it('is refused while the webhook is off', async () => {
    const { delivery } = await created();
    await configure({ enabled: false });
    assertRefusal(await redeliver(delivery.id), 409, /switched off/);
    assert.equal((await show(delivery.id)).status, 'delivered');
  });
});

describe('the test event', () => {
  const test = (body, options) => call('POST', '/webhooks/test', { body, ...options });

  for (const type of [undefined, ...everything, 'organization.invitation.created', 'organization.invitation.accepted']) {
    it(`${type ?? 'without a type'} is marked, signed, sent once and in the log`, async () => {
      await configure({ enabled_events: [] });
      const answer = await test(type && { event_type: type });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual([answer.body.delivered, answer.body.response_status, answer.body.event_type], [true, 200, type ?? 'webhook.test']);
      assert.equal(receiver.deliveries.length, 1);
      const [sent] = receiver.deliveries;
      assert.ok(await verifies(server.jwks_url, sent));
      assert.deepEqual([sent.body.test, sent.body.event_id, sent.headers['x-neon-event-type']], [true, answer.body.event_id, type ?? 'webhook.test']);
      const logged = await show(answer.body.event_id);
      assert.deepEqual([logged.test, logged.status, logged.attempt_count], [true, 'delivered', 1]);
      assert.equal(answer.body.answer, ['send.otp', 'send.magic_link'].includes(type) ? undefined : '{"allowed":true}');
    });
  }

  it('of user.before_create tells whether the answer is a verdict', async () => {
    for (const [body, allowed, error] of [['{"allowed":true}', true, undefined], ['{"allowed":false,"error_message":"Staff only"}', false, /Staff only/], ['ok', false, /no JSON/]]) {
      receiver.answer = () => ({ status: 200, body });
      const answer = await test({ event_type: 'user.before_create' });
      assert.deepEqual([answer.body.delivered, answer.body.allowed], [true, allowed]);
      error ? assert.match(answer.body.error, error) : assert.equal(answer.body.error, undefined);
    }
  });

  it('shows a failure, once and without a retry', async () => {
    for (const [reply, status, error] of [[{ status: 500, body: 'oops' }, 500, /answered 500/], [null, undefined, /./], ['reset', undefined, /./]]) {
      receiver.deliveries.length = 0;
      receiver.answer = () => reply;
      const answer = await test({});
      assert.deepEqual([answer.status, answer.body.delivered, answer.body.response_status], [200, false, status], answer.text);
      assert.match(answer.body.error, error);
      assert.equal(receiver.deliveries.length, 1);
      assert.equal((await show(answer.body.event_id)).status, 'failed');
    }
  });

  it('wants a URL and a known event', async () => {
    assertRefusal(await test({ event_type: 'user.deleted' }), 400, /event_type/);
    assertRefusal(await test({ url: receiver.url }), 400, /url/);
    await configure({ enabled: false, webhook_url: undefined });
    assertRefusal(await test({}), 422, /webhook_url/);
  });

  it('is limited', async () => {
    let last;
    for (let i = 0; i < 40 && last?.status !== 429; i++) last = await test({});
    assertRefusal(last, 429, /too many/);
  });
});

describe('API keys', () => {
  const paths = (id) => [['GET', '/webhooks/deliveries'], ['GET', `/webhooks/deliveries/${id}`], ['POST', `/webhooks/deliveries/${id}/redeliver`], ['POST', '/webhooks/test']];

  it('that only read do not send, those of another project see nothing, and without one there is no answer', async () => {
    const { delivery } = await created();
    const makeKey = async (limits) => (await api.createApiKey({}, { body: { key_name: 'limited', ...limits } })).body.key;
    const reader = await makeKey({ read_only: true });
    const other = (await api.createProject({}, { body: { project: { name: 'other' } } })).body.project.id;
    const stranger = await makeKey({ project_id: other });
    const owner = await makeKey({ project_id: server.project_id });
    for (const [method, path] of paths(delivery.id)) {
      assert.equal((await call(method, path, { key: reader })).status, method === 'GET' ? 200 : 403, path);
      assert.equal((await call(method, path, { key: stranger })).status, 404, path);
      assert.equal((await call(method, path, { key: null })).status, 401, path);
      if (method === 'GET') assert.equal((await call(method, path, { key: owner })).status, 200, path);
    }
    for (const [method, path] of paths(delivery.id)) assertRefusal(await call(method, path, { branch: 'br-none' }), 404);
  });
});

it('a password never gets into the log', async () => {
  const [{ rows }] = await sql('SELECT coalesce(string_agg(row_to_json(d)::text, \'\'), \'\') AS rows FROM neon_auth.argonauth_webhook_delivery d');
  assert.ok(!rows.includes(password));
});
