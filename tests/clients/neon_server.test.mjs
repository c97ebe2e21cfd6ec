// The server half of @neondatabase/auth, as its Next.js package and other frameworks use it: the proxy that makes cookies first-party, the
// middleware that lets pages through and finishes sign-ins with identity providers, and the server API with its own idea of paths.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { Jar, authClient } from '../support/http.mjs';
import { NeonApp, appOrigin } from '../support/neon_app.mjs';
import { freshSlug } from '../support/organizations.mjs';
import { useServer } from '../support/server.mjs';
import { comeBackToApp, fakeConsent, open } from '../support/social.mjs';
import { freshEmail, password } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const newApp = () => new NeonApp(server.base_url);

async function signedUp() {
  const app = newApp();
  const email = freshEmail('neon');
  const answer = await app.api('POST', 'sign-up/email', { email, password, name: 'Neon' });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return { app, email, user: answer.body.user };
}
const must = async (call) => {
  const { data, error } = await call;
  assert.equal(error, null, JSON.stringify(error));
  return data;
};

describe('the proxy and the middleware', () => {
  it('keep strangers out and let the signed in through, with first-party cookies', async () => {
    const stranger = await newApp().visit('/dashboard?tab=1');
    assert.equal(stranger.action, 'redirect_login');
    const { app, user } = await signedUp();
    const cookie = app.setCookies.find(({ name }) => name.endsWith('session_token'));
    assert.deepEqual([cookie.attributes.path, cookie.attributes.samesite, cookie.attributes.partitioned], ['/', 'Lax', undefined]);
    assert.deepEqual(app.cookieNames, ['local.session_data', 'session_token']);
    assert.equal((await app.visit('/dashboard')).action, 'allow');
    const session = await app.api('GET', 'get-session?disableCookieCache=true');
    assert.equal(session.body.user.id, user.id);
    assert.match(session.headers.get('set-auth-jwt'), /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.ok(session.headers.get('x-neon-ret-request-id'));
  });

  it('do not lend the path of their cookies to a browser', async () => {
    const headers = { 'x-neon-auth-middleware': 'true', 'sec-fetch-site': 'same-site', origin: appOrigin };
    const { cookies } = await authClient(server.base_url).post('/sign-up/email', { email: freshEmail(), password, name: 'B' }, { headers });
    assert.deepEqual(cookies.map(({ attributes }) => attributes.path), [new URL(server.base_url).pathname]);
  });

  it('look a session up that their own cookie no longer remembers, whatever the page\'s query', async () => {
    const { app } = await signedUp();
    const own = app.jar.nameOf('local.session_data');
    app.jar.absorb([{ name: own, attributes: { 'max-age': '0' } }]);
    assert.equal((await app.visit('/list?tag=a&tag=b&token=%E2%82%AC&empty&x[]=1')).action, 'allow');
    assert.ok(app.jar.names.includes(own));
  });

  it('sign out here and there', async () => {
    const { app, email } = await signedUp();
    assert.equal((await app.api('POST', 'sign-out', {})).body.success, true);
    assert.deepEqual(app.cookieNames, []);
    assert.equal((await app.visit('/dashboard')).action, 'redirect_login');
    const [{ sessions }] = await sql('SELECT count(*)::int AS sessions FROM neon_auth.session s JOIN neon_auth."user" u ON u.id = s."userId" WHERE email = $1', [email]);
    assert.equal(sessions, 0);
  });

  it('finish a sign-in with an identity provider, and keep the page\'s query', async () => {
    const app = newApp();
    const started = await app.api('POST', 'sign-in/social', { provider: 'google', callbackURL: '/dashboard?tag=a&tag=b' });
    assert.equal(started.status, 200, JSON.stringify(started.body));
    assert.deepEqual(app.cookieNames, ['session_challange', 'session_challenge']);
    assert.match(app.setCookies[0].name, /\.session_challange$/); // the one name that 0.1 of the package knows, and the one cookie it hands on
    const browser = new Jar(); // at the auth server's host, which shares no cookies with the app
    const email = freshEmail('google');
    const back = await comeBackToApp(await fakeConsent(await open(started.body.url, browser), { email, name: 'G' }), browser);
    assert.equal(back.location.origin, appOrigin);
    const landed = await app.visit(`${back.location.pathname}${back.location.search}`);
    assert.deepEqual([landed.action, landed.to], ['redirect_oauth', `${appOrigin}/dashboard?tag=a&tag=b`]);
    assert.equal((await app.visit('/dashboard?tag=a&tag=b')).action, 'allow');
    assert.equal((await must(app.server.getSession())).user.email, email);
    const again = await app.visit(`${back.location.pathname}${back.location.search}`);
    assert.deepEqual([...new Set(app.setCookies.map(({ attributes }) => attributes.path))], ['/']);
    assert.equal(again.action, 'allow'); // a verifier works once; the session is there already
  });
});

describe('the server API', () => {
  it('signs in and out, and tells who is there', async () => {
    const { email, user } = await signedUp();
    const app = newApp();
    assert.equal((await must(app.server.signIn.email({ email, password }))).user.id, user.id);
    assert.equal((await must(app.server.getSession())).user.id, user.id);
    assert.equal((await must(app.server.updateUser({ name: 'Renamed' }))).status, true);
    assert.equal((await must(app.server.getSession({ query: { disableCookieCache: 'true' } }))).user.name, 'Renamed');
    assert.equal((await must(app.server.listSessions())).length, 2);
    assert.equal((await must(app.server.revokeOtherSessions())).status, true);
    assert.equal((await must(app.server.listSessions())).length, 1);
    assert.equal((await app.server.signIn.email({ email, password: 'not-the-one' })).error.code, 'invalid_credentials');
    assert.equal((await must(app.server.signOut())).success, true);
    assert.equal(await must(app.server.getSession()), null);
  });

  it('finds every path it knows, also those that hosted Neon does not answer', async () => {
    const { app, user } = await signedUp();
    await sql(`UPDATE neon_auth."user" SET role = 'admin' WHERE id = $1`, [user.id]);
    assert.equal((await must(app.server.admin.listUserSessions({ query: { userId: user.id } }))).sessions.length, 1);
    assert.equal((await must(app.server.admin.listUsers({ query: { limit: 1 } }))).users.length, 1);
    assert.equal((await must(app.server.organization.checkSlug({ query: { slug: freshSlug() } }))).status, true);
    const { id } = await must(app.server.organization.create({ name: 'Acme', slug: freshSlug() }));
    assert.equal((await must(app.server.organization.getFullOrganization({ query: { organizationId: id } }))).id, id);
    assert.equal((await must(app.server.jwks())).keys.length, 1);
    assert.match((await must(app.server.token())).token, /^ey/);
    assert.equal(typeof (await must(app.server.getAnonymousToken())).expires_at, 'number');
    assert.equal((await app.server.getAccessToken({ query: { providerId: 'google' } })).error.message, 'Identity not found');
    assert.equal((await app.server.verifyEmail({ token: 'x' })).error.status, 401);
    assert.equal((await app.server.emailOtp.resetPassword({ email: freshEmail(), otp: '000000', password })).error.message, 'Invalid OTP');
  });
});
