// A mail that was promised goes out although the program was killed in between, and goes out once.
import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { eventually } from '../support/eventually.mjs';
import { authClient } from '../support/http.mjs';
import { descendantsOf, killAll, mentioning } from '../support/processes.mjs';
import { Server, newDataDir, removeDataDir } from '../support/server.mjs';
import { untilHeard } from '../support/settings.mjs';
import { freePort, startSmtp } from '../support/smtp.mjs';
import { freshEmail } from '../support/users.mjs';

const dataDir = newDataDir();
after(() => {
  killAll(mentioning(dataDir)); // Only what a failed test left behind.
  removeDataDir(dataDir);
});

it('killed with mails waiting, it sends each of them once after the next start', async () => {
  const port = await freePort();
  const first = await Server.start({ dataDir });
  const db = await connect(first.panel.connection_uri);
  await db.query('UPDATE neon_auth.project_config SET email_provider = $1', [
    JSON.stringify({ type: 'standard', host: '127.0.0.1', port, senderEmail: 'auth@shop.test', senderName: 'Shop' }),
  ]);
  await untilHeard();
  const emails = Array.from({ length: 5 }, () => freshEmail());
  for (const email of emails) {
    assert.equal((await authClient(first.baseUrl).post('/email-otp/send-verification-otp', { email, type: 'sign-in' })).status, 200);
  }
  assert.equal((await db.query('SELECT FROM neon_auth.argonauth_mail')).rowCount, emails.length);
  await Promise.all([first.kill(), killAll(descendantsOf(first.child.pid))]);

  // One whose attempt was under way when the program was killed waits until its claim of 90 seconds has run out.
  const smtp = await startSmtp({ port });
  const second = await Server.start({ dataDir });
  try {
    await authClient(second.baseUrl).get('/ok');
    await eventually(() => assert.equal(smtp.mails.length, emails.length), { within: 110_000, every: 100 });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.deepEqual(emails.map((email) => smtp.to(email).length), emails.map(() => 1));
  } finally {
    await second.stop();
  }
});
