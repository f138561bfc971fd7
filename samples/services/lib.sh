# shellcheck shell=bash
# What the demonstrations share. Source it, do not run it. Each works in a home of its own that it leaves behind for a look (POLYCLAW_HOME chooses
# another), takes any free port, and removes what it made at its end.
#   POLYCLAW         the program; built from this checkout when left out
#   SAMPLE_SERVICE   the sample's program, for load and webhooks; run in a container when left out
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

image=polyclaw-sample/service:1
demo=$(basename -- "$0" .sh)
export POLYCLAW_HOME=${POLYCLAW_HOME:-${TMPDIR:-/tmp}/polyclaw-$demo}
export POLYCLAW__GATEWAY__LISTEN=${POLYCLAW__GATEWAY__LISTEN:-127.0.0.1:0}
mkdir -p "$POLYCLAW_HOME"
work=$(mktemp -d "${TMPDIR:-/tmp}/polyclaw-$demo.XXXXXX")
started=()

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
die() { printf '%s: %s\n' "$demo" "$*" >&2; exit 1; }

if [ -z "${POLYCLAW:-}" ]; then
  dotnet build src/PolyClaw -v quiet -nologo -clp:ErrorsOnly || die "src/PolyClaw does not build"
  POLYCLAW="dotnet $PWD/src/PolyClaw/bin/Debug/net10.0/polyclaw.dll"
fi
polyclaw() { $POLYCLAW "$@"; }   # unquoted: it may be 'dotnet FILE'

docker image inspect "$image" >/dev/null 2>&1 || samples/services/build.sh

# sample NAME ARGUMENTS...: the sample's program, beside the service; its output is in $work/NAME.
sample() {
  local name=$1; shift
  if [ -n "${SAMPLE_SERVICE:-}" ]; then
    "$SAMPLE_SERVICE" "$@" >"$work/$name" 2>&1 &
  else
    docker run --rm --init --network host "$image" "$@" >"$work/$name" 2>&1 &
  fi
  started+=($!)
}
# end NAME: ends what was started last, and prints its last line.
end() {
  kill -TERM "${started[-1]}" 2>/dev/null || true
  wait "${started[-1]}" 2>/dev/null || true
  tail -n 1 "$work/$1"
}
# of SERVICE FIELD...: a figure of a service, as 'services show' tells it: 'of web p95_ms' is that of the version that serves.
address() { polyclaw services show "$1" --json | sed -n 's/.*"address":"\([^"]*\)".*/\1/p'; }
serving() { polyclaw services show "$1" --json | sed -n "s/.*\"weight\":100,[^}]*\"$2\":\([0-9.]*\).*/\1/p"; }
replicas() { polyclaw services show "$1" --json | grep -o '"state":"healthy"' | wc -l; }

finish() {
  local status=$?
  trap - EXIT INT TERM
  for service in $(polyclaw services list --json 2>/dev/null | grep -o '"name":"[a-z0-9-]*","state"' | cut -d'"' -f4); do
    polyclaw services delete "$service" >/dev/null 2>&1 || true
  done
  for server in $(polyclaw servers list --json 2>/dev/null | grep -o '"name":"[a-z0-9-]*","kind"' | cut -d'"' -f4); do
    polyclaw servers remove "$server" >/dev/null 2>&1 || true
  done
  polyclaw stop >/dev/null 2>&1 || true
  for process in "${started[@]}"; do kill -TERM "$process" 2>/dev/null || true; done
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
