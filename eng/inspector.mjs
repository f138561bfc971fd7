// inspector.mjs FOLDER: judges what the Inspector's CLI printed to FOLDER/TRANSPORT.ERA.CALL.json (and .log, .failed), prints
// the table, exits with 1 unless every call answered what it should.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const columns = ['stdio', 'http'].flatMap(transport => ['legacy', 'modern'].map(era => `${transport}.${era}`));
const surface = ['answer_run', 'call_tool', 'cancel_run', 'create_server', 'find_tools', 'get_run', 'list_runs', 'list_servers', 'list_services', 'plan_and_execute', 'remove_server'];

/** What a call's result shows, in a word or two for the table; throws where it is not what it should be. */
const calls = {
  tools: ({ tools }) => {
    const names = tools.map(tool => tool.name).sort();
    same(names.join(), surface.join(), 'the tools');
    return `${names.length} tools`;
  },
  plan: result => {
    same(result.isError ?? false, false, 'isError');
    same(result.structuredContent.status, 'succeeded', 'the status of the run');
    same(result.structuredContent.artifacts.map(file => file.name).join(), 'report.md', 'the files');
    return 'succeeded';
  },
  runs: ({ structuredContent }) => {
    const ours = structuredContent.runs.filter(run => run.goal.includes('written by the Inspector') && run.status === 'succeeded');
    if (ours.length === 0) throw new Error(`it does not list the run just made: ${JSON.stringify(structuredContent.runs)}`);
    return `${ours.length} listed`;
  },
  resources: ({ resources }) => `${list(resources, 'resources').length} listed`,
  templates: ({ resourceTemplates }) => {
    const uris = list(resourceTemplates, 'resourceTemplates').map(template => template.uriTemplate);
    if (!uris.includes('polyclaw://runs/{id}')) throw new Error(`polyclaw://runs/{id} is not among ${uris.join(', ')}`);
    return `${uris.length} listed`;
  },
  prompts: ({ prompts }) => { same(list(prompts, 'prompts').length, 0, 'the number of prompts'); return 'none'; },
};
const titles = {
  tools: 'tools/list --strict', plan: 'tools/call plan_and_execute', runs: 'tools/call list_runs',
  resources: 'resources/list', templates: 'resources/templates/list', prompts: 'prompts/list',
};

function same(seen, wanted, what) { if (seen !== wanted) throw new Error(`${what}: ${seen}, not ${wanted}`); }
function list(value, what) { if (!Array.isArray(value)) throw new Error(`${what} is no list`); return value; }

/** The last lines of what it said, in at most 600 characters: what went wrong stands at the end. */
const tail = text => text.trim().split('\n').slice(-4).join(' ').slice(-600);

const complaints = [];
function judge(column, call) {
  const at = join(folder, `${column}.${call}`);
  try {
    if (existsSync(`${at}.failed`)) throw new Error(`${readFileSync(`${at}.failed`, 'utf8').trim()}: ${tail(readFileSync(`${at}.log`, 'utf8'))}`);
    return calls[call](JSON.parse(readFileSync(`${at}.json`, 'utf8')).result);
  } catch (error) {
    complaints.push(`${column} ${titles[call]}: ${error.message}`);
    return 'FAILED';
  }
}

const row = cells => console.log(cells.map((cell, i) => cell.padEnd(i === 0 ? 30 : 14)).join('').trimEnd());
row(['', ...columns.map(column => column.replace('.', ' '))]);
for (const call of Object.keys(calls)) row([titles[call], ...columns.map(column => judge(column, call))]);
if (complaints.length > 0) console.log(`\n${complaints.join('\n')}`);
process.exit(complaints.length > 0 ? 1 : 0);
