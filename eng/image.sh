#!/usr/bin/env bash
# image.sh [TAG]           builds the image of the Dockerfile (default tag polyclaw:local) from base images made on this
#                          machine, with any builder and without a registry, and sees that it works
# image.sh --see [TAG]     sees only: the image is there
#
# What is seen: the MCP Inspector's CLI starts the image as a desktop client does (docker run -i), lists the tools and hands
# over the sales sample, in both protocol eras. Its children run in containers beside the image's own, through the engine's
# socket, and none of all these containers is left when the client has gone.
#
# For a machine that reaches registries, `docker build -t polyclaw .` is enough. Not part of the test run: linking two
# native programs takes minutes.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=eng/app.sh
. "$ENG_ROOT/eng/app.sh"

see_only=''
if [ "${1:-}" = --see ]; then see_only=1; shift; fi
tag=${1:-polyclaw:local}
DOCKER_HOST=$("$ENG_ROOT/eng/engine.sh" up); export DOCKER_HOST

build() {
  "$ENG_ROOT/eng/bases.sh" sdk runtime-deps
  # The classic builder where the engine has no other. The build reaches the package feed through this machine's network,
  # for an engine on a bare machine may have no way out of its own.
  if ! docker buildx version >/dev/null 2>&1; then export DOCKER_BUILDKIT=0; fi
  docker build --network host -t "$tag" \
    --build-arg SDK_IMAGE=polyclaw-base/sdk:10.0 --build-arg RUNTIME_IMAGE=polyclaw-base/runtime-deps:10.0 "$ENG_ROOT" >&2
}

# A program that cannot find a library of its base fails here, not at whoever starts it first.
see_start() {
  docker run --rm --network none --read-only --cap-drop ALL "$tag" --version >&2 || die "the image does not start"
}

# Told by the image itself, and needed by what is seen below: without it the runs end with the client.
see_one_process() {
  docker image inspect -f '{{json .Config.Env}}' "$tag" | grep -q '"POLYCLAW_ONE_PROCESS=1"' || die "the image does not set POLYCLAW_ONE_PROCESS=1"
}

# What a client is configured to start, in a file, for the Inspector takes options after a command for its own.
write_entry() {
  local socket=${DOCKER_HOST#unix://}
  [ -S "$socket" ] || die "DOCKER_HOST is $DOCKER_HOST: only an engine behind a socket on this machine can be handed to a container"
  cat >"$work/entry" <<END
#!/bin/sh
exec docker -H $DOCKER_HOST run -i --rm --label $label -v $volume:/var/lib/polyclaw -v $socket:/var/run/docker.sock --group-add $(stat -c %g "$socket") \
  -v $ENG_ROOT/samples:/samples:ro -e POLYCLAW__FILES__ROOTS__0=/samples $tag
END
  chmod +x "$work/entry"
}

# inspect ERA NAME OPTION...
inspect() {
  local era=$1 name=$2; shift 2
  HOME=$work timeout 180 "$node" "$tools/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js" --cli \
    "$work/entry" --protocol-era "$era" --format json "$@" </dev/null >"$work/$era.$name.json" 2>"$work/$era.$name.log" ||
    { cat "$work/$era.$name.json" "$work/$era.$name.log" >&2; die "$name fails ($era)"; }
}

# run_sample ERA GOAL: prints the id of the run, which has to succeed with its children in containers.
run_sample() {
  inspect "$1" tools --method tools/list
  inspect "$1" sample --method tools/call --tool-name plan_and_execute --tool-args-json "$("$node" -p 'JSON.stringify({
    goal: process.argv[1], wait_seconds: 55, files: ["sales/server.json", "sales/totals.js", "sales/chart.js", "sales/sales.csv"] })' "$2")"
  "$node" -e '
    const { structuredContent: run } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).result;
    const files = (run.artifacts ?? []).map(file => file.name).sort().join();
    if (run.status !== "succeeded" || run.isolation !== "container" || files !== "chart.svg,report.md") {
      console.error(JSON.stringify(run, null, 1));
      process.exit(1);
    }
    console.log(run.run_id);' "$work/$1.sample.json"
}

# gone FILTER: waits until no container has this label; the engine removes the last ones after the client has its answer.
gone() {
  local tries=100
  while [ -n "$(docker ps -aq --filter "label=$1")" ]; do
    [ "$tries" -gt 0 ] || { docker ps -a --filter "label=$1" >&2; return 1; }
    sleep 0.1; tries=$((tries - 1))
  done
}

see_sample() {
  local era=$1 goal=$2 since run children
  since=$(date +%s)
  run=$(run_sample "$era" "$goal") || die "the sample does not succeed in containers ($era)"
  gone "$label" || die "the image's own container is left ($era)"
  gone "polyclaw.run=$run" || die "a container of the run is left ($era)"
  children=$(docker events --since "$since" --until "$(date +%s)" --filter type=container --filter event=start --filter "label=polyclaw.run=$run" | wc -l)
  [ "$children" -gt 0 ] || die "no container was started for the run ($era)"
  say "$era: the sample succeeded over stdio, with $children container(s) beside the image's own; none is left"
}

[ -n "$see_only" ] || build
see_start
see_one_process
docker image inspect -f '{{.Size}}' "$tag" | { read -r bytes; say "$tag is $((bytes / 1000000)) MB"; }

use_peers
label=polyclaw-eng.see=$$
volume=$(docker volume create --label "$label")
at_end() { docker volume rm -f "$volume" >/dev/null 2>&1 || true; }
write_entry
goal=$(cat "$ENG_ROOT/samples/sales-report.goal")
see_sample legacy "$goal"
# A goal that leaves its server standing: the end of the client ends that server's container too.
see_sample modern "$(grep -v '^decommission' <<<"$goal")"
echo "$tag"
