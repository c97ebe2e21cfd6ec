// The official CLI, as its users run it: a process with flags, a home directory of its own, and an exit status.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../node_modules/neonctl/bin/cli.js', import.meta.url));

/** `await neon('branches', 'list')` answers {code, stdout, stderr}; `neon.json(...)` insists on success and parses what it prints. */
export function useNeonctl({ management_url, api_key }) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'argonauth-neonctl-'));
  after(() => fs.rmSync(home, { recursive: true, force: true }));

  const neon = (...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [cli, '--api-host', management_url, '--no-analytics', '--no-color', ...args], {
        cwd: home,
        env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: path.join(home, '.config'), CI: '1', NEON_API_KEY: api_key },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 60_000,
      });
      const result = { stdout: '', stderr: '' };
      child.stdout.on('data', (chunk) => (result.stdout += chunk));
      child.stderr.on('data', (chunk) => (result.stderr += chunk));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, ...result }));
    });
  neon.ok = async (...args) => {
    const result = await neon(...args);
    assert.equal(result.code, 0, `neon ${args.join(' ')}\n${result.stdout}${result.stderr}`);
    return result.stdout;
  };
  neon.json = async (...args) => {
    const printed = await neon.ok(...args, '--output', 'json');
    assert.notEqual(printed.trim(), '', `neon ${args.join(' ')} printed nothing`);
    return JSON.parse(printed);
  };
  return neon;
}
