// Sign-in by mail at the legacy provider, where links may lead, and the brakes.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { assertKnown, assertText, codeOf, createIntegration, legacyClient, legacyPassword, nextMail, signUp } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const callback_url = 'http://localhost:3000/handler/magic-link-callback';
let app, client, backend, sql;
const configure = async (config) => {
  const answer = await app.manage('PATCH', '/auth/legacy_config', config);
  assert.equal(answer.status, 200, answer.text);
};
const send = (email, url = callback_url) => client.post('/auth/otp/send-sign-in-code', { email, callback_url: url });
const enter = (code) => client.post('/auth/otp/sign-in', { code });

before(async () => {
  app = await createIntegration(server);
  client = legacyClient(app);
  backend = legacyClient(app, { access: 'server' });
  sql = useDatabase(app);
});

describe('sign-in by mail', () => {
  it('is off unless the project wants it', async () => {
    assertText(await send(freshEmail()), 403, /not enabled/);
    assertText(await enter('x'), 403, /not enabled/);
    assertText(await client.post('/auth/otp/sign-in/check-code', { code: 'x' }), 403, /not enabled/);
    await configure({ magic_link_enabled: true });
  });

  it('by link makes a user, once', async () => {
    const email = freshEmail();
    const { body } = await send(email);
    const mail = await nextMail(server, email);
    const code = codeOf(mail);
    assert.equal(code.slice(6), body.nonce);
    assert.equal(mail.code, code.slice(0, 6).toUpperCase());
    assert.ok(mail.text.includes(mail.code) && mail.html.includes(mail.code) && mail.text.includes(mail.link));
    assert.deepEqual((await client.post('/auth/otp/sign-in/check-code', { code })).body, { is_code_valid: true });
    const answers = await Promise.all(Array.from({ length: 5 }, () => enter(code)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409]);
    const session = answers.find(({ status }) => status === 200).body;
    assert.equal(session.is_new_user, true);
    const [row] = await sql('SELECT raw_json FROM neon_auth.users_sync WHERE id = $1', [session.user_id]);
    assert.deepEqual([row.raw_json.primary_email, row.raw_json.primary_email_verified, row.raw_json.otp_auth_enabled], [email, true, true]);
  });

  it('by typed code finds the user again', async () => {
    const email = freshEmail();
    await send(email);
    const first = await nextMail(server, email);
    const { body: made } = await enter(codeOf(first));
    const { body } = await send(email);
    const { code } = await nextMail(server, email, first);
    const { body: again } = await enter(code + body.nonce);
    assert.deepEqual([again.user_id, again.is_new_user], [made.user_id, false]);
  });

  it('locks a code after twenty wrong guesses', async () => {
    const email = freshEmail();
    const { body } = await send(email);
    const { code } = await nextMail(server, email);
    for (let i = 0; i < 20; ++i) assertKnown(await enter(`00000${'0123456789abcdefghjk'[i]}${body.nonce}`), 404, 'VERIFICATION_CODE_NOT_FOUND');
    assertKnown(await enter(code + body.nonce), 400, 'VERIFICATION_CODE_MAX_ATTEMPTS_REACHED');
  });

  it('refuses an expired code', async () => {
    const email = freshEmail();
    await send(email);
    const mail = await nextMail(server, email);
    await sql(`UPDATE stack_auth.verification_code SET expires_at = now() - interval '1 second' WHERE data ->> 'email' = $1`, [email]);
    assertKnown(await enter(codeOf(mail)), 400, 'VERIFICATION_CODE_EXPIRED');
  });

  it('does not let the owner of an address into an account that a stranger made with it', async () => {
    const stranger = await signUp(client, freshEmail());
    assertKnown(await send(stranger.email), 409, 'USER_EMAIL_ALREADY_EXISTS', { email: stranger.email, would_work_if_email_was_verified: true });
  });

  it('makes nobody where sign-up is off', async () => {
    const email = freshEmail();
    await send(email);
    const mail = await nextMail(server, email);
    await configure({ sign_up_enabled: false });
    assertKnown(await enter(codeOf(mail)), 400, 'SIGN_UP_NOT_ENABLED');
    assertKnown(await send(freshEmail()), 400, 'SIGN_UP_NOT_ENABLED');
    assertKnown(await client.post('/auth/password/sign-up', { email, password: legacyPassword }), 400, 'SIGN_UP_NOT_ENABLED');
    await configure({ sign_up_enabled: true, credential_enabled: false });
    for (const [path, body] of [['sign-up', { email, password: legacyPassword }], ['sign-in', { email, password: legacyPassword }],
      ['send-reset-code', { email, callback_url }], ['reset', { code: 'x', password: legacyPassword }]]) {
      assertKnown(await client.post(`/auth/password/${path}`, body), 400, 'PASSWORD_AUTHENTICATION_NOT_ENABLED');
    }
    await configure({ credential_enabled: true });
  });

  it('refuses malformed bodies', async () => {
    for (const body of [{}, { email: 'x', callback_url }, { email: freshEmail() }, { email: freshEmail(), callback_url, more: 1 }]) {
      assertKnown(await client.post('/auth/otp/send-sign-in-code', body), 400, 'SCHEMA_ERROR');
    }
    for (const body of [{}, { code: 1 }, { code: 'x', more: 1 }]) assertKnown(await client.post('/auth/otp/sign-in', body), 400, 'SCHEMA_ERROR');
    for (const code of ['', 'x', 'ü'.repeat(45), '0'.repeat(46)]) assertKnown(await enter(code), 404, 'VERIFICATION_CODE_NOT_FOUND');
  });
});

describe('links lead', () => {
  const allowed = async (url) => {
    const answer = await send(freshEmail(), url);
    if (answer.status !== 200) assertKnown(answer, 400, 'REDIRECT_URL_NOT_WHITELISTED');
    return answer.status === 200;
  };

  it('to this machine, unless the project forbids it', async () => {
    for (const url of ['http://localhost/x', 'https://localhost:8443', 'http://127.0.0.1:3000/a?b=c', 'http://127.1.2.3/', 'http://[::1]:3000/', 'http://app.localhost:3000/']) {
      assert.ok(await allowed(url), url);
    }
    await configure({ allow_localhost: false });
    assert.ok(!(await allowed('http://localhost:3000/x')));
    await configure({ allow_localhost: true });
  });

  it('to trusted domains, by scheme, host and port', async () => {
    for (const domain of ['https://app.example.com', 'https://*.preview.example.com', 'https://**.deep.example.com']) {
      const answer = await app.manage('POST', '/auth/domains', { auth_provider: 'stack', domain });
      assert.ok(answer.status < 300, answer.text);
    }
    for (const url of ['https://app.example.com/handler?x=1', 'https://APP.example.com:443/', 'https://a.preview.example.com/', 'https://a.b.deep.example.com/x']) {
      assert.ok(await allowed(url), url);
    }
    for (const url of ['http://app.example.com/', 'https://app.example.com:8443/', 'https://example.com/', 'https://app.example.com.evil.test/', 'https://a.b.preview.example.com/',
      'https://evil.test/https://app.example.com', 'https://app.example.com@evil.test/', 'https://evil.test\\@app.example.com/', '//app.example.com', '/relative',
      'javascript:alert(1)', 'https://localhost.evil.test/', 'http://127.0.0.1.evil.test/', 'http://2130706433/', 'https:/app.example.com', '']) {
      assert.ok(!(await allowed(url)), url);
    }
  });
});
