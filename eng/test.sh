#!/usr/bin/env bash
# test.sh [ARGUMENTS of dotnet test]: the test command. Sets the machine up, then checks the format, builds with warnings
# as errors, runs every test of the solution and ends with one line: "N passed, N failed, N skipped".
# test.sh env: sets up, and prints the exports that `dotnet test` or an IDE needs for the same run.
#
# On a bare Debian machine as root it installs and starts what is missing; elsewhere it uses what is there, says what is
# not, and the tests that need it skip. With CI=true nothing may be missing: a failed step is a failure, and so is a test
# that would have skipped for lack of an engine (POLYCLAW_TEST_REQUIRE_ENGINE). Slow things are cached under
# ~/.cache/polyclaw-eng; engines stay up for the next run (engine.sh down, engine28.sh down, engine-tls.sh down stop them).
#
# What the tests get:
#   DOCKER_HOST, POLYCLAW_TEST_DOCKER             endpoint of an engine that answers
#   POLYCLAW_TEST_DOCKER28                        endpoint of a Docker 28.5 engine in a network of its own
#   POLYCLAW_TEST_ENGINE_TLS, _CERTS, _ADDRESS, _SOCKET   an engine at another place: its address over mutual TLS, the folder of
#                                                 ca.pem, cert.pem and key.pem, where its ports answer, a socket to look with
#   POLYCLAW_TEST_IMAGE_OS                        a small image with a shell, in both engines
#   POLYCLAW_TEST_CHILD_IMAGE_EVERYTHING, _FILESYSTEM, _MEMORY   MCP servers from npm over stdio, in the first engine
#                                                 (and in the second, unless a step of the set-up said otherwise)
#   POLYCLAW_TEST_IMAGE_SERVICE                   the sample service as an image, in the first engine (and in the others,
#                                                 unless a step of the set-up said otherwise)
#   POLYCLAW_TEST_SERVICE_PROGRAM                 path of the sample service's program; "load URL" makes it a load generator
#   POLYCLAW_TEST_WRK, _PROMETHEUS, _ALERTMANAGER, _NGINX   paths of programs that are not ours; tools.sh says how to start them
#   POLYCLAW_TEST_NODE22                          path of Node 22
#   POLYCLAW_TEST_PEERS                           folder whose node_modules holds the npm peers
#   POLYCLAW_TEST_REQUIRE_ENGINE                  1 under CI=true
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd -- "$ENG_ROOT"

solution=PolyClaw.slnx
ci=0; [ "${CI:-}" != true ] || ci=1
work=$(mktemp -d "${TMPDIR:-/tmp}/polyclaw-test.XXXXXX")
logs=$ENG_CACHE/logs/$(date +%Y%m%d-%H%M%S)-$$
mkdir -p "$logs"
find "$ENG_CACHE/logs" -mindepth 1 -maxdepth 1 -mtime +7 -exec rm -rf {} +

