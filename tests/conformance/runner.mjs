#!/usr/bin/env node
// Plays the scenarios against a server and reports every difference to the recorded transcripts. See README.md.
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Expectations } from './lib/expectations.mjs';
import { closeAgents } from './lib/http.mjs';
import { judge } from './lib/judge.mjs';
import { Play } from './lib/play.mjs';
import { loadScenarios } from './lib/scenarios.mjs';
import { launch } from './lib/target.mjs';
import { profileNames } from './profiles.mjs';
import { startSinks } from './sinks.mjs';

const USAGE = `usage: node runner.mjs (--launch CMD | --target T) [options]

  --launch CMD      start the server with CMD, once per profile (see README.md)
  --target T        a running server: a URL (serves the profile "default"), a URL that
                    contains {profile}, or a JSON file {"targets": {"default": "http://..."}}
  --sink URL        HTTP API of sinks that already run (default: own ones, on free ports)
  --profile a,b     only these profiles
  --only REGEX      only scenarios whose id matches
  --jobs N          scenarios played at the same time (default 2)
  --max-diff N      differences printed per step (default 6)
  --strict-quirks   count deviations on steps marked as upstream quirks as failures
  --show-pending    print the differences of pending steps as well
  --json FILE       machine-readable report
  --list            print the ids of the scenarios and their steps
  --quiet           print failures and the summary only`;

const flags = ['quiet', 'list', 'help', 'strict-quirks', 'show-pending'];

function parseArgs(argv) {
  const args = {};
  for (let i = 0; i < argv.length; i++) {
    const name = argv[i].replace(/^--/, '');
    args[name] = flags.includes(name) ? true : argv[++i];
  }
  return args;
}

function targetUrls(target) {
  if (target.endsWith('.json')) {
    const { targets } = JSON.parse(fs.readFileSync(target, 'utf8'));
    return (profile) => targets[profile];
  }
  if (target.includes('{profile}')) return (profile) => target.replaceAll('{profile}', profile);
  return (profile) => (profile === 'default' ? target : undefined);
}

function readGolden(scenario) {
  const file = fileURLToPath(new URL(`golden/${scenario.id}.json`, import.meta.url));
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null;
}

const args = parseArgs(process.argv.slice(2));
if (args.help || !(args.target || args.list || args.launch)) {
  console.log(USAGE);
  process.exit(args.help ? 0 : 2);
}

const everything = await loadScenarios();
const chosenProfiles = args.profile?.split(',') ?? profileNames;
const scenarios = everything
  .filter((scenario) => !args.only || new RegExp(args.only).test(scenario.id))
  .filter((scenario) => chosenProfiles.includes(scenario.profile));

if (args.list) {
  for (const scenario of scenarios) {
    console.log(`${scenario.id} [${scenario.profile}]`);
    for (const step of readGolden(scenario)?.steps ?? []) console.log(`    ${step.name}${step.request ? `  ${step.request.method} ${step.request.url}` : ''}`);
  }
  process.exit(0);
}

const expectations = new Expectations();
const count = { ok: 0, failed: 0, pending: 0, deviation: 0, quirk: 0, skipped: 0 };
for (const problem of expectations.unknown(everything, readGolden)) {
  count.failed++;
  console.log(`not ok pending.json or deviations.json: ${problem}`);
}

const report = [];
const maxDiff = Number(args['max-diff'] ?? 6);
const options = { expectations, strictQuirks: args['strict-quirks'], hasRows: Boolean(args.launch) };

/** A failure is always printed; the tolerated kinds only when somebody may want to read them. */
function isPrinted({ verdict }) {
  if (verdict === 'failed') return true;
  if (verdict === 'pending') return Boolean(args['show-pending']);
  return verdict !== 'ok' && !args.quiet;
}

