// The disk of the data directory is full: what needs no space goes on, what needs it is a 503, and space that is freed is enough to mend it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { after, it } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { authClient, request } from '../support/http.mjs';
import { managementClient } from '../support/management.mjs';
import { Server } from '../support/server.mjs';
import { freshEmail, password, signIn, signUp, whoIs } from '../support/users.mjs';

const disk = fs.mkdtempSync('/tmp/argonauth-disk-');
const mounted = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=220m,mode=0755', 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // Not root, or not allowed to.
  }
})();
after(() => {
  if (mounted) execFileSync('umount', ['-l', disk]);
  fs.rmSync(disk, { recursive: true, force: true });
});

const filling = path.join(disk, 'filling');
function fill() {
  const file = fs.openSync(filling, 'w');
  for (let size = 1 << 20; size >= 4096; ) {
    try {
      if (fs.writeSync(file, Buffer.alloc(size)) < size) size /= 2;
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
      size /= 2;
    }
  }
  fs.closeSync(file);
}

it('F-12: reads go on, writes are 503, nothing that was acknowledged is lost, and it recovers by itself', { skip: !mounted && 'a small disk needs the right to mount' }, async () => {
  const server = await Server.start({ dataDir: path.join(disk, 'data') });
  after(() => server.running && server.stop());
  const user = await signUp(server.baseUrl);
  const api = managementClient(server.panel);
  const auth = authClient(server.baseUrl);
  const acknowledged = [];
  const trySignUp = async () => {
    const email = freshEmail();
    const answer = await auth.post('/sign-up/email', { email, password, name: 'x'.repeat(200) }, { timeout: 30_000 });
    if (answer.status === 200) acknowledged.push(email);
    return answer;
  };
  fill();
  let refused;
  for (let i = 0; i < 300 && !refused; ++i) {
    const answer = await trySignUp();
    if (answer.status !== 200) refused = answer;
  }
  assert.equal(refused?.status, 503, refused?.text);
  assert.match(refused.headers['retry-after'], /^\d+$/);
  assert.equal(await whoIs(server.baseUrl, user.jar), user.id);
  assert.equal((await request(`${server.origin}/health/live`)).status, 200);
  const { project_id } = server.panel;
  const branch = await api.createProjectBranch({ project_id }, { body: { branch: { name: 'too big' } } });
  assert.equal(branch.status, 503, branch.text);
  assert.equal((await api.listProjectBranches({ project_id })).body.branches.length, 1);

  fs.rmSync(filling);
  await eventually(async () => assert.equal((await trySignUp()).status, 200), { within: 20_000, every: 100 });
  for (const email of acknowledged.slice(-5)) await signIn(server.baseUrl, { email, password });
  const made = await api.createProjectBranch({ project_id }, { body: { branch: { name: 'small enough' } } });
  assert.equal(made.status, 201, made.text);
});
