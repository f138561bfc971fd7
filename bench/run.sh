#!/usr/bin/env bash
# Prints one table: each figure, its floor measured in the same run, and whether the goal is met.
#
#   bench/run.sh [ROW...]            rows: start call plan create memory find-tools; all by default
#
#   BENCH_SAMPLES=20                 starts and creations a figure
#   BENCH_OUT=artifacts/bench        what is published; what lies there is used again, BENCH_FRESH=1 publishes anew
#   BENCH_APP=FOLDER                 a published app to measure instead (polyclaw, toolserver/polyclaw-toolserver)
#   BENCH_FLOORS=FOLDER              published floors to use instead
#   BENCH_WORK=FOLDER                where homes are made; the journal's disk (default: the system's temporary folder)
#
# Exit code: 0 all goals met, 3 a goal missed, 1 a row broke, 2 usage.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=${BENCH_OUT:-artifacts/bench}
if [ -n "${BENCH_FRESH:-}" ]; then rm -rf "$out/app" "$out/floors"; fi

# publish PROJECT FOLDER PROGRAM
publish() {
  [ -x "$2/$3" ] && return
  dotnet publish "$1" --configuration Release --use-current-runtime --output "$2" -p:DebugType=none -nodeReuse:false >&2
}

app=${BENCH_APP:-$out/app}
floors=${BENCH_FLOORS:-$out/floors}
[ -n "${BENCH_APP:-}" ] || publish src/PolyClaw "$app" polyclaw
if [ -z "${BENCH_FLOORS:-}" ]; then
  publish bench/floors/Stdio "$floors/stdio" floor-stdio
  publish bench/floors/StdioKestrel "$floors/stdio-kestrel" floor-stdio-kestrel
fi

dotnet build bench/PolyClaw.Bench --configuration Release -nodeReuse:false -clp:ErrorsOnly >&2
exec dotnet run --project bench/PolyClaw.Bench --configuration Release --no-build -- \
  --app "$app" --floors "$floors" --samples "${BENCH_SAMPLES:-20}" --work "${BENCH_WORK:-${TMPDIR:-/tmp}}" "$@"
