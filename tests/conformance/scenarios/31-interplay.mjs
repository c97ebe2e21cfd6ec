export default [
  {
    id: 'two-devices',
    async run(t) {
      const u = await t.user('alice');
      const phone = t.jar();
      await t.must('POST', '/sign-in/email', { body: { email: u.email, password: u.password }, jar: phone });
      const a = await t.org(u, 'one');
      await t.get('other device has none active', '/organization/get-full-organization', { jar: phone });
      await t.post('set on the other device', '/organization/set-active', { organizationId: a.id }, { jar: phone });
      await t.post('delete the organization', '/organization/delete', { organizationId: a.id }, { jar: u.jar });
      await t.get('active member on the other device', '/organization/get-active-member', { jar: phone });
      await t.post('change of password keeps the other device', '/change-password', { currentPassword: u.password, newPassword: 'brand-new-9' }, { jar: u.jar });
      await t.get('it lives', '/get-session', { jar: phone, ignore: ['body.json.session.activeOrganizationId'] });
      await t.post('name changed there', '/update-user', { name: 'New' }, { jar: phone });
      await t.get('shows here', '/get-session', { jar: u.jar });
      await t.post('sign out there', '/sign-out', {}, { jar: phone });
      await t.get('lives here', '/get-session', { jar: u.jar });
    },
  },
  {
    id: 'user-goes',
    async run(t) {
      const o = await t.user('owner');
      const org = await t.org(o, 'one');
      const m = await t.member(o, org, 'mel');
      const i = await t.must('POST', '/organization/invite-member', { body: { email: t.email('ivy'), role: 'member', organizationId: org.id }, jar: o.jar });
      t.save('inv', i.body.id);
      await t.post('member deletes the account', '/delete-user', { password: m.password }, { jar: m.jar });
      const left = await t.send('GET', '/organization/list-members', { jar: o.jar, query: { organizationId: org.id } });
      t.check('members left', [left.status, left.body?.total]);
      await t.post('address is free again', '/sign-up/email', { email: m.email, password: t.password, name: 'Mel 2' });
      await t.post('admin without rights removes', '/admin/remove-user', { userId: o.id }, { jar: o.jar });
      const a = await t.admin('boss');
      await t.post('admin removes the owner', '/admin/remove-user', { userId: o.id }, { jar: a.jar });
      const ivy = await t.user('ivy');
      await t.post('invitation of who has gone', '/organization/accept-invitation', { invitationId: i.body.id }, { jar: ivy.jar });
      await t.get('owner', '/get-session', { jar: o.jar });
    },
  },
  {
    id: 'address-changes',
    async run(t) {
      const u = await t.user('alice');
      const o = await t.user('owner');
      const org = await t.org(o, 'one');
      await t.must('POST', '/organization/invite-member', { body: { email: t.email('later'), role: 'member', organizationId: org.id }, jar: o.jar });
      await t.fetchMail(t.email('later'));
      await t.must('POST', '/request-password-reset', { body: { email: u.email, redirectTo: '/r' } });
      const r = await t.mail('reset mail', u.email);
      await t.must('POST', '/change-email', { body: { newEmail: t.email('later') }, jar: u.jar });
      const m = await t.mail('verification', t.email('later'));
      await t.get('follow', m.link, { jar: u.jar });
      await t.get('session', '/get-session', { jar: u.jar });
      await t.get('invitations to the new address', '/organization/list-user-invitations', { jar: u.jar });
      await t.post('code for the old address', '/email-otp/send-verification-otp', { email: u.email, type: 'forget-password' });
      await t.noMail('nothing', u.email);
      await t.post('sign in by the old one', '/sign-in/email', { email: u.email, password: u.password });
      await t.post('sign in by the new one', '/sign-in/email', { email: t.email('later'), password: u.password });
      t.check('reset link has a token', /reset-password\/[A-Za-z0-9]{24}/.test(r.link));
    },
  },
  {
    id: 'one-account-many-ways',
    async run(t) {
      const u = await t.user('alice');
      const verify = await (async () => {
        await t.must('POST', '/send-verification-email', { body: { email: u.email }, jar: u.jar });
        return t.fetchMail(u.email);
      })();
      await t.get('prove the address', verify.link, { jar: u.jar });
      await t.must('POST', '/email-otp/send-verification-otp', { body: { email: u.email, type: 'sign-in' } });
      const c = await t.mail('code', u.email);
      const byCode = t.jar();
      await t.post('by code', '/sign-in/email-otp', { email: u.email, otp: c.code, name: 'Ignored' }, { jar: byCode });
      await t.post('password still works', '/sign-in/email', { email: u.email, password: u.password });
      await t.must('POST', '/sign-in/magic-link', { body: { email: u.email, callbackURL: '/in', newUserCallbackURL: '/new' } });
      const l = await t.mail('link', u.email);
      await t.get('by link', l.link);
      await t.get('first session lives', '/get-session', { jar: u.jar });
      const p = t.phone('p');
      await t.must('POST', '/phone-number/send-otp', { body: { phoneNumber: p } });
      const s = await t.sms('sms', p);
      await t.post('attach a number', '/phone-number/verify', { phoneNumber: p, code: s.code, updatePhoneNumber: true }, { jar: u.jar });
      await t.post('by number and password', '/sign-in/phone-number', { phoneNumber: p, password: u.password });
      await t.must('POST', '/phone-number/send-otp', { body: { phoneNumber: p } });
      const s2 = await t.sms('sms 2', p);
      await t.post('by number and code', '/phone-number/verify', { phoneNumber: p, code: s2.code });
      await t.get('accounts', '/list-accounts', { jar: byCode });
      const list = await t.send('GET', '/list-sessions', { jar: byCode });
      t.check('sessions', list.body?.length);
      await t.get('token', '/token', { jar: byCode });
    },
  },
  {
    id: 'roles-at-once',
    async run(t) {
      const a = await t.admin('boss');
      const u = await t.user('worker');
      await t.must('POST', '/admin/set-role', { body: { userId: u.id, role: 'admin' }, jar: a.jar });
      await t.get('is an admin at once', '/admin/get-user', { jar: u.jar, query: { id: u.id } });
      await t.post('bans the other admin', '/admin/ban-user', { userId: a.id, banReason: 'coup' }, { jar: u.jar });
      await t.get('the banned one', '/get-session', { jar: a.jar });
      await t.post('its next call', '/admin/unban-user', { userId: a.id }, { jar: a.jar });
      await t.post('demotes oneself', '/admin/set-role', { userId: u.id, role: 'user' }, { jar: u.jar });
      await t.post('is none any more', '/admin/unban-user', { userId: a.id }, { jar: u.jar });
      const r = await t.send('GET', '/get-session', { jar: u.jar });
      t.check('role in the JWT', t.jwtSummary(r.headers['set-auth-jwt'][0]).payload.role);
    },
  },
];
