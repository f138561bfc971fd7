#!/usr/bin/env bash
# engine-tls.sh [up|down|status]: an engine at another place, for tests of locations. It is Docker of this machine with a
# network of its own at the end of a wire (10.213.7.0/24): nothing reaches it but mutual TLS on its address, and what it
# publishes is reached on that address alone. It shares no bridge, no iptables rule and no image with the other engines.
#
# up      prints a socket of it, for scripts that put images into it. Needs root. Certificates lie in the cache and are
#         made again a month before they end.
# env     prints what tests read: address, folder of the client's certificates, address of published ports, and the socket,
#         which is for the tests' own eyes.
# down    stops it and takes the wire away. status: prints address and version, exit code 1 if it does not answer.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

dir=$ENG_RUN/engine-tls
own=unix://$dir/docker.sock
store=$ENG_CACHE/engine-tls
certs=$store/certs
space=polyclaw-tls
here=10.213.7.1
there=10.213.7.2
endpoint=tcp://$there:2376

in_space() { nsenter --net="/run/netns/$space" "$@"; }

make_certs() {
  [ -e "$certs/made" ] && openssl x509 -checkend 2592000 -noout -in "$certs/server.pem" >/dev/null && return
  local half=$certs.half name use
  rm -rf "$certs" "$half"; mkdir -m 700 "$half"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/CN=PolyClaw test engines" \
    -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign -keyout "$half/ca-key.pem" -out "$half/ca.pem" 2>"$half/log"
  for name in server client; do
    if [ $name = server ]; then use="extendedKeyUsage=serverAuth
subjectAltName=IP:$there,DNS:pop-up-nyc.test"; else use=extendedKeyUsage=clientAuth; fi
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=PolyClaw test $name" \
      -keyout "$half/$name-key.pem" -out "$half/$name.csr" 2>>"$half/log"
    openssl x509 -req -days 365 -in "$half/$name.csr" -CA "$half/ca.pem" -CAkey "$half/ca-key.pem" -CAcreateserial \
      -extfile <(printf 'basicConstraints=critical,CA:false\n%s\n' "$use") -out "$half/$name.pem" 2>>"$half/log"
  done
  # Named as docker's own clients look for them.
  mv "$half/client.pem" "$half/cert.pem"; mv "$half/client-key.pem" "$half/key.pem"
  touch "$half/made"; mv "$half" "$certs"
}

wire() {
  if ! [ -e "/run/netns/$space" ]; then ip netns add "$space"; fi
  if ! ip link show polyclaw-tls >/dev/null 2>&1; then
    ip link add polyclaw-tls type veth peer name eth0 netns "$space"
  fi
  ip addr replace $here/24 dev polyclaw-tls; ip link set polyclaw-tls up
  in_space ip link set lo up
  in_space ip addr replace $there/24 dev eth0; in_space ip link set eth0 up
}

answers() {
  has docker && timeout 5 docker --tlsverify --tlscacert "$certs/ca.pem" --tlscert "$certs/cert.pem" --tlskey "$certs/key.pem" \
    -H "$endpoint" version --format '{{.Server.Version}}' 2>/dev/null
}

start() {
  answers >/dev/null && return
  is_root || die "an engine at another place needs root"
  need docker:docker.io dockerd:docker.io iptables:iptables ip:iproute2 nsenter:util-linux openssl:openssl mount:mount
  mkdir -p "$store/data" "$dir"
  # A daemon that is there all the same is stuck, or holds other certificates.
  stop_process "$dir/dockerd.pid" dockerd
  stop_process "$dir/exec/containerd/containerd.pid" containerd
  rm -f "$dir/dockerd.pid" "$dir/docker.sock"
  make_certs
  wire
  mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
  ulimit -n 1048576 2>/dev/null || true
  setsid nsenter --net="/run/netns/$space" dockerd -H "$own" -H "$endpoint" \
    --tlsverify --tlscacert "$certs/ca.pem" --tlscert "$certs/server.pem" --tlskey "$certs/server-key.pem" \
    --data-root "$store/data" --exec-root "$dir/exec" -p "$dir/dockerd.pid" --exec-opt native.cgroupdriver=cgroupfs \
    --userland-proxy=false --shutdown-timeout 5 --log-level warn </dev/null >"$dir/dockerd.log" 2>&1 8>&- &
  wait_engine "$own" 30 $! || { tail -n 15 "$dir/dockerd.log" >&2; die "dockerd did not come up; its log is $dir/dockerd.log"; }
  answers >/dev/null || { tail -n 15 "$dir/dockerd.log" >&2; die "the engine does not answer over TLS at $endpoint"; }
}

up() {
  locked engine-tls 300 start >&2
  say "engine $(answers) at $endpoint"
  echo "$own"
}

env() {
  status >/dev/null
  echo "export POLYCLAW_TEST_ENGINE_TLS=$endpoint POLYCLAW_TEST_ENGINE_TLS_CERTS=$certs POLYCLAW_TEST_ENGINE_TLS_ADDRESS=$there"
  echo "export POLYCLAW_TEST_ENGINE_TLS_SOCKET=$own"
}

stop() {
  stop_process "$dir/dockerd.pid" dockerd
  # The other end goes with it.
  ip link del polyclaw-tls 2>/dev/null || true
  ip netns del "$space" 2>/dev/null || true
}

down() {
  locked engine-tls 300 stop
  say "stopped"
}

status() {
  local version
  version=$(answers) || die "it does not answer"
  echo "$endpoint $version"
}

case ${1:-up} in
  up | env | down | status) "${1:-up}" ;;
  *) die "usage: engine-tls.sh [up|env|down|status]" ;;
esac
