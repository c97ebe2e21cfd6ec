// Stands between an official client and the management API. Clients notice nothing; every answer that passes is held to the published
// contract, and every exchange to the server's own OpenAPI document.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, afterEach } from 'node:test';
import { openApiChecker } from './openapi.mjs';
import { assertPublished, findOperation } from './published_contract.mjs';

const readAll = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function forward(target, { method, url, headers }, payload) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${target}${url}`, { method, headers: { ...headers, host: new URL(target).host } }, async (response) => {
      const text = (await readAll(response)).toString();
      resolve({ status: response.statusCode, headers: response.headers, text, body: parsed(text) });
    });
    request.on('error', reject);
    request.end(payload);
  });
}

/**
 * `management_url` is the proxy's. After each test everything that passed must have been as announced; `exchanges` is what passed
 * during the current test: {operation, method, path, status, sent, body}.
 */
export async function useContractProxy(server) {
  const origin = new URL(server.management_url).origin;
  const base = new URL(server.management_url).pathname;
  const checkDocument = await openApiChecker(server);
  const exchanges = [];
  const problems = [];

  const check = (exchange, answer) => {
    try {
      const operation = findOperation(exchange.method, exchange.path);
      if (operation) assertPublished(operation, answer);
      checkDocument(exchange);
    } catch (error) {
      problems.push(`${exchange.method} ${exchange.path}: ${error.message}`);
    }
  };

  const proxy = http.createServer(async (incoming, outgoing) => {
    try {
      const payload = await readAll(incoming);
      const answer = await forward(origin, incoming, payload);
      const path = new URL(incoming.url, origin).pathname.slice(base.length);
      const exchange = { operation: findOperation(incoming.method, path)?.id, method: incoming.method, path, status: answer.status, sent: parsed(payload.toString()), body: answer.body };
      exchanges.push(exchange);
      check(exchange, answer);
      const { 'transfer-encoding': _, connection: __, ...headers } = answer.headers;
      outgoing.writeHead(answer.status, headers);
      outgoing.end(answer.text);
    } catch (error) {
      problems.push(`${incoming.method} ${incoming.url}: ${error.message}`);
      outgoing.destroy();
    }
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  after(() => new Promise((resolve) => (proxy.close(resolve), proxy.closeAllConnections())));
  afterEach(() => {
    exchanges.length = 0;
    assert.deepEqual(problems.splice(0), []);
  });
  return { management_url: `http://127.0.0.1:${proxy.address().port}${base}`, exchanges };
}
