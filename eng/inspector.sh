#!/usr/bin/env bash
# inspector.sh [PROGRAM [ARGUMENT...]]: drives the app with the MCP Inspector's CLI (eng/peers/package.json pins it), over
# stdio and over HTTP with the token, in both protocol eras, and prints one table. Exit code 1 if any call fails.
#
# PROGRAM: the app's binary, or its .dll, or "dotnet FILE.dll"; none: built now.
#
# This Inspector speaks both eras: "modern" pins 2026-07-28 and fails where a server has no server/discover (seen against
# the reference servers from npm, which speak 2025-11-25), "legacy" says initialize. The app has no prompts and declares
# none; the Inspector then lists none, and that is asked too.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=eng/app.sh
. "$ENG_ROOT/eng/app.sh"

use_program "$@"
use_peers
serve_app
mkdir "$work/home-stdio" "$work/inspector"

# inspect TRANSPORT ERA NAME OPTION...: one call by a client of its own. The Inspector keeps files in its HOME: here, not in the caller's.
inspect() {
  local transport=$1 era=$2 name=$3 server; shift 3
  case $transport in
    stdio) server=("${program[@]}" serve -e "POLYCLAW_HOME=$work/home-stdio") ;;
    http) server=("$url" --header "Authorization: Bearer $(cat "$token")") ;;
  esac
  HOME=$work/inspector timeout 60 "$node" "$tools/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js" --cli \
    "${server[@]}" --protocol-era "$era" --format json "$@" </dev/null >"$work/$transport.$era.$name.json" 2>"$work/$transport.$era.$name.log" ||
    echo "exit code $?" >"$work/$transport.$era.$name.failed"
}

inspect_all() {
  inspect "$@" tools --method tools/list --strict
  inspect "$@" plan --method tools/call --tool-name plan_and_execute --tool-arg 'goal=report "written by the Inspector"'
  inspect "$@" runs --method tools/call --tool-name list_runs
  inspect "$@" resources --method resources/list
  inspect "$@" templates --method resources/templates/list
  inspect "$@" prompts --method prompts/list
}

clients=()
for era in legacy modern; do
  # Both transports side by side: what a call costs is the start of Node.
  inspect_all stdio "$era" & clients+=($!)
  inspect_all http "$era" & clients+=($!)
  wait "${clients[@]}"
done
"$node" "$ENG_ROOT/eng/inspector.mjs" "$work"
