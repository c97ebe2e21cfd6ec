// Routes that send mail tell nobody who has an account: not by the answer, not by the time it takes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { useInbox } from '../support/inbox.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings } from '../support/settings.mjs';
import { freshEmail, signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const inbox = await useInbox(sql);
await changeSettings(sql, { email_and_password: { emailVerificationMethod: 'link' }, advanced: { delivery: { codesByWebhook: 'phone' }, emailOtp: { disableSignUp: true } } });
const post = (path, body) => authClient(server.base_url).post(path, body);

const senders = {
  'request-password-reset': (email) => post('/request-password-reset', { email, redirectTo: '/reset' }),
  'send-verification-email': (email) => post('/send-verification-email', { email }),
  'a code to sign in': (email) => post('/email-otp/send-verification-otp', { email, type: 'sign-in' }),
  'a code to verify': (email) => post('/email-otp/send-verification-otp', { email, type: 'email-verification' }),
  'a code to reset': (email) => post('/email-otp/send-verification-otp', { email, type: 'forget-password' }),
  'email-otp/request-password-reset': (email) => post('/email-otp/request-password-reset', { email }),
  'forget-password/email-otp': (email) => post('/forget-password/email-otp', { email }),
};

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];

for (const [name, send] of Object.entries(senders)) {
  describe(name, () => {
    it('S051, S053: answers and takes as long for a stranger as for a user', async () => {
      const { email } = await signUp(server.base_url);
      const times = { known: [], unknown: [] };
      const answers = {};
      for (let i = 0; i < 9; i++) {
        for (const [kind, address] of [['known', email], ['unknown', freshEmail()]]) {
          const start = performance.now();
          answers[kind] = await send(address);
          times[kind].push(performance.now() - start);
        }
      }
      const { known, unknown } = answers;
      assert.deepEqual([known.status, known.text], [unknown.status, unknown.text]);
      assert.deepEqual(Object.keys(known.headers), Object.keys(unknown.headers));
      const difference = median(times.known) - median(times.unknown);
      assert.ok(Math.abs(difference) < 8, `known - unknown = ${difference.toFixed(1)} ms`);
    });
  });
}

it('S051: only who has an account gets a mail', async () => {
  const { email } = await signUp(server.base_url);
  const stranger = freshEmail();
  await senders['request-password-reset'](stranger);
  await senders['request-password-reset'](email);
  await inbox.mail(email);
  await inbox.noMail(stranger);
});
