#!/usr/bin/env bash
# build.sh [OPTIONS of docker build]: makes the image polyclaw-sample/service:1, which the samples in this folder deploy, in
# the engine that your docker command speaks to. On a Linux machine with the .NET SDK and gcc it takes half a minute;
# elsewhere it is built inside the SDK's image (SDK_IMAGE), and the options are for that build.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."

image=polyclaw-sample/service:1
sdk=${SDK_IMAGE:-mcr.microsoft.com/dotnet/sdk:10.0}
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# Not `uname -m`: the image is for the engine's machine, which may be another one.
engine=$(docker version --format '{{.Server.Os}}/{{.Server.Arch}}') || die "no Docker engine answers: start one, or set DOCKER_HOST"
case $engine in
  linux/amd64) machine=x86_64 ;;
  linux/arm64) machine=aarch64 ;;
  *) die "the engine runs $engine; the sample service is built for linux/amd64 and linux/arm64" ;;
esac

can_publish_here() {
  [ "$(uname -sm)" = "Linux $machine" ] && dotnet --version >/dev/null 2>&1 &&
    echo 'int main(void){return 0;}' | gcc -static -x c - -o /dev/null 2>/dev/null
}

if can_publish_here; then
  work=$(mktemp -d "${TMPDIR:-/tmp}/polyclaw-sample.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  dotnet publish samples/service -c Release --use-current-runtime -p:RunAnalyzers=false --artifacts-path "$work" -o "$work/out" -v quiet ||
    die "samples/service does not publish; what it said stands above"
  tar -c --owner=0 --group=0 -C "$work/out" sample-service |
    docker import -c 'USER 65532:65532' -c 'EXPOSE 8080' -c 'ENTRYPOINT ["/sample-service"]' - "$image" >/dev/null ||
    die "the engine did not take the image"
else
  echo "no .NET SDK and static gcc for $engine here: building in $sdk"
  # On stdin, for the repository's .dockerignore is that of another image.
  tar -c --exclude=bin --exclude=obj Directory.Build.props Directory.Packages.props global.json .editorconfig BannedSymbols.txt samples/service |
    docker build --build-arg "SDK_IMAGE=$sdk" "$@" -f samples/service/Dockerfile -t "$image" - ||
    die "the image does not build; what it said stands above"
fi
echo "$image is there: docker run --rm -p 127.0.0.1:8080:8080 $image --version v1"
