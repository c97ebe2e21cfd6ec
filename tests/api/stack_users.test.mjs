// Users of the legacy provider as an app's server manages them, and the row in neon_auth.users_sync that follows each change.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { assertKnown, assertText, createIntegration, legacyClient, legacyPassword, signUp } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
let app, client, backend, sql;
const synced = async (id) => (await sql('SELECT * FROM neon_auth.users_sync WHERE id = $1', [id]))[0];
const create = async (body = {}) => {
  const answer = await backend.post('/users', body);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
};
/** The API's view and the mirror are the same, key by key. */
const assertMirrored = async (user) => assert.deepEqual((await synced(user.id)).raw_json, user);

before(async () => {
  app = await createIntegration(server);
  client = legacyClient(app);
  backend = legacyClient(app, { access: 'server' });
  sql = useDatabase(app);
});

describe('create', () => {
  it('with nothing at all gives every key', async () => {
    const user = await create();
    await assertMirrored(user);
    assert.deepEqual(Object.keys(user).sort(), ['auth_with_email', 'client_metadata', 'client_read_only_metadata', 'country_code', 'display_name', 'has_password',
      'id', 'is_anonymous', 'is_restricted', 'last_active_at_millis', 'oauth_providers', 'otp_auth_enabled', 'passkey_auth_enabled', 'primary_email',
      'primary_email_auth_enabled', 'primary_email_verified', 'profile_image_url', 'requires_totp_mfa', 'restricted_by_admin',
      'restricted_by_admin_private_details', 'restricted_by_admin_reason', 'restricted_reason', 'risk_scores', 'selected_team', 'selected_team_id',
      'server_metadata', 'signed_up_at_millis']);
    assert.deepEqual([user.display_name, user.primary_email, user.has_password, user.oauth_providers], [null, null, false, []]);
    assert.ok(Math.abs(user.signed_up_at_millis - Date.now()) < 60_000);
  });

  it('with everything keeps everything', async () => {
    const email = freshEmail('Mixed.Case');
    const user = await create({ primary_email: email, primary_email_verified: true, primary_email_auth_enabled: true, password: legacyPassword,
      display_name: 'Zoë 🚀', profile_image_url: 'https://example.com/a.png', client_metadata: { a: [1, null, { b: 'c' }] }, client_read_only_metadata: 'text',
      server_metadata: [1], otp_auth_enabled: true, oauth_providers: [{ id: 'github', account_id: crypto.randomUUID(), email }] });
    assert.equal(user.primary_email, email.toLowerCase());
    assert.deepEqual([user.display_name, user.client_metadata, user.client_read_only_metadata, user.server_metadata, user.auth_with_email],
      ['Zoë 🚀', { a: [1, null, { b: 'c' }] }, 'text', [1], true]);
    assert.equal(user.oauth_providers[0].id, 'github');
    await assertMirrored(user);
    assert.equal((await client.post('/auth/password/sign-in', { email: email.toUpperCase(), password: legacyPassword })).status, 200);
  });

  it('takes a bcrypt hash of another program', async () => {
    const email = freshEmail();
    // Of "password", by bcryptjs.
    await create({ primary_email: email, primary_email_auth_enabled: true, password_hash: '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy' });
    assertKnown(await client.post('/auth/password/sign-in', { email, password: 'not-the-one' }), 400, 'EMAIL_PASSWORD_MISMATCH');
  });

  it('gives an address that signs in to one user only, others to many', async () => {
    const email = freshEmail();
    await create({ primary_email: email, primary_email_auth_enabled: true });
    assertKnown(await backend.post('/users', { primary_email: email, primary_email_auth_enabled: true }), 409, 'USER_EMAIL_ALREADY_EXISTS',
      { email, would_work_if_email_was_verified: false });
    const second = await create({ primary_email: email });
    assertKnown(await backend.patch(`/users/${second.id}`, { primary_email_auth_enabled: true }), 409, 'USER_EMAIL_ALREADY_EXISTS');
  });

  it('at once with one address makes one user', async () => {
    const email = freshEmail();
    const answers = await Promise.all(Array.from({ length: 12 }, () => backend.post('/users', { primary_email: email, primary_email_auth_enabled: true })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(11).fill(409)]);
    assert.equal((await sql('SELECT count(*)::int AS n FROM neon_auth.users_sync WHERE email = $1', [email]))[0].n, 1);
  });

  it('refuses what it could not keep', async () => {
    assertText(await backend.post('/users', { primary_email_auth_enabled: true }), 400, /primary_email/);
    assertText(await backend.post('/users', { totp_secret_base64: 'AAAA' }), 400, /factor/);
    assertText(await backend.post('/users', { passkey_auth_enabled: true }), 400, /[Pp]asskey/);
    assertKnown(await backend.post('/users', { password: 'short' }), 400, 'PASSWORD_TOO_SHORT', { min_length: 8 });
    assertKnown(await backend.post('/users', { password: 'ü'.repeat(36) }), 400, 'PASSWORD_TOO_LONG', { maxLength: 70 });
    assertKnown(await backend.post('/users', { selected_team_id: crypto.randomUUID() }), 404, 'TEAM_NOT_FOUND');
  });
});

