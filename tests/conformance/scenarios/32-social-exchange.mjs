// Sign-in with identity providers to its end: the codes are exchanged with the provider of lib/provider.mjs.
import crypto from 'node:crypto';
import { makeIdToken } from '../lib/provider.mjs';

const PROVIDERS = ['google', 'github', 'microsoft', 'vercel'];

/** What the provider will tell about a person, in each provider's own words. */
function about({ id, email, name = 'Pat Person', picture = 'https://pictures.example/p.png', verified = true, nonce, more = {} }, provider) {
  if (provider === 'github') return { user: { id, login: 'pat', name, email, avatar_url: picture, ...more }, emails: email ? [{ email, primary: true, verified }] : [] };
  const claims = { sub: String(id), email, email_verified: verified, name, picture, ...more };
  const shown = Object.fromEntries(Object.entries({ ...claims, nonce }).filter(([, value]) => value !== undefined));
  return provider === 'vercel' ? { user: { ...shown, nonce: undefined } } : { claims: shown, user: { ...shown, nonce: undefined } };
}

/** A number, as GitHub's ids are; known in transcripts by the order in which they were made. */
function freshId(t) {
  const id = 1e9 + Math.floor(Math.random() * 1e9);
  t.norm.register(`person${(t.people = (t.people ?? 0) + 1)}`, String(id));
  return id;
}

/** Begins a sign-in and prepares the provider; `plan` replaces parts of what it will answer. */
async function begin(t, provider, person = {}, { body = {}, jar = t.jar(), path = '/sign-in/social', plan = {} } = {}) {
  const started = await t.must('POST', path, { body: { provider, callbackURL: '/after', ...body }, jar });
  const url = new URL(started.body.url);
  const nonce = url.searchParams.get('nonce') ?? undefined;
  const code = await t.plan({ ...about({ id: freshId(t), email: t.email('pat'), ...person, nonce }, provider), ...plan });
  return { provider, jar, code, url, query: { code, state: url.searchParams.get('state') } };
}
const comeBack = (t, name, flow, opts = {}) => t.get(name, `/callback/${flow.provider}`, { query: flow.query, jar: flow.jar, ...opts });
/** All of it, of which only the return is recorded. */
async function signIn(t, name, provider, person, options) {
  const flow = await begin(t, provider, person, options);
  await comeBack(t, name, flow, { quirk: options?.quirk });
  return flow;
}

/** What the provider was sent, without what is random in it. */
async function asked(t, name, flow) {
  const challenge = flow.url.searchParams.get('code_challenge');
  const list = (await t.askedWith(flow.code)).filter(({ endpoint }) => !endpoint.endsWith('photo'));
  t.check(name, list.map(({ form, authorization, endpoint, method, type }) => {
    const fits = form.code_verifier && crypto.createHash('sha256').update(form.code_verifier).digest('base64url') === challenge;
    return { method, endpoint, authorization, type: type?.split(';')[0], form: form.code_verifier ? { ...form, code_verifier: fits ? 'fits' : 'does not fit' } : form };
  }));
}

