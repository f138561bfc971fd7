#!/usr/bin/env bash
# bases.sh [os] [runtime-deps] [node] [children] [sdk]: local stand-ins for base images, made without any registry from
# Debian's and npm's packages, and the children the tests talk to. Without arguments: all but sdk.
#
#   polyclaw-base/os:1                the C library, OpenSSL, CA certificates, time zones, busybox
#   polyclaw-base/runtime-deps:10.0   the same without a shell: what the native app runs on
#   polyclaw-base/node:1              os and Node 22
#   polyclaw-base/sdk:10.0            os, this machine's .NET SDK, gcc. It carries this machine's CA bundle, which may hold
#                                     a private one: for builds here, never to be published
#   polyclaw-test/everything:1, filesystem:1, memory:1
#                                     the reference MCP servers from npm, over stdio, as user 65532; they work with a
#                                     read-only root, no network and no capability. filesystem serves /data (or the
#                                     folders given as arguments), memory writes /tmp/memory.jsonl: mount both to write
#
# DOCKER_HOST says which engine gets them (engine.sh finds one otherwise). An image whose label carries the digest of
# what it is made of is left alone.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

suite=bookworm
label=dev.polyclaw.eng
peers_key=$(digest "$ENG_ROOT/eng/peers/package-lock.json" "$ENG_ROOT/eng/peers.sh")
key=$(printf '%s %s' "$(digest "${BASH_SOURCE[0]}")" "$peers_key" | sha256sum | cut -c1-16)
store=$ENG_CACHE/bases/$key                # the root file systems as tars, for the next engine

