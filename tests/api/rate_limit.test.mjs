// Rate limits count per client address and path, and cannot be talked out of it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer({ args: ['--rate-limit'] });

/** Every test comes from a loopback address of its own, which is a client of its own. */
function clientAt(localAddress) {
  const base = server.base_url.replace('//localhost:', '//127.0.0.1:');
  return (path, { headers, method = 'POST', body = { email: 'nobody@example.test', password: 'wrong-wrong' } } = {}) =>
    request(`${base}${path}`, { method, body: method === 'GET' ? undefined : body, headers, localAddress });
}
const statuses = (answers) => answers.map((answer) => answer.status);

async function repeat(times, send) {
  const answers = [];
  for (let i = 0; i < times; i++) answers.push(await send(i));
  return answers;
}

describe('sign-in', () => {
  it('S213: is allowed three times in ten seconds', async () => {
    const send = clientAt('127.0.1.1');
    const answers = await repeat(5, () => send('/sign-in/email'));
    assert.deepEqual(statuses(answers), [401, 401, 401, 429, 429]);
    const refusal = answers[3];
    assert.equal(refusal.text, '{"message":"Too many requests. Please try again later."}');
    assert.match(refusal.headers['content-type'], /^text\/plain/);
    assert.match(refusal.headers['x-retry-after'], /^([1-9]|10)$/);
    assert.deepEqual(refusal.cookies, []);
    assert.equal(refusal.headers['access-control-expose-headers'], undefined);
    const elsewhere = await send('/sign-in/email', { headers: { origin: 'http://localhost:5173' } });
    assert.deepEqual([elsewhere.status, elsewhere.headers['access-control-expose-headers']], [429, 'X-Retry-After']); // or an app on another host cannot read it
  });

  it('counts every attempt, also invalid ones', async () => {
    const send = clientAt('127.0.1.2');
    assert.deepEqual(statuses(await repeat(4, () => send('/sign-in/email', { body: {} }))), [400, 400, 400, 429]);
  });

  it('S213: counts each client and each route for itself', async () => {
    const send = clientAt('127.0.1.3');
    await repeat(4, () => send('/sign-in/email'));
    assert.equal((await clientAt('127.0.1.4')('/sign-in/email')).status, 401);
    assert.equal((await send('/sign-up/email', { body: {} })).status, 400);
    assert.equal((await send('/get-session', { method: 'GET' })).status, 200);
  });

  it('S213: is open again after the window', async () => {
    const send = clientAt('127.0.1.5');
    const answers = await repeat(4, () => send('/sign-in/email'));
    const seconds = Number(answers[3].headers['x-retry-after']);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 200));
    assert.equal((await send('/sign-in/email')).status, 401);
  });
});

describe('the limit does not move', () => {
  it('S215: for forwarded addresses nobody vouches for', async () => {
    const send = clientAt('127.0.1.6');
    await repeat(3, () => send('/sign-in/email'));
    for (const header of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'x-client-ip', 'cf-connecting-ip', 'true-client-ip', 'x-cluster-client-ip', 'fastly-client-ip']) {
      for (const value of ['198.51.100.7', '198.51.100.8, 198.51.100.9', '::1', 'junk', '127.0.0.1']) {
        const sent = header === 'forwarded' ? `for=${value}` : value;
        assert.equal((await send('/sign-in/email', { headers: { [header]: sent } })).status, 429, `${header}: ${sent}`);
      }
    }
  });

  it('S218: for other spellings of the path', async () => {
    const send = clientAt('127.0.1.7');
    await repeat(3, () => send('/sign-in/email'));
    for (const alias of ['/sign-in/email', '/sign-in/email/', '//sign-in/email', '/./sign-in/email', '/x/../sign-in/email', '/sign-in//email', '/sign-in/%65mail', '/sign-in%2femail', '/Sign-In/email', '/sign-in/email;a=b', '/sign-in/email?x=1', '/sign-in/email?', '/sign-in/email%00', '/sign-in/email%20']) {
      const answer = await send(alias);
      assert.ok([400, 404, 429].includes(answer.status), `${alias}: ${answer.status} ${answer.text}`);
    }
  });
});

it('ordinary routes have room for a hundred requests', async () => {
  const send = clientAt('127.0.1.8');
  const answers = statuses(await repeat(101, () => send('/ok', { method: 'GET' })));
  assert.deepEqual(new Set(answers.slice(0, 100)), new Set([200]));
  assert.equal(answers[100], 429);
});
