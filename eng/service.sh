#!/usr/bin/env bash
# service.sh [image|program]: the sample service of samples/service, for the tests that deploy it.
#
# image    (the default) makes polyclaw-sample/service:1 in an engine and prints its name. The image is the program and
#          nothing else. DOCKER_HOST says which engine gets it (engine.sh finds one otherwise).
# program  prints the path of the program: native and static, published into the cache under the digest of what it is
#          made of. It is the load generator too ("sample-service load URL").
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

image=polyclaw-sample/service:1
label=dev.polyclaw.eng
source=$ENG_ROOT/samples/service
mapfile -t made_of < <(find "$source" \( -name bin -o -name obj \) -prune -o -type f -print | LC_ALL=C sort)
key=$(digest "${made_of[@]}" "$ENG_ROOT"/Directory.*.props "$ENG_ROOT/global.json" "${BASH_SOURCE[0]}")
store=$ENG_CACHE/service
program=$store/$key/sample-service

# The work folder lies outside the tree: a build there may be running. No build server may outlive this: it would hold
# the step's output open.
publish() {
  if [ -x "$program" ]; then touch "$store/$key"; return; fi
  has dotnet || die "publishing the sample service needs the .NET SDK"
  need gcc:gcc+libc6-dev
  local work=$store/work
  rm -rf "$work"
  DOTNET_CLI_USE_MSBUILD_SERVER=0 dotnet publish "$source" -c Release -o "$work/out" --artifacts-path "$work" \
    --ucr --nologo --tl:off -v quiet -nodeReuse:false -p:UseSharedCompilation=false -p:RunAnalyzers=false \
    -p:DebugType=none -p:GenerateDocumentationFile=false </dev/null >&2 8>&- || die "the sample service does not publish"
  # A program that needs a library would start here and not in its image.
  if ldd "$work/out/sample-service" >/dev/null 2>&1; then die "the sample service was not linked statically"; fi
  mkdir -p "$store/$key"
  mv "$work/out/sample-service" "$program"
  rm -rf "$work"
  find "$store" -mindepth 1 -maxdepth 1 -type d -mtime +7 -exec rm -rf {} +
  say "published $program"
}

# import needs no builder, whose kind differs from engine to engine.
make_image() {
  [ "$(docker image inspect -f "{{index .Config.Labels \"$label\"}}" "$image" 2>/dev/null)" != "$key" ] || return 0
  tar -c --owner=0 --group=0 -C "$store/$key" sample-service |
    docker import -c "LABEL $label=$key" -c 'USER 65532:65532' -c 'EXPOSE 8080' -c 'ENTRYPOINT ["/sample-service"]' - "$image" >/dev/null
  say "made $image"
}

case ${1:-image} in
  program)
    locked service 600 publish
    echo "$program" ;;
  image)
    DOCKER_HOST=$("$ENG_ROOT/eng/engine.sh" up); export DOCKER_HOST
    locked service 600 publish
    # One lock an engine: two engines are filled side by side.
    locked "service-$(printf %s "$DOCKER_HOST" | sha256sum | cut -c1-8)" 120 make_image
    echo "$image" ;;
  *) die "usage: service.sh [image|program]" ;;
esac
