const send = (t, email, type) => t.must('POST', '/email-otp/send-verification-otp', { body: { email, type } });
const codeFor = async (t, email, type) => {
  await send(t, email, type);
  return (await t.fetchMail(email)).code;
};
const wrongFor = (code) => (code[0] === '1' ? '2' : '1') + code.slice(1);

export default [
  {
    id: 'every-type',
    async run(t) {
      const u = await t.user('alice');
      for (const type of ['sign-in', 'email-verification', 'forget-password', 'change-email']) {
        await t.post(`send ${type}`, '/email-otp/send-verification-otp', { email: u.email, type });
      }
      await t.mail('mail 1', u.email);
      await t.mail('mail 2', u.email);
      await t.mail('mail 3', u.email);
      for (const type of ['sign-in', 'email-verification', 'forget-password', 'change-email']) {
        await t.post(`check ${type}`, '/email-otp/check-verification-otp', { email: u.email, type, otp: '000000' });
      }
      await t.post('unknown address, forget-password', '/email-otp/send-verification-otp', { email: t.email('nobody'), type: 'forget-password' });
      await t.noMail('nothing', t.email('nobody'));
      await t.post('address in capitals', '/email-otp/send-verification-otp', { email: u.email.toUpperCase(), type: 'sign-in' });
      const m = await t.mail('mail in capitals', u.email);
      await t.post('used in mixed case', '/sign-in/email-otp', { email: u.email.replace('alice', 'ALICE'), otp: m.code });
    },
  },
  {
    id: 'replaced-and-tried',
    async run(t) {
      const u = await t.user('alice');
      const first = await codeFor(t, u.email, 'sign-in');
      const second = await codeFor(t, u.email, 'sign-in');
      t.codes.add(first);
      t.codes.add(second);
      if (first !== second) await t.post('the older one', '/sign-in/email-otp', { email: u.email, otp: first });
      await t.post('the newer one with spaces', '/sign-in/email-otp', { email: u.email, otp: ` ${second} ` });
      await t.post('the newer one', '/sign-in/email-otp', { email: u.email, otp: second });
      const third = await codeFor(t, u.email, 'email-verification');
      t.codes.add(third);
      for (const i of [1, 2, 3]) await t.post(`check wrong ${i}`, '/email-otp/check-verification-otp', { email: u.email, type: 'email-verification', otp: wrongFor(third) });
      await t.post('check right', '/email-otp/check-verification-otp', { email: u.email, type: 'email-verification', otp: third });
      await t.post('verify', '/email-otp/verify-email', { email: u.email, otp: third });
      await t.post('verify unknown address', '/email-otp/verify-email', { email: t.email('nobody'), otp: '000000' });
      const r = await codeFor(t, u.email, 'forget-password');
      t.codes.add(r);
      for (const i of [1, 2, 3, 4, 5]) await t.post(`reset wrong ${i}`, '/email-otp/reset-password', { email: u.email, otp: wrongFor(r), password: 'brand-new-9' });
      await t.post('reset unknown address', '/email-otp/reset-password', { email: t.email('nobody'), otp: '000000', password: 'brand-new-9' });
      const long = await codeFor(t, u.email, 'forget-password');
      t.codes.add(long);
      await t.post('reset too long', '/email-otp/reset-password', { email: u.email, otp: long, password: 'x'.repeat(129) });
      await t.post('reset again', '/email-otp/reset-password', { email: u.email, otp: long, password: 'brand-new-9' });
    },
  },
  {
    id: 'verify-while-signed-in',
    async run(t) {
      const u = await t.user('alice');
      const b = await t.user('bob');
      const code = await codeFor(t, u.email, 'email-verification');
      t.codes.add(code);
      await t.post('by somebody else', '/email-otp/verify-email', { email: u.email, otp: code }, { jar: b.jar });
      await t.get('bob', '/get-session', { jar: b.jar });
      const again = await codeFor(t, b.email, 'email-verification');
      t.codes.add(again);
      await t.post('by oneself', '/email-otp/verify-email', { email: b.email, otp: again }, { jar: b.jar });
      await t.get('bob is verified', '/get-session', { jar: b.jar });
    },
  },
  {
    id: 'verify-profile',
    profile: 'verify',
    async run(t) {
      const email = t.email('alice');
      await t.must('POST', '/sign-up/email', { body: { email, password: t.password, name: 'A' } });
      await t.mail('link', email);
      const code = await codeFor(t, email, 'sign-in');
      t.codes.add(code);
      const jar = t.jar();
      await t.post('sign in by code though unverified', '/sign-in/email-otp', { email, otp: code }, { jar });
      await t.get('session', '/get-session', { jar });
      await t.post('password afterwards', '/sign-in/email', { email, password: t.password });
      const fresh = t.email('fresh');
      const f = await codeFor(t, fresh, 'sign-in');
      t.codes.add(f);
      await t.post('new user with name and image', '/sign-in/email-otp', { email: fresh, otp: f, name: 'Fresh', image: 'https://img.example/f.png' });
    },
  },
  {
    id: 'closed',
    profile: 'closed',
    async run(t) {
      const root = await t.rootAdmin();
      const email = t.email('made');
      await t.must('POST', '/admin/create-user', { body: { email, password: t.password, name: 'Made' }, jar: root.jar });
      const code = await codeFor(t, email, 'sign-in');
      t.codes.add(code);
      await t.post('known address may sign in', '/sign-in/email-otp', { email, otp: code });
      await t.post('unknown address with a code', '/sign-in/email-otp', { email: t.email('x'), otp: '123456' });
      await t.post('verification code for unknown', '/email-otp/send-verification-otp', { email: t.email('x'), type: 'email-verification' });
      await t.post('magic link for a known one', '/sign-in/magic-link', { email, callbackURL: '/in' });
      const m = await t.mail('mail', email);
      await t.get('follow', m.link);
      await t.post('magic link without error target', '/sign-in/magic-link', { email: t.email('y') });
      const n = await t.mail('mail y', t.email('y'));
      await t.get('follow y', n.link);
      await t.post('phone', '/phone-number/send-otp', { phoneNumber: t.phone('p') });
      await t.post('social', '/sign-in/social', { provider: 'google' });
    },
  },
  {
    id: 'strict-lengths',
    profile: 'strict',
    async run(t) {
      const u = await t.user('alice');
      await t.mail('sign-up code', u.email);
      const code = await codeFor(t, u.email, 'sign-in');
      t.codes.add(code);
      t.check('length', code.length);
      await t.post('wrong 1', '/sign-in/email-otp', { email: u.email, otp: wrongFor(code) });
      await t.post('wrong 2', '/sign-in/email-otp', { email: u.email, otp: wrongFor(code) });
      await t.post('right', '/sign-in/email-otp', { email: u.email, otp: code });
      const p = t.phone('p');
      await t.post('phone code', '/phone-number/send-otp', { phoneNumber: p });
      const s = await t.sms('sms', p);
      await t.post('phone wrong 1', '/phone-number/verify', { phoneNumber: p, code: wrongFor(s.code) });
      await t.post('phone wrong 2', '/phone-number/verify', { phoneNumber: p, code: wrongFor(s.code) });
      await t.post('phone right', '/phone-number/verify', { phoneNumber: p, code: s.code });
      await t.post('phone again', '/phone-number/verify', { phoneNumber: p, code: s.code });
    },
  },
  {
    id: 'change-by-code',
    async run(t) {
      const u = await t.user('alice');
      await t.post('ask', '/email-otp/request-email-change', { newEmail: t.email('new') }, { jar: u.jar });
      await t.post('change', '/email-otp/change-email', { newEmail: t.email('new'), otp: '000000' }, { jar: u.jar });
      await t.post('ask without session', '/email-otp/request-email-change', { newEmail: t.email('new') });
      await t.post('change without session', '/email-otp/change-email', { newEmail: t.email('new'), otp: '000000' });
    },
  },
  {
    id: 'magic-links',
    async run(t) {
      const u = await t.user('Alice');
      await t.post('in capitals with a name', '/sign-in/magic-link', { email: u.email.toUpperCase(), name: 'Ignored', callbackURL: 'https://app.example.com/in?x=1', newUserCallbackURL: '/new', errorCallbackURL: '/err' });
      const m = await t.mail('mail', u.email);
      const jar = t.jar();
      await t.get('follow', m.link, { jar });
      await t.get('session', '/get-session', { jar });
      await t.get('follow again', m.link);
      await t.post('password of the unproven account', '/sign-in/email', { email: u.email, password: u.password });
      await t.get('no token', '/magic-link/verify');
      await t.get('unknown token', '/magic-link/verify', { query: { token: 'nope' } });
      await t.get('unknown token with callback', '/magic-link/verify', { query: { token: 'nope', callbackURL: '/in' } });
      await t.get('unknown token with error target', '/magic-link/verify', { query: { token: 'nope', callbackURL: '/in', errorCallbackURL: '/err?a=1' } });
      await t.get('unknown token, untrusted error target', '/magic-link/verify', { query: { token: 'nope', errorCallbackURL: 'https://evil.example.net/' } });
      await t.get('unknown token, untrusted new user target', '/magic-link/verify', { query: { token: 'nope', newUserCallbackURL: 'https://evil.example.net/' } });
      await t.get('unknown token, app scheme', '/magic-link/verify', { query: { token: 'nope', callbackURL: 'myapp://in' } });
      const fresh = t.email('fresh');
      await t.post('new user with targets', '/sign-in/magic-link', { email: fresh, name: 'Fresh', callbackURL: '/in', newUserCallbackURL: '/new?b=2' });
      const n = await t.mail('mail to the new one', fresh);
      const j2 = t.jar();
      await t.get('follow as new', n.link, { jar: j2 });
      await t.get('session of the new one', '/get-session', { jar: j2 });
      await t.post('two links', '/sign-in/magic-link', { email: fresh, callbackURL: '/in' });
      const a = await t.mail('first', fresh);
      await t.post('two links b', '/sign-in/magic-link', { email: fresh, callbackURL: '/in' });
      const b = await t.mail('second', fresh);
      await t.get('the older', a.link);
      await t.get('the newer', b.link);
      await t.post('without callback', '/sign-in/magic-link', { email: fresh });
      const c = await t.mail('third', fresh);
      await t.get('answers a redirect or json', c.link);
      await t.post('rememberMe is unknown', '/sign-in/magic-link', { email: fresh, rememberMe: false });
    },
  },
  {
    id: 'phone',
    async run(t) {
      const p = t.phone('p');
      const jar = t.jar();
      await t.post('send', '/phone-number/send-otp', { phoneNumber: p });
      const s = await t.sms('sms', p);
      await t.post('without a session', '/phone-number/verify', { phoneNumber: p, code: s.code, disableSession: true });
      await t.post('send 2', '/phone-number/send-otp', { phoneNumber: p });
      const s2 = await t.sms('sms 2', p);
      await t.post('sign in', '/phone-number/verify', { phoneNumber: p, code: s2.code }, { jar });
      await t.get('session', '/get-session', { jar });
      await t.get('accounts', '/list-accounts', { jar });
      await t.post('used up', '/phone-number/verify', { phoneNumber: p, code: s2.code });
      await t.post('ask for a reset', '/phone-number/request-password-reset', { phoneNumber: p });
      const r = await t.sms('reset sms', p);
      await t.post('too short', '/phone-number/reset-password', { phoneNumber: p, otp: r.code, newPassword: 'short' });
      await t.post('reset', '/phone-number/reset-password', { phoneNumber: p, otp: r.code, newPassword: 'brand-new-9' });
      await t.post('reset again', '/phone-number/reset-password', { phoneNumber: p, otp: r.code, newPassword: 'brand-new-9' });
      await t.post('sign in by password', '/sign-in/phone-number', { phoneNumber: p, password: 'brand-new-9' });
      await t.post('wrong password', '/sign-in/phone-number', { phoneNumber: p, password: 'wrong-one-1' });
      await t.post('not remembered', '/sign-in/phone-number', { phoneNumber: p, password: 'brand-new-9', rememberMe: false });
      const q = t.phone('q');
      await t.post('unknown number', '/sign-in/phone-number', { phoneNumber: q, password: 'brand-new-9' });
      await t.post('reset of an unknown number', '/phone-number/request-password-reset', { phoneNumber: q });
      await t.sms('nothing arrives', q, { absent: true });
      const u = await t.user('alice');
      const b = await t.user('bob');
      await t.post('send q', '/phone-number/send-otp', { phoneNumber: q });
      const sq = await t.sms('sms q', q);
      await t.post('attach without session', '/phone-number/verify', { phoneNumber: q, code: sq.code, updatePhoneNumber: true });
      await t.post('send q2', '/phone-number/send-otp', { phoneNumber: q });
      const sq2 = await t.sms('sms q2', q);
      await t.post('attach', '/phone-number/verify', { phoneNumber: q, code: sq2.code, updatePhoneNumber: true }, { jar: u.jar });
      await t.post('send q3', '/phone-number/send-otp', { phoneNumber: q });
      const sq3 = await t.sms('sms q3', q);
      await t.post('attach a taken one', '/phone-number/verify', { phoneNumber: q, code: sq3.code, updatePhoneNumber: true }, { jar: b.jar });
      await t.post('update-user to null', '/update-user', { phoneNumber: null }, { jar: u.jar });
      await t.get('final', '/get-session', { jar: u.jar });
      for (const number of ['+1 555 010 0100']) {
        await t.line(`send to ${number}`, 'POST', '/phone-number/send-otp', { body: { phoneNumber: number } });
      }
    },
  },
  {
    id: 'phone-verify-profile',
    profile: 'verify',
    async run(t) {
      const u = await t.user('alice');
      const p = t.phone('p');
      await t.must('POST', '/phone-number/send-otp', { body: { phoneNumber: p } });
      const s = await t.sms('sms', p);
      await t.post('unknown number is no sign-up', '/phone-number/verify', { phoneNumber: p, code: s.code }, { quirk: 'the reference fails to update nobody' });
      await t.must('POST', '/phone-number/send-otp', { body: { phoneNumber: p } });
      const s2 = await t.sms('sms 2', p);
      await t.post('attach', '/phone-number/verify', { phoneNumber: p, code: s2.code, updatePhoneNumber: true }, { jar: u.jar });
      await t.post('password', '/sign-in/phone-number', { phoneNumber: p, password: u.password });
    },
  },
];
