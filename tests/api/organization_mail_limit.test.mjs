// Invitations are mails to strangers: a mailbox gets five in an hour, whoever invites it to whatever.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { useInbox } from '../support/inbox.mjs';
import { organizationTools } from '../support/organizations.mjs';
import { useServer } from '../support/server.mjs';
import { untilHeard } from '../support/settings.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer({ args: ['--rate-limit'] });
const sql = useDatabase(server);
const { found, invite } = organizationTools(server.base_url);
const inbox = await useInbox(sql);

it('invitations from several organizations share the mailbox\'s allowance; refused ones take nothing of it', async () => {
  await sql(`UPDATE neon_auth.project_config SET plugin_configs = jsonb_set(plugin_configs, '{organization,config,sendInvitationEmail}', 'true')`);
  await untilHeard();
  const [one, two] = [await found(), await found()];
  const email = freshEmail();
  for (let i = 0; i < 8; ++i) assert.equal((await invite(one.owner, two.organization, email)).status, 400);
  for (let i = 0; i < 8; ++i) assert.equal((await invite(one.owner, one.organization, email, 'wizard')).status, 400);
  const statuses = [];
  for (let i = 0; i < 5; ++i) for (const { owner, organization } of [one, two]) statuses.push((await invite(owner, organization, email, 'member', { resend: true })).status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429, 429, 429, 429, 429]);
  await inbox.mail(email);
});
