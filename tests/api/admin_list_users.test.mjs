// GET /admin/list-users: what is searched is found, and nothing else; every page once; no parameter reaches SQL as text.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { before, describe, it } from 'node:test';
import { signUpAdmin } from '../support/admins.mjs';
import { useDatabase } from '../support/db.mjs';
import { authClient, request } from '../support/http.mjs';
import { useServer } from '../support/server.mjs';
import { signUp } from '../support/users.mjs';

const server = await useServer();
const sql = useDatabase(server);
const client = authClient(server.base_url);
const run = crypto.randomBytes(4).toString('hex');
let admin;

/** People by SQL: their columns are chosen, and no password is hashed. */
async function insert(name, email, columns = {}) {
  const keys = Object.keys(columns).map((column) => `, "${column}"`).join('');
  const marks = Object.keys(columns).map((_, i) => `, $${i + 3}`).join('');
  await sql(`INSERT INTO neon_auth."user" (name, email, "emailVerified", role, banned${keys}) VALUES ($1, $2, false, 'user', false${marks})`, [name, email, ...Object.values(columns)]);
}

before(async () => {
  admin = await signUpAdmin(server.base_url, sql, { name: 'Boss' });
  for (let i = 0; i < 30; ++i) {
    await insert(`P${String(i).padStart(2, '0')} ${run}`, `p${String(i).padStart(2, '0')}.${run}@example.test`, { createdAt: new Date(Date.UTC(2020, 0, 1 + (i % 5))).toISOString() });
  }
  await insert(`100%_${run} \\ "q" 'x'`, `odd_${run}@example.test`);
  await insert(`李🦊${run}`, `uni.${run}@example.test`, { image: 'https://img.test/1' });
});

const list = (query) => client.get('/admin/list-users', { query, jar: admin.jar });
const names = async (query) => {
  const answer = await list(query);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.total >= answer.body.users.length, true);
  return answer.body.users.map(({ email }) => email.split(/[.@]/)[0]);
};
const refused = async (query, field) => {
  const answer = await list(query);
  assert.deepEqual([answer.status, answer.body?.code], [400, 'VALIDATION_ERROR'], answer.text);
  assert.ok(answer.body.message.startsWith(`[query.${field}] `), answer.body.message);
};

describe('search', () => {
  it('contains, starts and ends', async () => {
    assert.deepEqual(await names({ searchValue: `07.${run}` }), ['p07']);
    assert.deepEqual(await names({ searchValue: `p07.${run}`, searchOperator: 'starts_with' }), ['p07']);
    assert.deepEqual(await names({ searchValue: `07.${run}`, searchOperator: 'starts_with' }), []);
    assert.deepEqual(await names({ searchValue: `p07.${run}@example.test`, searchOperator: 'ends_with' }), ['p07']);
    assert.deepEqual(await names({ searchValue: `P07 ${run}`, searchField: 'name' }), ['p07']);
    assert.deepEqual(await names({ searchValue: `p07 ${run}`, searchField: 'name' }), []);
    assert.equal((await list({ searchValue: '' })).status, 200);
  });

  it('with one, two and three characters, and with those that are several bytes', async () => {
    for (const searchValue of ['p', 'p0', 'p07', `p07.${run}@example.test`]) assert.ok((await names({ searchValue, limit: 1000 })).includes('p07'), searchValue);
    for (const searchValue of ['李', '🦊', '李🦊', `李🦊${run[0]}`, `🦊${run}`]) assert.deepEqual(await names({ searchValue, searchField: 'name' }), ['uni'], searchValue);
  });

  it('S208: %, _, and backslash stand for themselves', async () => {
    assert.deepEqual(await names({ searchValue: `%${run}` }), []);
    assert.deepEqual(await names({ searchValue: `_${run}` }), ['odd_' + run]);
    assert.deepEqual(await names({ searchValue: `100%_${run}`, searchField: 'name' }), ['odd_' + run]);
    assert.deepEqual(await names({ searchValue: `${run} \\`, searchField: 'name' }), ['odd_' + run]);
    assert.deepEqual(await names({ searchValue: '\\', searchField: 'name', filterField: 'email', filterOperator: 'contains', filterValue: run }), ['odd_' + run]);
    for (const searchValue of [`"q" 'x'`, `' OR 1=1 --`, `$1`, `%' OR '1'='1`]) assert.ok((await names({ searchValue, searchField: 'name' })).length <= 1, searchValue);
  });

  it('finds a name that changed by its new letters only', async () => {
    const user = await signUp(server.base_url, { name: `Before ${run}` });
    await client.post('/admin/update-user', { userId: user.id, data: { name: `After ${run}` } }, { jar: admin.jar });
    assert.deepEqual((await list({ searchValue: `Before ${run}`, searchField: 'name' })).body.users, []);
    assert.deepEqual((await list({ searchValue: `After ${run}`, searchField: 'name' })).body.users.map(({ id }) => id), [user.id]);
  });
});

