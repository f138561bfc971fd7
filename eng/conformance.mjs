// conformance.mjs SUITE RESULTS ONLY REVISION...: judges what the conformance suite wrote to RESULTS/REVISION against the
// lists that SUITE requires (all of a list, or those named in ONLY), prints the table, exits with 1 unless all pass.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [suite, results, onlyText, ...revisions] = process.argv.slice(2);
const only = onlyText ? onlyText.split(',') : null;

// Every scenario is also checked for messages that fit the schema; that alone says nothing about what it is for.
const general = new Set(['wire-schema-valid']);

/** The entries under "server:" of the suite's frozen list, a file of plain "key:" and "  - entry" lines. */
function required(revision) {
  const names = [];
  let inside = false;
  for (const line of readFileSync(join(suite, 'requirements', `${revision}.yaml`), 'utf8').split('\n')) {
    const entry = /^\s+- ([\w./-]+)\s*(#.*)?$/.exec(line);
    if (/^\w/.test(line)) inside = line.startsWith('server:');
    else if (inside && entry) names.push(entry[1]);
  }
  if (names.length === 0) throw new Error(`the suite requires nothing of a server for ${revision}: its list has another form now`);
  return names;
}

/** Scenario name to its checks. The suite writes each to a folder "server-NAME-TIME". */
function written(revision) {
  const found = new Map();
  const folder = join(results, revision);
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(name)?.[1];
    const file = join(folder, name, 'checks.json');
    if (scenario && existsSync(file)) found.set(scenario, JSON.parse(readFileSync(file, 'utf8')));
  }
  return found;
}

function verdict(checks) {
  if (!checks) return { kind: 'failed', why: ['it was not run'] };
  const failures = checks.filter(check => check.status === 'FAILURE');
  if (failures.length > 0) return { kind: 'failed', why: failures.map(check => `${check.id}: ${check.errorMessage ?? check.description}`) };
  const own = checks.filter(check => check.status === 'SUCCESS' && !general.has(check.id));
  if (own.length > 0) return { kind: 'passed', why: [], checks: own.length };
  const hints = checks.filter(check => check.errorMessage).map(check => `; ${check.id}: ${check.errorMessage}`);
  return { kind: 'unchecked', why: [`no check of its own succeeded${hints.join('')}`] };
}

const row = cells => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(12) : String(cell).padStart(10))).join(''));
/** One line of at most 240 characters: a message may quote a whole answer of the server. */
const short = text => { const line = text.replaceAll(/\s+/g, ' '); return line.length > 240 ? `${line.slice(0, 240)}…` : line; };
const complaints = [];
const known = new Set();
row(['era', 'required', 'passed', 'failed', 'no checks', 'checks']);
for (const revision of revisions) {
  const found = written(revision);
  const count = { passed: 0, failed: 0, unchecked: 0, checks: 0 };
  const all = required(revision);
  all.forEach(name => known.add(name));
  const names = only ? all.filter(name => only.includes(name)) : all;
  for (const name of names) {
    const { kind, why, checks } = verdict(found.get(name));
    count[kind]++;
    count.checks += checks ?? 0;
    complaints.push(...why.map(text => short(`${revision} ${name}: ${text}`)));
  }
  row([revision, names.length, count.passed, count.failed, count.unchecked, count.checks]);
}
// A misspelt name would make an empty list, and an empty list always passes.
complaints.push(...(only ?? []).filter(name => !known.has(name)).map(name => `--only ${name}: no revision requires a scenario of that name`));
if (complaints.length > 0) console.log(`\n${complaints.join('\n')}`);
process.exit(complaints.length > 0 ? 1 : 0);
