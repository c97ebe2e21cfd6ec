// Holds every answer that a test gets from a branch's auth service to the branch's own OpenAPI document: the shape of replies, and the
// statuses and codes of refusals. authClient (http.mjs) calls it, so each test of an endpoint is a test of its description, too.
import { request } from './http.mjs';
import { checkerOf } from './openapi.mjs';

const checkers = new Map();
const unlisted = new Set();
// An untrusted one is refused wherever it stands; the document tells it of the bodies that have it.
const targets = ['callbackURL', 'redirectTo', 'errorCallbackURL', 'newUserCallbackURL'];

async function readChecker(base) {
  const answer = await request(`${base}/open-api/generate-schema`).catch(() => ({ status: 0 }));
  // Otherwise the server is down, or it is no branch's.
  return answer.status === 200 ? checkerOf(answer.body) : undefined;
}

/** Reads the document again when it lacks a route that answers: plugins come and go. Other names of listed routes it never has. */
async function checkerFor(base, exchange) {
  const name = `${base} ${exchange.method} ${exchange.path}`;
  if (unlisted.has(name)) return undefined;
  if (!(await checkers.get(base))?.knows(exchange)) checkers.set(base, readChecker(base));
  const checker = await checkers.get(base);
  if (checker?.knows(exchange)) return checker;
  unlisted.add(name);
  return undefined;
}

export async function assertDescribed(base, { method, path, sent, answer }) {
  const isJson = (answer.headers['content-type'] ?? '').startsWith('application/json');
  // A plugin that is off, or an address at which no branch's service is.
  const isAbsent = answer.status === 404 && (answer.text === '' || answer.body?.message?.startsWith('No auth service'));
  const namesTarget = answer.status >= 400 && sent instanceof Object && targets.some((name) => name in sent);
  if (!['GET', 'POST'].includes(method) || isAbsent || namesTarget || (answer.text !== '' && !isJson)) return;
  const exchange = { method, path: path.split('?')[0], status: answer.status, sent, body: answer.body };
  const check = await checkerFor(base, exchange);
  check?.(exchange);
}
