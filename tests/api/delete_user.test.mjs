// S135: users who delete themselves are asked for their password, and are gone then.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings } from '../support/settings.mjs';
import { signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const client = authClient(server.base_url);

it('S135: delete-user takes the right password, and session, sign-in and JWT end with the user', async () => {
  await changeSettings(sql, { advanced: { user: { deleteUser: { enabled: true } } } });
  const user = await signUp(server.base_url);
  const bystander = await signUp(server.base_url);
  const wrong = await client.post('/delete-user', { password: 'not-the-password' }, { jar: user.jar });
  assert.deepEqual([wrong.status, wrong.body.code], [400, 'INVALID_PASSWORD']);
  assert.equal(await whoIs(server.base_url, user.jar), user.id);

  const gone = await client.post('/delete-user', { password: user.password }, { jar: user.jar.copy() });
  assert.equal(gone.status, 200, gone.text);
  assert.equal(await whoIs(server.base_url, user.jar.copy()), null);
  assert.equal((await client.get('/token', { jar: user.jar.copy() })).status, 401);
  assert.equal((await client.post('/sign-in/email', user)).status, 401);
  for (const table of ['session', 'account', 'member']) assert.deepEqual(await sql(`SELECT id FROM neon_auth.${table} WHERE "userId" = $1`, [user.id]), []);
  assert.equal(await whoIs(server.base_url, bystander.jar), bystander.id);
});
