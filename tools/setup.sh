# Installs what building and testing need on Debian, and builds. Sourced by demo.sh and test.sh.
set -eu
packages="build-essential python3 cmake ninja-build zlib1g-dev libjpeg62-turbo-dev libpng-dev libflatbuffers-dev nlohmann-json3-dev libcli11-dev libgtest-dev"

install_missing() {
  missing=""
  for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  echo "installing:$missing"
  as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# build PRESET TARGET...: quiet unless it fails.
build() {
  preset=$1
  shift
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset" --target "$@" 2>&1 | grep -E "error|warning:|FAILED" || true
  cmake --build --preset "$preset" --target "$@" >/dev/null
}
