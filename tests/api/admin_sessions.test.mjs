// Administrators see and end sessions, act as a user and come back.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { signUpAdmin } from '../support/admins.mjs';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const base = server.base_url;
const sql = useDatabase(server);
const client = authClient(base);
let admin;
before(async () => (admin = await signUpAdmin(base, sql)));

const post = (path, body, jar = admin.jar) => client.post(`/admin/${path}`, body, { jar });
const refused = (answer, status, code) => assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);

describe('sessions of a user', () => {
  it('are listed by POST, and by GET for Neon\'s server SDK', async () => {
    const user = await signUp(base);
    await signIn(base, user);
    const { body } = await post('list-user-sessions', { userId: user.id });
    assert.equal(body.sessions.length, 2);
    assert.ok(body.sessions.every(({ userId }) => userId === user.id));
    assert.deepEqual((await client.get('/admin/list-user-sessions', { query: { userId: user.id }, jar: admin.jar })).body, body);
    refused(await client.get('/admin/list-user-sessions', { jar: admin.jar }), 400, 'VALIDATION_ERROR');
  });

  it('end one by one, or all at once', async () => {
    const user = await signUp(base);
    const second = await signIn(base, user);
    assert.deepEqual((await post('revoke-user-session', { sessionToken: user.token })).body, { success: true });
    assert.equal(await whoIs(base, user.jar), null);
    assert.equal(await whoIs(base, second.jar), user.id);
    await post('revoke-user-sessions', { userId: user.id });
    assert.equal(await whoIs(base, second.jar), null);
    assert.deepEqual((await post('revoke-user-session', { sessionToken: 'unknown' })).body, { success: true });
  });

  it('leave out what has expired, and hold what administrators opened', async () => {
    const user = await signUp(base);
    await sql('UPDATE neon_auth.session SET "expiresAt" = now() - interval \'1 s\' WHERE token = $1', [user.token]);
    const jar = admin.jar.copy();
    await post('impersonate-user', { userId: user.id }, jar);
    const { body } = await post('list-user-sessions', { userId: user.id });
    assert.deepEqual(body.sessions.map(({ impersonatedBy }) => impersonatedBy), [admin.id]);
  });
});

