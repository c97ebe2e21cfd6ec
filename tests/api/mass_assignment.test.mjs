// Fields a client may not set: they are refused or ignored, never stored.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { describe, it } from 'node:test';
import { useDatabase } from '../support/db.mjs';
import { authClient } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { freshEmail, password, signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const auth = () => authClient(server.base_url);

const protectedFields = {
  role: 'admin',
  emailVerified: true,
  id: crypto.randomUUID(),
  banned: true,
  banReason: 'x',
  banExpires: '2030-01-01T00:00:00.000Z',
  createdAt: '2001-01-01T00:00:00.000Z',
  updatedAt: '2001-01-01T00:00:00.000Z',
  phoneNumber: '+15550001111',
  phoneNumberVerified: true,
  isAdmin: true,
  twoFactorEnabled: true,
};
const prototypes = ['{"__proto__":{"role":"admin"}', '{"constructor":{"prototype":{"role":"admin"}}', '{"toString":"x"'];

async function assertUntouched(id) {
  const [row] = await sql('SELECT id, role, "emailVerified", banned, "banReason", "banExpires", "createdAt" > now() - interval \'1 hour\' AS recent FROM neon_auth."user" WHERE id = $1', [id]);
  assert.deepEqual(row, { id, role: 'user', emailVerified: false, banned: false, banReason: null, banExpires: null, recent: true });
}

describe('S121: sign-up', () => {
  for (const [field, value] of Object.entries(protectedFields)) {
    it(`with ${field}`, async () => {
      const answer = await auth().post('/sign-up/email', { email: freshEmail(), password, name: 'X', [field]: value });
      if (answer.status !== 200) return assert.equal(answer.status, 400, answer.text);
      if (field === 'id') assert.notEqual(answer.body.user.id, value);
      await assertUntouched(answer.body.user.id);
    });
  }

  it('with the role says so', async () => {
    const answer = await auth().post('/sign-up/email', { email: freshEmail(), password, name: 'X', role: 'admin' });
    assert.deepEqual([answer.status, answer.body], [400, { message: 'role is not allowed to be set', code: 'FIELD_NOT_ALLOWED' }]);
  });

  it('with prototypes', async () => {
    for (const start of prototypes) {
      const raw = `${start},"email":"${freshEmail()}","password":"${password}","name":"X"}`;
      const answer = await auth().post('/sign-up/email', null, { raw, headers: { 'content-type': 'application/json' } });
      if (answer.status !== 200) assert.equal(answer.status, 400, answer.text);
      else await assertUntouched(answer.body.user.id);
    }
  });

  it('with a key twice: one of them counts, for the check and for the row', async () => {
    const [first, second] = [freshEmail('first'), freshEmail('second')];
    const raw = `{"email":"${first}","email":"${second}","password":"${password}","name":"X"}`;
    const answer = await auth().post('/sign-up/email', null, { raw, headers: { 'content-type': 'application/json' } });
    if (answer.status !== 200) return assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.body.user.email, second);
  });
});

describe('S122: update-user', () => {
  for (const [field, value] of Object.entries({ ...protectedFields, email: freshEmail(), userId: crypto.randomUUID() })) {
    it(`with ${field}`, async () => {
      const user = await signUp(server.base_url);
      const answer = await auth().post('/update-user', { name: 'Kept', [field]: value }, { jar: user.jar });
      assert.ok(answer.status === 200 || answer.status === 400, answer.text);
      await assertUntouched(user.id);
      const [{ email }] = await sql('SELECT email FROM neon_auth."user" WHERE id = $1', [user.id]);
      assert.equal(email, user.email);
    });
  }
});
