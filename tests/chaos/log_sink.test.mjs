// Nobody reads the log: a pipe whose reader hangs, and a socket of a journal that stopped. Requests go on.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, it } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { request } from '../support/http.mjs';
import { cleanEnvironment } from '../support/node.mjs';
import { binary } from '../support/server.mjs';

const home = fs.mkdtempSync('/tmp/argonauth-log-');
after(() => fs.rmSync(home, { recursive: true, force: true }));

/** Two ways to hold a log without reading it: `stdio` for the program, and what can be read of it in the end. */
const sinks = {
  'a full pipe': () => {
    const fifo = path.join(home, 'log');
    execFileSync('mkfifo', [fifo]);
    const ours = fs.openSync(fifo, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const part = Buffer.alloc(65536);
    const read = () => {
      try {
        return part.toString('utf8', 0, fs.readSync(ours, part));
      } catch (error) {
        if (error.code === 'EAGAIN') return '';
        throw error;
      }
    };
    return { stdio: fs.openSync(fifo, 'w'), read };
  },
  // Node gives its children sockets and calls them pipes.
  'a socket that is not read': () => ({ stdio: 'pipe', read: (child) => child.stderr.read()?.toString() ?? '' }),
};

for (const [name, make] of Object.entries(sinks)) {
  it(`F-35: ${name} holds up no request, and later the log says how much is missing`, async () => {
    const sink = make();
    const child = spawn(binary, ['dev', '--ephemeral', '--port', '0', '--json', '--log-level', 'debug'], { env: cleanEnvironment(), stdio: ['ignore', 'pipe', sink.stdio] });
    const exit = once(child, 'exit');
    after(() => child.kill('SIGKILL'));
    const [first] = await once(child.stdout, 'data');
    const { origin } = new URL(JSON.parse(first).base_url);
    // A line of one kilobyte for each; both sinks hold a few hundred.
    const strange = { headers: { 'transfer-encoding': `odd-${'x'.repeat(900)}` } };
    const ask = async () => assert.equal((await request(`${origin}/`, strange)).status, 400);
    for (let i = 0; i < 3000; ++i) await ask();
    let text = '';
    await eventually(async () => {
      await ask();
      text += sink.read(child);
      assert.match(text, /log lines were lost/);
    }, { within: 10_000 });
    const lines = text.split('\n').slice(0, -1).map((line) => JSON.parse(line));
    const told = lines.find(({ message }) => /log lines were lost/.test(message));
    assert.ok(told.count > 100, JSON.stringify(told));
    child.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
  });
}