describe('update', () => {
  it('changes what is given, clears what is null, and leaves the rest', async () => {
    const user = await create({ display_name: 'Before', profile_image_url: 'https://example.com/x', server_metadata: { a: 1 }, client_metadata: 1 });
    const answer = await backend.patch(`/users/${user.id}`, { display_name: '', server_metadata: null });
    assert.equal(answer.status, 200);
    assert.deepEqual([answer.body.display_name, answer.body.server_metadata, answer.body.client_metadata, answer.body.profile_image_url],
      [null, null, 1, 'https://example.com/x']);
    await assertMirrored(answer.body);
    assert.equal((await backend.get(`/users/${user.id}`)).body.profile_image_url, 'https://example.com/x');
  });

  it('of the address demotes the old one', async () => {
    const [first, second] = [freshEmail('first'), freshEmail('second')];
    const user = await create({ primary_email: first, primary_email_verified: true });
    const changed = (await backend.patch(`/users/${user.id}`, { primary_email: second })).body;
    assert.deepEqual([changed.primary_email, changed.primary_email_verified], [second, false]);
    const channels = (await backend.get(`/contact-channels?user_id=${user.id}`)).body.items;
    assert.deepEqual(channels.map(({ value, is_primary, is_verified }) => [value, is_primary, is_verified]), [[second, true, false], [first, false, true]]);
    const back = (await backend.patch(`/users/${user.id}`, { primary_email: first })).body;
    assert.deepEqual([back.primary_email, back.primary_email_verified], [first, true]);
    await assertMirrored(back);
    assert.equal((await backend.patch(`/users/${user.id}`, { primary_email: null })).body.primary_email, null);
  });

  it('of the password ends the sessions', async () => {
    const user = await signUp(client, freshEmail());
    assert.equal((await backend.patch(`/users/${user.id}`, { password: 'another-horse-9' })).status, 200);
    assertKnown(await client.as(user.accessToken).get('/users/me'), 400, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
    assertKnown(await client.post('/auth/password/sign-in', user), 400, 'SCHEMA_ERROR');
    assert.equal((await client.post('/auth/password/sign-in', { email: user.email, password: 'another-horse-9' })).status, 200);
  });

  it('of nobody is refused', async () => {
    const nobody = crypto.randomUUID();
    for (const answer of [await backend.get(`/users/${nobody}`), await backend.patch(`/users/${nobody}`, { display_name: 'x' }), await backend.delete(`/users/${nobody}`)]) {
      assertKnown(answer, 404, 'USER_NOT_FOUND');
    }
  });
});

describe('delete', () => {
  it('keeps the row, marked, and what references it', async () => {
    const user = await create({ display_name: 'Gone' });
    await sql('CREATE TABLE IF NOT EXISTS todo (id serial PRIMARY KEY, owner text NOT NULL REFERENCES neon_auth.users_sync (id))');
    await sql('INSERT INTO todo (owner) VALUES ($1)', [user.id]);
    await assert.rejects(sql('INSERT INTO todo (owner) VALUES ($1)', [crypto.randomUUID()]), /foreign key/);
    assert.deepEqual((await backend.delete(`/users/${user.id}`)).body, { success: true });
    const row = await synced(user.id);
    assert.equal(row.name, 'Gone');
    assert.ok(Math.abs(Date.now() - new Date(row.deleted_at)) < 60_000);
    assertKnown(await backend.delete(`/users/${user.id}`), 404, 'USER_NOT_FOUND');
    const [left] = await sql(`SELECT count(*)::int AS n FROM stack_auth."user" WHERE id = $1`, [user.id]);
    assert.equal(left.n, 0);
  });
});

describe('list', () => {
  it('pages through everybody, in both directions, even while some are deleted', async () => {
    const here = await createIntegration(server, { name: 'Pages' });
    const there = legacyClient(here, { access: 'server' });
    const ids = [];
    for (let i = 0; i < 7; ++i) {
      ids.push((await there.post('/users', { display_name: `User ${i}` })).body.id);
      await new Promise((resolve) => setTimeout(resolve, 3)); // sign-ups of one millisecond are in the order of their ids
    }
    const page = async (query) => (await there.get(`/users?${new URLSearchParams(query)}`)).body;
    const all = await page({});
    assert.deepEqual([all.items.map(({ id }) => id), all.is_paginated, all.pagination], [ids, true, { next_cursor: null }]);
    const walk = async (query) => {
      const seen = [];
      for (let cursor; ;) {
        const { items, pagination } = await page({ ...query, limit: '3', ...(cursor ? { cursor } : {}) });
        seen.push(...items.map(({ id }) => id));
        if (!(cursor = pagination.next_cursor)) return seen;
      }
    };
    assert.deepEqual(await walk({ order_by: 'signed_up_at' }), ids);
    assert.deepEqual(await walk({ desc: 'true' }), [...ids].reverse());
    assert.deepEqual((await walk({ order_by: 'last_active_at' })).length, 7);
    const first = await page({ limit: '3' });
    await there.delete(`/users/${first.pagination.next_cursor}`);
    assert.deepEqual((await page({ limit: '10', cursor: first.pagination.next_cursor })).items.map(({ id }) => id), ids.slice(4));
  });

  it('finds by name, address and id', async () => {
    const marker = crypto.randomBytes(6).toString('hex');
    const email = `${marker}@example.test`;
    const one = await create({ display_name: `X${marker.toUpperCase()}Y` });
    const two = await create({ primary_email: email });
    const find = async (query) => (await backend.get(`/users?query=${encodeURIComponent(query)}`)).body.items.map(({ id }) => id);
    assert.deepEqual(await find(marker), [one.id, two.id]);
    assert.deepEqual(await find(one.id), [one.id]);
    assert.deepEqual(await find(`${marker}%`), []);
    const hidden = await create({ display_name: `${marker} ghost`, is_anonymous: true });
    assert.deepEqual(await find(marker), [one.id, two.id]);
    assert.equal((await backend.get(`/users?query=${marker}&include_anonymous=true`)).body.items.length, 3);
    assert.deepEqual((await backend.get(`/users?query=${marker}&only_anonymous=true`)).body.items.map(({ id }) => id), [hidden.id]);
  });
});

describe('me', () => {
  it('sees less as a client than as a server', async () => {
    const user = await signUp(client, freshEmail());
    await backend.patch(`/users/${user.id}`, { server_metadata: { secret: 1 } });
    const seen = (await client.as(user.accessToken).get('/users/me')).body;
    for (const key of ['server_metadata', 'primary_email_auth_enabled', 'last_active_at_millis', 'restricted_by_admin_private_details', 'country_code', 'risk_scores']) {
      assert.ok(!(key in seen), key);
    }
    assert.deepEqual((await backend.as(user.accessToken).get('/users/me')).body.server_metadata, { secret: 1 });
  });

  it('changes as a client only what is the user\'s own', async () => {
    const user = await signUp(client, freshEmail());
    const own = client.as(user.accessToken);
    for (const member of ['server_metadata', 'client_read_only_metadata', 'primary_email_verified', 'password', 'password_hash', 'is_anonymous', 'id']) {
      assertKnown(await own.patch('/users/me', { [member]: true }), 400, 'SCHEMA_ERROR');
    }
    const answer = await own.patch('/users/me', { display_name: 'Me', client_metadata: { x: 1 }, otp_auth_enabled: true });
    assert.equal(answer.body.display_name, 'Me');
    assert.equal((await synced(user.id)).name, 'Me');
    assertKnown(await client.patch('/users/me', { display_name: 'x' }), 400, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
  });

  it('deletes itself where clients may', async () => {
    const user = await signUp(client, freshEmail());
    assertText(await client.as(user.accessToken).delete('/users/me'), 400, /not enabled/);
    assert.deepEqual((await backend.as(user.accessToken).delete('/users/me')).body, { success: true });
    assert.ok((await synced(user.id)).deleted_at);
  });
});
