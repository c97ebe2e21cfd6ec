// Nodes of `argonauth serve`, and the commands beside it.
import assert from 'node:assert/strict';
import readline from 'node:readline';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { binary } from './server.mjs';

/** The environment without settings of ours that the shell may have. */
export const cleanEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ARGONAUTH_')));

/** Runs a command to its end. */
export async function runCommand(args, { env = {}, input = '' } = {}) {
  const child = spawn(binary, args, { env: { ...cleanEnvironment(), ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  child.stdin.on('error', () => {}); // It may end without reading.
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, ...output };
}

export class Node {
  stderr = '';

  /** Starts a node and waits for its ready line, unless it is to be killed before. */
  static async start({ env, port = 0, args = [], threads = 2, killAfter }) {
    const node = new Node();
    node.child = spawn(binary, ['serve', '--port', String(port), '--json', '--threads', String(threads), '--no-rate-limit', ...args], {
      env: { ...cleanEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (killAfter !== undefined) setTimeout(() => node.child.kill('SIGKILL'), killAfter);
    node.child.stderr.on('data', (chunk) => (node.stderr = (node.stderr + chunk).slice(-200_000)));
    node.ended = once(node.child, 'exit').then(([code, signal]) => ({ code, signal }));
    const lines = readline.createInterface({ input: node.child.stdout });
    const first = await Promise.race([once(lines, 'line').then(([line]) => line), node.ended.then(() => null)]);
    if (first === null) throw new Error(`argonauth serve ended before it was ready\n${node.stderr}`);
    Object.assign(node, JSON.parse(first));
    return node;
  }

  async stop() {
    if (this.child.exitCode !== null) return;
    this.child.kill('SIGTERM');
    assert.deepEqual(await this.ended, { code: 0, signal: null }, this.stderr);
  }
}
