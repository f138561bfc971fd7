#!/usr/bin/env bash
# engine.sh [up|down|status]: a Docker engine for the tests.
#
# up      prints the endpoint of an engine that answers. Taken in this order: DOCKER_HOST, the docker CLI's current
#         context, /var/run/docker.sock, the engine this script started earlier. If none answers, one is installed from
#         Debian's packages (root) and started on a socket of its own, with data of its own.
# down    stops the engine this script started; one that was there before is left alone.
# status  prints the endpoint and version, exit code 1 if no engine answers.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

dir=$ENG_RUN/engine
own=unix://$dir/docker.sock

find_engine() {
  local endpoint context
  context=$(DOCKER_HOST='' timeout 5 docker context inspect --format '{{.Endpoints.docker.Host}}' 2>/dev/null || true)
  for endpoint in "${DOCKER_HOST:-}" "$context" unix:///var/run/docker.sock "$own"; do
    if [ -n "$endpoint" ] && engine_version "$endpoint" >/dev/null; then echo "$endpoint"; return; fi
  done
  return 1
}

start() {
  find_engine >/dev/null && return   # somebody else was quicker, while we waited for the lock
  is_root || die "no Docker engine answers, and starting one needs root"
  need docker:docker.io dockerd:docker.io iptables:iptables mount:mount
  if [ -d /run/systemd/system ]; then
    # Where services may run, the package's own is the right one.
    systemctl start docker.service || true
    wait_engine unix:///var/run/docker.sock 15 || true
  fi
  find_engine >/dev/null && return

  # A daemon of ours that does not answer is either still starting or stuck.
  if process_is "$dir/dockerd.pid" dockerd; then
    wait_engine "$own" 20 && return
    say "the engine of an earlier run does not answer: starting it again"
    stop_process "$dir/dockerd.pid" dockerd
  fi
  mkdir -p "$dir"
  rm -f "$dir/dockerd.pid"
  process_is "$dir/exec/containerd/containerd.pid" containerd || rm -f "$dir/exec/containerd/containerd.pid"
  mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
  ulimit -n 1048576 2>/dev/null || true

  # A session of its own and none of our descriptors: it outlives this script and holds neither its lock nor its pipes.
  setsid dockerd -H "$own" --data-root "$ENG_CACHE/engine/data" --exec-root "$dir/exec" -p "$dir/dockerd.pid" \
    --exec-opt native.cgroupdriver=cgroupfs --userland-proxy=false --shutdown-timeout 5 \
    --log-level warn --log-opt max-size=10m --log-opt max-file=2 </dev/null >"$dir/dockerd.log" 2>&1 8>&- &
  if ! wait_engine "$own" 30 $!; then
    tail -n 15 "$dir/dockerd.log" >&2
    die "dockerd did not come up; its log is $dir/dockerd.log"
  fi
}

up() {
  local endpoint
  if ! endpoint=$(find_engine); then
    locked engine 180 start >&2   # a statement of its own: behind '||' or '$()' bash would not stop at a failing line
    endpoint=$(find_engine)
  fi
  say "engine $(engine_version "$endpoint") at $endpoint"
  echo "$endpoint"
}

down() {
  process_is "$dir/dockerd.pid" dockerd || { say "this script has no engine running"; return; }
  locked engine 180 stop_process "$dir/dockerd.pid" dockerd
  say "stopped"
}

status() {
  local endpoint
  endpoint=$(find_engine) || die "no engine answers"
  echo "$endpoint $(engine_version "$endpoint")"
}

case ${1:-up} in
  up | down | status) "${1:-up}" ;;
  *) die "usage: engine.sh [up|down|status]" ;;
esac
