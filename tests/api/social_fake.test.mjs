// Social sign-in as it works out of the box in `argonauth dev`: shared credentials, the fake identity provider, an app on another origin.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { Jar, authClient, request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { app, begin, comeBack, comeBackToApp, exchange, fakeConsent, open, signInWithFake } from '../support/social.mjs';
import { freshEmail, signUp, whoIs } from '../support/users.mjs';

const server = await useServer();
const base = server.base_url;
const auth = authClient(base);
const sql = useDatabase(server);
await sql(`UPDATE neon_auth.project_config SET social_providers = '[{"id":"google","isShared":true},{"id":"github","isShared":true},{"id":"microsoft","isShared":true},{"id":"vercel","isShared":true}]'`);

describe('a new project', () => {
  it('has Google with shared credentials', async () => {
    const { createBranch, query } = await import('../support/branches.mjs');
    const { managementClient } = await import('../support/management.mjs');
    const api = managementClient(server);
    const made = await api.createProject({}, { body: { project: { name: 'social' } } });
    const ids = { project_id: made.body.project.id, branch_id: made.body.branch.id };
    assert.equal((await api.createNeonAuth(ids, { body: { auth_provider: 'better_auth' } })).status, 201);
    assert.deepEqual((await api.listBranchNeonAuthOauthProviders(ids)).body.providers, [{ id: 'google', type: 'shared' }]);
    assert.ok(createBranch && query);
  });
});

