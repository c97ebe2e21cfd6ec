// GET /openapi.json: a valid document that needs no key, speaks of every route, and agrees with the published contract and the server.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { request } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { findOperation } from '../support/published_contract.mjs';
import { openApiChecker, readOpenApi } from '../support/openapi.mjs';
import { useServer } from '../support/server.mjs';

const server = await useServer();
const document = await readOpenApi(server);
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })));

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(document.openapi, '3.1.1');
  });

  it('needs no key, and shows no more to those who have one', async () => {
    const answer = await request(`${server.management_url}/openapi.json`, { headers: { authorization: `Bearer ${server.api_key}` } });
    assert.deepEqual(answer.body, document);
    assert.ok(!answer.text.includes(server.project_id));
    assert.equal((await request(`${server.management_url}/openapi.json`, { method: 'POST', body: {} })).status, 405);
  });

  it('names operations as the contract does', () => {
    for (const { path, method, operationId } of operations) {
      const known = findOperation(method, path.replace(/\{\w+\}/g, 'x'));
      if (known) assert.equal(operationId, known.id, `${method} ${path}`);
    }
    assert.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  });

  it('describes every route, by a sentence and an answer', () => {
    for (const { path, method, summary, responses } of operations) {
      // Other names of described routes.
      if (path.endsWith('/set_as_primary') || (method === 'POST' && path.endsWith('/reveal_password'))) continue;
      assert.ok(summary, `${method} ${path} has no description`);
      assert.ok(responses.default, path);
    }
  });

  it('says that only the document itself is open', async () => {
    const open = operations.filter(({ security }) => security?.length === 0);
    assert.deepEqual(open.map(({ path }) => path), ['/openapi.json']);
    for (const { path, method } of operations.filter((operation) => !open.includes(operation))) {
      const answer = await request(`${server.management_url}${path.replace(/\{\w+\}/g, 'x')}`, { method });
      assert.equal(answer.status, 401, `${method} ${path}`);
    }
  });

  it('has the parameters of every path', () => {
    for (const { path, parameters = [] } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name), named, path);
    }
  });

  it('tells what a body must look like', () => {
    const { schema } = document.paths['/projects'].post.requestBody.content['application/json'];
    assert.deepEqual(schema.required, ['project']);
    const { properties } = schema.properties.project;
    assert.deepEqual(properties.name, { type: 'string', minLength: 1, maxLength: 256 });
    assert.deepEqual([properties.pg_version.minimum, properties.pg_version.default], [14, 15]);
    assert.deepEqual(properties.settings.properties.audit_log_level.enum, ['base', 'extended', 'full']);
    assert.equal(schema.additionalProperties, false);
  });
});

describe('the server does as its document says', () => {
  const api = managementClient(server);
  const { project_id, branch_id, endpoint_id } = server;
  const branch = { project_id, branch_id };
  const reading = {
    listProjects: {}, getProject: { project_id }, listProjectBranches: { project_id }, countProjectBranches: { project_id },
    getProjectBranch: branch, listProjectEndpoints: { project_id }, listProjectBranchEndpoints: branch, getProjectEndpoint: { project_id, endpoint_id },
    listProjectBranchDatabases: branch, getProjectBranchDatabase: { ...branch, database_name: 'neondb' }, listProjectBranchRoles: branch,
    getProjectBranchRole: { ...branch, role_name: 'neondb_owner' }, getProjectBranchRolePassword: { ...branch, role_name: 'neondb_owner' },
    listProjectOperations: { project_id }, getNeonAuth: branch, listApiKeys: {}, getCurrentUserInfo: {}, getCurrentUserOrganizations: {}, getAuthDetails: {},
    getActiveRegions: {}, getNeonAuthPluginConfigs: branch, getNeonAuthEmailProvider: branch, getNeonAuthEmailAndPasswordConfig: branch,
    listBranchNeonAuthTrustedDomains: branch, getNeonAuthAllowLocalhost: branch, listBranchNeonAuthOauthProviders: branch,
    getNeonAuthPhoneNumberPlugin: branch, getNeonAuthWebhookConfig: branch,
  };
  for (const [operation, parameters] of Object.entries(reading)) {
    it(operation, async () => {
      const check = await openApiChecker(server);
      const { method, path } = operations.find(({ operationId }) => operationId === operation);
      const answer = await api[operation](parameters);
      assert.equal(answer.status, 200, answer.text);
      check({ method, path: path.replace(/\{(\w+)\}/g, (_, name) => parameters[name]), status: 200, body: answer.body });
    });
  }

  it('a limit that the document announces is the one that is kept', async () => {
    for (const [name, status] of [['x'.repeat(256), 200], ['x'.repeat(257), 400]]) {
      assert.equal((await api.updateProject({ project_id }, { body: { project: { name } } })).status, status);
    }
  });
});
