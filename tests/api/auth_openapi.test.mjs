// GET /open-api/generate-schema: a valid document, of the routes that this branch has, under the names that clients of the reference
// implementation know. Whether the answers are as it says is looked at by every other test (support/described.mjs).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { request } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const read = async (base = server.base_url, headers = {}) => {
  const answer = await request(`${base}/open-api/generate-schema`, { headers });
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
};
const document = await read();
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })));
const operation = (path, method = 'post') => document.paths[path][method];

describe('the OpenAPI document of the auth service', () => {
  it('is valid OpenAPI 3.1, for anybody', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.deepEqual([document.openapi, document.info.title, document.info.version], ['3.1.1', 'Better Auth', '1.1.0']);
  });

  it('describes every operation, by a sentence, its answers and its refusals', () => {
    assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
    for (const { path, method, operationId, summary, responses } of operations) {
      assert.ok(operationId && summary, `${method} ${path}`);
      for (const status of ['429', '500', '503']) assert.ok(responses[status], `${method} ${path}: ${status}`);
      if (method === 'POST') assert.ok('INVALID_ORIGIN' in responses[403].content['application/json'].examples, path);
    }
  });

  it('names the parameters of every path', () => {
    for (const { path, parameters = [] } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name), named, path);
    }
    assert.deepEqual(operation('/verify-email', 'get').parameters.map(({ name, required }) => [name, required]), [['token', true], ['callbackURL', false]]);
  });

  it('says which operations want a session, and that is so', async () => {
    for (const { path, method, parameters = [], security, requestBody } of operations) {
      if (path.includes('{')) continue;
      const body = requestBody?.content['application/json'].example ?? {};
      const query = new URLSearchParams(parameters.filter((parameter) => parameter.in === 'query' && parameter.required).map(({ name }) => [name, 'x']));
      const answer = await request(`${server.base_url}${path}?${query}`, { method, headers: { origin: server.origin }, ...(method === 'POST' ? { body } : {}) });
      if (security) assert.notEqual(answer.body?.code, 'UNAUTHORIZED', `${method} ${path} wants a session after all`);
      // Better Auth answers this one in words of its own.
      else assert.equal(answer.status, path === '/organization/list-user-invitations' ? 400 : 401, `${method} ${path}: ${answer.text}`);
    }
  });

  it('has examples that are accepted for what they are', async () => {
    for (const { path, requestBody } of operations) {
      const example = requestBody?.content['application/json'].example;
      if (!example) continue;
      const answer = await request(`${server.base_url}${path}`, { method: 'POST', headers: { origin: server.origin }, body: example });
      assert.notEqual(answer.body?.code, 'VALIDATION_ERROR', `${path}: ${answer.text}`);
    }
  });

  it('names the cookie and the server of this branch, as they were asked for', async () => {
    assert.equal(document.components.securitySchemes.apiKeyCookie.name, '__Secure-neon-auth.session_token');
    assert.equal(document.servers[0].url, server.base_url);
    const other = server.base_url.replace('//localhost', '//127.0.0.1');
    assert.equal((await read(other)).servers[0].url, other);
    assert.equal((await read(server.base_url, { host: 'evil.example' })).servers[0].url, server.base_url);
  });

  it('leaves out what the branch has turned off', async () => {
    const api = managementClient(server);
    const branch = { project_id: server.project_id, branch_id: server.branch_id };
    const has = async (path) => path in (await read()).paths;
    for (const path of ['/sign-in/magic-link', '/magic-link/verify', '/phone-number/send-otp', '/jwks']) assert.equal(await has(path), false, path);
    const turn = async (enabled) => {
      const answer = await api.updateNeonAuthMagicLinkPlugin(branch, { body: { enabled } });
      assert.equal(answer.status, 200, answer.text);
    };
    await turn(true);
    assert.equal(await has('/sign-in/magic-link'), true);
    assert.equal(await has('/phone-number/send-otp'), false);
    await turn(false);
    assert.equal(await has('/sign-in/magic-link'), false);
  });
});
