// What a person types wrongly is answered with what is wrong and where to read on, and exit status 2.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from '../support/node.mjs';
import { Server } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';

describe('a mistake on the command line', () => {
  for (const [line, problem, help] of [
    ['', 'argonauth needs a command; it has dev, serve, branch, migrate, api-key, webhook', 'argonauth'],
    ['bogus', 'argonauth has no command bogus; it has dev, serve, branch, migrate, api-key, webhook', 'argonauth'],
    ['webhook list', 'argonauth webhook has no command list; it has deliveries, show, redeliver, test', 'argonauth webhook'],
    ['dev --port 99999', 'argonauth: --port: Value 99999 not in range 0 to 65535', 'argonauth dev'],
    ['dev --prot', 'argonauth: The following argument was not expected: --prot', 'argonauth dev'],
    ['dev --config /nonexistent', 'argonauth: /nonexistent was not readable (missing?)', 'argonauth dev'],
    ['api-key create', 'argonauth: --name is required', 'argonauth api-key create'],
  ]) {
    it(line || 'nothing', async () => {
      const answer = await runCommand(line.split(' ').filter(Boolean));
      assert.deepEqual(answer, { code: 2, stdout: '', stderr: `${problem}\nSee ${help} --help.\n` });
    });
  }
});

it('a variable that is no setting is named', async () => {
  const { code, stderr } = await runCommand(['dev', '--ephemeral'], { env: { ARGONAUTH_PROT: '1' } });
  assert.deepEqual([code, stderr], [2, 'argonauth: ARGONAUTH_PROT is not a setting; see argonauth dev --help and serve --help\n']);
});

it('all that a server has to say is lines of JSON, to its end', async () => {
  const server = await Server.start();
  await signUp(server.baseUrl);
  await server.stop();
  for (const line of server.stderr.split('\n').filter(Boolean)) assert.ok(JSON.parse(line).message, line);
});

it('--help and --version are no mistakes', async () => {
  for (const line of [['--help'], ['dev', '--help'], ['webhook', 'deliveries', '--help'], ['--version']]) {
    const { code, stdout, stderr } = await runCommand(line);
    assert.ok(code === 0 && stdout.length > 4 && stderr === '', line.join(' '));
  }
});