# current TAG: whether the engine holds this image as we would make it now.
current() { [ "$(docker image inspect -f "{{index .Config.Labels \"$label\"}}" "$1" 2>/dev/null)" = "$key" ]; }

import() {
  local tag=$1 tar=$2; shift 2
  local changes=(-c "LABEL $label=$key") change
  for change; do changes+=(-c "$change"); done
  docker import "${changes[@]}" - "$tag" <"$tar" >/dev/null
  say "made $tag"
}

# extract DIR PACKAGE...: unpacks Debian packages into DIR and adds what their scripts would have made.
extract() {
  local dir=$1 packages; shift
  packages=$(IFS=,; echo "$*")
  need mmdebstrap:mmdebstrap
  mkdir -p "$dir"
  mmdebstrap --quiet --variant=extract --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --include="base-files,$packages" "$suite" - 2>"$dir.log" |
    tar -C "$dir" -x --exclude='./dev/*' || { tail -n 10 "$dir.log" >&2; die "could not unpack Debian packages"; }
  rm -rf "$dir/etc/apt" "$dir/var/lib/apt" "$dir/usr/share/doc" "$dir/usr/share/man" "$dir/usr/share/locale"
  # Without passwd `dotnet restore` spins for ever.
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\napp:x:65532:65532:app:/home/app:/bin/sh\n' >"$dir/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\napp:x:65532:\n' >"$dir/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$dir/etc/nsswitch.conf"
  mkdir -p "$dir/etc/ssl/certs" "$dir/home/app" "$dir/data" "$dir/tmp"
  chown 65532:65532 "$dir/home/app" "$dir/data"
  chmod 1777 "$dir/tmp"
  cat "$dir"/usr/share/ca-certificates/mozilla/*.crt >"$dir/etc/ssl/certs/ca-certificates.crt"
}

add_busybox() {
  local applet
  while read -r applet; do
    [ -e "$1/$applet" ] || ln -s /usr/bin/busybox "$1/$applet"
  done < <("$1/usr/bin/busybox" --list-full)
}

pack() { tar -C "$1" -c . >"$2.half"; mv "$2.half" "$2"; }

# The tars are made under one lock for the machine, whichever engine they are for.
make_os_tars() {
  [ -s "$store/os.tar" ] && [ -s "$store/runtime-deps.tar" ] && return
  is_root || die "making base images needs root (their files belong to several users)"
  local work=$store/work; rm -rf "$work"; mkdir -p "$work"
  extract "$work/os" libc6 libgcc-s1 libstdc++6 libssl3 zlib1g ca-certificates tzdata busybox-static
  mv "$work/os/usr/bin/busybox" "$work/busybox"
  pack "$work/os" "$store/runtime-deps.tar"
  mv "$work/busybox" "$work/os/usr/bin/busybox"
  add_busybox "$work/os"
  pack "$work/os" "$store/os.tar"
  rm -rf "$work"
}

os() { current polyclaw-base/os:1 || import polyclaw-base/os:1 "$store/os.tar" 'ENV PATH=/usr/local/bin:/usr/bin:/bin'; }

runtime_deps() {
  current polyclaw-base/runtime-deps:10.0 || import polyclaw-base/runtime-deps:10.0 "$store/runtime-deps.tar" 'ENV PATH=/usr/bin:/bin'
}

# derive TAG BASE TAR CHANGE...: BASE with the files of TAR (a command that writes one; 'none' for no files) and other
# settings. create, cp and commit need no builder, whose kind differs from engine to engine.
derive() {
  local tag=$1 base=$2 tar=$3 changes=(-c "LABEL $label=$key") change; shift 3
  for change; do changes+=(-c "$change"); done
  docker rm -f "$scratch" >/dev/null 2>&1 || true      # left by a run that was killed
  docker create --name "$scratch" --network none "$base" /none >/dev/null
  [ "$tar" = none ] || "$tar" | docker cp - "$scratch:/"
  docker commit "${changes[@]}" "$scratch" "$tag" >/dev/null
  docker rm "$scratch" >/dev/null
  say "made $tag"
}

node_tar() {
  tar -c --owner=0 --group=0 -C "$(dirname -- "$node_binary")" --transform 's,^node$,usr/local/bin/node,' node
}

servers_tar() {
  tar -c --owner=0 --group=0 -C "$peers/servers" --transform 's,^node_modules,opt/peers/node_modules,S' node_modules
}

node() {
  os
  current polyclaw-base/node:1 || derive polyclaw-base/node:1 polyclaw-base/os:1 node_tar 'ENV PATH=/usr/local/bin:/usr/bin:/bin'
}

children() {
  node
  local layer=polyclaw-test/servers:1
  current "$layer" || derive "$layer" polyclaw-base/node:1 servers_tar
  child everything '["stdio"]'
  child filesystem '["/data"]'
  child memory '[]' 'ENV MEMORY_FILE_PATH=/tmp/memory.jsonl'
}

# child NAME ARGUMENTS [CHANGE...]: one of the reference servers as an image of its own, all on one layer.
child() {
  local name=$1 arguments=$2; shift 2
  current "polyclaw-test/$name:1" || derive "polyclaw-test/$name:1" polyclaw-test/servers:1 none 'USER 65532:65532' \
    "ENTRYPOINT [\"/usr/local/bin/node\", \"/opt/peers/node_modules/@modelcontextprotocol/server-$name/dist/index.js\"]" \
    "CMD $arguments" "$@"
}

sdk() {
  current polyclaw-base/sdk:10.0 && return
  is_root || die "making base images needs root"
  local dotnet work=$store/sdk
  dotnet=$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")
  rm -rf "$work"
  extract "$work" libc6 libgcc-s1 libstdc++6 libssl3 zlib1g ca-certificates tzdata busybox-static bash gcc libc6-dev zlib1g-dev
  add_busybox "$work"
  cat /etc/ssl/certs/ca-certificates.crt >"$work/etc/ssl/certs/ca-certificates.crt"
  # The SDK goes from its folder straight into the image: it is not worth another copy on disk.
  tar -c -C "$work" . -C "$(dirname -- "$dotnet")" --transform "s,^$(basename -- "$dotnet"),./usr/share/dotnet,S" "$(basename -- "$dotnet")" |
    docker import -c "LABEL $label=$key" -c 'ENV PATH=/usr/share/dotnet:/usr/local/bin:/usr/bin:/bin' -c 'ENV HOME=/root' \
      -c 'ENV DOTNET_NOLOGO=1' -c 'ENV DOTNET_CLI_TELEMETRY_OPTOUT=1' -c 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1' \
      -c 'ENV NUGET_CERT_REVOCATION_MODE=offline' -c 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' - polyclaw-base/sdk:10.0 >/dev/null
  rm -rf "$work"
  say "made polyclaw-base/sdk:10.0"
}

scratch=polyclaw-eng-make
DOCKER_HOST=$("$ENG_ROOT/eng/engine.sh" up); export DOCKER_HOST
[ $# -gt 0 ] || set -- os runtime-deps node children
for wanted; do
  case $wanted in os | runtime-deps | node | children | sdk) ;; *) die "unknown image '$wanted': os, runtime-deps, node, children, sdk" ;; esac
done
mkdir -p "$store"
locked bases-tars 300 make_os_tars
case " $* " in
  *" node "* | *" children "*) peers=$("$ENG_ROOT/eng/peers.sh"); node_binary=$(readlink -f -- "$peers/tools/node") ;;
esac
make_images() { local wanted; for wanted; do "${wanted/-/_}"; done; }
# One lock an engine: two engines are filled side by side.
locked "bases-$(printf %s "$DOCKER_HOST" | sha256sum | cut -c1-8)" 300 make_images "$@"
