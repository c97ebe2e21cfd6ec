import { everyBody, everyMember } from '../lib/matrix.mjs';

const next = (t) => (t.serial = (t.serial ?? 0) + 1);
const fresh = (t) => t.email(`m${next(t)}`);

/** Several endpoints with a valid body each; the caller is signed in where `jar` is given. */
const table = (id, rows) => ({
  id,
  async run(t) {
    const admin = id.startsWith('admin') ? await t.admin('boss') : null;
    const victim = admin ? await t.user('victim') : null;
    for (const [i, [path, make, opts = {}]] of rows.entries()) {
      const who = await t.user(`u${i}`);
      const org = id.startsWith('org') ? await t.org(who, `o${i}`) : null;
      const jar = admin?.jar ?? who.jar;
      const body = () => make(t, { who, victim, org });
      const options = { ...(opts.out ? {} : { jar, keep: true }), ...opts };
      await everyMember(t, path, body, options);
      await everyBody(t, path, body, options);
      await t.line(`${path}: an unknown member`, 'POST', path, { body: { ...body(), unknown: { deep: [1] } }, ...options });
      if (!opts.out) await t.line(`${path}: not signed in`, 'POST', path, { body: body() });
      if (!opts.out) await t.line(`${path}: {} and not signed in`, 'POST', path, { body: {} });
    }
  },
});