describe('the way with a verifier', () => {
  it('S093, S096: goes over the init hop, with a fresh state, PKCE and nonce each time', async () => {
    const { answer, url, jar } = await begin(base, { provider: 'google' });
    assert.equal(answer.body.redirect, true);
    assert.equal(answer.headers.location, url);
    assert.ok(url.startsWith(`${base}/sign-in/social/init?token=`), url);
    assert.deepEqual(jar.names.map((name) => name.replace('__Secure-neon-auth.', '')).sort(), ['session_challange', 'session_challenge']);
    assert.equal(jar.get('session_challenge'), jar.get('session_challange'));
    for (const { attributes } of answer.cookies) {
      assert.ok(attributes.httponly && attributes.secure && attributes['max-age'] === '1200', JSON.stringify(attributes));
    }
    const seen = new Set();
    for (let i = 0; i < 3; i += 1) {
      const hop = await request(url); // no cookie is needed, and it may be opened again
      assert.equal(hop.status, 302);
      const state = hop.cookies.find(({ name }) => name.endsWith('.state'));
      assert.ok(state.attributes.httponly && state.attributes.secure);
      const to = new URL(hop.headers.location);
      assert.equal(to.searchParams.get('response_type'), 'code');
      assert.equal(to.searchParams.get('code_challenge_method'), 'S256');
      assert.equal(to.searchParams.get('redirect_uri'), `${server.origin}/auth/oauth/callback/google`);
      for (const value of [decodeURIComponent(state.value).split('.')[0], to.searchParams.get('code_challenge'), to.searchParams.get('nonce')]) {
        assert.ok(value.length >= 32 && !seen.has(value), value);
        seen.add(value);
      }
    }
  });

  it('signs up, then signs in', async () => {
    const email = freshEmail('ada');
    const first = await signInWithFake(base, { email, name: 'Ada' }, { body: { newUserCallbackURL: '/welcome?x=1' } });
    assert.equal(first.location.origin + first.location.pathname, `${app}/welcome`);
    assert.equal(first.location.searchParams.get('x'), '1');
    assert.equal(first.answer.status, 200, first.answer.text);
    assert.deepEqual([first.user.email, first.user.name, first.user.emailVerified], [email, 'Ada', true]);
    assert.ok(first.answer.headers['set-auth-jwt']);
    assert.deepEqual(first.jar.names, ['__Secure-neon-auth.session_token']); // the challenge is gone
    assert.equal(await whoIs(base, first.jar), first.user.id);

    const second = await signInWithFake(base, { email, name: 'Ada' }, { body: { newUserCallbackURL: '/welcome' } });
    assert.equal(second.location.pathname, '/after');
    assert.equal(second.user.id, first.user.id);
    assert.equal((await sql('SELECT count(*)::int AS n FROM neon_auth.account WHERE "userId" = $1', [first.user.id]))[0].n, 1);
  });

  it('keeps the popup\'s parameters and honours disableRedirect', async () => {
    const callbackURL = `${app}/auth/callback?neon_popup=1&neon_popup_callback=${encodeURIComponent('/dash?tab=2')}`;
    const { answer, jar, url } = await begin(base, { provider: 'google', callbackURL, disableRedirect: true });
    assert.equal(answer.body.redirect, false);
    assert.equal(answer.headers.location, undefined);
    const browser = new Jar();
    const back = await comeBackToApp(await fakeConsent(await open(url, browser), { email: freshEmail() }), browser);
    assert.deepEqual([back.location.pathname, back.location.searchParams.get('neon_popup'), back.location.searchParams.get('neon_popup_callback')], ['/auth/callback', '1', '/dash?tab=2']);
    assert.equal((await exchange(base, back.location, jar)).status, 200);
  });

  it('says no with the code the app knows: denied', async () => {
    const denied = await signInWithFake(base, { deny: true });
    assert.deepEqual([denied.error, denied.location.origin + denied.location.pathname], ['access_denied', `${app}/after`]);
    const elsewhere = await signInWithFake(base, { deny: true }, { body: { errorCallbackURL: `${app}/failed?from=google` } });
    assert.deepEqual([elsewhere.error, elsewhere.location.pathname, elsewhere.location.searchParams.get('from')], ['access_denied', '/failed', 'google']);
  });

  it('the verifier is good once, for the browser that began, and for a while', async () => {
    const made = async () => {
      const { jar, url } = await begin(base, { provider: 'google' });
      const browser = new Jar();
      return { jar, back: await comeBackToApp(await fakeConsent(await open(url, browser), { email: freshEmail() }), browser) };
    };
    const { jar, back } = await made();
    const stranger = await exchange(base, back.location, new Jar());
    assert.deepEqual([stranger.status, stranger.body.code], [400, 'SESSION_CHALLENGE_COOKIE_NOT_FOUND']);
    const other = await begin(base, { provider: 'google' });
    const wrong = await exchange(base, back.location, other.jar);
    assert.deepEqual([wrong.status, wrong.body.code], [400, 'VERIFICATION_NOT_FOUND']);
    const kept = jar.copy();
    const all = await Promise.all(Array.from({ length: 8 }, () => exchange(base, back.location, kept.copy())));
    assert.deepEqual(all.map(({ status }) => status).sort(), [200, 400, 400, 400, 400, 400, 400, 400]);

    const late = await made();
    await sql(`UPDATE neon_auth.verification SET "expiresAt" = now() - interval '1 second' WHERE identifier LIKE 'session-verifier:%'`);
    const expired = await exchange(base, late.back.location, late.jar);
    assert.deepEqual([expired.status, expired.body.code], [400, 'VERIFICATION_NOT_FOUND']);
    for (const verifier of ['x', 'x'.repeat(5000), "' OR 1=1 --", '\u0000']) {
      const answer = await auth.get('/get-session', { jar: late.jar, query: { neon_auth_session_verifier: verifier } });
      assert.deepEqual([answer.status, answer.body.code], [400, 'VERIFICATION_NOT_FOUND']);
    }
  });

  it('the old, misspelt cookie is enough', async () => {
    const { jar, url } = await begin(base, { provider: 'google' });
    const browser = new Jar();
    const back = await comeBackToApp(await fakeConsent(await open(url, browser), { email: freshEmail() }), browser);
    const old = new Jar();
    old.set('__Secure-neon-auth.session_challange', jar.get('session_challange'));
    assert.equal((await exchange(base, back.location, old)).status, 200);
  });

  it('the state is good once, for its browser and its provider', async () => {
    const { url } = await begin(base, { provider: 'google' });
    const browser = new Jar();
    const gateway = await fakeConsent(await open(url, browser), { email: freshEmail() });
    const callback = (await comeBack(gateway, browser)).location.toString();
    const elsewhere = await comeBack(callback, new Jar());
    assert.equal(elsewhere.error, 'state_mismatch');
    const mixed = await comeBack(callback.replace('/callback/google', '/callback/github'), browser.copy());
    assert.equal(mixed.error, 'state_mismatch');
    const kept = browser.copy();
    const good = await comeBack(callback, browser);
    assert.equal(good.error, null);
    const replay = await comeBack(callback, kept);
    assert.deepEqual([replay.answer.status, replay.location], [400, undefined]);
    assert.match(replay.answer.headers['content-type'], /^text\/html/);
    assert.match(replay.answer.text, /state_mismatch/);
    assert.doesNotMatch(replay.answer.text, /^\{/);
  });

  it('tells the app when its provider went meanwhile', async () => {
    const { url } = await begin(base, { provider: 'vercel', errorCallbackURL: '/failed' });
    const all = (await sql('SELECT social_providers FROM neon_auth.project_config'))[0].social_providers;
    await sql('UPDATE neon_auth.project_config SET social_providers = $1', [JSON.stringify(all.filter(({ id }) => id !== 'vercel'))]);
    try {
      await assertEventually(async () => {
        const hop = await request(url);
        assert.equal(hop.headers.location, `${app}/failed?error=oauth_provider_not_found`);
      });
    } finally {
      await sql('UPDATE neon_auth.project_config SET social_providers = $1', [JSON.stringify(all)]);
    }
  });

  it('ends on a page where nobody knows the app', async () => {
    for (const path of ['/callback/google', '/callback/google?state=nope&code=x', '/callback/nope?state=x', '/callback/google?state=%00&code=%ff', '/sign-in/social/init', '/sign-in/social/init?token=nope', `/sign-in/social/init?token=${crypto.randomUUID()}`]) {
      const answer = await request(`${base}${path}`, { headers: { accept: 'text/html,*/*' } });
      assert.equal(answer.status, 400, path);
      assert.match(answer.headers['content-type'], /^text\/html/, path);
      assert.match(answer.headers['content-security-policy'], /default-src 'none'/);
    }
    const program = await request(`${base}/sign-in/social/init?token=nope`);
    assert.deepEqual([program.status, program.body.code], [400, 'VERIFICATION_NOT_FOUND']);
  });

  it('a provider that posts is answered with a redirect to the same place', async () => {
    const answer = await request(`${base}/callback/google?state=a`, { method: 'POST', raw: 'code=b&state=c&user=d', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://appleid.example', cookie: 'x=y' } });
    assert.deepEqual([answer.status, answer.headers.location], [302, `${base}/callback/google?code=b&state=a&user=d`]);
  });

  it('needs to know where the app is', async () => {
    const start = (body, origin) => auth.post('/sign-in/social', { provider: 'google', ...body }, { origin });
    const outcome = ({ status, body }) => `${status} ${body.code}`;
    assert.equal(outcome(await start({}, null)), '400 MISSING_ORIGIN');
    assert.equal(outcome(await start({ callbackURL: '/after' }, null)), '400 MISSING_ORIGIN');
    assert.equal(outcome(await start({ callbackURL: '/after' }, 'https://evil.example')), '403 INVALID_ORIGIN');
    assert.equal((await start({ callbackURL: `${app}/after` }, null)).status, 200);
    assert.equal(outcome(await start({ callbackURL: 'https://evil.example/x' }, app)), '403 INVALID_CALLBACK_URL');
    assert.equal(outcome(await auth.post('/sign-in/social', { provider: 'discord' }, { origin: app })), '404 PROVIDER_NOT_FOUND');
  });

  it('ignores an idToken, and refuses scopes that are none', async () => {
    const { answer } = await begin(base, { provider: 'google', idToken: { token: 'x.y.z' } });
    assert.ok(answer.body.url.includes('/sign-in/social/init'));
    for (const scopes of [['a b'], ['"'], [''], ['x'.repeat(300)], Array(60).fill('a')]) {
      const refused = await auth.post('/sign-in/social', { provider: 'google', callbackURL: `${app}/`, scopes }, { origin: app });
      assert.deepEqual([refused.status, refused.body.code], [400, 'VALIDATION_ERROR']);
    }
  });

  it('S101: extra fields change nothing of the authorize URL', async () => {
    const evil = { state: 'fixed', redirect_uri: 'https://evil.example', client_id: 'evil', response_type: 'token', nonce: 'n', code_challenge: 'c' };
    const { url } = await begin(base, { provider: 'google', ...evil, additionalData: evil, scopes: ['x'] });
    const to = new URL(await open(`${url}&state=fixed&client_id=evil&redirect_uri=https://evil.example`, new Jar()));
    for (const [name, value] of Object.entries(evil)) assert.ok(!to.searchParams.getAll(name).includes(value), name);
    for (const name of Object.keys(evil)) assert.equal(to.searchParams.getAll(name).length, 1, name);
    assert.ok(!to.searchParams.get('scope').includes('x'), 'shared credentials ask for nothing more');
  });

  it('works for each provider that is shared, each with people of its own', async () => {
    for (const provider of ['google', 'github', 'microsoft', 'vercel']) {
      const email = freshEmail(provider);
      const { user } = await signInWithFake(base, { email, name: provider }, { provider });
      assert.equal(user.email, email);
      const [account] = await sql('SELECT "providerId", "accountId" FROM neon_auth.account WHERE "userId" = $1', [user.id]);
      assert.equal(account.providerId, provider);
    }
  });
});

describe('the gateway', () => {
  it('hands on only what this server signed', async () => {
    const gateway = `${server.origin}/auth/oauth/callback/google`;
    for (const [query, code] of [['', 'INVALID_STATE_FORMAT'], ['?state=x', 'INVALID_STATE_FORMAT'], ['?state=a.b', 'STATE_INTEGRITY_CHECK_FAILED'], [`?state=${'a'.repeat(3000)}`, 'INVALID_STATE_FORMAT']]) {
      const answer = await request(gateway + query);
      assert.deepEqual([answer.status, answer.body?.code], [400, code], query);
      const page = await request(gateway + query, { headers: { accept: 'text/html' } });
      assert.match(page.headers['content-type'], /^text\/html/);
    }
    const { url } = await begin(base, { provider: 'google' });
    const state = new URL(await open(url, new Jar())).searchParams.get('state');
    const [payload, mac] = state.split('.');
    const forged = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url')), endpointId: 'ep-other' })).toString('base64url');
    assert.equal((await request(`${gateway}?code=x&state=${forged}.${mac}`)).body.code, 'STATE_INTEGRITY_CHECK_FAILED');
    const other = await request(`${server.origin}/auth/oauth/callback/github?code=x&state=${state}`);
    assert.equal(other.body.code, 'STATE_INTEGRITY_CHECK_FAILED');
    const good = await request(`${gateway}?code=x%26y&state=${state}&evil=1&error_description=a%0d%0ab`);
    assert.equal(good.status, 302);
    assert.ok(good.headers.location.startsWith(`${base}/callback/google?code=x%26y&`), good.headers.location);
    assert.ok(!good.headers.location.includes('evil'));
  });
});

describe('who gets in', () => {
  it('S087, S098: an address that the provider did not check joins nobody', async () => {
    const owner = await signUp(base);
    await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [owner.id]);
    const { error } = await signInWithFake(base, { email: owner.email, verified: false });
    assert.equal(error, 'account_not_linked');
    assert.equal((await sql('SELECT count(*)::int AS n FROM neon_auth.account WHERE "userId" = $1', [owner.id]))[0].n, 1);
  });

  it('S087, S098: GHSA-g38m a local account that nobody proved is joined by nobody', async () => {
    const squatter = await signUp(base);
    const { error } = await signInWithFake(base, { email: squatter.email });
    assert.equal(error, 'account_not_linked');
    assert.equal(await whoIs(base, squatter.jar), squatter.id);
    assert.equal((await sql('SELECT count(*)::int AS n FROM neon_auth.account WHERE "userId" = $1', [squatter.id]))[0].n, 1);
  });

  it('proven on both sides they are one person', async () => {
    const owner = await signUp(base);
    await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [owner.id]);
    const { user } = await signInWithFake(base, { email: owner.email.toUpperCase() });
    assert.equal(user.id, owner.id);
    assert.equal(await whoIs(base, owner.jar), owner.id); // nobody is thrown out
  });

  it('linking can be turned off, and a provider trusted', async () => {
    // A new owner for each try: with the old setting still in force the accounts would be joined for good.
    const owner = async () => {
      const user = await signUp(base);
      await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [user.id]);
      return user;
    };
    await sql(`UPDATE neon_auth.project_config SET advanced = jsonb_set(advanced, '{linking}', '{"enabled":false}')`);
    try {
      await assertEventually(async () => assert.equal((await signInWithFake(base, { email: (await owner()).email })).error, 'account_not_linked'));
      await sql(`UPDATE neon_auth.project_config SET advanced = jsonb_set(advanced, '{linking}', '{"enabled":true,"trustedProviders":["github"]}')`);
      await assertEventually(async () => {
        const { id, email } = await owner();
        assert.equal((await signInWithFake(base, { email, verified: false }, { provider: 'github' })).user?.id, id);
      });
    } finally {
      await sql(`UPDATE neon_auth.project_config SET advanced = advanced - 'linking'`);
    }
  });

  it('S087: an unproven social account does not stay when the mailbox\'s owner proves the address', async () => {
    const email = freshEmail();
    const squatter = await signInWithFake(base, { email, verified: false });
    assert.equal(squatter.user.emailVerified, false);
    await auth.post('/email-otp/send-verification-otp', { email, type: 'sign-in' });
    const mail = await (await fetch(`${server.origin}/mailbox/api/messages/wait?to=${email}`)).json();
    const owner = await auth.post('/sign-in/email-otp', { email, otp: /\b\d{6}\b/.exec(mail.text)[0] });
    assert.equal(owner.status, 200, owner.text);
    assert.equal(await whoIs(base, squatter.jar), null);
    assert.deepEqual(await sql('SELECT "providerId" FROM neon_auth.account WHERE "userId" = $1', [owner.body.user.id]), []);
    assert.equal((await signInWithFake(base, { email, verified: false })).error, 'account_not_linked');
  });

  it('an address that the provider has proven since becomes verified, and what was there before goes', async () => {
    const email = freshEmail();
    const first = await signInWithFake(base, { email, verified: false });
    await sql(`INSERT INTO neon_auth.account ("accountId", "providerId", "userId", password, "updatedAt") VALUES ($1::text, 'credential', $1::uuid, 'x', now())`, [first.user.id]);
    const second = await signInWithFake(base, { email });
    assert.deepEqual([second.user.id, second.user.emailVerified], [first.user.id, true]);
    assert.deepEqual((await sql('SELECT "providerId" FROM neon_auth.account WHERE "userId" = $1', [first.user.id])).map((row) => row.providerId), ['google']);
    assert.equal(await whoIs(base, first.jar), null);
  });

  it('the banned do not, and learn it from the app', async () => {
    const { user, jar } = await signInWithFake(base, { email: freshEmail('banned') });
    await sql('UPDATE neon_auth."user" SET banned = true WHERE id = $1', [user.id]);
    const again = await signInWithFake(base, { email: user.email });
    assert.deepEqual([again.error, again.location.origin], ['banned', app]);
    assert.equal(await whoIs(base, jar), null);
  });

  it('banned between callback and exchange, too', async () => {
    const { jar, url } = await begin(base, { provider: 'google' });
    const browser = new Jar();
    const email = freshEmail();
    const back = await comeBackToApp(await fakeConsent(await open(url, browser), { email }), browser);
    await sql('UPDATE neon_auth."user" SET banned = true WHERE email = $1', [email]);
    const answer = await exchange(base, back.location, jar);
    assert.deepEqual([answer.status, answer.body.code], [403, 'BANNED_USER']);
  });

  it('twenty at once are one user with one account', async () => {
    const email = freshEmail('crowd');
    const all = await Promise.all(Array.from({ length: 12 }, () => signInWithFake(base, { email })));
    const users = new Set(all.filter(({ user }) => user).map(({ user }) => user.id));
    assert.equal(users.size, 1);
    const [{ n }] = await sql(`SELECT count(*)::int AS n FROM neon_auth.account a JOIN neon_auth."user" u ON u.id = a."userId" WHERE u.email = $1`, [email]);
    assert.equal(n, 1);
  });
});

async function assertEventually(check) {
  const { eventually } = await import('../support/eventually.mjs');
  return eventually(check, { within: 4000, every: 100 });
}
