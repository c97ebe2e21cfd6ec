// Who a branch works with: OAuth providers, mail server, webhook. Over the management API, with secrets that stay secret.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { assertRefusal, managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer({ args: ['--no-fake-identity-provider'] });
const api = managementClient(server);
const sql = useDatabase(server);
const stored = async (column) => (await sql(`SELECT ${column} AS value FROM neon_auth.project_config`))[0].value;

beforeEach(() => sql(`UPDATE neon_auth.project_config SET social_providers = '[]', email_provider = '{"type":"shared"}', webhook_config = DEFAULT`));

describe('oauth_providers', () => {
  const add = (body) => api.addBranchNeonAuthOauthProvider(server, { body });
  const update = (oauth_provider_id, body) => api.updateBranchNeonAuthOauthProvider({ ...server, oauth_provider_id }, { body });
  const remove = (oauth_provider_id) => api.deleteBranchNeonAuthOauthProvider({ ...server, oauth_provider_id });
  const list = async () => (await api.listBranchNeonAuthOauthProviders(server)).body.providers;
  const ids = ['google', 'github', 'microsoft', 'vercel'];

  it('are added with credentials of one\'s own', async () => {
    for (const id of ids) {
      const answer = await add({ id, client_id: `${id}-client`, client_secret: `${id}-s3cret` });
      assert.deepEqual([answer.status, answer.body], [200, { id, type: 'standard', client_id: `${id}-client` }]);
    }
    assert.deepEqual(await list(), ids.map((id) => ({ id, type: 'standard', client_id: `${id}-client` })));
    const { body } = await api.getNeonAuthPluginConfigs(server);
    assert.deepEqual(body.oauth_providers, await list());
  });

  it('never show their secret, and store it sealed', async () => {
    const secret = 'very-s3cret-value';
    const answers = [await add({ id: 'google', client_id: 'abc', client_secret: secret }), await update('google', { client_id: 'def' }), await api.listBranchNeonAuthOauthProviders(server), await api.getNeonAuthPluginConfigs(server)];
    for (const answer of answers) assert.ok(!answer.text.includes(secret) && !answer.text.includes('client_secret'), answer.text);
    const [provider] = await stored('social_providers');
    assert.deepEqual({ ...provider, clientSecret: '' }, { id: 'google', isShared: false, clientId: 'def', clientSecret: '' });
    assert.match(provider.clientSecret, /^v1:[\w-]{60,}$/);
    assert.ok(!server.process.stderr.includes(secret));
  });

  it('cannot be shared where the operator shares none', async () => {
    for (const id of ids) {
      const answer = await add({ id });
      assertRefusal(answer, 400, new RegExp(id));
      assert.equal(answer.body.code, 'INVALID_SHARED_OAUTH_PROVIDER');
    }
    assert.deepEqual(await list(), []);
  });

  it('need both halves of the credentials', async () => {
    assertRefusal(await add({ id: 'google', client_id: 'abc' }), 400, /client_secret/);
    assertRefusal(await add({ id: 'google', client_secret: 'abc' }), 400, /client_id/);
    assert.deepEqual(await list(), []);
  });

  it('are added once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => add({ id: 'github', client_id: `c${i}`, client_secret: 's' })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409, 409]);
    const [first] = answers.filter(({ status }) => status === 200);
    assert.deepEqual(await list(), [first.body]);
  });

  it('added at once are all there', async () => {
    await Promise.all(ids.map((id) => add({ id, client_id: 'c', client_secret: 's' })));
    assert.deepEqual((await list()).map(({ id }) => id).sort(), [...ids].sort());
  });

  it('change in what is sent only', async () => {
    await add({ id: 'microsoft', client_id: 'a', client_secret: 'b', microsoft_tenant_id: 'organizations' });
    const [before] = await stored('social_providers');
    assert.deepEqual((await update('microsoft', { client_id: 'c' })).body, { id: 'microsoft', type: 'standard', client_id: 'c' });
    assert.deepEqual(await stored('social_providers'), [{ ...before, clientId: 'c' }]);
    await update('microsoft', { microsoft_tenant_id: '72f988bf-86f1-41af-91ab-2d7cd011db47' });
    assert.deepEqual(await stored('social_providers'), [{ ...before, clientId: 'c', microsoftTenantId: '72f988bf-86f1-41af-91ab-2d7cd011db47' }]);
    assert.equal((await update('microsoft', {})).status, 200);
    await update('microsoft', { client_secret: 'd' });
    const [after] = await stored('social_providers');
    assert.notEqual(after.clientSecret, before.clientSecret);
    assert.deepEqual({ ...after, clientSecret: '' }, { ...before, clientId: 'c', clientSecret: '', microsoftTenantId: '72f988bf-86f1-41af-91ab-2d7cd011db47' });
  });

  it('a shared one becomes one\'s own with both halves', async () => {
    await sql(`UPDATE neon_auth.project_config SET social_providers = '[{"id":"google","isShared":true}]'`);
    assert.deepEqual(await list(), [{ id: 'google', type: 'shared' }]);
    assertRefusal(await update('google', { client_id: 'abc' }), 400, /client_secret/);
    assert.deepEqual((await update('google', { client_id: 'abc', client_secret: 'x' })).body, { id: 'google', type: 'standard', client_id: 'abc' });
  });

  it('are removed', async () => {
    await add({ id: 'google', client_id: 'a', client_secret: 'b' });
    await add({ id: 'vercel', client_id: 'a', client_secret: 'b' });
    const answer = await remove('google');
    assert.deepEqual([answer.status, answer.text], [200, '']);
    assert.deepEqual((await list()).map(({ id }) => id), ['vercel']);
    assertRefusal(await remove('google'), 404, /not found/);
    assertRefusal(await update('google', { client_id: 'a' }), 404, /not found/);
    for (const id of ['apple', 'credential']) {
      assertRefusal(await remove(id), 404);
      assertRefusal(await update(id, {}), 404);
    }
    assertRefusal(await remove('Google'), 400, /oauth_provider_id/);
  });

  it('name the field that is wrong', async () => {
    const good = { id: 'google', client_id: 'a', client_secret: 'b' };
    for (const id of [undefined, null, '', 'apple', 'Google', 5]) assertRefusal(await add({ ...good, id }), 400, /body\.id/);
    for (const [name, values] of [['client_id', ['', null, 5, 'a\u0000', 'a\nb', 'x'.repeat(513)]], ['client_secret', ['', null, {}, 'a\tb', 'x'.repeat(4097)]]]) {
      for (const value of values) assertRefusal(await add({ ...good, [name]: value }), 400, new RegExp(name));
    }
    for (const microsoft_tenant_id of ['', 'a/b', '../common', 'a b', 'x?y', 7]) assertRefusal(await add({ ...good, id: 'microsoft', microsoft_tenant_id }), 400, /microsoft_tenant_id/);
    assertRefusal(await add({ ...good, microsoft_tenant_id: 'common' }), 400, /microsoft_tenant_id/);
    assertRefusal(await add({ ...good, scope: 'x' }), 400, /scope/);
    assert.deepEqual(await list(), []);
    await add(good);
    assertRefusal(await update('google', { microsoft_tenant_id: 'common' }), 400, /microsoft_tenant_id/);
    assertRefusal(await update('google', { id: 'github' }), 400, /\bid\b/);
    assertRefusal(await update('google', { client_id: null }), 400, /client_id/);
  });

  it('written with SQL are shown', async () => {
    const rows = [{ id: 'google', isShared: false, clientId: 'abc', clientSecret: 'in clear' }, { id: 'apple', isShared: false }];
    await sql('UPDATE neon_auth.project_config SET social_providers = $1', [JSON.stringify(rows)]);
    assert.deepEqual(await list(), [{ id: 'google', type: 'standard', client_id: 'abc' }]);
    await add({ id: 'vercel', client_id: 'a', client_secret: 'b' });
    assert.deepEqual((await stored('social_providers')).slice(0, 2), rows);
    await sql(`UPDATE neon_auth.project_config SET social_providers = '{}'`);
    assertRefusal(await api.listBranchNeonAuthOauthProviders(server), 422, /social_providers/);
    assertRefusal(await add({ id: 'vercel', client_id: 'a', client_secret: 'b' }), 422, /social_providers/);
  });
});

