// A plain HTTP client for tests: it sends what it was told and nothing more. (Node's own fetch adds
// Sec-Fetch-Mode, which the server's origin checks react to.) Cookies live in a Jar; no call follows redirects.
import http from 'node:http';
import net from 'node:net';

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

export function parseSetCookie(line) {
  const [pair, ...rest] = line.split(';').map((part) => part.trim());
  const split = (text) => {
    const at = text.indexOf('=');
    return at === -1 ? [text, true] : [text.slice(0, at), text.slice(at + 1)];
  };
  const [name, value] = split(pair);
  return { name, value, attributes: Object.fromEntries(rest.map(split).map(([key, v]) => [key.toLowerCase(), v])) };
}

export class Jar {
  #cookies = new Map();

  absorb(setCookies) {
    for (const { name, value, attributes } of setCookies) {
      if (attributes['max-age'] === '0') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
  get header() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
  get names() {
    return [...this.#cookies.keys()];
  }
  /** Cookies are asked for by the end of their name: `jar.get('session_token')`. */
  get(suffix) {
    return this.#cookies.get(this.nameOf(suffix));
  }
  nameOf(suffix) {
    return this.names.find((name) => name.endsWith(suffix));
  }
  set(suffix, value) {
    this.#cookies.set(this.nameOf(suffix) ?? suffix, value);
    return this;
  }
  copy() {
    const other = new Jar();
    for (const [name, value] of this.#cookies) other.#cookies.set(name, value);
    return other;
  }
}

/**
 * One request. `body` is sent as JSON, `raw` (text or Buffer) as it is. The answer has `status`, `headers`
 * (joined, lower-case names), `cookies`, `text` and, where it is JSON, `body`.
 */
export function request(url, { method = 'GET', headers = {}, body, raw, jar, localAddress, timeout = 15_000 } = {}) {
  const target = new URL(url);
  const payload = raw !== undefined ? Buffer.from(raw) : body !== undefined ? Buffer.from(JSON.stringify(body)) : undefined;
  const sent = { ...(body !== undefined ? { 'content-type': 'application/json' } : {}), ...headers };
  for (const name of Object.keys(sent)) if (sent[name] === undefined || sent[name] === null) delete sent[name];
  if (payload && sent['content-length'] === undefined) sent['content-length'] = payload.length;
  if (jar?.header && !sent.cookie) sent.cookie = jar.header;
  return new Promise((resolve, reject) => {
    // The path goes out as written: the URL class would tidy `//` and `/../` away.
    const path = url.slice(url.indexOf(target.host) + target.host.length) || '/';
    const outgoing = http.request({ hostname: target.hostname, port: target.port, path, method, headers: sent, agent, localAddress }, (incoming) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const cookies = (incoming.headers['set-cookie'] ?? []).map(parseSetCookie);
        jar?.absorb(cookies);
        resolve({ status: incoming.statusCode, headers: incoming.headers, cookies, text, body: parseJson(text) });
      });
    });
    outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`${method} ${url}: no answer within ${timeout} ms`)));
    outgoing.on('error', reject);
    outgoing.end(payload);
  });
}

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A client of one branch: paths are below `base`, and POSTs carry the server's own Origin unless told otherwise. Every answer has to be
 * as the branch's OpenAPI document says (described.mjs).
 */
export function authClient(base, defaults = {}) {
  const own = new URL(base).origin;
  const send = async (method, path, { origin, query, headers, ...options } = {}) => {
    const originHeader = origin === undefined ? (method === 'GET' ? undefined : own) : origin;
    const answer = await request(`${base}${path}${query ? `?${new URLSearchParams(query)}` : ''}`, {
      method,
      ...options,
      headers: { ...defaults.headers, ...(originHeader ? { origin: originHeader } : {}), ...headers },
    });
    const { assertDescribed } = await import('./described.mjs');
    await assertDescribed(base, { method, path, sent: options.body, answer });
    return answer;
  };
  return {
    base,
    origin: own,
    send,
    get: (path, options) => send('GET', path, options),
    post: (path, body = {}, options) => send('POST', path, options?.raw !== undefined ? options : { body, ...options }),
  };
}

/**
 * Writes bytes to a fresh connection and reads until the server closes it, `until` matches, or `wait` ms pass.
 * For requests no HTTP library would send. Never rejects: a refused or reset connection is an answer, too.
 */
export function rawExchange(url, bytes, { wait = 3000, until, halfClose = false } = {}) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let received = '';
    let closed = false;
    const socket = net.connect(Number(port), hostname);
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: received, closed, answers: answersIn(received) });
    };
    const timer = setTimeout(finish, wait);
    socket.on('connect', () => {
      for (const part of Array.isArray(bytes) ? bytes : [bytes]) socket.write(part);
      if (halfClose) socket.end();
    });
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (until?.test(received)) finish();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      closed = true;
      finish();
    });
  });
}

/** The statuses of all responses in a raw stream, in order. */
function answersIn(text) {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map((match) => Number(match[1]));
}
