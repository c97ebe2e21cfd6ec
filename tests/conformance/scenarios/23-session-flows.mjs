import { PASSWORD } from '../lib/play.mjs';

const signIn = (t, u, jar, extra = {}) => t.must('POST', '/sign-in/email', { body: { email: u.email, password: u.password ?? PASSWORD, ...extra }, jar });

const rememberMe = (profile) => ({
  id: `remember-me-${profile}`,
  profile,
  async run(t) {
    const u = await t.user('alice');
    const jar = t.jar();
    await t.post('sign in for the day', '/sign-in/email', { email: u.email, password: u.password, rememberMe: false }, { jar });
    await t.get('get-session', '/get-session', { jar });
    await t.post('update-user keeps it short', '/update-user', { name: 'A' }, { jar });
    await t.post('set-active organization', '/organization/create', { name: 'O', slug: t.slug() }, { jar, save: { orgId: 'body.id' } });
    await t.post('set-active', '/organization/set-active', { organizationSlug: t.slug() }, { jar });
    await t.post('change-password revoking', '/change-password', { currentPassword: u.password, newPassword: 'brand-new-9', revokeOtherSessions: true }, { jar });
    await t.get('list-sessions', '/list-sessions', { jar });
    await t.post('sign out', '/sign-out', {}, { jar });
    const up = t.jar();
    await t.post('sign up for the day', '/sign-up/email', { email: t.email('bea'), password: t.password, name: 'B', rememberMe: false }, { jar: up });
    await t.get('its session', '/get-session', { jar: up });
    t.check('cookies held', [...up.map.keys()].sort());
  },
});

const everyUser = (profile) => ({
  id: `update-user-${profile}`,
  profile,
  async run(t) {
    const u = await t.user('alice');
    const put = (name, body, opts = {}) => t.post(name, '/update-user', body, { jar: u.jar, ...opts });
    await put('empty name', { name: '' });
    await put('name of spaces', { name: '   ' });
    await put('name undefined, image given', { image: 'not a url' });
    await put('empty image', { image: '' });
    await put('name and unknown', { name: 'A', shoeSize: 44 });
    await put('emailVerified', { emailVerified: true });
    await put('banned', { banned: true });
    await put('banned false', { banned: false });
    await put('id', { id: t.uuid() });
    await put('name and id', { name: 'A', id: t.uuid() });
    await put('createdAt', { createdAt: '2020-01-01T00:00:00.000Z' });
    await put('phoneNumber', { phoneNumber: '+15550109999' });
    await put('phoneNumberVerified', { phoneNumberVerified: true });
    await put('email null', { email: null, name: 'C' });
    await put('email empty', { email: '', name: 'D' });
    await put('role null', { role: null, name: 'E' });
    await put('role empty', { role: '', name: 'F' });
    await put('updatedAt', { updatedAt: '2020-01-01T00:00:00.000Z', name: 'G' });
    for (const raw of ['[]', '"text"', 'null', '7', '']) await t.line(`body ${raw || 'of no bytes'}`, 'POST', '/update-user', { raw, jar: u.jar });
    await t.line('no session and no object', 'POST', '/update-user', { raw: '[]' });
    await t.get('final state', '/get-session', { jar: u.jar });
    await put('with a bearer and no cookie', { name: 'H' }, { jar: undefined, bearer: u.token });
  },
});

