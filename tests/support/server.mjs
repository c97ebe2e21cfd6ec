// An Argonauth of its own for a test file: started before, stopped and checked after.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { spawn } from 'node:child_process';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

export const binary = process.env.ARGONAUTH_BIN ?? fileURLToPath(new URL('../../build/release/argonauth', import.meta.url));

/** A path for a data directory, not made yet: the server makes it as PostgreSQL needs it. */
export function newDataDir() {
  return path.join(os.tmpdir(), `argonauth-test-${crypto.randomUUID()}`);
}
export function removeDataDir(dir) {
  fs.rmSync(dir, { recursive: true, force: true });
}

const deadline = (promise, ms, what) => {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

export class Server {
  stderr = '';
  panel = null;

  /** Starts `argonauth dev`; resolves when it has printed its panel. */
  static async start({ args = [], dataDir, port = 0, env = {}, readyWithin = 20_000, program = binary } = {}) {
    const server = new Server();
    const place = dataDir ? ['--data-dir', dataDir] : ['--ephemeral'];
    server.child = spawn(program, ['dev', ...place, '--port', String(port), '--json', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // The name is ours; the program refuses what it does not know.
      env: { ...process.env, ARGONAUTH_BIN: undefined, ...env },
    });
    server.ended = new Promise((resolve) => {
      server.child.once('exit', (code, signal) => {
        // Its last words are still in the pipe; but a PostgreSQL that outlives it may hold the pipe open for ever.
        const resolveOnce = () => resolve({ code, signal });
        server.child.once('close', resolveOnce);
        setTimeout(resolveOnce, 200);
      });
    });
    server.child.stderr.on('data', (chunk) => (server.stderr = (server.stderr + chunk).slice(-200_000)));
    const lines = readline.createInterface({ input: server.child.stdout });
    server.stdout = [];
    const ready = new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        server.stdout.push(line);
        if (server.stdout.length === 1) resolve(line);
      });
      server.child.once('error', reject);
      server.ended.then(({ code, signal }) => reject(new Error(`argonauth ended before it was ready (${code ?? signal})\n${server.stderr}`)));
    });
    try {
      server.panel = JSON.parse(await deadline(ready, readyWithin, 'start'));
    } catch (error) {
      await server.kill();
      error.stderr = server.stderr;
      throw error;
    }
    return server;
  }

  get baseUrl() {
    return this.panel.base_url;
  }
  get origin() {
    return new URL(this.panel.base_url).origin;
  }
  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Stops the server and insists that it ends cleanly, by itself, and in time. */
  async stop() {
    assert.ok(this.running, `the server ended during the tests\n${this.stderr}`);
    this.child.kill('SIGTERM');
    try {
      const { code, signal } = await deadline(this.ended, 10_000, 'stop');
      assert.deepEqual({ code, signal }, { code: 0, signal: null }, `the server did not end cleanly\n${this.stderr}`);
    } finally {
      await this.kill();
    }
  }

  /** Ends the program, and only the program, without a chance to clean up. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.ended;
    this.child.stdout.destroy();
    this.child.stderr.destroy();
  }
}

/**
 * `const server = await useServer({args})` at the top of a test file: everything of the panel, plus `origin`, and
 * `process` for the tests that care about the program itself.
 */
export async function useServer(options = {}) {
  const started = await Server.start(options);
  after(() => started.stop());
  return { ...started.panel, origin: started.origin, process: started };
}
