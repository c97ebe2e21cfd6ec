// HTTP that no client library would send. Every case ends in a plain refusal or a closed connection, and the
// server goes on: `useServer` insists at the end that it is the same process and stops cleanly.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { authClient, rawExchange } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';

const server = await useServer();
const { host, pathname: base } = new URL(server.base_url);
const ok = `${base}/ok`;
const signIn = `${base}/sign-in/email`;

const send = (bytes, options) => rawExchange(server.base_url, bytes, options);
const head = (lines) => `${lines.join('\r\n')}\r\n\r\n`;
const get = (...headers) => head([`GET ${ok} HTTP/1.1`, `Host: ${host}`, ...headers, 'Connection: close']);
const post = (headers, body = '') => head([`POST ${signIn} HTTP/1.1`, `Host: ${host}`, 'Content-Type: application/json', ...headers]) + body;

/** Refused with one of the statuses, or without a word; in either case the connection is over. */
function assertRefused({ answers, closed, text }, statuses, label) {
  assert.ok(answers.length <= 1, `${label}: ${answers.length} answers to one request`);
  assert.ok(closed, `${label}: the connection stays open after ${text.slice(0, 80)}`);
  if (answers.length === 1) assert.ok(statuses.includes(answers[0]), `${label}: ${answers[0]}`);
}

afterEach(async () => {
  const { status, body } = await authClient(server.base_url).get('/ok');
  assert.deepEqual([status, body], [200, { ok: true }]);
});

it('the raw helper speaks proper HTTP when asked to', async () => {
  assert.deepEqual((await send(get())).answers, [200]);
});

describe('two lengths (request smuggling)', () => {
  const smuggled = `GET ${ok} HTTP/1.1\r\nHost: ${host}\r\nX-Smuggled: 1\r\n\r\n`;
  for (const [label, headers] of Object.entries({
    'Content-Length, then Transfer-Encoding': ['Content-Length: 6', 'Transfer-Encoding: chunked'],
    'Transfer-Encoding, then Content-Length': ['Transfer-Encoding: chunked', 'Content-Length: 6'],
    'Transfer-Encoding that is not quite chunked': ['Content-Length: 6', 'Transfer-Encoding: xchunked'],
    'chunked that is not last': ['Transfer-Encoding: chunked, identity'],
    'chunked twice': ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'],
    'a vertical tab before chunked': ['Transfer-Encoding:\x0bchunked', 'Content-Length: 6'],
  })) {
    it(label, async () => assertRefused(await send(post(headers, `0\r\n\r\n${smuggled}`)), [400, 501], label));
  }
});

describe('Content-Length', () => {
  for (const value of ['-1', '+5', '5, 6', '0x5', '5 5', '5a', 'a', '', '99999999999999999999999', '1e1', '5;5', '５']) {
    it(JSON.stringify(value), async () => assertRefused(await send(post([`Content-Length: ${value}`], 'hello')), [400, 413], value));
  }
  it('twice, and different', async () => assertRefused(await send(post(['Content-Length: 5', 'Content-Length: 6'], 'hello!')), [400], 'twice'));
});

describe('chunks', () => {
  for (const [label, body] of Object.entries({
    'size is no number': 'zz\r\nhello\r\n0\r\n\r\n',
    'size is negative': '-1\r\nhello\r\n0\r\n\r\n',
    'size overflows': 'fffffffffffffffff\r\nhello\r\n0\r\n\r\n',
    'size with a prefix': '0x5\r\nhello\r\n0\r\n\r\n',
    'chunk longer than its size': '3\r\nhello\r\n0\r\n\r\n',
  })) {
    it(label, async () => assertRefused(await send(post(['Transfer-Encoding: chunked'], body)), [400, 413], label));
  }
});

describe('header lines', () => {
  for (const line of ['Name : value', 'Name\t: value', 'no colon', ': no name', 'Na me: value', 'Na(me: value', 'N\u0000ame: value', 'Name: va\u0000lue', 'Name: a\rb', 'N\x01ame: value', 'N\x7fame: value', 'Näme: value', 'Name: a\x01b']) {
    it(JSON.stringify(line), async () => assertRefused(await send(get(line)), [400], line));
  }
  it('a blank before the first one', async () => {
    assertRefused(await send(`GET ${ok} HTTP/1.1\r\n Host: ${host}\r\nConnection: close\r\n\r\n`), [400], 'leading blank');
  });
});

describe('Host', () => {
  const withHosts = (...hosts) => head([`GET ${ok} HTTP/1.1`, ...hosts.map((value) => `Host: ${value}`), 'Connection: close']);
  for (const [label, hosts] of Object.entries({
    missing: [],
    'sent twice': [host, host],
    'sent twice, and different': [host, 'evil.example.net'],
    'a slash': ['/'],
    'with a path': [`${host}/x`],
    'a port that is no number': ['localhost:abc'],
    'a port beyond all ports': ['localhost:99999'],
    'two ports': ['localhost:80:80'],
    'a blank inside': ['local host'],
    'user information': [`user@${host}`],
    'half an IPv6 address': ['[::1'],
  })) {
    it(label, async () => assertRefused(await send(withHosts(...hosts)), [400], label));
  }
});