const ways = PROVIDERS.map((provider) => ({
  id: provider,
  profile: 'social',
  async run(t) {
    const id = String(freshId(t));
    const email = t.email('pat');
    const pat = { id: provider === 'github' ? Number(id) : id, email };
    const first = await begin(t, provider, pat, { body: { newUserCallbackURL: '/new?a=b', errorCallbackURL: '/failed', scopes: ['extra'] } });
    t.check('authorize URL', { endpoint: first.url.origin + first.url.pathname, query: Object.fromEntries([...first.url.searchParams].map(([k, v]) => [k, ['state', 'code_challenge', 'nonce'].includes(k) ? '<masked>' : v]).filter(([k]) => k !== 'nonce')) });
    await comeBack(t, 'sign-up', first);
    await asked(t, 'what the provider was asked', first);
    await t.get('session', '/get-session', { jar: first.jar });
    await t.get('accounts', '/list-accounts', { jar: first.jar });
    // The reference reads the id_token once more; what is compared is what both take from it.
    const info = await t.get('account info', '/account-info', { jar: first.jar, query: { accountId: id }, ignore: ['body.json.data', 'body.json.user.id'] });
    t.check('account info: id', `${typeof info.body.user.id} ${info.body.user.id}`);
    await t.post('access token', '/get-access-token', { providerId: provider }, { jar: first.jar });
    await t.post('access token by account', '/get-access-token', { providerId: provider, accountId: id }, { jar: first.jar });
    await t.post('refresh', '/refresh-token', { providerId: provider }, { jar: first.jar });
    await t.post('access token after refresh', '/get-access-token', { providerId: provider }, { jar: first.jar });
    await comeBack(t, 'the same answer once more', first);
    await t.post('unlink the only account', '/unlink-account', { providerId: provider }, { jar: first.jar });

    const second = await signIn(t, 'sign-in with a changed profile', provider, { ...pat, name: 'New Name', picture: 'https://pictures.example/new.png', email: email.toUpperCase() }, { body: { newUserCallbackURL: '/new' } });
    await t.get('the profile stays', '/get-session', { jar: second.jar });
    const third = await signIn(t, 'sign-in with another address', provider, { ...pat, email: t.email('other') });
    await t.get('the address stays', '/get-session', { jar: third.jar });
    await signIn(t, 'absolute callback', provider, pat, { body: { callbackURL: 'https://app.example.com/in?x=1&y=%20z#frag' } });
    await signIn(t, 'app callback', provider, pat, { body: { callbackURL: 'myapp://in' } });
    await signIn(t, 'no callback', provider, pat, { body: { callbackURL: undefined } });
    await signIn(t, 'additional data and request to sign up', provider, pat, { body: { additionalData: { plan: 'gold' }, requestSignUp: true, disableRedirect: true, loginHint: 'x@y.example' } });
  },
}));

