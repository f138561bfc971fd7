#!/usr/bin/env bash
# no-loss.sh [--stop-first]: quick requests, slow ones, bodies and streams come in, each sent when it is due whether or not earlier ones were answered,
# while the service changes its versions in every way there is, goes back, and changes its size. Not one of them may fail. Then a replica is killed:
# at most what was under way there is lost. With --stop-first the old version is stopped before the new one starts; then requests must fail, or the
# rest proves nothing. Needs Docker. About a minute.
#   RATE     requests a second (120)
#   LEAST    requests in all before the replica is killed (5000)
# shellcheck source=samples/services/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

rate=${RATE:-120} least=${LEAST:-5000}
export POLYCLAW__SERVICES__ROLLOUTS__LEASTSTEPTIME=${POLYCLAW__SERVICES__ROLLOUTS__LEASTSTEPTIME:-00:00:02}
export POLYCLAW__SERVICES__ROLLOUTS__LEASTSAMPLES=${POLYCLAW__SERVICES__ROLLOUTS__LEASTSAMPLES:-20}
export POLYCLAW__SERVICES__ROLLOUTS__KEEPOLD=${POLYCLAW__SERVICES__ROLLOUTS__KEEPOLD:-00:00:02}
rows=() sent=0 failed=0

# deploy VERSION CLAUSES...: a version of the sample that says which it is.
deploy() {
  local version=$1; shift
  polyclaw run "deploy service no-loss image=$image cpu=250m memory=64Mi args=[\"--version\", \"$version\"] $*"
}
containers() { docker ps -q --filter label=polyclaw.service=no-loss "$@"; }
begin() { sample load load "$(address no-loss)" --rate "$rate" --seconds 600 --body-every 5 --slow-every 7 --stream-every 11 --timeout-seconds 10 --allow-failures; }

# count: sets sent and failed once everything that was sent until now has its answer; a stream takes most of a second.
count() {
  local seen line
  seen=$(wc -l <"$work/load")
  until [ "$(wc -l <"$work/load")" -ge $((seen + 3)) ]; do
    kill -0 "${started[-1]}" 2>/dev/null || die "the load has ended: $(cat "$work/load")"
    sleep 0.1
  done
  line=$(tail -n 1 "$work/load")
  [[ $line =~ sent\ ([0-9]+)\ +failed\ ([0-9]+) ]] || die "the load says '$line'"
  sent=${BASH_REMATCH[1]} failed=${BASH_REMATCH[2]}
}
# phase NAME COMMAND...: does it under load; a row of the table.
phase() {
  local name=$1 before=$sent lost=$failed; shift
  "$@" >"$work/phase" 2>&1 || die "$name: $(cat "$work/phase")"
  count
  rows+=("$(printf '%-32s %6d %7d' "$name" $((sent - before)) $((failed - lost)))")
  echo "${rows[-1]}"
}
rest() { until [ "$sent" -ge "$least" ]; do count; done; }
table() {
  printf '%-32s %6s %7s\n' phase sent failed
  printf '%s\n' "${rows[@]}"
}

if [ "${1:-}" = --stop-first ]; then
  say "A service with one writer: its old version stops before the new one starts"
  deploy v1 replicas=1 kind=stateful
  begin
  phase "at rest" count
  phase "stop-first to v2" deploy v2 replicas=1 kind=stateful
  end load
  table
  [ "$failed" -gt 0 ] || die "no request failed, so this load would not notice one that is lost"
  exit 0
fi

# Whose requests are lost when a replica is killed: those under way there. What is not begun goes elsewhere.
strike() {
  local victim version number
  victim=$(containers | head -n 1)
  version=$(docker inspect -f '{{index .Config.Labels "polyclaw.version"}}' "$victim")
  number=$(docker inspect -f '{{index .Config.Labels "polyclaw.replica"}}' "$victim")
  underway=$(curl -sf "${url%no-loss/}-/metrics" | sed -n "s/^polyclaw_gateway_requests_in_flight{.*service=\"no-loss\",version=\"$version\",replica=\"$number\"} //p")
  docker kill --signal KILL "$victim" >/dev/null
  for _ in $(seq 150); do
    if ! containers --no-trunc | grep -q "^$victim" && [ "$(containers | wc -l)" = 3 ] && [ "$(replicas no-loss)" = 3 ]; then return; fi
    sleep 0.2
  done
  polyclaw services show no-loss
  return 1
}

say "1. Four replicas, then $rate requests a second"
deploy v1 replicas=4
url=$(address no-loss)
begin
phase "at rest, 4 replicas" count
phase "rolling to v2" deploy v2 replicas=4 strategy=rolling
phase "blue-green to v3" deploy v3 replicas=4 strategy=blue_green
phase "canary to v4" deploy v4 replicas=4 strategy=canary
phase "rollback to v3" polyclaw services rollback no-loss
phase "scale 4 to 8" polyclaw services scale no-loss 8
phase "scale 8 to 3" polyclaw services scale no-loss 3
phase "at rest, 3 replicas" rest
total=$sent lost=$failed

say "2. One of three replicas is killed"
underway=0
phase "SIGKILL of a replica" strike
killed=$((failed - lost))
end load
grep '^failed ' "$work/load" || true
polyclaw services delete no-loss >/dev/null
[ -z "$(containers -a)" ] || die "containers are left"

say "3. What became of the requests"
table
echo "in all $total before the kill, $lost lost; the killed replica had $underway under way, $killed were lost with it"
[ "$lost" = 0 ] || die "requests were lost"
# Read a moment before the kill: as many again may have come in between.
[ "$killed" -le $((underway + 5)) ] || die "the kill lost more than what was under way there"
