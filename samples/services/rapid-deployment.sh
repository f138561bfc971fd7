#!/usr/bin/env bash
# rapid-deployment.sh: four replicas of a service, then its second version on a tenth of the live traffic first, and on all of it while it does well.
# Needs Docker. About a minute and a half.
# shellcheck source=samples/services/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

say "1. Four replicas"
polyclaw run samples/services/rec-service.goal

say "2. Its second version, while 60 requests a second come in: quick ones, slow ones, bodies and streams"
sample load load "$(address rec-service)" --rate 60 --seconds 600 --body-every 5 --slow-every 7 --stream-every 11
polyclaw run samples/services/rec-service-v2.goal

say "3. What became of the requests"
end load
polyclaw services show rec-service
polyclaw services history rec-service
grep -q ', failed 0,' "$work/load" || die "requests were lost"