describe('impersonation', () => {
  const start = async (target) => {
    const boss = await signUpAdmin(base, sql);
    const user = target ?? (await signUp(base));
    const answer = await post('impersonate-user', { userId: user.id }, boss.jar);
    return { boss, user, answer };
  };

  it('lasts an hour, is not among the user\'s sessions, and has the user\'s rights alone', async () => {
    const { boss, user, answer } = await start();
    assert.equal(answer.status, 200, answer.text);
    const { session } = answer.body;
    assert.deepEqual([session.userId, session.impersonatedBy], [user.id, boss.id]);
    assert.ok(Math.abs(Date.parse(session.expiresAt) - Date.now() - 3_600_000) < 5000);
    assert.equal(await whoIs(base, boss.jar), user.id);
    assert.equal((await client.get('/admin/list-users', { jar: boss.jar })).status, 403);
    refused(await post('impersonate-user', { userId: user.id }, boss.jar), 403, 'YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS');
    const own = await client.get('/list-sessions', { jar: user.jar });
    assert.deepEqual(own.body.map(({ token }) => token), [user.token]);
  });

  it('goes back to the own session, which is renewed as before', async () => {
    const { boss, user, answer } = await start();
    const back = await post('stop-impersonating', {}, boss.jar);
    assert.equal(back.status, 200, back.text);
    assert.equal(back.body.session.token, boss.token);
    assert.equal(await whoIs(base, boss.jar), boss.id);
    assert.deepEqual(boss.jar.names.filter((name) => /admin_session|dont_remember/.test(name)), []);
    assert.deepEqual(await sql('SELECT id FROM neon_auth.session WHERE token = $1', [answer.body.session.token]), []);
    assert.equal(await whoIs(base, user.jar), user.id);
    assert.equal((await post('stop-impersonating', {}, boss.jar)).body.message, 'You are not impersonating anyone');
  });

  it('remembers that the own session ends with the browser', async () => {
    const boss = await signUpAdmin(base, sql);
    const { jar } = await signIn(base, boss, { rememberMe: false });
    await post('impersonate-user', { userId: (await signUp(base)).id }, jar);
    const back = await post('stop-impersonating', {}, jar);
    assert.equal(back.cookies.find(({ name }) => name.endsWith('session_token')).attributes['max-age'], undefined);
    assert.ok(jar.get('dont_remember'));
  });

  it('never goes to administrators, nor to who is banned', async () => {
    for (const role of ['admin', 'user,admin', 'admin,user']) {
      const other = await signUp(base);
      await sql('UPDATE neon_auth."user" SET role = $2 WHERE id = $1', [other.id, role]);
      refused(await post('impersonate-user', { userId: other.id }), 403, 'YOU_CANNOT_IMPERSONATE_ADMINS');
    }
    refused(await post('impersonate-user', { userId: admin.id }), 403, 'YOU_CANNOT_IMPERSONATE_ADMINS');
    const user = await signUp(base);
    await post('ban-user', { userId: user.id });
    refused(await post('impersonate-user', { userId: user.id }), 403, 'BANNED_USER');
    refused(await post('impersonate-user', { userId: crypto.randomUUID() }), 404, 'USER_NOT_FOUND');
  });

  it('has no way back without the very cookie and the very session', async () => {
    const spoil = [
      ({ boss }) => boss.jar.set('admin_session', `x${boss.jar.get('admin_session')}`),
      ({ boss }) => boss.jar.set('admin_session', ''),
      ({ boss, other }) => boss.jar.set('admin_session', other.boss.jar.get('admin_session')),
      ({ boss }) => sql('DELETE FROM neon_auth.session WHERE token = $1', [boss.token]),
      ({ boss }) => sql('UPDATE neon_auth.session SET "expiresAt" = now() - interval \'1 second\' WHERE token = $1', [boss.token]),
      ({ boss }) => sql('UPDATE neon_auth."user" SET banned = true WHERE id = $1', [boss.id]),
      ({ answer }) => sql('UPDATE neon_auth.session SET "impersonatedBy" = $2 WHERE token = $1', [answer.body.session.token, crypto.randomUUID()]),
    ];
    for (const change of spoil) {
      const begun = await start();
      await change({ ...begun, other: await start() });
      refused(await post('stop-impersonating', {}, begun.boss.jar), 400, 'FAILED_TO_FIND_ADMIN_SESSION');
    }
  });
});

describe('S140: an administrator of one branch at another', () => {
  it('finds none of its users, sessions and organizations', async () => {
    const api = managementClient(server);
    const { body } = await api.createProject({}, { body: { project: { name: 'neighbour' } } });
    const enabled = await api.createNeonAuth({ project_id: body.project.id, branch_id: body.branch.id }, { body: { auth_provider: 'better_auth' } });
    const there = enabled.body.base_url;
    const stranger = await signUp(there);
    const organization = (await authClient(there).post('/organization/create', { name: 'Theirs', slug: 'theirs' }, { jar: stranger.jar })).body;

    for (const path of ['ban-user', 'remove-user', 'impersonate-user']) refused(await post(path, { userId: stranger.id }), 404, 'USER_NOT_FOUND');
    refused(await post('set-role', { userId: stranger.id, role: 'admin' }), 404, 'USER_NOT_FOUND');
    refused(await client.get('/admin/get-user', { query: { id: stranger.id }, jar: admin.jar }), 404, 'USER_NOT_FOUND');
    assert.deepEqual((await post('list-user-sessions', { userId: stranger.id })).body.sessions, []);
    await post('revoke-user-session', { sessionToken: stranger.token });
    await post('revoke-user-sessions', { userId: stranger.id });
    refused(await client.get('/organization/get-full-organization', { query: { organizationId: organization.id }, jar: admin.jar }), 400, 'ORGANIZATION_NOT_FOUND');
    refused(await client.post('/organization/delete', { organizationId: organization.id }, { jar: admin.jar }), 400, 'USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION');
    // Neither does the cookie of here mean anything there.
    assert.equal((await authClient(there).get('/admin/list-users', { jar: admin.jar.copy() })).status, 401);
    assert.equal(await whoIs(there, stranger.jar), stranger.id);
  });
});
