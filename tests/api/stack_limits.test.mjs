// The legacy provider where limits are on; and what a copied branch has of it.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { query } from '../support/branches.mjs';
import { assertKnown, createIntegration, legacyClient, legacyPassword, signUp } from '../support/legacy_app.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer({ args: ['--rate-limit'] });
const app = await createIntegration(server);
const client = legacyClient(app);
const backend = legacyClient(app, { access: 'server' });

it('slows down who guesses a password, whether there is such a user or not', async () => {
  const { email } = await signUp(client, freshEmail());
  for (const address of [email, freshEmail()]) {
    for (let i = 0; i < 10; ++i) assertKnown(await client.post('/auth/password/sign-in', { email: address, password: 'not-the-password' }), 400, 'EMAIL_PASSWORD_MISMATCH');
    const answer = await client.post('/auth/password/sign-in', { email: address, password: legacyPassword });
    assert.equal(answer.status, 429, answer.text);
    assert.ok(Number(answer.headers['retry-after']) >= 1);
    const hidden = await client.post('/auth/password/sign-in', { email: address, password: 'x' }, { headers: { 'x-stack-override-error-status': 'true' } });
    assert.deepEqual([hidden.status, hidden.headers['x-stack-actual-status']], [200, '429']);
  }
});

it('fills no mailbox, whether there is such a user or not', async () => {
  const { email } = await signUp(client, freshEmail());
  for (const address of [email, freshEmail()]) {
    const send = () => client.post('/auth/password/send-reset-code', { email: address, callback_url: 'http://localhost:3000/reset' });
    for (let i = 0; i < 5; ++i) assert.equal((await send()).status, 200);
    assert.equal((await send()).status, 429);
  }
});

it('lets nobody flood mailboxes with invitations: not one, nor many', async () => {
  const sender = await signUp(client, freshEmail());
  const { id: team_id } = (await backend.post('/teams', { display_name: 'Crew', creator_user_id: sender.id })).body;
  const invite = (from, email) => from.post('/team-invitations/send-code', { team_id, email, callback_url: 'http://localhost:3000/join' });
  const target = freshEmail();
  for (let i = 0; i < 5; ++i) assert.equal((await invite(backend, target)).status, 200);
  assert.equal((await invite(backend, target)).status, 429);
  const own = client.as(sender.accessToken);
  for (let i = 0; i < 30; ++i) assert.equal((await invite(own, freshEmail())).status, 200);
  assert.equal((await invite(own, freshEmail())).status, 429);
  assert.equal((await invite(backend, freshEmail())).status, 200);
});

it('a copied branch has the users, and answers to nobody', async () => {
  const { body: user } = await backend.post('/users', { display_name: 'Copied' });
  const api = managementClient(server);
  const made = await api.createProjectBranch({ project_id: app.project_id }, { body: { branch: { name: 'copy' }, endpoints: [{ type: 'read_write' }] } });
  assert.equal(made.status, 201, made.text);
  const uri = made.body.connection_uris[0].connection_uri;
  const rows = await query(uri, 'SELECT name FROM neon_auth.users_sync WHERE id = $1', [user.id]);
  assert.deepEqual(rows, [{ name: 'Copied' }]);
  for (const table of ['session', 'team_invitation', 'argonauth_mail']) assert.deepEqual(await query(uri, `SELECT 1 FROM stack_auth.${table}`), [], table);
  await backend.patch(`/users/${user.id}`, { display_name: 'Parent' });
  assert.deepEqual(await query(uri, 'SELECT name FROM neon_auth.users_sync WHERE id = $1', [user.id]), [{ name: 'Copied' }]);
});
