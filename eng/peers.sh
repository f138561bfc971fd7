#!/usr/bin/env bash
# peers.sh: Node 22 and the npm packages in peers/package.json, at the exact versions of its lock file: servers, clients
# and the conformance suite, none of them ours. No install script of any package is run.
#
# Prints the folder made (under the cache); in it
#   tools/node_modules    everything, for tests on this machine; tools/node is Node 22
#   servers/node_modules  the servers alone, what a child image carries
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

key=$(digest "$ENG_ROOT/eng/peers/package.json" "$ENG_ROOT/eng/peers/package-lock.json" "${BASH_SOURCE[0]}")
dir=$ENG_CACHE/peers/$key

# The suite and the Inspector want Node 22, and Debian's is older: the lock file brings a binary for Linux; elsewhere
# the one on the path must do.
find_node() {
  local node
  for node in "$1"/node_modules/node-linux-*/bin/node; do
    if [ -x "$node" ]; then echo "$node"; return; fi
  done
  node=$(command -v node) || die "there is no node on the path"
  [ "$("$node" -p 'process.versions.node.split(".")[0]')" -ge 22 ] || die "$node is older than Node 22"
  echo "$node"
}

install() {
  [ -d "$dir" ] && return
  need npm:nodejs+npm
  local half=$dir.half
  rm -rf "$half"; mkdir -p "$half/tools" "$half/servers"
  cp "$ENG_ROOT/eng/peers/"package*.json "$half/tools/"
  cp "$ENG_ROOT/eng/peers/"package*.json "$half/servers/"
  # npm may be run by an older Node than the packages ask for; they are run by the one it brings.
  local ci=(npm ci --ignore-scripts --no-audit --no-fund --engine-strict=false --loglevel=error)
  (cd "$half/tools" && "${ci[@]}" </dev/null) >&2
  (cd "$half/servers" && "${ci[@]}" --omit=dev --omit=optional --prefer-offline </dev/null) >&2
  local node; node=$(find_node "$half/tools")
  ln -s "${node#"$half/tools/"}" "$half/tools/node"
  mv "$half" "$dir"
}

locked peers 300 install
say "Node $("$dir/tools/node" --version) in $dir"
echo "$dir"
