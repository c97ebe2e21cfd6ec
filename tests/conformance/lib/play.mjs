// Plays one scenario against one server and returns its normalised transcript.
import crypto from 'node:crypto';
import { Jar, parseSetCookie, rawRequest } from './http.mjs';
import { Normalizer, normalizeResponse } from './normalize.mjs';
import { rowsOf } from './rows.mjs';
import { changedProfile, resolveProfile } from '../profiles.mjs';

const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const alnum = 'abcdefghijklmnopqrstuvwxyz0123456789';
const randomId = (n = 10) => Array.from(crypto.randomBytes(n), (b) => alnum[b % 36]).join('');
const randomDigits = (n) => Array.from(crypto.randomBytes(n), (b) => String(b % 10)).join('');

/** The last step of every scenario: what it left in the database. */
export const ROWS = 'rows left behind';
export const PASSWORD = 'correct-horse-9';

const toAnswer = ({ status, headers, text }, body) => ({ status, text, body, headers: { 'content-type': headers['content-type']?.[0] } });

class SetupError extends Error {}

function getPath(o, path) {
  return path.split('.').reduce((x, k) => (x === null || x === undefined ? undefined : x[k]), o);
}

export class Play {
  constructor({ scenario, base, sink, sql, configure, onAnswer, patience = 4000 }) {
    this.scenario = scenario;
    this.base = base.replace(/\/+$/, '');
    this.origin = new URL(this.base).origin;
    this.sinkUrl = sink;
    this.sql = sql; // (text, values) -> rows, where the database can be reached
    this.configureServer = configure; // replaces the settings; scenarios that do so are played one by one
    this.onAnswer = onAnswer; // sees every exchange; what it throws fails the scenario
    this.patience = patience; // ms to wait for a mail or a phone code
    this.config = resolveProfile(scenario.profile);
    this.norm = new Normalizer({ base: this.base });
    this.steps = [];
    this.names = new Set();
    this.password = PASSWORD;
    // x<10 chars>: never looks like a UUID, a date or a 32-character token
    this.run = `x${randomId()}`;
    this.norm.register('run', this.run);
    this.ip = `198.18.${1 + (crypto.randomBytes(1)[0] % 250)}.${1 + (crypto.randomBytes(1)[0] % 250)}`;
    this.norm.register('ip', this.ip);
    this.phones = 0;
    this.seenMail = new Map();
    this.seenSms = new Map();
    this.codes = new Set(); // one-time codes, masked in the recorded request bodies
  }

  // ---- values -----------------------------------------------------------
  email(who = 'user') {
    return `${who}.${this.run}@example.test`;
  }
  slug(name = 'org') {
    return `${name}-${this.run}`;
  }
  phone(name = 'phone') {
    const p = `+1${2 + Math.floor(Math.random() * 8)}${randomDigits(9)}`;
    this.norm.register(name, p);
    this.norm.register(`${name}Digits`, p.slice(1));
    return p;
  }
  jar() {
    return new Jar();
  }
  save(name, value) {
    if (value === undefined || value === null) throw new Error(`nothing to save as ${name}`);
    this.norm.register(name, String(value));
    return value;
  }
  uuid() {
    return crypto.randomUUID();
  }
  sleep = sleep;

  // ---- requests ---------------------------------------------------------
  async send(method, path, opts = {}) {
    const url = path.startsWith('http') ? path : this.base + path + (opts.query ? `?${new URLSearchParams(opts.query)}` : '');
    const headers = { 'user-agent': 'conformance/1' };
    if (opts.ip !== null) headers['x-forwarded-for'] = opts.ip ?? this.ip;
    const origin = opts.origin === undefined ? (method === 'GET' ? null : this.origin) : opts.origin;
    if (origin) headers.origin = origin;
    let body;
    if (opts.raw !== undefined) body = opts.raw;
    else if (opts.body !== undefined) body = JSON.stringify(opts.body);
    else if (method !== 'GET' && opts.noBody !== true) body = '{}';
    if (opts.form) {
      body = new URLSearchParams(opts.form).toString();
      headers['content-type'] = 'application/x-www-form-urlencoded';
    } else if (body !== undefined && opts.contentType !== null) headers['content-type'] = opts.contentType ?? 'application/json';
    if (opts.jar) {
      const c = opts.jar.header();
      if (c) headers.cookie = c;
    }
    if (opts.bearer) headers.authorization = `Bearer ${opts.bearer}`;
    Object.assign(headers, opts.headers);
    const now = Date.now();
    const res = await rawRequest(url, { method, headers, body, timeout: opts.timeout });
    const cookies = (res.headers['set-cookie'] ?? []).map(parseSetCookie);
    if (opts.jar && opts.keep !== true) opts.jar.absorb(cookies);
    let json;
    try {
      json = JSON.parse(res.text);
    } catch {}
    const plain = url.startsWith(this.base) && opts.raw === undefined && !opts.form;
    if (plain) await this.onAnswer?.(this.base, { method, path: url.slice(this.base.length), sent: opts.body, answer: toAnswer(res, json) });
    return { ...res, now, body: json, cookies, location: res.headers.location?.[0] ?? null, sent: { url, body } };
  }

