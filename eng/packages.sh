#!/usr/bin/env bash
# packages.sh: installs, in one go, the Debian packages the tests use and this machine lacks: bubblewrap (the local
# runtime's sandbox), gcc (links the native programs), what base images and a second engine are unpacked with, and Docker
# where no engine answers. What is there already, from whatever source, is left alone. npm is not among them: Debian's is
# hundreds of packages, which the engines need not wait for (peers.sh).
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

wanted=(bwrap:bubblewrap mount:mount gcc:gcc+libc6-dev mmdebstrap:mmdebstrap)
"$ENG_ROOT/eng/engine.sh" status >/dev/null 2>&1 || wanted+=(docker:docker.io dockerd:docker.io iptables:iptables)
need "${wanted[@]}"
