// Shows an OpenAPI document. Everything is built from elements and text, never from markup, so nothing in the document can run.
const methods = ['get', 'post', 'put', 'patch', 'delete'];
const address = document.querySelector('link[rel=describedby]').href;
const main = document.querySelector('main');
const nav = document.querySelector('nav');
const search = document.querySelector('#search');

/** `element('p', {class: 'x'}, 'text', child, ...)` */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

/** Text in which `code` is set off. */
const prose = (text) => text.split(/`([^`]+)`/).map((part, i) => (i % 2 ? element('code', {}, part) : part));

// ---- schemas ----

let components = {};
const nameOf = (schema) => schema?.$ref?.split('/').at(-1);
const resolve = (schema) => (schema?.$ref ? components[nameOf(schema)] ?? {} : schema ?? {});

/** The alternatives of a schema without null, and whether null is one of them. */
function withoutNull(schema) {
  if (schema.anyOf) {
    const others = schema.anyOf.filter((one) => one.type !== 'null');
    return { schema: others.length === 1 ? { ...schema, anyOf: undefined, ...others[0] } : { anyOf: others }, nullable: others.length < schema.anyOf.length };
  }
  if (!Array.isArray(schema.type)) return { schema, nullable: false };
  const types = schema.type.filter((type) => type !== 'null');
  return { schema: { ...schema, type: types.length === 1 ? types[0] : types }, nullable: types.length < schema.type.length };
}

function typeText(wanted) {
  const { schema, nullable } = withoutNull(wanted);
  const name = nameOf(schema);
  const items = schema.type === 'array' ? typeText(schema.items ?? {}) : '';
  const text = name ?? (items ? `array of ${items}` : schema.anyOf ? schema.anyOf.map(typeText).join(' or ') : [schema.type ?? 'any'].flat().join(' or '));
  return `${text}${schema.format ? ` (${schema.format})` : ''}${nullable ? ' or null' : ''}`;
}

/** What a value must be beyond its type, in words. */
function limitsOf(schema) {
  const bound = (low, high, unit) => {
    if (low === undefined && high === undefined) return undefined;
    if (high === undefined) return `at least ${low}${unit}`;
    if (low === undefined) return `at most ${high}${unit}`;
    return `${low} to ${high}${unit}`;
  };
  return [
    schema.enum && `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`,
    bound(schema.minimum, schema.maximum, ''),
    bound(schema.minLength, schema.maxLength, ' characters'),
    bound(schema.minItems, schema.maxItems, ' items'),
    schema.pattern && `like ${schema.pattern}`,
    schema.default !== undefined && `${JSON.stringify(schema.default)} when absent`,
    schema.description,
  ].filter(Boolean).join('; ');
}

/** The object a schema describes, itself or as the items of an array; nothing for plain values. */
function objectIn(wanted) {
  const { schema } = withoutNull(wanted);
  const resolved = resolve(schema);
  if (resolved.type === 'array') return objectIn(resolved.items ?? {});
  return resolved.properties && Object.keys(resolved.properties).length ? resolved : undefined;
}

/** A request's required members are marked, and an answer's optional ones: in both cases the fewer. */
function member(name, schema, required, inRequest) {
  const inner = objectIn(schema);
  const limits = limitsOf(withoutNull(schema).schema);
  const mark = inRequest ? required && element('span', { class: 'required' }, 'required') : !required && element('span', { class: 'type' }, 'may be absent');
  return element('div', { class: 'member' },
    element('dt', {}, element('code', {}, name), element('span', { class: 'type' }, typeText(schema)), mark || undefined),
    limits ? element('dd', {}, ...prose(limits)) : undefined,
    inner && element('dd', {}, element('details', {}, element('summary', {}, 'Members'), members(inner, inRequest))));
}

function members(schema, inRequest) {
  const required = new Set(schema.required ?? []);
  return element('dl', {}, ...Object.entries(schema.properties).map(([name, one]) => member(name, one, required.has(name), inRequest)));
}

function schemaBlock(schema, inRequest) {
  const object = objectIn(schema);
  if (!object) return element('p', {}, typeText(schema));
  const wrapped = resolve(withoutNull(schema).schema).type === 'array' || nameOf(schema);
  return element('div', {}, wrapped ? element('p', { class: 'facts' }, typeText(schema)) : undefined, members(object, inRequest));
}

// ---- examples ----

function sample(wanted) {
  const schema = resolve(withoutNull(wanted).schema);
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  switch (schema.type) {
    case 'object': {
      const chosen = schema.required ?? [];
      return Object.fromEntries(chosen.map((name) => [name, sample(schema.properties[name])]));
    }
    case 'array': return [sample(schema.items ?? {})];
    case 'integer':
    case 'number': return schema.minimum ?? 1;
    case 'boolean': return true;
    default: return schema.format === 'email' ? 'ada@example.com' : schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : 'text';
  }
}

function curl(api, operation) {
  const shown = operation.path.replace(/\{(\w+)\}/g, (_, name) => `$${name.toUpperCase()}`);
  const query = operation.parameters.filter((one) => one.in === 'query' && one.required).map((one) => `${one.name}=...`).join('&');
  const lines = [`curl${operation.method === 'get' ? '' : ` -X ${operation.method.toUpperCase()}`} "${api.server}${shown}${query ? `?${query}` : ''}"`];
  if (operation.needsKey) lines.push('-H "Authorization: Bearer $API_KEY"');
  if (operation.body) lines.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(sample(operation.body)).replaceAll("'", String.raw`'\''`)}'`);
  return lines.join(' \\\n  ');
}

