#!/usr/bin/env bash
# surge.sh [--without-autoscaler]: ten times the load comes in; an alert sets off `autoscale service "order-processor" to=20 replicas`; the latency is
# back to where it was within two minutes; after the surge the replicas go again. With --without-autoscaler nothing answers the alert, and the script
# fails. The alert is Alertmanager's webhook: sent by a real Prometheus and Alertmanager where PROMETHEUS and ALERTMANAGER name them, else by curl.
# Needs Docker. Under three minutes.
# shellcheck source=samples/services/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

calm=${CALM:-30} surge=$((${CALM:-30} * 10)) within=${WITHIN:-120}
export POLYCLAW__SERVICES__SCALING__HOLDTIME=${HOLD:-00:00:30} POLYCLAW__SERVICES__SCALING__DOWNWINDOW=${WINDOW:-00:00:20}
scaler=1
[ "${1:-}" != --without-autoscaler ] || scaler=
if [ -n "$scaler" ]; then
  export POLYCLAW__ALERTS__GOALS__OrderProcessorSlow='autoscale service "order-processor" to=20 replicas'
fi

# alerts ADDRESS: watches the gateway's figures and posts an alert when answers take too long.
alerts() {
  local gateway=${1%/order-processor/} token
  token=$(cat "$POLYCLAW_HOME/token")
  if [ -n "${PROMETHEUS:-}" ] && [ -n "${ALERTMANAGER:-}" ]; then
    local at=$((20000 + RANDOM % 20000))
    sed -e "s|GATEWAY|${gateway#http://}|; s|ALERTMANAGER|127.0.0.1:$at|" samples/services/surge/prometheus.yml >"$work/prometheus.yml"
    cp samples/services/surge/rules.yml "$work/rules.yml"
    sed -e "s|WEBHOOK|$gateway/-/alerts|; s|TOKEN|$token|" samples/services/surge/alertmanager.yml >"$work/alertmanager.yml"
    "$ALERTMANAGER" --config.file="$work/alertmanager.yml" --storage.path="$work/alertmanager" --web.listen-address=127.0.0.1:$at --cluster.listen-address= >"$work/alertmanager.log" 2>&1 &
    started+=($!)
    "$PROMETHEUS" --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/prometheus" --web.listen-address=127.0.0.1:$((at + 1)) >"$work/prometheus.log" 2>&1 &
    started+=($!)
  else
    while sleep 2; do
      [ "$(p95)" -gt 250 ] && curl -s -X POST -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$gateway/-/alerts" \
        -d '{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"OrderProcessorSlow"}}]}' >/dev/null
    done &
    started+=($!)
  fi
}
p95() { local ms; ms=$(serving order-processor p95_ms); echo "${ms%%.*}"; }
look() { polyclaw services list | tail -n 1; }

say "1. Two replicas, $calm requests a second"
polyclaw run samples/services/order-processor.goal
[ -z "$scaler" ] || polyclaw run samples/services/order-processor-scale.goal
url=$(address order-processor)
sample calm load "$url" --rate "$calm" --seconds 600 --allow-failures
sleep 11
base=$(p95)
look
echo "baseline: p95 $base ms"
alerts "$url"

say "2. Ten times the load"
sample surge load "$url" --rate $((surge - calm)) --seconds 600 --allow-failures --workers 2000
began=$SECONDS worst=0 back=
while [ $((SECONDS - began)) -lt "$within" ]; do
  sleep 5
  now=$(p95)
  printf '%3d s  p95 %5s ms  %s\n' $((SECONDS - began)) "$now" "$(look)"
  [ "$now" -le "$worst" ] || worst=$now
  # It has to have been slow, and then quick again over the ten seconds that the figure is of.
  if [ "$worst" -gt $((base * 2)) ] && [ "$now" -le $((base * 2 + 50)) ]; then back=$((SECONDS - began)); break; fi
done
polyclaw runs list | head -n 3
[ -n "$back" ] || die "after $within s the p95 is $now ms, and it was $base ms"
echo "back to its baseline after $back s; the worst p95 was $worst ms"
[ "$(replicas order-processor)" = 20 ] || die "there are $(replicas order-processor) replicas, not 20"

say "3. The surge is over"
end surge >/dev/null
began=$SECONDS
while [ "$(replicas order-processor)" -gt 2 ]; do
  [ $((SECONDS - began)) -lt 120 ] || die "$(replicas order-processor) replicas are left"
  sleep 2
done
echo "two replicas again after $((SECONDS - began)) s"
polyclaw services history order-processor
