#!/usr/bin/env bash
# engine28.sh [up|down|status]: Docker 28.5 beside the first engine, so that one machine proves the runtime on an old and
# a new engine. It comes from a newer Debian suite, unpacked (not installed) into a folder and run in a chroot, with a
# mount and a network namespace of its own: it shares no bridge, no iptables rule and no image with the first.
# What it publishes on 127.0.0.1 is therefore not reachable from here; attach and exec are.
#
# up      prints the endpoint. Needs root; the unpacked folder is cached.
# down    stops it. status: prints endpoint and version, exit code 1 if it does not answer.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

suite=forky
include=docker.io,runc,containerd,iptables,ca-certificates,busybox-static,base-files
dir=$ENG_RUN/engine28                       # bound to /run inside
endpoint=unix://$dir/docker.sock
store=$ENG_CACHE/engine28
rootfs=$store/rootfs-$suite-$(printf %s "$include" | sha256sum | cut -c1-8)

unpack() {
  [ -d "$rootfs" ] && return
  need mmdebstrap:mmdebstrap
  local half=$rootfs.half
  rm -rf "$half"; mkdir -p "$half"
  # The suite's index may have lapsed on a mirror that lags behind; its signature is checked all the same.
  mmdebstrap --quiet --aptopt='Acquire::Check-Valid-Until "false"' --variant=extract \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr --include="$include" "$suite" - 2>"$store/unpack.log" |
    tar -C "$half" -x --exclude='./dev/*' || { tail -n 10 "$store/unpack.log" >&2; die "could not unpack Docker of Debian $suite"; }
  # No maintainer script ran: the links they would have made.
  ln -sf xtables-nft-multi "$half/usr/sbin/iptables"
  ln -sf xtables-nft-multi "$half/usr/sbin/ip6tables"
  rm -rf "$half/etc/apt" "$half/var/lib/apt" "$half/usr/share/doc" "$half/usr/share/man"
  mkdir -p "$half/data" "$half/run" "$half/proc" "$half/sys" "$half/dev" "$half/tmp"
  mv "$half" "$rootfs"
}

# Runs inside the new namespaces; everything mounted here goes with them.
# shellcheck disable=SC2016  # the inner shell expands it
inside='
  set -e; rootfs=$1 data=$2 run=$3
  mount --bind "$rootfs" "$rootfs"
  mount --bind "$data" "$rootfs/data"
  mount --bind "$run" "$rootfs/run"
  mount -t proc proc "$rootfs/proc"
  mount --rbind /sys "$rootfs/sys"
  mount --rbind /dev "$rootfs/dev"
  chroot "$rootfs" /usr/bin/busybox ip link set lo up
  exec chroot "$rootfs" dockerd -H unix:///run/docker.sock --data-root /data --exec-root /run/exec -p /run/dockerd.pid \
    --exec-opt native.cgroupdriver=cgroupfs --userland-proxy=false --shutdown-timeout 5 --log-level warn'

start() {
  engine_version "$endpoint" >/dev/null && return
  is_root || die "a second engine needs root"
  need docker:docker.io mount:mount
  mkdir -p "$store/data" "$dir"
  unpack
  if process_is "$dir/dockerd.pid" dockerd; then
    wait_engine "$endpoint" 20 && return
    say "the engine of an earlier run does not answer: starting it again"
    stop_process "$dir/dockerd.pid" dockerd
  fi
  # Pid files of dead daemons block the start; a containerd left without its dockerd sits in namespaces that nobody enters again.
  stop_process "$dir/exec/containerd/containerd.pid" containerd
  rm -f "$dir/dockerd.pid" "$dir/docker.sock"
  mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
  ulimit -n 1048576 2>/dev/null || true
  setsid unshare --net --mount --propagation private bash -c "$inside" engine28 "$rootfs" "$store/data" "$dir" \
    </dev/null >"$dir/dockerd.log" 2>&1 8>&- &
  wait_engine "$endpoint" 30 $! || { tail -n 15 "$dir/dockerd.log" >&2; die "dockerd did not come up; its log is $dir/dockerd.log"; }
}

up() {
  locked engine28 300 start >&2
  local version; version=$(engine_version "$endpoint")
  say "engine $version at $endpoint"
  case $version in 28.*) ;; *) say "note: Debian $suite has moved on from Docker 28" ;; esac
  echo "$endpoint"
}

down() {
  process_is "$dir/dockerd.pid" dockerd || { say "this script has no engine running"; return; }
  locked engine28 300 stop_process "$dir/dockerd.pid" dockerd
  say "stopped"
}

status() {
  local version
  version=$(engine_version "$endpoint") || die "it does not answer"
  echo "$endpoint $version"
}

case ${1:-up} in
  up | down | status) "${1:-up}" ;;
  *) die "usage: engine28.sh [up|down|status]" ;;
esac