export default [
  ...ways,
  {
    id: 'token-answers',
    profile: 'social',
    async run(t) {
      for (const provider of ['google', 'github', 'vercel']) {
        let n = 0;
        const go = async (what, token) => {
          await signIn(t, `${provider}: ${what}`, provider, { email: t.email(`${provider}${(n += 1)}`) }, { body: { errorCallbackURL: 'https://app.example.com/failed?x=1' }, plan: { token } });
        };
        await go('invalid_grant', { status: 400, text: '{"error":"invalid_grant","error_description":"Bad code"}' });
        await go('401', { status: 401, text: '{"error":"invalid_client"}' });
        await go('500', { status: 500, text: 'oops', type: 'text/plain' });
        await go('200 with an error', { status: 200, text: '{"error":"bad_verification_code","error_description":"expired"}' });
        await go('no JSON', { status: 200, text: '<html>', type: 'text/html' });
        await go('a list', { status: 200, text: '[]' });
        await go('a redirect', { status: 302, text: '', headers: { location: 'https://evil.example.net/' } });
        await go('no refresh token', { refresh_token: null });
        await go('no end', { expires_in: null });
        await go('an end in text', { expires_in: '3600' });
        await go('no scope', { scope: null });
        await go('scopes with commas', { scope: 'a,b' });
        await go('no token type', { token_type: null });
        await go('a form', { status: 200, text: 'access_token=x&token_type=bearer', type: 'application/x-www-form-urlencoded' });
      }
    },
  },
  {
    id: 'profiles',
    profile: 'social',
    async run(t) {
      for (const provider of PROVIDERS) {
        let n = 0;
        const go = async (what, person, plan = {}) => {
          const flow = await begin(t, provider, { email: t.email(`${provider}${(n += 1)}`), ...person }, { body: { errorCallbackURL: '/failed' }, plan });
          await comeBack(t, `${provider}: ${what}`, flow);
        };
        await go('no address', { email: undefined });
        await go('address is null', { email: null });
        await go('address is empty', { email: '' });
        await go('unverified', { verified: false });
        await go('no name', { name: undefined });
        await go('name is null', { name: null });
        await go('name is empty', { name: '' });
        await go('blanks around the name', { name: '  Pat  ' });
        await go('no picture', { picture: undefined });
        await go('picture is null', { picture: null });
        await go('capitals', { email: t.email(`${provider}Capital`).toUpperCase() });
        await go('more claims', { more: { role: 'admin', banned: true, phoneNumber: '+15550100', emailVerified: true, createdAt: '2001-01-01' } });
      }
      const github = async (what, user, emails, quirk) => signIn(t, `github: ${what}`, 'github', {}, { quirk, body: { errorCallbackURL: '/failed' }, plan: { user: { id: freshId(t), login: 'octo', ...user }, emails } });
      await github('emails refused', { email: t.email('public1') }, { status: 403, text: '{"message":"no"}' });
      await github('no emails', { email: t.email('public2') }, []);
      await github('public address is another than the primary one', { email: t.email('public3') }, [{ email: t.email('primary3'), primary: true, verified: true }, { email: t.email('public3'), primary: false, verified: false }]);
      await github('no primary', { email: null }, [{ email: t.email('first4'), primary: false, verified: true }]);
      await github('user refused', { status: 401, text: '{}' }, []);
      await github('user is no JSON', { status: 200, text: 'x' }, [], 'a profile that is no object ends in an empty 500');
      await github('no id', { id: undefined, email: t.email('noid') }, []);
      const vercel = async (what, user) => signIn(t, `vercel: ${what}`, 'vercel', {}, { body: { errorCallbackURL: '/failed' }, plan: { user } });
      await vercel('user refused', { status: 401, text: '{}' });
      await vercel('no subject', { email: t.email('v1'), name: 'V' });
      await vercel('preferred name', { sub: `v${freshId(t)}`, email: t.email('v2'), email_verified: true, preferred_username: 'vee' });
      const microsoft = async (what, claims) => signIn(t, `microsoft: ${what}`, 'microsoft', { verified: undefined, ...claims }, { body: { errorCallbackURL: '/failed' } });
      await microsoft('no word about the address', { email: t.email('ms1') });
      await microsoft('verified primary address', { email: t.email('ms2'), more: { verified_primary_email: [t.email('ms2')] } });
      await microsoft('another verified address', { email: t.email('ms3'), more: { verified_secondary_email: [t.email('else')] } });
    },
  },
  {
    id: 'joining',
    profile: 'social',
    needsDatabase: true,
    async run(t) {
      const failed = { body: { errorCallbackURL: '/failed' } };
      for (const [who, localVerified, provider, verified] of [['a', true, 'google', true], ['b', true, 'google', false], ['c', false, 'google', true], ['d', false, 'google', false], ['e', true, 'github', false], ['f', false, 'github', true], ['g', true, 'vercel', true], ['h', true, 'microsoft', false]]) {
        const user = await t.user(who);
        if (localVerified) await t.sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE email = $1', [user.email]);
        const flow = await signIn(t, `${provider}: here ${localVerified ? '' : 'un'}verified, there ${verified ? '' : 'un'}verified`, provider, { email: user.email, verified, name: 'Other Name' }, failed);
        await t.get(`session of ${who}`, '/get-session', { jar: flow.jar });
      }
      const pat = { id: freshId(t), email: t.email('later'), verified: false };
      await signIn(t, 'unverified at first', 'google', pat);
      const again = await signIn(t, 'verified later', 'google', { ...pat, verified: true });
      await t.get('verified here too', '/get-session', { jar: again.jar });
      await signIn(t, 'a second account of the same provider', 'google', { id: freshId(t), email: t.email('later') }, failed);
      const other = await signIn(t, 'another provider', 'vercel', { id: freshId(t), email: t.email('later') }, failed);
      await t.get('all accounts', '/list-accounts', { jar: other.jar, unordered: ['body.json'] });
      await t.post('ambiguous access token', '/get-access-token', { providerId: 'google' }, { jar: other.jar, ignore: ['body.json.accessToken', 'body.json.idToken'] });
      await t.post('unlink one of two', '/unlink-account', { providerId: 'vercel' }, { jar: other.jar });
      await t.post('unlink what is gone', '/unlink-account', { providerId: 'vercel' }, { jar: other.jar });
    },
  },
  {
    id: 'linking',
    profile: 'social',
    async run(t) {
      const options = (jar, body = {}) => ({ jar, path: '/link-social', body: { errorCallbackURL: '/failed', callbackURL: '/linked', ...body } });
      const user = await t.user('alice');
      const link = (name, provider, person, jar = user.jar) => signIn(t, name, provider, person, options(jar));
      await link('unverified there', 'google', { email: user.email, verified: false });
      await link('unverified there, believed', 'github', { id: 7, email: user.email, verified: false, more: { id: freshId(t) } });
      await link('another address', 'google', { email: t.email('else') });
      await link('address in capitals', 'google', { id: `g${t.run}`, email: user.email.toUpperCase() });
      await link('once more', 'google', { id: `g${t.run}`, email: user.email, name: 'Else' });
      await link('a second one', 'google', { id: `h${t.run}`, email: user.email });
      await link('no address there', 'vercel', { email: undefined });
      await t.get('accounts', '/list-accounts', { jar: user.jar, unordered: ['body.json'], ignore: ['body.json.*.accountId'] });
      await t.get('the user stays', '/get-session', { jar: user.jar });

      const bob = await t.user('bob');
      await link('an account of somebody else', 'google', { id: `g${t.run}`, email: bob.email }, bob.jar);
      const out = await begin(t, 'vercel', { email: bob.email, id: `v${t.run}` }, options(bob.jar));
      await t.must('POST', '/sign-out', { jar: bob.jar });
      await comeBack(t, 'signed out meanwhile', out);
      const eve = await t.user('eve');
      const swap = await begin(t, 'vercel', { email: eve.email, id: `w${t.run}` }, options(eve.jar));
      swap.jar.set('session_token', user.jar.get('session_token'));
      await comeBack(t, 'somebody else meanwhile', swap);
      const refused = await begin(t, 'github', { email: user.email }, options(user.jar, { errorCallbackURL: undefined }));
      await t.get('denied, no error target', '/callback/github', { query: { state: refused.query.state, error: 'access_denied' }, jar: refused.jar });
    },
  },
  {
    id: 'returns',
    profile: 'social',
    needsDatabase: true,
    async run(t) {
      const go = async (name, change = {}, { options = {}, opts = {}, provider = 'github' } = {}) => {
        const flow = await begin(t, provider, { email: t.email(`r${(t.serial = (t.serial ?? 0) + 1)}`) }, options);
        await t.get(name, `/callback/${change.provider ?? provider}`, { query: { ...flow.query, ...change.query }, jar: flow.jar, ...opts });
        return flow;
      };
      const target = { options: { body: { errorCallbackURL: 'https://app.example.com/err?x=1#f' } } };
      await go('an error and a code', { query: { error: 'access_denied', error_description: 'a b & c' } }, target);
      await go('an odd error', { query: { error: '<script>"x"' } }, target);
      await go('an error with a line break', { query: { error: 'a\r\nSet-Cookie: x=y' } }, target);
      await go('a long error', { query: { error: 'e'.repeat(300) } }, target);
      await go('an error description alone', { query: { error_description: 'alone' } }, target);
      await go('an empty error', { query: { error: '' } }, target);
      await go('unknown members', { query: { scope: 'email', authuser: '0', prompt: 'none', hd: 'x', session_state: 's' } });
      await go('iss of the provider', { query: { iss: 'https://accounts.google.com' } }, { provider: 'google' });
      await go('user data', { query: { user: '{"name":"x"}' } }, { provider: 'google' });
      const flow = await go('no cookies', {}, { opts: { jar: t.jar() } });
      await comeBack(t, 'with cookies, afterwards', flow);
      await comeBack(t, 'and once more', flow);
      const late = await begin(t, 'github', { email: t.email('late') });
      await t.sql(`UPDATE neon_auth.verification SET "expiresAt" = now() - interval '1 second' WHERE value LIKE $1`, [`%${t.email('nobody')}%`]);
      await comeBack(t, 'in time', late);
      const signedIn = await t.user('zoe');
      const over = await begin(t, 'github', { email: t.email('over') }, { jar: signedIn.jar });
      await comeBack(t, 'signed in as somebody else', over);
      await t.get('who is signed in now', '/get-session', { jar: over.jar });
    },
  },
  {
    id: 'banned',
    profile: 'social',
    needsDatabase: true,
    async run(t) {
      const admin = await t.admin('boss');
      const pat = { id: `b${t.run}`, email: t.email('banned') };
      const first = await signIn(t, 'sign-up', 'google', pat);
      const { user } = (await t.must('GET', '/get-session', { jar: first.jar })).body;
      t.save('bannedId', user.id);
      await t.must('POST', '/admin/ban-user', { body: { userId: user.id, banReason: 'spam' }, jar: admin.jar });
      await signIn(t, 'banned', 'google', pat);
      await signIn(t, 'banned, with an error target', 'google', pat, { body: { errorCallbackURL: '/failed?x=1' } });
      await t.must('POST', '/admin/ban-user', { body: { userId: user.id, banExpiresIn: 1 }, jar: admin.jar });
      await t.sql(`UPDATE neon_auth."user" SET "banExpires" = now() - interval '1 second' WHERE id = $1`, [user.id]);
      await signIn(t, 'the ban has ended', 'google', pat);
      await t.must('POST', '/admin/remove-user', { body: { userId: user.id }, jar: admin.jar });
      await signIn(t, 'removed: a new user', 'google', pat, { body: { newUserCallbackURL: '/new' } });
    },
  },
  {
    id: 'refreshing',
    profile: 'social',
    async run(t) {
      const go = async (what, token, refresh, provider = 'google') => {
        const flow = await begin(t, provider, { email: t.email(`f${(t.serial = (t.serial ?? 0) + 1)}`) }, { plan: { token, refresh } });
        await t.must('GET', `/callback/${provider}?${new URLSearchParams(flow.query)}`, { jar: flow.jar }).catch(() => {});
        await t.post(`${what}: access token`, '/get-access-token', { providerId: provider }, { jar: flow.jar });
        await t.post(`${what}: refresh`, '/refresh-token', { providerId: provider }, { jar: flow.jar });
        await t.post(`${what}: access token again`, '/get-access-token', { providerId: provider }, { jar: flow.jar });
        await t.get(`${what}: info`, '/account-info', { jar: flow.jar, query: { providerId: provider } });
        return flow;
      };
      const soon = { expires_in: 2 };
      await asked(t, 'asked', await go('soon over', soon, {}));
      await asked(t, 'asked microsoft', await go('soon over at microsoft', soon, {}, 'microsoft'));
      await go('github', soon, {}, 'github');
      await go('vercel', soon, {}, 'vercel');
      await go('a new refresh token', soon, { refresh_token: `rt2-${t.run}` });
      await go('no end of the new token', soon, { expires_in: null });
      await go('another scope', soon, { scope: 'less' });
      await go('no scope', soon, { scope: null });
      await go('no refresh token', { ...soon, refresh_token: null }, {});
      await go('refused', soon, { status: 400, text: '{"error":"invalid_grant"}' });
      await go('failing', soon, { status: 500, text: 'oops', type: 'text/plain' });
      await go('no JSON', soon, { status: 200, text: 'x', type: 'text/plain' });
      await go('no access token', soon, { access_token: null });
      await go('without an end', { expires_in: null }, {});
      await go('end of the refresh token', { ...soon, refresh_token_expires_in: 7200 }, { refresh_token_expires_in: 14400 });
    },
  },
  {
    id: 'verify',
    profile: 'verify',
    async run(t) {
      const pat = { id: `u${t.run}`, email: t.email('pat'), verified: false };
      const first = await signIn(t, 'unverified sign-up', 'google', pat);
      await t.mail('mail', pat.email);
      await t.get('session', '/get-session', { jar: first.jar });
      await signIn(t, 'unverified sign-in', 'google', pat);
      await t.noMail('no second mail', pat.email);
      await signIn(t, 'verified sign-up', 'google', { id: `w${t.run}`, email: t.email('sure') });
      await t.noMail('no mail', t.email('sure'));
    },
  },
  {
    id: 'id-token',
    profile: 'social',
    needsDatabase: true,
    async run(t) {
      const claims = { sub: `i${t.run}`, email: t.email('native'), email_verified: true, name: 'Native' };
      const go = (name, idToken, body = {}) => t.post(name, '/sign-in/social', { provider: 'google', idToken, ...body });
      await go('sign-up', { token: makeIdToken('google', claims) });
      await go('sign-in', { token: makeIdToken('google', claims), accessToken: 'at', refreshToken: 'rt', expiresAt: 4102444800 });
      await go('nonce', { token: makeIdToken('google', { ...claims, nonce: 'n' }), nonce: 'n' });
      await go('another nonce', { token: makeIdToken('google', { ...claims, nonce: 'n' }), nonce: 'm' });
      await go('another audience', { token: makeIdToken('google', { ...claims, aud: 'x' }) });
      await go('another issuer', { token: makeIdToken('google', { ...claims, iss: 'https://evil.example.net' }) });
      await go('over', { token: makeIdToken('google', { ...claims, exp: 1 }) });
      await go('no address', { token: makeIdToken('google', { ...claims, sub: `j${t.run}`, email: undefined }) });
      await go('github', { token: makeIdToken('google', claims) }, { provider: 'github' });
      await go('microsoft', { token: makeIdToken('microsoft', { ...claims, sub: `m${t.run}`, email: t.email('ms') }) }, { provider: 'microsoft' });
      await go('microsoft, of another tenant than it says', { token: makeIdToken('microsoft', { ...claims, tid: '11111111-2222-4333-8444-555555555555' }) }, { provider: 'microsoft' });
      await go('an hour old', { token: makeIdToken('google', { ...claims, iat: Math.floor(Date.now() / 1000) - 3700 }) });
      const token = makeIdToken('google', claims);
      await go('another signature', { token: `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}` });
      await go('unsigned', { token: `${Buffer.from('{"alg":"none","kid":"provider-key"}').toString('base64url')}.${token.split('.')[1]}.` });
      await go('unknown key', { token: `${Buffer.from('{"alg":"RS256","kid":"x"}').toString('base64url')}.${token.split('.').slice(1).join('.')}` });
      await go('no token', { token: 'x' });
      await go('empty', { token: '' });
      for (const [what, idToken] of Object.entries({ 'no member': {}, 'a text': 'x', 'a number in it': { token: 7 }, 'nonce is a number': { token: 'x', nonce: 7 }, 'accessToken is a list': { token: 'x', accessToken: [] } })) await t.line(`idToken: ${what}`, 'POST', '/sign-in/social', { body: { provider: 'google', idToken } });

      const known = await t.user('known');
      await go('address of an unverified user', { token: makeIdToken('google', { ...claims, sub: `k${t.run}`, email: known.email }) });
      await t.sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE email = $1', [known.email]);
      await go('unverified there', { token: makeIdToken('google', { ...claims, sub: `k${t.run}`, email: known.email, email_verified: false }) });
      await go('verified on both sides', { token: makeIdToken('google', { ...claims, sub: `k${t.run}`, email: known.email }) });
      await t.sql('UPDATE neon_auth."user" SET banned = true WHERE email = $1', [known.email]);
      await go('banned', { token: makeIdToken('google', { ...claims, sub: `k${t.run}`, email: known.email }) });

      const linker = await t.user('linker');
      const link = (name, idToken, body = {}) => t.post(name, '/link-social', { provider: 'google', idToken, ...body }, { jar: linker.jar });
      const own = { ...claims, sub: `l${t.run}`, email: linker.email };
      await link('link: another address', { token: makeIdToken('google', claims) });
      await link('link: unverified there', { token: makeIdToken('google', { ...own, email_verified: false }) });
      await link('link: no address', { token: makeIdToken('google', { ...own, email: undefined }) });
      await link('link', { token: makeIdToken('google', own), accessToken: 'at', refreshToken: 'rt', scopes: ['a', 'b'] });
      await link('link once more', { token: makeIdToken('google', own) });
      await link('link: no token', { token: 'x' });
      await link('link: github', { token: 'x' }, { provider: 'github' });
      await t.get('accounts', '/list-accounts', { jar: linker.jar, unordered: ['body.json'] });
    },
  },
];