export default [
  rememberMe('default'),
  rememberMe('plain'),
  everyUser('default'),
  everyUser('plain'),
  {
    id: 'refresh',
    profile: 'short',
    async run(t) {
      const u = await t.user('alice');
      await t.sleep(1300);
      await t.get('disableRefresh', '/get-session', { jar: u.jar, query: { disableRefresh: 'true' } });
      await t.get('list-sessions is not fresh', '/list-sessions', { jar: u.jar });
      await t.post('update-user refreshes', '/update-user', { name: 'A' }, { jar: u.jar });
      await t.get('get-session refreshes', '/get-session', { jar: u.jar });
      await t.post('delete-user without password', '/delete-user', {}, { jar: u.jar });
      await t.post('change-password needs no fresh session', '/change-password', { currentPassword: u.password, newPassword: 'brand-new-9' }, { jar: u.jar });
      await t.post('unlink-account', '/unlink-account', { providerId: 'credential' }, { jar: u.jar });
      await t.get('list-accounts', '/list-accounts', { jar: u.jar });
      await t.get('token', '/token', { jar: u.jar });
      const jar = t.jar();
      await t.post('not remembered', '/sign-in/email', { email: u.email, password: 'brand-new-9', rememberMe: false }, { jar });
      await t.sleep(1300);
      await t.get('is not refreshed', '/get-session', { jar });
    },
  },
  {
    id: 'expired',
    profile: 'short',
    async run(t) {
      const u = await t.user('alice');
      await t.sleep(4300);
      await t.post('update-user', '/update-user', { name: 'A' }, { jar: u.jar, keep: true });
      await t.get('token', '/token', { jar: u.jar, keep: true });
      await t.get('list-sessions', '/list-sessions', { jar: u.jar, keep: true });
      await t.get('organization list', '/organization/list', { jar: u.jar, keep: true });
      await t.get('admin list', '/admin/list-users', { jar: u.jar, keep: true });
      await t.get('by bearer', '/get-session', { bearer: u.token, drop: ['headers.set-auth-jwt', 'headers.access-control-expose-headers'] });
      await t.post('sign-out', '/sign-out', {}, { jar: u.jar });
    },
  },
  {
    id: 'cookie-cache',
    profile: 'plain',
    async run(t) {
      const u = await t.user('alice');
      const full = u.jar.clone();
      await t.get('from the cache', '/get-session', { jar: full.clone() });
      await t.get('session_data alone', '/get-session', { headers: { cookie: `${full.name('session_data')}=${full.get('session_data')}` } });
      await t.get('session_token alone', '/get-session', { headers: { cookie: `${full.name('session_token')}=${full.get('session_token')}` } });
      const other = await t.user('bob');
      await t.get('of somebody else', '/get-session', { jar: full.clone().set('session_data', other.jar.get('session_data')) });
      const data = JSON.parse(Buffer.from(full.get('session_data'), 'base64url'));
      const forged = { ...data, session: { ...data.session, user: { ...data.session.user, role: 'admin' } } };
      await t.get('forged', '/get-session', { jar: full.clone().set('session_data', Buffer.from(JSON.stringify(forged)).toString('base64url')) });
      await t.get('garbage', '/get-session', { jar: full.clone().set('session_data', 'garbage') });
      await t.get('list-sessions', '/list-sessions', { jar: full.clone() });
      await t.post('update-user renews it', '/update-user', { name: 'Alice 2' }, { jar: u.jar });
      await t.get('as renewed', '/get-session', { jar: u.jar });
      await t.get('the older one', '/get-session', { jar: full.clone() });
      await t.get('disableCookieCache=1', '/get-session', { jar: full.clone(), query: { disableCookieCache: '1' } });
      await t.get('disableCookieCache=false', '/get-session', { jar: full.clone(), query: { disableCookieCache: 'false' } });
      await t.post('change-password', '/change-password', { currentPassword: u.password, newPassword: 'brand-new-9' }, { jar: u.jar });
      await t.post('change-password revoking', '/change-password', { currentPassword: 'brand-new-9', newPassword: 'brand-new-99', revokeOtherSessions: true }, { jar: u.jar });
      await t.post('organization', '/organization/create', { name: 'O', slug: t.slug() }, { jar: u.jar, save: { orgId: 'body.id' } });
      await t.get('active one shows', '/get-session', { jar: u.jar });
      await t.post('set-active', '/organization/set-active', { organizationSlug: t.slug() }, { jar: u.jar });
      await t.get('active one shows now', '/get-session', { jar: u.jar });
      await t.post('revoke oneself', '/revoke-sessions', {}, { jar: u.jar });
      await t.get('revoked but cached', '/get-session', { jar: u.jar.clone() });
      await t.post('sensitive: change-password', '/change-password', { currentPassword: 'brand-new-99', newPassword: 'brand-new-999' }, { jar: u.jar.clone() });
      await t.post('delete-user', '/delete-user', { password: 'brand-new-99' }, { jar: u.jar.clone() });
    },
  },
  {
    id: 'revoking',
    async run(t) {
      const u = await t.user('alice');
      const b = await t.user('bob');
      const second = t.jar();
      await signIn(t, u, second);
      await t.post('foreign token', '/revoke-session', { token: b.token }, { jar: u.jar });
      await t.get('foreign session lives', '/get-session', { jar: b.jar });
      await t.post('own current', '/revoke-session', { token: u.token }, { jar: u.jar });
      await t.get('own is dead', '/get-session', { jar: u.jar });
      await t.post('others', '/revoke-other-sessions', {}, { jar: second });
      await t.post('others without session', '/revoke-other-sessions', {});
      await t.post('sign out twice 1', '/sign-out', {}, { jar: second });
      await t.post('sign out twice 2', '/sign-out', {}, { jar: second });
      await t.post('sign out by bearer', '/sign-out', {}, { bearer: b.token });
      await t.get('bearer is dead', '/get-session', { bearer: b.token, drop: ['headers.set-auth-jwt', 'headers.access-control-expose-headers'] });
    },
  },
  {
    id: 'cookies-sent',
    async run(t) {
      const u = await t.user('alice');
      const b = await t.user('bob');
      const name = u.jar.name('session_token');
      const go = (step, cookie, opts = {}) => t.get(step, '/get-session', { headers: { cookie }, ...opts });
      const own = u.jar.get('session_token');
      await go('decoded', `${name}=${decodeURIComponent(own)}`);
      await go('quoted', `${name}="${own}"`);
      await go('twice, own first', `${name}=${own}; ${name}=${b.jar.get('session_token')}`);
      await go('twice, garbage first', `${name}=garbage; ${name}=${own}`);
      await go('without spaces', `a=1;${name}=${own};b=2`);
      await go('spaces around', `a=1 ;  ${name} = ${own} ; b=2`);
      await go('other prefix', `better-auth.session_token=${own}`);
      await go('without the secure prefix', `neon-auth.session_token=${own}`);
      await go('other case', `${name.toUpperCase()}=${own}`);
      await go('empty value', `${name}=`);
      await go('no value', name);
      await go('token only', `${name}=${u.token}`);
      await go('unpadded', `${name}=${own.replace('%3D', '')}`);
      await go('bearer of another wins', `${name}=${own}`, { bearer: b.token });
      await go('bad bearer falls back', `${name}=${own}`, { bearer: 'nope' });
      await go('empty bearer', `${name}=${own}`, { headers: { cookie: `${name}=${own}`, authorization: 'Bearer ' } });
      await t.get('bearer with two spaces', '/get-session', { headers: { authorization: `Bearer  ${u.token}` } });
      await t.get('bearer upper case', '/get-session', { headers: { authorization: `BEARER ${u.token}` } });
      await t.get('bearer with a forged signature', '/get-session', { bearer: `${u.token}.${'A'.repeat(43)}=` });
      await t.get('bearer: token of another with own signature', '/get-session', { bearer: `${b.token}.${decodeURIComponent(own).split('.')[1]}` });
    },
  },
  {
    id: 'tokens',
    async run(t) {
      const u = await t.user('alice');
      const r = await t.get('token', '/token', { jar: u.jar });
      t.check('token content', t.jwtSummary(r.body.token));
      await t.get('token without session', '/token');
      await t.get('token by bearer', '/token', { bearer: u.token });
      await t.post('POST token', '/token', {}, { jar: u.jar });
      await t.get('jwks with a query', '/.well-known/jwks.json', { query: { a: 'b' }, ignore: ['body.json.keys.0.x'] });
      await t.post('POST jwks', '/.well-known/jwks.json', {});
      await t.get('default jwks path is gone', '/jwks');
      await t.must('POST', '/organization/create', { body: { name: 'O', slug: t.slug() }, jar: u.jar });
      await t.must('POST', '/update-user', { body: { name: 'A2', image: 'x' }, jar: u.jar });
      const again = await t.get('after changes', '/token', { jar: u.jar });
      t.check('content after changes', Object.keys(t.jwtSummary(again.body.token).payload).sort().filter((k) => k !== 'o'));
    },
  },
  {
    id: 'update-session',
    async run(t) {
      const u = await t.user('alice');
      for (const [name, body] of [['nothing', {}], ['unknown', { a: 1 }], ['token', { token: 'x' }], ['userId', { userId: t.uuid() }], ['activeOrganizationId', { activeOrganizationId: t.uuid() }], ['impersonatedBy', { impersonatedBy: 'x' }], ['expiresAt', { expiresAt: '2099-01-01T00:00:00.000Z' }], ['ipAddress', { ipAddress: '1.2.3.4' }]]) {
        await t.post(name, '/update-session', body, { jar: u.jar });
      }
      await t.post('no session', '/update-session', { a: 1 });
      await t.get('session', '/get-session', { jar: u.jar });
    },
  },
];
