// A client of the management API that knows the contract: every answer, good or bad, is checked against its schema.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { request } from './http.mjs';

const read = (name) => parse(fs.readFileSync(new URL(name, import.meta.url), 'utf8'));
const contract = read('management-api.yaml');
const settings = read('management-auth-api.yaml');
Object.assign(contract.operations, settings.operations);
Object.assign(contract.components.schemas, settings.components.schemas);

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addFormat('int', true);
ajv.addSchema({ $id: 'contract', components: contract.components });

const validators = new Map();

/** The validator for one answer of one operation; undefined where the contract has an empty body. */
function validatorFor(operationId, status) {
  const key = `${operationId} ${status}`;
  if (!validators.has(key)) {
    const response = status < 300 ? contract.operations[operationId].responses[status] : { $ref: '#/components/responses/GeneralError' };
    const named = response?.$ref ? contract.components.responses[response.$ref.split('/').at(-1)] : response;
    const schema = named?.content?.['application/json'].schema;
    validators.set(key, schema && ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"contract#/components'))));
  }
  return validators.get(key);
}

export function assertContract(operationId, answer) {
  const { status, body, headers } = answer;
  const known = status >= 300 || contract.operations[operationId].responses[status];
  assert.ok(known, `${operationId}: ${status} is no answer of the contract: ${answer.text}`);
  const validate = validatorFor(operationId, status);
  if (!validate) return;
  assert.match(headers['content-type'] ?? '', /^application\/json/, operationId);
  assert.ok(validate(body), `${operationId} ${status}: ${ajv.errorsText(validate.errors, { separator: '\n' })}\n${answer.text}`);
}

/** `api.getProject({project_id}, {query, body})`, one method per operation of the contract. */
export function managementClient({ management_url, api_key }) {
  const call = (operationId) => async (parameters = {}, { query, body, raw, headers, key = api_key } = {}) => {
    const { method, path } = contract.operations[operationId];
    const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parameters[name]));
    const answer = await request(`${management_url}${filled}${query ? `?${new URLSearchParams(query)}` : ''}`, {
      method, body, raw, timeout: 30_000,
      headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...headers },
    });
    assertContract(operationId, answer);
    return answer;
  };
  const operations = Object.keys(contract.operations).map((operationId) => [operationId, call(operationId)]);
  return Object.fromEntries(operations);
}

/** A refusal: the status, a GeneralError that names its request, and no more than that. */
export function assertRefusal(answer, status, hint) {
  assert.equal(answer.status, status, answer.text);
  assert.ok(answer.body.request_id, answer.text);
  assert.equal(answer.headers['x-neon-ret-request-id'], answer.body.request_id);
  assert.ok(answer.body.message.length > 0);
  if (hint) assert.match(answer.body.message, hint);
}
