#!/usr/bin/env bash
# edge-server.sh: a server with room for services at another place, `pop-up-nyc`, and a cache service on it: a second engine, reached over TLS with
# certificates that both sides verify. EDGE_ENDPOINT (tcp://HOST:2376), EDGE_CERTS (a folder with ca.pem, cert.pem, key.pem) and EDGE_ADDRESS (where
# its published ports answer; its host when left out) name that engine; without them one is started beside the first, which needs root. About ten seconds.
# shellcheck source=samples/services/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

if [ -z "${EDGE_ENDPOINT:-}" ]; then
  eng/engine-tls.sh up >/dev/null
  eval "$(eng/engine-tls.sh env)"
  EDGE_ENDPOINT=$POLYCLAW_TEST_ENGINE_TLS EDGE_CERTS=$POLYCLAW_TEST_ENGINE_TLS_CERTS EDGE_ADDRESS=$POLYCLAW_TEST_ENGINE_TLS_ADDRESS
fi
cat >"$POLYCLAW_HOME/polyclaw.json" <<JSON
{ "Engines": { "pop-up-nyc": {
    "Endpoint": "$EDGE_ENDPOINT", "Address": "${EDGE_ADDRESS:-}",
    "CaFile": "$EDGE_CERTS/ca.pem", "CertFile": "$EDGE_CERTS/cert.pem", "KeyFile": "$EDGE_CERTS/key.pem" } } }
JSON
[ -n "${EDGE_ADDRESS:-}" ] || sed -i 's/, "Address": ""//' "$POLYCLAW_HOME/polyclaw.json"
edge() { docker -H "$EDGE_ENDPOINT" --tlsverify --tlscacert "$EDGE_CERTS/ca.pem" --tlscert "$EDGE_CERTS/cert.pem" --tlskey "$EDGE_CERTS/key.pem" "$@"; }
edge image inspect "$image" >/dev/null 2>&1 || docker save "$image" | edge load >/dev/null

polyclaw run samples/services/edge-server.goal
say "What runs there"
edge ps --filter label=polyclaw.kind --format '{{.Names}}  {{.Image}}  {{.Status}}' | tee "$work/there"
say "What of it runs here"
id=$(sed -n 's/^polyclaw-\([0-9a-f]*\)-.*/\1/p' "$work/there" | head -n 1)
docker ps --filter "name=polyclaw-$id" --format '{{.Names}}  {{.Image}}  {{.Status}}' | tee "$work/here"
polyclaw services show cache
[ "$(wc -l <"$work/there")" = 2 ] || die "there are not two containers at pop-up-nyc"
[ ! -s "$work/here" ] || die "something of it runs on this engine"