# Everything started here ends with this script, however it ends; a daemon that is up is nobody's child any more.
end_tree() {
  local child children
  read -r -a children < <(cat "/proc/$1/task/"*/children 2>/dev/null | tr '\n' ' ') || true
  for child in "${children[@]}"; do end_tree "$child"; done
  kill -TERM "$1" 2>/dev/null || true
}
finish() {
  local status=$? job
  trap - EXIT INT TERM HUP
  for job in $(jobs -p); do end_tree "$job"; done
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# step NAME SECONDS COMMAND...: runs one step without input, its answer (stdout) and its words (stderr) in two logs, and
# prints a line with what came of it and how long it took.
step() {
  local name=$1 limit=$2 began=${EPOCHREALTIME/[.,]/} status=0 took reason; shift 2
  # In the background, for bash runs a trap only once what is in the foreground has ended.
  timeout --kill-after=10 "$limit" "$@" </dev/null >"$logs/$name.out" 2>"$logs/$name.log" &
  wait $! || status=$?
  took=$(((${EPOCHREALTIME/[.,]/} - began) / 100000))
  if [ "$status" = 0 ]; then
    touch "$work/$name.done"
    printf '%-10s %4d.%d s\n' "$name" $((took / 10)) $((took % 10)) >&2
  else
    touch "$work/$name.failed"
    reason=$(cat "$logs/$name.out" "$logs/$name.log" | grep . | tail -n 1)
    [ "$status" != 124 ] || reason="no end after $limit s"
    printf '%-10s %4d.%d s  FAILED: %s (%s)\n' "$name" $((took / 10)) $((took % 10)) "$reason" "$logs/$name.log" >&2
  fi
  return "$status"
}

done_well() { [ -e "$work/$1.done" ]; }
answer() { tail -n 1 "$logs/$1.out"; }

# check NAME SECONDS COMMAND...: a step whose failure ends the run, with everything it said.
check() {
  step "$@" && return
  cat "$logs/$1.out" "$logs/$1.log" >&2
  die "$1 failed"
}

# An engine with its base images, a second engine with its own, the npm peers, the tools and the sample service's program,
# side by side; then what is made of them in the engines.
set_up() {
  step packages 600 eng/packages.sh || true
  # The native compiler takes both cores for half a minute: it takes what the build beside it leaves.
  { step program 900 nice -n 19 eng/service.sh program; } & local program=$!
  { step engine 240 eng/engine.sh up && DOCKER_HOST=$(answer engine) step bases 300 eng/bases.sh os runtime-deps; } & local engine=$!
  { step engine28 300 eng/engine28.sh up && DOCKER_HOST=$(answer engine28) step bases28 300 eng/bases.sh os; } & local engine28=$!
  { step peers 600 eng/peers.sh; } & local peers=$!
  { step tools 400 eng/tools.sh; } &
  wait "$engine" || true
  { step engine-tls 120 eng/engine-tls.sh up; } & local engine_tls=$!
  wait "$engine28" || true
  wait "$peers" || true
  if done_well peers && done_well bases; then { DOCKER_HOST=$(answer engine) step children 300 eng/bases.sh children; } & fi
  if done_well peers && done_well bases28; then { DOCKER_HOST=$(answer engine28) step children28 300 eng/bases.sh children; } & fi
  wait "$program" || true
  wait "$engine_tls" || true
  if done_well program && done_well engine; then { DOCKER_HOST=$(answer engine) step service 120 eng/service.sh; } & fi
  if done_well program && done_well engine28; then { DOCKER_HOST=$(answer engine28) step service28 120 eng/service.sh; } & fi
  if done_well program && done_well engine-tls; then { DOCKER_HOST=$(answer engine-tls) step service-tls 120 eng/service.sh; } & fi
  wait
}

exports() {
  local name
  if done_well bases; then
    echo "export DOCKER_HOST=$(answer engine) POLYCLAW_TEST_DOCKER=$(answer engine) POLYCLAW_TEST_IMAGE_OS=polyclaw-base/os:1"
  fi
  if done_well bases28; then echo "export POLYCLAW_TEST_DOCKER28=$(answer engine28)"; fi
  if done_well engine-tls; then eng/engine-tls.sh env; fi
  if done_well children; then
    for name in everything filesystem memory; do echo "export POLYCLAW_TEST_CHILD_IMAGE_${name^^}=polyclaw-test/$name:1"; done
  fi
  if done_well service; then echo "export POLYCLAW_TEST_IMAGE_SERVICE=$(answer service)"; fi
  if done_well program; then printf 'export POLYCLAW_TEST_SERVICE_PROGRAM=%q\n' "$(answer program)"; fi
  if done_well tools; then
    for name in wrk prometheus alertmanager nginx; do printf 'export POLYCLAW_TEST_%s=%q\n' "${name^^}" "$(answer tools)/$name"; done
  fi
  if done_well peers; then
    printf 'export POLYCLAW_TEST_PEERS=%q POLYCLAW_TEST_NODE22=%q\n' "$(answer peers)/tools" "$(readlink -f -- "$(answer peers)/tools/node")"
  fi
  if [ "$ci" = 1 ]; then echo "export POLYCLAW_TEST_REQUIRE_ENGINE=1"; fi
}

if [ "${1:-}" = env ]; then set_up; exports; exit; fi

# One run at a time in a working tree, for the second would build into the first one's folders. The tree itself is the
# lock's file. Nothing we start may inherit it: a build server that stays would hold it.
exec 9<"$ENG_ROOT"
flock -n 9 || { say "waiting for another run in this folder"; flock -w 3600 9; }

if [ "$ci" = 1 ]; then
  # Build servers that outlive the run keep its output open, and whoever reads that waits for ever.
  export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
fi

set_up 9<&- & set_up=$!
{
  check restore 600 dotnet restore "$solution"
  check format 600 dotnet format "$solution" --verify-no-changes --no-restore
  check build 900 dotnet build "$solution" --no-restore -warnaserror
} 9<&-
wait "$set_up"
failed=("$work"/*.failed)
if [ "$ci" = 1 ] && [ -e "${failed[0]}" ]; then die "a step of the set-up failed, which CI=true forbids"; fi
exports >"$work/exports"
# shellcheck source=/dev/null
. "$work/exports"

# What containers run is published once, before the tests rather than beside them: it takes both cores for a minute or two.
if done_well bases; then
  check toolserver 400 dotnet test --project tests/PolyClaw.Containers.Tests --no-build --no-ansi --no-progress --filter-class '*.ToolServerOnTheDefaultEngine'
fi

# dotnet test prints what failed as it goes; the numbers are read from the summary at its end. One project at a time: each
# of them starts processes and containers, and two cores hold no more. A test that hangs ends its project, not the run.
set -- --max-parallel-test-modules 1 --timeout 10m --no-build --no-ansi --no-progress --report-xunit-trx --results-directory "$logs/results" "$@"
status=0
{
  timeout --kill-after=30 "${POLYCLAW_TEST_MINUTES:-25}m" dotnet test --solution "$solution" "$@" </dev/null 2>&1 | tee "$logs/test.log"
} 9<&- &
wait $! || status=$?

count() { sed -n '/^Test run summary:/,$p' "$logs/test.log" | sed -n "s/^ *$1: \([0-9][0-9]*\)\$/\1/p" | tail -n 1; }
passed=$(count succeeded) fault=$(count failed) skipped=$(count skipped)
if [ -z "$passed" ] || [ -z "$fault" ] || [ -z "$skipped" ]; then
  [ "$status" != 124 ] || die "the tests did not end in ${POLYCLAW_TEST_MINUTES:-25} minutes"
  die "dotnet test printed no summary (exit code $status); its output is $logs/test.log"
fi
echo "$passed passed, $fault failed, $skipped skipped"
[ "$status" = 0 ] || exit "$status"
[ "$fault" = 0 ] || die "dotnet test succeeded and yet counts failures"
[ "$((passed + fault))" -gt 0 ] || die "no test was run"