describe('email_provider', () => {
  const get = async () => (await api.getNeonAuthEmailProvider(server)).body;
  const update = (body) => api.updateNeonAuthEmailProvider(server, { body });
  const standard = { type: 'standard', host: 'smtp.example.com', port: 587, username: 'mailer', password: 'smtp-s3cret', sender_email: 'auth@example.com', sender_name: 'Example' };
  const shown = { ...standard, password: '********' };

  it('is the shared one at first, also where the column is NULL', async () => {
    assert.deepEqual(await get(), { type: 'shared' });
    await sql('UPDATE neon_auth.project_config SET email_provider = NULL');
    assert.deepEqual(await get(), { type: 'shared' });
  });

  it('becomes one\'s own, with a masked password, sealed in the row', async () => {
    const answer = await update(standard);
    assert.deepEqual([answer.status, answer.body], [200, shown]);
    assert.deepEqual(await get(), shown);
    assert.deepEqual((await api.getNeonAuthPluginConfigs(server)).body.email_provider, shown);
    const { password, ...rest } = await stored('email_provider');
    assert.match(password, /^v1:[\w-]{60,}$/);
    assert.deepEqual(rest, { type: 'standard', host: 'smtp.example.com', port: 587, username: 'mailer', senderEmail: 'auth@example.com', senderName: 'Example' });
    assert.ok(!server.process.stderr.includes(standard.password));
  });

  it('changes in what is sent only', async () => {
    await update(standard);
    const before = await stored('email_provider');
    assert.deepEqual((await update({ type: 'standard', port: 465 })).body, { ...shown, port: 465 });
    assert.deepEqual((await update({ sender_name: 'Other' })).body, { ...shown, port: 465, sender_name: 'Other' });
    assert.deepEqual(await stored('email_provider'), { ...before, port: 465, senderName: 'Other' });
    await update({ password: 'another' });
    assert.notEqual((await stored('email_provider')).password, before.password);
  });

  it('sent back as it was shown keeps its password', async () => {
    await update(standard);
    const before = await stored('email_provider');
    assert.equal((await update(await get())).status, 200);
    assert.deepEqual(await stored('email_provider'), before);
  });

  it('forgets everything when it becomes the shared one', async () => {
    await update(standard);
    for (const body of [{ type: 'shared' }, { type: 'shared', sender_email: 'a@example.com', sender_name: 'A' }]) {
      assert.deepEqual((await update(body)).body, { type: 'shared' });
      assert.deepEqual(await stored('email_provider'), { type: 'shared' });
    }
    assertRefusal(await update({ ...standard, password: '********' }), 400, /password/);
  });

  it('names what is missing or wrong, and then changes nothing', async () => {
    for (const name of ['host', 'port', 'username', 'password', 'sender_email', 'sender_name']) {
      const { [name]: _, ...rest } = standard;
      assertRefusal(await update(rest), 400, new RegExp(`\\b${name}\\b`));
    }
    for (const [name, values] of Object.entries({
      type: ['smtp', null, 5],
      host: ['', 'a b', 'smtp.example.com:25', 'smtp.example.com/x', 'a\r\nb', null, 5, 'x'.repeat(254)],
      port: [0, -1, 65536, 1.5, '587', null],
      username: [null, 5, 'a\r\nRCPT TO:<x>', 'x'.repeat(513)],
      password: [null, 5, 'a\nb', 'x'.repeat(1025)],
      sender_email: ['', 'x', null, 'Name <a@example.com>', 'a@example.com\r\nBcc: b@example.com'],
      sender_name: [null, 5, 'A\r\nBcc: b@example.com', 'x'.repeat(257)],
      secure: [true],
    })) {
      for (const value of values) assertRefusal(await update({ ...standard, [name]: value }), 400, new RegExp(`\\b${name}\\b`));
    }
    for (const name of ['host', 'port', 'username', 'password']) {
      assertRefusal(await update({ type: 'shared', [name]: standard[name] }), 400, new RegExp(`\\b${name}\\b`));
      assertRefusal(await update({ [name]: standard[name] }), 400, new RegExp(`\\b${name}\\b`));
    }
    assert.deepEqual(await get(), { type: 'shared' });
  });

  it('takes servers without a login, and addresses', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', 'mail-1.internal']) {
      assert.equal((await update({ ...standard, host, username: '', password: '' })).status, 200, host);
    }
  });

  it('follows SQL, and still hides the password', async () => {
    await sql('UPDATE neon_auth.project_config SET email_provider = $1', [JSON.stringify({ type: 'standard', host: 'h', port: 25, username: 'u', password: 'in clear', senderEmail: 's@example.com', senderName: 'S' })]);
    assert.deepEqual(await get(), { type: 'standard', host: 'h', port: 25, username: 'u', password: '********', sender_email: 's@example.com', sender_name: 'S' });
    await sql(`UPDATE neon_auth.project_config SET email_provider = '{"type":"pigeon"}'`);
    assertRefusal(await api.getNeonAuthEmailProvider(server), 422, /email_provider\.type/);
  });
});

