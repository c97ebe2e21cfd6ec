// Members of organizations: who may see, promote, remove whom; nobody climbs, and somebody is always in charge.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { request } from '../support/http.mjs';
import { freshSlug, organizationTools, refused } from '../support/organizations.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, signIn, signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const { post, get, must, found, join, invite, activeOf } = organizationTools(server.base_url);
const rolesIn = async ({ id }) => (await sql('SELECT role FROM neon_auth.member WHERE "organizationId" = $1 ORDER BY role', [id])).map(({ role }) => role);
const setRole = (by, memberId, role, { id }) => post('update-member-role', { memberId, role, organizationId: id }, by.jar);
const remove = (by, memberIdOrEmail, { id }) => post('remove-member', { memberIdOrEmail, organizationId: id }, by.jar);
const leave = (who, { id }) => post('leave', { organizationId: id }, who.jar);

describe('S127: an outsider', () => {
  it('reads and changes nothing', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    const invitation = await must(invite(owner, organization, freshEmail()));
    const outsider = await signUp(server.base_url);
    const own = await must(post('create', { name: 'Own', slug: freshSlug() }, outsider.jar));
    const organizationId = organization.id;
    const state = async () => JSON.stringify([
      await sql('SELECT * FROM neon_auth.organization WHERE id = $1', [organizationId]),
      await sql('SELECT * FROM neon_auth.member WHERE "organizationId" = $1 ORDER BY id', [organizationId]),
      await sql('SELECT * FROM neon_auth.invitation WHERE "organizationId" = $1 ORDER BY id', [organizationId]),
    ]);
    const before = await state();
    const calls = [
      ['get', 'get-full-organization', { organizationId }, 403],
      ['get', 'get-full-organization', { organizationSlug: organization.slug }, 403],
      ['get', 'list-members', { organizationId }, 403],
      ['get', 'list-members', { organizationSlug: organization.slug }, 403],
      ['get', 'get-active-member-role', { organizationId, userId: owner.id }, 403],
      ['get', 'list-invitations', { organizationId }, 403],
      ['get', 'get-invitation', { id: invitation.id }, 403],
      ['post', 'update', { organizationId, data: { name: 'Owned' } }, 400],
      ['post', 'delete', { organizationId }, 400],
      ['post', 'set-active', { organizationId }, 403],
      ['post', 'invite-member', { organizationId, email: outsider.email, role: 'owner' }, 400],
      ['post', 'accept-invitation', { invitationId: invitation.id }, 403],
      ['post', 'reject-invitation', { invitationId: invitation.id }, 403],
      ['post', 'cancel-invitation', { invitationId: invitation.id }, 400],
      ['post', 'update-member-role', { organizationId, memberId: member.memberId, role: 'owner' }, 400],
      // Their own organization, and a member of somebody else's.
      ['post', 'update-member-role', { organizationId: own.id, memberId: member.memberId, role: 'owner' }, 400],
      ['post', 'remove-member', { organizationId, memberIdOrEmail: member.memberId }, 400],
      ['post', 'remove-member', { organizationId: own.id, memberIdOrEmail: member.memberId }, 400],
      ['post', 'remove-member', { organizationId: own.id, memberIdOrEmail: member.email }, 400],
      ['post', 'leave', { organizationId }, 400],
      ['post', 'has-permission', { organizationId, permissions: { ac: ['read'] } }, 401],
    ];
    for (const [verb, path, values, status] of calls) {
      const answer = await (verb === 'get' ? get(path, values, outsider.jar) : post(path, values, outsider.jar));
      assert.equal(answer.status, status, `${path}: ${answer.text}`);
      for (const secret of [owner.email, member.email, owner.memberId]) assert.ok(!answer.text.includes(secret), path);
      const anonymous = await (verb === 'get' ? get(path, values) : post(path, values));
      assert.equal(anonymous.status, 401, `${path}: ${anonymous.text}`);
    }
    assert.equal(await state(), before);
  });
});