describe('paging', () => {
  it('shows everybody once, in any order', async () => {
    for (const order of [{}, { sortBy: 'createdAt' }, { sortBy: 'createdAt', sortDirection: 'desc' }, { sortBy: 'name', sortDirection: 'desc' }, { sortBy: 'role' }, { sortBy: 'banExpires' }]) {
      const seen = [];
      for (let offset = 0; offset < 35; offset += 7) {
        const { body } = await list({ searchValue: `.${run}@`, limit: 7, offset, ...order });
        assert.equal(body.total, 31);
        assert.deepEqual([body.limit, body.offset], [7, offset || undefined]);
        seen.push(...body.users.map(({ id }) => id));
      }
      assert.deepEqual([seen.length, new Set(seen).size], [31, 31], JSON.stringify(order));
    }
  });

  it('sorts by each column', async () => {
    const asked = { searchValue: `.${run}@`, searchOperator: 'contains', limit: 31 };
    for (const sortBy of ['id', 'name', 'email', 'emailVerified', 'image', 'createdAt', 'updatedAt', 'role', 'banned', 'banReason', 'banExpires']) {
      const answer = await list({ ...asked, sortBy });
      assert.equal(answer.body.users.length, 31, answer.text);
      const back = (await list({ ...asked, sortBy, sortDirection: 'desc' })).body.users;
      assert.deepEqual(back.map(({ id }) => id), answer.body.users.map(({ id }) => id).reverse(), sortBy);
    }
    assert.deepEqual((await names({ ...asked, sortBy: 'email' })).slice(0, 3), ['p00', 'p01', 'p02']);
    assert.deepEqual((await names({ ...asked, sortBy: 'email', sortDirection: 'desc', limit: 2 })), ['uni', 'p29']);
  });

  it('has bounds', async () => {
    for (const limit of ['abc', '0', '', 'NaN', 'Infinity']) assert.equal((await list({ limit, searchValue: run })).status, 200, limit);
    await refused({ limit: '-1' }, 'limit');
    await refused({ limit: '10001' }, 'limit');
    await refused({ offset: '-5' }, 'offset');
    await refused({ offset: '1e300' }, 'offset');
    assert.deepEqual(await names({ searchValue: run, offset: '9007199254740992' }), []);
    assert.equal((await list({ limit: '2.9', searchValue: run })).body.users.length, 2);
  });
});

describe('filters', () => {
  const within = (filterField, filterOperator, filterValue) => names({ searchValue: `.${run}@`, filterField, filterOperator, filterValue, sortBy: 'email', limit: 100 });

  it('compare columns of each type', async () => {
    assert.deepEqual(await within('email', 'eq', `p03.${run}@example.test`), ['p03']);
    assert.equal((await within('email', 'ne', `p03.${run}@example.test`)).length, 30);
    assert.deepEqual(await within('email', 'lt', 'p02'), ['p00', 'p01']);
    assert.deepEqual(await within('createdAt', 'lt', '2020-01-02T00:00:00.000Z'), ['p00', 'p05', 'p10', 'p15', 'p20', 'p25']);
    assert.deepEqual((await within('createdAt', 'gte', '2020-01-05T00:00:00Z')).slice(0, 2), ['p04', 'p09']);
    assert.equal((await within('banned', 'eq', 'false')).length, 31);
    assert.equal((await within('emailVerified', 'eq', 'true')).length, 0);
    assert.equal((await within('role', 'eq', 'user')).length, 31);
    assert.equal((await within('image', 'ne', 'https://img.test/1')).length, 30);
    assert.deepEqual(await within('name', 'contains', '_'), []);
    assert.deepEqual(await within('name', 'starts_with', 'P03'), ['p03']);
    const [{ id }] = (await list({ searchValue: `p03.${run}` })).body.users;
    assert.deepEqual(await within('id', 'eq', id), ['p03']);
    assert.deepEqual(await names({ filterValue: `p03.${run}@example.test` }), ['p03']);
  });

  it('take several values for in and not_in', async () => {
    const ask = async (op) => {
      const values = ['p01', 'p02'].map((name) => `filterValue=${encodeURIComponent(`${name}.${run}@example.test`)}`).join('&');
      const url = `${server.base_url}/admin/list-users?searchValue=.${run}@&filterField=email&filterOperator=${op}&limit=100&sortBy=email&${values}`;
      return (await request(url, { jar: admin.jar })).body.users.map(({ email }) => email.slice(0, 3));
    };
    assert.deepEqual(await ask('in'), ['p01', 'p02']);
    assert.equal((await ask('not_in')).length, 29);
  });

  it('refuse what is no column, operator or value', async () => {
    await refused({ searchValue: 'x', searchField: 'password' }, 'searchField');
    await refused({ searchValue: 'x', searchOperator: 'like' }, 'searchOperator');
    for (const column of ['nope', 'password', 'u.id', 'email"', 'id; DROP TABLE x', 'EMAIL', '__proto__']) {
      await refused({ sortBy: column }, 'sortBy');
      await refused({ filterField: column, filterValue: 'x' }, 'filterField');
    }
    await refused({ sortBy: 'email', sortDirection: 'up' }, 'sortDirection');
    await refused({ filterValue: 'x', filterOperator: 'regex' }, 'filterOperator');
    await refused({ filterField: 'banned', filterValue: 'maybe' }, 'filterValue');
    await refused({ filterField: 'createdAt', filterValue: 'yesterday' }, 'filterValue');
    await refused({ filterField: 'id', filterValue: 'nope' }, 'filterValue');
    await refused({ filterField: 'banned', filterOperator: 'contains', filterValue: 'true' }, 'filterOperator');
    for (const column of ['phoneNumber', 'phoneNumberVerified']) await refused({ sortBy: column }, 'sortBy');
  });

  it('refuse text that PostgreSQL cannot hold', async () => {
    for (const [name, field] of [['searchValue', 'searchValue'], ['filterValue', 'filterValue'], ['sortBy', 'sortBy']]) {
      for (const bad of ['%00', 'a%00b', '%FF', '%C3%28', '%ED%A0%80']) {
        const answer = await request(`${server.base_url}/admin/list-users?${name}=${bad}`, { jar: admin.jar });
        assert.deepEqual([answer.status, answer.body?.code], [400, 'VALIDATION_ERROR'], `${field} ${bad}: ${answer.text}`);
      }
    }
  });
});
