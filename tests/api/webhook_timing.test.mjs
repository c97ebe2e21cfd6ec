// A receiver of codes that is slow or broken tells strangers nothing: where only known addresses are sent something, the answer comes first.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { extensionClient } from '../support/extension.mjs';
import { authClient } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings, untilHeard } from '../support/settings.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';
import { startReceiver, verifies } from '../support/webhook_receiver.mjs';

const server = await useServer();
const sql = useDatabase(server);
const api = managementClient(server);
const call = await extensionClient(server);
const receiver = await startReceiver();
const post = (path, body, options) => authClient(server.base_url).post(path, body, options);

before(async () => {
  const body = { enabled: true, webhook_url: receiver.url, enabled_events: ['send.otp', 'send.magic_link'], timeout_seconds: 2 };
  assert.equal((await api.updateNeonAuthWebhookConfig(server, { body })).status, 200);
});
beforeEach(() => {
  receiver.deliveries.length = 0;
  receiver.answer = () => ({ status: 200 });
});

async function measure(send, address) {
  const start = performance.now();
  const { status, text } = await send(address);
  return { time: performance.now() - start, answer: { status, text } };
}

const quiet = {
  'request-password-reset': (email) => post('/request-password-reset', { email }),
  'email-otp/request-password-reset': (email) => post('/email-otp/request-password-reset', { email }),
  'a code to reset': (email) => post('/email-otp/send-verification-otp', { email, type: 'forget-password' }),
  'a code to verify': (email) => post('/email-otp/send-verification-otp', { email, type: 'email-verification' }),
  'send-verification-email': (email) => post('/send-verification-email', { email }),
};

describe('where only users are sent something', () => {
  for (const [name, send] of Object.entries(quiet)) {
    it(`${name}: same answer, same time, and the receiver is called`, async () => {
      const user = await signUp(server.base_url);
      for (const answer of [null, { status: 500 }]) { // hanging until the timeout, and broken
        receiver.answer = () => answer;
        receiver.deliveries.length = 0;
        const known = await measure(send, user.email);
        const unknown = await measure(send, freshEmail());
        assert.deepEqual(known.answer, unknown.answer);
        assert.equal(known.answer.status, 200, known.answer.text);
        assert.ok(known.time < 1000 && Math.abs(known.time - unknown.time) < 150, `${known.time} and ${unknown.time}`);
        await eventually(() => assert.equal(receiver.deliveries.length, 3), { within: 9000 });
        assert.ok(receiver.deliveries.every(({ body }) => body.user.email === user.email));
        assert.ok(await verifies(server.jwks_url, receiver.deliveries[2]));
        const { event_id: id } = receiver.deliveries[0].body;
        // The outcome is where an operator looks for it.
        await eventually(async () => assert.equal((await call('GET', `/webhooks/deliveries/${id}`)).body.delivery.attempts.length, 3), { within: 5000 });
      }
    });
  }

  it('the code works although nobody waited for its delivery', async () => {
    const user = await signUp(server.base_url);
    await quiet['a code to reset'](user.email);
    const { body } = await receiver.next('send.otp', user.email);
    const answer = await post('/email-otp/reset-password', { email: user.email, otp: body.event_data.otp_code, password: 'another-horse-9' });
    assert.equal(answer.status, 200, answer.text);
  });

  it('sign-up that hides taken addresses is as fast for new ones', async () => {
    const taken = await signUp(server.base_url);
    await changeSettings(sql, { email_and_password: { requireEmailVerification: true } });
    receiver.answer = () => null;
    const send = (email) => post('/sign-up/email', { email, password, name: 'X' });
    const fresh = await measure(send, freshEmail());
    const known = await measure(send, taken.email);
    assert.deepEqual([fresh.answer.status, known.answer.status], [200, 200]);
    assert.ok(fresh.time < 1500 && known.time < 1500, `${fresh.time} and ${known.time}`);
    await changeSettings(sql, { email_and_password: { requireEmailVerification: false } });
  });
});

describe('where everybody is sent something', () => {
  before(() => sql(`UPDATE neon_auth.project_config SET plugin_configs = jsonb_set(plugin_configs, '{magicLink,enabled}', 'true')`).then(untilHeard));

  for (const [name, send] of Object.entries({
    'a code to sign in': (email) => post('/email-otp/send-verification-otp', { email, type: 'sign-in' }),
    'a magic link': (email) => post('/sign-in/magic-link', { email }),
  })) {
    it(`${name} fails when it cannot be delivered, for users and strangers alike`, async () => {
      receiver.answer = () => ({ status: 500 });
      const user = await signUp(server.base_url);
      const known = await measure(send, user.email);
      const unknown = await measure(send, freshEmail());
      assert.deepEqual(known.answer, unknown.answer);
      assert.equal(known.answer.status, 502, known.answer.text);
    });
  }
});
