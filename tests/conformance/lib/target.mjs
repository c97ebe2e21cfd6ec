// Starts the server under test for one profile and waits until it answers.
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { connect } from '../../support/connect.mjs';
import { rawRequest } from './http.mjs';
import { applySettings } from './settings.mjs';
import { resolveProfile } from '../profiles.mjs';

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const basePath = process.env.BASE_PATH ?? '/neondb/auth';

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group is gone already.
    }
  };
  signal('SIGTERM');
  const impatience = setTimeout(() => signal('SIGKILL'), 8000);
  await gone;
  clearTimeout(impatience);
}

/** SQL on the server's database, once the server has said where that is; one connection, opened when first used. */
function database(uriFile) {
  let opening = null;
  return {
    async sql(text, values) {
      opening ??= connect(fs.readFileSync(uriFile, 'utf8').trim());
      const client = await opening;
      const { rows } = await client.query(text, values);
      return rows;
    },
    async close() {
      await (await opening)?.end();
    },
  };
}

/** Runs `command` with the profile in its environment; resolves once `GET <base>/ok` answers 200. */
export async function launch(command, profile, { smtpUrl, webhookUrl, providerUrl }) {
  const port = await freePort();
  const uriFile = path.join(os.tmpdir(), `conformance-${process.pid}-${profile}.uri`);
  const child = spawn('/bin/sh', ['-c', command], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PORT: String(port),
      HOST: '127.0.0.1',
      BASE_PATH: basePath,
      PROFILE: profile,
      PROFILE_CONFIG: JSON.stringify(resolveProfile(profile)),
      SMTP_URL: smtpUrl,
      WEBHOOK_URL: webhookUrl,
      PROVIDER_URL: providerUrl,
      CONNECTION_URI_FILE: uriFile, // may be written, never has to be
    },
  });
  const base = `http://127.0.0.1:${port}${basePath}`;
  const end = Date.now() + Number(process.env.LAUNCH_TIMEOUT_MS ?? 20000);
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server for profile ${profile} ended early (${child.exitCode ?? child.signalCode})`);
    const answer = await rawRequest(`${base}/ok`, { timeout: 1000 }).catch(() => null);
    if (answer?.status === 200) {
      const db = fs.existsSync(uriFile) ? database(uriFile) : null;
      return {
        base,
        sql: db?.sql,
        configure: db && ((config) => applySettings(db.sql, config, { smtpUrl, webhookUrl })),
        async stop() {
          await db?.close();
          await stop(child);
          fs.rmSync(uriFile, { force: true });
        },
      };
    }
    if (Date.now() > end) {
      await stop(child);
      throw new Error(`the server for profile ${profile} did not answer GET /ok in time`);
    }
    await pause(50);
  }
}
