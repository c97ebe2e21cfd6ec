// GET /teams of a project with more teams than one part of the answer holds: whole, right, in pages, and for those who may see them.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { createIntegration, legacyClient, legacyPassword } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const many = 10_400;
let app, backend, sql, ids, user, client;

before(async () => {
  app = await createIntegration(server);
  backend = legacyClient(app, { access: 'server' });
  sql = useDatabase(app);
  await sql(`INSERT INTO stack_auth.team (display_name, server_metadata, created_at)
             SELECT 'Team ' || i, '{"secret": 1}', now() - (i / 2) * interval '1 minute' FROM generate_series(1, $1::int) i`, [many]);
  ids = (await sql('SELECT id FROM stack_auth.team ORDER BY created_at, id')).map(({ id }) => id);
  user = (await backend.post('/users', { primary_email: freshEmail(), password: legacyPassword, primary_email_auth_enabled: true })).body;
  await sql(`INSERT INTO stack_auth.team_member (team_id, user_id, created_at) SELECT id, $1, now() FROM stack_auth.team WHERE display_name LIKE 'Team %7'`, [user.id]);
  const { access_token: token } = (await backend.post('/auth/sessions', { user_id: user.id })).body;
  client = legacyClient(app, { token });
});

const list = async (query = '', from = backend) => {
  const { status, body, text } = await from.get(`/teams${query}`);
  assert.equal(status, 200, text.slice(0, 300));
  assert.equal(body.is_paginated, true);
  return { ids: body.items.map(({ id }) => id), items: body.items, next: body.pagination.next_cursor };
};

describe('the list of teams', () => {
  it('lists all of them when no limit is given', async () => {
    const all = await list();
    assert.deepEqual([all.ids, all.next], [ids, null]);
    assert.deepEqual(all.items[0].server_metadata, { secret: 1 });
    assert.deepEqual((await list('?desc=true&order_by=created_at')).ids, [...ids].reverse());
  });

  it('takes any limit, and names the first team behind it', async () => {
    for (const limit of [1, 199, 200, 201, 10_399]) {
      const page = await list(`?limit=${limit}`);
      assert.deepEqual([page.ids, page.next], [ids.slice(0, limit), ids[limit]]);
      const rest = await list(`?cursor=${page.next}`);
      assert.deepEqual([rest.ids, rest.next], [ids.slice(limit), null]);
    }
    assert.equal((await list(`?limit=${'9'.repeat(40)}`)).next, null);
    const back = await list(`?desc=true&limit=3&cursor=${ids[5]}`);
    assert.deepEqual([back.ids, back.next], [[ids[5], ids[4], ids[3]], ids[2]]);
  });

  it('searches names, and takes an id', async () => {
    assert.equal((await list('?query=TEAM%20104')).ids.length, 12);
    assert.deepEqual((await list(`?query=${ids[7].toUpperCase()}`)).ids, [ids[7]]);
    assert.deepEqual((await list('?query=%25')).ids, []);
  });

  it('shows users their own, as clients see them', async () => {
    const expected = (await list(`?user_id=${user.id}`)).ids;
    assert.equal(expected.length, many / 10);
    const own = await list('?user_id=me', client);
    assert.deepEqual(own.ids, expected);
    assert.ok(own.items.every((team) => !('server_metadata' in team) && !('created_at_millis' in team)));
    assert.equal((await list('?user_id=me&limit=5', client)).next, expected[5]);
    assert.equal((await client.get('/teams')).status, 403);
    assert.deepEqual((await list(`?user_id=${crypto.randomUUID()}`)).ids, []);
  });

  it('refuses what makes no sense', async () => {
    for (const query of ['limit=0', 'limit=-1', 'limit=x', 'cursor=x', 'order_by=name', 'desc=yes', 'nobody=knows', 'query=%00']) {
      assert.equal((await backend.get(`/teams?${query}`)).status, 400, query);
    }
    const gone = await backend.get(`/teams?cursor=${crypto.randomUUID()}`);
    assert.deepEqual([gone.status, gone.body.code], [400, 'SCHEMA_ERROR']);
  });

  it('is what the SDK reads in pages', async () => {
    const { StackServerApp } = await import('stackframe-js-2-8-108');
    const sdk = new StackServerApp({ baseUrl: server.origin, projectId: app.projectId, publishableClientKey: app.publishableKey, secretServerKey: app.secretKey, tokenStore: 'memory', urls: { handler: '/handler' } });
    const first = await sdk.listTeams({ limit: 2, orderBy: 'createdAt', desc: false });
    assert.deepEqual([first.map(({ id }) => id), first.nextCursor], [ids.slice(0, 2), ids[2]]);
    const second = await sdk.listTeams({ limit: 2, cursor: first.nextCursor });
    assert.deepEqual(second.map(({ id }) => id), ids.slice(2, 4));
  });
});