export default [
  table('sign-up', [['/sign-up/email', (t) => ({ name: 'N', email: fresh(t), password: t.password, image: 'https://img.example/x.png', callbackURL: '/x', rememberMe: true }), { out: true }]]),
  table('sign-in', [
    ['/sign-in/email', (t, { who }) => ({ email: who.email, password: who.password, callbackURL: '/x', rememberMe: true }), { out: true }],
    ['/sign-in/social', () => ({ provider: 'github', callbackURL: '/x', errorCallbackURL: '/e', newUserCallbackURL: '/n', disableRedirect: true, scopes: ['email'], requestSignUp: true, loginHint: 'a@b.example', additionalData: { a: 1 } }), { out: true }],
    ['/sign-in/email-otp', (t) => ({ email: fresh(t), otp: '000000', name: 'N', image: 'x' }), { out: true }],
    ['/sign-in/magic-link', (t) => ({ email: fresh(t), name: 'N', callbackURL: '/x', newUserCallbackURL: '/n', errorCallbackURL: '/e', metadata: { a: 1 } }), { out: true }],
    ['/sign-in/phone-number', () => ({ phoneNumber: '+15550100', password: 'some-password', rememberMe: true }), { out: true }],
  ]),
  table('password', [
    ['/reset-password', () => ({ newPassword: 'brand-new-9', token: 'nope' }), { out: true }],
    ['/request-password-reset', (t) => ({ email: fresh(t), redirectTo: '/r' }), { out: true }],
    ['/verify-password', (t, { who }) => ({ password: who.password })],
    ['/change-password', () => ({ newPassword: 'brand-new-9', currentPassword: 'wrong-one-1', revokeOtherSessions: false })],
  ]),
  table('user', [
    ['/update-user', () => ({ name: 'N', image: 'x' }), { except: ['name true', 'name a list', 'name an object', 'image a number', 'image true', 'image a list', 'image an object'] }],
    ['/change-email', (t) => ({ newEmail: fresh(t), callbackURL: '/x' })],
    ['/delete-user', () => ({ callbackURL: '/x', password: 'wrong-one-1', token: 'nope' }), { except: ['token absent', 'token empty', 'password absent', 'password empty'] }],
    ['/send-verification-email', (t, { who }) => ({ email: who.email, callbackURL: '/x' })],
    ['/update-session', () => ({ a: 1 })],
    ['/revoke-session', () => ({ token: 'nope' })],
    ['/unlink-account', () => ({ providerId: 'google', accountId: 'x' })],
    ['/link-social', () => ({ provider: 'github', callbackURL: '/x', requestSignUp: true, scopes: ['email'], errorCallbackURL: '/e', disableRedirect: true, additionalData: { a: 1 } })],
    ['/refresh-token', () => ({ providerId: 'google', accountId: 'x', userId: 'y' })],
    ['/get-access-token', () => ({ providerId: 'google', accountId: 'x', userId: 'y' })],
  ]),
  table('codes', [
    ['/email-otp/send-verification-otp', (t) => ({ email: fresh(t), type: 'sign-in' }), { out: true }],
    ['/email-otp/check-verification-otp', (t) => ({ email: fresh(t), type: 'sign-in', otp: '000000' }), { out: true }],
    ['/email-otp/verify-email', (t) => ({ email: fresh(t), otp: '000000' }), { out: true }],
    ['/email-otp/request-password-reset', (t) => ({ email: fresh(t) }), { out: true }],
    ['/forget-password/email-otp', (t) => ({ email: fresh(t) }), { out: true }],
    ['/email-otp/reset-password', (t) => ({ email: fresh(t), otp: '000000', password: 'brand-new-9' }), { out: true }],
    ['/email-otp/request-email-change', (t) => ({ newEmail: fresh(t), otp: '000000' })],
    ['/email-otp/change-email', (t) => ({ newEmail: fresh(t), otp: '000000' })],
    ['/phone-number/send-otp', () => ({ phoneNumber: '+15550101' }), { out: true, except: ['phoneNumber a space'] }],
    ['/phone-number/verify', () => ({ phoneNumber: '+15550102', code: '000000', disableSession: true, updatePhoneNumber: false }), { out: true, except: ['phoneNumber empty', 'phoneNumber a space'] }],
    ['/phone-number/request-password-reset', () => ({ phoneNumber: '+15550103' }), { out: true }],
    ['/phone-number/reset-password', () => ({ otp: '000000', phoneNumber: '+15550104', newPassword: 'brand-new-9' }), { out: true, except: ['phoneNumber empty', 'phoneNumber a space'] }],
  ]),
  table('admin', [
    ['/admin/set-role', (t, { victim }) => ({ userId: victim.id, role: 'user' }), { except: ['role empty', 'role a space'] }],
    ['/admin/create-user', (t) => ({ email: fresh(t), password: 'brand-new-9', name: 'N', role: 'user', data: { image: 'x' } }), { except: ['role a list', 'role empty', 'role a space'] }],
    ['/admin/update-user', (t, { victim }) => ({ userId: victim.id, data: { name: 'V' } })],
    ['/admin/list-user-sessions', (t, { victim }) => ({ userId: victim.id }), { unordered: ['body.json.sessions'] }],
    ['/admin/ban-user', (t, { victim }) => ({ userId: victim.id, banReason: 'r', banExpiresIn: 60 })],
    ['/admin/unban-user', (t, { victim }) => ({ userId: victim.id })],
    ['/admin/impersonate-user', () => ({ userId: '00000000-0000-4000-8000-000000000000' })],
    ['/admin/revoke-user-session', () => ({ sessionToken: 'nope' })],
    ['/admin/revoke-user-sessions', (t, { victim }) => ({ userId: victim.id })],
    ['/admin/remove-user', () => ({ userId: '00000000-0000-4000-8000-000000000000' })],
    ['/admin/set-user-password', (t, { victim }) => ({ newPassword: 'brand-new-9', userId: victim.id })],
    ['/admin/has-permission', () => ({ permissions: { user: ['list'] } })],
  ]),
  table('organization', [
    ['/organization/create', (t) => ({ name: 'O', slug: t.slug(`m${next(t)}`), logo: 'x', metadata: { a: 1 }, keepCurrentActiveOrganization: true }), { only: ['logo', 'metadata', 'keepCurrentActiveOrganization'] }],
    ['/organization/create', (t) => ({ name: 'O', slug: t.slug(`n${next(t)}`) }), { only: ['name', 'slug'], except: ['slug a space'] }],
    ['/organization/update', (t, { org }) => ({ data: { name: 'O2' }, organizationId: org.id })],
    ['/organization/delete', () => ({ organizationId: '00000000-0000-4000-8000-000000000000' })],
    ['/organization/set-active', (t, { org }) => ({ organizationId: org.id, organizationSlug: org.slug })],
    ['/organization/invite-member', (t, { org }) => ({ email: fresh(t), role: 'member', organizationId: org.id, resend: true }), { except: ['role empty', 'role a space'] }],
    ['/organization/cancel-invitation', () => ({ invitationId: '00000000-0000-4000-8000-000000000000' })],
    ['/organization/accept-invitation', () => ({ invitationId: '00000000-0000-4000-8000-000000000000' })],
    ['/organization/reject-invitation', () => ({ invitationId: '00000000-0000-4000-8000-000000000000' })],
    ['/organization/check-slug', (t) => ({ slug: t.slug('free') })],
    ['/organization/remove-member', (t, { org }) => ({ memberIdOrEmail: 'nobody@example.test', organizationId: org.id })],
    ['/organization/update-member-role', (t, { org }) => ({ role: 'admin', memberId: '00000000-0000-4000-8000-000000000000', organizationId: org.id })],
    ['/organization/leave', () => ({ organizationId: '00000000-0000-4000-8000-000000000000' })],
    ['/organization/has-permission', (t, { org }) => ({ permissions: { member: ['create'] }, organizationId: org.id })],
  ]),
];