  uniqueName(name) {
    let n = name;
    for (let i = 2; this.names.has(n); i++) n = `${name} (${i})`;
    this.names.add(n);
    return n;
  }

  /** A recorded request. */
  async req(name, method, path, opts = {}) {
    const step = { name: this.uniqueName(name) };
    if (opts.quirk) step.quirk = opts.quirk;
    this.steps.push(step);
    const res = await this.send(method, path, opts);
    for (const [k, p] of Object.entries(opts.save ?? {})) {
      const v = getPath({ body: res.body, location: res.location }, p);
      if (typeof v === 'string') this.norm.register(k, v);
    }
    const reqUrl = this.norm.url(res.sent.url, res.now);
    step.request = { method, url: reqUrl.replace('{{base}}', '') };
    if (res.sent.body !== undefined && res.sent.body !== '{}') {
      let b = res.sent.body.length > 600 ? `${res.sent.body.slice(0, 200)}...` : res.sent.body;
      for (const c of this.codes) b = b.replaceAll(`"${c}"`, '"<code>"');
      step.request.body = this.norm.text(b, res.now);
    }
    step.response = normalizeResponse(res, {
      norm: this.norm,
      now: res.now,
      parse: parseSetCookie,
      unordered: opts.unordered,
      ignore: opts.ignore,
      drop: opts.drop,
      textMode: opts.textMode,
    });
    return res;
  }
  /** One line about an answer, for tables of many requests: status, code and message, or the body of a success. */
  async line(name, method, path, opts = {}) {
    const res = await this.send(method, path, opts);
    const { status, headers, body, text } = normalizeResponse(res, { norm: this.norm, now: res.now, parse: parseSetCookie, ...opts });
    const refused = status >= 400 && body?.json ? [body.json.code ?? '-', body.json.message] : [];
    const said = [status, ...refused, ...(refused.length ? [] : [body === null ? 'empty' : JSON.stringify(body.json ?? body)]), headers.location];
    const value = said.filter((part) => part !== undefined).join(' ');
    const step = { name: this.uniqueName(name), value: value.length > 700 ? `${value.slice(0, 700)}...` : value };
    // Judged by the recording: where the reference fails, ours may answer anything but another failure.
    if (status >= 500) step.quirk = 'the reference fails';
    this.steps.push(step);
    return res;
  }
  get(name, path, opts) {
    return this.req(name, 'GET', path, opts);
  }
  post(name, path, body, opts = {}) {
    return this.req(name, 'POST', path, body === undefined ? opts : { ...opts, body });
  }

  /** A recorded derived value, e.g. a decoded token or the result of a signature check. */
  check(name, value) {
    this.steps.push({ name: this.uniqueName(name), value: this.norm.value(value === undefined ? '<undefined>' : value, Date.now()) });
    return value;
  }

  /** Other settings from the next request on; without `over` those of the profile again. */
  async configure(over = {}) {
    // A trusted origin that nobody else has tells which settings are in force, whatever else they say.
    const origin = `https://${randomId()}.settings.example.test`;
    const config = changedProfile(this.scenario.profile, over);
    this.config = { ...config, trustedOrigins: [...config.trustedOrigins, origin] };
    await this.configureServer(this.config);
    const probe = { origin, headers: { cookie: 'a=b' }, ip: '198.51.100.7' };
    const arrived = await this.poll(async () => ((await this.send('POST', '/sign-out', probe)).status === 200 ? true : undefined), 10_000);
    if (!arrived) throw new SetupError('the settings were not taken over');
  }

