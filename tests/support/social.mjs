// Both halves of a social sign-in as an app and its browser go through them. The app is on another origin than the server.
import assert from 'node:assert/strict';
import { Jar, authClient, request } from './http.mjs';

export const app = 'http://localhost:3000';

/** The app's first call. `jar` is where the app keeps the challenge cookie, which is also the browser's unless a proxy stands between. */
export async function begin(base, body, { jar = new Jar(), path = '/sign-in/social', ...options } = {}) {
  const answer = await authClient(base).post(path, { callbackURL: '/after', ...body }, { jar, origin: app, ...options });
  assert.equal(answer.status, 200, answer.text);
  return { jar, answer, url: answer.body.url };
}

/** From the init URL to the provider's authorize URL; `browser` gets the state cookie. */
export async function open(initUrl, browser) {
  const answer = await request(initUrl, { jar: browser });
  assert.equal(answer.status, 302, answer.text);
  return answer.headers.location;
}

/** Opens the callback as the browser does and says where it is sent. */
export async function comeBack(callbackUrl, browser) {
  const answer = await request(callbackUrl, { jar: browser, headers: { accept: 'text/html' } });
  return { answer, location: answer.headers.location && new URL(answer.headers.location, callbackUrl), error: answer.headers.location && new URL(answer.headers.location, callbackUrl).searchParams.get('error') };
}

/** Follows our own redirects (the gateway's) until the browser leaves for the app, or gets an answer that is no redirect. */
export async function comeBackToApp(callbackUrl, browser) {
  const origin = new URL(callbackUrl).origin;
  let back = await comeBack(callbackUrl, browser);
  while (back.location?.origin === origin) back = await comeBack(back.location.toString(), browser);
  return back;
}

export function exchange(base, location, jar) {
  const verifier = new URL(location).searchParams.get('neon_auth_session_verifier');
  assert.ok(verifier, String(location));
  return authClient(base).get('/get-session', { jar, query: { neon_auth_session_verifier: verifier } });
}

/** With the fake identity provider of `argonauth dev`. `person` is {email, name, verified}, or {deny: true}. */
export async function fakeConsent(authorizeUrl, person) {
  const page = await request(authorizeUrl);
  assert.equal(page.status, 200, page.text);
  const form = new URLSearchParams(new URL(authorizeUrl).search);
  if (person.deny) form.set('action', 'deny');
  else if (person.pick) form.set('person', person.pick);
  else for (const [name, value] of Object.entries({ action: 'sign-in', email: person.email, name: person.name ?? '', ...(person.verified === false ? {} : { verified: 'yes' }) })) form.set(name, value);
  const answer = await request(authorizeUrl.split('?')[0], { method: 'POST', raw: form.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(authorizeUrl).origin } });
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.location;
}

/** All of it with the fake identity provider; resolves with what get-session answered, and the way there. */
export async function signInWithFake(base, person, { body = {}, provider = 'google' } = {}) {
  const { jar, url } = await begin(base, { provider, ...body });
  const browser = new Jar();
  const callback = await fakeConsent(await open(url, browser), person);
  const back = await comeBackToApp(callback, browser);
  if (back.error) return { error: back.error, location: back.location };
  const answer = await exchange(base, back.location, jar);
  return { answer, jar, browser, location: back.location, user: answer.body?.user };
}
