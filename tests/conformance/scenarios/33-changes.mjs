// Settings, and rows, that change while somebody is on their way: between a code and its use, a redirect and the return, under live sessions.
const changes = (id, run) => ({
  id,
  profile: 'changing',
  needsDatabase: true,
  async run(t) {
    await t.configure();
    await run(t);
  },
});
const SECRET = 'another-secret-0123456789-ABCDEFGHIJKLM';
const GITHUB = { github: { clientId: 'github-client-id', clientSecret: 'github-client-secret' } };

async function code(t, email, type = 'sign-in') {
  await t.must('POST', '/email-otp/send-verification-otp', { body: { email, type } });
  const mail = await t.fetchMail(email);
  t.codes.add(mail.code);
  return mail.code;
}
async function magicLink(t, email, body = {}) {
  await t.must('POST', '/sign-in/magic-link', { body: { email, callbackURL: '/in', ...body } });
  return (await t.fetchMail(email)).link;
}
async function resetLink(t, email, body = {}) {
  await t.must('POST', '/request-password-reset', { body: { email, redirectTo: '/reset', ...body } });
  return (await t.fetchMail(email)).link;
}
const resetToken = (link) => new URL(link).pathname.split('/').at(-1);
async function verificationLink(t, email, callbackURL = '/verified') {
  await t.must('POST', '/send-verification-email', { body: { email, callbackURL } });
  return (await t.fetchMail(email)).link;
}
async function social(t, body = {}, { jar = t.jar(), path = '/sign-in/social', email = t.email('octo'), id = 1e9 + Math.floor(Math.random() * 1e9), plan = {} } = {}) {
  const started = await t.must('POST', path, { body: { provider: 'github', callbackURL: '/after', errorCallbackURL: '/failed', ...body }, jar });
  t.norm.register('octoId', String(id));
  const answer = await t.plan({ user: { id, login: 'octo', name: 'Octo', email }, emails: [{ email, primary: true, verified: true }], ...plan });
  return { jar, query: { code: answer, state: new URL(started.body.url).searchParams.get('state') } };
}
const signIn = (t, name, u, opts = {}) => t.post(name, '/sign-in/email', { email: u.email, password: u.password }, opts);

