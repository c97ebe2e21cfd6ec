// better-auth/client with its admin and organization plugins, and Neon's client, which has them built in, both unmodified: an
// administrator's day, and an organization's life.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installBrowserFetch } from '../support/browser_fetch.mjs';
import { useDatabase } from '../support/db.mjs';
import { freshSlug } from '../support/organizations.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const browser = installBrowserFetch('http://localhost:5173');
after(browser.restore);
const { createAuthClient } = await import('better-auth/client');
const { adminClient, organizationClient } = await import('better-auth/client/plugins');
const { createAuthClient: createNeonClient } = await import('@neondatabase/auth');
const clients = {
  'better-auth/client': createAuthClient({ baseURL: server.base_url, plugins: [adminClient(), organizationClient()] }),
  '@neondatabase/auth': createNeonClient(server.base_url),
};

/** What a call answered; an error fails the test with its text. */
const must = async (call) => {
  const { data, error } = await call;
  assert.equal(error, null, JSON.stringify(error));
  return data;
};
/** Better Auth's client answers an error, Neon's throws it. */
const refusal = async (call) => (await call.catch((error) => ({ error }))).error?.message;
/** Neon's client remembers the session; the server knows who it is. */
const whoAmI = async () => (await (await fetch(`${server.base_url}/get-session`)).json()).user.id;

for (const [name, auth] of Object.entries(clients)) describe(name, () => plays(auth));

