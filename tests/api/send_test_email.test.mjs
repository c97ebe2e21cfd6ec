// The management API's test mail: a mail server tried before it is saved.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { request } from '../support/http.mjs';
import { assertContract } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';
import { freePort, refusal, startSmtp } from '../support/smtp.mjs';

const server = await useServer();
const sql = useDatabase(server);
const path = `${server.management_url}/projects/${server.project_id}/branches/${server.branch_id}/auth`;
const headers = { authorization: `Bearer ${server.api_key}` };
const mailServer = (port, more = {}) => ({ host: '127.0.0.1', port, username: '', password: '', sender_email: 'auth@shop.test', sender_name: 'Shop', ...more });

async function sendTest(body) {
  const answer = await request(`${path}/send_test_email`, { method: 'POST', headers, body: { recipient_email: 'ops@example.test', ...body } });
  assertContract('sendNeonAuthTestEmail', answer);
  return answer;
}

it('arrives, once', async () => {
  const smtp = await startSmtp();
  assert.deepEqual((await sendTest(mailServer(smtp.port))).body, { success: true });
  const { parsed } = await smtp.only('ops@example.test');
  assert.deepEqual(parsed.from.value, [{ address: 'auth@shop.test', name: 'Shop' }]);
});

it("tells the server's own words, and why there was none", async () => {
  const refusing = await startSmtp({ onRcpt: () => { throw refusal(550, 'mailbox unavailable'); } });
  const refused = (await sendTest(mailServer(refusing.port))).body;
  assert.equal(refused.success, false);
  assert.match(refused.error_message, /^550 .*mailbox unavailable/);
  const down = (await sendTest(mailServer(await freePort()))).body;
  assert.equal(down.success, false);
  assert.ok(down.error_message.length > 5);
});

it('S175: does not connect inside the network, and says no more than that', async () => {
  for (const host of ['10.0.0.1', '169.254.169.254', '[::ffff:10.0.0.1]']) {
    const started = Date.now();
    const { body } = await sendTest(mailServer(25, { host }));
    assert.equal(body.success, false);
    assert.match(body.error_message, /not allowed/);
    assert.ok(Date.now() - started < 1000);
  }
});

it('the mask stands for the stored password, towards the stored server only', async () => {
  const users = { mailer: 'stored-password' };
  const smtp = await startSmtp({ users, allowInsecureAuth: true });
  const other = await startSmtp({ users, allowInsecureAuth: true });
  const stored = await request(`${path}/email_provider`, { method: 'PATCH', headers, body: { type: 'standard', ...mailServer(smtp.port, { username: 'mailer', password: users.mailer }) } });
  assert.equal(stored.status, 200, stored.text);
  assert.equal((await sendTest(mailServer(smtp.port, { username: 'mailer', password: '********' }))).body.success, true);
  assert.equal(smtp.logins[0].password, users.mailer);
  const elsewhere = await sendTest(mailServer(other.port, { username: 'mailer', password: '********' }));
  assert.equal(elsewhere.status, 400);
  assert.deepEqual(other.logins, []);
  await sql(`UPDATE neon_auth.project_config SET email_provider = '{"type":"shared"}'`);
});

it('S175: a malformed request names the field, and many are too many', async () => {
  for (const [name, value] of [['host', 'a b'], ['host', 'x/y'], ['port', 0], ['port', 70000], ['sender_email', 'nobody'], ['recipient_email', 'a@b\r\nRCPT TO:<x@y.zz>'], ['password', 7]]) {
    const answer = await sendTest(mailServer(25, { [name]: value }));
    assert.equal(answer.status, 400, `${name}: ${answer.text}`);
    assert.ok(answer.body.message.includes(name), answer.text);
  }
  const port = await freePort();
  const statuses = new Set();
  for (let i = 0; i < 35; i += 1) statuses.add((await sendTest(mailServer(port))).status);
  assert.ok(statuses.has(429));
});
