// conformance.mjs SUITE RESULTS HELD REVISION...: judges what the conformance suite wrote to RESULTS/REVISION, prints the
// table, exits with 1 unless all pass. HELD says what has to: "required" the lists that SUITE requires, "app" the list of
// conformance-app.mjs, "only:NAME,…" those of the suite's lists that it names.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scenarios as ofTheApp } from './conformance-app.mjs';

const [suite, results, held, ...revisions] = process.argv.slice(2);
const only = held.startsWith('only:') ? held.slice('only:'.length).split(',') : null;

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

/** What came of a scenario, but for the checks that are excused; an excuse that nothing needs is a fault of its own. */
function verdict(checks, excuses) {
  if (!checks) return { kind: 'failed', why: ['it was not run'] };
  const failures = checks.filter(check => check.status === 'FAILURE');
  const why = failures.filter(check => !(check.id in excuses)).map(check => `${check.id}: ${check.errorMessage ?? check.description}`);
  why.push(...Object.keys(excuses).filter(id => !failures.some(check => check.id === id)).map(id => `${id}: it is excused and did not fail`));
  if (why.length > 0) return { kind: 'failed', why };
  const own = checks.filter(check => check.status === 'SUCCESS' && !general.has(check.id));
  if (own.length > 0) return { kind: 'passed', why: [], checks: own.length, excused: Object.keys(excuses).length };
  const hints = checks.filter(check => check.errorMessage).map(check => `; ${check.id}: ${check.errorMessage}`);
  return { kind: 'unchecked', why: [`no check of its own succeeded${hints.join('')}`] };
}

/** Each scenario that has to pass, with the checks of it that need not. */
function wanted(revision) {
  if (held === 'app') return ofTheApp[revision];
  const all = required(revision);
  all.forEach(name => known.add(name));
  return Object.fromEntries((only ? all.filter(name => only.includes(name)) : all).map(name => [name, {}]));
}

const row = cells => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(12) : String(cell).padStart(10))).join(''));
/** One line of at most 240 characters: a message may quote a whole answer of the server. */
const short = text => { const line = text.replaceAll(/\s+/g, ' '); return line.length > 240 ? `${line.slice(0, 240)}…` : line; };
const complaints = [];
const known = new Set();
row(['era', held === 'app' ? 'scenarios' : 'required', 'passed', 'failed', 'no checks', 'checks', 'excused']);
for (const revision of revisions) {
  const found = written(revision);
  const count = { passed: 0, failed: 0, unchecked: 0, checks: 0, excused: 0 };
  const names = wanted(revision);
  for (const [name, excuses] of Object.entries(names)) {
    const { kind, why, checks, excused } = verdict(found.get(name), excuses);
    count[kind]++;
    count.checks += checks ?? 0;
    count.excused += excused ?? 0;
    complaints.push(...why.map(text => short(`${revision} ${name}: ${text}`)));
  }
  row([revision, Object.keys(names).length, count.passed, count.failed, count.unchecked, count.checks, count.excused]);
}
// A misspelt name would make an empty list, and an empty list always passes.
complaints.push(...(only ?? []).filter(name => !known.has(name)).map(name => `--only ${name}: no revision requires a scenario of that name`));
if (complaints.length > 0) console.log(`\n${complaints.join('\n')}`);
process.exit(complaints.length > 0 ? 1 : 0);
