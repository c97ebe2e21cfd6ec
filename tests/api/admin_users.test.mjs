// Administrators create, change, ban and remove users. Who is none is refused before anything happens.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { signUpAdmin } from '../support/admins.mjs';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const base = server.base_url;
const sql = useDatabase(server);
const client = authClient(base);
let admin;
before(async () => (admin = await signUpAdmin(base, sql)));

const post = (path, body, jar = admin.jar) => client.post(`/admin/${path}`, body, { jar });
const get = (path, query, jar = admin.jar) => client.get(`/admin/${path}`, { query, jar });
const rowOf = async (id) => (await sql('SELECT * FROM neon_auth."user" WHERE id = $1', [id]))[0];
const refused = (answer, status, code) => assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);

describe('S123: everybody else', () => {
  const calls = (victim) => [
    ['get', 'list-users', {}, 'YOU_ARE_NOT_ALLOWED_TO_LIST_USERS'],
    ['get', 'get-user', { id: victim.id }, 'YOU_ARE_NOT_ALLOWED_TO_GET_USER'],
    ['post', 'create-user', { email: freshEmail(), name: 'X', password }, 'YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS'],
    ['post', 'update-user', { userId: victim.id, data: { name: 'Owned' } }, 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS'],
    ['post', 'set-role', { userId: victim.id, role: 'admin' }, 'YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE'],
    ['post', 'set-user-password', { userId: victim.id, newPassword: 'stolen-password-1' }, 'YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD'],
    ['post', 'ban-user', { userId: victim.id }, 'YOU_ARE_NOT_ALLOWED_TO_BAN_USERS'],
    ['post', 'unban-user', { userId: victim.id }, 'YOU_ARE_NOT_ALLOWED_TO_BAN_USERS'],
    ['post', 'list-user-sessions', { userId: victim.id }, 'YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS'],
    ['get', 'list-user-sessions', { userId: victim.id }, 'YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS'],
    ['post', 'revoke-user-session', { sessionToken: victim.token }, 'YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS'],
    ['post', 'revoke-user-sessions', { userId: victim.id }, 'YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS'],
    ['post', 'impersonate-user', { userId: victim.id }, 'YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS'],
    ['post', 'remove-user', { userId: victim.id }, 'YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS'],
  ];
  const send = ([verb, path, values], jar) => (verb === 'get' ? get(path, values, jar) : post(path, values, jar));

  it('is refused without a session, with an empty 401', async () => {
    const victim = await signUp(base);
    const unchanged = await rowOf(victim.id);
    for (const call of calls(victim)) {
      const answer = await send(call, null);
      assert.deepEqual([answer.status, answer.text], [401, ''], call.join(' '));
    }
    for (const path of ['stop-impersonating', 'has-permission']) assert.equal((await post(path, { permissions: { user: ['list'] } }, null)).status, 401, path);
    assert.deepEqual(await rowOf(victim.id), unchanged);
    assert.equal(await whoIs(base, victim.jar), victim.id);
  });

  it('is refused as a plain user, and as one whose role only looks like an administrator', async () => {
    const victim = await signUp(base);
    const unchanged = await rowOf(victim.id);
    const user = await signUp(base);
    for (const role of ['user', null, '', ' admin', 'Admin', 'ADMIN', 'administrator', 'user, admin', 'wizard']) {
      await sql('UPDATE neon_auth."user" SET role = $2 WHERE id = $1', [user.id, role]);
      for (const call of calls(victim)) refused(await send(call, user.jar), 403, call[3]);
    }
    assert.deepEqual(await rowOf(victim.id), unchanged);
    assert.equal(await whoIs(base, victim.jar), victim.id);
  });

  it('loses the right at once with the role', async () => {
    const other = await signUpAdmin(base, sql);
    assert.equal((await get('list-users', { limit: 1 }, other.jar)).status, 200);
    await sql(`UPDATE neon_auth."user" SET role = 'user' WHERE id = $1`, [other.id]);
    assert.equal((await get('list-users', { limit: 1 }, other.jar)).status, 403);
  });

  it('cannot come from another origin', async () => {
    const answer = await client.post('/admin/create-user', { email: freshEmail(), name: 'X' }, { jar: admin.jar, origin: 'https://evil.test' });
    refused(answer, 403, 'INVALID_ORIGIN');
  });
});

describe('malformed bodies', () => {
  const bodies = {
    'create-user': [{}, { email: 1, name: 'x' }, { email: 'a@b.cd' }, { email: 'a@b.cd', name: null }, { email: 'a@b.cd', name: 'x', role: 5 }, { email: 'a@b.cd', name: 'x', role: [1] }, { email: 'a@b.cd', name: 'x', data: [] }, { email: 'a@b.cd', name: 'x', password: {} }, { email: 'a@b.cd', name: 'x'.repeat(1025) }, { email: 'a@b.cd', name: 'a\0b' }],
    'update-user': [{}, { userId: crypto.randomUUID() }, { userId: crypto.randomUUID(), data: 'x' }, { userId: crypto.randomUUID(), data: { name: 5 } }, { userId: crypto.randomUUID(), data: { banned: 'yes' } }, { userId: crypto.randomUUID(), data: { banExpires: 'tomorrow' } }, { userId: crypto.randomUUID(), data: { image: 'a\0' } }],
    'set-role': [{}, { userId: crypto.randomUUID() }, { userId: crypto.randomUUID(), role: null }, { userId: crypto.randomUUID(), role: {} }],
    'set-user-password': [{}, { userId: crypto.randomUUID() }, { newPassword: 'long-enough-1' }, { userId: crypto.randomUUID(), newPassword: 1 }, { userId: crypto.randomUUID(), newPassword: '' }],
    'ban-user': [{}, { userId: crypto.randomUUID(), banReason: 1 }, { userId: crypto.randomUUID(), banExpiresIn: '5' }, { userId: crypto.randomUUID(), banExpiresIn: -1 }, { userId: crypto.randomUUID(), banExpiresIn: 1e300 }],
    'unban-user': [{}],
    'list-user-sessions': [{}],
    'revoke-user-session': [{}, { sessionToken: 5 }, { sessionToken: null }],
    'revoke-user-sessions': [{}],
    'impersonate-user': [{}],
    'remove-user': [{}],
    'has-permission': [{}, { permissions: 'x' }, { permissions: { user: 'list' } }, { permissions: { user: [1] } }, { permission: { user: ['list'] }, permissions: { user: ['list'] } }],
  };
  for (const [path, list] of Object.entries(bodies)) {
    it(path, async () => {
      for (const body of [...list, [], 'text', 5, null]) refused(await post(path, body), 400, 'VALIDATION_ERROR');
      assert.equal((await client.post(`/admin/${path}`, null, { jar: admin.jar, raw: '{"userId":', headers: { 'content-type': 'application/json' } })).status, 400);
      assert.equal((await client.post(`/admin/${path}`, null, { jar: admin.jar, raw: 'userId=1', headers: { 'content-type': 'text/plain' } })).status, 415);
      assert.equal((await client.get(`/admin/${path}`, { jar: admin.jar, query: path === 'list-user-sessions' ? {} : undefined })).status, path === 'list-user-sessions' ? 400 : 404);
    });
  }

  it('ids that are none belong to nobody', async () => {
    for (const userId of ['nope', '', 5, null, {}, ['x'], "' OR 1=1 --", 'a\0', '0'.repeat(5000)]) {
      for (const [path, more] of [['ban-user'], ['unban-user'], ['remove-user'], ['impersonate-user'], ['set-role', { role: 'user' }], ['update-user', { data: { name: 'x' } }]]) {
        refused(await post(path, { userId, ...more }), 404, 'USER_NOT_FOUND');
      }
      // As text, for the document rightly asks for ids that are text.
      const raw = { raw: JSON.stringify({ userId }), headers: { 'content-type': 'application/json' }, jar: admin.jar };
      for (const path of ['list-user-sessions', 'revoke-user-sessions']) refused(await client.post(`/admin/${path}`, null, raw), 404, 'USER_NOT_FOUND');
      const isText = typeof userId === 'string' && userId && !userId.includes('\0');
      refused(await post('set-user-password', { userId, newPassword: 'long-enough-1' }), isText ? 404 : 400, isText ? 'USER_NOT_FOUND' : 'VALIDATION_ERROR');
    }
    refused(await get('get-user', { id: 'nope' }), 404, 'USER_NOT_FOUND');
    refused(await get('get-user', {}), 400, 'VALIDATION_ERROR');
  });
});

describe('create-user', () => {
  it('makes a user who can sign in, and one who has no password', async () => {
    const email = freshEmail('New');
    const created = await post('create-user', { email, name: 'New', password });
    assert.equal(created.status, 200, created.text);
    assert.equal(created.body.user.email, email.toLowerCase());
    await signIn(base, { email: email.toLowerCase(), password });
    const without = await post('create-user', { email: freshEmail(), name: 'New' });
    assert.equal(without.status, 200);
    assert.deepEqual(await sql('SELECT id FROM neon_auth.account WHERE "userId" = $1', [without.body.user.id]), []);
  });

  it('takes columns, each of its type', async () => {
    const data = { image: 'https://img.test/a.png', emailVerified: true, banned: true, banReason: 'test', banExpires: '2031-01-01T00:00:00.000Z' };
    const { body } = await post('create-user', { email: freshEmail(), name: 'New', role: ['user', 'admin'], data });
    for (const [column, value] of Object.entries({ ...data, role: 'user,admin' })) assert.equal(body.user[column], value, column);
    assert.equal((await post('create-user', { email: freshEmail(), name: 'New', data: { role: 'admin' } })).body.user.role, 'admin');
  });

  it('refuses an address that is taken, also by ten at once', async () => {
    refused(await post('create-user', { email: admin.email, name: 'Dup', password }), 400, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL');
    const email = freshEmail();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('create-user', { email, name: 'Race' })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(9).fill(400)]);
    refused(await post('create-user', { email: 'x', name: 'X' }), 400, 'INVALID_EMAIL');
  });

  it('takes a password of any length: it is the administrator\'s choice', async () => {
    for (const given of ['short', 'x'.repeat(129)]) {
      const { body } = await post('create-user', { email: freshEmail(), name: 'X', password: given });
      assert.equal((await client.post('/sign-in/email', { email: body.user.email, password: given })).status, 200);
    }
  });
});

