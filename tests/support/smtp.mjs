// A real SMTP server (smtp-server) whose behaviour a test chooses: `const smtp = await startSmtp({...})`.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { eventually } from './eventually.mjs';

/** A certificate for localhost and 127.0.0.1, signed by itself: PEM texts and the file of the certificate. */
export function makeCertificate() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'argonauth-cert-'));
  after(() => fs.rmSync(dir, { recursive: true, force: true }));
  const [key, certificate] = ['key.pem', 'cert.pem'].map((name) => path.join(dir, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { file: certificate, key: fs.readFileSync(key, 'utf8'), cert: fs.readFileSync(certificate, 'utf8') };
}

/**
 * `onRcpt(attempt)`, `onMail(attempt)` and `onData(attempt, session)` may throw what the client shall hear; an error has `responseCode`.
 * What was taken is in `mails`, what was tried in `attempts`, who signed in in `logins`.
 */
export async function startSmtp({ port = 0, onMail, onRcpt, onData, users, ...options } = {}) {
  const smtp = { mails: [], attempts: 0, logins: [], secure: [] };
  const answer = (callback, check) => {
    Promise.resolve()
      .then(check)
      .then(() => callback(), callback);
  };
  const server = new SMTPServer({
    authOptional: !users,
    disableReverseLookup: true,
    logger: false,
    hideSTARTTLS: !options.key,
    disabledCommands: options.key ? [] : ['STARTTLS'],
    ...options,
    onAuth: (auth, session, callback) => {
      smtp.logins.push({ method: auth.method, username: auth.username, password: auth.password, secure: session.secure });
      const known = users?.[auth.username] === auth.password;
      callback(known ? null : new Error('who are you'), { user: auth.username });
    },
    onMailFrom: (address, session, callback) => {
      smtp.attempts += 1;
      smtp.secure.push(session.secure);
      answer(callback, () => onMail?.(smtp.attempts));
    },
    onRcptTo: (address, session, callback) => answer(callback, () => onRcpt?.(smtp.attempts)),
    onData: (stream, session, callback) => {
      answer(callback, async () => {
        try {
          await onData?.(smtp.attempts, session, server);
        } catch (error) {
          stream.resume(); // smtp-server answers when all of the message has been read
          await new Promise((resolve) => stream.once('end', resolve).once('close', resolve));
          throw error;
        }
        const parsed = await simpleParser(stream);
        smtp.mails.push({ envelope: session.envelope, recipients: session.envelope.rcptTo.map((to) => to.address), parsed });
      });
    },
  });
  server.on('error', () => {});
  await new Promise((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  smtp.port = server.server.address().port;
  smtp.close = () => new Promise((resolve) => server.close(resolve));
  smtp.to = (address) => smtp.mails.filter((mail) => mail.recipients.includes(address));
  /** The one mail to an address; fails when there is none, or more than one. */
  smtp.only = (address, options) =>
    eventually(
      () => {
        const mails = smtp.to(address);
        if (mails.length !== 1) throw new Error(`${mails.length} mails to ${address}`);
        return mails[0];
      },
      { within: 10_000, ...options },
    );
  after(() => smtp.close().catch(() => {}));
  return smtp;
}

export const refusal = (responseCode, message) => Object.assign(new Error(message), { responseCode });

/** A port that nobody listens on. */
export async function freePort() {
  const { createServer } = await import('node:net');
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
