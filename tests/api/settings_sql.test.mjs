// Settings are a row of the user's own database: changed by SQL, they count at once.
import assert from 'node:assert/strict';
import { afterEach, before, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { untilHeard } from '../support/settings.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);
const trySignUp = (fields) => auth().post('/sign-up/email', { email: freshEmail(), password, name: 'X', ...fields });
const trySignIn = (user) => auth().post('/sign-in/email', { email: user.email, password });

let original;
before(async () => ([original] = await sql('SELECT * FROM neon_auth.project_config')));

// One test's settings must not be the next one's. Every I/O thread hears of a change by itself, a moment after the commit; the next test begins when all of them have.
afterEach(async () => {
  await sql('UPDATE neon_auth.project_config SET email_and_password = $1, trusted_origins = $2, advanced = $3', [original.email_and_password, original.trusted_origins, original.advanced].map((value) => JSON.stringify(value)));
  await untilHeard();
});
const setPasswordRules = (change) => sql(`UPDATE neon_auth.project_config SET email_and_password = email_and_password || $1`, [JSON.stringify(change)]);
const setAdvanced = (change) => sql(`UPDATE neon_auth.project_config SET advanced = coalesce(advanced, '{}') || $1`, [JSON.stringify(change)]);

it('there is exactly one row, and it describes the branch', async () => {
  const rows = await sql('SELECT * FROM neon_auth.project_config');
  assert.equal(rows.length, 1);
  assert.equal(rows[0].endpoint_id, server.endpoint_id);
  assert.equal(rows[0].allow_localhost, true);
  assert.equal(rows[0].email_and_password.enabled, true);
  assert.equal(rows[0].email_and_password.disableSignUp, false);
  assert.equal(rows[0].email_and_password.requireEmailVerification, false);
});

it('disableSignUp closes the door for new users only', async () => {
  const user = await signUp(server.base_url);
  await setPasswordRules({ disableSignUp: true });
  await eventually(async () => {
    const answer = await trySignUp();
    assert.deepEqual([answer.status, answer.body.code], [400, 'EMAIL_PASSWORD_SIGN_UP_DISABLED']);
  });
  assert.equal((await trySignIn(user)).status, 200);
});

it('enabled: false closes it for everybody', async () => {
  const user = await signUp(server.base_url);
  await setPasswordRules({ enabled: false });
  await eventually(async () => assert.equal((await trySignIn(user)).status, 400));
  assert.equal((await trySignUp()).status, 400);
});

it('requireEmailVerification withholds the session, and a taken address looks like a new one', async () => {
  const user = await signUp(server.base_url);
  await setPasswordRules({ requireEmailVerification: true });
  await eventually(async () => assert.equal((await trySignUp()).body.token, null));
  const answer = await trySignUp();
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.cookies, []);
  const again = await trySignUp({ email: user.email });
  assert.equal(again.status, 200, again.text);
  assert.equal(again.body.token, null);
  assert.notEqual(again.body.user.id, user.id);
  const refused = await trySignIn(user);
  assert.deepEqual([refused.status, refused.body.code], [403, 'EMAIL_NOT_VERIFIED']);
  await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [user.id]);
  assert.equal((await trySignIn(user)).status, 200);
});

it('trusted_origins', async () => {
  const user = await signUp(server.base_url);
  const from = (origin) => auth().post('/update-user', { name: 'X' }, { jar: user.jar.copy(), origin });
  assert.equal((await from('https://new.example.com')).status, 403);
  await sql('UPDATE neon_auth.project_config SET trusted_origins = $1', [JSON.stringify(['https://new.example.com'])]);
  await eventually(async () => assert.equal((await from('https://new.example.com')).status, 200));
  await sql(`UPDATE neon_auth.project_config SET trusted_origins = '[]'`);
  await eventually(async () => assert.equal((await from('https://new.example.com')).status, 403));
});

it('the length of passwords', async () => {
  await setAdvanced({ password: { minLength: 12, maxLength: 20 } });
  await eventually(async () => assert.equal((await trySignUp({ password: 'x'.repeat(11) })).body.code, 'PASSWORD_TOO_SHORT'));
  assert.equal((await trySignUp({ password: 'x'.repeat(21) })).body.code, 'PASSWORD_TOO_LONG');
  assert.equal((await trySignUp({ password: 'x'.repeat(20) })).status, 200);
});

it('the life of sessions', async () => {
  await setAdvanced({ session: { expiresIn: 3600, updateAge: 60, freshAge: 60 } });
  await eventually(async () => assert.equal((await trySignUp()).cookies[0].attributes['max-age'], '3600'));
});

it('a role given by SQL shows in the next answer', async () => {
  const user = await signUp(server.base_url);
  await sql(`UPDATE neon_auth."user" SET role = 'admin', name = 'By SQL' WHERE id = $1`, [user.id]);
  const { body } = await auth().get('/get-session', { jar: user.jar });
  assert.deepEqual([body.user.role, body.user.name], ['admin', 'By SQL']);
});

it('nonsense in the row is survived, and mended by SQL as well', async () => {
  for (const [column, value] of [['trusted_origins', '{"a": 1}'], ['trusted_origins', '[1, null, {}]'], ['email_and_password', '[]'], ['advanced', '{"session": "long", "password": [], "cookies": 7}'], ['advanced', '[]'], ['plugin_configs', '"x"']]) {
    await sql(`UPDATE neon_auth.project_config SET ${column} = $1`, [value]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const answer of [await auth().get('/get-session'), await trySignUp()]) {
      // Either the last good settings still hold, or nobody is served; never an unexplained fault.
      assert.ok(answer.status < 500 || (answer.status === 503 && answer.headers['retry-after']), `${column} = ${value}: ${answer.status} ${answer.text}`);
    }
    await sql(`UPDATE neon_auth.project_config SET ${column} = $1`, [JSON.stringify(original[column])]);
    await eventually(async () => assert.equal((await trySignUp()).status, 200));
  }
});