describe('S124: roles', () => {
  const wrong = ['wizard', ' admin', 'admin ', 'ADMIN', 'Admin', 'user, admin', 'admin,wizard', '', ',', 'admin,', 'admin\n'];

  it('are known ones, exactly as written', async () => {
    const user = await signUp(base);
    for (const role of [...wrong, ...wrong.map((text) => [text]), ['user', 'wizard'], []]) {
      const code = 'YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE';
      refused(await post('set-role', { userId: user.id, role }), 400, code);
      refused(await post('update-user', { userId: user.id, data: { role } }), 400, code);
      refused(await post('create-user', { email: freshEmail(), name: 'X', role }), 400, code);
      refused(await post('create-user', { email: freshEmail(), name: 'X', data: { role } }), 400, code);
    }
    refused(await post('update-user', { userId: user.id, data: { role: 5 } }), 400, 'INVALID_ROLE_TYPE');
    assert.equal((await rowOf(user.id)).role, 'user');
  });

  it('are stored as they are known, each once', async () => {
    const user = await signUp(base);
    for (const [role, stored] of [['admin', 'admin'], [['user', 'admin'], 'user,admin'], ['user,admin', 'user,admin'], [['user', 'user'], 'user'], ['user', 'user']]) {
      assert.equal((await post('set-role', { userId: user.id, role })).body.user.role, stored);
      assert.equal((await post('update-user', { userId: user.id, data: { role } })).body.role, stored);
    }
  });
});

