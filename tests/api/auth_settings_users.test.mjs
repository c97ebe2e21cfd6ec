// Users of a branch, made, promoted and removed by its owner over the management API.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const api = managementClient(server);
const sql = useDatabase(server);
const auth = authClient(server.base_url);

const create = (body) => api.createBranchNeonAuthNewUser(server, { body });
const remove = (auth_user_id) => api.deleteBranchNeonAuthUser({ ...server, auth_user_id });
const setRoles = (auth_user_id, body) => api.updateNeonAuthUserRole({ ...server, auth_user_id }, { body });
const row = async (id) => (await sql('SELECT * FROM neon_auth."user" WHERE id = $1', [id]))[0];
const unknown = () => crypto.randomUUID();

describe('create', () => {
  it('makes a user who can be found by id and address', async () => {
    const email = freshEmail('Made');
    const answer = await create({ email, name: 'Ada' });
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(Object.keys(answer.body), ['id']);
    const { name, emailVerified, role, banned, email: kept } = await row(answer.body.id);
    assert.deepEqual({ name, emailVerified, role, banned, kept }, { name: 'Ada', emailVerified: false, role: 'user', banned: false, kept: email.toLowerCase() });
    assert.deepEqual(await sql('SELECT * FROM neon_auth.account WHERE "userId" = $1', [answer.body.id]), []);
  });

  it('needs no name', async () => {
    const { status, body } = await create({ email: freshEmail() });
    assert.equal(status, 201);
    assert.equal((await row(body.id)).name, '');
  });

  it('lets nobody in without a proof of the address', async () => {
    const email = freshEmail();
    await create({ email });
    for (const secret of ['', 'password', 'correct-horse-9']) assert.notEqual((await auth.post('/sign-in/email', { email, password: secret })).status, 200);
    assert.equal((await auth.post('/sign-up/email', { email, password: 'correct-horse-9', name: 'X' })).status, 422);
  });

  it('refuses an address that is taken, in any case and at the same time', async () => {
    const user = await signUp(server.base_url);
    assertRefusal(await create({ email: user.email }), 409);
    assertRefusal(await create({ email: user.email.toUpperCase() }), 409);
    const email = freshEmail();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create({ email })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(409)]);
  });

  it('names the field that is wrong', async () => {
    const email = freshEmail();
    for (const value of [undefined, null, '', 'x', 'x@', '@example.com', 'a b@example.com', 5, {}, `${'a'.repeat(250)}@example.com`, 'a\u0000@example.com']) assertRefusal(await create({ email: value }), 400, /email/);
    for (const name of ['', 'n'.repeat(256), null, 5, 'a\u0000b']) assertRefusal(await create({ email, name }), 400, /name/);
    for (const field of ['password', 'role', 'emailVerified', 'id']) assertRefusal(await create({ email, [field]: 'x' }), 400, new RegExp(field));
    assert.deepEqual(await sql('SELECT id FROM neon_auth."user" WHERE email = $1', [email]), []);
    assert.equal((await create({ email, name: 'n'.repeat(255) })).status, 201);
  });
});

describe('delete', () => {
  it('takes the user, the accounts and the sessions', async () => {
    const user = await signUp(server.base_url);
    const answer = await remove(user.id);
    assert.deepEqual([answer.status, answer.text], [204, '']);
    assert.equal(await row(user.id), undefined);
    assert.equal(await whoIs(server.base_url, user.jar), null);
    assert.notEqual((await auth.post('/sign-in/email', user)).status, 200);
    assert.deepEqual(await sql('SELECT id FROM neon_auth.account WHERE "userId" = $1 UNION ALL SELECT id FROM neon_auth.session WHERE "userId" = $1', [user.id]), []);
  });

  it('answers 404 for nobody', async () => {
    const user = await signUp(server.base_url);
    await remove(user.id);
    for (const id of [user.id, unknown(), 'nobody', '1']) assertRefusal(await remove(id), 404, /user not found/);
    for (const id of ['A', `${user.id}'`, 'a b', 'x'.repeat(61)]) assertRefusal(await remove(id), 400, /auth_user_id/);
  });

  it('is refused while a table of the app holds on to the user', async () => {
    const user = await signUp(server.base_url);
    await sql('CREATE TABLE IF NOT EXISTS notes (author uuid REFERENCES neon_auth."user" (id))');
    await sql('INSERT INTO notes VALUES ($1)', [user.id]);
    assertRefusal(await remove(user.id), 409, /other tables/);
    assert.equal(await whoIs(server.base_url, user.jar), user.id);
    await sql('DELETE FROM notes');
    assert.equal((await remove(user.id)).status, 204);
  });
});

describe('roles', () => {
  it('are set, and show in the next session', async () => {
    const user = await signUp(server.base_url);
    for (const [roles, expected] of [[['admin'], 'admin'], [['user'], 'user'], [['admin', 'user', 'admin'], 'admin,user']]) {
      const answer = await setRoles(user.id, { roles });
      assert.deepEqual([answer.status, answer.body], [200, { id: user.id }]);
      assert.equal((await row(user.id)).role, expected);
      assert.equal((await auth.get('/get-session', { jar: user.jar })).body.user.role, expected);
    }
  });

  it('must be known ones, and at least one', async () => {
    const user = await signUp(server.base_url);
    for (const roles of [undefined, null, [], 'admin', {}, ['owner'], ['admin', 'root'], [''], ['admin,user'], [5], [null]]) assertRefusal(await setRoles(user.id, { roles }), 400, /roles/);
    assertRefusal(await setRoles(user.id, { roles: ['admin'], role: 'admin' }), 400, /\brole\b/);
    assert.equal((await row(user.id)).role, 'user');
  });

  it('are nobody\'s where there is no user', async () => {
    for (const id of [unknown(), 'nobody']) assertRefusal(await setRoles(id, { roles: ['admin'] }), 404, /user not found/);
  });
});
