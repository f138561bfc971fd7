#!/usr/bin/env bash
# conformance.sh [URL] [--only SCENARIO,...]       a server that carries the suite's fixtures
# conformance.sh --app [PROGRAM [ARGUMENT...]]     the app itself
#
# Runs the official MCP conformance suite, once for each revision, and prints one table. Exit code 1 unless all scenarios
# pass that have to. A scenario passes if at least one of its checks succeeded and none failed; the suite itself also
# calls a scenario passed that checked nothing, which is counted here as "no checks" and not as passed.
#
# URL     the server's MCP endpoint, held to the list that each revision requires. Without it, our HTTP pipeline with the
#         fixtures the suite asks for is started and stopped again: tests/PolyClaw.Conformance, which says
#         "listening on URL", as built (POLYCLAW_CONFORMANCE_HOST=FILE.dll) or built now.
# --only  requires these scenarios alone, for a server without the suite's fixtures.
# --app   starts PROGRAM (the app's binary, or its .dll, or "dotnet FILE.dll"; none: built now) over HTTP in a home of its
#         own and runs the scenarios that need no fixture: conformance-app.mjs says which, and why not the others. The app
#         asks for a token and the suite can send none: bearer.mjs stands between and adds it.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=eng/app.sh
. "$ENG_ROOT/eng/app.sh"

revisions=(2026-07-28 2025-11-25)
url='' held=required
while [ $# -gt 0 ]; do
  case $1 in
    --only) held=only:${2:?--only needs a list of scenarios}; shift 2 ;;
    --app) held=app; shift; use_program "$@"; break ;;
    http://* | https://*) url=$1; shift ;;
    *) die "usage: conformance.sh [URL] [--only SCENARIO,...], or conformance.sh --app [PROGRAM [ARGUMENT...]]" ;;
  esac
done

serve_fixtures() {
  local project=$ENG_ROOT/tests/PolyClaw.Conformance/PolyClaw.Conformance.csproj built=${POLYCLAW_CONFORMANCE_HOST:-}
  if [ -z "$built" ]; then
    dotnet build "$project" -v quiet >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; die "the test host does not build"; }
    built=$(dotnet msbuild "$project" -getProperty:TargetPath)
  fi
  serve fixtures 'listening on \(http[^ ]*\)' dotnet "$built"
}

# run_suite NAME REVISION OPTION...: its exit code and summary are not used, the verdict is taken from the checks it writes.
run_suite() {
  local name=$1 revision=$2; shift 2
  timeout 300 "$node" "$suite/dist/index.js" server --url "$url" "$@" --output-dir "$work/$revision" </dev/null >"$work/$name.log" 2>&1 || true
}

use_peers
suite=$tools/node_modules/@modelcontextprotocol/conformance
if [ "$held" = app ]; then
  serve_app
  serve bearer 'listening on \(http[^ ]*\)' "$node" "$ENG_ROOT/eng/bearer.mjs" "$url" "$token"
elif [ -z "$url" ]; then
  serve_fixtures
fi

running=()
most=$((${#started[@]} + 3))    # what serves is a job of this shell too
for revision in "${revisions[@]}"; do
  if [ "$held" = app ]; then
    # Each in a process of its own: a scenario that fails for want of its fixture leaves its streams open, and with a whole
    # list in one process the later ones find none free.
    while read -r scenario; do
      while [ "$(jobs -pr | wc -l)" -ge "$most" ]; do wait -n || true; done
      run_suite "$revision-$scenario" "$revision" --scenario "$scenario" --spec-version "$revision" &
      running+=($!)
    done < <("$node" "$ENG_ROOT/eng/conformance-app.mjs" "$revision")
  else
    run_suite "$revision" "$revision" --requirements "$revision"
  fi
done
if [ ${#running[@]} -gt 0 ]; then wait "${running[@]}"; fi
"$node" "$ENG_ROOT/eng/conformance.mjs" "$suite" "$work" "$held" "${revisions[@]}"
