// What the receiver of each event gets, checked as its documentation tells receivers to: signature, envelope, content, and no secret.
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { extensionClient } from '../support/extension.mjs';
import { authClient } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';
import { startReceiver, verifies } from '../support/webhook_receiver.mjs';

const server = await useServer();
const sql = useDatabase(server);
const api = managementClient(server);
const call = await extensionClient(server);
const receiver = await startReceiver();
const auth = authClient(server.base_url);
const freshPhone = () => `+49${String(Math.floor(Math.random() * 9e9) + 1e9)}`;

before(async () => {
  const body = { enabled: true, webhook_url: receiver.url, enabled_events: ['send.otp', 'send.magic_link', 'phone_number.verified'], timeout_seconds: 5 };
  assert.equal((await api.updateNeonAuthWebhookConfig(server, { body })).status, 200);
  assert.equal((await api.updateNeonAuthEmailAndPasswordConfig(server, { body: { email_verification_method: 'link' } })).status, 200);
  await sql(`UPDATE neon_auth.project_config SET plugin_configs = jsonb_set(jsonb_set(plugin_configs, '{magicLink,enabled}', 'true'), '{phoneNumber,enabled}', 'true')`);
  assert.equal((await call('PATCH', '/advanced', { body: { phone: { signUpOnVerification: true } } })).status, 200);
});
beforeEach(() => (receiver.deliveries.length = 0));

/** The one delivery that a request caused; everything that all of them have in common is checked here. */
async function delivered(type, matches, request) {
  const answer = await request();
  assert.equal(answer.status, 200, answer.text);
  for (let i = 0; i < 200 && !receiver.deliveries.some((one) => one.body.event_type === type && matches(one.body)); i++) await new Promise((resolve) => setTimeout(resolve, 25));
  const found = receiver.deliveries.filter((one) => one.body.event_type === type && matches(one.body));
  assert.equal(found.length, 1);
  const [delivery] = found;
  assert.ok(await verifies(server.jwks_url, delivery));
  const { headers, body } = delivery;
  assert.deepEqual([headers['x-neon-event-type'], headers['x-neon-event-id'], headers['x-neon-delivery-attempt']], [type, body.event_id, '1']);
  assert.deepEqual(body.context, { endpoint_id: server.endpoint_id, project_name: (await api.getNeonAuth(server)).body.name ?? body.context.project_name });
  assert.ok(!delivery.raw.includes(password));
  assert.equal(body.test, undefined);
  return { ...delivery, answer };
}
const byEmail = (email) => (body) => body.user.email === email;
const byPhone = (number) => (body) => body.user.phone_number === number;
const lives = (body, seconds) => assert.ok(Math.abs(Date.parse(body.event_data.expires_at) - Date.now() - seconds * 1000) < 10_000, body.event_data.expires_at);

describe('send.otp', () => {
  for (const [type, path, body] of [['sign-in', '/email-otp/send-verification-otp', { type: 'sign-in' }], ['email-verification', '/email-otp/send-verification-otp', { type: 'email-verification' }],
    ['forget-password', '/email-otp/send-verification-otp', { type: 'forget-password' }], ['forget-password', '/email-otp/request-password-reset', {}]]) {
    it(`${type} (${path})`, async () => {
      const user = await signUp(server.base_url);
      const { body: { event_data: data, user: told } } = await delivered('send.otp', byEmail(user.email), () => auth.post(path, { email: user.email, ...body }));
      assert.match(data.otp_code, /^\d{6}$/);
      assert.deepEqual([data.otp_type, data.delivery_preference, told.id, told.name], [type, 'email', user.id, 'Test User']);
      assert.ok(data.ip_address);
      lives({ event_data: data }, 300);
    });
  }

  it('the code signs a stranger in, and their name is not known', async () => {
    const email = freshEmail();
    const { body } = await delivered('send.otp', byEmail(email), () => auth.post('/email-otp/send-verification-otp', { email, type: 'sign-in' }));
    assert.deepEqual(body.user, { email });
    assert.equal((await auth.post('/sign-in/email-otp', { email, otp: body.event_data.otp_code })).status, 200);
  });
});

describe('send.magic_link', () => {
  for (const [type, path, life, follow] of [['email-verification', '/send-verification-email', 3600, '/verify-email'], ['forget-password', '/request-password-reset', 3600, '/reset-password/'], ['sign-in', '/sign-in/magic-link', 300, '/magic-link/verify']]) {
    it(type, async () => {
      const user = await signUp(server.base_url);
      const { body } = await delivered('send.magic_link', byEmail(user.email), () => auth.post(path, { email: user.email }));
      const { link_type, link_url, token, otp_code } = body.event_data;
      assert.deepEqual([link_type, otp_code, body.user.id], [type, undefined, user.id]);
      assert.ok(link_url.startsWith(`${server.base_url}${follow}`) && link_url.includes(token), link_url);
      lives(body, life);
      if (type === 'forget-password') assert.equal((await auth.post('/reset-password', { token, newPassword: 'another-horse-9' })).status, 200);
      else assert.ok([200, 302].includes((await auth.get(link_url.slice(server.base_url.length))).status));
    });
  }
});

describe('phones', () => {
  it('get their code by send.otp, and phone_number.verified tells that it was right', async () => {
    const phoneNumber = freshPhone();
    const { body } = await delivered('send.otp', byPhone(phoneNumber), () => auth.post('/phone-number/send-otp', { phoneNumber }));
    assert.deepEqual([body.event_data.otp_type, body.event_data.delivery_preference], ['sign-in', 'sms']);
    const verified = await delivered('phone_number.verified', byPhone(phoneNumber), () => auth.post('/phone-number/verify', { phoneNumber, code: body.event_data.otp_code }));
    assert.deepEqual([verified.body.user.phone_number_verified, verified.body.event_data.phone_number, verified.body.event_data.otp_code], [true, phoneNumber, undefined]);
    assert.equal(verified.body.user.id, verified.answer.body.user.id);
    const reset = await delivered('send.otp', (told) => byPhone(phoneNumber)(told) && told.event_data.otp_type === 'forget-password', () => auth.post('/phone-number/request-password-reset', { phoneNumber }));
    assert.equal(reset.body.event_data.delivery_preference, 'sms');
  });

  it('a wrong code tells nobody anything', async () => {
    const phoneNumber = freshPhone();
    const { body } = await delivered('send.otp', byPhone(phoneNumber), () => auth.post('/phone-number/send-otp', { phoneNumber }));
    const code = body.event_data.otp_code === '000000' ? '111111' : '000000';
    assert.notEqual((await auth.post('/phone-number/verify', { phoneNumber, code })).status, 200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.deepEqual(receiver.deliveries.filter(({ body: told }) => told.event_type === 'phone_number.verified'), []);
  });
});
