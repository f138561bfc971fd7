#!/usr/bin/env bash
# conformance.sh [URL] [--only SCENARIO,...]: runs the official MCP conformance suite against a server, once for each
# revision, on the list of scenarios that the revision requires, and prints one table. Exit code 1 unless all of them
# pass. A scenario passes if at least one of its checks succeeded and none failed; the suite itself also calls a scenario
# passed that checked nothing, which is counted here as "no checks" and not as passed.
#
# URL     the server's MCP endpoint. Without it, tests/PolyClaw.Conformance is built, started and stopped again: our HTTP
#         pipeline with the fixtures the suite asks for. It says "listening on URL" on stdout.
# --only  requires these scenarios alone, for a server without the suite's fixtures.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

revisions=(2026-07-28 2025-11-25)
url='' only='' host=''
while [ $# -gt 0 ]; do
  case $1 in
    --only) only=${2:?--only needs a list of scenarios}; shift 2 ;;
    http://* | https://*) url=$1; shift ;;
    *) die "usage: conformance.sh [URL] [--only SCENARIO,...]" ;;
  esac
done

work=$(mktemp -d "${TMPDIR:-/tmp}/polyclaw-conformance.XXXXXX")
finish() {
  local status=$?
  trap - EXIT
  if [ -n "$host" ]; then kill -TERM "$host" 2>/dev/null || true; wait "$host" 2>/dev/null || true; fi
  [ -n "${POLYCLAW_CONFORMANCE_KEEP:-}" ] || rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

start_host() {
  local project=$ENG_ROOT/tests/PolyClaw.Conformance/PolyClaw.Conformance.csproj program tries=300
  [ -e "$project" ] || die "there is no $project: give the URL of a server"
  dotnet build "$project" -v quiet >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; die "the test host does not build"; }
  program=$(dotnet msbuild "$project" -getProperty:TargetPath)
  dotnet "$program" </dev/null >"$work/host.out" 2>"$work/host.log" &
  host=$!
  while [ "$tries" -gt 0 ]; do
    url=$(sed -n 's/^listening on \(http[^ ]*\).*/\1/p' "$work/host.out" | head -n 1)
    [ -z "$url" ] || return 0
    kill -0 "$host" 2>/dev/null || break
    sleep 0.1; tries=$((tries - 1))
  done
  cat "$work/host.out" "$work/host.log" >&2
  die "the test host did not say 'listening on URL' in 30 s"
}

peers=$("$ENG_ROOT/eng/peers.sh" 2>"$work/peers.log") || { cat "$work/peers.log" >&2; exit 1; }
suite=$peers/tools/node_modules/@modelcontextprotocol/conformance
[ -n "$url" ] || start_host

for revision in "${revisions[@]}"; do
  # Its exit code and summary are not used: the verdict is taken from the checks it writes.
  timeout 600 "$peers/tools/node" "$suite/dist/index.js" server --url "$url" --requirements "$revision" \
    --output-dir "$work/$revision" </dev/null >"$work/$revision.log" 2>&1 || true
done
"$peers/tools/node" "$ENG_ROOT/eng/conformance.mjs" "$suite" "$work" "$only" "${revisions[@]}"
