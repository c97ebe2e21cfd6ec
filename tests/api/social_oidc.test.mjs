// Social sign-in with the branch's own credentials against a real OpenID Connect server (npm's oidc-provider), for each provider; and what
// people may do with the accounts they linked.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { eventually } from '../support/eventually.mjs';
import { Jar, authClient } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { endpointsFile, startOidc, walk } from '../support/oidc.mjs';
import { useServer } from '../support/server.mjs';
import { changeSettings } from '../support/settings.mjs';
import { begin, comeBack, exchange, open } from '../support/social.mjs';
import { freshEmail, signUp, whoIs } from '../support/users.mjs';
import { startReceiver } from '../support/webhook_receiver.mjs';

const people = {};
let counter = 1000;
function person(claims = {}) {
  counter += 1;
  const id = `person-${counter}`;
  people[id] = { email: freshEmail(id), email_verified: true, name: `Person ${counter}`, picture: 'https://pictures.example/p.png', github_id: counter, login: id, ...claims };
  return { id, ...people[id] };
}

const oidc = await startOidc(people);
const server = await useServer({ env: { ARGONAUTH_OAUTH_ENDPOINTS: endpointsFile(oidc.endpoints) } });
const base = server.base_url;
oidc.register((id) => `${base}/callback/${id}`);
const api = managementClient(server);
const auth = authClient(base);
const sql = useDatabase(server);
await sql(`UPDATE neon_auth.project_config SET social_providers = '[]'`);
const ids = ['google', 'github', 'microsoft', 'vercel'];
for (const id of ids) assert.equal((await api.addBranchNeonAuthOauthProvider(server, { body: { id, ...oidc.credentials(id) } })).status, 200);

async function signInAt(provider, as, { body = {}, browser = new Jar(), session, path, ...walking } = {}) {
  const { jar, url } = await begin(base, { provider, ...body }, { jar: session, path });
  const callback = await walk(await open(url, browser), { as, until: `${base}/callback/`, ...walking });
  const back = await comeBack(callback, browser);
  if (back.error || path) return { ...back, callback, browser, jar };
  const answer = await exchange(base, back.location, jar);
  return { ...back, answer, callback, browser, jar, user: answer.body.user };
}
const accountsOf = async (jar) => (await auth.get('/list-accounts', { jar })).body;

describe('at a real provider', () => {
  for (const provider of ids) {
    it(`${provider}: signs up, signs in, tells about the account`, async () => {
      const who = person();
      const first = await signInAt(provider, who.id, { body: { newUserCallbackURL: '/new' } });
      assert.equal(first.location.pathname, '/new');
      assert.deepEqual([first.user.email, first.user.name, first.user.emailVerified, first.user.image], [who.email, who.name, true, who.picture]);
      const second = await signInAt(provider, who.id, { body: { newUserCallbackURL: '/new' } });
      assert.deepEqual([second.location.pathname, second.user.id], ['/after', first.user.id]);

      const [account] = await accountsOf(first.jar);
      const accountId = provider === 'github' ? String(who.github_id) : who.id;
      assert.deepEqual([account.providerId, account.accountId], [provider, accountId]);
      for (const key of ['accessToken', 'refreshToken', 'idToken', 'password']) assert.ok(!(key in account));
      const info = await auth.get('/account-info', { jar: first.jar, query: { accountId } });
      assert.equal(info.status, 200, info.text);
      const shownId = provider === 'github' ? who.github_id : who.id; // a number at GitHub, as GitHub and Better Auth have it
      assert.deepEqual([info.body.user.id, info.body.user.email, info.body.user.emailVerified], [shownId, who.email, true]);
      assert.equal(typeof info.body.data, 'object');
    });

    it(`${provider}: consent denied`, async () => {
      const denied = await signInAt(provider, 'x', { deny: true, body: { errorCallbackURL: '/failed' } });
      assert.deepEqual([denied.error, denied.location.pathname], ['access_denied', '/failed']);
    });

    it(`${provider}: a replayed callback and a foreign browser`, async () => {
      const { url } = await begin(base, { provider });
      const browser = new Jar();
      const callback = await walk(await open(url, browser), { as: person().id, until: `${base}/callback/` });
      assert.equal((await comeBack(callback, new Jar())).error, 'state_mismatch');
      const kept = browser.copy();
      assert.equal((await comeBack(callback, browser)).error, null);
      assert.equal((await comeBack(callback, kept)).answer.status, 400);
    });
  }

  it('mixed-up providers: a code of one is not taken to another', async () => {
    const { url } = await begin(base, { provider: 'google' });
    const browser = new Jar();
    const callback = await walk(await open(url, browser), { as: person().id, until: `${base}/callback/` });
    assert.equal((await comeBack(callback.replace('/callback/google', '/callback/microsoft'), browser)).error, 'state_mismatch');
    const issuer = new URL(callback);
    issuer.searchParams.set('iss', 'https://attacker.example');
    assert.equal((await comeBack(issuer.toString(), browser)).error, 'issuer_mismatch');
  });

  it('a code of somebody else\'s sign-in is useless: PKCE', async () => {
    const mine = await begin(base, { provider: 'google' });
    const browser = new Jar();
    const callback = new URL(await walk(await open(mine.url, browser), { as: person().id, until: `${base}/callback/` }));
    const theirs = await begin(base, { provider: 'google' });
    const stolen = new URL(await walk(await open(theirs.url, new Jar()), { as: person().id, until: `${base}/callback/` }));
    callback.searchParams.set('code', stolen.searchParams.get('code'));
    assert.equal((await comeBack(callback.toString(), browser)).error, 'invalid_code');
  });

  it('GitHub: the primary address counts, and only a verified one joins', async () => {
    const owner = await signUp(base);
    await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [owner.id]);
    const claiming = person({ public_email: owner.email, emails: [{ email: owner.email, primary: false, verified: false }, { email: freshEmail('primary'), primary: true, verified: true }] });
    const first = await signInAt('github', claiming.id);
    assert.equal(first.user.email, claiming.emails[1].email);
    const unverified = person({ emails: [{ email: owner.email, primary: true, verified: false }] });
    assert.equal((await signInAt('github', unverified.id)).error, 'account_not_linked');
    const none = person({ public_email: null, emails: [] });
    assert.equal((await signInAt('github', none.id)).error, 'email_not_found');
  });

  it('custom scopes are asked for beyond the provider\'s own', async () => {
    const { url } = await begin(base, { provider: 'github', scopes: ['repo'], loginHint: 'me@example.com' });
    const to = new URL(await open(url, new Jar()));
    assert.equal(to.searchParams.get('scope'), 'read:user user:email repo');
    assert.equal(to.searchParams.get('login_hint'), 'me@example.com');
  });
});