describe('S128: a member', () => {
  it('does not climb', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    const other = await join(owner, organization);
    for (const role of ['owner', 'admin', 'member', ['member', 'owner']]) refused(await setRole(member, member.memberId, role, organization), 403, 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER');
    refused(await setRole(member, owner.memberId, 'member', organization), 403, 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER');
    for (const role of ['owner', 'admin', 'member']) refused(await invite(member, organization, freshEmail(), role), 403, 'YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION');
    refused(await post('update', { organizationId: organization.id, data: { name: 'Mine' } }, member.jar), 403, 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION');
    refused(await post('delete', { organizationId: organization.id }, member.jar), 403, 'YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION');
    refused(await remove(member, other.memberId, organization), 401, 'YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_MEMBER');
    refused(await remove(member, owner.email, organization), 400, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER');
    assert.deepEqual(await rolesIn(organization), ['member', 'member', 'owner']);
  });

  it('is not made an owner by an administrator', async () => {
    const { owner, organization } = await found();
    const admin = await join(owner, organization, 'admin');
    const member = await join(owner, organization);
    for (const target of [admin.memberId, member.memberId, owner.memberId]) refused(await setRole(admin, target, 'owner', organization), 403, 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER');
    refused(await setRole(admin, owner.memberId, 'member', organization), 403, 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER');
    refused(await setRole(admin, member.memberId, ['member', 'owner'], organization), 403, 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_MEMBER');
    refused(await remove(admin, owner.memberId, organization), 400, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER');
    refused(await post('delete', { organizationId: organization.id }, admin.jar), 403, 'YOU_ARE_NOT_ALLOWED_TO_DELETE_THIS_ORGANIZATION');
    assert.equal((await must(setRole(admin, member.memberId, 'admin', organization))).role, 'admin');
    assert.equal((await remove(admin, member.memberId, organization)).status, 200);
  });
});

describe('roles', () => {
  it('are known ones, exactly as written', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    for (const role of ['wizard', 'OWNER', 'member,wizard']) refused(await setRole(owner, member.memberId, role, organization), 400, 'ROLE_NOT_FOUND');
    for (const role of ['', ' ', ',', []]) assert.deepEqual([(await setRole(owner, member.memberId, role, organization)).status], [400]);
    for (const [role, stored] of [[' admin', 'admin'], ['member, admin', 'member,admin'], ['member,', 'member']]) {
      assert.equal((await must(setRole(owner, member.memberId, role, organization))).role, stored);
    }
    for (const role of ['wizard', ' owner', 'owner ', 'OWNER', 'admin,', 'member, admin', '', []]) {
      const answer = await invite(owner, organization, freshEmail(), role);
      assert.equal(answer.status, 400);
      assert.match(answer.body.message, /^ROLE_NOT_FOUND: /);
    }
    assert.equal((await setRole(owner, member.memberId, 'wizard', organization)).body.message, 'ROLE_NOT_FOUND: wizard');
    assert.equal((await must(setRole(owner, member.memberId, ['member', 'admin', 'member'], organization))).role, 'member,admin');
  });

  it('that look like others by SQL grant nothing', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    for (const role of [' owner', 'Owner', 'owner ', 'ghost', '']) {
      await sql('UPDATE neon_auth.member SET role = $2 WHERE id = $1', [member.memberId, role]);
      refused(await post('update', { organizationId: organization.id, data: { name: 'Mine' } }, member.jar), 403, 'YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION');
      refused(await leave(owner, organization), 400, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER');
    }
  });

  it('refuse malformed bodies', async () => {
    const { owner, organization } = await found();
    for (const body of [{}, { memberId: owner.memberId }, { memberId: owner.memberId, role: 5 }, { memberId: owner.memberId, role: [5] }, { role: 'member' }, { memberId: 5, role: 'member' }, { memberId: owner.memberId, role: 'member', organizationId: 5 }]) refused(await post('update-member-role', body, owner.jar), 400, 'VALIDATION_ERROR');
    for (const body of [{}, { memberIdOrEmail: 5 }, { memberIdOrEmail: 'x', organizationId: {} }]) refused(await post('remove-member', body, owner.jar), 400, 'VALIDATION_ERROR');
    for (const body of [{}, { organizationId: 5 }, { organizationId: null }]) refused(await post('leave', body, owner.jar), 400, 'VALIDATION_ERROR');
    for (const id of ['nope', crypto.randomUUID(), '']) {
      refused(await setRole(owner, id, 'member', organization), 400, 'MEMBER_NOT_FOUND');
      refused(await remove(owner, id, organization), 400, 'MEMBER_NOT_FOUND');
    }
    refused(await remove(owner, 'nobody@example.test', organization), 400, 'MEMBER_NOT_FOUND');
    for (const id of ['nope', crypto.randomUUID(), '']) refused(await leave(owner, { id }), 400, 'MEMBER_NOT_FOUND');
    const nobody = await signUp(server.base_url);
    refused(await post('update-member-role', { memberId: owner.memberId, role: 'member' }, nobody.jar), 400, 'NO_ACTIVE_ORGANIZATION');
    refused(await post('remove-member', { memberIdOrEmail: owner.memberId }, nobody.jar), 400, 'NO_ACTIVE_ORGANIZATION');
  });
});

describe('the last owner', () => {
  it('cannot leave, be demoted or removed, while one of two can', async () => {
    const { owner, organization } = await found();
    refused(await leave(owner, organization), 400, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER');
    refused(await remove(owner, owner.email, organization), 400, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER');
    for (const role of ['member', 'admin', ['member', 'admin']]) refused(await setRole(owner, owner.memberId, role, organization), 400, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_WITHOUT_AN_OWNER');
    assert.equal((await setRole(owner, owner.memberId, ['admin', 'owner'], organization)).status, 200);
    const second = await join(owner, organization, 'owner');
    assert.equal((await must(setRole(owner, owner.memberId, 'member', organization))).role, 'member');
    refused(await leave(second, organization), 400, 'YOU_CANNOT_LEAVE_THE_ORGANIZATION_AS_THE_ONLY_OWNER');
    assert.equal((await leave(owner, organization)).status, 200);
  });

  const races = {
    'leave at once': (a, b, organization) => [leave(a, organization), leave(b, organization)],
    'demote each other': (a, b, organization) => [setRole(a, b.memberId, 'member', organization), setRole(b, a.memberId, 'member', organization)],
    'demote themselves': (a, b, organization) => [setRole(a, a.memberId, 'member', organization), setRole(b, b.memberId, 'member', organization)],
    'remove each other': (a, b, organization) => [remove(a, b.memberId, organization), remove(b, a.memberId, organization)],
    'one leaves, the other is demoted': (a, b, organization) => [leave(a, organization), setRole(b, b.memberId, 'member', organization)],
  };
  for (const [name, race] of Object.entries(races)) {
    it(`stays when two owners ${name}`, async () => {
      for (let round = 0; round < 5; ++round) {
        const { owner, organization } = await found();
        const second = await join(owner, organization, 'owner');
        const answers = await Promise.all([...race(owner, second, organization), ...race(owner, second, organization)]);
        assert.ok(answers.every(({ status }) => status < 500), answers.map(({ text }) => text).join(' '));
        assert.equal((await rolesIn(organization)).filter((role) => role === 'owner').length, 1);
      }
    });
  }
});

describe('S132: who left or was removed', () => {
  for (const [name, end] of [['leaving', (owner, member, organization) => leave(member, organization)], ['removal', (owner, member, organization) => remove(owner, member.memberId, organization)]]) {
    it(`has the organization active no longer, in no session, after ${name}`, async () => {
      const { owner, organization } = await found();
      const member = await join(owner, organization, 'admin');
      const second = await signIn(server.base_url, member);
      await must(post('set-active', { organizationId: organization.id }, second.jar));
      assert.equal((await end(owner, member, organization)).status, 200);
      for (const jar of [member.jar, second.jar]) {
        assert.equal(await activeOf(jar), null);
        refused(await get('get-active-member', {}, jar), 400, 'NO_ACTIVE_ORGANIZATION');
        refused(await get('list-members', { organizationId: organization.id }, jar), 403, 'YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION');
        refused(await post('update', { organizationId: organization.id, data: { name: 'X' } }, jar), 400, 'USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION');
      }
      assert.equal(await activeOf(owner.jar), organization.id);
    });
  }

  it('has no rights by a session that names the organization all the same', async () => {
    const { owner, organization } = await found();
    const outsider = await signUp(server.base_url);
    await sql('UPDATE neon_auth.session SET "activeOrganizationId" = $2 WHERE token = $1', [outsider.token, organization.id]);
    refused(await get('get-active-member', {}, outsider.jar), 400, 'MEMBER_NOT_FOUND');
    refused(await get('get-full-organization', {}, outsider.jar), 403, 'USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION');
    assert.equal(await activeOf(outsider.jar), null);
    await sql('UPDATE neon_auth.session SET "activeOrganizationId" = $2 WHERE token = $1', [outsider.token, `' OR true --`]);
    for (const path of ['get-active-member', 'list-members', 'list-invitations', 'get-active-member-role']) assert.ok((await get(path, {}, outsider.jar)).status < 500, path);
    assert.equal(owner.id.length, 36);
  });
});

describe('list-members', () => {
  it('filters, sorts and pages', async () => {
    const { owner, organization } = await found();
    const members = [];
    for (const role of ['admin', 'member', 'member']) members.push(await join(owner, organization, role));
    const organizationId = organization.id;
    const list = (query) => must(get('list-members', { organizationId, ...query }, owner.jar));
    assert.deepEqual((await list({ limit: 2, offset: 1, sortBy: 'createdAt' })).members.map(({ userId }) => userId), [members[0].id, members[1].id]);
    assert.deepEqual((await list({ sortBy: 'role', sortDirection: 'desc' })).members[0].userId, owner.id);
    assert.deepEqual((await list({ filterField: 'role', filterValue: 'member' })).total, 2);
    assert.deepEqual((await list({ filterField: 'role', filterOperator: 'ne', filterValue: 'member', limit: 1 })).total, 2);
    assert.deepEqual((await list({ filterField: 'userId', filterValue: owner.id })).members.map(({ id }) => id), [owner.memberId]);
    assert.equal((await list({ organizationSlug: organization.slug })).total, 4);
    // Nobody looks into another organization by a filter.
    const other = await found();
    assert.equal((await list({ filterField: 'organizationId', filterValue: other.organization.id })).total, 0);
  });

  it('refuses what is no column, operator or value', async () => {
    const { owner, organization } = await found();
    for (const query of [{ sortBy: 'user.email' }, { filterField: 'nope', filterValue: 'x' }, { filterField: 'userId', filterValue: 'x' }, { sortDirection: 'up' }, { filterOperator: 'like', filterField: 'role', filterValue: 'x' }, { limit: -1 }, { limit: 100_000 }]) refused(await get('list-members', { organizationId: organization.id, ...query }, owner.jar), 400, 'VALIDATION_ERROR');
    refused(await get('list-members', { organizationSlug: 'nope' }, owner.jar), 400, 'ORGANIZATION_NOT_FOUND');
    refused(await get('list-members', { organizationId: 'nope' }, owner.jar), 403, 'YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION');
    assert.equal((await request(`${server.base_url}/organization/list-members?organizationSlug=%00`, { jar: owner.jar })).status, 400);
    refused(await get('get-active-member-role', { userId: 'nope' }, owner.jar), 403, 'YOU_ARE_NOT_A_MEMBER_OF_THIS_ORGANIZATION');
    assert.deepEqual((await get('get-active-member-role', { userId: owner.id }, owner.jar)).body, { role: 'owner' });
  });
});
