// Where mails and webhooks of the server under test end up: an SMTP sink, a webhook sink, and one
// small HTTP API from which the runner reads codes and links.
//
//   POST /webhook                 any JSON; stored
//   GET  /messages?to=<address>   stored mails to that address, oldest first
//   GET  /hooks?match=<text>      stored webhook bodies containing that text, oldest first
//   DELETE /all                   forget everything
//   .../provider/...              an identity provider, see lib/provider.mjs

import http from 'node:http';
import { SMTPServer } from 'smtp-server';
import { simpleParser } from 'mailparser';
import { Provider } from './lib/provider.mjs';

const KEEP = 5000;

export async function startSinks({ smtpPort = 0, httpPort = 0, host = '127.0.0.1' } = {}) {
  const mails = [];
  const hooks = [];
  const keep = (list, item) => {
    list.push(item);
    if (list.length > KEEP) list.splice(0, list.length - KEEP);
  };

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    hideSTARTTLS: true,
    disableReverseLookup: true,
    logger: false,
    onAuth: (auth, _s, cb) => cb(null, { user: auth.username }),
    onData(stream, session, cb) {
      simpleParser(stream)
        .then((m) => {
          keep(mails, {
            at: Date.now(),
            from: session.envelope.mailFrom?.address ?? null,
            to: session.envelope.rcptTo.map((r) => r.address.toLowerCase()),
            subject: m.subject ?? '',
            text: m.text ?? '',
            html: typeof m.html === 'string' ? m.html : '',
          });
          cb();
        })
        .catch(cb);
    },
  });
  smtp.on('error', () => {});
  await new Promise((res, rej) => {
    smtp.server.once('error', rej);
    smtp.listen(smtpPort, host, res);
  });

  const provider = new Provider();
  const askProvider = async (req, res, url) => {
    let body = '';
    for await (const chunk of req) body += chunk;
    const { status, type = 'application/json', headers = {}, text } = provider.answer(req.method, url, req.headers, body);
    res.writeHead(status, { 'content-type': type, ...headers }).end(text);
  };

  const api = http.createServer((req, res) => {
    const url = new URL(req.url, 'http://sink');
    if (url.pathname.startsWith('/provider/')) return askProvider(req, res, url);
    const send = (status, body) => {
      res.writeHead(status, { 'content-type': 'application/json' });
      res.end(JSON.stringify(body));
    };
    if (req.method === 'POST') {
      let raw = '';
      req.on('data', (d) => (raw += d));
      req.on('end', () => {
        let body;
        try {
          body = JSON.parse(raw);
        } catch {
          body = raw;
        }
        keep(hooks, { at: Date.now(), path: url.pathname, headers: req.headers, body });
        // "allowed" lets blocking hooks of the Neon kind through.
        send(200, { received: true, allowed: true });
      });
      return;
    }
    if (req.method === 'GET' && url.pathname === '/messages') {
      const to = (url.searchParams.get('to') ?? '').toLowerCase();
      return send(200, mails.filter((m) => !to || m.to.includes(to)));
    }
    if (req.method === 'GET' && url.pathname === '/hooks') {
      const match = url.searchParams.get('match') ?? '';
      return send(200, hooks.filter((h) => JSON.stringify(h.body).includes(match)));
    }
    if (req.method === 'DELETE') {
      mails.length = 0;
      hooks.length = 0;
      return send(200, { ok: true });
    }
    send(404, { error: 'not found' });
  });
  await new Promise((res, rej) => {
    api.once('error', rej);
    api.listen(httpPort, host, res);
  });

  const apiUrl = `http://${host}:${api.address().port}`;
  return {
    smtpUrl: `smtp://${host}:${smtp.server.address().port}`,
    apiUrl,
    webhookUrl: `${apiUrl}/webhook`,
    async close() {
      await new Promise((r) => smtp.close(r));
      api.closeAllConnections?.();
      await new Promise((r) => api.close(r));
    },
  };
}