describe('provider tokens', () => {
  it('S104: are sealed at rest and in no log', async () => {
    const who = person();
    const { jar, user } = await signInAt('google', who.id);
    const [row] = await sql('SELECT "accessToken", "refreshToken", "idToken" FROM neon_auth.account WHERE "userId" = $1', [user.id]);
    for (const token of Object.values(row)) assert.match(token, /^v1:[\w-]{60,}$/);
    const { body } = await auth.post('/get-access-token', { providerId: 'google' }, { jar });
    assert.ok(body.accessToken.length > 20 && body.idToken.split('.').length === 3);
    const log = server.process.stderr;
    for (const secret of ['google-secret', 'github-secret', body.accessToken, body.idToken]) assert.ok(!log.includes(secret));
    const [{ dump }] = await sql('SELECT string_agg(t::text, $1) AS dump FROM (SELECT to_jsonb(c) FROM neon_auth.project_config c UNION ALL SELECT to_jsonb(a) FROM neon_auth.account a UNION ALL SELECT to_jsonb(v) FROM neon_auth.verification v) t', ['\n']);
    for (const secret of ['google-secret', body.accessToken, body.idToken]) assert.ok(!dump.includes(secret));
  });

  it('a token moved to another account does not open there', async () => {
    const [one, two] = [await signInAt('google', person().id), await signInAt('google', person().id)];
    await sql('UPDATE neon_auth.account SET "accessToken" = (SELECT "accessToken" FROM neon_auth.account WHERE "userId" = $1) WHERE "userId" = $2', [one.user.id, two.user.id]);
    const { body } = await auth.post('/get-access-token', { providerId: 'google' }, { jar: two.jar });
    assert.equal(body.accessToken, '');
  });

  it('get-access-token refreshes what ended, over GET too', async () => {
    const who = person();
    const { jar, user } = await signInAt('google', who.id);
    const first = await auth.post('/get-access-token', { providerId: 'google' }, { jar });
    assert.deepEqual(Object.keys(first.body).sort(), ['accessToken', 'accessTokenExpiresAt', 'idToken', 'scopes']);
    await sql(`UPDATE neon_auth.account SET "accessTokenExpiresAt" = now() - interval '1 second' WHERE "userId" = $1`, [user.id]);
    const second = await auth.get('/get-access-token', { jar, query: { providerId: 'google' } });
    assert.notEqual(second.body.accessToken, first.body.accessToken);
    assert.ok(new Date(second.body.accessTokenExpiresAt) > new Date());
    const third = await auth.post('/refresh-token', { providerId: 'google', accountId: who.id }, { jar });
    assert.equal(third.status, 200, third.text);
    assert.notEqual(third.body.accessToken, second.body.accessToken);
    assert.deepEqual([third.body.providerId, third.body.accountId], ['google', who.id]);
  });

  it('are the session\'s own, and refused with the codes clients know', async () => {
    const { jar, user } = await signInAt('google', person().id);
    const stranger = await signUp(base);
    const outcome = async (path, body, whose) => {
      const answer = await auth.post(path, body, { jar: whose });
      return `${answer.status} ${answer.body?.code}`;
    };
    assert.equal(await outcome('/get-access-token', { providerId: 'google' }, new Jar()), '401 undefined', 'a 401 without a body');
    assert.equal(await outcome('/get-access-token', { providerId: 'google', userId: user.id }, stranger.jar), '400 ACCOUNT_NOT_FOUND');
    assert.equal(await outcome('/refresh-token', { providerId: 'google', userId: user.id }, stranger.jar), '400 ACCOUNT_NOT_FOUND');
    await sql('UPDATE neon_auth.account SET "refreshToken" = NULL WHERE "userId" = $1', [user.id]);
    assert.equal(await outcome('/refresh-token', { providerId: 'google' }, jar), '400 REFRESH_TOKEN_NOT_FOUND');
    await sql(`UPDATE neon_auth.account SET "refreshToken" = 'revoked', "accessTokenExpiresAt" = now() - interval '1 second' WHERE "userId" = $1`, [user.id]);
    assert.equal(await outcome('/refresh-token', { providerId: 'google' }, jar), '400 FAILED_TO_REFRESH_ACCESS_TOKEN');
    assert.equal(await outcome('/get-access-token', { providerId: 'google' }, jar), '400 FAILED_TO_GET_ACCESS_TOKEN');
  });
});

