# Sourced by app/run and tests/run: the Debian packages, and the build. Also right for Ubuntu 24.04.

# What the build needs, and what a program that it makes needs to start.
build_packages=(
  g++ cmake ninja-build ccache lld pkg-config
  qt6-base-dev qt6-svg-dev
  libgrpc++-dev protobuf-compiler-grpc protobuf-compiler libprotobuf-dev libprotoc-dev
  libssl-dev libabsl-dev libre2-dev libcli11-dev libxxhash-dev libbenchmark-dev
)
# What the tests need besides: clients in Python and Go, a screen, a keyboard and a window manager.
test_packages=(
  python3 python3-grpcio golang-go golang-google-cloud-dev golang-google-grpc-dev grpc-proto openssl
  xvfb xauth xdotool openbox imagemagick
)
# What the fuzz targets need: libFuzzer comes with clang.
fuzz_packages=(clang libclang-rt-dev)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What one checkout compiled serves the next one too, wherever it lies.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=true

say() { printf '\n== %s\n' "$*"; }

# need_packages NAME...: installs what is missing.
need_packages() {
  command -v dpkg-query >/dev/null || return 0  # not a Debian: cmake will name what it does not find
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "These packages are missing, and installing them needs root. Run this as root, then try again:" >&2
      echo "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
      exit 2
    fi
    as_root=(sudo)
  fi
  say "installing with apt: ${missing[*]}"
  if ! { "${as_root[@]}" apt-get update -q &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; }; then
    echo "The packages could not be installed. Run this as root, then try again:" >&2
    echo "  apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
}

# build PRESET TARGET...: configures and builds in build/PRESET.
build() {
  local preset=$1 log
  shift
  say "building $* in build/$preset"
  mkdir -p "$root/build"
  log=$root/build/configure-$preset.log
  (cd "$root" && cmake --preset "$preset") >"$log" 2>&1 || { cat "$log" >&2; return 1; }
  cmake --build "$root/build/$preset" -j "$(nproc)" --target "$@"
}
