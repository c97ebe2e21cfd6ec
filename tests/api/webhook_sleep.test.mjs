// A branch that was stopped between two retries is started by the next one.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';
import { startReceiver } from '../support/webhook_receiver.mjs';

const server = await useServer();
const api = managementClient(server);
const receiver = await startReceiver(() => ({ status: 503 }));

it('an event is tried again although its branch was stopped', async () => {
  const body = { enabled: true, webhook_url: receiver.url, enabled_events: ['user.created'], timeout_seconds: 1 };
  assert.equal((await api.updateNeonAuthWebhookConfig(server, { body })).status, 200);
  const { email } = await signUp(server.base_url);
  const attempts = () => receiver.of('user.created', email).map(({ headers }) => headers['x-neon-delivery-attempt']);
  await eventually(() => assert.equal(attempts().length, 3), { within: 20_000, every: 50 });
  await new Promise((resolve) => setTimeout(resolve, 500)); // the third is settled, the fourth some four seconds away
  assert.equal((await api.suspendProjectEndpoint(server)).status, 200);
  assert.equal((await api.getProjectEndpoint(server)).body.endpoint.current_state, 'idle');
  receiver.answer = () => ({ status: 200 });
  await eventually(() => assert.deepEqual(attempts(), ['1', '2', '3', '4']), { within: 20_000, every: 100 });
  assert.equal((await api.getProjectEndpoint(server)).body.endpoint.current_state, 'active');
});