describe('an id_token that the app brings', () => {
  const tokenOf = async (provider, who) => {
    const { jar, user } = await signInAt(provider, who);
    return { user, token: (await auth.post('/get-access-token', { providerId: provider }, { jar })).body.idToken };
  };
  const bring = (provider, idToken, options) => auth.post('/sign-in/social', { provider, callbackURL: '/after', idToken }, options);

  it('is a session for the person it names, without the init hop', async () => {
    const { user, token } = await tokenOf('google', person().id);
    const jar = new Jar();
    const answer = await bring('google', { token }, { jar });
    assert.deepEqual([answer.status, answer.body.redirect, answer.body.user.id, answer.body.url], [200, false, user.id, undefined], answer.text);
    assert.equal((await auth.get('/get-session', { jar })).body.user.id, user.id);
  });

  it('makes no user whom the webhook refuses, and says so in its words', async () => {
    const { user, token } = await tokenOf('google', person().id);
    await sql('DELETE FROM neon_auth."user" WHERE id = $1', [user.id]);
    const receiver = await startReceiver();
    receiver.answer = () => ({ status: 200, body: '{"allowed":false,"error_message":"Only for staff","error_code":"STAFF_ONLY"}' });
    await changeSettings(sql, { webhook_config: { enabled: true, webhookUrl: receiver.url, enabledEvents: ['user.before_create'], timeoutSeconds: 5 } });
    try {
      const answer = await bring('google', { token });
      assert.deepEqual([answer.status, answer.body], [403, { code: 'STAFF_ONLY', message: 'Only for staff' }]);
    } finally {
      await changeSettings(sql, { webhook_config: { enabled: false, enabledEvents: [], timeoutSeconds: 5 } });
    }
  });

  it('is refused with another nonce, at another provider, and when it was tampered with', async () => {
    const { token } = await tokenOf('google', person().id);
    const refusals = [
      await bring('google', { token, nonce: 'another' }),
      await bring('microsoft', { token }),
      await bring('google', { token: `${token.slice(0, -6)}AAAAAA` }),
      await bring('google', { token: 'x.y.z' }),
    ];
    for (const { status, body, headers } of refusals) assert.deepEqual([status, body.code, headers['set-cookie']], [401, 'INVALID_TOKEN', undefined]);
  });
});

