// Argonauth for one profile, in the foreground: prepare a data directory with a first, private run (profile
// settings and the root administrator), then serve on $PORT from the same directory until SIGTERM.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { spawn } from 'node:child_process';
import { connect } from '../../support/connect.mjs';
import { endpointsAt } from './provider.mjs';
import { applySettings } from './settings.mjs';

const { PORT, HOST = '127.0.0.1', BASE_PATH = '/neondb/auth', PROFILE = 'default', PROFILE_CONFIG, SMTP_URL, WEBHOOK_URL, PROVIDER_URL, CONNECTION_URI_FILE } = process.env;
const binary = process.env.ARGONAUTH_BIN ?? new URL('../../../build/release/argonauth', import.meta.url).pathname;
const profile = PROFILE_CONFIG ? JSON.parse(PROFILE_CONFIG) : (await import('../profiles.mjs')).resolveProfile(PROFILE);
// Not made here: the server makes it, with an owner and a mode that suit PostgreSQL.
const dataDir = path.join(os.tmpdir(), `argonauth-conformance-${crypto.randomUUID()}`);
const endpointsFile = PROVIDER_URL ? `${dataDir}.endpoints.json` : undefined;
if (endpointsFile) fs.writeFileSync(endpointsFile, JSON.stringify(endpointsAt(PROVIDER_URL)));
let running = null;
let stopping = false;
let log = ''; // the end of what the server had to say; shown when something went wrong

/** Starts the server and resolves with its panel. A group of its own lets us hand on exactly one SIGTERM. */
function start(port) {
  const args = ['dev', '--data-dir', dataDir, '--port', String(port), '--routing', 'single', '--trusted-proxies', '127.0.0.1/32', '--json'];
  if (port) args.push('--public-url', `http://${HOST}:${port}`); // the address the scenarios use: links in mails lead there
  const child = spawn(binary, args, { detached: true, env: { ...process.env, ARGONAUTH_BIN: undefined, ARGONAUTH_OAUTH_ENDPOINTS: endpointsFile }, stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  child.stderr.on('data', (chunk) => (log = (log + chunk).slice(-20_000)));
  child.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const panel = new Promise((resolve, reject) => {
    readline.createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    child.once('error', reject);
    child.ended.then((how) => reject(new Error(`argonauth ended before it was ready (${how})`)));
  });
  return { child, panel };
}

async function stop(child) {
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 6000);
  await child.ended;
  clearTimeout(impatience);
}

/** Signs the administrator up while the settings are still the defaults: some profiles allow no sign-up. */
async function seedAdmin(baseUrl, db) {
  const { email, password, name } = profile.rootAdmin;
  const answer = await fetch(`${baseUrl}/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(baseUrl).origin },
    body: JSON.stringify({ email, password, name }),
  });
  if (!answer.ok) throw new Error(`the root administrator was refused: ${answer.status} ${await answer.text()}`);
  await db.query(`UPDATE neon_auth."user" SET role = 'admin', "emailVerified" = true WHERE email = $1`, [email]);
  await db.query('DELETE FROM neon_auth.session');
}

async function prepare() {
  const { child, panel } = start(0);
  const { base_url, connection_uri } = await panel;
  const db = await connect(connection_uri);
  try {
    await seedAdmin(base_url, db);
    const sql = async (text, values) => (await db.query(text, values)).rows;
    await applySettings(sql, profile, { smtpUrl: SMTP_URL, webhookUrl: WEBHOOK_URL });
  } finally {
    await db.end();
  }
  await stop(child);
}

async function serve() {
  const { child, panel } = start(PORT);
  const { base_url, connection_uri } = await panel;
  if (new URL(base_url).pathname !== BASE_PATH) throw new Error(`serves ${base_url}, but $BASE_PATH is ${BASE_PATH}`);
  if (CONNECTION_URI_FILE) fs.writeFileSync(CONNECTION_URI_FILE, connection_uri, { mode: 0o600 });
  return child.ended;
}

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    stopping = true;
    if (running) stop(running);
  });
}

let status = 0;
try {
  await prepare();
  const how = stopping ? 0 : await serve();
  if (how !== 0) throw new Error(`argonauth ended with ${how}`);
} catch (error) {
  if (!stopping) console.error(`launch: ${error.message}\n${log}`);
  status = stopping ? 0 : 1;
  if (running) await stop(running);
} finally {
  fs.rmSync(dataDir, { recursive: true, force: true });
  if (endpointsFile) fs.rmSync(endpointsFile, { force: true });
}
process.exit(status);
