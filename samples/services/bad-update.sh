#!/usr/bin/env bash
# bad-update.sh: a version that answers its health checks and fails requests gets a tenth of the traffic, is found out, and is removed; a webhook
# hears of it. Needs Docker. Under a minute.
# shellcheck source=samples/services/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

port=$((20000 + RANDOM % 20000))
export POLYCLAW__NOTICES__WEBHOOK=http://127.0.0.1:$port/ POLYCLAW__NOTICES__SECRET=for-the-demonstration
sample hook hook --port "$port"

say "1. A version that does well"
polyclaw run samples/services/rec-service.goal

say "2. One that fails every fifth request, on a tenth of the traffic"
sample load load "$(address rec-service)" --rate 60 --seconds 600 --allow-failures
status=0
polyclaw run samples/services/rec-service-bad.goal || status=$?

say "3. What is left, and what the webhook heard"
end load
polyclaw services show rec-service
polyclaw services history rec-service | tail -n 5
for _ in $(seq 50); do grep -q rolled_back "$work/hook" && break; sleep 0.1; done
cat "$work/hook"
[ "$status" = 1 ] || die "the run ended with $status; a run that is rolled back ends with 1"
grep -q '^sha256=[0-9a-f]* {"kind":"rolled_back"' "$work/hook" || die "the webhook heard of no rollback"
[ "$(replicas rec-service)" = 4 ] || die "the stable version has not all its replicas"
