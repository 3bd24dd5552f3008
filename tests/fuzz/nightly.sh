#!/usr/bin/env bash
# Fuzzes every reader of untrusted bytes for some minutes each, with clang's libFuzzer and
# sanitizers: tests/fuzz/nightly.sh [MINUTES [TARGET...]]. What crashes stays in build/fuzz/found.
set -eu
cd "$(dirname "$0")/../.."
minutes=${1:-10}
[ $# -gt 0 ] && shift
targets=${*:-tflite text npz keras hdf5 zip json picture recipe}
command -v clang++ >/dev/null || command -v clang++-14 >/dev/null || {
  echo "this needs clang with libFuzzer: apt-get install clang libclang-rt-14-dev"
  exit 1
}
compiler=$(command -v clang++ || command -v clang++-14)
cmake --preset fuzz -DCMAKE_CXX_COMPILER="$compiler" >/dev/null
# shellcheck disable=SC2086
cmake --build --preset fuzz --target $(for target in $targets; do echo "${target}_fuzz"; done)
mkdir -p build/fuzz/found
for target in $targets; do
  grown=build/fuzz/corpus/$target
  mkdir -p "$grown"
  case $target in
    tflite) seeds="tests/hostile/models tests/conformance/ops tests/conformance/mediapipe" ;;
    text) seeds="src/passes" ;;
    npz) seeds="tests/conformance/ops/ADD examples/digits" ;;
    keras) seeds="tests/data/keras examples/digits" ;;
    hdf5) seeds="tests/data/hdf5 tests/data/keras" ;;
    zip) seeds="tests/data/zip tests/data/keras" ;;
    json) seeds="examples/digits tests/conformance/ops" ;;
    picture) seeds="examples/digits/test tests/fuzz/seeds/picture" ;;
    recipe) seeds="tests/data/recipes" ;;
  esac
  echo "$target: $minutes minutes"
  # shellcheck disable=SC2086
  build/fuzz/tests/fuzz/${target}_fuzz -max_total_time=$((minutes * 60)) -rss_limit_mb=2500 \
    -timeout=30 -max_len=300000 -print_final_stats=1 -artifact_prefix="build/fuzz/found/$target-" \
    "$grown" $seeds 2>&1 | grep -E "ERROR|SUMMARY|artifact|stat::" || true
  ls build/fuzz/found/"$target"-* >/dev/null 2>&1 && { echo "found something"; exit 1; }
done
echo "nothing found"