describe('update-user', () => {
  it('changes what is named and nothing else', async () => {
    const user = await signUp(base);
    const before = await rowOf(user.id);
    const { body } = await post('update-user', { userId: user.id, data: { name: 'Renamed', image: null } });
    assert.equal(body.name, 'Renamed');
    const { updatedAt: _, ...after } = await rowOf(user.id);
    const { updatedAt: __, ...expected } = { ...before, name: 'Renamed' };
    assert.deepEqual(after, expected);
    refused(await post('update-user', { userId: crypto.randomUUID(), data: { name: 'X' } }), 404, 'USER_NOT_FOUND');
    refused(await post('update-user', { userId: user.id, data: {} }), 400, 'NO_DATA_TO_UPDATE');
  });

  it('S125: refuses columns that are not set this way', async () => {
    const user = await signUp(base);
    const before = await rowOf(user.id);
    for (const column of ['id', 'createdAt', 'updatedAt']) {
      refused(await post('update-user', { userId: user.id, data: JSON.parse(`{"name":"X",${JSON.stringify(column)}:"1"}`) }), 400, 'FIELD_NOT_ALLOWED');
      refused(await post('create-user', { email: freshEmail(), name: 'X', data: JSON.parse(`{${JSON.stringify(column)}:"1"}`) }), 400, 'FIELD_NOT_ALLOWED');
    }
    refused(await post('update-user', { userId: user.id, data: { password: 'another-one-1' } }), 400, 'PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER');
    assert.deepEqual(await rowOf(user.id), before);
  });

  it('passes over what is no column, as Better Auth does with undeclared fields', async () => {
    const user = await signUp(base);
    const { updatedAt: _, ...before } = await rowOf(user.id);
    const odd = JSON.parse('{"nope":"1","__proto__":"1","password_hash":"1","email\\"":"1","plan":{"deep":[1]}}');
    assert.equal((await post('update-user', { userId: user.id, data: odd })).status, 200);
    const { updatedAt: __, ...after } = await rowOf(user.id);
    assert.deepEqual(after, before);
    assert.equal((await post('create-user', { email: freshEmail(), name: 'X', data: odd })).status, 200);
  });

  it('moves the address, which is unproven then, to one that is free', async () => {
    const user = await signUp(base);
    await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [user.id]);
    const email = freshEmail('moved');
    const moved = await post('update-user', { userId: user.id, data: { email: email.toUpperCase() } });
    assert.deepEqual([moved.body.email, moved.body.emailVerified], [email.toLowerCase(), false]);
    assert.equal((await post('update-user', { userId: user.id, data: { emailVerified: true } })).body.emailVerified, true);
    refused(await post('update-user', { userId: user.id, data: { email: admin.email } }), 400, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL');
    refused(await post('update-user', { userId: user.id, data: { email: 'nope' } }), 400, 'INVALID_EMAIL');
  });

  it('bans, which ends the sessions, but not oneself', async () => {
    const user = await signUp(base);
    await post('update-user', { userId: user.id, data: { banned: true } });
    assert.equal(await whoIs(base, user.jar), null);
    for (const userId of [admin.id, admin.id.toUpperCase()]) refused(await post('update-user', { userId, data: { banned: true } }), 400, 'YOU_CANNOT_BAN_YOURSELF');
  });
});

