#!/usr/bin/env bash
# Makes a bare Debian machine build and run the project's image by podman: as root, without systemd, without an image registry.
#
#   scripts/ci/containers.sh DIR NODE     NODE is the program of Node 26
#   . DIR/env                             then podman and the tests in test/containers work
#
# The base that the Dockerfile names cannot be pulled without a registry. A stand-in is made of Debian's packages, NODE and this machine's npm;
# DIR/env names it in NODE_IMAGE, where the tests look for it. A second run finds what is there.
set -euo pipefail

STAND_IN=localhost/node:26-bookworm-slim
RELEASE=bookworm
PACKAGES=(podman buildah crun fuse-overlayfs uidmap netavark aardvark-dns iptables debootstrap)

fail() {
  echo "containers.sh: $1" >&2
  exit 1
}

[ $# = 2 ] || fail 'usage: containers.sh DIR NODE'
[ -x "$2" ] || fail "$2 is not a program"
mkdir -p "$1"
target=$(cd "$1" && pwd)
node=$(readlink -f "$2")

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  if ! command -v podman >/dev/null || ! command -v debootstrap >/dev/null; then
    apt-get -qq update
    apt-get -qq install -y --no-install-recommends "${PACKAGES[@]}" >/dev/null
  fi
  # crun wants control groups of its own, which a container without systemd has not; runc does without. Unpacked, it changes no default.
  if [ ! -x "$target/runc/usr/sbin/runc" ]; then
    (cd "$target" && apt-get -qq download runc && dpkg-deb --extract runc_*.deb runc && rm -f runc_*.deb)
  fi
}

# Storage and settings in the folder, so that images of this machine's own podman are not touched.
configure() {
  cat >"$target/containers.conf" <<CONF
[containers]
netns = "host"
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
[engine.runtimes]
runc = ["$target/runc/usr/sbin/runc"]
CONF
  cat >"$target/storage.conf" <<CONF
[storage]
driver = "overlay"
graphroot = "$target/graph"
runroot = "$target/run"
CONF
  cat >"$target/env" <<CONF
export CONTAINERS_CONF="$target/containers.conf"
export CONTAINERS_STORAGE_CONF="$target/storage.conf"
export NODE_IMAGE="$STAND_IN"
CONF
}

debian_mirror() {
  local mirror
  mirror=$(awk '$1 == "URIs:" { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)
  [ -n "$mirror" ] || mirror=$(awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }' /etc/apt/sources.list 2>/dev/null || true)
  [ -n "$mirror" ] || fail 'no Debian mirror in the sources of apt'
  echo "$mirror"
}

# What the Node image has: Debian, Node, npm, and the user node with the number 1000.
make_stand_in() {
  local root npm
  root=$(mktemp -d)
  debootstrap --variant=minbase --include=ca-certificates,libatomic1,libstdc++6,tzdata "$RELEASE" "$root" "$(debian_mirror)" >/dev/null ||
    fail 'debootstrap failed'
  npm=$(npm root --global 2>/dev/null)/npm
  [ -d "$npm" ] || fail 'no npm on this machine'
  install -D -m 755 "$node" "$root/usr/local/bin/node"
  mkdir -p "$root/usr/local/lib/node_modules"
  cp -r "$npm" "$root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
  chroot "$root" useradd --uid 1000 --create-home node
  trust_what_this_machine_trusts "$root"
  tar -C "$root" -cf - . | podman import \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$STAND_IN" >/dev/null
  rm -rf "$root"
}

# A machine behind a proxy has certificates of its own, without which npm reaches no registry.
trust_what_this_machine_trusts() {
  local own=/usr/local/share/ca-certificates
  compgen -G "$own/*.crt" >/dev/null || return 0
  cp "$own"/*.crt "$1$own/"
  chroot "$1" update-ca-certificates >/dev/null 2>&1
}

install_packages
configure
# shellcheck disable=SC1091
. "$target/env"
podman image exists "$STAND_IN" || make_stand_in
podman --version
podman images --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -F "$STAND_IN"
