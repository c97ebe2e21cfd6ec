// What is known to differ from the transcripts, and why.
//
//   pending.json     [{scenario, step?, reason}]           not built yet; the list only shrinks
//   deviations.json  [{scenario, step, reason, instead}]   deliberate; the answer is held to `instead`
//
// `scenario` may end in `*`. Without `step`, a pending entry covers the whole scenario.
import fs from 'node:fs';
import { diff } from './normalize.mjs';

const read = (name) => JSON.parse(fs.readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

const covers = (entry, scenario) =>
  entry.scenario.endsWith('*') ? scenario.startsWith(entry.scenario.slice(0, -1)) : entry.scenario === scenario;

export class Expectations {
  constructor(pending = read('pending.json'), deviations = read('deviations.json')) {
    this.pending = pending.map((entry) => ({ ...entry, failed: 0, passed: 0 }));
    this.deviations = deviations;
  }

  /** The entry that excuses this step, if any; a deviation is not an excuse. */
  pendingFor(scenario, step) {
    return this.pending.find((entry) => covers(entry, scenario) && (entry.step === undefined || entry.step === step));
  }

  isPending(scenario) {
    return this.pending.some((entry) => covers(entry, scenario) && entry.step === undefined);
  }

  deviationFor(scenario, step) {
    return this.deviations.find((entry) => entry.scenario === scenario && entry.step === step);
  }

  /** Entries of pending.json of which everything that was played came out right. */
  fulfilled() {
    return this.pending.filter((entry) => entry.passed > 0 && entry.failed === 0);
  }

  /** Names in the lists that no transcript has: a renamed step would otherwise excuse nothing, silently. */
  unknown(scenarios, readGolden) {
    const problems = [];
    for (const entry of [...this.pending, ...this.deviations]) {
      const matching = scenarios.filter((scenario) => covers(entry, scenario.id));
      const known = matching.some((scenario) => entry.step === undefined || readGolden(scenario)?.steps.some((step) => step.name === entry.step));
      if (!known) problems.push(`no such step: ${entry.scenario}${entry.step ? ` / ${entry.step}` : ''}`);
      if (!entry.reason) problems.push(`no reason given: ${entry.scenario}`);
    }
    return problems;
  }
}

/** Differences between a deviating answer `got` and what deviations.json promises in place of the recorded `want`. */
export function deviationDiff(instead, got, want) {
  const problems = [];
  const check = (label, want, have) => problems.push(...diff(want, have).map((line) => `${label} ${line}`));
  if ('status' in instead) check('status', instead.status, got.response?.status);
  if ('code' in instead) check('code', instead.code, got.response?.body?.json?.code);
  if ('body' in instead) check('body', instead.body, got.response?.body);
  if ('value' in instead) check('value', instead.value, got.value);
  // Tables that are not named stay as recorded; `null` stands for one without rows.
  if ('rows' in instead) check('value', Object.fromEntries(Object.entries({ ...want.value, ...instead.rows }).filter(([, rows]) => rows)), got.value);
  for (const [name, value] of Object.entries(instead.headers ?? {})) check(name, value, got.response?.headers?.[name]);
  return problems;
}
