// The audit trail: who changed what with an API key or an administrator's rights, when and from where; and no secret in it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { useDatabase } from '../support/db.mjs';
import { authClient, request } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { newDataDir, removeDataDir, useServer } from '../support/server.mjs';
import { password, signUp } from '../support/users.mjs';

const dataDir = newDataDir();
after(() => removeDataDir(dataDir));
const server = await useServer({ dataDir, args: ['--trusted-proxies', '127.0.0.1'] });
const sql = useDatabase(server);
const api = managementClient(server);
const client = authClient(server.base_url);
const ids = { project_id: server.project_id, branch_id: server.branch_id };

/** SQL in the control database, by the socket that the data directory names. */
async function control(text, values) {
  const parts = [...fs.readFileSync(path.join(dataDir, 'control.conninfo'), 'utf8').matchAll(/(\w+)=('[^']*'|\S+)/g)];
  const { host, port, user, dbname } = Object.fromEntries(parts.map(([, key, value]) => [key, value.replaceAll("'", '')]));
  const connection = new pg.Client({ host, port: Number(port), user, database: dbname });
  await connection.connect();
  try {
    return (await connection.query(text, values)).rows;
  } finally {
    await connection.end();
  }
}
const trail = (since) => control('SELECT *, id::int AS id FROM argonauth.audit WHERE audit.id > $1 ORDER BY audit.id', [since]);
const latest = async () => (await trail(0)).at(-1)?.id ?? 0;
const brief = (entries) => entries.map(({ actor, action, target }) => [actor, action, target]);

async function administrator() {
  const admin = await signUp(server.base_url);
  await sql(`UPDATE neon_auth."user" SET role = 'admin' WHERE id = $1`, [admin.id]);
  return admin;
}

describe('S134: the audit trail', () => {
  it('has what an administrator did, to whom, when and from where', async () => {
    const admin = await administrator();
    const user = await signUp(server.base_url);
    const since = await latest();
    const post = async (name, body, jar = admin.jar) => {
      const answer = await client.post(`/admin/${name}`, body, { jar, headers: { 'x-forwarded-for': '203.0.113.7', 'user-agent': 'trail' } });
      assert.equal(answer.status, 200, answer.text);
      return answer;
    };
    await post('ban-user', { userId: user.id, banReason: 'secret-reason' });
    await post('unban-user', { userId: user.id });
    await post('set-role', { userId: user.id, role: 'user' });
    await post('set-user-password', { userId: user.id, newPassword: 'another-secret-9' });
    await post('impersonate-user', { userId: user.id });
    await post('stop-impersonating', {});
    await post('remove-user', { userId: user.id });
    const entries = await trail(since);
    const who = `user ${admin.id}`;
    assert.deepEqual(brief(entries), [
      [who, 'banUser', user.id],
      [who, 'unbanUser', user.id],
      [who, 'setUserRole', user.id],
      [who, 'setUserPassword', user.id],
      [who, 'impersonateUser', user.id],
      [`user ${admin.id} as ${user.id}`, 'stopImpersonating', ''],
      [who, 'removeUser', user.id],
    ]);
    for (const entry of entries) {
      assert.equal(entry.client_address, '203.0.113.7');
      assert.equal(entry.branch_id, server.branch_id);
      assert.ok(Math.abs(Date.now() - Date.parse(entry.at)) < 60_000);
      assert.ok(entry.request_id);
    }
    const text = JSON.stringify(entries);
    for (const secret of ['secret-reason', 'another-secret-9', password, admin.token]) assert.ok(!text.includes(secret), secret);
  });

  it('has changes of keys, webhooks, users and settings, and whose key made them', async () => {
    const { body: key } = await api.createApiKey({}, { body: { key_name: 'for the trail' } });
    const since = await latest();
    const body = { enabled: true, webhook_url: 'http://127.0.0.1:9/hook?secret=1', enabled_events: ['user.created'], timeout_seconds: 2 };
    assert.equal((await api.updateNeonAuthWebhookConfig(ids, { body, key: key.key })).status, 200);
    assert.equal((await api.updateNeonAuthWebhookConfig(ids, { body: { ...body, enabled: false }, key: key.key })).status, 200);
    await api.revokeApiKey({ key_id: key.id });
    const entries = await trail(since);
    const target = `/api/v2/projects/${server.project_id}/branches/${server.branch_id}/auth/webhooks`;
    assert.deepEqual(brief(entries.slice(0, 2)), Array(2).fill([`key ${key.id}`, 'updateNeonAuthWebhookConfig', target]));
    assert.deepEqual(entries.at(-1).action, 'revokeApiKey');
    assert.equal(entries[0].project_id, server.project_id);
    assert.equal(entries[0].branch_id, server.branch_id);
    for (const secret of [key.key, 'secret=1']) assert.ok(!JSON.stringify(await trail(0)).includes(secret));
    assert.equal((await trail(0)).filter(({ action }) => action === 'createApiKey').length, 1);
  });

  it('knows a route by its other name, too', async () => {
    const since = await latest();
    const headers = { authorization: `Bearer ${server.api_key}` };
    const answer = await request(`${server.management_url}/projects/${ids.project_id}/branches/${ids.branch_id}/set_as_primary`, { method: 'POST', headers });
    assert.equal(answer.status, 200);
    assert.match((await trail(since))[0].action, /set_as_primary/);
  });

  it('has nothing of what was only read, or refused', async () => {
    const admin = await administrator();
    const since = await latest();
    await client.get('/admin/list-users', { jar: admin.jar });
    await client.post('/admin/ban-user', { userId: admin.id }, { jar: admin.jar });
    await client.post('/admin/ban-user', { userId: admin.id });
    await api.getNeonAuth(ids);
    await api.updateNeonAuthWebhookConfig(ids, { body: { enabled: 'yes' } });
    await api.createApiKey({}, { body: { key_name: 'x' }, key: 'nobody' });
    assert.deepEqual(await trail(since), []);
  });

  it('cannot be rewritten', async () => {
    await assert.rejects(control(`UPDATE argonauth.audit SET actor = 'nobody'`), /are not changed/);
  });
});
