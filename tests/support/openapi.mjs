// The server's own OpenAPI document as a judge of what the server does.
import assert from 'node:assert/strict';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { request } from './http.mjs';

export async function readOpenApi({ management_url }) {
  const answer = await request(`${management_url}/openapi.json`);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

/** A function that holds one exchange {method, path, status, sent, body} with the management API to its document. */
export async function openApiChecker(server) {
  return checkerOf(await readOpenApi(server));
}

/** As above, for a document that is at hand. What it does not list, it does not allow. */
export function checkerOf(document) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: 'document', components: document.components });
  const compiled = new Map();

  const templates = Object.keys(document.paths).sort((a, b) => a.split('{').length - b.split('{').length);
  const operationOf = ({ method, path }) => {
    const matches = (template) => new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path) && document.paths[template][method.toLowerCase()];
    return document.paths[templates.find(matches)]?.[method.toLowerCase()];
  };
  const assertValid = (schema, value, what) => {
    const text = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
    if (!compiled.has(text)) compiled.set(text, ajv.compile(JSON.parse(text)));
    const validate = compiled.get(text);
    assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors, { separator: '\n' })}\n${JSON.stringify(value)}`);
  };
  const schemaIn = (part) => part?.content?.['application/json']?.schema;

  const check = (exchange) => {
    const operation = operationOf(exchange);
    assert.ok(operation, `${exchange.method} ${exchange.path} is not in the document`);
    const { operationId, requestBody, responses } = operation;
    const ok = exchange.status < 300;
    assert.ok(!ok || responses[exchange.status], `${operationId}: ${exchange.status} is not in the document`);
    assert.ok(responses[exchange.status] ?? responses.default, `${operationId}: ${exchange.status} is not in the document: ${JSON.stringify(exchange.body)}`);
    const announced = responses[exchange.status] ?? responses.default;
    if (exchange.body === undefined && /^- Without a body/m.test(announced.description)) return;
    const reply = schemaIn(announced);
    if (reply) assertValid(reply, exchange.body, `${operationId} ${exchange.status}`);
    else assert.equal(exchange.body, undefined, `${operationId} answers with a body that the document does not announce`);
    // What the server took must be what the document allows.
    if (ok && exchange.sent !== undefined && requestBody) assertValid(schemaIn(requestBody), exchange.sent, `${operationId}, request`);
  };
  check.knows = (exchange) => operationOf(exchange) !== undefined;
  return check;
}