  // ---- unrecorded setup ---------------------------------------------------
  async must(method, path, opts) {
    const r = await this.send(method, path, opts);
    if (r.status >= 300) throw new SetupError(`setup ${method} ${path} answered ${r.status}: ${r.text.slice(0, 200)}`);
    return r;
  }

  /** Creates a user through sign-up/email and signs in; not recorded. */
  async user(who = 'user', { name, password = PASSWORD, register = true } = {}) {
    const email = this.email(who);
    const jar = this.jar();
    let r = await this.must('POST', '/sign-up/email', { body: { email, password, name: name ?? `User ${who}` }, jar });
    if (!r.body?.token) {
      if (this.config.emailAndPassword.requireEmailVerification) {
        const m = await this.fetchMail(email);
        await this.send('GET', m.link, { jar });
      } else {
        r = await this.must('POST', '/sign-in/email', { body: { email, password }, jar });
      }
    }
    const id = r.body?.user?.id;
    const token = r.body?.token ?? decodeURIComponent(jar.get('session_token') ?? '').split('.')[0];
    if (register) {
      if (id) this.norm.register(`${who}Id`, id);
      if (token) this.norm.register(`${who}Token`, token);
    }
    return { email, jar, id, token, password };
  }

  async rootAdmin() {
    const jar = this.jar();
    await this.must('POST', '/sign-in/email', { body: { email: this.config.rootAdmin.email, password: this.config.rootAdmin.password }, jar });
    return { jar };
  }

  /** A fresh user with the admin role; not recorded. */
  async admin(who = 'admin') {
    const u = await this.user(who);
    if (this.sql) await this.sql(`UPDATE neon_auth."user" SET role = 'admin' WHERE email = $1`, [u.email]);
    else {
      const root = await this.rootAdmin();
      await this.must('POST', '/admin/set-role', { body: { userId: u.id, role: 'admin' }, jar: root.jar });
    }
    return u;
  }

  async org(owner, name = 'org', body = {}) {
    const r = await this.must('POST', '/organization/create', { body: { name: `Org ${name}`, slug: this.slug(name), ...body }, jar: owner.jar });
    this.norm.register(`${name}Id`, r.body.id);
    return { id: r.body.id, slug: this.slug(name), ownerMemberId: r.body.members?.[0]?.id };
  }

  async member(owner, org, who, role = 'member') {
    const u = await this.user(who);
    const inv = await this.must('POST', '/organization/invite-member', { body: { email: u.email, role, organizationId: org.id }, jar: owner.jar });
    const acc = await this.must('POST', '/organization/accept-invitation', { body: { invitationId: inv.body.id }, jar: u.jar });
    const memberId = acc.body?.member?.id;
    if (memberId) this.norm.register(`${who}MemberId`, memberId);
    return { ...u, memberId };
  }

  // ---- out-of-band messages ------------------------------------------------
  async poll(fn, ms) {
    const end = Date.now() + ms;
    for (;;) {
      const v = await fn();
      if (v !== undefined) return v;
      if (Date.now() > end) return undefined;
      await sleep(25);
    }
  }

