#!/usr/bin/env bash
# image.sh [TAG]: builds the image of the Dockerfile (default tag polyclaw:local) from base images made on this machine,
# with any builder and without a registry, then starts it once. For a machine that reaches registries,
# `docker build -t polyclaw .` is enough. Not part of the test run: linking two native programs takes minutes.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

tag=${1:-polyclaw:local}
DOCKER_HOST=$("$ENG_ROOT/eng/engine.sh" up); export DOCKER_HOST
"$ENG_ROOT/eng/bases.sh" sdk runtime-deps

# The classic builder where the engine has no other. The build reaches the package feed through this machine's network,
# for an engine on a bare machine may have no way out of its own.
if ! docker buildx version >/dev/null 2>&1; then export DOCKER_BUILDKIT=0; fi
docker build --network host -t "$tag" \
  --build-arg SDK_IMAGE=polyclaw-base/sdk:10.0 --build-arg RUNTIME_IMAGE=polyclaw-base/runtime-deps:10.0 "$ENG_ROOT" >&2

# A program that cannot find a library of its base fails here, not at whoever starts it first.
if ! docker run --rm --network none --read-only --cap-drop ALL "$tag" --version >&2; then die "the image does not start"; fi
docker image inspect -f '{{.Size}}' "$tag" | { read -r bytes; say "$tag is $((bytes / 1000000)) MB"; }
echo "$tag"
