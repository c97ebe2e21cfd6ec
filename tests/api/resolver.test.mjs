// Names that a branch chose and a name server that lies or is silent: neither leads inside the network nor holds anybody up.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { noOwnResolver, startDns } from '../support/dns.mjs';
import { authClient, request } from '../support/http.mjs';
import { Server } from '../support/server.mjs';
import { freshEmail, password } from '../support/users.mjs';

const dns = noOwnResolver ? null : await startDns();

describe('names', { skip: noOwnResolver }, () => {
  let server;
  let db;
  const trySignUp = (email = freshEmail()) => authClient(server.baseUrl).post('/sign-up/email', { email, password, name: 'X' }, { timeout: 60_000 });
  const setWebhook = async (webhookUrl, more = {}) => {
    await db.query('UPDATE neon_auth.project_config SET webhook_config = $1', [JSON.stringify({ enabled: true, webhookUrl, enabledEvents: ['user.before_create'], timeoutSeconds: 5, ...more })]);
    await new Promise((resolve) => setTimeout(resolve, 200));
  };

  before(async () => {
    server = await Server.start({ program: dns.program, args: ['--outbound-allow', ''] });
    db = await connect(server.panel.connection_uri);
  });
  after(async () => {
    await db?.end();
    await server?.stop();
  });

  it('F-26, S158: that turn into internal addresses between two look-ups, or are both at once, are not connected', async () => {
    let connections = 0;
    const trap = net.createServer((socket) => (++connections, socket.destroy()));
    await new Promise((resolve) => trap.listen(0, '0.0.0.0', resolve));
    const { port } = trap.address();
    const answers = {
      'inside.example.com': () => ['127.0.0.1'],
      'rebind.example.com': (count) => [count === 1 ? '203.0.113.1' : '127.0.0.1'],
      'both.example.com': () => ['203.0.113.1', '127.0.0.1', '10.0.0.1'],
      'metadata.example.com': () => ['169.254.169.254'],
      'zero.example.com': () => ['0.0.0.0'],
    };
    dns.answer = (name, count) => answers[name]?.(count) ?? [];
    for (const name of Object.keys(answers)) {
      await setWebhook(`https://${name}:${port}/hook`);
      for (let i = 0; i < 2; i++) assert.equal((await trySignUp()).status, 502, name);
      assert.ok(dns.asked.includes(name), `${name} was not looked up`);
    }
    trap.close();
    assert.equal(connections, 0);
  });

  it('F-27: that nobody resolves fail their own requests in time, and hold up no other', async () => {
    dns.answer = (name) => (name.endsWith('example.com') ? null : []);
    await setWebhook('https://silent.example.com/hook');
    const started = performance.now();
    const waiting = Promise.all(Array.from({ length: 16 }, () => trySignUp()));
    let slowest = 0;
    let done = false;
    waiting.then(() => (done = true));
    while (!done) {
      const begun = performance.now();
      assert.equal((await request(`${server.baseUrl}/get-session`)).text, 'null');
      slowest = Math.max(slowest, performance.now() - begun);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const took = performance.now() - started;
    for (const { status } of await waiting) assert.equal(status, 502);
    assert.ok(took > 2000 && dns.asked.includes('silent.example.com'), 'the name server was asked and waited for');
    assert.ok(slowest < took / 2, `get-session took ${slowest.toFixed(0)} ms`);
    assert.ok(took < 20_000, `the requests took ${took.toFixed(0)} ms`);

    await setWebhook('', { enabled: false });
    assert.equal((await trySignUp()).status, 200);
    assert.equal((await request(`${server.origin}/health/ready`)).status, 200);
  });
});
