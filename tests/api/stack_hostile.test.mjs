// Every route of the legacy provider, as src/stack lists them, against input that nobody sends by accident: answered with a refusal in a form
// that the SDKs know, never with a fault, and never with what belongs to somebody else.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createIntegration, legacyClient, signUp } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const source = fileURLToPath(new URL('../../src/stack', import.meta.url));
const routes = fs.readdirSync(source, { recursive: true }).filter((name) => name.endsWith('.cpp'))
  .flatMap((name) => [...fs.readFileSync(path.join(source, name), 'utf8').matchAll(/Method::(\w+), "(\/[^"]*)"(?:[^}]*LegacyAccess::(\w+))?/g)])
  .map(([, method, at, access]) => ({ method: method.replace('_', '').toUpperCase(), path: at, access: access ?? 'client' }));

const json = { 'content-type': 'application/json' };
const members = ['email', 'password', 'old_password', 'new_password', 'callback_url', 'code', 'user_id', 'team_id', 'type', 'value', 'used_for_auth', 'is_primary', 'display_name',
  'profile_image_url', 'client_metadata', 'server_metadata', 'selected_team_id', 'primary_email', 'password_hash', 'expires_in_millis', 'creator_user_id', 'scope',
  'grant_type', 'refresh_token', 'client_id', 'client_secret', 'redirect_uri', 'code_verifier', 'verification_callback_url', 'oauth_providers'];
const all = (value) => JSON.stringify(Object.fromEntries(members.map((name) => [name, value])));
const bodies = [
  ['', {}], ['', json], ['{', json], ['[]', json], ['null', json], ['1e999', json], ['"x"', json], ['{"nobody_knows":1}', json], ['{"__proto__":{"x":1}}', json],
  [`${'['.repeat(5000)}`, json], [`{"code":"${'x'.repeat(80_000)}"}`, json], [all(1), json], [all(null), json], [all('a\u0000b'), json], [all(['x']), json], [all({ $ne: '' }), json],
  [all(''), json], [all('x'.repeat(1000)), json], [all(crypto.randomUUID()), json], [Buffer.from([0x7b, 0x22, 0xff, 0xfe]), json], ['a=1&a=2', json],
  ['grant_type=%00&refresh_token=%ff', { 'content-type': 'application/x-www-form-urlencoded' }], [members.map((name) => `${name}=%00`).join('&'), { 'content-type': 'application/x-www-form-urlencoded' }],
  ['{}', { 'content-type': 'text/plain' }], ['--x', { 'content-type': 'multipart/form-data; boundary=x' }],
];
const names = ['x', '%00', '%ff', '%', 'a'.repeat(600), '%27%20OR%201%3D1', '..%2f..%2fusers', 'me', 'ME', crypto.randomUUID(), crypto.randomUUID().toUpperCase(), '00000000-0000-0000-0000-000000000000'];
const queries = ['', '?', '?%', '?user_id=%00', '?user_id=%ff&team_id=%ff', '?user_id=x', `?user_id=${crypto.randomUUID()}`, `?team_id=${crypto.randomUUID()}`, '?limit=1e9&cursor=x', '?nobody=knows',
  `?query=${'a'.repeat(600)}`, '?state=%00&code=%00&error=%00', `?client_id=%00&redirect_uri=%ff&state=${'x'.repeat(3000)}`, '?user_id=me&user_id=x'];

const server = await useServer();
let app, other, backend, client, victim, team;
const person = () => signUp(client, freshEmail());

before(async () => {
  [app, other] = [await createIntegration(server), await createIntegration(server, { name: 'Other' })];
  [client, backend] = [legacyClient(app), legacyClient(app, { access: 'server' })];
  victim = await person();
  team = (await backend.post('/teams', { display_name: 'Theirs', creator_user_id: victim.id })).body;
});

function assertCivil(answer, what) {
  assert.ok(answer.status >= 200 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  if (answer.status < 400) return;
  const code = answer.headers['x-stack-known-error'];
  const known = answer.headers['content-type'] === 'application/json; charset=utf-8' && code && code === answer.body?.code && typeof answer.body.error === 'string';
  const page = answer.headers['content-type']?.startsWith('text/plain') && code === undefined && answer.text.length > 0;
  assert.ok(known || page, `${what}: ${answer.status} ${answer.headers['content-type']} ${code} ${answer.text.slice(0, 300)}`);
  assert.doesNotMatch(answer.text, /stack_auth\.|SELECT |pg_|\/src\//, what);
}

describe('every route', () => {
  it('is found in the sources', () => {
    assert.ok(routes.length > 55, `${routes.length} routes`);
    for (const known of ['/users/{user_id}', '/auth/oauth/token', '/team-invitations/{id}/accept', '/']) assert.ok(routes.some((route) => route.path === known), known);
  });

  for (const { method, path: at } of routes) {
    it(`${method} ${at} refuses what makes no sense`, async () => {
      const user = await person(); // one that may be lost: routes sign out and delete
      const callers = { open: legacyClient(app, { access: 'admin' }), client, user: client.as(user.accessToken), server: backend, foreign: legacyClient(other).as(user.accessToken) };
      const fill = (name) => at.replace(/\{\w+\}/g, name);
      const places = at.includes('{') ? names.map((name) => fill(name)) : [at];
      for (const [caller, { send }] of Object.entries(callers)) {
        const ask = async (place, options = {}) => assertCivil(await send(method, place, undefined, options), `${caller} ${method} ${place.slice(0, 200)} ${String(options.raw).slice(0, 200)}`);
        if (['open', 'foreign'].includes(caller)) {
          await ask(places[0]); // they get no further than the door
          continue;
        }
        for (const place of places) await ask(place);
        for (const query of queries) await ask(fill(crypto.randomUUID()) + query);
        if (method !== 'GET') for (const [raw, type] of bodies) await ask(fill(crypto.randomUUID()), { raw, headers: type });
      }
    });
  }
});

// Bodies that are right, to be spoiled one member at a time.
const uuid = crypto.randomUUID();
const link = 'http://localhost:3000/x';
const right = {
  'POST /users': { display_name: 'x', primary_email: freshEmail(), password: 'correct-horse-9', client_metadata: {}, oauth_providers: [{ id: 'google', account_id: uuid }] },
  'PATCH /users/{user_id}': { display_name: 'x', server_metadata: {}, primary_email: freshEmail(), selected_team_id: uuid, otp_auth_enabled: true },
  'PATCH /users/me': { display_name: 'x', client_metadata: [], profile_image_url: link, primary_email: freshEmail(), selected_team_id: uuid },
  'POST /auth/sessions': { user_id: uuid, expires_in_millis: 1000, is_impersonation: true },
  'POST /auth/password/sign-up': { email: freshEmail(), password: 'correct-horse-9', verification_callback_url: link },
  'POST /auth/password/sign-in': { email: freshEmail(), password: 'correct-horse-9' },
  'POST /auth/password/update': { old_password: 'correct-horse-9', new_password: 'correct-horse-8' },
  'POST /auth/password/set': { password: 'correct-horse-9' },
  'POST /auth/password/send-reset-code': { email: freshEmail(), callback_url: link },
  'POST /auth/password/reset': { code: 'a'.repeat(45), password: 'correct-horse-9' },
  'POST /auth/oauth/token': { grant_type: 'refresh_token', refresh_token: 'a'.repeat(45), client_id: uuid, client_secret: 'x' },
  'POST /auth/otp/send-sign-in-code': { email: freshEmail(), callback_url: link },
  'POST /auth/otp/sign-in': { code: 'a'.repeat(45) },
  'POST /connected-accounts/{user_id}/{provider_id}/access-token': { scope: 'x' },
  'POST /connected-accounts/{user_id}/{provider_id}/{account_id}/access-token': { scope: 'x' },
  'POST /contact-channels': { user_id: 'me', type: 'email', value: freshEmail(), used_for_auth: true, is_primary: false },
  'PATCH /contact-channels/{user_id}/{contact_channel_id}': { value: freshEmail(), used_for_auth: true, is_primary: true },
  'POST /contact-channels/{user_id}/{contact_channel_id}/send-verification-code': { callback_url: link },
  'POST /contact-channels/send-verification-code': { email: freshEmail(), callback_url: link },
  'POST /contact-channels/verify': { code: 'a'.repeat(45) },
  'POST /teams': { display_name: 'x', profile_image_url: link, client_metadata: {}, creator_user_id: 'me' },
  'PATCH /teams/{team_id}': { display_name: 'x', profile_image_url: link, client_metadata: 'x' },
  'PATCH /team-member-profiles/{team_id}/{user_id}': { display_name: 'x', profile_image_url: link },
  'POST /team-invitations/send-code': { team_id: uuid, email: freshEmail(), callback_url: link },
  'POST /team-invitations/accept': { code: 'a'.repeat(45) },
};
const spoiled = ['null', 'true', '-1', '1e400', '99999999999999999999', '""', '" "', '"\\u0000"', '"\\ud800"', '"\\u202e"', '"${x}{{url}}<b>"', '"a@b.c\\r\\nBcc: d@e.f"', '[]', '[null]', '{}',
  '{"a":{"b":"\\u0000"}}', JSON.stringify('\u{1f600}'.repeat(300)), JSON.stringify('x'.repeat(60_000)), JSON.stringify(`https://x.example/${'a'.repeat(3000)}`), `${'['.repeat(40)}${']'.repeat(40)}`];

describe('a right body with one wrong member', () => {
  it('is known for each route that takes one', () => {
    const bare = /check-code$|^DELETE|details$|\/accept$|refresh$|anonymous|team-memberships|team-permissions|callback|\/batch$|check-feature/;
    const taking = routes.filter(({ method }) => method !== 'GET').map(({ method, path: at }) => `${method} ${at}`);
    assert.deepEqual(taking.filter((route) => !right[route] && !bare.test(route)), []);
    assert.deepEqual(Object.keys(right).filter((route) => !taking.includes(route)), []);
  });

  for (const [route, body] of Object.entries(right)) {
    it(`is refused or harmless: ${route}`, async () => {
      const [method, at] = route.split(' ');
      const user = await person();
      const own = (await backend.post('/teams', { display_name: 'Own', creator_user_id: user.id })).body.id;
      const channel = (await backend.get(`/contact-channels?user_id=${user.id}`)).body.items[0].id;
      const place = at.replace('{team_id}', own).replace('{contact_channel_id}', channel).replace('{provider_id}', 'google').replace('{user_id}', user.id);
      for (const name of Object.keys(body)) {
        for (const value of spoiled) {
          const raw = `{${Object.entries(body).map(([key, fine]) => `${JSON.stringify(key)}:${key === name ? value : JSON.stringify(fine === uuid && key === 'team_id' ? own : fine)}`)}}`;
          for (const caller of [client.as(user.accessToken), backend]) assertCivil(await caller.send(method, place, undefined, { raw, headers: json }), `${route} ${raw.slice(0, 400)}`);
        }
      }
    });
  }
});

describe('what belongs to another user', () => {
  for (const { method, path: at, access } of routes.filter((route) => /\{(user|team)_id\}/.test(route.path))) {
    it(`is not reached by ${method} ${at}`, async () => {
      const user = await person();
      const place = at.replace('{user_id}', victim.id).replace('{team_id}', team.id).replace(/\{\w+\}/g, victim.id);
      const answer = await client.as(user.accessToken).send(method, place, method === 'GET' ? undefined : {});
      assertCivil(answer, `${method} ${place}`);
      assert.ok(answer.status >= 400, `${method} ${place} (${access}): ${answer.status} ${answer.text}`);
      assert.ok(!answer.text.includes(victim.email) && !answer.text.includes('Theirs'), answer.text);
    });
  }

  it('is not listed by a query', async () => {
    const own = client.as((await person()).accessToken);
    for (const list of ['/teams', '/contact-channels', '/auth/sessions', '/team-permissions', '/project-permissions', '/team-invitations', '/team-member-profiles', '/users']) {
      const answers = [await own.get(`${list}?user_id=${victim.id}`), ...(/team/.test(list) ? [await own.get(`${list}?team_id=${team.id}`)] : [])];
      for (const answer of answers) assert.ok(answer.status >= 400, `${list}: ${answer.text}`);
    }
  });
});
