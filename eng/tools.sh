#!/usr/bin/env bash
# tools.sh: wrk, Prometheus, Alertmanager and nginx, for the tests and figures that want a program which is not ours. What
# the machine has is used; the rest are Debian's packages, unpacked (not installed) into the cache: no script of theirs
# runs, so that no daemon starts, no user is made and no port is taken.
#
# Prints a folder with the commands wrk, prometheus, alertmanager and nginx. What is unpacked finds neither its /etc nor
# its /var: give prometheus and alertmanager their configuration, storage and addresses, and nginx a configuration (-c)
# that sets pid, error_log and the five ..._temp_path; -e names the log of what comes before the configuration is read.
set -euo pipefail
# shellcheck source=eng/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

PATH=$PATH:/usr/local/sbin:/usr/sbin
packages=(wrk prometheus prometheus-alertmanager nginx)
# Where each may be on a machine, or in those packages: Debian has a name of its own for one of them.
declare -A names=([wrk]=wrk [prometheus]=prometheus [alertmanager]='alertmanager prometheus-alertmanager' [nginx]=nginx)
dir=$ENG_CACHE/tools/$(digest "${BASH_SOURCE[0]}" /etc/os-release)

complete() {
  local tool
  for tool in "${!names[@]}"; do [ -x "$dir/bin/$tool" ] || return 1; done
}

# found TOOL: the machine's own.
found() {
  local name
  for name in ${names[$1]}; do command -v "$name" && return; done
  return 1
}

# Whatever apt would install for these packages, without what only their web pages need.
download() {
  local wanted
  apt_update
  mapfile -t wanted < <(apt-get install -s --no-install-recommends "${packages[@]}" </dev/null 2>/dev/null 8>&- |
    sed -n 's/^Inst \([^ ]*\).*/\1/p' | grep -v -e '^libjs-' -e '^fonts-')
  [ ${#wanted[@]} -gt 0 ] || die "apt-get does not know how to install: ${packages[*]}"
  cd -- "$1"
  # Written by this user and not by apt's own, who may not enter the cache.
  apt-get download -qq -o APT::Sandbox::User="$(id -un)" "${wanted[@]}" </dev/null >&2 8>&- || die "apt-get could not download: ${wanted[*]}"
}

# wrap TOOL HALF: a command that finds what came with it, and is one process.
wrap() {
  local tool=$1 half=$2 name program folder libraries=''
  for folder in "$half"/root/lib/*-linux-* "$half"/root/usr/lib/*-linux-*; do
    [ ! -d "$folder" ] || libraries=$libraries:$dir${folder#"$half"}
  done
  for name in ${names[$tool]}; do
    for program in "usr/bin/$name" "usr/sbin/$name"; do
      [ -x "$half/root/$program" ] || continue
      program="$dir/root/$program"
      # Debian's reads its templates from /usr/share alone: it gets a mount namespace in which that is its package's.
      [ "$tool" != alertmanager ] ||
        program="unshare --mount \$user sh -c 'mount --bind $dir/root/usr/share /usr/share && exec \"\$0\" \"\$@\"' $program"
      cat >"$half/bin/$tool" <<END
#!/bin/sh
[ "\$(id -u)" = 0 ] || user=--map-root-user
LD_LIBRARY_PATH=${libraries#:} exec $program "\$@"
END
      chmod +x "$half/bin/$tool"
      return
    done
  done
  die "no package brought $tool"
}

unpack() {
  ! complete || return 0
  local half=$dir.half tool deb missing=() own
  rm -rf "$dir" "$half"; mkdir -p "$half/debs" "$half/root" "$half/bin"
  for tool in "${!names[@]}"; do
    if own=$(found "$tool"); then ln -s "$own" "$half/bin/$tool"; else missing+=("$tool"); fi
  done
  if [ ${#missing[@]} -gt 0 ]; then
    has apt-get || die "missing: ${missing[*]} (there is no apt-get to fetch them with)"
    locked apt 300 download "$half/debs"
    for deb in "$half"/debs/*.deb; do dpkg-deb -x "$deb" "$half/root"; done
    rm -rf "$half/debs" "$half/root/usr/share/doc" "$half/root/usr/share/man" "$half/root/usr/bin/promtool" "$half/root/usr/bin/amtool"
    for tool in "${missing[@]}"; do wrap "$tool" "$half"; done
  fi
  mv "$half" "$dir"
  say "unpacked ${missing[*]:-nothing}"
}

locked tools 300 unpack
# A library that is missing tells itself here, not in the middle of a test.
for tool in "prometheus --version" "alertmanager --version" "nginx -e stderr -v" "wrk -v"; do
  read -r -a command <<<"$tool"
  status=0; "$dir/bin/${command[0]}" "${command[@]:1}" >/dev/null 2>"$ENG_RUN/tools.err" || status=$?
  # wrk has no way to say its version that ends well.
  [ "$status" -le 1 ] || { cat "$ENG_RUN/tools.err" >&2; die "${command[0]} does not start"; }
done
echo "$dir/bin"
