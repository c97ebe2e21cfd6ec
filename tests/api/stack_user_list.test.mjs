// GET /users of a project with many users: whole, right, and without the server holding the answer.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import { before, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { createIntegration, legacyClient } from '../support/legacy_app.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const many = 2_500;
const metadata = 'x'.repeat(20_000); // 50 MB in all: far more than sockets buffer
let app, backend, sql, ids;

before(async () => {
  app = await createIntegration(server);
  backend = legacyClient(app, { access: 'server' });
  sql = useDatabase(app);
});

const list = async (query = '') => {
  const answer = await fetch(`${server.origin}/api/v1/users${query}`, { headers: backend.headers });
  assert.equal(answer.status, 200);
  const { items, is_paginated, pagination } = await answer.json();
  assert.equal(is_paginated, true);
  return { ids: items.map(({ id }) => id), items, next: pagination.next_cursor };
};
const memory = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${server.process.child.pid}/status`, 'utf8'))[1]) * 1024;

/** The request on a socket of one's own that is not read until `read` is called. */
function ask(version = 'HTTP/1.1') {
  const { hostname, port } = new URL(server.origin);
  const socket = net.connect(Number(port), hostname).pause();
  const fields = Object.entries({ host: `${hostname}:${port}`, ...backend.headers }).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`GET /api/v1/users ${version}\r\n${fields}\r\n`);
  const read = () => new Promise((resolve, reject) => {
    const parts = [];
    const end = () => resolve(Buffer.concat(parts).toString());
    socket.on('data', (part) => {
      parts.push(part);
      if (Buffer.concat(parts.slice(-2)).toString().endsWith('\r\n0\r\n\r\n')) end();
    }).on('end', end).on('error', reject).resume();
  }).finally(() => socket.destroy());
  return { socket, read };
}

describe('the list of users', () => {
  before(async () => {
    await sql(`INSERT INTO stack_auth."user" (id, display_name, server_metadata, signed_up_at, last_active_at)
               SELECT gen_random_uuid(), 'User ' || i, to_jsonb($2::text), now() - i * interval '1 minute', now() - i * interval '1 hour'
                 FROM generate_series(1, $1::int) i`, [many, metadata]);
    ids = (await sql('SELECT id FROM stack_auth."user" ORDER BY signed_up_at, id')).map(({ id }) => id);
  });

  it('lists everybody when no limit is given', async () => {
    const all = await list();
    assert.deepEqual([all.ids, all.next], [ids, null]);
    assert.equal(all.items[0].server_metadata, metadata);
    assert.deepEqual((await list('?desc=true')).ids, [...ids].reverse());
  });

  it('takes any limit, and names the first user behind it', async () => {
    for (const limit of [1, 199, 200, 201, 2_499]) {
      const page = await list(`?limit=${limit}`);
      assert.deepEqual([page.ids, page.next], [ids.slice(0, limit), ids[limit]]);
      const rest = await list(`?cursor=${page.next}`);
      assert.deepEqual([rest.ids, rest.next], [ids.slice(limit), null]);
    }
    for (const limit of ['2500', '100000', '9'.repeat(40)]) assert.deepEqual((await list(`?limit=${limit}`)).next, null);
    assert.deepEqual((await list('?query=user%2042&limit=3')).items.map(({ display_name: name }) => name), ['User 429', 'User 428', 'User 427']);
    assert.deepEqual((await list(`?cursor=${app.projectId}`)).ids, []);
  });

  it('goes on where a user is deleted while the list is read', async () => {
    const { socket, read } = ask();
    await new Promise((resolve) => socket.once('readable', resolve));
    await sql('DELETE FROM stack_auth."user" WHERE id = ANY ($1)', [ids.slice(-2)]);
    const text = await read();
    ids = ids.slice(0, -2);
    assert.deepEqual([...text.matchAll(/\{"id": "([0-9a-f-]{36})"/g)].map(([, id]) => id), ids);
    assert.deepEqual((await list()).ids, ids);
  });

  it('is held by the server a part at a time, however slowly it is read', async () => {
    const before = memory();
    const asked = Array.from({ length: 10 }, () => ask());
    await Promise.all(asked.map(({ socket }) => new Promise((resolve) => socket.once('readable', resolve))));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const grown = memory() - before;
    for (const { socket } of asked) socket.destroy();
    assert.ok(grown < 150_000_000, `ten answers of 50 MB took ${grown} bytes`);
    assert.equal((await backend.get(`/users/${ids[0]}`)).status, 200);
  });

  it('reaches clients of HTTP/1.0, whose answer ends with the connection', async () => {
    const [head, body] = (await ask('HTTP/1.0').read()).split(/\r\n\r\n(.*)/s);
    assert.doesNotMatch(head, /transfer-encoding|content-length/i);
    assert.match(head, /connection: close/i);
    assert.equal(JSON.parse(body).items.length, ids.length);
  });

  it('breaks off where the database fails, so that no part is taken for the whole', async () => {
    const { socket, read } = ask();
    await new Promise((resolve) => socket.once('readable', resolve));
    await sql('ALTER TABLE stack_auth.contact_channel RENAME TO hidden');
    try {
      const text = await read();
      assert.match(text, /^HTTP\/1.1 200/);
      assert.doesNotMatch(text, /\r\n0\r\n/);
      assert.doesNotMatch(text, /relation|stack_auth\./);
    } finally {
      await sql('ALTER TABLE stack_auth.hidden RENAME TO contact_channel');
    }
    assert.equal((await list()).ids.length, ids.length);
  });
});
