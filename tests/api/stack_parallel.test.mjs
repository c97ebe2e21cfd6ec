// Many changes at once to few users and teams of the legacy provider: some are refused, none fails, and nothing waits for itself.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { createIntegration, legacyClient } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const pick = (list) => list[Math.floor(Math.random() * list.length)];

it('everything at once is answered, and the mirror agrees with the users', async () => {
  const app = await createIntegration(server);
  const sql = useDatabase(app);
  const backend = legacyClient(app, { access: 'server' });
  const emails = Array.from({ length: 4 }, () => freshEmail());
  const newUser = async (email = freshEmail()) => (await backend.post('/users', { primary_email: email, primary_email_auth_enabled: true, primary_email_verified: true })).body.id;
  const newTeam = async (creator) => (await backend.post('/teams', { display_name: 'Team', creator_user_id: creator })).body.id;
  const users = await Promise.all(emails.map((email) => newUser(email)));
  const teams = await Promise.all(users.slice(1).map((user) => newTeam(user)));
  const channelOf = async (user) => pick((await backend.get(`/contact-channels?user_id=${user}`)).body.items ?? [])?.id;
  const replace = async (list, kind, make) => {
    const i = Math.floor(Math.random() * list.length);
    const answer = await backend.delete(`/${kind}/${list[i]}`);
    list[i] = (await make()) ?? list[i];
    return answer;
  };

  const changes = [
    () => backend.patch(`/users/${pick(users)}`, { selected_team_id: pick(teams) }),
    () => backend.patch(`/users/${pick(users)}`, { primary_email: pick(emails), primary_email_auth_enabled: true, primary_email_verified: true }),
    () => backend.patch(`/teams/${pick(teams)}`, { display_name: `Team ${Math.random()}` }),
    () => backend.post(`/team-memberships/${pick(teams)}/${pick(users)}`),
    () => backend.delete(`/team-memberships/${pick(teams)}/${pick(users)}`),
    () => replace(teams, 'teams', () => newTeam(pick(users))),
    () => replace(users, 'users', () => newUser()),
    () => backend.post('/users', { primary_email: pick(emails), primary_email_auth_enabled: true }),
    () => backend.post('/auth/sessions', { user_id: pick(users) }),
    () => backend.post('/team-invitations/send-code', { team_id: pick(teams), email: pick(emails), callback_url: 'http://localhost:3000/x' }),
    async () => {
      const invitation = pick((await backend.get(`/team-invitations?team_id=${pick(teams)}`)).body.items ?? []);
      return backend.send('POST', `/team-invitations/${invitation?.id ?? pick(teams)}/accept?user_id=${pick(users)}`);
    },
    () => backend.post('/contact-channels', { user_id: pick(users), type: 'email', value: pick(emails), used_for_auth: true, is_primary: true, is_verified: true }),
    async () => { const user = pick(users); return backend.patch(`/contact-channels/${user}/${await channelOf(user) ?? user}`, { is_primary: true, used_for_auth: true, value: pick(emails) }); },
    async () => { const user = pick(users); return backend.delete(`/contact-channels/${user}/${await channelOf(user) ?? user}`); },
    () => backend.post(`/team-permissions/${pick(teams)}/${pick(users)}/team_admin`),
    () => backend.patch(`/team-member-profiles/${pick(teams)}/${pick(users)}`, { display_name: 'In the team' }),
  ];
  const end = Date.now() + 6_000;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (Date.now() < end) {
      const change = pick(changes);
      const answer = await change();
      assert.ok(answer.status < 500, `${answer.status} ${answer.text} ${change}`);
    }
  }));

  const mirror = await sql(`SELECT u.id, s.raw_json ->> 'primary_email' AS email, c.value AS address, s.raw_json ->> 'selected_team_id' AS shown, u.selected_team_id::text AS team,
      s.raw_json #>> '{selected_team,display_name}' AS name, t.display_name AS team_name, s.deleted_at
    FROM stack_auth."user" u LEFT JOIN neon_auth.users_sync s ON s.id = u.id::text LEFT JOIN stack_auth.team t ON t.id = u.selected_team_id
    LEFT JOIN stack_auth.contact_channel c ON c.user_id = u.id AND c.is_primary`);
  assert.ok(mirror.length > 0);
  for (const row of mirror) assert.deepEqual([row.email, row.shown, row.name, row.deleted_at], [row.address, row.team, row.team_name, null], row.id);
});

it('who is deleted while signing in is told what an unknown user is told', async () => {
  const app = await createIntegration(server);
  const backend = legacyClient(app, { access: 'server' });
  const browser = legacyClient(app);
  const email = freshEmail();
  const { body: user } = await backend.post('/users', { primary_email: email, primary_email_auth_enabled: true, password: 'a-good-password' });
  const unknown = await browser.post('/auth/password/sign-in', { email: freshEmail(), password: 'a-good-password' });
  const deleting = await connect(app.connection_uri);
  try {
    await deleting.query('BEGIN');
    await deleting.query('DELETE FROM stack_auth."user" WHERE id = $1', [user.id]);
    const signIn = browser.post('/auth/password/sign-in', { email, password: 'a-good-password' });
    // Of others' sessions the owner of the database sees that they wait, not for what.
    await eventually(async () => assert.equal((await deleting.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount, 1));
    await deleting.query('COMMIT');
    const answer = await signIn;
    assert.deepEqual([answer.status, answer.body.code], [unknown.status, unknown.body.code], answer.text);
  } finally {
    await deleting.end();
  }
});