function example(text) {
  const button = element('button', { type: 'button' }, 'Copy');
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), 1500);
  });
  return element('div', { class: 'example' }, element('pre', { tabindex: '0' }, element('code', {}, text)), button);
}

// ---- operations ----

const jsonSchema = (part) => part?.content?.['application/json']?.schema;

function operationsOf(text) {
  return Object.entries(text.paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => ({
      method,
      path,
      id: item[method].operationId,
      summary: item[method].summary ?? item[method].operationId,
      group: item[method].tags?.[0] ?? 'Operations',
      parameters: item[method].parameters ?? [],
      body: jsonSchema(item[method].requestBody),
      responses: item[method].responses,
      needsKey: (item[method].security ?? text.security ?? []).length > 0,
    })));
}

function parameterList(operation, place, title) {
  const chosen = operation.parameters.filter((parameter) => parameter.in === place);
  if (!chosen.length) return [];
  const entries = chosen.map(({ name, schema, required, description }) => member(name, { ...schema, description }, required, true));
  return [element('h4', {}, title), element('dl', {}, ...entries)];
}

function responseBlock(status, response) {
  const schema = jsonSchema(response);
  const title = status === 'default' ? 'Otherwise' : `Answer ${status}`;
  return [element('h4', {}, title), schema ? schemaBlock(schema, false) : element('p', {}, response.description)];
}

function details(api, operation) {
  return element('div', { class: 'body' },
    element('p', { class: 'facts' }, element('code', {}, operation.id), operation.needsKey ? '' : ' · needs no key'),
    example(curl(api, operation)),
    ...parameterList(operation, 'path', 'In the path'),
    ...parameterList(operation, 'query', 'In the query'),
    ...(operation.body ? [element('h4', {}, 'Body'), schemaBlock(operation.body, true)] : []),
    ...Object.entries(operation.responses).flatMap(([status, response]) => responseBlock(status, response)));
}

function card(api, operation) {
  const path = element('span', { class: 'path' }, operation.path);
  const box = element('details', {}, element('summary', {}, element('span', { class: `method ${operation.method}` }, operation.method), element('h3', {}, operation.summary), path));
  // The inside is made when somebody looks.
  box.addEventListener('toggle', () => box.open && box.childElementCount === 1 && box.append(details(api, operation)));
  return element('article', { id: operation.id }, box);
}

const link = (operation) =>
  element('a', { href: `#${operation.id}`, title: operation.path }, element('span', { class: `method ${operation.method}` }, operation.method), element('span', {}, operation.summary));

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const one of nav.querySelectorAll('a')) one.toggleAttribute('aria-current', one.hash === location.hash);
  if (target?.matches?.('article')) {
    target.firstElementChild.open = true;
    target.scrollIntoView();
  }
}

/** Every word must occur in an operation's names, path or sentence. */
function filter(groups, nothing) {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { parts, entries } of groups) {
    let left = 0;
    for (const { operation, shown } of entries) {
      const text = `${operation.method} ${operation.path} ${operation.id} ${operation.summary} ${operation.group}`.toLowerCase();
      const fits = words.every((word) => text.includes(word));
      for (const one of shown) one.hidden = !fits;
      left += fits;
    }
    for (const one of parts) one.hidden = left === 0;
    found += left;
  }
  nothing.hidden = found > 0;
}

function show(text) {
  components = text.components?.schemas ?? {};
  const api = { server: new URL(text.servers?.[0]?.url ?? '.', address).href.replace(/\/$/, '') };
  document.title = text.info.title;
  document.querySelector('.brand').textContent = text.info.title;
  main.replaceChildren(element('h1', {}, text.info.title), element('p', {}, ...prose(text.info.description ?? '')), element('p', { class: 'facts' }, element('code', {}, api.server)));

  const operations = operationsOf(text);
  const groups = [...new Set(operations.map(({ group }) => group))].map((group) => {
    const parts = [element('h2', {}, group), element('h2', {}, group)];
    nav.append(parts[0]);
    main.append(parts[1]);
    const entries = operations.filter((operation) => operation.group === group).map((operation) => {
      const shown = [link(operation), card(api, operation)];
      nav.append(shown[0]);
      main.append(shown[1]);
      return { operation, shown };
    });
    return { parts, entries };
  });
  const nothing = element('p', { class: 'nothing', hidden: true, role: 'status' }, 'No operation has all these words.');
  main.append(nothing);

  search.addEventListener('input', () => filter(groups, nothing));
  addEventListener('hashchange', openTarget);
  addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.target === search) return;
    event.preventDefault();
    search.focus();
  });
  openTarget();
}

try {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  show(await answer.json());
} catch (error) {
  main.replaceChildren(element('h1', {}, 'The document cannot be shown'), element('p', {}, error.message), element('p', {}, element('a', { href: address }, 'The document itself')));
}
