// Teams, played with each published version of @stackframe/js, unmodified: made, joined by invitation, changed, left.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { codeOf, createIntegration, legacyPassword, nextMail } from './legacy_app.mjs';
import { freshEmail } from './users.mjs';

export function playStackframeTeams(version, { StackServerApp, StackClientApp }, server) {
  describe(`teams of @stackframe/js ${version}`, () => {
    const callbackUrl = 'http://localhost:3000/handler/team-invitation';
    let options, backend, admin, guest, team;

    const person = async (displayName) => {
      const email = freshEmail(displayName.toLowerCase());
      const made = await backend.createUser({ primaryEmail: email, primaryEmailVerified: true, primaryEmailAuthEnabled: true, password: legacyPassword, displayName });
      const app = new StackClientApp(options);
      const signedIn = await app.signInWithCredential({ email, password: legacyPassword, noRedirect: true });
      assert.equal(signedIn.status, 'ok', JSON.stringify(signedIn.error));
      return { id: made.id, email, made, app, me: () => app.getUser() };
    };

    before(async () => {
      const integration = await createIntegration(server, { name: `Teams ${version}` });
      options = { baseUrl: server.origin, projectId: integration.projectId, publishableClientKey: integration.publishableKey, tokenStore: 'memory', urls: { handler: '/handler' } };
      backend = new StackServerApp({ ...options, secretServerKey: integration.secretKey });
      [admin, guest] = [await person('Ada'), await person('Grace')];
    });

    it('are made by a server, and their creator is an admin', async () => {
      team = await backend.createTeam({ displayName: 'Crew', creatorUserId: admin.id });
      assert.equal(team.displayName, 'Crew');
      const users = await team.listUsers();
      assert.deepEqual(users.map(({ id, primaryEmail, teamProfile }) => [id, primaryEmail, teamProfile.displayName]), [[admin.id, admin.email, 'Ada']]);
      const own = await (await admin.me()).getTeam(team.id);
      assert.equal(own.displayName, 'Crew');
      assert.equal(await (await admin.me()).hasPermission(own, '$invite_members'), true);
      assert.equal(await (await guest.me()).getTeam(team.id), null);
    });

    it('invite, see whom they invited, and take it back', async () => {
      const own = await (await admin.me()).getTeam(team.id);
      await own.inviteUser({ email: guest.email, callbackUrl });
      const [sent, ...others] = await own.listInvitations();
      assert.deepEqual([sent.recipientEmail, others.length], [guest.email, 0]);
      assert.ok(sent.expiresAt > new Date());
      await sent.revoke();
      assert.deepEqual(await own.listInvitations(), []);
      const dead = await guest.app.verifyTeamInvitationCode(codeOf(await nextMail(server, guest.email)));
      assert.deepEqual([dead.status, dead.error.errorCode], ['error', 'VERIFICATION_CODE_NOT_FOUND']);
    });

    it('are joined with the code of the mail, once, by the invited', async () => {
      const earlier = await nextMail(server, guest.email);
      await (await backend.getTeam(team.id)).inviteUser({ email: guest.email, callbackUrl });
      const code = codeOf(await nextMail(server, guest.email, earlier));
      assert.equal((await guest.app.verifyTeamInvitationCode(code)).status, 'ok');
      assert.deepEqual(await guest.app.getTeamInvitationDetails(code), { status: 'ok', data: { teamDisplayName: 'Crew' } });
      if (version === '2.8.108') { // earlier ones do not know the refusal
        const stolen = await admin.app.acceptTeamInvitation(code);
        assert.deepEqual([stolen.status, stolen.error.errorCode], ['error', 'TEAM_INVITATION_EMAIL_MISMATCH']);
      }
      const joined = await guest.app.acceptTeamInvitation(code);
      assert.equal(joined.status, 'ok', JSON.stringify(joined.error));
      const again = await guest.app.acceptTeamInvitation(code);
      assert.deepEqual([again.status, again.error.errorCode], ['error', 'VERIFICATION_CODE_ALREADY_USED']);
      const users = await (await admin.app.getUser()).getTeam(team.id).then((own) => own.listUsers());
      assert.deepEqual(users.map(({ id }) => id).sort(), [admin.id, guest.id].sort());
    });

    const hasList = version === '2.8.108'; // earlier ones have no such list
    if (hasList) it('are joined from the list of one\'s own invitations', async () => {
      const other = await backend.createTeam({ displayName: 'Other', creatorUserId: admin.id });
      await other.inviteUser({ email: guest.email, callbackUrl });
      const [received] = await (await guest.me()).listTeamInvitations();
      assert.deepEqual([received.teamId, received.teamDisplayName], [other.id, 'Other']);
      await received.accept();
      assert.deepEqual(await (await guest.me()).listTeamInvitations(), []);
      assert.ok((await (await guest.me()).listTeams()).some(({ id }) => id === other.id));
    });

    it('know their members by a name of their own', async () => {
      const profile = await (await guest.me()).getTeamProfile(await (await guest.me()).getTeam(team.id));
      assert.equal(profile.displayName, 'Grace');
      await profile.update({ displayName: 'The guest' });
      const listed = await (await backend.getTeam(team.id)).listUsers();
      assert.equal(listed.find(({ id }) => id === guest.id).teamProfile.displayName, 'The guest');
      assert.equal(listed.find(({ id }) => id === guest.id).displayName, 'Grace');
    });

    it('have members who become admins, and stop being it', async () => {
      const user = await backend.getUser(guest.id);
      const own = await backend.getTeam(team.id);
      assert.equal(await user.hasPermission(own, 'team_admin'), false);
      await user.grantPermission(own, 'team_admin');
      assert.equal(await (await backend.getUser(guest.id)).hasPermission(own, '$delete_team'), true);
      await user.revokePermission(own, 'team_admin');
      assert.equal(await (await backend.getUser(guest.id)).hasPermission(own, 'team_admin'), false);
    });

    it('are selected, renamed, left and deleted', async () => {
      const own = await (await guest.me()).getTeam(team.id);
      await (await guest.me()).setSelectedTeam(own);
      assert.equal((await guest.me()).selectedTeam.id, team.id);
      await (await (await admin.me()).getTeam(team.id)).update({ displayName: 'Renamed' });
      assert.equal((await backend.getTeam(team.id)).displayName, 'Renamed');
      await (await guest.me()).leaveTeam(own);
      assert.equal(await (await guest.me()).getTeam(team.id), null);
      await (await (await admin.me()).getTeam(team.id)).delete();
      assert.equal(await backend.getTeam(team.id), null);
    });
  });
}
