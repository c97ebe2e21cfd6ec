// An event that was committed is told although the program was killed before, or while, it was sent: with one id, and signed.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { authClient } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { extensionClient } from '../support/extension.mjs';
import { descendantsOf, killAll, mentioning } from '../support/processes.mjs';
import { Server, newDataDir, removeDataDir } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';
import { startReceiver, verifies } from '../support/webhook_receiver.mjs';

const dataDir = newDataDir();
after(() => {
  killAll(mentioning(dataDir)); // Only what a failed test left behind.
  removeDataDir(dataDir);
});

it('killed between commit and answer, it tells each event after the next start', async () => {
  const receiver = await startReceiver(() => null); // takes requests and never answers
  const first = await Server.start({ dataDir });
  const body = { enabled: true, webhook_url: receiver.url, enabled_events: ['user.created'], timeout_seconds: 10 };
  assert.equal((await managementClient(first.panel).updateNeonAuthWebhookConfig(first.panel, { body })).status, 200);
  const users = [];
  for (let i = 0; i < 4; i++) users.push(await signUp(first.baseUrl));
  await Promise.all([first.kill(), killAll(descendantsOf(first.child.pid))]);
  // What the killed program had sent is still on its way for a moment.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = receiver.deliveries.length;
  receiver.answer = () => ({ status: 200 });

  const second = await Server.start({ dataDir });
  try {
    await authClient(second.baseUrl).get('/ok');
    // Those whose attempt was under way wait until their claim of a minute has run out.
    const told = () => receiver.deliveries.slice(before);
    await eventually(() => assert.deepEqual(new Set(told().map((one) => one.body.user.id)), new Set(users.map(({ id }) => id))), { within: 100_000, every: 200 });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.equal(told().length, users.length);
    for (const one of told()) {
      assert.ok(await verifies(second.panel.jwks_url, one));
      const earlier = receiver.deliveries.slice(0, before).find(({ body: sent }) => sent.user.id === one.body.user.id);
      if (earlier) assert.deepEqual([one.body.event_id, one.raw], [earlier.body.event_id, earlier.raw]);
    }
    const call = await extensionClient(second.panel);
    const { deliveries } = (await call('GET', '/webhooks/deliveries', { query: { event_type: 'user.created' } })).body;
    assert.deepEqual(deliveries.map(({ status }) => status), users.map(() => 'delivered'));
  } finally {
    await second.stop();
  }
});
