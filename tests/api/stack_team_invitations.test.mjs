// Invitations into teams of the legacy provider: sent by mail, accepted by who owns the address, once.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { assertKnown, assertText, codeOf, createIntegration, legacyClient, nextMail, signUp } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const callback_url = 'http://localhost:3000/join?from=mail';
let app, client, backend, sql;

before(async () => {
  app = await createIntegration(server);
  client = legacyClient(app);
  backend = legacyClient(app, { access: 'server' });
  sql = useDatabase(app);
});

const person = async ({ verified = true } = {}) => {
  const user = await signUp(client, freshEmail());
  if (verified) assert.equal((await backend.patch(`/users/${user.id}`, { primary_email_verified: true })).status, 200);
  return { ...user, own: client.as(user.accessToken) };
};
const team = async (creator, name = 'Crew') => (await backend.post('/teams', { display_name: name, ...(creator ? { creator_user_id: creator.id } : {}) })).body;
const invite = async (team_id, email, from = backend) => {
  const answer = await from.post('/team-invitations/send-code', { team_id, email, callback_url });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.success, true);
  return { id: answer.body.id, code: codeOf(await nextMail(server, email)) };
};
const members = async (id) => (await backend.get(`/team-member-profiles?team_id=${id}`)).body.items.map(({ user_id: user }) => user).sort();

