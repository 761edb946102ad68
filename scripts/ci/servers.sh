#!/usr/bin/env bash
# Puts the servers that the tests talk to into a folder: Prometheus 3 with promtool, Alertmanager with amtool, Docker Compose.
#
#   scripts/ci/servers.sh DIR     then put DIR/bin on the PATH
#
# They are Debian's packages of the development suite (stable has Prometheus 2), unpacked, not installed: the machine stays as it is, but for one
# link where Alertmanager looks for its templates. Works as root on Debian; a second run finds what is there and does nothing.
set -euo pipefail

PACKAGES=(prometheus promtool prometheus-alertmanager docker-compose)
PROGRAMS=(prometheus promtool prometheus-alertmanager amtool docker-compose)
SUITE=sid
TEMPLATES=/usr/share/prometheus/alertmanager

fail() {
  echo "servers.sh: $1" >&2
  exit 1
}

[ $# = 1 ] || fail 'usage: servers.sh DIR'
mkdir -p "$1"
target=$(cd "$1" && pwd)

complete() {
  local program
  for program in "${PROGRAMS[@]}"; do [ -x "$target/bin/$program" ] || return 1; done
}

# The mirror that this machine uses already, in either form of apt's lists.
debian_mirror() {
  local new=/etc/apt/sources.list.d/debian.sources old=/etc/apt/sources.list
  if [ -f "$new" ]; then awk '$1 == "URIs:" { print $2; exit }' "$new"; fi
  if [ -f "$old" ]; then awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }' "$old"; fi
}

# apt with lists and cache of its own, so that the machine's apt never hears of the other suite.
private_apt() {
  local root=$1 mirror=$2
  mkdir -p "$root/lists/partial" "$root/cache/archives/partial"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $SUITE main" >"$root/sources.list"
  {
    echo "Dir::Etc::sourcelist \"$root/sources.list\";"
    echo 'Dir::Etc::sourceparts "-";'
    echo "Dir::State::lists \"$root/lists\";"
    echo "Dir::Cache \"$root/cache\";"
    echo 'APT::Sandbox::User "root";'
  } >"$root/apt.conf"
}

unpack() {
  local work mirror package
  mirror=$(debian_mirror | head -n 1)
  [ -n "$mirror" ] || fail 'no Debian mirror in the sources of apt'
  work=$(mktemp -d)
  trap 'rm -rf "$work"' RETURN
  private_apt "$work" "$mirror"
  (
    export APT_CONFIG="$work/apt.conf"
    cd "$work"
    apt-get -qq update
    apt-get -qq download "${PACKAGES[@]}"
  ) || fail "cannot download ${PACKAGES[*]} from $mirror"
  for package in "$work"/*.deb; do dpkg-deb --extract "$package" "$target/root"; done
}

link_programs() {
  local program file
  mkdir -p "$target/bin"
  for program in "${PROGRAMS[@]}"; do
    file=$(find "$target/root/usr" -type f -name "$program" -perm -u+x -print -quit)
    [ -n "$file" ] || fail "no program $program in the packages"
    ln -sfn "$file" "$target/bin/$program"
  done
}

if ! complete; then
  unpack
  link_programs
fi

# Debian's Alertmanager reads its default templates from the file system, at a fixed place.
if [ ! -e "$TEMPLATES/default.tmpl" ]; then
  mkdir -p "$(dirname "$TEMPLATES")"
  ln -sfn "$target/root$TEMPLATES" "$TEMPLATES"
fi

for program in prometheus prometheus-alertmanager; do "$target/bin/$program" --version 2>&1 | head -n 1; done
"$target/bin/docker-compose" version