function print(scenario, verdicts) {
  const failed = verdicts.filter(({ verdict }) => verdict === 'failed').length;
  const pending = verdicts.filter(({ verdict }) => verdict === 'pending').length;
  const counts = `${verdicts.length} steps${failed ? `, ${failed} failed` : ''}${pending ? `, ${pending} pending` : ''}`;
  if (failed || !args.quiet) console.log(`${failed ? 'not ok' : 'ok'} ${scenario.id} [${scenario.profile}]  ${counts}`);
  for (const result of verdicts.filter(isPrinted)) {
    const request = result.request ? `   ${result.request.method} ${result.request.url}` : '';
    console.log(`  ${result.verdict} - ${result.step}${request}${result.why ? `   (${result.why})` : ''}`);
    for (const line of result.differences.slice(0, maxDiff)) console.log(`      ${line}`);
    if (result.differences.length > maxDiff) console.log(`      ... and ${result.differences.length - maxDiff} more`);
  }
}

// A server of ours is held to its own OpenAPI document as well; the reference implementation's is not that exact.
const onAnswer = args.launch ? (await import('../support/described.mjs')).assertDescribed : undefined;

async function play(scenario, base, { sink, sql, configure }) {
  const want = readGolden(scenario);
  if (!want) {
    count.skipped++;
    return console.log(`skip ${scenario.id} [${scenario.profile}]  no transcript`);
  }
  if (scenario.needsDatabase && !sql) {
    count.skipped++;
    return console.log(`skip ${scenario.id} [${scenario.profile}]  needs --launch and the database behind the server`);
  }
  // A scenario whose feature is not there yet should not wait long for mails that cannot come.
  const patience = expectations.isPending(scenario.id) ? 600 : 4000;
  const got = await new Play({ scenario, base, sink, sql, configure, onAnswer, patience }).playAll();
  const verdicts = judge(scenario, want, JSON.parse(JSON.stringify(got)), options);
  for (const { verdict } of verdicts) count[verdict]++;
  report.push({ scenario: scenario.id, profile: scenario.profile, steps: verdicts, aborted: got.aborted });
  print(scenario, verdicts);
}

async function playProfile(profile, list, base, surroundings) {
  const queue = list.slice();
  // Scenarios about expiry see each other's clean-up, and settings are everybody's: these go one by one.
  const width = ['short', 'changing'].includes(profile) ? 1 : Math.max(1, Number(args.jobs ?? 2));
  const worker = async () => {
    for (let next; (next = queue.shift()); ) await play(next, base, surroundings);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

const started = Date.now();
const own = args.sink ? null : await startSinks();
const sink = args.sink ?? own.apiUrl;
const urlOf = args.target ? targetUrls(args.target) : () => undefined;

async function serveProfile(profile) {
  const list = scenarios.filter((scenario) => scenario.profile === profile);
  if (!list.length) return;
  let server = null;
  try {
    if (args.launch) server = await launch(args.launch, profile, { smtpUrl: own?.smtpUrl ?? process.env.SMTP_URL, webhookUrl: own?.webhookUrl ?? `${sink}/webhook`, providerUrl: sink });
  } catch (error) {
    console.log(`not ok profile ${profile}: ${error.message}`);
    for (const scenario of list) count.failed += readGolden(scenario)?.steps.length ?? 1;
    return;
  }
  const base = server?.base ?? urlOf(profile);
  if (base) await playProfile(profile, list, base, { sink, sql: server?.sql, configure: server?.configure });
  else {
    count.skipped += list.length;
    console.log(`skip profile ${profile}: no URL for it (${list.length} scenarios)`);
  }
  await server?.stop();
}

// The profile that mostly waits for things to expire goes beside the others.
const waiting = chosenProfiles.filter((profile) => profile === 'short');
const working = chosenProfiles.filter((profile) => profile !== 'short');
await Promise.all(
  [waiting, working].map(async (profiles) => {
    for (const profile of profiles) await serveProfile(profile);
  }),
);

await own?.close();
closeAgents();
if (args.json) fs.writeFileSync(args.json, `${JSON.stringify({ count, report }, null, 1)}\n`);
for (const entry of expectations.fulfilled()) console.log(`no longer pending, take it off the list: ${entry.scenario}${entry.step ? ` / ${entry.step}` : ''}`);
console.log(`\nplayed ${scenarios.length} scenarios in ${((Date.now() - started) / 1000).toFixed(1)} s: ${count.pending} steps pending, ${count.deviation} deliberate deviations, ${count.quirk} upstream quirks not copied, ${count.skipped} scenarios skipped`);
console.log(`${count.ok + count.deviation} passed, ${count.failed} failed`);
process.exitCode = count.failed ? 1 : 0;
