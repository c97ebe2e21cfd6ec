// One story, played with each published version of @stackframe/js, unmodified: a server and a client app against a legacy integration,
// and after each step a look at neon_auth.users_sync.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { useDatabase } from './db.mjs';
import { createIntegration, legacyPassword } from './legacy_app.mjs';
import { freshEmail } from './users.mjs';

export function playStackframe(version, { StackServerApp, StackClientApp }, server) {
  let integration, sql, serverApp, clientApp;
  const synced = async (id) => (await sql('SELECT * FROM neon_auth.users_sync WHERE id = $1', [id]))[0];

  before(async () => {
    integration = await createIntegration(server, { name: `SDK ${version}` });
    sql = useDatabase(integration);
    const options = { baseUrl: server.origin, projectId: integration.projectId, publishableClientKey: integration.publishableKey, tokenStore: 'memory',
      urls: { handler: '/handler' } };
    serverApp = new StackServerApp({ ...options, secretServerKey: integration.secretKey });
    clientApp = new StackClientApp(options);
  });

  describe(`StackServerApp ${version}`, () => {
    let user;
    const email = freshEmail('server');

    it('creates a user, and the row is there', async () => {
      user = await serverApp.createUser({ primaryEmail: email, primaryEmailVerified: true, primaryEmailAuthEnabled: true, password: legacyPassword,
        displayName: 'Ada', serverMetadata: { plan: 'pro' }, clientMetadata: { theme: 'dark' } });
      assert.equal(user.displayName, 'Ada');
      const row = await synced(user.id);
      assert.equal(row.name, 'Ada');
      assert.equal(row.email, email);
      assert.equal(row.deleted_at, null);
      assert.ok(Math.abs(Date.now() - new Date(row.updated_at)) < 60_000);
      assert.equal(new Date(row.created_at).getTime(), row.raw_json.signed_up_at_millis);
      assert.deepEqual(row.raw_json.server_metadata, { plan: 'pro' });
      assert.equal(row.raw_json.has_password, true);
    });

    it('gets and lists it', async () => {
      const found = await serverApp.getUser(user.id);
      assert.equal(found.primaryEmail, email);
      assert.deepEqual(found.clientMetadata, { theme: 'dark' });
      const users = await serverApp.listUsers();
      assert.deepEqual(users.map((one) => one.id), [user.id]);
      assert.equal(await serverApp.getUser('00000000-0000-4000-8000-000000000000'), null);
    });

    it('updates it, and the row follows', async () => {
      await user.update({ displayName: 'Ada Lovelace', serverMetadata: { plan: 'free' } });
      assert.equal((await serverApp.getUser(user.id)).displayName, 'Ada Lovelace');
      const row = await synced(user.id);
      assert.equal(row.name, 'Ada Lovelace');
      assert.deepEqual(row.raw_json.server_metadata, { plan: 'free' });
    });

    it('deletes it, and the row is marked', async () => {
      await user.delete();
      assert.equal(await serverApp.getUser(user.id), null);
      const row = await synced(user.id);
      assert.ok(Math.abs(Date.now() - new Date(row.deleted_at)) < 60_000);
      assert.equal(row.name, 'Ada Lovelace');
    });
  });

  describe(`StackClientApp ${version}`, () => {
    const email = freshEmail('client');
    const none = { verificationCallbackUrl: 'http://localhost:3000/verify', noRedirect: true };
    let id;

    it('signs up, and the row is there', async () => {
      const result = await clientApp.signUpWithCredential({ email, password: legacyPassword, ...none });
      assert.equal(result.status, 'ok', JSON.stringify(result.error));
      const user = await clientApp.getUser();
      id = user.id;
      assert.equal(user.primaryEmail, email);
      assert.equal(user.primaryEmailVerified, false);
      assert.equal((await synced(id)).email, email);
    });

    it('refuses a second sign-up and a wrong password with results, not exceptions', async () => {
      const again = await clientApp.signUpWithCredential({ email, password: legacyPassword, ...none });
      assert.equal(again.status, 'error');
      assert.equal(again.error.errorCode, 'USER_EMAIL_ALREADY_EXISTS');
      const wrong = await clientApp.signInWithCredential({ email, password: 'not-the-password', noRedirect: true });
      assert.equal(wrong.status, 'error');
      assert.equal(wrong.error.errorCode, 'EMAIL_PASSWORD_MISMATCH');
      for (const password of ['short', 'x'.repeat(71)]) {
        const refused = await clientApp.signUpWithCredential({ email: freshEmail(), password, ...none });
        assert.equal(refused.status, 'error');
        assert.match(refused.error.errorCode, /^PASSWORD_TOO_(SHORT|LONG)$/);
      }
    });

    it('signs in, and shows a token that jose verifies', async () => {
      const result = await clientApp.signInWithCredential({ email, password: legacyPassword, noRedirect: true });
      assert.equal(result.status, 'ok', JSON.stringify(result.error));
      const user = await clientApp.getUser();
      assert.equal(user.id, id);
      const { accessToken, refreshToken } = await user.getAuthJson();
      assert.match(refreshToken, /^[0-9a-hjkmnp-tv-z]{45}$/);
      const { payload, protectedHeader } = await jwtVerify(accessToken, createRemoteJWKSet(new URL(integration.jwksUrl)), {
        issuer: `${server.origin}/api/v1/projects/${integration.projectId}`, audience: integration.projectId, algorithms: ['ES256'],
      });
      assert.equal(protectedHeader.alg, 'ES256');
      assert.equal(payload.sub, id);
      assert.equal(payload.role, 'authenticated');
      assert.equal(payload.email, email);
      assert.equal(payload.exp - payload.iat, 600);
      for (const claim of ['project_id', 'branch_id', 'refresh_token_id', 'name', 'email_verified', 'selected_team_id', 'is_anonymous', 'is_restricted',
        'restricted_reason', 'requires_totp_mfa', 'signed_up_at', 'branchId', 'refreshTokenId']) assert.ok(claim in payload, claim);
    });

    it('updates the user, and the row follows', async () => {
      const user = await clientApp.getUser();
      await user.update({ displayName: 'Grace', clientMetadata: { seen: true } });
      assert.equal((await clientApp.getUser()).displayName, 'Grace');
      const row = await synced(id);
      assert.equal(row.name, 'Grace');
      assert.deepEqual(row.raw_json.client_metadata, { seen: true });
    });

    it('changes the password', async () => {
      const user = await clientApp.getUser();
      const wrong = await user.updatePassword({ oldPassword: 'not-the-password', newPassword: 'another-horse-9' });
      assert.equal(wrong?.errorCode, 'PASSWORD_CONFIRMATION_MISMATCH');
      assert.equal(await user.updatePassword({ oldPassword: legacyPassword, newPassword: 'another-horse-9' }), undefined);
      assert.equal((await clientApp.getUser()).id, id);
    });

    it('lists its sessions', async () => {
      const sessions = await (await clientApp.getUser()).getActiveSessions?.();
      if (!sessions) return; // not in this version
      assert.equal(sessions.filter((session) => session.isCurrentSession).length, 1);
    });

    it('signs out', async () => {
      const user = await clientApp.getUser();
      await user.signOut({ redirectUrl: undefined }).catch((error) => {
        if (!/redirect|window|browser/i.test(error.message)) throw error;
      });
      assert.equal(await clientApp.getUser(), null);
      assert.equal((await sql('SELECT count(*)::int AS open FROM stack_auth.session WHERE user_id = $1', [id]))[0].open, 0);
    });
  });
}
