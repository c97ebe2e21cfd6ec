// Receives webhooks and checks what hosted Neon's documentation tells receivers to check, with node:crypto and the branch's JWKS.
import crypto from 'node:crypto';
import http from 'node:http';
import { after } from 'node:test';
import { eventually } from './eventually.mjs';
import { request } from './http.mjs';

const base64url = (data) => Buffer.from(data).toString('base64url');

/** `answer(delivery)` returns `{status, body, headers}`, or null to leave the connection hanging. */
export async function startReceiver(answer = () => ({ status: 200, body: '{"allowed":true}' })) {
  const receiver = { deliveries: [], answer };
  const server = http.createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const delivery = { at: Date.now(), path: incoming.url, headers: incoming.headers, raw, body: JSON.parse(raw) };
      receiver.deliveries.push(delivery);
      const reply = receiver.answer(delivery);
      if (!reply) return;
      if (reply === 'reset') return incoming.socket.resetAndDestroy();
      outgoing.writeHead(reply.status ?? 200, reply.headers ?? {});
      outgoing.end(reply.body ?? '');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/hook`;
  receiver.of = (type, email) => receiver.deliveries.filter(({ body }) => body.event_type === type && (!email || body.user.email === email));
  receiver.next = (type, email, options) =>
    eventually(() => {
      const found = receiver.of(type, email);
      if (found.length === 0) throw new Error(`no ${type} for ${email}`);
      return found[0];
    }, { within: 5000, ...options });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}

/** Whether the detached signature covers this body and time, by a key of the JWKS. */
export async function verifies(jwksUrl, { headers, raw }) {
  const { keys } = (await request(jwksUrl)).body;
  const jwk = keys.find(({ kid }) => kid === headers['x-neon-signature-kid']);
  if (!jwk) return false;
  const [header, payload, signature] = headers['x-neon-signature'].split('.');
  if (payload !== '') return false;
  const protectedHeader = JSON.parse(Buffer.from(header, 'base64url').toString());
  if (protectedHeader.alg !== 'EdDSA' || protectedHeader.kid !== jwk.kid) return false;
  const input = `${header}.${base64url(`${headers['x-neon-timestamp']}.${base64url(raw)}`)}`;
  return crypto.verify(null, Buffer.from(input), crypto.createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(signature, 'base64url'));
}
