// An identity provider without a will of its own: a scenario says beforehand what each code will get, and reads afterwards what it was
// asked. It stands where the token, profile and key endpoints of google, github, microsoft and vercel are.
//
//   PUT  /provider/plans/<code>      {claims?, user?, emails?, token?, refresh?}; see below
//   GET  /provider/asked?code=<code> what was asked with that code and the tokens it got, in order
import crypto from 'node:crypto';

const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'provider-key', alg: 'RS256', use: 'sig' }] };
const ISSUERS = { google: 'https://accounts.google.com', microsoft: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0', vercel: 'https://vercel.com' };

const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

function signed(provider, claims) {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: ISSUERS[provider], aud: `${provider}-client-id`, iat: now, exp: now + 3600, ...(provider === 'microsoft' ? { tid: '9188040d-6c67-4c5b-b112-36a304b66dad' } : {}), ...claims };
  const text = `${base64({ alg: 'RS256', kid: 'provider-key', typ: 'JWT' })}.${base64(all)}`;
  return `${text}.${crypto.sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

/** For sign-ins in which the app brings the id_token itself. */
export const makeIdToken = signed;

/** Where a server finds the provider: the members of ARGONAUTH_OAUTH_ENDPOINTS. */
export function endpointsAt(url) {
  const of = (id) => ({ token_endpoint: `${url}/provider/${id}/token`, userinfo_endpoint: `${url}/provider/${id}/user`, emails_endpoint: `${url}/provider/${id}/emails`, jwks_uri: `${url}/provider/${id}/keys` });
  return Object.fromEntries(['google', 'github', 'microsoft', 'vercel'].map((id) => [id, of(id)]));
}

export class Provider {
  plans = new Map(); // code -> plan
  asked = [];

  /** `token` and `refresh` replace members of the usual answer (null takes one away); {status, type, text} replace all of it. */
  tokenAnswer(provider, plan, code, replacement = {}) {
    const { status = 200, type = 'application/json', text, headers, ...members } = replacement;
    const usual = { access_token: `at-${code}`, token_type: 'Bearer', expires_in: 3600, refresh_token: `rt-${code}`, scope: 'email profile' };
    if (plan.claims) usual.id_token = signed(provider, plan.claims);
    const body = Object.fromEntries(Object.entries({ ...usual, ...members }).filter(([, value]) => value !== null));
    return { status, type, headers, text: text ?? JSON.stringify(body) };
  }

  exchange(provider, form) {
    const code = form.get('code') ?? form.get('refresh_token')?.replace(/^rt2?-/, '') ?? '';
    const plan = this.plans.get(code);
    if (!plan) return { status: 400, text: '{"error":"invalid_grant"}' };
    if (form.get('grant_type') === 'refresh_token') return this.tokenAnswer(provider, plan, code, { access_token: `at2-${code}`, refresh_token: null, id_token: null, ...plan.refresh });
    return this.tokenAnswer(provider, plan, code, plan.token);
  }

  profile(what, authorization) {
    const plan = this.plans.get((authorization ?? '').replace(/^Bearer at2?-/, ''));
    const answer = plan?.[what];
    if (answer === undefined) return { status: 401, text: '{"message":"Bad credentials"}' };
    return answer.status ? answer : { status: 200, text: JSON.stringify(answer) };
  }

  answer(method, url, headers, body) {
    const [, , first, second] = url.pathname.split('/');
    if (first === 'plans') {
      this.plans.set(second, JSON.parse(body));
      return { status: 200, text: '{}' };
    }
    if (first === 'asked') return { status: 200, text: JSON.stringify(this.asked.filter((one) => JSON.stringify(one).includes(url.searchParams.get('code')))) };
    if (second === 'keys') return { status: 200, text: JSON.stringify(jwks) };
    const form = new URLSearchParams(body);
    const { accept, authorization, 'content-type': type } = headers;
    this.asked.push({ method, endpoint: `${first} ${second}`, accept, authorization, type, form: Object.fromEntries(form) });
    if (second === 'token') return this.exchange(first, form);
    return this.profile(second, authorization);
  }
}
