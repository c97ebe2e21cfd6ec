// Identity providers for tests: a real OpenID Connect server (npm's oidc-provider) that stands where google, github, microsoft and vercel
// would, and a browser that walks through it. GitHub's API, which is no OpenID Connect, is a thin layer over the same people.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { Provider } from 'oidc-provider';
import { Jar, request } from './http.mjs';

const providers = ['google', 'github', 'microsoft', 'vercel', 'acme'];

/** A file for ARGONAUTH_OAUTH_ENDPOINTS. */
export function endpointsFile(endpoints) {
  const file = path.join(os.tmpdir(), `argonauth-endpoints-${crypto.randomUUID()}.json`);
  fs.writeFileSync(file, JSON.stringify(endpoints));
  after(() => fs.rmSync(file, { force: true }));
  return file;
}

export async function listen(handler) {
  const server = http.createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

/** `people`: id -> claims. `redirectUris(id)` are the callbacks of that provider's client. */
export async function startOidc(people) {
  const { server, origin } = await listen((incoming, outgoing) => handle(incoming, outgoing));
  const registered = providers.map((id) => ({ client_id: `${id}-client`, client_secret: `${id}-secret`, redirect_uris: [], grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_post' }));
  const stderr = console.warn;
  console.warn = () => {}; // its advice about development settings
  let oidc;
  const build = () => {
    oidc = new Provider(origin, {
      clients: registered,
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'picture'] },
      scopes: ['openid', 'offline_access', 'read:user', 'user:email', 'repo'],
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      cookies: { keys: ['test'] },
      ttl: { AccessToken: 3600, IdToken: 3600, RefreshToken: 86400, Session: 3600, Interaction: 600, Grant: 3600 },
      issueRefreshToken: async () => true,
      findAccount: async (_, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
    });
    const callback = oidc.callback();
    oidc.answer = callback;
  };

  async function github(incoming, outgoing) {
    const token = await oidc.AccessToken.find((incoming.headers.authorization ?? '').slice(7));
    const person = token && people[token.accountId];
    const answer = (status, body) => (outgoing.writeHead(status, { 'content-type': 'application/json' }), outgoing.end(JSON.stringify(body)));
    if (!person) return answer(401, { message: 'Bad credentials' });
    if (incoming.url === '/api/user') return answer(200, { id: person.github_id, login: person.login, name: person.name, email: person.public_email ?? null, avatar_url: person.picture });
    return answer(200, person.emails ?? [{ email: person.email, primary: true, verified: person.email_verified }]);
  }
  function handle(incoming, outgoing) {
    if (incoming.url.startsWith('/api/')) return github(incoming, outgoing);
    // Vercel grants what the app was registered with when a request names no scopes.
    if (incoming.url.startsWith('/vercel-authorize?')) {
      outgoing.writeHead(302, { location: `/auth?${incoming.url.split('?')[1]}&scope=openid+email+profile` });
      return outgoing.end();
    }
    return oidc.answer(incoming, outgoing);
  }

  const common = { issuer: origin, authorization_endpoint: `${origin}/auth`, token_endpoint: `${origin}/token`, userinfo_endpoint: `${origin}/me`, jwks_uri: `${origin}/jwks` };
  return {
    origin,
    server,
    endpoints: {
      google: common,
      microsoft: common,
      vercel: { ...common, authorization_endpoint: `${origin}/vercel-authorize` },
      github: { authorization_endpoint: common.authorization_endpoint, token_endpoint: common.token_endpoint, userinfo_endpoint: `${origin}/api/user`, emails_endpoint: `${origin}/api/user/emails` },
    },
    /** To be called when the callbacks are known: the server answers from then on. */
    register(redirectUri) {
      registered.forEach((client) => (client.redirect_uris = [].concat(redirectUri(client.client_id.replace('-client', '')))));
      build();
      console.warn = stderr;
    },
    credentials: (id) => ({ client_id: `${id}-client`, client_secret: `${id}-secret` }),
  };
}

const attribute = (tag, name) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
const inputsOf = (form) => Object.fromEntries([...form.matchAll(/<input[^>]*>/g)].map(([tag]) => [attribute(tag, 'name'), attribute(tag, 'value') ?? '']));

/**
 * A browser at the provider: follows redirects, signs in and consents on the server's own pages, and stops at the first URL below `until`.
 * Resolves with that URL, not opened.
 */
export async function walk(start, { as, deny = false, until, jar = new Jar() }) {
  let url = start;
  let options = {};
  for (let step = 0; step < 20; step += 1) {
    if (url.startsWith(until) && step > 0) return url;
    const answer = await request(url, { jar, ...options });
    options = {};
    if (answer.status >= 300 && answer.status < 400) {
      url = new URL(answer.headers.location, url).toString();
      continue;
    }
    assert.equal(answer.status, 200, `${url}: ${answer.text}`);
    if (deny) {
      const abort = /href="([^"]*\/abort)"/.exec(answer.text);
      assert.ok(abort, answer.text);
      url = new URL(abort[1], url).toString();
      continue;
    }
    const form = /<form[^>]*action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/.exec(answer.text);
    assert.ok(form, `no form at ${url}: ${answer.text}`);
    const inputs = inputsOf(form[2]);
    if ('login' in inputs) Object.assign(inputs, { login: as, password: 'x' });
    url = new URL(form[1], url).toString();
    options = { method: 'POST', raw: new URLSearchParams(inputs).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(url).origin } };
  }
  throw new Error(`still not back at ${until}: ${url}`);
}
