// Invitations: who may make, see and answer them; their mail and events; limits that hold for many requests at once.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { useInbox } from '../support/inbox.mjs';
import { organizationTools, refused } from '../support/organizations.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings, untilHeard } from '../support/settings.mjs';
import { freshEmail, signIn, signUp } from '../support/users.mjs';
import { startReceiver, verifies } from '../support/webhook_receiver.mjs';

const server = await useServer();
const sql = useDatabase(server);
const { post, get, must, found, join, invite, activeOf } = organizationTools(server.base_url);
const inbox = await useInbox(sql);
const configure = (config) => sql(`UPDATE neon_auth.project_config SET plugin_configs = jsonb_set(plugin_configs, '{organization,config}', plugin_configs #> '{organization,config}' || $1)`, [JSON.stringify(config)]).then(untilHeard);
const rules = (organization) => changeSettings(sql, { advanced: { organization } });
const accept = (who, { id }) => post('accept-invitation', { invitationId: id }, who.jar);
const reject = (who, { id }) => post('reject-invitation', { invitationId: id }, who.jar);
const cancel = (who, { id }) => post('cancel-invitation', { invitationId: id }, who.jar);
const verify = ({ id }) => sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [id]);
const statusOf = async ({ id }) => (await sql('SELECT status FROM neon_auth.invitation WHERE id = $1', [id]))[0].status;
const membersOf = async ({ id }) => Number((await sql('SELECT count(*) FROM neon_auth.member WHERE "organizationId" = $1', [id]))[0].count);

describe('invite-member', () => {
  it('invites an address for 48 hours, by the active organization too', async () => {
    const { owner, organization } = await found();
    const email = freshEmail('Guest');
    const invitation = await must(post('invite-member', { email: email.toUpperCase(), role: 'member' }, owner.jar));
    assert.deepEqual([invitation.email, invitation.status, invitation.inviterId, invitation.organizationId], [email.toLowerCase(), 'pending', owner.id, organization.id]);
    assert.ok(Math.abs(Date.parse(invitation.expiresAt) - Date.now() - 172_800_000) < 5000);
  });

  it('refuses who is a member or invited, and prolongs when asked to', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    refused(await invite(owner, organization, member.email), 400, 'USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION');
    const email = freshEmail();
    const first = await must(invite(owner, organization, email));
    refused(await invite(owner, organization, email), 400, 'USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION');
    await sql('UPDATE neon_auth.invitation SET "expiresAt" = now() + interval \'1 minute\' WHERE id = $1', [first.id]);
    const again = await must(invite(owner, organization, email, 'member', { resend: true }));
    assert.equal(again.id, first.id);
    assert.ok(Date.parse(again.expiresAt) > Date.now() + 172_000_000);
    await sql('UPDATE neon_auth.invitation SET "expiresAt" = now() - interval \'1 second\' WHERE id = $1', [first.id]);
    assert.notEqual((await must(invite(owner, organization, email))).id, first.id);
  });

  it('refuses malformed bodies, and organizations one is not in', async () => {
    const { owner, organization } = await found();
    for (const body of [{}, { email: 5, role: 'member' }, { email: 'a@b.cd' }, { email: 'a@b.cd', role: 5 }, { email: 'a@b.cd', role: [5] }, { email: 'a@b.cd', role: 'member', organizationId: 5 }, { email: 'a@b.cd', role: 'member', resend: 'yes' }, []]) refused(await post('invite-member', body, owner.jar), 400, 'VALIDATION_ERROR');
    for (const email of ['x', '', 'a@b', 'a b@c.de']) refused(await invite(owner, organization, email), 400, 'INVALID_EMAIL');
    for (const id of ['nope', crypto.randomUUID()]) refused(await invite(owner, { id }, freshEmail()), 400, 'MEMBER_NOT_FOUND');
    const nobody = await signUp(server.base_url);
    refused(await post('invite-member', { email: 'a@b.cd', role: 'member' }, nobody.jar), 400, 'ORGANIZATION_NOT_FOUND');
  });

  it('has a limit of pending ones, also for many at once', async () => {
    await rules({ invitationLimit: 3 });
    try {
      const { owner, organization } = await found();
      const answers = await Promise.all(Array.from({ length: 10 }, () => invite(owner, organization, freshEmail())));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, ...Array(7).fill(403)]);
      refused(await invite(owner, organization, freshEmail()), 403, 'INVITATION_LIMIT_REACHED');
      await cancel(owner, answers.find(({ status }) => status === 200).body);
      assert.equal((await invite(owner, organization, freshEmail())).status, 200);
    } finally {
      await rules({});
    }
  });

  it('one of many at once invites the same address', async () => {
    const { owner, organization } = await found();
    const email = freshEmail();
    const answers = await Promise.all(Array.from({ length: 8 }, () => invite(owner, organization, email)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(7).fill(400)]);
  });

  it('can withdraw the earlier invitation instead of refusing', async () => {
    await rules({ cancelPendingInvitationsOnReInvite: true });
    try {
      const { owner, organization } = await found();
      const email = freshEmail();
      const first = await must(invite(owner, organization, email));
      const second = await must(invite(owner, organization, email, 'admin'));
      assert.deepEqual([await statusOf(first), await statusOf(second)], ['canceled', 'pending']);
    } finally {
      await rules({});
    }
  });
});

