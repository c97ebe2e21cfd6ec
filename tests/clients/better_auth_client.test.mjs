// Plain better-auth/client, which many apps use directly, against the branch of the panel.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { installBrowserFetch } from '../support/browser_fetch.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password } from '../support/users.mjs';

const server = await useServer();
const browser = installBrowserFetch('http://localhost:5173');
after(browser.restore);
const { createAuthClient } = await import('better-auth/client');
const auth = createAuthClient({ baseURL: server.base_url });

describe('better-auth/client', () => {
  const email = freshEmail('client');

  it('signs up, and keeps the session', async () => {
    const { data, error } = await auth.signUp.email({ email, password, name: 'Client' });
    assert.equal(error, null, JSON.stringify(error));
    const session = await auth.getSession();
    assert.equal(session.data.user.id, data.user.id);
    assert.equal(session.data.session.token, data.token);
    assert.ok(session.data.user.createdAt instanceof Date);
  });

  it('lists and revokes sessions', async () => {
    await auth.signIn.email({ email, password });
    const { data } = await auth.listSessions();
    assert.equal(data.length, 2);
    assert.equal((await auth.revokeOtherSessions()).data.status, true);
    assert.equal((await auth.listSessions()).data.length, 1);
  });

  it('changes the name', async () => {
    assert.equal((await auth.updateUser({ name: 'Renamed' })).error, null);
    assert.equal((await auth.getSession()).data.user.name, 'Renamed');
  });

  it('signs out', async () => {
    assert.equal((await auth.signOut()).data.success, true);
    assert.equal((await auth.getSession()).data, null);
    assert.deepEqual(browser.jar.names, []);
  });
});