function plays(auth) {
  const signIn = async (email) => (await must(auth.signIn.email({ email, password }))).user;

  describe('the admin plugin', () => {
    const email = freshEmail('boss');
    const worker = freshEmail('worker');
    let boss;
    let user;

    before(async () => {
      boss = (await must(auth.signUp.email({ email, password, name: 'Boss' }))).user;
      await sql(`UPDATE neon_auth."user" SET role = 'admin' WHERE id = $1`, [boss.id]);
    });

    it('creates, finds and changes users', async () => {
      user = (await must(auth.admin.createUser({ email: worker, password, name: 'Worker', role: 'user', data: { image: 'https://img.test/w' } }))).user;
      const listed = await must(auth.admin.listUsers({ query: { searchValue: worker, searchOperator: 'starts_with', limit: 10, sortBy: 'createdAt', sortDirection: 'desc' } }));
      assert.deepEqual([listed.total, listed.users[0].id], [1, user.id]);
      const filtered = await must(auth.admin.listUsers({ query: { filterField: 'email', filterOperator: 'in', filterValue: [worker, email], sortBy: 'email' } }));
      assert.equal(filtered.total, 2);
      assert.equal((await must(auth.admin.updateUser({ userId: user.id, data: { name: 'Renamed' } }))).name, 'Renamed');
      assert.deepEqual((await must(auth.admin.setRole({ userId: user.id, role: ['user', 'admin'] }))).user.role, 'user,admin');
      assert.deepEqual((await must(auth.admin.setRole({ userId: user.id, role: 'user' }))).user.role, 'user');
      assert.equal((await must(auth.admin.setUserPassword({ userId: user.id, newPassword: 'another-horse-1' }))).status, true);
    });

    it('bans and lets in again', async () => {
      assert.equal((await must(auth.admin.banUser({ userId: user.id, banReason: 'test', banExpiresIn: 60 }))).user.banned, true);
      assert.equal((await must(auth.admin.unbanUser({ userId: user.id }))).user.banned, false);
    });

    it('acts as the user and comes back', async () => {
      assert.equal((await must(auth.admin.impersonateUser({ userId: user.id }))).session.impersonatedBy, boss.id);
      assert.equal(await whoAmI(), user.id);
      await must(auth.admin.stopImpersonating());
      assert.equal(await whoAmI(), boss.id);
    });

    it('sees and ends sessions', async () => {
      const { sessions } = await must(auth.admin.listUserSessions({ userId: boss.id }));
      assert.equal(sessions.length, 1);
      assert.equal((await must(auth.admin.revokeUserSessions({ userId: user.id }))).success, true);
      assert.equal((await must(auth.admin.revokeUserSession({ sessionToken: 'x' }))).success, true);
    });

    it('knows permissions on both sides, and removes users', async () => {
      assert.equal((await must(auth.admin.hasPermission({ permissions: { user: ['create', 'delete'] } }))).success, true);
      assert.equal(auth.admin.checkRolePermission({ role: 'user', permissions: { user: ['create'] } }), false);
      assert.equal((await must(auth.admin.removeUser({ userId: user.id }))).success, true);
      assert.equal(await refusal(auth.admin.removeUser({ userId: user.id })), 'User not found');
    });
  });

  describe('the organization plugin', () => {
    const [ownerEmail, guestEmail] = [freshEmail('owner'), freshEmail('guest')];
    let organization;
    let invitation;

    before(async () => {
      await must(auth.signUp.email({ email: guestEmail, password, name: 'Guest' }));
      await must(auth.signUp.email({ email: ownerEmail, password, name: 'Owner' }));
    });

    it('founds, finds, changes and activates', async () => {
      const slug = freshSlug();
      assert.equal((await must(auth.organization.checkSlug({ slug }))).status, true);
      organization = await must(auth.organization.create({ name: 'Acme', slug, metadata: { tier: 'gold' } }));
      assert.equal(await refusal(auth.organization.checkSlug({ slug })), 'Organization slug already taken');
      assert.equal((await must(auth.organization.list()))[0].id, organization.id);
      assert.equal((await must(auth.organization.update({ data: { name: 'Acme Ltd' } }))).name, 'Acme Ltd');
      await must(auth.organization.setActive({ organizationId: null }));
      await must(auth.organization.setActive({ organizationSlug: slug }));
      assert.equal((await must(auth.organization.getFullOrganization())).members.length, 1);
      assert.equal((await must(auth.organization.getActiveMember())).role, 'owner');
      assert.equal((await must(auth.organization.getActiveMemberRole())).role, 'owner');
    });

    it('invites, and the guest accepts', async () => {
      invitation = await must(auth.organization.inviteMember({ email: guestEmail, role: 'member' }));
      const second = await must(auth.organization.inviteMember({ email: freshEmail(), role: ['member', 'admin'] }));
      await must(auth.organization.cancelInvitation({ invitationId: second.id }));
      assert.equal((await must(auth.organization.listInvitations())).length, 2);
      await signIn(guestEmail);
      assert.equal((await must(auth.organization.getInvitation({ query: { id: invitation.id } }))).organizationName, 'Acme Ltd');
      const { member } = await must(auth.organization.acceptInvitation({ invitationId: invitation.id }));
      assert.equal(member.role, 'member');
      assert.equal((await must(auth.organization.hasPermission({ permissions: { organization: ['delete'] } }))).success, false);
      assert.equal(await refusal(auth.organization.rejectInvitation({ invitationId: invitation.id })), 'Invitation not found!');
      assert.equal(await refusal(auth.organization.listUserInvitations()), 'Email verification required to view or list invitations for the session email');
    });

    it('changes roles, removes members, and is removed', async () => {
      await signIn(ownerEmail);
      const organizationId = organization.id;
      const { members, total } = await must(auth.organization.listMembers({ query: { organizationId, limit: 10, sortBy: 'createdAt', sortDirection: 'desc' } }));
      assert.deepEqual([total, members[0].user.email], [2, guestEmail]);
      assert.equal((await must(auth.organization.updateMemberRole({ memberId: members[0].id, role: 'admin', organizationId }))).role, 'admin');
      assert.equal((await must(auth.organization.removeMember({ memberIdOrEmail: guestEmail, organizationId }))).member.user.email, guestEmail);
      assert.equal(await refusal(auth.organization.leave({ organizationId })), 'You cannot leave the organization as the only owner');
      assert.equal((await must(auth.organization.delete({ organizationId }))).id, organizationId);
      assert.deepEqual(await must(auth.organization.list()), []);
    });
  });
}
