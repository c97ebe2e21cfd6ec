// Tables of requests that differ in one member: what a decoder has to answer, member by member.

const WRONG = [
  ['absent', undefined],
  ['null', null],
  ['a number', 7],
  ['true', true],
  ['a list', []],
  ['an object', {}],
  ['empty', ''],
  ['a space', ' '],
];

/** Every member of a valid body, once each in every wrong shape; `make` gives a fresh valid body. */
export async function everyMember(t, path, make, { only, except = [], ...opts } = {}) {
  for (const member of only ?? Object.keys(make())) {
    for (const [what, value] of WRONG) {
      if (except.includes(`${member} ${what}`)) continue;
      const body = { ...make(), [member]: value };
      await t.line(`${path}: ${member} is ${what}`, 'POST', path, { body, ...opts });
    }
  }
}

/** The body as a whole: no object, nothing, an unknown member more. */
export async function everyBody(t, path, make, opts = {}) {
  await t.line(`${path}: {}`, 'POST', path, { body: {}, ...opts });
  for (const raw of ['[]', '"text"', 'null', '7', '', '{"a":']) {
    await t.line(`${path}: ${raw || 'no bytes'}`, 'POST', path, { raw, ...opts });
  }
  await t.line(`${path}: no content-type`, 'POST', path, { raw: JSON.stringify(make()), contentType: null, ...opts });
  await t.line(`${path}: text/plain`, 'POST', path, { raw: JSON.stringify(make()), contentType: 'text/plain', ...opts });
  await t.line(`${path}: a form`, 'POST', path, { form: { a: 'b' }, ...opts });
}

/** Wrong methods and wrong spellings of a path. */
export async function everySpelling(t, method, path, opts = {}) {
  for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((m) => m !== method)) {
    await t.line(`${other} ${path}`, other, path, opts);
  }
  await t.line(`${method} ${path}/`, method, `${path}/`, opts);
  await t.line(`${method} ${path} in capitals`, method, path.toUpperCase(), opts);
}