describe('webhooks', () => {
  const get = async () => (await api.getNeonAuthWebhookConfig(server)).body;
  const put = (body) => api.updateNeonAuthWebhookConfig(server, { body });
  const off = { enabled: false, enabled_events: [], timeout_seconds: 5 };
  const events = ['user.before_create', 'user.created', 'send.otp', 'send.magic_link', 'organization.invitation.created', 'organization.invitation.accepted', 'phone_number.verified'];

  it('are off at first', async () => assert.deepEqual(await get(), off));

  it('are replaced as a whole', async () => {
    const full = { enabled: true, webhook_url: 'https://hooks.example.com/auth?x=1', enabled_events: events, timeout_seconds: 10 };
    const answer = await put(full);
    assert.deepEqual([answer.status, answer.body], [200, full]);
    assert.deepEqual(await get(), full);
    assert.deepEqual(await stored('webhook_config'), { enabled: true, webhookUrl: full.webhook_url, enabledEvents: events, timeoutSeconds: 10 });
    const less = { enabled: true, webhook_url: 'https://hooks.example.com/other', enabled_events: ['send.otp', 'user.created', 'send.otp'] };
    assert.deepEqual((await put(less)).body, { ...less, enabled_events: ['send.otp', 'user.created'], timeout_seconds: 5 });
    assert.deepEqual((await put({ enabled: false })).body, off);
    assert.deepEqual(await get(), off);
  });

  it('need a URL while they are on', async () => {
    assertRefusal(await put({ enabled: true }), 400, /webhook_url/);
    assert.equal((await put({ enabled: false, webhook_url: 'https://hooks.example.com' })).status, 200);
  });

  it('go to public https addresses by name, and to this machine', async () => {
    for (const webhook_url of ['http://hooks.example.com/', 'ftp://hooks.example.com', 'hooks.example.com', '', 'https://', 'https://10.0.0.1/', 'https://192.168.1.1/', 'https://169.254.169.254/', 'https://8.8.8.8/', 'https://[2001:db8::1]/', 'https://[::ffff:10.0.0.1]/', 'https://0x7f.1/', 'https://2130706433/', 'https://router.local/', 'https://metadata.google.internal/', 'https://intranet/', 'https://u:p@hooks.example.com/', 'https://hooks.example.com/#x', 'https://hooks.example.com/a b', 'https://hooks.example.com/\r\nX: y', `https://hooks.example.com/${'x'.repeat(2048)}`]) {
      for (const enabled of [true, false]) assertRefusal(await put({ enabled, webhook_url }), 400, /webhook_url/);
    }
    assert.deepEqual(await get(), off);
    for (const webhook_url of ['http://localhost:3000/hook', 'http://127.0.0.1:3000/hook', 'http://[::1]:3000/hook', 'https://localhost/hook']) {
      assert.deepEqual((await put({ enabled: true, webhook_url })).body.webhook_url, webhook_url);
    }
  });

  it('name the field that is wrong', async () => {
    const good = { enabled: true, webhook_url: 'https://hooks.example.com/' };
    for (const [name, values] of Object.entries({
      enabled: [undefined, null, 'true', 1],
      webhook_url: [null, 5, {}, 'https://a\u0000b.example.com'],
      enabled_events: [null, 'send.otp', ['send.sms'], ['send.otp', ''], [5], [null], {}],
      timeout_seconds: [0, 11, 2.5, '5', null],
      secret: ['x'],
    })) {
      for (const value of values) assertRefusal(await put({ ...good, [name]: value }), 400, new RegExp(`\\b${name}\\b`));
    }
    assert.deepEqual(await get(), off);
  });
});
