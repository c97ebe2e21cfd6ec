// A legacy (Stack-compatible) integration for a test file, and clients of its API.
import assert from 'node:assert/strict';
import { request } from './http.mjs';
import { managementClient } from './management.mjs';

export const legacyPassword = 'correct-horse-9';

/** Makes a project with a legacy integration on its branch. `sql` needs the connection string of the answer. */
export async function createIntegration(server, { name = 'Legacy App' } = {}) {
  const api = managementClient(server);
  const made = await api.createProject({}, { body: { project: { name } } });
  assert.equal(made.status, 201, made.text);
  const ids = { project_id: made.body.project.id, branch_id: made.body.branch.id };
  const answer = await request(`${server.management_url}/projects/auth/create`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.api_key}` },
    body: { auth_provider: 'stack', ...ids },
  });
  assert.equal(answer.status, 201, answer.text);
  const { auth_provider_project_id: projectId, pub_client_key: publishableKey, secret_server_key: secretKey, jwks_url: jwksUrl } = answer.body;
  return {
    ...ids, projectId, publishableKey, secretKey, jwksUrl,
    origin: server.origin,
    connection_uri: made.body.connection_uris[0].connection_uri,
    manage: (method, path, body) =>
      request(`${server.management_url}/projects/${ids.project_id}${path}`, { method, body, headers: { authorization: `Bearer ${server.api_key}` } }),
  };
}

/** Requests as the SDKs make them, without `override-error-status`: the status is the real one. */
export function legacyClient(integration, { access = 'client', family = 'stack', token } = {}) {
  const keys = { client: ['publishable-client-key', integration.publishableKey], server: ['secret-server-key', integration.secretKey] }[access];
  const own = { 'access-type': access, 'project-id': integration.projectId, ...(keys ? { [keys[0]]: keys[1] } : {}), ...(token ? { 'access-token': token } : {}) };
  const headers = Object.fromEntries(Object.entries(own).map(([name, value]) => [`x-${family}-${name}`, value]));
  const send = (method, path, body, options = {}) =>
    request(`${integration.origin}/api/v1${path}`, { method, ...(body === undefined ? {} : { body }), ...options, headers: { ...headers, ...options.headers } });
  return {
    headers,
    send,
    get: (path, options) => send('GET', path, undefined, options),
    post: (path, body = {}, options) => send('POST', path, options?.raw !== undefined ? undefined : body, options),
    patch: (path, body = {}, options) => send('PATCH', path, body, options),
    delete: (path, body = {}, options) => send('DELETE', path, body, options),
    as: (accessToken) => legacyClient(integration, { access, family, token: accessToken }),
  };
}

/** A known error: status, code, the header that repeats it, and exactly these details where they are given. */
export function assertKnown(answer, status, code, details) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.body?.code, code, answer.text);
  assert.equal(answer.headers['x-stack-known-error'], code);
  assert.equal(answer.headers['x-hexclave-known-error'], code);
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(typeof answer.body.error, 'string');
  if (details) assert.deepEqual(answer.body.details, details);
}

export function assertText(answer, status, pattern) {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'], /^text\/plain/);
  assert.equal(answer.headers['x-stack-known-error'], undefined);
  assert.match(answer.text, pattern);
}

export async function signUp(client, email, password = legacyPassword, more = {}) {
  const answer = await client.post('/auth/password/sign-up', { email, password, ...more });
  assert.equal(answer.status, 200, answer.text);
  return { email, password, id: answer.body.user_id, accessToken: answer.body.access_token, refreshToken: answer.body.refresh_token };
}

/** The next mail for an address in the built-in mailbox, after the one given. */
export async function nextMail(server, to, after) {
  const answer = await request(`${server.mailbox_url}/api/messages/wait?to=${encodeURIComponent(to)}&timeout=5000${after ? `&after=${after.id}` : ''}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

/** The code that the link of a mail carries. */
export const codeOf = (mail) => new URL(mail.link).searchParams.get('code');
