// An identity provider that lies in whatever way a test asks for: id_tokens, userinfo and token answers are made by the test.
import crypto from 'node:crypto';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { listen } from './oidc.mjs';

export async function startRogue() {
  const rogue = { requests: [], keysAsked: 0, keys: [], clientId: 'rogue-client' };
  /** Publishes a new key beside, or in the place of, the others. */
  rogue.newKey = async ({ alg = 'RS256', keep = false, publish = true } = {}) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: crypto.randomUUID(), alg, use: 'sig' };
    const key = { alg, jwk, privateKey, publicKey };
    if (publish) rogue.keys = keep ? [...rogue.keys, key] : [key];
    return key;
  };
  await rogue.newKey();
  rogue.reset = () => Object.assign(rogue, { claims: {}, header: {}, signWith: null, tokenAnswer: null, userinfo: null, makeToken: null, nonce: null });
  rogue.reset();

  rogue.idToken = async () => {
    const key = rogue.signWith ?? rogue.keys[0];
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: rogue.origin, aud: rogue.clientId, sub: 'rogue-1', email: 'rogue@example.test', email_verified: true, name: 'Rogue', nonce: rogue.nonce, iat: now, exp: now + 600, ...rogue.claims };
    for (const name of Object.keys(claims)) if (claims[name] === undefined) delete claims[name];
    if (rogue.makeToken) return rogue.makeToken(claims, key);
    return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.jwk.kid, ...rogue.header }).sign(key.privateKey);
  };
  const json = (outgoing, status, body) => (outgoing.writeHead(status, { 'content-type': 'application/json' }), outgoing.end(typeof body === 'string' ? body : JSON.stringify(body)));
  const { origin } = await listen(async (incoming, outgoing) => {
    rogue.requests.push(incoming.url);
    if (incoming.url === '/jwks') rogue.keysAsked += 1;
    if (incoming.url === '/jwks') return json(outgoing, 200, { keys: rogue.keys.map(({ jwk }) => jwk) });
    if (incoming.url === '/token') {
      if (rogue.tokenAnswer) return rogue.tokenAnswer(outgoing);
      return json(outgoing, 200, { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600, id_token: await rogue.idToken() });
    }
    if (incoming.url === '/userinfo' || incoming.url === '/user') {
      const answer = rogue.userinfo ?? { sub: 'rogue-1', email: 'rogue@example.test', email_verified: true, name: 'Rogue' };
      if (typeof answer === 'function') return answer(outgoing);
      return json(outgoing, 200, answer);
    }
    if (incoming.url === '/emails') return json(outgoing, 200, [{ email: 'rogue@example.test', primary: true, verified: true }]);
    return json(outgoing, 404, {});
  });
  rogue.origin = origin;
  const common = { issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`, userinfo_endpoint: `${origin}/userinfo`, jwks_uri: `${origin}/jwks` };
  rogue.endpoints = { google: common, vercel: common, github: { authorization_endpoint: common.authorization_endpoint, token_endpoint: common.token_endpoint, userinfo_endpoint: `${origin}/user`, emails_endpoint: `${origin}/emails` } };
  return rogue;
}
