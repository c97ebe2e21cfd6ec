export default [
  {
    id: 'delete-by-mail',
    profile: 'verify',
    async run(t) {
      const u = await t.user('alice');
      await t.post('wrong password', '/delete-user', { password: 'wrong-one-1' }, { jar: u.jar });
      await t.post('asks by mail', '/delete-user', { callbackURL: '/bye' }, { jar: u.jar });
      const m = await t.mail('mail', u.email);
      await t.post('with password asks by mail as well', '/delete-user', { password: u.password }, { jar: u.jar });
      const m2 = await t.mail('mail 2', u.email);
      await t.post('token in the body, wrong', '/delete-user', { token: 'nope' }, { jar: u.jar });
      await t.get('callback without session', '/delete-user/callback', { query: { token: 'nope' } });
      await t.get('callback without token', '/delete-user/callback', { jar: u.jar });
      await t.get('callback with a wrong token', '/delete-user/callback', { jar: u.jar, query: { token: 'nope', callbackURL: '/bye' } });
      await t.get('callback with an untrusted target', '/delete-user/callback', { jar: u.jar, query: { token: 'nope', callbackURL: 'https://evil.example.net' } });
      const b = await t.user('bob');
      await t.get('by somebody else', m2.link, { jar: b.jar });
      await t.get('by oneself', m.link, { jar: u.jar });
      await t.get('session is gone', '/get-session', { jar: u.jar });
      await t.post('token in the body', '/delete-user', { callbackURL: '/x' }, { jar: b.jar });
      const m3 = await t.mail('mail 3', b.email);
      const token = new URL(m3.link).searchParams.get('token');
      await t.post('is taken', '/delete-user', { token }, { jar: b.jar });
      await t.post('cannot sign in', '/sign-in/email', { email: b.email, password: b.password });
    },
  },
  {
    id: 'change-email-approved',
    profile: 'verify',
    async run(t) {
      const u = await t.user('alice');
      await t.post('ask', '/change-email', { newEmail: t.email('Alice2'), callbackURL: '/changed' }, { jar: u.jar });
      const first = await t.mail('goes to the old address', u.email);
      await t.get('approve without being signed in', first.link);
      const second = await t.mail('then to the new one', t.email('alice2'));
      await t.get('still the old address', '/get-session', { jar: u.jar });
      await t.get('prove', second.link, { jar: u.jar });
      await t.get('changed', '/get-session', { jar: u.jar });
      await t.get('prove again', second.link, { jar: u.jar });
      await t.post('to itself in capitals', '/change-email', { newEmail: t.email('ALICE2') }, { jar: u.jar });
      const taken = await t.user('taken');
      await t.post('to a taken one', '/change-email', { newEmail: taken.email }, { jar: u.jar });
    },
  },
  {
    id: 'change-email-verified-user',
    async run(t) {
      const u = await t.user('alice');
      await t.must('POST', '/send-verification-email', { body: { email: u.email }, jar: u.jar });
      const m = await t.fetchMail(u.email);
      await t.get('verify without callback', m.link, { jar: u.jar });
      await t.post('change', '/change-email', { newEmail: t.email('alice2') }, { jar: u.jar });
      const n = await t.mail('mail', t.email('alice2'));
      await t.get('follow without a session', n.link);
      await t.get('session', '/get-session', { jar: u.jar });
      await t.post('old address is free', '/sign-up/email', { email: u.email, password: t.password, name: 'New' });
      await t.post('sign in by the new one', '/sign-in/email', { email: t.email('alice2'), password: u.password });
    },
  },
  {
    id: 'verification-mails',
    async run(t) {
      const u = await t.user('alice');
      const b = await t.user('bob');
      await t.post('for somebody else while signed in', '/send-verification-email', { email: b.email }, { jar: u.jar });
      await t.post('in capitals', '/send-verification-email', { email: u.email.toUpperCase() }, { jar: u.jar });
      await t.post('with an absolute callback', '/send-verification-email', { email: u.email, callbackURL: 'https://app.example.com/ok?x=1' });
      const m = await t.mail('mail', u.email);
      await t.get('follow as somebody else', m.link, { jar: b.jar });
      await t.get('who am I', '/get-session', { jar: b.jar });
      await t.get('alice is verified', '/get-session', { jar: u.jar });
      await t.post('again though verified, signed out', '/send-verification-email', { email: u.email });
      await t.noMail('no mail', u.email);
      const token = new URL(m.link).searchParams.get('token');
      await t.get('token with app scheme', '/verify-email', { query: { token, callbackURL: 'myapp://verified' } });
      await t.get('token with trailing text', '/verify-email', { query: { token: `${token}x` } });
      await t.get('empty token', '/verify-email', { query: { token: '' } });
      await t.get('unsigned token', '/verify-email', { query: { token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.` } });
      await t.get('empty callback', '/verify-email', { query: { token, callbackURL: '' } });
      await t.get('callback with a fragment', '/verify-email', { query: { token: 'x', callbackURL: 'https://app.example.com/a#frag' } });
      await t.get('callback with query and fragment', '/verify-email', { query: { token: 'x', callbackURL: 'https://app.example.com/a?b=1#frag' } });
    },
  },
  {
    id: 'verify-sign-in',
    profile: 'verify',
    async run(t) {
      const email = t.email('alice');
      const jar = t.jar();
      await t.post('sign up with remembered off', '/sign-up/email', { email, password: t.password, name: 'A', rememberMe: false }, { jar });
      const m = await t.mail('mail', email);
      const token = new URL(m.link).searchParams.get('token');
      await t.post('code sign-in of an unverified address', '/email-otp/send-verification-otp', { email, type: 'email-verification' });
      const c = await t.mail('code', email);
      await t.post('verify by code', '/email-otp/verify-email', { email, otp: c.code }, { jar });
      await t.get('session', '/get-session', { jar });
      await t.get('link afterwards', '/verify-email', { query: { token } });
      await t.get('link afterwards with callback', '/verify-email', { query: { token, callbackURL: '/x' } });
      await t.post('second sign-up', '/sign-up/email', { email: email.toUpperCase(), password: t.password, name: 'A' });
      await t.post('sign in with callback', '/sign-in/email', { email, password: t.password, callbackURL: 'https://app.example.com/in' });
    },
  },
  {
    id: 'reset-links',
    async run(t) {
      const u = await t.user('alice');
      await t.post('in capitals', '/request-password-reset', { email: u.email.toUpperCase(), redirectTo: 'https://app.example.com/reset?x=1' });
      const m = await t.mail('mail', u.email);
      await t.get('open', m.link);
      await t.get('open again', m.link);
      const token = /reset-password\/([^?]+)/.exec(m.link)[1];
      await t.get('open with relative target', `/reset-password/${token}`, { query: { callbackURL: '/reset' } });
      await t.get('open without target', `/reset-password/${token}`);
      await t.get('open with empty target', `/reset-password/${token}`, { query: { callbackURL: '' } });
      await t.get('open an unknown one', '/reset-password/nope', { query: { callbackURL: '/reset' } });
      await t.get('open with untrusted target', `/reset-password/${token}`, { query: { callbackURL: 'https://evil.example.net/' } });
      await t.post('too short', '/reset-password', { newPassword: 'short', token });
      await t.post('too long', '/reset-password', { newPassword: 'x'.repeat(129), token });
      await t.post('token in the query', `/reset-password?token=${token}`, { newPassword: 'brand-new-9' });
      await t.post('again', '/reset-password', { newPassword: 'brand-new-99', token });
      await t.post('sign in', '/sign-in/email', { email: u.email, password: 'brand-new-9' });
      await t.get('old session lives', '/get-session', { jar: u.jar });
      await t.post('no redirectTo', '/request-password-reset', { email: u.email });
      const n = await t.mail('mail without target', u.email);
      await t.get('open it', n.link);
      await t.post('no token at all', '/reset-password', { newPassword: 'brand-new-9' });
    },
  },
  {
    id: 'reset-revokes',
    profile: 'strict',
    async run(t) {
      const u = await t.user('alice');
      await t.mail('sign-up sends a code', u.email);
      await t.post('ask', '/request-password-reset', { email: u.email, redirectTo: '/r' });
      const m = await t.mail('mail', u.email);
      const token = /reset-password\/([^?]+)/.exec(m.link)[1];
      await t.post('eleven', '/reset-password', { newPassword: 'x'.repeat(11), token });
      await t.post('reset', '/reset-password', { newPassword: 'x'.repeat(12), token });
      await t.get('session is gone', '/get-session', { jar: u.jar });
      await t.post('send-verification-email sends a code', '/send-verification-email', { email: u.email });
      const c = await t.mail('code', u.email);
      t.check('code length', c.code?.length);
      await t.post('verify by code', '/email-otp/verify-email', { email: u.email, otp: c.code });
      await t.post('again', '/email-otp/verify-email', { email: u.email, otp: c.code });
    },
  },
  {
    id: 'reset-of-codeless-account',
    async run(t) {
      const email = t.email('coded');
      await t.must('POST', '/email-otp/send-verification-otp', { body: { email, type: 'sign-in' } });
      const m = await t.fetchMail(email);
      const jar = t.jar();
      await t.must('POST', '/sign-in/email-otp', { body: { email, otp: m.code }, jar });
      await t.post('verify-password without one', '/verify-password', { password: 'some-password' }, { jar });
      await t.post('change-password without one', '/change-password', { currentPassword: 'some-password', newPassword: 'brand-new-9' }, { jar });
      await t.post('delete-user with a password', '/delete-user', { password: 'some-password' }, { jar });
      await t.post('sign-in by password', '/sign-in/email', { email, password: 'some-password' });
      await t.post('ask for a reset', '/request-password-reset', { email, redirectTo: '/r' });
      const r = await t.mail('mail', email);
      const token = /reset-password\/([^?]+)/.exec(r.link)[1];
      await t.post('reset gives it a password', '/reset-password', { newPassword: 'brand-new-9', token });
      await t.get('accounts', '/list-accounts', { jar });
      await t.post('sign-in by password now', '/sign-in/email', { email, password: 'brand-new-9' });
      await t.post('unlink the only one', '/unlink-account', { providerId: 'credential' }, { jar });
      await t.post('unlink by account id', '/unlink-account', { providerId: 'credential', accountId: 'nope' }, { jar });
    },
  },
  {
    id: 'passwords',
    async run(t) {
      const up = (name, password) => t.line(name, 'POST', '/sign-up/email', { body: { email: t.email(name.replace(/\W/g, '')), password, name: 'P' } });
      await up('four emoji', '🦊🦊🦊🦊');
      await up('three emoji and one', '🦊🦊🦊a');
      await up('eight spaces', ' '.repeat(8));
      await up('seven', 'x'.repeat(7));
      await up('eight', 'x'.repeat(8));
      await up('128', 'x'.repeat(128));
      await up('129', 'x'.repeat(129));
      await up('64 emoji', '🦊'.repeat(64));
      await up('65 emoji', '🦊'.repeat(65));
      const composed = t.email('composed');
      await t.must('POST', '/sign-up/email', { body: { email: composed, password: 'caf\u00e9-caf\u00e9', name: 'P' } });
      await t.line('decomposed is the same', 'POST', '/sign-in/email', { body: { email: composed, password: 'cafe\u0301-cafe\u0301' }, drop: ['body.json.token'] });
      await t.line('other case is not', 'POST', '/sign-in/email', { body: { email: composed, password: 'CAFÉ-CAFÉ' } });
      await t.line('empty', 'POST', '/sign-in/email', { body: { email: composed, password: '' } });
      await t.line('spaces around', 'POST', '/sign-in/email', { body: { email: composed, password: ' caf\u00e9-caf\u00e9 ' } });
      const u = await t.user('alice');
      await t.post('change to the same', '/change-password', { currentPassword: u.password, newPassword: u.password }, { jar: u.jar });
      await t.post('change to a long one', '/change-password', { currentPassword: u.password, newPassword: 'x'.repeat(129) }, { jar: u.jar });
      await t.post('empty current', '/change-password', { currentPassword: '', newPassword: 'brand-new-9' }, { jar: u.jar });
      await t.post('wrong current and too short', '/change-password', { currentPassword: 'wrong', newPassword: 'short' }, { jar: u.jar });
    },
  },
  {
    id: 'addresses',
    async run(t) {
      const odd = [` a@b.example`, 'a@b', 'a@b.c', 'a@b.co', 'a..b@c.example', '.a@b.example', 'a.@b.example', 'a b@c.example', '"a"@b.example', 'a@-b.example', 'a@b-.example', 'a@b..example', 'ä@b.example', 'a@bücher.example', "o'neil@b.example", 'a+b@c.example', 'a_b@c.example', 'a%b@c.example', 'a@1.2.3.4', 'a@[1.2.3.4]', 'a@b.example.', 'A@B.EXAMPLE', 'a@b.example\n', 'a@@b.example', '@b.example', 'a@', 'a'.repeat(65) + '@b.example', 'a@' + 'b'.repeat(64) + '.example', 'a-@b.example', '-a@b.example', 'a/b@c.example', 'a@b.123', 'a@b.e1'];
      for (const email of odd) {
        await t.line(`reset for ${JSON.stringify(email.length > 40 ? `${email.slice(0, 20)}... ${email.length}` : email)}`, 'POST', '/request-password-reset', { raw: JSON.stringify({ email }) });
        await t.line(`sign in as ${JSON.stringify(email.length > 40 ? `${email.slice(0, 20)}... ${email.length}` : email)}`, 'POST', '/sign-in/email', { raw: JSON.stringify({ email, password: 'wrong-one-1' }) });
        await t.line(`code for ${JSON.stringify(email.length > 40 ? `${email.slice(0, 20)}... ${email.length}` : email)}`, 'POST', '/email-otp/request-password-reset', { raw: JSON.stringify({ email }) });
      }
      const u = await t.user('Mixed');
      await t.post('sign in in capitals', '/sign-in/email', { email: u.email.toUpperCase(), password: u.password });
      await t.post('sign up in capitals', '/sign-up/email', { email: u.email.toUpperCase(), password: u.password, name: 'X' });
    },
  },
];
