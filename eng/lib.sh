# shellcheck shell=bash
# What the scripts in this folder share. Source it, do not run it.

# Everything here is read without a terminal: nothing may ask, page or colour.
export DEBIAN_FRONTEND=noninteractive DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en NO_COLOR=1

# Exported: a step that runs in a shell of its own (timeout, unshare) sees them too.
ENG_ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
ENG_HOME=${HOME:-/root}
# Kept between runs and machines' restarts: whatever is slow to make again.
ENG_CACHE=${XDG_CACHE_HOME:-$ENG_HOME/.cache}/polyclaw-eng
# Gone after a restart, like the processes it speaks of: sockets, pid files, locks. Short, for a socket's path ends at 107 bytes.
if [ "$(id -u)" = 0 ]; then ENG_RUN=/run/polyclaw-eng; else ENG_RUN=${XDG_RUNTIME_DIR:-$ENG_CACHE}/polyclaw-eng; fi
export ENG_ROOT ENG_CACHE ENG_RUN
mkdir -p "$ENG_CACHE" "$ENG_RUN"

# Progress and complaints go to stderr; stdout carries answers (an endpoint, a path).
say() { printf '%s: %s\n' "$(basename -- "$0" .sh)" "$*" >&2; }
die() { say "$*"; exit 1; }

is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }

# locked NAME SECONDS COMMAND...: one holder of NAME on this machine at a time. The kernel drops the lock with the
# process, so kill -9 leaves none behind. What outlives the caller must close descriptor 8 (8>&-), or it keeps the lock.
locked() {
  local name=$1 seconds=$2; shift 2
  (
    flock -w "$seconds" 8 || die "waited $seconds s for another run that holds the lock '$name'"
    "$@"
  ) 8>"$ENG_RUN/$name.lock"
}

# need COMMAND:PACKAGES...: makes sure the commands exist, with Debian's packages ('+' joins several) where they do not.
need() {
  local pair missing=()
  for pair; do has "${pair%%:*}" || missing+=("${pair#*:}"); done
  [ ${#missing[@]} -eq 0 ] && return
  local packages; IFS=' +' read -r -a packages <<<"${missing[*]}"
  is_root || { say "missing: ${packages[*]} (installing them needs root)"; return 1; }
  has apt-get || { say "missing: ${packages[*]} (there is no apt-get to install them with)"; return 1; }
  locked apt 300 apt_install "${packages[@]}"
}

# A source that does not answer is only fatal when a package cannot be had without it.
apt_update() {
  [ -z "$(find "$ENG_RUN/apt-updated" -mmin -30 2>/dev/null)" ] || return 0
  if apt-get update -qq </dev/null >&2 8>&-; then touch "$ENG_RUN/apt-updated"; else say "apt-get update complained; going on"; fi
}

apt_install() {
  apt_update
  # What a killed run left half installed blocks every later one.
  dpkg --configure -a </dev/null >&2 8>&- || true
  local options=(-y -qq --no-install-recommends -o DPkg::Lock::Timeout=120)
  # A machine that is thrown away need not have every file on disk before the next is unpacked.
  [ "${CI:-}" != true ] || options+=(-o DPkg::Options::=--force-unsafe-io)
  apt-get install "${options[@]}" "$@" </dev/null >&2 8>&- || { say "apt-get could not install: $*"; return 1; }
}

# engine_version ENDPOINT: prints the version of the engine that answers there, or fails within 5 s.
engine_version() { has docker && timeout 5 docker -H "$1" version --format '{{.Server.Version}}' 2>/dev/null; }

# process_is PIDFILE NAME: whether the process written there lives and is what it should be (pids are used again).
process_is() {
  local pid; pid=$(cat "$1" 2>/dev/null) || return 1
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] && ! grep -q '^State:.[ZX]' "/proc/$pid/status"
}

# wait_engine ENDPOINT SECONDS PID: waits until the engine answers, its process (if given) is gone or the time is up.
wait_engine() {
  local end=$((SECONDS + $2))   # not a number of tries: one of a daemon that hangs takes 5 s
  while [ "$SECONDS" -lt "$end" ]; do
    engine_version "$1" >/dev/null && return
    [ -z "${3:-}" ] || kill -0 "$3" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

# stop_process PIDFILE NAME: asks it to end, insists after 20 s.
stop_process() {
  local pid tries=200
  process_is "$1" "$2" || { rm -f "$1"; return; }
  pid=$(cat "$1"); kill -TERM "$pid" 2>/dev/null || true
  while process_is "$1" "$2"; do
    [ "$tries" -gt 0 ] || { say "$2 (pid $pid) ignored SIGTERM for 20 s: killing it"; kill -KILL "$pid"; break; }
    sleep 0.1; tries=$((tries - 1))
  done
  rm -f "$1"
}

# digest FILE...: a short name for what these files say.
digest() { cat -- "$@" | sha256sum | cut -c1-16; }
