#!/usr/bin/env bash
# Prints one table: each figure, its floor measured in the same run, and whether the goal is met.
#
#   bench/run.sh [ROW...]            rows: start call plan create memory find-tools gateway deploy rollback supervise; all by default
#
#   BENCH_SAMPLES=20                 starts and creations a figure
#   BENCH_OUT=artifacts/bench        what is published; it is used again while the sources it was made of are the same
#   BENCH_FRESH=1                    publishes anew all the same
#   BENCH_APP=FOLDER                 a published app to measure instead (polyclaw, toolserver/polyclaw-toolserver)
#   BENCH_FLOORS=FOLDER              published floors to use instead
#   BENCH_WORK=FOLDER                where homes are made; the journal's disk (default: the system's temporary folder)
#
# Exit code: 0 all goals met, 3 a goal missed, 1 a row broke, 2 usage.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=${BENCH_OUT:-artifacts/bench}
if [ -n "${BENCH_FRESH:-}" ]; then rm -rf "$out/app" "$out/floors"; fi

# digest PATH...: of the files under these paths, by name and content, with uncommitted and new ones; and of the SDK. Without
# a repository, every file counts that no build made.
digest() {
  {
    dotnet --version
    {
      git ls-files -z --cached --others --exclude-standard -- "$@" 2>/dev/null ||
        find "$@" -type f -not -path '*/bin/*' -not -path '*/obj/*' -print0
    } | LC_ALL=C sort -zu | while IFS= read -r -d '' file; do
      if [ -f "$file" ]; then sha256sum -- "$file"; fi    # one that is deleted and not committed is listed still
    done
  } | sha256sum | cut -d ' ' -f 1
}

# publish PROJECT FOLDER PROGRAM SOURCES...: unless what lies there was made of just these.
publish() {
  local project=$1 folder=$2 program=$3 now; shift 3
  now=$(digest global.json Directory.Build.props Directory.Packages.props "$@")
  if [ -x "$folder/$program" ] && [ "$(cat "$folder.sources" 2>/dev/null)" = "$now" ]; then return; fi
  rm -rf "$folder" "$folder.sources"
  dotnet publish "$project" --configuration Release --use-current-runtime --output "$folder" -p:DebugType=none -nodeReuse:false >&2
  echo "$now" >"$folder.sources"
}

app=${BENCH_APP:-$out/app}
floors=${BENCH_FLOORS:-$out/floors}
[ -n "${BENCH_APP:-}" ] || publish src/PolyClaw "$app" polyclaw src
if [ -z "${BENCH_FLOORS:-}" ]; then
  publish bench/floors/Stdio "$floors/stdio" floor-stdio bench/floors
  publish bench/floors/StdioKestrel "$floors/stdio-kestrel" floor-stdio-kestrel bench/floors
fi

dotnet build bench/PolyClaw.Bench --configuration Release -nodeReuse:false -clp:ErrorsOnly >&2
exec dotnet run --project bench/PolyClaw.Bench --configuration Release --no-build -- \
  --app "$app" --floors "$floors" --samples "${BENCH_SAMPLES:-20}" --work "${BENCH_WORK:-${TMPDIR:-/tmp}}" "$@"
