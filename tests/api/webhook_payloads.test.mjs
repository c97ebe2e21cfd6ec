// What a webhook gets to see of people: what the event is about, and nothing that opens an account.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings } from '../support/settings.mjs';
import { freshEmail, password, signIn, signUp } from '../support/users.mjs';
import { startReceiver } from '../support/webhook_receiver.mjs';

const server = await useServer();
const sql = useDatabase(server);
const receiver = await startReceiver();
const auth = { post: (path, body, { jar } = {}) => request(`${server.base_url}${path}`, { method: 'POST', body, jar, headers: { origin: server.origin } }) };
const everything = ['user.before_create', 'user.created', 'send.otp', 'send.magic_link', 'phone_number.verified', 'organization.invitation.created', 'organization.invitation.accepted'];

it('S166: payloads hold no password, hash, session or secret, and a code only where it is to be sent', async () => {
  await changeSettings(sql, {
    webhook_config: { enabled: true, webhookUrl: receiver.url, enabledEvents: everything, timeoutSeconds: 5 },
    plugin_configs: { magicLink: { enabled: true }, phoneNumber: { enabled: true }, organization: { enabled: true, config: {} } },
  });
  const user = await signUp(server.base_url);
  const session = await signIn(server.base_url, user);
  await auth.post('/email-otp/send-verification-otp', { email: user.email, type: 'email-verification' });
  const { otp_code: code } = (await receiver.next('send.otp', user.email)).body.event_data;
  assert.equal((await auth.post('/email-otp/verify-email', { email: user.email, otp: code })).status, 200);
  await auth.post('/sign-in/magic-link', { email: user.email });
  const link = (await receiver.next('send.magic_link', user.email)).body.event_data;
  const phoneNumber = `+1555${String(Date.now()).slice(-7)}`;
  assert.equal((await auth.post('/phone-number/send-otp', { phoneNumber }, { jar: user.jar })).status, 200);
  const sms = receiver.deliveries.filter(({ body }) => body.event_type === 'send.otp').at(-1);
  const verified = await auth.post('/phone-number/verify', { phoneNumber, code: sms.body.event_data.otp_code, updatePhoneNumber: true }, { jar: user.jar });
  assert.equal(verified.status, 200, verified.text);

  const made = await auth.post('/organization/create', { name: 'Acme', slug: `acme-${Date.now()}` }, { jar: user.jar });
  assert.equal(made.status, 200, made.text);
  const guest = await signUp(server.base_url, { email: freshEmail('guest') });
  await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [guest.id]);
  const invited = await auth.post('/organization/invite-member', { email: guest.email, role: 'member', organizationId: made.body.id }, { jar: user.jar });
  assert.equal(invited.status, 200, invited.text);
  assert.equal((await auth.post('/organization/accept-invitation', { invitationId: invited.body.id }, { jar: guest.jar })).status, 200);
  for (const type of everything) await receiver.next(type, undefined, { within: 8000 });

  const hashes = (await sql('SELECT password FROM neon_auth.account WHERE password IS NOT NULL')).map((row) => row.password);
  const secrets = [password, ...hashes, user.token, session.token, guest.token, decodeURIComponent(user.jar.get('session_token'))];
  const tokenOfLink = /token=([A-Za-z0-9]+)/.exec(JSON.stringify(link))[1];
  for (const { raw, body } of receiver.deliveries) {
    for (const secret of secrets) assert.ok(!raw.includes(secret), body.event_type);
    if (body.event_type !== 'send.otp') for (const one of [code, sms.body.event_data.otp_code]) assert.ok(!Object.values(body.event_data).includes(one), body.event_type);
    if (body.event_type !== 'send.magic_link') assert.ok(!raw.includes(tokenOfLink), body.event_type);
    assert.doesNotMatch(raw, /"(password|hash|secret|privateKey|accessToken|refreshToken|sessionToken)"/i, body.event_type);
  }
});
