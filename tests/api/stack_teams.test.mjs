// Teams of the legacy provider.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { assertKnown, assertText, createIntegration, legacyClient, signUp } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
let app, client, backend, sql;
const team = async (body) => (await backend.post('/teams', { display_name: 'Team', ...body })).body;
const person = async () => {
  const user = await signUp(client, freshEmail());
  return { ...user, own: client.as(user.accessToken) };
};
const synced = async (id) => (await sql('SELECT raw_json FROM neon_auth.users_sync WHERE id = $1', [id]))[0].raw_json;

before(async () => {
  app = await createIntegration(server);
  client = legacyClient(app);
  backend = legacyClient(app, { access: 'server' });
  sql = useDatabase(app);
});

describe('teams', () => {
  it('are made, read, changed and deleted by servers', async () => {
    const made = await backend.post('/teams', { display_name: 'Crew', server_metadata: { a: 1 }, client_metadata: 2 });
    assert.equal(made.status, 201, made.text);
    assert.deepEqual(Object.keys(made.body).sort(), ['client_metadata', 'client_read_only_metadata', 'created_at_millis', 'display_name', 'id', 'profile_image_url', 'server_metadata']);
    const path = `/teams/${made.body.id}`;
    assert.deepEqual((await backend.get(path)).body, made.body);
    assert.equal((await backend.patch(path, { display_name: 'New', server_metadata: null })).body.server_metadata, null);
    assert.ok((await backend.get('/teams')).body.items.some(({ id }) => id === made.body.id));
    assert.deepEqual((await backend.delete(path)).body, { success: true });
    for (const answer of [await backend.get(path), await backend.patch(path, {}), await backend.delete(path)]) assertKnown(answer, 404, 'TEAM_NOT_FOUND', { team_id: made.body.id });
  });

  it('are a user\'s to select, and the mirror follows their changes', async () => {
    const user = await person();
    const one = await team({ creator_user_id: user.id, server_metadata: { secret: 1 } });
    const other = await team({});
    assertKnown(await user.own.patch('/users/me', { selected_team_id: other.id }), 404, 'TEAM_NOT_FOUND');
    const selected = (await user.own.patch('/users/me', { selected_team_id: one.id })).body;
    assert.deepEqual([selected.selected_team_id, selected.selected_team.display_name, 'server_metadata' in selected.selected_team], [one.id, 'Team', false]);
    assert.deepEqual((await synced(user.id)).selected_team.server_metadata, { secret: 1 });
    await backend.patch(`/teams/${one.id}`, { display_name: 'Renamed' });
    assert.equal((await synced(user.id)).selected_team.display_name, 'Renamed');
    assert.equal((await backend.delete(`/team-memberships/${one.id}/${user.id}`)).status, 200);
    assert.equal((await synced(user.id)).selected_team, null);
    await backend.post(`/team-memberships/${one.id}/${user.id}`);
    await user.own.patch('/users/me', { selected_team_id: one.id });
    await backend.delete(`/teams/${one.id}`);
    assert.equal((await synced(user.id)).selected_team_id, null);
  });

  it('show clients their own only, as far as their role goes', async () => {
    const [admin, member, stranger] = [await person(), await person(), await person()];
    const { id } = await team({ creator_user_id: admin.id, server_metadata: 1 });
    assert.equal((await backend.post(`/team-memberships/${id}/${member.id}`)).status, 201);
    assert.deepEqual((await member.own.get('/teams?user_id=me')).body.items.map((item) => item.id), [id]);
    assert.deepEqual((await stranger.own.get('/teams?user_id=me')).body.items, []);
    assertText(await member.own.get('/teams'), 403, /own/);
    assertText(await member.own.get(`/teams?user_id=${admin.id}`), 403, /own/);
    assert.ok(!('server_metadata' in (await member.own.get(`/teams/${id}`)).body));
    for (const answer of [await stranger.own.get(`/teams/${id}`), await stranger.own.patch(`/teams/${id}`, { display_name: 'Mine' }), await stranger.own.delete(`/teams/${id}`),
      await stranger.own.delete(`/team-memberships/${id}/${member.id}`), await stranger.own.get(`/team-member-profiles?team_id=${id}`)]) {
      assertKnown(answer, 404, 'TEAM_MEMBERSHIP_NOT_FOUND', { team_id: id, user_id: stranger.id });
    }
    assertKnown(await member.own.patch(`/teams/${id}`, { display_name: 'Mine' }), 401, 'TEAM_PERMISSION_REQUIRED', { team_id: id, user_id: member.id, permission_id: '$update_team' });
    assertKnown(await member.own.delete(`/teams/${id}`), 401, 'TEAM_PERMISSION_REQUIRED');
    assertKnown(await member.own.delete(`/team-memberships/${id}/${admin.id}`), 401, 'TEAM_PERMISSION_REQUIRED');
    assertKnown(await admin.own.patch(`/teams/${id}`, { server_metadata: 2 }), 400, 'SCHEMA_ERROR');
    assert.equal((await admin.own.patch(`/teams/${id}`, { display_name: 'Ours' })).body.display_name, 'Ours');
    assert.equal((await member.own.get(`/team-member-profiles?team_id=${id}`)).body.items.length, 2);
    assert.equal((await member.own.delete(`/team-memberships/${id}/me`)).status, 200);
    assertKnown(await member.own.get(`/teams/${id}`), 404, 'TEAM_MEMBERSHIP_NOT_FOUND');
  });

  it('are made by clients where the project says so', async () => {
    const user = await person();
    assertText(await user.own.post('/teams', { display_name: 'Mine', creator_user_id: 'me' }), 403, /disabled/);
    assert.equal((await app.manage('PATCH', '/auth/legacy_config', { client_team_creation_enabled: true })).status, 200);
    const made = await user.own.post('/teams', { display_name: 'Mine', creator_user_id: 'me' });
    assert.equal(made.status, 201, made.text);
    const other = await person();
    assertText(await user.own.post('/teams', { display_name: 'Theirs', creator_user_id: other.id }), 403, /own/);
    const held = (await user.own.get(`/team-permissions?user_id=me&team_id=${made.body.id}&recursive=true`)).body.items.map(({ id }) => id);
    assert.ok(held.includes('team_admin') && held.includes('$update_team'));
    assert.deepEqual((await user.own.get('/team-permissions?user_id=me')).body.items.map(({ id }) => id), ['team_admin']);
    assert.deepEqual((await user.own.get('/project-permissions?user_id=me')).body.items, []);
  });

  it('know their members by a name of their own', async () => {
    const [admin, member, stranger] = [await person(), await person(), await person()];
    const { id } = await team({ creator_user_id: admin.id });
    await backend.post(`/team-memberships/${id}/${member.id}`);
    const path = (user) => `/team-member-profiles/${id}/${user}`;
    await backend.patch(`/users/${member.id}`, { display_name: 'Own name', server_metadata: { secret: 1 } });
    const view = { team_id: id, user_id: member.id, display_name: 'Own name', profile_image_url: null };
    assert.deepEqual((await member.own.get(path('me'))).body, view);
    assert.deepEqual((await admin.own.get(path(member.id))).body, view);
    const changed = await member.own.patch(path('me'), { display_name: 'In the team', profile_image_url: 'https://example.test/x.png' });
    assert.deepEqual([changed.status, changed.body], [200, { ...view, display_name: 'In the team', profile_image_url: 'https://example.test/x.png' }]);
    const { user, ...seen } = (await backend.get(path(member.id))).body;
    assert.deepEqual(seen, changed.body);
    assert.deepEqual(user, (await backend.get(`/users/${member.id}`)).body);
    const listed = (await backend.get(`/team-member-profiles?team_id=${id}`)).body.items;
    assert.deepEqual(listed.map((item) => item.user.id), [admin.id, member.id]);
    assert.ok((await member.own.get(`/team-member-profiles?team_id=${id}`)).body.items.every((item) => !('user' in item)));
    assert.equal((await backend.patch(path(member.id), { display_name: null })).body.display_name, 'Own name');
    assertText(await admin.own.patch(path(member.id), { display_name: 'x' }), 403, /own user/);
    assertKnown(await stranger.own.get(path(member.id)), 404, 'TEAM_MEMBERSHIP_NOT_FOUND', { team_id: id, user_id: stranger.id });
    for (const answer of [await stranger.own.get(path('me')), await stranger.own.patch(path('me'), {})]) {
      assertKnown(answer, 404, 'TEAM_MEMBERSHIP_NOT_FOUND', { team_id: id, user_id: stranger.id });
    }
    assertKnown(await client.get(path('me')), 400, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
    assertKnown(await client.get(path(member.id)), 401, 'USER_AUTHENTICATION_REQUIRED');
    for (const body of [{ display_name: 1 }, { display_name: 'x'.repeat(257) }, { more: 1 }, { profile_image_url: 'a\u0000' }]) {
      assertKnown(await member.own.patch(path('me'), body), 400, 'SCHEMA_ERROR');
    }
  });

  it('have members whom servers make admins, and no longer', async () => {
    const member = await person();
    const { id } = await team();
    await backend.post(`/team-memberships/${id}/${member.id}`);
    const path = (permission) => `/team-permissions/${id}/${member.id}/${permission}`;
    const held = async () => (await backend.get(`/team-permissions?team_id=${id}&user_id=${member.id}`)).body.items.map((item) => item.id);
    assertKnown(await member.own.post(path('team_admin')), 401, 'INSUFFICIENT_ACCESS_TYPE');
    for (let i = 0; i < 2; ++i) {
      const granted = await backend.post(path('team_admin'));
      assert.deepEqual([granted.status, granted.body], [201, { id: 'team_admin', team_id: id, user_id: member.id }]);
    }
    assert.deepEqual(await held(), ['team_admin']);
    assert.equal((await member.own.patch(`/teams/${id}`, { display_name: 'Mine' })).status, 200);
    assert.deepEqual((await backend.delete(path('team_admin'))).body, { success: true });
    assertKnown(await backend.delete(path('team_admin')), 401, 'TEAM_PERMISSION_NOT_FOUND', { team_id: id, user_id: member.id, permission_id: 'team_admin' });
    assert.deepEqual(await held(), ['team_member']);
    assertText(await backend.delete(path('team_member')), 400, /remove them/);
    assert.equal((await backend.post(path('team_member'))).status, 201);
    for (const name of ['custom', '$update_team']) assertKnown(await backend.post(path(name)), 404, 'PERMISSION_NOT_FOUND', { permission_id: name });
    assertKnown(await backend.post(`/team-permissions/${id}/${crypto.randomUUID()}/team_admin`), 404, 'TEAM_MEMBERSHIP_NOT_FOUND');
  });

  it('refuse what names nothing', async () => {
    const nobody = crypto.randomUUID();
    const { id } = await team({});
    const user = await person();
    assertKnown(await backend.post(`/team-memberships/${nobody}/${user.id}`), 404, 'TEAM_NOT_FOUND');
    assertKnown(await backend.post(`/team-memberships/${id}/${nobody}`), 404, 'USER_NOT_FOUND');
    assert.equal((await backend.post(`/team-memberships/${id}/${user.id}`)).status, 201);
    assertKnown(await backend.post(`/team-memberships/${id}/${user.id}`), 409, 'TEAM_MEMBERSHIP_ALREADY_EXISTS');
    assertKnown(await backend.delete(`/team-memberships/${id}/${nobody}`), 404, 'TEAM_MEMBERSHIP_NOT_FOUND');
    assertKnown(await client.post(`/team-memberships/${id}/${user.id}`), 401, 'INSUFFICIENT_ACCESS_TYPE');
    assertKnown(await backend.post('/teams', { display_name: 'x', creator_user_id: nobody }), 404, 'USER_NOT_FOUND');
    for (const body of [{}, { display_name: '' }, { display_name: 1 }, { display_name: 'x', more: 1 }, { display_name: 'x', server_metadata: ['\u0000'] }]) {
      assertKnown(await backend.post('/teams', body), 400, 'SCHEMA_ERROR');
    }
    for (const path of ['/teams/x', '/team-memberships/x/me', `/team-memberships/${id}/x`]) assertKnown(await backend.delete(path), 400, 'SCHEMA_ERROR');
    assertKnown(await backend.get('/team-permissions?recursive=maybe'), 400, 'SCHEMA_ERROR');
  });
});
