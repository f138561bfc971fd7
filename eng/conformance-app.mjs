// conformance-app.mjs REVISION: prints the scenarios that the app itself is held to, one a line. The others ask for tools,
// resources or prompts of the suite's own fixture ("test_simple_text", "test://static-text", …), which the app has not;
// tests/PolyClaw.Conformance is held to those, with the same HTTP pipeline. Not held to anything are, though they happen to
// succeed against the app:
//   resources-subscribe, resources-unsubscribe    nothing is ever told of the fixture's resource they ask for
//   input-required-result-validate-input          its tool is missing, and any error counts as a success
// A scenario that does without a fixture but for single checks names those, with the reason; a check that is named and
// yet does not fail is an error, so that the list stays true.

const needsTool = tool => `only a fixture's tool can show it: ${tool}`;
const noPrompts = 'the app has no prompts, and says so: it does not declare the capability';

export const scenarios = {
  '2026-07-28': {
    'server-stateless': {
      'sep-2575-server-rejects-undeclared-capability': needsTool('test_missing_capability'),
      'sep-2575-missing-capability-http-400': needsTool('test_missing_capability'),
      'sep-2575-http-server-no-independent-requests-on-stream': needsTool('test_streaming_elicitation'),
      'sep-2575-server-no-log-without-loglevel': needsTool('test_logging_tool'),
    },
    'tools-list': {},
    'server-sse-multiple-streams': {},
    'resources-list': {},
    'sep-2164-resource-not-found': {},
    'dns-rebinding-protection': {},
    'caching': { 'sep-2549-prompts-list-caching-hints': noPrompts },
    'input-required-result-unsupported-methods': {},
    // Not required, for the suite's own fixture does not pass it yet: headers against body (SEP-2243).
    'http-header-validation': {},
  },
  '2025-11-25': {
    'server-initialize': {},
    'logging-set-level': {},
    'ping': {},
    'tools-list': {},
    'server-sse-multiple-streams': {},
    'resources-list': {},
    'dns-rebinding-protection': {},
    // Not required, for it came after the revision: a session that was ended is gone.
    'server-session-lifecycle': {},
  },
};

if (process.argv[1] === import.meta.filename) console.log(Object.keys(scenarios[process.argv[2]]).join('\n'));