  parseMessage(text) {
    const flat = text.replace(/&amp;/g, '&');
    const links = flat.match(/(?:https?|[a-z]+):\/\/[^\s"'<>]+/g) ?? [];
    const link = links.find((l) => l.startsWith(this.origin)) ?? links[0] ?? null;
    const code = /(?<![\d\w-])(\d{4,10})(?![\d\w-])/.exec(flat.replace(/https?:\/\/\S+/g, ' '))?.[1] ?? null;
    return { link, code, text };
  }

  async fetchMail(to, { wait = this.patience } = {}) {
    const key = to.toLowerCase();
    const seen = this.seenMail.get(key) ?? 0;
    const found = await this.poll(async () => {
      const r = await rawRequest(`${this.sinkUrl}/messages?to=${encodeURIComponent(key)}`);
      const list = JSON.parse(r.text);
      return list.length > seen ? list[seen] : undefined;
    }, wait);
    if (!found) return null;
    this.seenMail.set(key, seen + 1);
    return this.parseMessage(`${found.text}\n${found.html ?? ''}`);
  }

  describe(m) {
    if (!m) return { delivered: false };
    const out = { delivered: true, code: m.code ? `<${m.code.length} digits>` : null };
    if (m.code) this.codes.add(m.code);
    if (m.link?.startsWith(this.origin)) out.link = this.norm.url(m.link, Date.now());
    return out;
  }

  /** Waits for the next e-mail to an address; recorded. */
  async mail(name, to) {
    const m = await this.fetchMail(to);
    this.check(name, this.describe(m));
    if (!m) throw new SetupError(`no mail arrived for ${this.norm.text(to, Date.now())}`);
    return m;
  }

  /** Records that no further e-mail arrives. */
  async noMail(name, to) {
    this.check(name, this.describe(await this.fetchMail(to, { wait: 350 })));
  }

  async sms(name, phone, { absent = false } = {}) {
    const seen = this.seenSms.get(phone) ?? 0;
    const found = await this.poll(async () => {
      const r = await rawRequest(`${this.sinkUrl}/hooks?match=${encodeURIComponent(phone)}`);
      const list = JSON.parse(r.text);
      return list.length > seen ? list[seen] : undefined;
    }, absent ? 350 : this.patience);
    let m = null;
    if (found) {
      this.seenSms.set(phone, seen + 1);
      const strings = [];
      const collect = (v) => {
        if (typeof v === 'string' || typeof v === 'number') strings.push(String(v));
        else if (v && typeof v === 'object') Object.values(v).forEach(collect);
      };
      collect(found.body);
      const code = strings.find((s) => /^\d{4,8}$/.test(s)) ?? null;
      m = { code };
    }
    this.check(name, m ? { delivered: true, code: m.code ? `<${m.code.length} digits>` : null } : { delivered: false });
    if (!m && !absent) throw new SetupError(`no code arrived for ${this.norm.text(phone, Date.now())}`);
    if (m?.code) this.codes.add(m.code);
    return m;
  }

  // ---- the identity provider (lib/provider.mjs) ----------------------------
  /** Says what the provider will answer to a code; resolves with the code. */
  async plan(plan) {
    const code = `code${(this.plans = (this.plans ?? 0) + 1)}-${this.run}`;
    await rawRequest(`${this.sinkUrl}/provider/plans/${code}`, { method: 'PUT', body: JSON.stringify(plan) });
    return code;
  }
  async askedWith(code) {
    return JSON.parse((await rawRequest(`${this.sinkUrl}/provider/asked?code=${code}`)).text);
  }

  // ---- crypto helpers ------------------------------------------------------
  decodeJwt(token) {
    const [h, p, s] = token.split('.');
    const dec = (x) => JSON.parse(Buffer.from(x, 'base64url').toString('utf8'));
    return { header: dec(h), payload: dec(p), signature: s, signed: `${h}.${p}` };
  }
  jwtSummary(token) {
    const { header, payload } = this.decodeJwt(token);
    const p = { ...payload };
    if (typeof p.exp === 'number' && typeof p.iat === 'number') {
      p.lifetime = p.exp - p.iat;
      p.iat = '<epoch>';
      p.exp = '<epoch>';
    }
    return { header, payload: p };
  }
  verifyEdDsa(token, jwks) {
    const { header, signature, signed } = this.decodeJwt(token);
    const key = jwks.keys.find((k) => k.kid === header.kid);
    if (!key) return 'no key with that kid';
    const pub = crypto.createPublicKey({ key: { kty: key.kty, crv: key.crv, x: key.x }, format: 'jwk' });
    return crypto.verify(null, Buffer.from(signed), pub, Buffer.from(signature, 'base64url'));
  }
  hmac(value, encoding = 'base64') {
    return crypto.createHmac('sha256', this.config.secret).update(value).digest(encoding);
  }
  signCookie(value) {
    return encodeURIComponent(`${value}.${this.hmac(value)}`);
  }

  async playAll() {
    let error = null;
    try {
      await this.scenario.run(this);
      // What every scenario ends with. Servers whose database is out of reach are not asked.
      if (this.sql && this.scenario.rows !== false) this.steps.push({ name: ROWS, value: await rowsOf(this) });
    } catch (e) {
      error = e;
      // a step that started but never got an answer
      const last = this.steps.at(-1);
      if (last && !last.response && last.value === undefined) last.error = String(e.message).replaceAll(this.origin, '{{origin}}');
    }
    return {
      scenario: this.scenario.id,
      profile: this.scenario.profile,
      steps: this.steps,
      ...(error ? { aborted: this.norm.text(String(error.message), Date.now()) } : {}),
      stack: error?.stack,
    };
  }
}
