#!/usr/bin/env bash
# Scaffolds one of each kind in an empty folder and has the compiler read it: the skeletons follow the headers.
# usage: scaffold_test.sh SOURCE_FOLDER COMPILER
set -eu
source=$1 compiler=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$source/tools/scaffold/scaffold.sh" op sample/double_copy --root "$work"
"$source/tools/scaffold/scaffold.sh" pass drop_second_relu --root "$work"
"$source/tools/scaffold/scaffold.sh" layer scale_by_number --root "$work"
for file in $(cd "$work" && find src -name '*.cc'); do
  "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Werror -Wno-missing-field-initializers \
    -I "$work/src" -I "$source/src" -I "$source/include" "$work/$file"
  echo "compiles: $file"
done
if "$source/tools/scaffold/scaffold.sh" op sample/double_copy --root "$work" 2>"$work/message"; then
  echo "a second scaffold wrote over files that were there"
  exit 1
fi
grep -q "is there already" "$work/message"
if "$source/tools/scaffold/scaffold.sh" op ../outside --root "$work" 2>/dev/null; then
  echo "a path with dots was taken"
  exit 1
fi
echo "scaffolds build and write over nothing"