describe('set-user-password', () => {
  it('replaces the password, and gives a first one', async () => {
    const user = await signUp(base);
    assert.deepEqual((await post('set-user-password', { userId: user.id, newPassword: 'set-by-admin-1' })).body, { status: true });
    await signIn(base, { email: user.email, password: 'set-by-admin-1' });
    assert.equal((await client.post('/sign-in/email', { email: user.email, password })).status, 401);
    const { body } = await post('create-user', { email: freshEmail(), name: 'X' });
    await post('set-user-password', { userId: body.user.id, newPassword: 'set-by-admin-1' });
    await signIn(base, { email: body.user.email, password: 'set-by-admin-1' });
    refused(await post('set-user-password', { userId: crypto.randomUUID(), newPassword: 'set-by-admin-1' }), 404, 'USER_NOT_FOUND');
    refused(await post('set-user-password', { userId: user.id, newPassword: 'x'.repeat(129) }), 400, 'PASSWORD_TOO_LONG');
  });

  it('voids reset links that are under way', async () => {
    const user = await signUp(base);
    await client.post('/request-password-reset', { email: user.email });
    const waiting = () => sql(`SELECT id FROM neon_auth.verification WHERE identifier LIKE 'reset-password:%' AND value = $1`, [user.id]);
    assert.equal((await waiting()).length, 1);
    await post('set-user-password', { userId: user.id, newPassword: 'set-by-admin-1' });
    assert.deepEqual(await waiting(), []);
  });
});

