// Compares a transcript with the recorded one, step by step.
import { deviationDiff } from './expectations.mjs';
import { diff } from './normalize.mjs';
import { ROWS } from './play.mjs';

/** Every difference of one step; an answer that never came is a difference too. */
function stepDiff(want, got, aborted) {
  if (!got) return [`step was not reached${aborted ? ` (scenario stopped: ${aborted})` : ''}`];
  if (got.error) return [`no answer: ${got.error}`];
  const lines = diff({ response: want.response, value: want.value }, { response: got.response, value: got.value });
  return lines.map((line) => line.replace(/^response\./, ''));
}

/**
 * Verdicts: `ok`, `failed`, `pending` (not built yet), `deviation` (deliberate, and as announced),
 * `quirk` (an upstream oddity nobody should have to copy).
 */
function judgeStep(scenario, want, got, aborted, { expectations, strictQuirks }) {
  const differences = stepDiff(want, got, aborted);
  const deviation = expectations.deviationFor(scenario.id, want.name);
  if (deviation && got && !got.error) {
    if (differences.length === 0) return { verdict: 'failed', differences: ['answers as recorded, yet deviations.json announces a deviation'] };
    const broken = deviationDiff(deviation.instead, got, want);
    return { verdict: broken.length ? 'failed' : 'deviation', differences: broken, why: deviation.reason };
  }
  const pending = expectations.pendingFor(scenario.id, want.name);
  if (pending) pending[differences.length ? 'failed' : 'passed']++;
  if (differences.length === 0) return { verdict: 'ok', differences };
  if (pending) return { verdict: 'pending', differences, why: pending.reason };
  // Where the reference fails, another answer is welcome, but no failure of our own.
  const fails = String(got?.response?.status ?? got?.value ?? '').startsWith('5');
  if (want.quirk && !strictQuirks && !fails) return { verdict: 'quirk', differences, why: want.quirk };
  return { verdict: 'failed', differences };
}

/** One verdict per recorded step, and one for every step that was played but never recorded. */
export function judge(scenario, want, got, options) {
  const played = new Map(got.steps.map((step) => [step.name, step]));
  const expected = options.hasRows ? want.steps : want.steps.filter((step) => step.name !== ROWS);
  const verdicts = expected.map((step) => ({
    step: step.name,
    request: step.request,
    ...judgeStep(scenario, step, played.get(step.name), got.aborted, options),
  }));
  const recorded = new Set(want.steps.map((step) => step.name));
  for (const step of got.steps) {
    if (recorded.has(step.name)) continue;
    const excused = options.expectations.pendingFor(scenario.id, step.name);
    verdicts.push({ step: step.name, verdict: excused ? 'pending' : 'failed', differences: ['step is not in the transcript (the scenario took another path)'] });
  }
  return verdicts;
}