export default [
  changes('sign-up-closes', async (t) => {
    const known = await t.user('known');
    const [otp, link] = [await code(t, t.email('new1')), await magicLink(t, t.email('new2'), { newUserCallbackURL: '/new', errorCallbackURL: '/failed' })];
    const knownOtp = await code(t, known.email);
    const flow = await social(t);
    const phone = t.phone('phone');
    await t.must('POST', '/phone-number/send-otp', { body: { phoneNumber: phone } });
    const sms = await t.sms('sms', phone);
    await t.configure({ emailAndPassword: { disableSignUp: true }, emailOtp: { disableSignUp: true }, magicLink: { disableSignUp: true }, phone: { signUpOnVerification: false } });
    await t.post('sign-up', '/sign-up/email', { email: t.email('new0'), password: t.password, name: 'N' });
    await t.post('code of a new address', '/sign-in/email-otp', { email: t.email('new1'), otp });
    await t.get('link of a new address', link);
    await t.post('phone code of a new number', '/phone-number/verify', { phoneNumber: phone, code: sms.code }, { quirk: 'a refusal as a failure' });
    await t.post('code of a known address', '/sign-in/email-otp', { email: known.email, otp: knownOtp });
    await t.get('social', '/callback/github', { query: flow.query, jar: flow.jar });
    await t.get('session of before', '/get-session', { jar: known.jar });
    await t.configure();
    await t.post('opened again: the code', '/sign-in/email-otp', { email: t.email('new1'), otp });
    await t.get('opened again: the link', link);
  }),
  changes('passwords-off', async (t) => {
    const u = await t.user('alice');
    const token = resetToken(await resetLink(t, u.email));
    await t.configure({ emailAndPassword: { enabled: false } });
    await signIn(t, 'sign-in', u);
    await t.post('sign-up', '/sign-up/email', { email: t.email('new'), password: t.password, name: 'N' });
    await t.get('session', '/get-session', { jar: u.jar });
    await t.post('ask for a reset', '/request-password-reset', { email: u.email, redirectTo: '/reset' });
    await t.post('change', '/change-password', { currentPassword: u.password, newPassword: 'changed-horse-1' }, { jar: u.jar });
    await t.post('reset', '/reset-password', { token, newPassword: 'reset-horse-1' });
    await t.post('code', '/sign-in/email-otp', { email: u.email, otp: await code(t, u.email) });
  }),
  changes('password-rules', async (t) => {
    const u = await t.user('alice', { password: 'short-8x' });
    const link = await resetLink(t, u.email);
    await t.configure({ emailAndPassword: { minPasswordLength: 12, maxPasswordLength: 14, revokeSessionsOnPasswordReset: true } });
    await signIn(t, 'sign-in with what is too short now', u);
    await t.post('change', '/change-password', { currentPassword: u.password, newPassword: 'also-short' }, { jar: u.jar });
    await t.post('change to a good one', '/change-password', { currentPassword: u.password, newPassword: 'long-enough-1' }, { jar: u.jar });
    await t.post('reset', '/reset-password', { token: resetToken(link), newPassword: 'long-enough-2' });
    await t.get('session of before', '/get-session', { jar: u.jar });
  }),
  changes('verification-on', async (t) => {
    const u = await t.user('alice');
    const otp = await code(t, u.email);
    const pending = await verificationLink(t, t.email('alice'));
    await t.configure({ emailAndPassword: { requireEmailVerification: true }, emailVerification: { sendOnSignIn: true, sendOnSignUp: true, autoSignInAfterVerification: true } });
    await t.get('session of before', '/get-session', { jar: u.jar });
    await t.post('update', '/update-user', { name: 'New' }, { jar: u.jar });
    await signIn(t, 'sign-in', u);
    await t.mail('mail', u.email);
    await t.post('change', '/change-password', { currentPassword: u.password, newPassword: 'changed-horse-1', revokeOtherSessions: true }, { jar: u.jar });
    await t.get('link of before', pending, { jar: t.jar() });
    await t.post('sign-in, verified', '/sign-in/email', { email: u.email, password: 'changed-horse-1' });
    await t.post('code of before', '/sign-in/email-otp', { email: u.email, otp });
    await t.configure();
    await t.post('off again: sign-up', '/sign-up/email', { email: t.email('bob'), password: t.password, name: 'B' });
  }),
  changes('provider-goes', async (t) => {
    const known = await social(t);
    await t.get('sign-up', '/callback/github', { query: known.query, jar: known.jar });
    const flow = await social(t, {}, { email: t.email('next') });
    await t.configure({ social: {} });
    await t.get('callback', '/callback/github', { query: flow.query, jar: flow.jar });
    await t.post('sign-in', '/sign-in/social', { provider: 'github', callbackURL: '/x' });
    await t.post('link', '/link-social', { provider: 'github', callbackURL: '/x' }, { jar: known.jar });
    await t.get('session', '/get-session', { jar: known.jar });
    await t.get('accounts', '/list-accounts', { jar: known.jar });
    await t.post('access token', '/get-access-token', { providerId: 'github' }, { jar: known.jar });
    await t.post('refresh', '/refresh-token', { providerId: 'github' }, { jar: known.jar });
    await t.get('info', '/account-info', { jar: known.jar, query: { providerId: 'github' } });
    await t.configure({ social: { github: { clientId: 'other-client', clientSecret: 'other-secret' } } });
    const again = await social(t, {}, { email: t.email('third') });
    await t.get('another client', '/callback/github', { query: again.query, jar: again.jar });
    const [asked] = await t.askedWith(again.query.code);
    t.check('asked as', { id: asked.form.client_id, secret: asked.form.client_secret });
  }),
  changes('linking-off', async (t) => {
    const u = await t.user('alice');
    await t.sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE email = $1', [u.email]);
    const join = await social(t, {}, { email: u.email });
    const link = await social(t, { callbackURL: '/linked' }, { email: u.email, jar: u.jar, path: '/link-social' });
    await t.configure({ account: { linking: { enabled: false } } });
    await t.get('joining', '/callback/github', { query: join.query, jar: join.jar });
    await t.get('linking', '/callback/github', { query: link.query, jar: link.jar });
  }),
  changes('domain-goes', async (t) => {
    const u = await t.user('alice');
    const app = 'https://app.example.com';
    const links = {
      'magic link': await magicLink(t, u.email, { callbackURL: `${app}/in` }),
      'reset link': await resetLink(t, u.email, { redirectTo: `${app}/reset` }),
      'verification link': await verificationLink(t, u.email, `${app}/verified`),
    };
    const flow = await social(t, { callbackURL: `${app}/after`, errorCallbackURL: `${app}/failed` });
    const denied = await social(t, { callbackURL: `${app}/after`, errorCallbackURL: `${app}/failed` });
    await t.must('POST', '/update-user', { body: { name: 'A' }, jar: u.jar, origin: app });
    await t.configure({ trustedOrigins: ['https://new.example.com'] });
    for (const [name, link] of Object.entries(links)) await t.get(name, link);
    await t.get('social return', '/callback/github', { query: flow.query, jar: flow.jar, quirk: 'the browser is sent to what is no longer trusted' });
    await t.get('social failure', '/callback/github', { query: { error: 'denied', state: denied.query.state }, jar: denied.jar, quirk: 'the browser is sent to what is no longer trusted' });
    await t.post('from the old origin', '/update-user', { name: 'B' }, { jar: u.jar, origin: app });
    await t.post('from the new origin', '/update-user', { name: 'B' }, { jar: u.jar, origin: 'https://new.example.com' });
    await t.post('to the old one', '/sign-in/magic-link', { email: u.email, callbackURL: `${app}/in` });
  }),
  changes('lives-change', async (t) => {
    const u = await t.user('alice');
    const [otp, link] = [await code(t, u.email), await magicLink(t, u.email)];
    const token = resetToken(await resetLink(t, u.email));
    const verify = await verificationLink(t, u.email);
    await t.configure({ session: { expiresIn: 3600, updateAge: 60 }, emailOtp: { expiresIn: 60 }, magicLink: { expiresIn: 60 }, emailVerification: { expiresIn: 60 }, emailAndPassword: { resetPasswordTokenExpiresIn: 60 } });
    await t.get('session, shorter now', '/get-session', { jar: u.jar });
    await signIn(t, 'a new session', u, { jar: t.jar() });
    await t.get('link of before', link, { jar: t.jar() });
    await t.post('code of before', '/sign-in/email-otp', { email: u.email, otp });
    await t.post('reset of before', '/reset-password', { token, newPassword: 'reset-horse-1' });
    await t.get('verification of before', verify);
    await t.configure({ session: { expiresIn: 30 * 86400, updateAge: 86400 } });
    const late = await t.must('POST', '/sign-in/email', { body: { email: u.email, password: 'reset-horse-1' }, jar: t.jar() });
    t.check('a session of thirty days', late.cookies.find((c) => c.name.endsWith('session_token')).attrs['max-age']);
    const v = await t.user('bob');
    await t.configure({ session: { expiresIn: 60 * 86400, updateAge: 86400 } });
    await t.get('session, longer now', '/get-session', { jar: v.jar });
    await t.get('longer already', '/get-session', { jar: v.jar });
    await t.configure({ session: { freshAge: 0 } });
    await t.sql(`UPDATE neon_auth.session SET "createdAt" = now() - interval '3 days' WHERE token = $1`, [v.token]);
    await t.get('freshness is off', '/list-sessions', { jar: v.jar });
    await t.configure({ session: { freshAge: 60 } });
    await t.get('not fresh', '/list-sessions', { jar: v.jar });
    await t.configure({ emailOtp: { allowedAttempts: 1 } });
    const second = await code(t, v.email);
    await t.post('wrong once', '/sign-in/email-otp', { email: v.email, otp: '000000' });
    await t.post('one try was allowed', '/sign-in/email-otp', { email: v.email, otp: second });
    await t.configure({ emailOtp: { allowedAttempts: 5 } });
    const third = await code(t, v.email);
    for (const n of [1, 2]) await t.post(`wrong ${n}`, '/sign-in/email-otp', { email: v.email, otp: '000000' });
    await t.configure({ emailOtp: { allowedAttempts: 2 } });
    await t.post('two tries are allowed now', '/sign-in/email-otp', { email: v.email, otp: third });
  }),
  changes('features-off', async (t) => {
    await t.configure({ user: { changeEmail: { enabled: true, confirmToCurrentEmail: true }, deleteUser: { enabled: true, sendVerification: true } } });
    const u = await t.user('alice');
    await t.sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE email = $1', [u.email]);
    await t.must('POST', '/change-email', { body: { newEmail: t.email('moved'), callbackURL: '/moved' }, jar: u.jar });
    const approve = (await t.fetchMail(u.email)).link;
    await t.must('POST', '/delete-user', { body: { callbackURL: '/bye' }, jar: u.jar });
    const remove = (await t.fetchMail(u.email)).link;
    await t.configure({ user: { changeEmail: { enabled: false }, deleteUser: { enabled: false } } });
    await t.post('change', '/change-email', { newEmail: t.email('again') }, { jar: u.jar });
    await t.post('delete', '/delete-user', { password: u.password }, { jar: u.jar });
    await t.get('approval of before', approve, { jar: u.jar });
    await t.get('removal of before', remove, { jar: u.jar });
    await t.get('session', '/get-session', { jar: u.jar });
  }),
  changes('phone-off', async (t) => {
    const p = t.phone('phone');
    const jar = t.jar();
    await t.must('POST', '/phone-number/send-otp', { body: { phoneNumber: p } });
    const sms = await t.sms('sms', p);
    await t.post('in by phone', '/phone-number/verify', { phoneNumber: p, code: sms.code }, { jar });
    await t.must('POST', '/phone-number/send-otp', { body: { phoneNumber: p } });
    const second = await t.sms('second', p);
    await t.configure({ phone: { enabled: false } });
    await t.get('session', '/get-session', { jar });
    await t.post('verify', '/phone-number/verify', { phoneNumber: p, code: second.code });
    await t.post('send', '/phone-number/send-otp', { phoneNumber: p });
    await t.post('sign-up with a number', '/sign-up/email', { email: t.email('n'), password: t.password, name: 'N', phoneNumber: p });
    await t.configure();
    await t.get('on again', '/get-session', { jar });
  }),
  changes('secret-changes', async (t) => {
    const u = await t.user('alice');
    const [otp, link, verify] = [await code(t, u.email), await magicLink(t, u.email), await verificationLink(t, u.email)];
    const token = resetToken(await resetLink(t, u.email));
    const flow = await social(t);
    await t.sql('DELETE FROM neon_auth.jwks');
    await t.configure({ secret: SECRET });
    await t.get('session by cookie', '/get-session', { jar: u.jar });
    await t.get('session by bearer', '/get-session', { bearer: u.token });
    await t.get('verification link', verify);
    await t.get('social return', '/callback/github', { query: flow.query, jar: flow.jar });
    const fresh = t.jar();
    await signIn(t, 'sign-in', u, { jar: fresh });
    await t.get('session', '/get-session', { jar: fresh });
    await t.configure();
    await t.get('the old secret again', '/get-session', { jar: u.jar, quirk: 'a key that another secret sealed ends in an empty 500' });
    await t.sql('DELETE FROM neon_auth.jwks');
    t.check('unused', [otp, link, token].every(Boolean));
  }),
  changes('cookies-change', async (t) => {
    const u = await t.user('alice');
    await t.configure({ cookies: { prefix: 'other' } });
    await t.get('another prefix', '/get-session', { jar: u.jar });
    await t.configure({ cookies: { secure: false, sameSite: 'lax', partitioned: false } });
    await t.get('plain names', '/get-session', { jar: u.jar });
    await t.configure({ cookies: { sameSite: 'strict', cache: { maxAge: 60 } } });
    const jar = u.jar;
    await t.get('cache on', '/get-session', { jar });
    await t.post('signed out elsewhere', '/sign-out', undefined, { jar: new (jar.constructor)(jar.map), keep: true });
    await t.get('cached still', '/get-session', { jar });
    await t.configure();
    await t.get('cache off', '/get-session', { jar });
  }),
  changes('organization-limits', async (t) => {
    const o = await t.user('owner');
    const org = await t.org(o, 'acme');
    const [a, b] = [await t.user('ann'), await t.user('ben')];
    const invite = async (email, role = 'member') => (await t.must('POST', '/organization/invite-member', { body: { email, role, organizationId: org.id }, jar: o.jar })).body.id;
    const [ia, ib] = [await invite(a.email), await invite(b.email)];
    t.save('annInvitation', ia);
    t.save('benInvitation', ib);
    await t.configure({ organization: { requireEmailVerificationOnInvitation: true, membershipLimit: 2, organizationLimit: 1, invitationLimit: 1, invitationExpiresIn: 60 } });
    await t.post('unverified now', '/organization/accept-invitation', { invitationId: ia }, { jar: a.jar });
    await t.sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE email = ANY ($1)', [[a.email, b.email]]);
    await t.post('verified', '/organization/accept-invitation', { invitationId: ia }, { jar: a.jar });
    await t.post('full', '/organization/accept-invitation', { invitationId: ib }, { jar: b.jar });
    await t.post('another organization', '/organization/create', { name: 'X', slug: t.slug('x') }, { jar: o.jar });
    await t.post('another invitation', '/organization/invite-member', { email: t.email('cat'), role: 'member', organizationId: org.id }, { jar: o.jar });
    await t.get('members', '/organization/list-members', { jar: o.jar, query: { organizationId: org.id }, unordered: ['body.json.members'] });
    await t.configure();
    await t.post('room again', '/organization/accept-invitation', { invitationId: ib }, { jar: b.jar });
  }),
  changes('keys', async (t) => {
    const u = await t.user('alice');
    const keys = async () => (await t.must('GET', '/.well-known/jwks.json')).body;
    const token = async () => (await t.must('GET', '/token', { jar: u.jar })).body.token;
    const first = await token();
    await t.sql(`UPDATE neon_auth.jwks SET "expiresAt" = now() - interval '1 minute'`);
    await t.configure({ jwt: { expirationTime: '5m' } });
    const second = await token();
    t.check('the next token has another key', t.decodeJwt(first).header.kid !== t.decodeJwt(second).header.kid);
    t.check('life', t.jwtSummary(second).payload.lifetime);
    const after = await keys();
    t.check('keys', after.keys.length);
    t.check('the old token verifies', t.verifyEdDsa(first, after));
    t.check('the new token verifies', t.verifyEdDsa(second, after));
    await t.sql(`UPDATE neon_auth.jwks SET "expiresAt" = now() - interval '31 days' WHERE "expiresAt" IS NOT NULL`);
    await t.configure();
    t.check('keys, a month later', (await keys()).keys.length);
    await t.sql('DELETE FROM neon_auth.jwks');
    await t.configure();
    const third = await token();
    t.check('all keys gone: a token verifies', t.verifyEdDsa(third, await keys()));
    t.check('and the old one', t.verifyEdDsa(second, await keys()));
  }),
  {
    id: 'rows-change',
    needsDatabase: true,
    async run(t) {
      const gone = async (email) => t.sql('DELETE FROM neon_auth."user" WHERE email = $1', [email]);
      const u = await t.user('alice');
      const [otp, link, verify] = [await code(t, u.email), await magicLink(t, u.email), await verificationLink(t, u.email)];
      const forgotten = await code(t, u.email, 'forget-password');
      const token = resetToken(await resetLink(t, u.email));
      const flow = await social(t, { callbackURL: '/linked' }, { email: u.email, jar: u.jar, path: '/link-social' });
      await gone(u.email);
      await t.get('session of nobody', '/get-session', { jar: u.jar });
      await t.get('verification of nobody', verify);
      await t.post('reset of nobody', '/reset-password', { token, newPassword: 'reset-horse-1' }, { quirk: 'a foreign key leaks as an empty 500' });
      await t.post('reset by code of nobody', '/email-otp/reset-password', { email: u.email, otp: forgotten, password: 'reset-horse-1' });
      await t.get('link to nobody', '/callback/github', { query: flow.query, jar: flow.jar, quirk: 'a foreign key leaks as an empty 500' });
      await t.get('magic link of nobody', link);
      await t.post('code of nobody', '/sign-in/email-otp', { email: u.email, otp }, { ignore: ['body.json.user.id'] });

      const m = await t.user('mona');
      const n = await t.user('nina');
      const monaOtp = await code(t, m.email);
      const monaLink = await verificationLink(t, m.email);
      await t.sql('UPDATE neon_auth."user" SET email = $2 WHERE email = $1', [m.email, t.email('moved')]);
      await t.get('address changed: session', '/get-session', { jar: m.jar });
      await t.get('address changed: link', monaLink);
      await t.sql('UPDATE neon_auth."user" SET email = $2 WHERE email = $1', [n.email, m.email]);
      await t.get('address given to another: link', monaLink);
      await t.post('address given to another: code', '/sign-in/email-otp', { email: m.email, otp: monaOtp });

      const b = await t.user('bad');
      const badOtp = await code(t, b.email);
      await t.sql('UPDATE neon_auth."user" SET banned = true, "banReason" = $2 WHERE email = $1', [b.email, 'sql']);
      await t.get('banned: session', '/get-session', { jar: b.jar });
      await signIn(t, 'banned: password', b);
      await t.post('banned: code', '/sign-in/email-otp', { email: b.email, otp: badOtp });
      await t.sql('UPDATE neon_auth."user" SET banned = NULL, role = NULL, name = $2, image = $3 WHERE email = $1', [b.email, '', 'x']);
      await t.get('nulls in the row', '/get-session', { jar: b.jar });
      await t.sql('UPDATE neon_auth."user" SET role = $2 WHERE email = $1', [b.email, ' admin']);
      await t.get('a role with a blank', '/admin/list-users', { jar: b.jar, query: { searchValue: b.email } });
      await t.sql('UPDATE neon_auth."user" SET role = $2 WHERE email = $1', [b.email, 'admin,']);
      await t.get('a role with a comma', '/admin/list-users', { jar: b.jar, query: { searchValue: b.email } });
      await t.sql('UPDATE neon_auth."user" SET role = $2, email = $3 WHERE email = $1', [b.email, 'user', `Upper.${b.email}`]);
      await t.post('an address in capitals by SQL', '/sign-in/email', { email: `upper.${b.email}`, password: b.password });
    },
  },
  {
    id: 'organization-rows-change',
    needsDatabase: true,
    async run(t) {
      const o = await t.user('owner');
      const org = await t.org(o, 'acme', { metadata: { a: 1 } });
      const m = await t.member(o, org, 'mel');
      const at = (name, path, opts = {}) => t.get(name, `/organization/${path}`, { jar: o.jar, ...opts });
      await t.must('POST', '/organization/set-active', { body: { organizationId: org.id }, jar: o.jar });
      await t.sql('UPDATE neon_auth.organization SET metadata = $2 WHERE id = $1', [org.id, 'no json']);
      await at('metadata is no JSON: list', 'list');
      await at('metadata is no JSON: full', 'get-full-organization', { ignore: ['body.json.members'] });
      await t.sql('UPDATE neon_auth.organization SET metadata = NULL, logo = NULL WHERE id = $1', [org.id]);
      await at('no metadata', 'list');
      await t.sql('UPDATE neon_auth.member SET role = $2 WHERE "userId" = $1', [m.id, 'owner,member']);
      await t.get('two roles', '/organization/get-active-member', { jar: m.jar });
      await t.sql('UPDATE neon_auth.member SET role = $2 WHERE "userId" = $1', [m.id, 'wizard']);
      await t.get('an unknown role', '/organization/get-active-member-role', { jar: m.jar });
      await t.post('and its permissions', '/organization/has-permission', { permissions: { organization: ['update'] } }, { jar: m.jar });
      const invited = await t.user('ivy');
      const { body } = await t.must('POST', '/organization/invite-member', { body: { email: invited.email, role: 'member', organizationId: org.id }, jar: o.jar });
      t.save('invitation', body.id);
      await t.sql('UPDATE neon_auth.invitation SET role = NULL WHERE id = $1', [body.id]);
      await t.get('an invitation without a role', '/organization/get-invitation', { jar: invited.jar, query: { id: body.id } });
      await t.sql('UPDATE neon_auth.invitation SET role = $2, status = $3 WHERE id = $1', [body.id, 'member', 'odd']);
      await t.post('an invitation of odd status', '/organization/accept-invitation', { invitationId: body.id }, { jar: invited.jar });
      await t.sql('DELETE FROM neon_auth.member WHERE "userId" = $1', [m.id]);
      await t.get('membership gone: full', '/organization/get-full-organization', { jar: m.jar });
      await t.get('membership gone: member', '/organization/get-active-member', { jar: m.jar });
      await t.get('membership gone: list', '/organization/list', { jar: m.jar });
      await t.sql('DELETE FROM neon_auth.organization WHERE id = $1', [org.id]);
      await at('organization gone: full', 'get-full-organization');
      await at('organization gone: role', 'get-active-member-role');
      await at('organization gone: list', 'list');
      await t.post('organization gone: invite', '/organization/invite-member', { email: t.email('x'), role: 'member' }, { jar: o.jar });
      await t.get('organization gone: session', '/get-session', { jar: o.jar });
      const token = await t.must('GET', '/token', { jar: o.jar });
      t.check('organization gone: claims', Object.keys(t.jwtSummary(token.body.token).payload).sort());
    },
  },
];
