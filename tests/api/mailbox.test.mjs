// The mailbox of `argonauth dev`: every mail and code without a mail server of any kind.
import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient, request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const messages = `${server.mailbox_url}/api/messages`;
const box = (path = '', options) => request(`${messages}${path}`, options);
const auth = () => authClient(server.base_url);
const askForCode = async (email = freshEmail()) => {
  assert.equal((await auth().post('/email-otp/send-verification-otp', { email, type: 'sign-in' })).status, 200);
  return email;
};
const arrived = async (email, more = '') => {
  const answer = await box(`/wait?to=${encodeURIComponent(email)}&timeout=5000${more}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};

before(async () => {
  await sql(`UPDATE neon_auth.project_config SET plugin_configs = jsonb_set(plugin_configs, '{phoneNumber,enabled}', 'true')`);
});

it('a code arrives, and works', async () => {
  const email = await askForCode();
  const mail = await arrived(email);
  assert.deepEqual([mail.channel, mail.kind, mail.to, mail.branch_id, mail.link], ['email', 'signInCode', email, server.branch_id, null]);
  assert.match(mail.code, /^\d{6}$/);
  assert.ok(mail.text.includes(mail.code) && mail.html.includes(mail.code));
  assert.equal((await auth().post('/sign-in/email-otp', { email, otp: mail.code })).status, 200);
});

it('a code for a phone arrives there too', async () => {
  const phoneNumber = `+49${String(Date.now()).slice(-10)}`;
  const answer = await auth().post('/phone-number/send-otp', { phoneNumber });
  assert.equal(answer.status, 200, answer.text);
  const message = await arrived(phoneNumber);
  assert.deepEqual([message.channel, message.html], ['sms', '']);
  assert.match(message.text, new RegExp(message.code));
});

it('list and latest are newest first, by address without case, kind and id', async () => {
  const email = freshEmail();
  const first = await arrived(await askForCode(email));
  await askForCode(email);
  const second = await arrived(email, `&after=${first.id}`);
  assert.ok(second.id > first.id);
  const ids = async (query) => (await box(`?${query}`)).body.messages.map(({ id }) => id);
  assert.deepEqual(await ids(`to=${email}`), [second.id, first.id]);
  assert.deepEqual(await ids(`to=${email.toUpperCase()}`), [second.id, first.id]);
  assert.deepEqual(await ids(`to=${email}&limit=1`), [second.id]);
  assert.deepEqual(await ids(`to=${email}&after=${first.id}`), [second.id]);
  assert.deepEqual(await ids(`to=${email}&kind=resetLink`), []);
  assert.equal((await box(`/latest?to=${email}`)).body.id, second.id);
  assert.equal((await box(`/${first.id}`)).body.code, first.code);
});

it('wait returns when the mail comes, not before', async () => {
  const email = freshEmail();
  const waiting = box(`/wait?to=${email}&timeout=5000`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await askForCode(email);
  assert.equal((await waiting).status, 200);
  const started = Date.now();
  assert.equal((await box(`/wait?to=nobody.${email}&timeout=200`)).status, 404);
  assert.ok(Date.now() - started >= 200);
});

it('clear forgets one address, or all', async () => {
  const [one, other] = [await askForCode(), await askForCode()];
  await Promise.all([arrived(one), arrived(other)]);
  assert.deepEqual((await box(`?to=${one}`, { method: 'DELETE' })).body, { cleared: 1 });
  assert.equal((await box(`/latest?to=${one}`)).status, 404);
  assert.equal((await box(`/latest?to=${other}`)).status, 200);
  assert.ok((await box('', { method: 'DELETE' })).body.cleared >= 1);
  assert.deepEqual((await box()).body.messages, []);
});

it('what is not there is 404, what makes no sense 405', async () => {
  for (const path of ['/0', '/99999999', '/latest?to=nobody@example.test', '/x', '/1x', '/99999999999999999999', '/1/htm']) assert.equal((await box(path)).status, 404, path);
  assert.equal((await box('', { method: 'POST', body: {} })).status, 405);
  assert.equal((await request(`${server.mailbox_url}/../etc/passwd`)).status, 404);
  assert.equal((await request(`${server.mailbox_url}/nothing`)).status, 404);
});

it('another name for this machine gets nothing', async () => {
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1:1']) {
    assert.equal((await box('', { headers: { host } })).status, 403, host);
  }
});

it('pages carry a strict policy, and a mail is shown without script and without an origin', async () => {
  for (const path of ['', '/page.css', '/page.js']) {
    const answer = await request(`${server.mailbox_url}${path}`);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers['content-security-policy'], /default-src 'none'; script-src 'self'/);
    assert.doesNotMatch(answer.headers['content-security-policy'], /unsafe/);
  }
  const mail = await arrived(await askForCode());
  const part = await box(`/${mail.id}/html`);
  assert.match(part.headers['content-type'], /^text\/html/);
  assert.match(part.headers['content-security-policy'], /default-src 'none'.*sandbox(?!.*allow-scripts)(?!.*allow-same-origin)/);
  assert.equal(part.headers['x-content-type-options'], 'nosniff');
});
