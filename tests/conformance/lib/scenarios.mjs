import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../scenarios', import.meta.url));

/** Loads scenarios/*.mjs; each file default-exports a list of `{id, profile?, run(t)}`. */
export async function loadScenarios() {
  const all = [];
  for (const file of fs.readdirSync(root).filter((name) => name.endsWith('.mjs')).sort()) {
    const { default: list } = await import(pathToFileURL(path.join(root, file)).href);
    for (const scenario of list) {
      all.push({ profile: 'default', ...scenario, id: `${file.replace(/\.mjs$/, '')}/${scenario.id}` });
    }
  }
  const ids = new Set(all.map((scenario) => scenario.id));
  if (ids.size !== all.length) throw new Error('two scenarios have the same id');
  return all;
}
