// One port, one server: who starts a second one is told, instead of being given every other request of the first.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { request } from '../support/http.mjs';
import { Node } from '../support/node.mjs';
import { Postgres } from '../support/postgres.mjs';
import { Server } from '../support/server.mjs';

const portOf = (url) => Number(new URL(url).port);

describe('argonauth dev', () => {
  let first;
  before(async () => (first = await Server.start()));
  after(() => first.stop());

  it('does not start on the port of another', async () => {
    const port = portOf(first.origin);
    const begun = Server.start({ port });
    begun.then((second) => second.kill(), () => {});
    await assert.rejects(begun, new RegExp(`ended before it was ready \\(1\\)\\nargonauth: cannot listen on 127.0.0.1:${port}: Address already in use. Choose another one with --host and --port.\\n$`));
    for (let i = 0; i < 10; i++) assert.equal((await request(`${first.baseUrl}/ok`)).status, 200);
  });

  it('does not start on the port of another program', async () => {
    const taken = net.createServer();
    await new Promise((resolve) => taken.listen(0, '127.0.0.1', resolve));
    try {
      const begun = Server.start({ port: taken.address().port });
      begun.then((second) => second.kill(), () => {});
      await assert.rejects(begun, /Address already in use/);
    } finally {
      taken.close();
    }
  });

  it('of two that begin in one moment one gets the port', async () => {
    const probe = net.createServer();
    await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    const both = await Promise.allSettled([Server.start({ port }), Server.start({ port })]);
    const started = both.filter(({ status }) => status === 'fulfilled').map(({ value }) => value);
    await Promise.all(started.map((server) => server.stop()));
    assert.equal(started.length, 1);
    assert.match(both.find(({ status }) => status === 'rejected').reason.message, /Address already in use/);
  });
});

describe('argonauth serve', () => {
  let control;
  const nodes = [];
  const masterKey = crypto.randomBytes(32).toString('base64url');
  const start = async ({ port, args } = {}) => {
    const node = await Node.start({ env: { ARGONAUTH_DATABASE_URL: control.uri(), ARGONAUTH_MASTER_KEY: masterKey }, port, args });
    nodes.push(node);
    return node;
  };
  before(async () => (control = await Postgres.create()));
  after(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await control.remove();
  });

  it('does not start on the port of another, unless both are told to share it', async () => {
    const alone = await start();
    await assert.rejects(start({ port: portOf(alone.public_url) }), /Address already in use. Choose another one/);
    const former = await start({ args: ['--share-port'] });
    const port = portOf(former.public_url);
    await assert.rejects(start({ port }), /Address already in use/);
    const next = await start({ port, args: ['--share-port'] });
    await former.stop();
    for (let i = 0; i < 10; i++) assert.equal((await request(`${next.public_url}/health/ready`)).status, 200);
  });

  it('F-04: is replaced by another that shares its port, while new connections come without end', async () => {
    let node = await start({ args: ['--share-port'] });
    const port = portOf(node.public_url);
    const answers = {};
    let over = false;
    const ask = () =>
      new Promise((resolve) => {
        const asked = http.get({ host: '127.0.0.1', port, path: '/health/live', agent: false }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode)));
        asked.on('error', (error) => resolve(error.code));
      });
    const client = async () => {
      while (!over) {
        const answer = await ask();
        answers[answer] = (answers[answer] ?? 0) + 1;
      }
    };
    const clients = Array.from({ length: 16 }, client);
    for (let i = 0; i < 4; i++) {
      const next = await start({ port, args: ['--share-port'] });
      await node.stop();
      node = next;
    }
    over = true;
    await Promise.all(clients);
    // Linux resets what arrives between the last look into the queue and its end, a few microseconds later.
    const { 200: good, ECONNRESET: reset = 0, ...other } = answers;
    assert.ok(good > 100 && reset <= 2 && Object.keys(other).length === 0, JSON.stringify(answers));
  });
});
