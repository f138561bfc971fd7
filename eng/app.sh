# shellcheck shell=bash
# PolyClaw under clients that we did not write: what conformance.sh, inspector.sh and image.sh share. Source it after lib.sh.

# Neither a caller's model nor a caller's settings may decide what is measured.
for variable in OPENAI_API_KEY POLYCLAW_ONE_PROCESS "${!POLYCLAW__@}"; do unset "$variable"; done

work=$(mktemp -d "${TMPDIR:-/tmp}/polyclaw-peers.XXXXXX")
started=()
program=()
at_end() { :; }    # for the script that sources this

# Everything started here ends with the script, however it ends. What a step says goes to a log in $work; a script that
# fails prints the logs that explain it (POLYCLAW_PEERS_KEEP=1 keeps the folder).
finish() {
  local status=$? pid home
  trap - EXIT
  for pid in "${started[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  for home in "$work"/home*/; do
    if [ -S "$home/instance.sock" ]; then POLYCLAW_HOME=$home "${program[@]}" stop >/dev/null 2>&1 || true; fi
  done
  at_end
  [ -n "${POLYCLAW_PEERS_KEEP:-}" ] || rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# use_program [PROGRAM [ARGUMENT...]]: sets the array `program`. A .dll is run by dotnet; without a program the app is
# built as `dotnet run` builds it.
use_program() {
  local project=$ENG_ROOT/src/PolyClaw/PolyClaw.csproj
  program=("$@")
  if [ $# -eq 0 ]; then
    dotnet build "$project" -v quiet >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; die "the app does not build"; }
    program=("$(dotnet msbuild "$project" -getProperty:TargetPath)")
  fi
  case ${program[0]} in *.dll) program=(dotnet "${program[@]}") ;; esac
  "${program[@]}" --version >/dev/null 2>"$work/version.log" || { cat "$work/version.log" >&2; die "this does not start: ${program[*]}"; }
}

# shellcheck disable=SC2034  # node and token are for the scripts that source this
# use_peers: sets `tools`, the folder with Node 22 and the npm packages, and `node`.
use_peers() {
  tools=${POLYCLAW_TEST_PEERS:-}
  if [ -z "$tools" ]; then
    tools=$("$ENG_ROOT/eng/peers.sh" 2>"$work/peers.log")/tools || { cat "$work/peers.log" >&2; exit 1; }
  fi
  node=$(readlink -f -- "$tools/node")
  # Dozens of short clients: each would compile the same packages anew.
  export NODE_COMPILE_CACHE=$work/compiled
}

# serve NAME PATTERN COMMAND...: starts it, and sets `url` to what PATTERN (a sed expression) finds in its words.
serve() {
  local name=$1 pattern=$2 pid tries=300; shift 2
  : >"$work/$name.out"    # there before it is looked at
  "$@" </dev/null >>"$work/$name.out" 2>&1 &
  pid=$!
  started+=("$pid")
  while [ "$tries" -gt 0 ]; do
    url=$(sed -n "s!.*$pattern.*!\1!p" "$work/$name.out" | head -n 1)
    [ -z "$url" ] || return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1; tries=$((tries - 1))
  done
  cat "$work/$name.out" >&2
  die "$name did not say in 30 s where it listens"
}

# shellcheck disable=SC2034
# serve_app: the app over HTTP in a home of its own; sets `url` and `token`.
serve_app() {
  local home=$work/home-http
  mkdir -p "$home"
  serve app 'MCP at \(http[^ ]*\)' env POLYCLAW_HOME="$home" "${program[@]}" serve --http 127.0.0.1:0
  token=$home/token
}
