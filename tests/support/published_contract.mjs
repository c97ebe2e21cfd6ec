// Neon's published OpenAPI document, as it comes with the official api-client: which operation a request is, and what its answer must be.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const published = parse(fs.readFileSync(new URL('../node_modules/@neondatabase/api-client/public-v2-for-users.gen.yaml', import.meta.url), 'utf8'));

// Unions that are told apart by a member which their schemas do not mention: more than one of them may fit.
JSON.stringify(published, (_, value) => {
  if (value?.discriminator && value.oneOf) {
    value.anyOf = value.oneOf;
    delete value.oneOf;
  }
  return value;
});

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addFormat('int', true);
ajv.addSchema({ $id: 'published', components: published.components });

const operations = Object.entries(published.paths).flatMap(([path, item]) =>
  ['get', 'post', 'put', 'patch', 'delete'].filter((method) => item[method]).map((method) => ({
    id: item[method].operationId,
    method: method.toUpperCase(),
    // Words are preferred to {parameters}.
    parameters: path.split('{').length - 1,
    pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
    responses: item[method].responses,
  })));
operations.sort((a, b) => a.parameters - b.parameters);

/** The operation, or undefined. `path` is below /api/v2. */
export const findOperation = (method, path) => operations.find((operation) => operation.method === method && operation.pattern.test(path));

const validators = new Map();

function validatorFor(operation, status) {
  const key = `${operation.id} ${status}`;
  if (!validators.has(key)) {
    const response = operation.responses[status] ?? operation.responses.default;
    const resolved = response?.$ref ? published.components.responses[response.$ref.split('/').at(-1)] : response;
    const schema = resolved?.content?.['application/json']?.schema;
    validators.set(key, schema && ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"published#/components'))));
  }
  return validators.get(key);
}

export function assertPublished(operation, { status, headers, text, body }) {
  assert.ok(status >= 300 || operation.responses[status], `${operation.id}: ${status} is not an announced success: ${text}`);
  const validate = validatorFor(operation, status);
  if (!validate) return;
  assert.match(headers['content-type'] ?? '', /^application\/json/, operation.id);
  assert.ok(validate(body), `${operation.id} ${status}: ${ajv.errorsText(validate.errors, { separator: '\n' })}\n${text}`);
}
