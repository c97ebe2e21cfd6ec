// Whoever owns a database may write what the types allow into neon_auth. Whom it concerns, may be refused; nothing may break.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { connect } from '../support/connect.mjs';
import { authClient } from '../support/http.mjs';
import { organizationTools } from '../support/organizations.mjs';
import { Server } from '../support/server.mjs';
import { password, signUp, whoIs } from '../support/users.mjs';

let server, db, client, neighbour;
before(async () => {
  server = await Server.start();
  db = await connect(server.panel.connection_uri);
  client = authClient(server.baseUrl);
  neighbour = await signUp(server.baseUrl);
});
after(async () => {
  await db.end();
  await server.stop();
});

const times = ['infinity', '-infinity', '4713-01-01 BC', '294276-12-31'];
const texts = ['', '{"a":', 'x'.repeat(4000)];
/** The rows of one person: a column, and what somebody may write into it. */
const rows = [
  ...['createdAt', 'updatedAt', 'banExpires'].map((column) => ({ table: 'user', key: 'id', column, values: times })),
  ...['expiresAt', 'createdAt', 'updatedAt'].map((column) => ({ table: 'session', key: 'userId', column, values: times })),
  ...['accessTokenExpiresAt', 'createdAt', 'updatedAt'].map((column) => ({ table: 'account', key: 'userId', column, values: times })),
  { table: 'member', key: 'userId', column: 'createdAt', values: times },
  ...['name', 'email', 'image', 'role', 'banReason', 'phoneNumber'].map((column) => ({ table: 'user', key: 'id', column, values: texts })),
  ...['ipAddress', 'userAgent', 'impersonatedBy', 'activeOrganizationId'].map((column) => ({ table: 'session', key: 'userId', column, values: texts })),
  ...['accountId', 'providerId', 'password', 'accessToken', 'scope'].map((column) => ({ table: 'account', key: 'userId', column, values: texts })),
  { table: 'member', key: 'userId', column: 'role', values: texts },
];

/** What the person's app goes on to ask. */
const questions = {
  'get-session': ({ jar }) => client.get('/get-session', { jar }),
  token: ({ jar }) => client.get('/token', { jar }),
  'sign-in': ({ email }) => client.post('/sign-in/email', { email, password }),
  'list-sessions': ({ jar }) => client.get('/list-sessions', { jar }),
  'list-accounts': ({ jar }) => client.get('/list-accounts', { jar }),
  'update-user': ({ jar }) => client.post('/update-user', { name: 'New Name' }, { jar }),
  'list-organizations': ({ jar }) => client.get('/organization/list', { jar }),
  'get-full-organization': ({ jar }) => client.get('/organization/get-full-organization', { jar }),
  'list-members': ({ jar }) => client.get('/organization/list-members', { jar }),
};

describe('F-37: rows that somebody spoilt', () => {
  for (const { table, key, column, values } of rows) {
    it(`${table}.${column}`, async () => {
      const tools = organizationTools(server.baseUrl);
      for (const value of values) {
        const { owner } = await tools.found();
        await db.query(`UPDATE neon_auth."${table}" SET "${column}" = $1 WHERE "${key}" = $2`, [value, owner.id]);
        for (const [name, ask] of Object.entries(questions)) {
          const answer = await ask(owner);
          assert.ok(answer.status < 500, `${name} with ${JSON.stringify(value.slice(0, 20))}: ${answer.text}`);
        }
        await db.query('DELETE FROM neon_auth."user" WHERE id = $1', [owner.id]);
      }
      assert.equal(await whoIs(server.baseUrl, neighbour.jar), neighbour.id);
    });
  }

  it('banned until infinity is banned', async () => {
    const user = await signUp(server.baseUrl);
    await db.query(`UPDATE neon_auth."user" SET banned = true, "banExpires" = 'infinity' WHERE id = $1`, [user.id]);
    const answer = await client.post('/sign-in/email', { email: user.email, password });
    assert.deepEqual([answer.status, answer.body.code], [403, 'BANNED_USER']);
  });
});

describe('an owner of the database who', () => {
  const someone = (domain) => ({ email: `x${Math.random()}@${domain}`, password, name: 'X' });

  it('refuses a row by trigger is heard, and what the trigger says is not repeated', async () => {
    await db.query(`
      CREATE FUNCTION public.only_staff() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN IF NEW.email LIKE '%@outside.test' THEN RAISE EXCEPTION 'secret words'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER only_staff BEFORE INSERT ON neon_auth."user" FOR EACH ROW EXECUTE FUNCTION public.only_staff()`);
    const refused = await client.post('/sign-up/email', someone('outside.test'));
    assert.deepEqual([refused.status, refused.body.code], [422, 'REFUSED_BY_DATABASE']);
    assert.ok(!refused.text.includes('secret'));
    assert.equal((await client.post('/sign-up/email', someone('inside.test'))).status, 200);
  });

  it('renames a column gets a 503 until it is undone', async () => {
    await db.query('ALTER TABLE neon_auth."user" RENAME COLUMN name TO label');
    assert.equal((await client.post('/sign-up/email', someone('example.test'))).status, 503);
    await db.query('ALTER TABLE neon_auth."user" RENAME COLUMN label TO name');
    assert.equal((await client.post('/sign-up/email', someone('example.test'))).status, 200);
    assert.equal(await whoIs(server.baseUrl, neighbour.jar), neighbour.id);
  });
});
