#!/usr/bin/env bash
# Installs the build into an empty folder, builds README.md's example against it, and runs it on a converted model.
# usage: install_test.sh SOURCE_FOLDER BUILD_FOLDER COMPILER
set -eu
source=$1 build=$2 compiler=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --prefix "$work/installed" >"$work/log"
sed -n '/^```cpp$/,/^```$/p' "$source/README.md" | grep -v '^```' >"$work/example.cc"
grep -q 'int main' "$work/example.cc"

cmake -G Ninja -S "$source/tests/install" -B "$work/build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$work/installed" -DEXAMPLE="$work/example.cc" >"$work/log" || { cat "$work/log"; exit 1; }
cmake --build "$work/build" >"$work/log" || { cat "$work/log"; exit 1; }
"$work/installed/bin/wherry" convert "$source/examples/digits/digits.h5" -o "$work/digits.tflite" -q >"$work/log"
(cd "$work" && ./build/customer) | tee "$work/scores"
[ "$(wc -l <"$work/scores")" = 10 ] || { echo "10 scores were expected"; exit 1; }
awk '{ sum += $1 } END { exit !(sum > 0.999 && sum < 1.001) }' "$work/scores" || { echo "the scores do not add up to 1"; exit 1; }

if command -v pkg-config >/dev/null; then
  export PKG_CONFIG_PATH="$work/installed/lib/pkgconfig:$work/installed/lib/$("$compiler" -dumpmachine)/pkgconfig"
  "$compiler" -std=c++20 "$work/example.cc" $(pkg-config --cflags --libs wherry) -o "$work/by_pkg_config"
  (cd "$work" && ./by_pkg_config) | cmp - "$work/scores"
  echo "pkg-config builds the same"
fi