describe('linking and unlinking', () => {
  async function verified() {
    const user = await signUp(base);
    await sql('UPDATE neon_auth."user" SET "emailVerified" = true WHERE id = $1', [user.id]);
    return user;
  }
  const link = (user, provider, as, body = {}) => signInAt(provider, as, { path: '/link-social', session: user.jar, body });

  it('adds an account through the init hop, and takes it away', async () => {
    const user = await verified();
    const who = person({ email: user.email });
    const back = await link(user, 'google', who.id);
    assert.deepEqual([back.error, back.location.pathname, back.location.search], [null, '/after', '']);
    assert.deepEqual((await accountsOf(user.jar)).map(({ providerId }) => providerId), ['credential', 'google']);
    assert.equal((await link(user, 'google', who.id)).error, null); // again is no harm
    const answer = await auth.post('/unlink-account', { providerId: 'google', accountId: who.id }, { jar: user.jar });
    assert.deepEqual([answer.status, answer.body], [200, { status: true }]);
    assert.deepEqual((await accountsOf(user.jar)).map(({ providerId }) => providerId), ['credential']);
  });

  it('S100: not an identity that is somebody else\'s', async () => {
    const who = person();
    const owner = await signInAt('google', who.id);
    const user = await verified();
    await sql('UPDATE neon_auth."user" SET email = $2 WHERE id = $1', [owner.user.id, freshEmail('moved')]);
    await sql('UPDATE neon_auth."user" SET email = $2 WHERE id = $1', [user.id, who.email]);
    const back = await link(user, 'google', who.id);
    assert.equal(back.error, 'account_already_linked_to_different_user');
    assert.deepEqual((await accountsOf(user.jar)).map(({ providerId }) => providerId), ['credential']);
    assert.deepEqual((await accountsOf(owner.jar)).map(({ accountId }) => accountId), [who.id]);
  });

  it('not another address, not an unproven one on either side', async () => {
    const user = await verified();
    assert.equal((await link(user, 'google', person().id)).error, "email_doesn't_match");
    assert.equal((await link(user, 'google', person({ email: user.email, email_verified: false }).id)).error, 'unable_to_link_account');
    const squatter = await signUp(base);
    assert.equal((await link(squatter, 'google', person({ email: squatter.email }).id)).error, 'email_not_verified');
    assert.deepEqual((await accountsOf(squatter.jar)).map(({ providerId }) => providerId), ['credential']);
  });

  it('needs a session', async () => {
    const answer = await auth.post('/link-social', { provider: 'google', callbackURL: '/x' });
    assert.deepEqual([answer.status, answer.body.code], [401, 'UNAUTHORIZED']);
  });

  it('S106: the last account stays, a foreign one too, and a stale session may not', async () => {
    const user = await verified();
    const other = await signInAt('google', person().id);
    const unlink = async (body, jar) => {
      const answer = await auth.post('/unlink-account', body, { jar });
      return `${answer.status} ${answer.body.code}`;
    };
    assert.equal(await unlink({ providerId: 'credential' }, user.jar), '400 FAILED_TO_UNLINK_LAST_ACCOUNT');
    const [foreign] = await accountsOf(other.jar);
    const who = person({ email: user.email });
    await link(user, 'github', who.id);
    assert.equal(await unlink({ providerId: 'google', accountId: foreign.accountId }, user.jar), '400 ACCOUNT_NOT_FOUND');
    assert.equal((await accountsOf(other.jar)).length, 1);
    await sql(`UPDATE neon_auth.session SET "createdAt" = now() - interval '2 days' WHERE "userId" = $1`, [user.id]);
    assert.equal(await unlink({ providerId: 'github' }, user.jar), '403 SESSION_NOT_FRESH');
    assert.equal((await accountsOf(user.jar)).length, 2);
  });

  it('S106: of two at once, one stays', async () => {
    const user = await verified();
    await link(user, 'google', person({ email: user.email }).id);
    const answers = await Promise.all(['credential', 'google'].map((providerId) => auth.post('/unlink-account', { providerId }, { jar: user.jar.copy() })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400]);
    assert.equal((await accountsOf(user.jar)).length, 1);
  });
});

describe('the direct way', () => {
  it('sets the session on the callback, as plain Better Auth clients expect', async () => {
    await sql(`UPDATE neon_auth.project_config SET advanced = jsonb_set(advanced, '{social}', '{"direct":true}')`);
    try {
      await eventually(async () => {
        const { body } = await auth.post('/sign-in/social', { provider: 'google', callbackURL: '/after' });
        assert.ok(body.url.startsWith(oidc.origin), body.url);
      });
      const jar = new Jar();
      const { url, answer } = await begin(base, { provider: 'google' }, { jar });
      assert.deepEqual(jar.names, ['__Secure-neon-auth.state']);
      assert.equal(answer.headers.location, url);
      const who = person();
      const callback = await walk(url, { as: who.id, until: `${base}/callback/` });
      const back = await comeBack(callback, jar);
      assert.equal(back.answer.headers.location, '/after');
      assert.equal((await auth.get('/get-session', { jar })).body.user.email, who.email);
      const lost = await comeBack(callback, jar);
      assert.equal(lost.answer.headers.location, `${base}/error?error=state_mismatch`);
    } finally {
      await sql(`UPDATE neon_auth.project_config SET advanced = advanced - 'social'`);
    }
    assert.ok(await whoIs(base, new Jar()) === null);
  });
});