describe('an invitation', () => {
  it('is sent, listed on both sides, and accepted by its code', async () => {
    const [admin, guest] = [await person(), await person()];
    const { id: team_id } = await team(admin, 'Crew <b>1</b>');
    const asked = Date.now();
    const { id, code } = await invite(team_id, guest.email, admin.own);
    const mail = await nextMail(server, guest.email);
    assert.equal(mail.subject, 'You are invited to Crew <b>1</b>');
    assert.match(mail.text, /team Crew <b>1<\/b> on Legacy App/);
    assert.match(mail.html, /Crew &lt;b&gt;1&lt;\/b&gt;/);
    assert.ok(mail.link.startsWith('http://localhost:3000/join?from=mail&code='));
    for (const listed of [await admin.own.get(`/team-invitations?team_id=${team_id}`), await backend.get(`/team-invitations?team_id=${team_id}`),
      await guest.own.get('/team-invitations?user_id=me'), await backend.get(`/team-invitations?user_id=${guest.id}`)]) {
      assert.equal(listed.status, 200, listed.text);
      const [{ expires_at_millis: expires, ...item }] = listed.body.items;
      assert.deepEqual([listed.body.items.length, listed.body.is_paginated], [1, false]);
      assert.deepEqual(item, { id, team_id, team_display_name: 'Crew <b>1</b>', recipient_email: guest.email });
      assert.ok(Math.abs(expires - asked - 7 * 86_400_000) < 60_000);
    }
    assert.deepEqual((await client.post('/team-invitations/accept/check-code', { code })).body, { is_code_valid: true });
    assertKnown(await client.post('/team-invitations/accept/details', { code }), 401, 'USER_AUTHENTICATION_REQUIRED');
    assert.deepEqual((await guest.own.post('/team-invitations/accept/details', { code })).body, { team_id, team_display_name: 'Crew <b>1</b>' });
    const accepted = await guest.own.post('/team-invitations/accept', { code: code.toUpperCase() });
    assert.deepEqual([accepted.status, accepted.body], [200, {}]);
    assert.deepEqual(await members(team_id), [admin.id, guest.id].sort());
    const permissions = (await guest.own.get(`/team-permissions?user_id=me&team_id=${team_id}`)).body.items.map((item) => item.id);
    assert.deepEqual(permissions, ['team_member']);
    for (const path of [`team_id=${team_id}`, `user_id=${guest.id}`]) assert.deepEqual((await backend.get(`/team-invitations?${path}`)).body.items, []);
    for (const path of ['accept', 'accept/check-code', 'accept/details']) {
      assertKnown(await guest.own.post(`/team-invitations/${path}`, { code }), 409, 'VERIFICATION_CODE_ALREADY_USED');
    }
    assertKnown(await backend.delete(`/team-invitations/${id}?team_id=${team_id}`), 404, 'VERIFICATION_CODE_NOT_FOUND');
  });

  it('is accepted by its id, from the app or by a server', async () => {
    const [one, two] = [await person(), await person()];
    const { id: team_id } = await team();
    const [first, second] = [await invite(team_id, one.email), await invite(team_id, two.email)];
    assert.deepEqual((await one.own.send('POST', `/team-invitations/${first.id}/accept?user_id=me`)).body, {});
    assert.equal((await backend.send('POST', `/team-invitations/${second.id}/accept?user_id=${two.id}`)).status, 200);
    assert.deepEqual(await members(team_id), [one.id, two.id].sort());
    assertKnown(await one.own.send('POST', `/team-invitations/${first.id}/accept?user_id=me`), 404, 'VERIFICATION_CODE_NOT_FOUND');
    assertKnown(await one.own.post('/team-invitations/accept', { code: first.code }), 409, 'VERIFICATION_CODE_ALREADY_USED');
  });

  it('is for who has proven its address, and for nobody else', async () => {
    const { id: team_id } = await team();
    const [owner, other] = [await person({ verified: false }), await person()];
    const { id, code } = await invite(team_id, owner.email.toUpperCase());
    for (const user of [owner, other]) {
      assertKnown(await user.own.post('/team-invitations/accept', { code }), 403, 'TEAM_INVITATION_EMAIL_MISMATCH');
      assertKnown(await user.own.send('POST', `/team-invitations/${id}/accept?user_id=me`), 404, 'VERIFICATION_CODE_NOT_FOUND');
      assertKnown(await backend.send('POST', `/team-invitations/${id}/accept?user_id=${user.id}`), 404, 'VERIFICATION_CODE_NOT_FOUND');
      assert.deepEqual((await user.own.get('/team-invitations?user_id=me')).body.items, []);
    }
    assertKnown(await client.post('/team-invitations/accept', { code }), 401, 'USER_AUTHENTICATION_REQUIRED');
    assertText(await other.own.send('POST', `/team-invitations/${id}/accept?user_id=${owner.id}`), 403, /own user/);
    assertText(await other.own.get(`/team-invitations?user_id=${owner.id}`), 403, /own user/);
    assert.deepEqual(await members(team_id), []);
    // A second address, once it is proven, is as good as the first.
    const added = await backend.post('/contact-channels', { user_id: other.id, type: 'email', value: owner.email, used_for_auth: false, is_verified: true });
    assert.equal(added.status, 201, added.text);
    assert.equal((await other.own.get('/team-invitations?user_id=me')).body.items[0].id, id);
    assert.equal((await other.own.post('/team-invitations/accept', { code })).status, 200);
    assert.deepEqual(await members(team_id), [other.id]);
  });

  it('works once, however many try at once', async () => {
    const { id: team_id } = await team();
    const guest = await person();
    const { id, code } = await invite(team_id, guest.email);
    const tries = await Promise.all(Array.from({ length: 16 }, (_, i) => i % 2 === 0
      ? guest.own.post('/team-invitations/accept', { code }) : guest.own.send('POST', `/team-invitations/${id}/accept?user_id=me`)));
    assert.deepEqual(tries.map(({ status }) => status).filter((status) => status === 200).length, 1);
    for (const answer of tries) assert.ok([200, 404, 409].includes(answer.status), answer.text);
    assert.deepEqual(await members(team_id), [guest.id]);
  });

  it('leaves who is in the team already as they are', async () => {
    const admin = await person();
    const { id: team_id } = await team(admin);
    const invitations = [await invite(team_id, admin.email), await invite(team_id, admin.email)];
    assert.notEqual(invitations[0].id, invitations[1].id);
    const newest = await nextMail(server, admin.email);
    assert.equal((await admin.own.post('/team-invitations/accept', { code: codeOf(newest) })).status, 200);
    assert.deepEqual(await members(team_id), [admin.id]);
    assert.ok((await admin.own.get(`/team-permissions?user_id=me&team_id=${team_id}`)).body.items.some((item) => item.id === 'team_admin'));
  });

  it('is taken back by its own team alone, and its link is dead', async () => {
    const [admin, member, stranger, guest] = [await person(), await person(), await person(), await person()];
    const { id: team_id } = await team(admin);
    const { id: other_id } = await team(stranger);
    await backend.post(`/team-memberships/${team_id}/${member.id}`);
    const { id, code } = await invite(team_id, guest.email);
    assertKnown(await stranger.own.delete(`/team-invitations/${id}?team_id=${other_id}`), 404, 'VERIFICATION_CODE_NOT_FOUND');
    assertKnown(await stranger.own.delete(`/team-invitations/${id}?team_id=${team_id}`), 404, 'TEAM_MEMBERSHIP_NOT_FOUND');
    assertKnown(await member.own.delete(`/team-invitations/${id}?team_id=${team_id}`), 401, 'TEAM_PERMISSION_REQUIRED',
      { team_id, user_id: member.id, permission_id: '$remove_members' });
    assertKnown(await guest.own.delete(`/team-invitations/${id}?team_id=${team_id}`), 404, 'TEAM_MEMBERSHIP_NOT_FOUND');
    assertKnown(await client.delete(`/team-invitations/${id}?team_id=${team_id}`), 401, 'USER_AUTHENTICATION_REQUIRED');
    assert.deepEqual((await admin.own.send('DELETE', `/team-invitations/${id}?team_id=${team_id}`)).body, { success: true });
    assertKnown(await guest.own.post('/team-invitations/accept', { code }), 404, 'VERIFICATION_CODE_NOT_FOUND');
    assertKnown(await guest.own.send('POST', `/team-invitations/${id}/accept?user_id=me`), 404, 'VERIFICATION_CODE_NOT_FOUND');
  });

  it('expires, and goes with its team', async () => {
    const guest = await person();
    const { id: team_id } = await team();
    const { id, code } = await invite(team_id, guest.email);
    await sql(`UPDATE stack_auth.team_invitation SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    assertKnown(await guest.own.post('/team-invitations/accept', { code }), 400, 'VERIFICATION_CODE_EXPIRED');
    assertKnown(await guest.own.send('POST', `/team-invitations/${id}/accept?user_id=me`), 404, 'VERIFICATION_CODE_NOT_FOUND');
    for (const path of [`team_id=${team_id}`, `user_id=${guest.id}`]) assert.deepEqual((await backend.get(`/team-invitations?${path}`)).body.items, []);
    await sql(`UPDATE stack_auth.team_invitation SET expires_at = now() + interval '1 day' WHERE id = $1`, [id]);
    assert.equal((await backend.delete(`/teams/${team_id}`)).status, 200);
    assertKnown(await guest.own.post('/team-invitations/accept', { code }), 404, 'VERIFICATION_CODE_NOT_FOUND');
  });

  it('is kept as a hash of its project: no row and no other project helps', async () => {
    const guest = await person();
    const { id: team_id } = await team();
    const { id, code } = await invite(team_id, guest.email);
    const [row] = await sql('SELECT * FROM stack_auth.team_invitation WHERE id = $1', [id]);
    assert.ok(!JSON.stringify(row).includes(code));
    assertKnown(await guest.own.post('/team-invitations/accept', { code: row.code_hash }), 404, 'VERIFICATION_CODE_NOT_FOUND');
    const elsewhere = await createIntegration(server, { name: 'Elsewhere' });
    const stranger = await signUp(legacyClient(elsewhere), freshEmail());
    assertKnown(await legacyClient(elsewhere).as(stranger.accessToken).post('/team-invitations/accept', { code }), 404, 'VERIFICATION_CODE_NOT_FOUND');
    assertKnown(await legacyClient(elsewhere, { access: 'server' }).get(`/team-invitations?team_id=${team_id}`), 404, 'TEAM_NOT_FOUND');
  });
});

describe('inviting', () => {
  it('takes the permission to, and a trusted place to come back to', async () => {
    const [admin, member, stranger] = [await person(), await person(), await person()];
    const { id: team_id } = await team(admin);
    await backend.post(`/team-memberships/${team_id}/${member.id}`);
    await invite(team_id, freshEmail(), member.own);
    const body = { team_id, email: freshEmail(), callback_url };
    assertKnown(await stranger.own.post('/team-invitations/send-code', body), 404, 'TEAM_MEMBERSHIP_NOT_FOUND', { team_id, user_id: stranger.id });
    assertKnown(await client.post('/team-invitations/send-code', body), 401, 'USER_AUTHENTICATION_REQUIRED');
    assertKnown(await stranger.own.get(`/team-invitations?team_id=${team_id}`), 404, 'TEAM_MEMBERSHIP_NOT_FOUND');
    assertKnown(await admin.own.post('/team-invitations/send-code', { ...body, callback_url: 'https://evil.example/' }), 400, 'REDIRECT_URL_NOT_WHITELISTED');
    assertKnown(await backend.post('/team-invitations/send-code', { ...body, team_id: crypto.randomUUID() }), 404, 'TEAM_NOT_FOUND');
    for (const wrong of [{}, { email: 'x' }, { team_id: 'x' }, { callback_url: 1 }, { more: 1 }, { email: `a\u0000@x.example` }]) {
      assertKnown(await admin.own.post('/team-invitations/send-code', Object.keys(wrong).length ? { ...body, ...wrong } : {}), 400, 'SCHEMA_ERROR');
    }
    for (const query of ['', '?team_id=x', '?user_id=x', `?team_id=${team_id}&user_id=me`, `?team_id=${team_id}&more=1`]) {
      assertKnown(await backend.get(`/team-invitations${query}`), 400, 'SCHEMA_ERROR');
    }
    for (const path of ['/team-invitations/x?team_id=x', `/team-invitations/${team_id}`, `/team-invitations/${team_id}?team_id=x`]) {
      assertKnown(await backend.delete(path), 400, 'SCHEMA_ERROR');
    }
    for (const path of ['/team-invitations/x/accept?user_id=me', `/team-invitations/${team_id}/accept`]) assertKnown(await admin.own.send('POST', path), 400, 'SCHEMA_ERROR');
    for (const code of ['', 'x', 'a'.repeat(45), '\u00e9'.repeat(45)]) {
      assertKnown(await admin.own.post('/team-invitations/accept', { code }), 404, 'VERIFICATION_CODE_NOT_FOUND');
    }
    assertKnown(await backend.get(`/team-invitations?user_id=me`), 400, 'CANNOT_GET_OWN_USER_WITHOUT_USER');
  });

  it('stops where a team has too many open ones', async () => {
    const { id: team_id } = await team();
    await sql(`INSERT INTO stack_auth.team_invitation (team_id, email, code_hash, created_at, expires_at)
               SELECT $1, 'u' || i || '@example.test', gen_random_uuid()::text, now(), now() + interval '1 day' FROM generate_series(1, 499) i`, [team_id]);
    await invite(team_id, freshEmail());
    assertText(await backend.post('/team-invitations/send-code', { team_id, email: freshEmail(), callback_url }), 400, /too many open invitations/);
    await sql(`UPDATE stack_auth.team_invitation SET expires_at = now() - interval '2 days' WHERE team_id = $1 AND email LIKE 'u%@example.test'`, [team_id]);
    await invite(team_id, freshEmail());
    const [{ left }] = await sql('SELECT count(*)::int AS left FROM stack_auth.team_invitation WHERE team_id = $1', [team_id]);
    assert.ok(left <= 481, `expired invitations go, a few at a time: ${left} are left`);
  });

  it('meets a team that is deleted meanwhile with a refusal, never a fault', async () => {
    for (let round = 0; round < 5; ++round) {
      const guest = await person();
      const { id: team_id } = await team();
      const { code } = await invite(team_id, guest.email);
      const answers = await Promise.all([backend.delete(`/teams/${team_id}`), guest.own.post('/team-invitations/accept', { code }),
        backend.post('/team-invitations/send-code', { team_id, email: freshEmail(), callback_url }), backend.post(`/team-memberships/${team_id}/${guest.id}`)]);
      for (const answer of answers) assert.ok(answer.status < 500, answer.text);
    }
  });
});
