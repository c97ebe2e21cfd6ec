// The origin check: a page on another site can make a browser send requests with cookies; they must do nothing.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';

const server = await useServer();
const auth = () => authClient(server.base_url);
const evil = 'https://evil.example.net';

const nameOf = async (user) => (await auth().get('/get-session', { jar: user.jar })).body.user.name;

/** Tries to rename the user and says how that ended; the answer and what is stored have to agree. */
async function rename(user, options) {
  const fresh = `Name ${Math.random()}`;
  const jar = options.bearer ? undefined : user.jar.copy();
  const answer = await auth().post('/update-user', { name: fresh }, { jar, ...options });
  assert.equal(await nameOf(user), answer.status === 200 ? fresh : user.user.name, answer.text);
  if (answer.status === 200) user.user.name = fresh;
  return answer;
}
const outcome = (answer) => (answer.status === 200 ? 200 : `${answer.status} ${answer.body.code}`);

describe('with a cookie', () => {
  it('the server\'s own and trusted origins pass', async () => {
    const user = await signUp(server.base_url);
    for (const origin of [undefined, 'http://localhost:3000', server.origin]) assert.equal(outcome(await rename(user, { origin })), 200, String(origin));
    assert.equal(outcome(await rename(user, { origin: null, headers: { referer: `${server.origin}/page?x=1` } })), 200);
  });

  it('S016, S018: foreign ones do not', async () => {
    const user = await signUp(server.base_url);
    const { host } = new URL(server.origin);
    for (const origin of [evil, `http://${host}.evil.net`, `http://evil.${host}`, `http://${host}@evil.net`, `${server.origin}.evil.net`, 'file://', 'localhost:3000', `${evil}, ${server.origin}`, `${server.origin}, ${evil}`, 'http://', '//localhost:3000']) {
      const answer = await rename(user, { origin });
      assert.equal(answer.status, 403, `${origin}: ${answer.text}`);
    }
    assert.equal(outcome(await rename(user, { origin: evil })), '403 INVALID_ORIGIN');
    assert.equal(outcome(await rename(user, { origin: null, headers: { referer: `${evil}/page` } })), '403 INVALID_ORIGIN');
    assert.equal(outcome(await rename(user, { origin: null, headers: { referer: `${evil}/?${server.origin}` } })), '403 INVALID_ORIGIN');
  });

  it('S017, S018: nor does saying nothing, or "null"', async () => {
    const user = await signUp(server.base_url);
    assert.equal(outcome(await rename(user, { origin: null })), '403 MISSING_OR_NULL_ORIGIN');
    assert.equal(outcome(await rename(user, { origin: 'null' })), '403 MISSING_OR_NULL_ORIGIN');
  });

  it('S028: of several origins none may be hostile', async () => {
    const user = await signUp(server.base_url);
    const good = 'http://localhost:3000';
    for (const origin of [[good, evil], [evil, good], [good, good.replace('3000', '3001')]]) assert.equal((await rename(user, { origin: null, headers: { origin } })).status, 403, String(origin));
    for (const referer of [`${evil}/`, `${evil}/?${good}`, 'file:///etc/passwd', 'x']) assert.equal(outcome(await rename(user, { origin: good, headers: { referer } })), '403 INVALID_ORIGIN', referer);
    assert.equal(outcome(await rename(user, { origin: good, headers: { referer: `${good}/page?x=1` } })), 200);
  });

  it('any cookie will do to be checked', async () => {
    const answer = await auth().post('/sign-out', {}, { origin: evil, headers: { cookie: 'theme=dark' } });
    assert.equal(outcome(answer), '403 INVALID_ORIGIN');
  });

  it('the check comes before validation', async () => {
    const answer = await auth().post('/sign-in/email', {}, { origin: evil, headers: { cookie: 'theme=dark' } });
    assert.equal(outcome(answer), '403 INVALID_ORIGIN');
  });

  it('S021, S026: no other content type and no other method gets round it', async () => {
    const user = await signUp(server.base_url);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined]) {
      const answer = await auth().post('/update-user', null, { raw: '{"name":"Mallory"}', jar: user.jar.copy(), origin: evil, headers: { 'content-type': type } });
      assert.ok(answer.status >= 400 && answer.status < 500, `${type}: ${answer.status}`);
    }
    for (const headers of [{ 'x-http-method-override': 'POST' }, { 'x-http-method': 'POST' }]) {
      const answer = await auth().get('/sign-out?_method=POST', { jar: user.jar.copy(), headers });
      assert.equal(answer.status, 404);
    }
    assert.equal(await nameOf(user), 'Test User');
  });

  it('reading is not checked', async () => {
    const user = await signUp(server.base_url);
    assert.equal((await auth().get('/get-session', { jar: user.jar, origin: evil })).body.user.id, user.id);
  });
});

describe('without a cookie', () => {
  const signInAs = (user, options) => auth().post('/sign-in/email', { email: user.email, password }, options);

  it('sign-in is checked if a browser may be behind it', async () => {
    const user = await signUp(server.base_url);
    assert.equal(outcome(await signInAs(user, { origin: null })), 200);
    assert.equal(outcome(await signInAs(user, { origin: evil })), '403 INVALID_ORIGIN');
    assert.equal(outcome(await signInAs(user, { origin: null, headers: { referer: `${evil}/` } })), '403 INVALID_ORIGIN');
    assert.equal(outcome(await signInAs(user, { origin: null, headers: { 'sec-fetch-mode': 'cors' } })), '403 MISSING_OR_NULL_ORIGIN');
    assert.equal(outcome(await signInAs(user, { headers: { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site' } })), 200);
    assert.equal(outcome(await signInAs(user, { headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' } })), '403 CROSS_SITE_NAVIGATION_LOGIN_BLOCKED');
  });

  it('so is sign-up', async () => {
    const body = { email: freshEmail(), password, name: 'X' };
    assert.equal(outcome(await auth().post('/sign-up/email', body, { origin: evil })), '403 INVALID_ORIGIN');
    assert.equal(outcome(await auth().post('/sign-up/email', body, { origin: null })), 200);
  });

  it('a bearer is not: no browser sends one by itself', async () => {
    const user = await signUp(server.base_url);
    const bearer = { authorization: `Bearer ${user.token}` };
    for (const origin of [evil, null]) assert.equal(outcome(await rename(user, { bearer: true, origin, headers: bearer })), 200);
  });
});
