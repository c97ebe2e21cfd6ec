// Bodies and queries that are no JSON, no text, or not what a field wants: a 4xx each, never a fault.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';

const server = await useServer();
const auth = authClient(server.base_url);
const postRaw = (path, raw, options) => auth.post(path, null, { raw, headers: { 'content-type': 'application/json' }, ...options });

function assertRefused(answer, label) {
  assert.ok(answer.status >= 400 && answer.status < 500, `${label}: ${answer.status} ${answer.text.slice(0, 200)}`);
  assert.doesNotMatch(answer.text, /postgres|select |insert |libpq|boost|std::|\.cpp|\/home\/|\/src\//i, `${label} tells about the inside`);
}
const assertNoFault = (answer, label) => assert.ok(answer.status < 500, `${label}: ${answer.status} ${answer.text.slice(0, 200)}`);

afterEach(async () => assert.equal((await auth.get('/ok')).status, 200));

it('what is no JSON', async () => {
  const texts = [
    '{', '}', '[', ']', '{"a"', '{"a":', '{"a":1', '{"a":1,}', '{,}', '{a:1}', "{'a':1}", '{"a":1}}', '{"a":1}{"b":2}', '{"a":1} x', '{"a" 1}', '{"a":01}', '{"a":+1}', '{"a":.5}', '{"a":5.}',
    '{"a":0x10}', '{"a":NaN}', '{"a":Infinity}', '{"a":tru}', '{"a":nul}', '{"a":"\n"}', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"', '// x\n{}', '/* x */{}', 'hello', '\u0000', '{"a":1}\u0000', '<xml/>', 'email=a',
  ];
  for (const text of texts) {
    const answer = await postRaw('/sign-in/email', text);
    assertRefused(answer, text);
    assert.equal(answer.status, 400, text);
    assert.equal(answer.body.code, 'BAD_REQUEST', text);
    assert.equal(answer.body.message, 'Invalid JSON in request body', text);
  }
});

it('nesting without end', async () => {
  for (const text of ['['.repeat(200_000), '{"a":'.repeat(100_000), `${'['.repeat(200_000)}${']'.repeat(200_000)}`, `{"email":${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}}`, `{"email":${'['.repeat(60)}1${']'.repeat(60)}}`]) {
    assertRefused(await postRaw('/sign-in/email', text), text.slice(0, 20));
  }
});

it('numbers beyond all bounds', async () => {
  for (const number of ['1e999', '-1e999', '-0', '9223372036854775808', '18446744073709551616', '1'.repeat(100_000), `0.${'0'.repeat(100_000)}1`, '0.1e-400', '1e-99999999']) {
    assertRefused(await postRaw('/sign-in/email', `{"email":${number},"password":"x"}`), number.slice(0, 30));
  }
});

describe('text', () => {
  it('that is not UTF-8', async () => {
    for (const bytes of [[0xff], [0xc0, 0xaf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xc3], [0x80]]) {
      const raw = Buffer.concat([Buffer.from(`{"email":"${freshEmail()}","password":"${password}","name":"a`), Buffer.from(bytes), Buffer.from('b"}')]);
      assertNoFault(await postRaw('/sign-up/email', raw), bytes.map((byte) => byte.toString(16)).join(' '));
      const form = Buffer.concat([Buffer.from(`email=${freshEmail()}&password=${password}&name=`), Buffer.from(bytes)]);
      assertNoFault(await auth.post('/sign-up/email', null, { raw: form, headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 'form');
    }
  });

  it('with half a surrogate pair', async () => {
    for (const escape of ['\\ud800', '\\udc00', '\\ud800\\ud800', '\\udc00\\ud800']) {
      assertNoFault(await postRaw('/sign-up/email', `{"email":"${freshEmail()}","password":"${password}","name":"${escape}"}`), escape);
      assertNoFault(await postRaw('/sign-in/email', `{"email":"${freshEmail()}","password":"${password}${escape}"}`), escape);
    }
  });

  it('after a byte order mark', async () => {
    assertNoFault(await postRaw('/sign-in/email', `\ufeff{"email":"${freshEmail()}","password":"x"}`), 'BOM');
  });

  it('with NUL, which PostgreSQL cannot store, is refused and never cut', async () => {
    const user = await signUp(server.base_url);
    const nul = 'a\u0000b';
    for (const [path, body] of [
      ['/sign-up/email', { email: freshEmail(), password, name: nul }],
      ['/sign-up/email', { email: freshEmail(), password, name: 'X', image: nul }],
      ['/sign-up/email', { email: `a\u0000${freshEmail()}`, password, name: 'X' }],
      ['/sign-up/email', { email: freshEmail(), password, name: 'X', callbackURL: `/${nul}` }],
      ['/sign-in/email', { email: `a\u0000${freshEmail()}`, password }],
      ['/sign-in/email', { email: `${user.email}\u0000`, password }],
      ['/sign-in/email', { email: user.email, password, callbackURL: `/${nul}` }],
      ['/sign-in/email', { email: user.email, password: `${password}\u0000` }],
      ['/update-user', { name: nul }],
      ['/update-user', { image: nul }],
    ]) {
      assertRefused(await auth.post(path, body, { jar: path === '/update-user' ? user.jar.copy() : undefined }), `${path} ${JSON.stringify(body)}`);
    }
    assertNoFault(await auth.post('/revoke-session', { token: nul }, { jar: user.jar }), 'revoke-session');
    assert.equal((await auth.get('/get-session', { jar: user.jar })).body.user.name, 'Test User');
  });
});

describe('fields of the wrong type', () => {
  const string = [null, true, 0, 1.5, -1, [], {}, ['x'], { toString: 'x' }, [[]]];
  const optionalString = string;
  const boolean = [null, 0, 1, 'true', '', [], {}, 'no'];
  const valid = () => ({ email: freshEmail(), password, name: 'X' });
  const cases = {
    '/sign-up/email': { name: string, email: [...string, '', 'x'], password: [...string, ''], image: optionalString, callbackURL: optionalString, rememberMe: boolean },
    '/sign-in/email': { email: [...string, '', 'x'], password: string, callbackURL: optionalString, rememberMe: boolean },
    '/revoke-session': { token: string },
  };
  for (const [path, fields] of Object.entries(cases)) {
    for (const [field, values] of Object.entries(fields)) {
      it(`${path} ${field}`, async () => {
        const user = path === '/revoke-session' ? await signUp(server.base_url) : null;
        for (const value of values) {
          const answer = await auth.post(path, { ...valid(), [field]: value }, { jar: user?.jar.copy() });
          assertRefused(answer, JSON.stringify(value));
        }
      });
    }
  }

  it('/update-user name and image', async () => {
    const user = await signUp(server.base_url);
    for (const field of ['name', 'image']) {
      for (const value of string) assertNoFault(await auth.post('/update-user', { [field]: value }, { jar: user.jar.copy() }), `${field} ${JSON.stringify(value)}`);
    }
    const { body } = await auth.get('/get-session', { jar: user.jar });
    assert.equal(typeof body.user.name, 'string');
  });

  it('whole bodies that are no object', async () => {
    const user = await signUp(server.base_url);
    for (const raw of ['null', 'true', '1', '"x"', '[]', '[{}]', '""', '0']) {
      for (const path of ['/sign-up/email', '/sign-in/email', '/revoke-session', '/update-user']) {
        assertRefused(await postRaw(path, raw, { jar: path.startsWith('/sign') ? undefined : user.jar.copy() }), `${path} ${raw}`);
      }
      for (const path of ['/sign-out', '/revoke-other-sessions']) assertNoFault(await postRaw(path, raw, { jar: path === '/sign-out' ? undefined : user.jar.copy() }), `${path} ${raw}`);
    }
  });

  it('long strings', async () => {
    for (const field of ['email', 'name', 'image', 'password', 'callbackURL']) {
      assertNoFault(await auth.post('/sign-up/email', { ...valid(), [field]: 'x'.repeat(500_000) }), field);
    }
  });
});

it('SQL is text like any other', async () => {
  for (const text of ["'; DROP TABLE neon_auth.\"user\"; --", "' OR '1'='1", '" OR ""="', "\\'; SELECT pg_sleep(5); --", '$1', '%s', "E'\\x00'", "1; COPY (SELECT 1) TO PROGRAM 'id'"]) {
    const user = await signUp(server.base_url, { name: text });
    assert.equal(user.user.name, text);
    assertRefused(await auth.post('/sign-in/email', { email: text, password: text }), text);
    assertNoFault(await auth.post('/revoke-session', { token: text }, { jar: user.jar.copy() }), text);
    assertNoFault(await auth.get(`/get-session?disableRefresh=${encodeURIComponent(text)}`, { jar: user.jar.copy() }), text);
  }
});

it('broken percent signs in paths and queries', async () => {
  for (const part of ['%', '%2', '%zz', '%%', '%c0%af', '%ff', '%00', '%ed%a0%80', '%u0041', '%E0%A4%A', '%2', 'a%', '%25zz', '%F5']) {
    for (const path of [`/get-session?disableRefresh=${part}`, `/get-session?${part}=1`, `/error?error=${part}`, `/${part}`, `/sign-in/${part}`]) {
      assertNoFault(await auth.get(path), path);
    }
  }
});