describe('request lines', () => {
  for (const line of ['GET', `GET ${ok}`, `GET ${ok} HTTP/9.9`, `GET ${ok} HTTP/1.1 x`, `GET  ${ok} HTTP/1.1`, `G\u0000T ${ok} HTTP/1.1`, `GET ${ok}\u0000 HTTP/1.1`, `GET ${ok} http/1.1`, 'PRI * HTTP/2.0', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '\u0000\u0000\u0000\u0000']) {
    it(JSON.stringify(line), async () => assertRefused(await send(`${line}\r\nHost: ${host}\r\nConnection: close\r\n\r\n`), [400, 404, 405, 505], line));
  }

  it('the absolute form is understood or refused', async () => {
    for (const target of [`http://${host}${ok}`, `http://evil.example.net${ok}`, `https://${host}${ok}`, `//${host}${ok}`]) {
      const { answers } = await send(head([`GET ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close']));
      assert.equal(answers.length, 1, target);
      assert.ok([200, 400, 404, 421].includes(answers[0]), `${target}: ${answers[0]}`);
    }
  });

  it('odd targets and methods are found nowhere', async () => {
    for (const [method, target] of [['OPTIONS', '*'], ['CONNECT', 'example.com:443'], ['TRACE', ok], ['FOO', ok], ['get', ok], ['GET', '*'], ['GET', 'ok'], ['GET', `${base}/../ok`], ['GET', '/%00'], ['GET', '/'.repeat(2000)]]) {
      const { answers } = await send(head([`${method} ${target} HTTP/1.1`, `Host: ${host}`, 'Connection: close']));
      assert.ok(answers.length <= 1 && answers.every((status) => status >= 300 && status < 500), `${method} ${target.slice(0, 40)}: ${answers}`);
    }
  });
});

describe('too much', () => {
  const tooLarge = [400, 413, 414, 431];
  it('one header of 300 KB', async () => assertRefused(await send(get(`X-Large: ${'a'.repeat(300_000)}`)), tooLarge, 'header'));
  it('5000 headers', async () => assertRefused(await send(get(...Array.from({ length: 5000 }, (_, i) => `X-${i}: 1`))), tooLarge, 'headers'));
  it('a cookie of 200 KB', async () => assertRefused(await send(get(`Cookie: a=${'b'.repeat(200_000)}`)), tooLarge, 'cookie'));
  it('a URI of 300 KB', async () => assertRefused(await send(`GET /${'a'.repeat(300_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`), tooLarge, 'URI'));

  it('a body announced as 10 GB is refused at once', async () => {
    const { answers } = await send(post(['Content-Length: 10737418240'], '{'));
    assert.deepEqual(answers, [413]);
  });

  it('endless chunks are cut off', async () => {
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    const result = await send([post(['Transfer-Encoding: chunked']), ...Array(40).fill(chunk)], { wait: 5000 });
    assertRefused(result, [413], 'chunks');
  });

  it('a body just over the limit', async () => {
    const big = JSON.stringify({ email: 'a@example.test', password: 'x'.repeat(1 << 20) });
    assertRefused(await send(post([`Content-Length: ${big.length}`], big)), [413], 'body');
  });
});

describe('half of a request', () => {
  it('is forgotten when the client goes', async () => {
    for (const part of ['G', `GET ${ok} HT`, `GET ${ok} HTTP/1.1\r\nHost`, post(['Content-Length: 100'], '{"email":"a'), post(['Transfer-Encoding: chunked'], '5\r\nhe')]) {
      await send(part, { wait: 100 });
      await send(part, { wait: 1000, halfClose: true });
    }
  });

  it('held open by many does not keep others waiting', async () => {
    const held = Array.from({ length: 200 }, () => send(`GET ${ok} HTTP/1.1\r\nHost: `, { wait: 4000 }));
    let released = false;
    Promise.all(held).then(() => (released = true));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal((await authClient(server.base_url).get('/ok')).status, 200);
    assert.ok(!released);
    await Promise.all(held);
  });

  it('in pieces of one byte is a request all the same', async () => {
    assert.deepEqual((await send([...get()])).answers, [200]);
  });
});

describe('one connection', () => {
  it('answers two requests sent in one go, in order', async () => {
    const first = head([`GET ${ok} HTTP/1.1`, `Host: ${host}`]);
    const second = head([`GET ${base}/no/such/route HTTP/1.1`, `Host: ${host}`, 'Connection: close']);
    assert.deepEqual((await send(first + second)).answers, [200, 404]);
  });

  it('does not take the body of one for the next', async () => {
    const body = `GET ${ok} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const bytes = post([`Content-Length: ${body.length}`], body) + get();
    assert.deepEqual((await send(bytes)).answers, [400, 200]);
  });

  it('takes many requests, one after the other', async () => {
    const many = head([`GET ${ok} HTTP/1.1`, `Host: ${host}`]).repeat(99) + get();
    assert.deepEqual((await send(many)).answers, Array(100).fill(200));
  });

  it('is told to go on before it sends a body, if it asks', async () => {
    const body = '{}';
    const { text } = await send(post(['Expect: 100-continue', `Content-Length: ${body.length}`, 'Connection: close'], body));
    assert.match(text, /HTTP\/1\.1 400 /);
  });
});

it('answers do not sniff, do not linger in caches and do not name versions', async () => {
  const auth = authClient(server.base_url);
  const user = await signUp(server.base_url);
  const answers = [await auth.get('/get-session', { jar: user.jar }), await auth.get('/token', { jar: user.jar }), await auth.get('/token'), await auth.post('/sign-in/email', {})];
  for (const { status, headers } of answers) {
    assert.match(headers['content-type'], /^application\/json/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(headers.server ?? '', /\d/);
    assert.equal(headers['x-powered-by'], undefined);
    if (status === 200) assert.match(headers['cache-control'] ?? '', /no-store|private/);
  }
});
