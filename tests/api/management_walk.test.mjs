// Every route of the management API, as its own document lists them, with what no client should send: a 4xx of the one shape each,
// never a fault, and nothing changed by any of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { createBranch } from '../support/branches.mjs';
import { request } from '../support/http.mjs';
import { assertContract, managementClient } from '../support/management.mjs';
import { readOpenApi } from '../support/openapi.mjs';
import { newDataDir, removeDataDir, useServer } from '../support/server.mjs';

const dataDir = newDataDir();
after(() => removeDataDir(dataDir));
const server = await useServer({ dataDir });
const api = managementClient(server);
const document = await readOpenApi(server);
const nobody = '00000000-0000-4000-8000-000000000000';

const routes = Object.entries(document.paths).flatMap(([template, item]) => Object.entries(item).map(([method, operation]) => ({
  template, method: method.toUpperCase(), names: [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
  schema: operation.requestBody?.content['application/json'].schema,
  query: (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name),
}))).filter(({ template }) => template !== '/openapi.json');

// ---- the world: a project whose ids go into the paths, a branch in it, and another project ----

const { project_id, branch_id, endpoint_id } = server;
const child = await createBranch(api, project_id, { name: 'child' });
const { project: stranger, branch: strangersBranch, endpoints: [strangersEndpoint] } = (await api.createProject({}, { body: { project: {} } })).body;
const values = {
  project_id, branch_id, endpoint_id, role_name: 'neondb_owner', database_name: 'neondb', oauth_provider_id: 'google', oidc_provider_id: 'none',
  auth_user_id: nobody, operation_id: nobody, key_id: '999999', auth_provider: 'better_auth', delivery_id: nobody,
};
const createKey = async (body) => (await api.createApiKey({}, { body: { key_name: 'walk', ...body } })).body;

const fill = (template, other = {}) => template.replace(/\{(\w+)\}/g, (_, name) => other[name] ?? encodeURIComponent(values[name]));
const send = ({ method }, where, { key = server.api_key, headers, ...options } = {}) =>
  request(`${server.management_url}${where}`, { method, ...options, headers: { authorization: `Bearer ${key}`, ...headers } });

// ---- the judge ----

function assertRefused(answer, what) {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  if (what.startsWith('HEAD')) return assert.equal(answer.text, '');
  assert.match(answer.headers['content-type'], /^application\/json/, what);
  assert.deepEqual(Object.keys(answer.body), ['request_id', 'code', 'message'], what);
  assert.equal(answer.headers['x-neon-ret-request-id'], answer.body.request_id, what);
  assert.ok(answer.body.message.length > 0 && answer.body.message.length < 2000, what);
  assert.doesNotMatch(answer.text, /libpq|boost|std::|select |insert |\.cpp|\/tmp\/|napi_/i, `${what} tells about the inside`);
}

/** SQL in the control database, by the socket that the data directory names. */
async function connectToControl() {
  const parts = [...fs.readFileSync(path.join(dataDir, 'control.conninfo'), 'utf8').matchAll(/(\w+)=('[^']*'|\S+)/g)];
  const { host, port, user, dbname } = Object.fromEntries(parts.map(([, key, value]) => [key, value.replaceAll("'", '')]));
  const client = new pg.Client({ host, port: Number(port), user, database: dbname });
  await client.connect();
  after(() => client.end().catch(() => {}));
  return client;
}
const control = await connectToControl();
control.on('error', () => {}); // It is gone before the connection.

/** Everything the program remembers, and the branch's settings. When a key was used last is no change. */
async function snapshot() {
  const tables = (await control.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'argonauth' ORDER BY 1`)).rows.map(({ tablename }) => tablename);
  const state = {};
  for (const table of tables) {
    const { rows } = await control.query(`SELECT (to_jsonb(t) - 'last_used_at' - 'last_used_from_addr')::text AS row FROM argonauth.${table} t ORDER BY 1`);
    state[table] = rows.map(({ row }) => row);
  }
  for (const ids of [{ project_id, branch_id }, child.ids]) {
    state[`plugins of ${ids.branch_id}`] = (await api.getNeonAuthPluginConfigs(ids)).text;
    state[`advanced of ${ids.branch_id}`] = (await send({ method: 'GET' }, `/projects/${ids.project_id}/branches/${ids.branch_id}/auth/advanced`)).text;
  }
  return state;
}

/** Sends all of it, a few at a time; then nothing may be different from before. */
async function walk(attempts) {
  const before = await snapshot();
  const queue = [...attempts];
  const count = queue.length;
  const failures = [];
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let attempt = queue.pop(); attempt; attempt = queue.pop()) {
      const [what, call, judge = assertRefused] = attempt;
      try {
        judge(await call(), what);
      } catch ({ message }) {
        failures.push(message);
      }
    }
  }));
  assert.deepEqual(failures, []);
  assert.deepEqual(await snapshot(), before);
  return count;
}

// ---- bodies ----

const resolve = (schema) => (schema?.$ref ? resolve(document.components.schemas[schema.$ref.split('/').at(-1)]) : schema);
const typesOf = (schema) => [schema.type ?? []].flat();

/** The least that a schema asks for; not always something that the endpoint takes. */
function least(given) {
  const schema = resolve(given);
  if (schema.enum) return schema.enum.at(-1);
  const [type] = typesOf(schema);
  if (type === 'object') return Object.fromEntries((schema.required ?? []).map((name) => [name, least(schema.properties[name])]));
  if (type === 'array') return schema.minItems ? [least(schema.items)] : [];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 1;
  if (type === 'boolean') return false;
  return { email: 'a@example.com', 'date-time': '2030-01-01T00:00:00Z' }[schema.format] ?? 'x'.repeat(schema.minLength ?? 1);
}
function* members(given, place = []) {
  const schema = resolve(given);
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    yield [[...place, name], resolve(member)];
    yield* members(member, [...place, name]);
  }
}
function withMember(body, place, value) {
  const copy = structuredClone(body);
  const parent = place.slice(0, -1).reduce((object, name) => (object[name] ??= {}), copy);
  parent[place.at(-1)] = value;
  return copy;
}

/** What a member of this schema must not be. */
function misfits(schema) {
  const types = typesOf(schema);
  const is = (...names) => names.some((name) => types.includes(name));
  return [
    ...(is('string') ? ['a\u0000b', 'x'.repeat((schema.maxLength ?? 60_000) + 1)] : ['x', '']),
    ...(is('integer', 'number') ? [] : [1, -1.5, 1e300]),
    ...(is('integer') ? [1.5, 2 ** 63, -1e300] : []),
    ...(schema.minimum === undefined ? [] : [schema.minimum - 1]),
    ...(schema.maximum === undefined ? [] : [schema.maximum * 2 + 1]),
    ...(is('boolean') ? [0, 'true'] : [true]),
    ...(is('array') ? [] : [[]]),
    ...(is('object') || schema.properties ? [] : [{}]),
    ...(is('null') ? [] : [null]),
  ];
}

describe('every route', () => {
  it('is walked', () => assert.ok(routes.length > 90, `${routes.length} routes`));

  it('takes of each member what it describes, and names it when it is something else', async () => {
    const attempts = [];
    for (const route of routes.filter(({ schema }) => schema)) {
      const base = least(route.schema);
      for (const [place, schema] of members(route.schema)) {
        // There null is a way back to the default, and an empty object changes nothing.
        const isPatch = route.template.endsWith('/auth/advanced') && place.length === 1;
        for (const value of misfits(schema).filter((each) => !isPatch || !(each instanceof Object || each === null))) {
          const what = `${route.method} ${route.template} ${place.join('.')} = ${JSON.stringify(value)?.slice(0, 40)}`;
          attempts.push([what, () => send(route, fill(route.template), { body: withMember(base, place, value) }), (answer) => {
            assertRefused(answer, what);
            // Too long is a matter of each endpoint where the document has no limit.
            if (value?.length === 60_001) return;
            if (answer.status === 413) return;
            assert.equal(answer.status, 400, `${what}: ${answer.text}`);
            assert.ok(answer.body.message.includes(place.at(-1)), `${what}: ${answer.body.message}`);
          }]);
        }
      }
    }
    assert.ok(await walk(attempts) > 1500);
  });

  it('takes a JSON object for a body, with members it knows', async () => {
    const texts = ['null', 'true', '1', '"x"', '[]', '[{}]', '{', '{}x', '{"no_such_member":1}', '\ufeff{}', '['.repeat(50_000), '{"a":'.repeat(10_000), '{"\\ud800":1}',
      '{"no_such_member":1e999}', `{"no_such_member":${'9'.repeat(10_000)}}`, `{"x":"${'y'.repeat(1_000_000)}"}`];
    const json = { 'content-type': 'application/json' };
    const attempts = routes.filter(({ schema }) => schema).flatMap((route) => [
      ...texts.map((raw) => [`${route.method} ${route.template} ${raw.slice(0, 30)}`, () => send(route, fill(route.template), { raw, headers: json })]),
      [`${route.method} ${route.template} invalid UTF-8`, () => send(route, fill(route.template), { raw: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), headers: json })],
      ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx'].map((type) =>
        [`${route.method} ${route.template} as ${type}`, () => send(route, fill(route.template), { raw: '{"a":1}', headers: { 'content-type': type } })]),
    ]);
    await walk(attempts);
  });

  it('has ids that are ids', async () => {
    const ids = ['%00', '%ff', '%zz', '%', '..', '%2e%2e', 'a%2fb', '%20', '-', 'X', 'a'.repeat(61), 'a'.repeat(5000), "'%20OR%201=1--", '%C3%A9', 'null', '-1', '9223372036854775808',
      '%E2%80%8B', '*', 'br-no-such-branch00'];
    await walk(routes.flatMap((route) => route.names.flatMap((name) => ids.map((id) =>
      [`${route.method} ${route.template} ${name}=${id.slice(0, 30)}`, () => send(route, fill(route.template, { [name]: id }), { body: route.schema && least(route.schema) })]))));
  });

  it('belongs to a project: ids of another one are not found', async () => {
    const foreign = { branch_id: strangersBranch.id, endpoint_id: strangersEndpoint.id };
    await walk(routes.flatMap((route) => Object.entries(foreign).filter(([name]) => route.names.includes(name)).map(([name, id]) => {
      const what = `${route.method} ${route.template} ${name} of another project`;
      return [what, () => send(route, fill(route.template, { [name]: id }), { body: route.schema && least(route.schema) }), (answer) => {
        assertRefused(answer, what);
        assert.ok([400, 404].includes(answer.status), `${what}: ${answer.text}`);
        assert.ok(!answer.text.includes(strangersBranch.name + '"') && !answer.text.includes(stranger.name), what);
      }];
    })));
  });

  it('has one path', async () => {
    const others = [(where) => `${where}/`, (where) => `${where}//`, (where) => where.replace('/', '//'), (where) => `${where}/.`, (where) => `${where}%00`, (where) => `${where}%2f`,
      (where) => where.toUpperCase(), (where) => `${where};a=b`, (where) => `${where}.json`];
    await walk(routes.filter(({ method }) => method === 'GET').flatMap((route) => others.map((other) =>
      [`GET ${other(route.template)}`, () => send(route, other(fill(route.template)))])));
  });

  it('has its methods, and tells them', async () => {
    const methodsOf = (template) => routes.filter((route) => route.template === template).map(({ method }) => method);
    const attempts = [];
    // A word in the place of an id is an id to the routes of the neighbourhood.
    const words = ['/projects/shared', '/projects/{project_id}/branches/attach', '/projects/{project_id}/branches/count'];
    for (const template of new Set(routes.map((route) => route.template))) {
      if (words.includes(template)) continue;
      for (const method of ['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].filter((name) => !methodsOf(template).includes(name))) {
        const what = `${method} ${template}`;
        attempts.push([what, () => send({ method }, fill(template)), (answer) => {
          assertRefused(answer, what);
          assert.equal(answer.status, 405, what);
          assert.deepEqual(answer.headers.allow.split(', ').sort(), methodsOf(template).sort(), what);
        }]);
      }
    }
    await walk(attempts);
  });

  it('with parameters that make no sense refuses or ignores them', async () => {
    const odd = ['', '0', '-1', '1e3', '1.5', '%201', '9223372036854775808', 'null', '%00', '%ff', '%zz', 'a'.repeat(5000), "';--", '%F0%9F%98%80', '*', '%25', '[]'];
    const judge = (what) => (answer) => (answer.status < 400 ? undefined : assertRefused(answer, what));
    await walk(routes.filter(({ method }) => method === 'GET').flatMap((route) => [
      ...route.query.flatMap((name) => odd.map((value) => [`${route.template}?${name}=${value.slice(0, 20)}`, `${name}=${value}`])),
      ...['&&&', '=', 'a', '%', 'unknown=1'].map((query) => [`${route.template}?${query}`, query]),
    ].map(([what, query]) => [what, () => send(route, `${fill(route.template)}?${query}`), judge(what)])));
  });
});

describe('a key that is limited', () => {
  const forbidden = (what, ...allowed) => (answer) => {
    assertRefused(answer, what);
    assert.ok(allowed.includes(answer.status), `${what}: ${answer.text}`);
  };

  it('to another project reaches nothing of this one, on any route', async () => {
    const { key } = await createKey({ project_id: stranger.id });
    await walk(routes.map((route) => {
      const what = `${route.method} ${route.template}`;
      const body = route.schema && { ...least(route.schema), ...(route.schema && resolve(route.schema).properties.project_id ? { project_id } : {}) };
      const judge = (answer) => {
        if (route.names.includes('project_id') || route.method !== 'GET') return forbidden(what, 400, 403, 404)(answer);
        assert.ok(!answer.text.includes(project_id), what);
      };
      return [what, () => send(route, fill(route.template), { key, body }), judge];
    }));
  });

  it('to reading changes nothing and reveals no password, on any route', async () => {
    const { key } = await createKey({ read_only: true });
    await walk(routes.filter(({ method, template }) => method !== 'GET' || /reveal_password|connection_uri/.test(template)).map((route) => {
      const what = `${route.method} ${route.template}`;
      return [what, () => send(route, fill(route.template), { key, body: route.schema && least(route.schema) }), forbidden(what, 403)];
    }));
    for (const { template, method } of routes.filter((route) => route.method === 'GET')) {
      const answer = await send({ method }, fill(template), { key });
      assert.doesNotMatch(answer.text, /npg_|napi_|client_secret/, template);
    }
  });

  it('to the past opens no route', async () => {
    const { key, id } = await createKey({});
    await api.revokeApiKey({ key_id: id });
    await walk(routes.map((route) => {
      const what = `${route.method} ${route.template}`;
      return [what, () => send(route, fill(route.template), { key, body: route.schema && least(route.schema) }), forbidden(what, 401)];
    }));
  });
});

it('what is read is as the contract has it, on every route that it knows', async () => {
  const operations = Object.entries(document.paths).flatMap(([template, item]) => (item.get ? [[template, item.get.operationId]] : []));
  let known = 0;
  for (const [template, operationId] of operations) {
    if (!(operationId in api)) continue;
    const answer = await send({ method: 'GET' }, fill(template));
    assertContract(operationId, answer);
    ++known;
  }
  assert.ok(known >= 30, `${known} operations`);
});