describe('bans', () => {
  it('end sessions, keep out, and end by themselves', async () => {
    const user = await signUp(base);
    const banned = await post('ban-user', { userId: user.id, banReason: 'spam', banExpiresIn: 2 });
    assert.deepEqual([banned.body.user.banned, banned.body.user.banReason], [true, 'spam']);
    assert.ok(Math.abs(Date.parse(banned.body.user.banExpires) - Date.now() - 2000) < 1500);
    assert.equal(await whoIs(base, user.jar), null);
    refused(await client.post('/sign-in/email', user), 403, 'BANNED_USER');
    await new Promise((resolve) => setTimeout(resolve, 2200));
    await signIn(base, user);
    const row = await rowOf(user.id);
    assert.deepEqual([row.banned, row.banReason, row.banExpires], [false, null, null]);
  });

  it('can last for ever, and be lifted', async () => {
    const user = await signUp(base);
    for (const more of [{}, { banReason: '' }, { banExpiresIn: 0 }]) {
      const { body } = await post('ban-user', { userId: user.id, ...more });
      assert.deepEqual([body.user.banReason, body.user.banExpires], ['No reason', null]);
    }
    refused(await client.post('/sign-in/email', user), 403, 'BANNED_USER');
    assert.equal((await post('unban-user', { userId: user.id })).body.user.banned, false);
    await signIn(base, user);
    refused(await post('unban-user', { userId: crypto.randomUUID() }), 404, 'USER_NOT_FOUND');
  });

  it('are not for oneself', async () => {
    for (const userId of [admin.id, admin.id.toUpperCase()]) refused(await post('ban-user', { userId }), 400, 'YOU_CANNOT_BAN_YOURSELF');
  });
});

describe('remove-user', () => {
  it('S043: takes sessions, accounts, and waiting codes and links along', async () => {
    const user = await signUp(base);
    await client.post('/request-password-reset', { email: user.email });
    await client.post('/email-otp/send-verification-otp', { email: user.email, type: 'sign-in' });
    assert.deepEqual((await post('remove-user', { userId: user.id })).body, { success: true });
    assert.equal(await whoIs(base, user.jar), null);
    for (const [table, column, value] of [['session', '"userId"', user.id], ['account', '"userId"', user.id], ['verification', 'value', user.id], ['verification', 'identifier', `sign-in-otp-${user.email}`]]) {
      assert.deepEqual(await sql(`SELECT id FROM neon_auth.${table} WHERE ${column} = $1`, [value]), [], table);
    }
    refused(await post('remove-user', { userId: user.id }), 404, 'USER_NOT_FOUND');
  });

  it('is not for oneself, and says when the app\'s own tables hold on to the user', async () => {
    for (const userId of [admin.id, admin.id.toUpperCase()]) refused(await post('remove-user', { userId }), 400, 'YOU_CANNOT_REMOVE_YOURSELF');
    const user = await signUp(base);
    await sql('CREATE TABLE IF NOT EXISTS public.todo (owner uuid REFERENCES neon_auth."user" (id))');
    await sql('INSERT INTO public.todo VALUES ($1)', [user.id]);
    refused(await post('remove-user', { userId: user.id }), 409, 'USER_IS_REFERRED_TO');
    assert.equal(await whoIs(base, user.jar), user.id);
    await sql('DELETE FROM public.todo');
    assert.equal((await post('remove-user', { userId: user.id })).status, 200);
  });
});

it('has-permission answers by the caller\'s own role', async () => {
  const user = await signUp(base);
  const ask = async (body, jar) => (await post('has-permission', body, jar)).body;
  assert.deepEqual(await ask({ permissions: { user: ['create'] } }), { error: null, success: true });
  for (const body of [{ permissions: { user: ['create'] } }, { permissions: { user: ['create'] }, role: 'admin' }, { permissions: { user: ['create'] }, userId: admin.id }]) assert.equal((await ask(body, user.jar)).success, false);
  for (const permissions of [{}, { user: ['fly'] }, { ship: [] }, { user: ['impersonate-admins'] }, { user: ['create'], ship: ['sail'] }]) assert.equal((await ask({ permissions })).success, false);
  assert.equal((await ask({ permission: { user: ['list'] } })).message, 'invalid permission check. no permission(s) were passed.');
});