describe('accept-invitation', () => {
  it('S128: parallel accepts make one member', async () => {
    const { owner, organization } = await found();
    const user = await signUp(server.base_url);
    const second = await signIn(server.base_url, user);
    const invitation = await must(invite(owner, organization, user.email));
    const answers = await Promise.all([user, second, user, second].map((who) => accept(who, invitation)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400, 400]);
    assert.equal(await membersOf(organization), 2);
    assert.equal(await statusOf(invitation), 'accepted');
  });

  it('S128: two invitations make one member', async () => {
    const { owner, organization } = await found();
    const user = await signUp(server.base_url);
    const first = await must(invite(owner, organization, user.email));
    const [{ id }] = await sql('INSERT INTO neon_auth.invitation ("organizationId", email, role, status, "expiresAt", "inviterId") SELECT "organizationId", email, \'owner\', status, "expiresAt", "inviterId" FROM neon_auth.invitation WHERE id = $1 RETURNING id', [first.id]);
    const answers = await Promise.all([accept(user, first), accept(user, { id })]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
    assert.equal(await membersOf(organization), 2);
  });

  it('S128: a stranger cannot, nor can who looks alike', async () => {
    const { owner, organization } = await found();
    const invitation = await must(invite(owner, organization, freshEmail(), 'admin'));
    for (const answer of [accept, reject]) refused(await answer(await signUp(server.base_url), invitation), 403, 'YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION');
    refused(await get('get-invitation', { id: invitation.id }, (await signUp(server.base_url)).jar), 403, 'YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION');
    assert.deepEqual([await statusOf(invitation), await membersOf(organization)], ['pending', 1]);
  });

  it('works once, while it is pending and not expired', async () => {
    const { owner, organization } = await found();
    const user = await signUp(server.base_url);
    for (const change of ["status = 'rejected'", "status = 'canceled'", '"expiresAt" = now() - interval \'1 second\'']) {
      const invitation = await must(invite(owner, organization, user.email));
      await sql(`UPDATE neon_auth.invitation SET ${change} WHERE id = $1`, [invitation.id]);
      refused(await accept(user, invitation), 400, 'INVITATION_NOT_FOUND');
      assert.equal((await get('get-invitation', { id: invitation.id }, user.jar)).body.message, 'Invitation not found!');
      // One may still say no to what has expired.
      if (change.startsWith('status')) refused(await reject(user, invitation), 400, 'INVITATION_NOT_FOUND');
      else assert.equal((await must(reject(user, invitation))).invitation.status, 'rejected');
    }
    for (const id of ['nope', crypto.randomUUID(), '']) for (const answer of [accept, reject, cancel]) refused(await answer(user, { id }), 400, 'INVITATION_NOT_FOUND');
    for (const path of ['accept-invitation', 'reject-invitation', 'cancel-invitation']) for (const body of [{}, { invitationId: 5 }, { invitationId: null }]) refused(await post(path, body, user.jar), 400, 'VALIDATION_ERROR');
  });

  it('holds to the membership limit, also for many at once', async () => {
    await configure({ membershipLimit: 3 });
    try {
      const { owner, organization } = await found();
      const guests = [];
      for (let i = 0; i < 6; ++i) {
        const user = await signUp(server.base_url);
        guests.push([user, await must(invite(owner, organization, user.email))]);
      }
      const answers = await Promise.all(guests.map(([user, invitation]) => accept(user, invitation)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 403, 403, 403, 403]);
      refused(answers.find(({ status }) => status === 403), 403, 'ORGANIZATION_MEMBERSHIP_LIMIT_REACHED');
      assert.equal(await membersOf(organization), 3);
      // Nothing is used up by a refusal.
      const late = guests[answers.findIndex(({ status }) => status === 403)];
      assert.equal(await statusOf(late[1]), 'pending');
    } finally {
      await configure({ membershipLimit: 100 });
    }
  });

  it('is void when the inviter has left, or may not give that role any more', async () => {
    const { owner, organization } = await found();
    const admin = await join(owner, organization, 'admin');
    const user = await signUp(server.base_url);
    const invitation = await must(invite(admin, organization, user.email, 'admin'));
    await post('update-member-role', { memberId: admin.memberId, role: 'member', organizationId: organization.id }, owner.jar);
    refused(await accept(user, invitation), 400, 'INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION');
    await post('remove-member', { memberIdOrEmail: admin.memberId, organizationId: organization.id }, owner.jar);
    refused(await accept(user, invitation), 400, 'INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION');
    assert.deepEqual([await statusOf(invitation), await membersOf(organization)], ['pending', 1]);
  });
});

describe('S130: an account whose address nobody proved', () => {
  // Better Auth's GHSA-fmh4-wcc4-5jm3: whoever signs up with an invited address finds the invitation and takes it.
  it('is not told what is offered to the address', async () => {
    const { owner, organization } = await found();
    const user = await signUp(server.base_url);
    const invitation = await must(invite(owner, organization, user.email));
    refused(await get('list-user-invitations', {}, user.jar), 403, 'EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION');
    await verify(user);
    const own = await must(get('list-user-invitations', {}, user.jar));
    assert.deepEqual(own.map(({ id, organizationName }) => [id, organizationName]), [[invitation.id, organization.name]]);
    assert.equal((await get('list-user-invitations', { email: owner.email }, user.jar)).status, 400);
    const nobody = await get('list-user-invitations');
    assert.deepEqual([nobody.status, nobody.body.message], [400, 'Missing session headers, or email query parameter.']);
  });

  it('does not learn an id from inside either: members see only invitations that they could have made', async () => {
    const { owner, organization } = await found();
    const member = await join(owner, organization);
    const admin = await join(owner, organization, 'admin');
    const emails = [];
    for (const role of ['member', 'admin', 'owner', ['member', 'owner']]) emails.push((await must(invite(owner, organization, freshEmail(), role))).email);
    const seen = async (who) => {
      const full = (await must(get('get-full-organization', { organizationId: organization.id }, who.jar))).invitations;
      const listed = await must(get('list-invitations', { organizationId: organization.id }, who.jar));
      assert.deepEqual(listed, full);
      return listed.filter(({ status }) => status === 'pending').map(({ email }) => email).sort();
    };
    assert.deepEqual(await seen(owner), [...emails].sort());
    assert.deepEqual(await seen(admin), emails.slice(0, 2).sort());
    assert.deepEqual(await seen(member), []);
    refused(await invite(admin, organization, emails[2], 'member', { resend: true }), 403, 'YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE');
  });

  it('cannot look or answer where the branch wants addresses proven', async () => {
    const { owner, organization } = await found();
    const user = await signUp(server.base_url);
    const invitation = await must(invite(owner, organization, user.email));
    for (const settings of [() => rules({ requireEmailVerificationOnInvitation: true }), async () => (await rules({}), changeSettings(sql, { email_and_password: { requireEmailVerification: true } }))]) {
      await settings();
      try {
        for (const answer of [accept, reject]) refused(await answer(user, invitation), 403, 'EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION');
        refused(await get('get-invitation', { id: invitation.id }, user.jar), 403, 'EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION');
      } finally {
        await rules({});
        await changeSettings(sql, { email_and_password: { requireEmailVerification: false } });
      }
    }
    await rules({ requireEmailVerificationOnInvitation: true });
    try {
      await verify(user);
      assert.equal((await get('get-invitation', { id: invitation.id }, user.jar)).body.inviterEmail, owner.email);
      assert.equal((await accept(user, invitation)).status, 200);
      assert.equal(await activeOf(user.jar), organization.id);
    } finally {
      await rules({});
    }
  });
});

describe('reject and cancel', () => {
  it('settle an invitation once', async () => {
    const { owner, organization } = await found();
    const admin = await join(owner, organization, 'admin');
    const member = await join(owner, organization);
    const user = await signUp(server.base_url);
    const first = await must(invite(owner, organization, user.email));
    assert.deepEqual((await must(reject(user, first))).member, null);
    refused(await reject(user, first), 400, 'INVITATION_NOT_FOUND');
    assert.equal((await must(cancel(owner, first))).status, 'canceled', 'what was declined can be withdrawn');
    const second = await must(invite(owner, organization, user.email));
    refused(await cancel(member, second), 403, 'YOU_ARE_NOT_ALLOWED_TO_CANCEL_THIS_INVITATION');
    refused(await cancel(user, second), 400, 'MEMBER_NOT_FOUND');
    assert.equal((await must(cancel(admin, second))).status, 'canceled');
    refused(await accept(user, second), 400, 'INVITATION_NOT_FOUND');
    const third = await must(invite(owner, organization, user.email));
    await must(accept(user, third));
    refused(await cancel(owner, third), 400, 'INVITATION_NOT_FOUND');
  });

  it('accepting and cancelling at once: one of them counts', async () => {
    for (let round = 0; round < 5; ++round) {
      const { owner, organization } = await found();
      const user = await signUp(server.base_url);
      const invitation = await must(invite(owner, organization, user.email));
      const [taken, withdrawn] = await Promise.all([accept(user, invitation), cancel(owner, invitation)]);
      assert.deepEqual([taken.status, withdrawn.status].sort(), [200, 400]);
      assert.equal(await membersOf(organization), taken.status === 200 ? 2 : 1);
    }
  });

  it('other refusals of the reading routes', async () => {
    const { owner } = await found();
    const nobody = await signUp(server.base_url);
    assert.equal((await get('list-invitations', {}, nobody.jar)).body.message, 'Organization ID is required');
    assert.equal((await get('list-invitations', { organizationId: 'nope' }, nobody.jar)).status, 403);
    refused(await get('get-invitation', {}, owner.jar), 400, 'VALIDATION_ERROR');
    assert.equal((await get('get-invitation', { id: 'nope' }, owner.jar)).status, 400);
    for (const path of ['list-invitations', 'get-invitation']) assert.equal((await get(path, { id: 'x' })).status, 401, path);
  });
});

describe('the mail', () => {
  before(() => configure({ sendInvitationEmail: true }));

  it('leads to the app that invites, and its id is good', async () => {
    const { owner, organization } = await found('Köln & Söhne <b>');
    const user = await signUp(server.base_url);
    const origin = 'http://localhost:5173';
    const { client } = organizationTools(server.base_url);
    const invitation = await must(client.post('/organization/invite-member', { email: user.email, role: 'member', organizationId: organization.id }, { jar: owner.jar, origin }));
    const mail = await inbox.mail(user.email);
    assert.match(mail.subject, /Köln & Söhne <b>/);
    assert.equal(mail.link, `${origin}/auth/accept-invitation?invitationId=${invitation.id}`);
    const id = new URL(mail.link).searchParams.get('invitationId');
    assert.equal((await accept(user, { id })).status, 200);
  });

  it('leads where the branch says, never to an origin that is not trusted', async () => {
    const { owner, organization } = await found();
    const invited = async (headers) => {
      const email = freshEmail();
      const { client } = organizationTools(server.base_url);
      await must(client.post('/organization/invite-member', { email, role: 'member', organizationId: organization.id }, { origin: null, headers: { authorization: `Bearer ${owner.token}`, ...headers } }));
      return new URL((await inbox.mail(email)).link);
    };
    assert.notEqual((await invited({ origin: 'https://evil.test' })).host, 'evil.test');
    await rules({ acceptInvitationUrl: 'https://app.test/join?source=mail' });
    try {
      const link = await invited({ origin: 'https://evil.test' });
      assert.deepEqual([link.origin, link.pathname, link.searchParams.get('source')], ['https://app.test', '/join', 'mail']);
    } finally {
      await rules({});
    }
  });

  it('is not sent for a refusal, nor where such mails are off', async () => {
    const { owner, organization } = await found();
    const email = freshEmail();
    refused(await invite(owner, organization, email, 'wizard'), 400, undefined);
    await inbox.noMail(email);
    await configure({ sendInvitationEmail: false });
    const quiet = freshEmail();
    assert.equal((await invite(owner, organization, quiet)).status, 200);
    await inbox.noMail(quiet);
  });
});

describe('events', () => {
  it('organization.invitation.created and .accepted reach the receiver, signed, and only for what happened', async () => {
    const receiver = await startReceiver();
    await changeSettings(sql, { webhook_config: { enabled: true, webhookUrl: receiver.url, enabledEvents: ['organization.invitation.created', 'organization.invitation.accepted'], timeoutSeconds: 2 } });
    const { owner, organization } = await found('Hooked');
    const user = await signUp(server.base_url);
    const invitation = await must(invite(owner, organization, user.email, 'admin'));
    const created = await receiver.next('organization.invitation.created', owner.email);
    assert.ok(await verifies(server.jwks_url, created));
    assert.equal(created.body.user.id, owner.id);
    assert.deepEqual(
      ['invitation_id', 'organization_id', 'organization_name', 'invitee_email', 'role'].map((member) => created.body.event_data[member]),
      [invitation.id, organization.id, 'Hooked', user.email, 'admin'],
    );
    assert.ok(Math.abs(Date.parse(created.body.event_data.expires_at) - Date.parse(invitation.expiresAt)) < 2000);

    refused(await accept(await signUp(server.base_url), invitation), 403, 'YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION');
    await Promise.all([accept(user, invitation), accept(user, invitation), accept(user, invitation)]);
    const accepted = await receiver.next('organization.invitation.accepted', user.email);
    assert.ok(await verifies(server.jwks_url, accepted));
    assert.deepEqual([accepted.body.user.id, accepted.body.event_data.invitation_id], [user.id, invitation.id]);
    refused(await invite(owner, organization, user.email), 400, 'USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION');
    await untilHeard();
    assert.equal(receiver.of('organization.invitation.accepted').length, 1);
    assert.equal(receiver.of('organization.invitation.created').length, 1);
  });
});
