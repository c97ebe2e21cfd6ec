#!/usr/bin/env node
// Lists which test stands for which case of the security catalogue, from the tests' names: docs/security-cases.md.
// With --check it fails when the list is out of date.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const file = path.join(root, 'docs/security-cases.md');
const listed = (folder, suffix) =>
  fs.readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, String(name)))
    .filter((name) => name.endsWith(suffix) && !name.includes('node_modules'));

/** [id, title, file]; a title may begin with several ids: `S051, S053: ...`. */
function found() {
  const titles = /(?:TEST_CASE\(|\b(?:it|describe)\()\s*(["'`])((?:[SF]-?\d{2,3}(?:, )?)+): (.*?)\1\s*[,)]/g;
  const cases = [];
  for (const name of [...listed('src', '_test.cpp'), ...listed('tests/api', '.test.mjs'), ...listed('tests/chaos', '.test.mjs')]) {
    for (const [, , ids, title] of fs.readFileSync(path.join(root, name), 'utf8').matchAll(titles))
      for (const id of ids.split(', ')) cases.push([id, title.replaceAll('\\', '').replaceAll('|', '\\|'), name]);
  }
  return cases.sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1));
}

const text = `# Security cases and their tests

Made by \`scripts/security_cases.mjs\` from the names of the tests; \`scripts/lint\` checks that it is current. The numbers are those of the
project's catalogue: S for security cases, F for faults.

| case | test | file |
| --- | --- | --- |
${found().map(([id, title, name]) => `| ${id} | ${title} | [${path.basename(name)}](../${name}) |`).join('\n')}
`;

if (!process.argv.includes('--check')) fs.writeFileSync(file, text);
else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) {
  console.error('docs/security-cases.md is out of date: run scripts/security_cases.mjs');
  process.exit(1);
}
