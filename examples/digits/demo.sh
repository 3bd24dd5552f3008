#!/usr/bin/env bash
# Converts the digits network to five files, evaluates each on the test pictures, and reads one picture.
# Usage: demo.sh WHERRY
set -eu
wherry=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

convert() { # FILE FORMAT [options]
  file=$1
  shift
  "$wherry" convert "$here/digits.h5" -o "$out/$file.tflite" -q "$@" >/dev/null
}
convert float32 --format float32
convert float16
convert dynamic --format dynamic
convert int8 --format int8 --calibrate "$here/calibration.npz"
convert int8_uint8_input --format int8 --calibrate "$here/calibration.npz" --input-type uint8

echo
echo "== digits: 360 test pictures, $(stat -c %s "$here/digits.h5") bytes of .h5 =="
"$wherry" evaluate "$out"/float32.tflite "$out"/float16.tflite "$out"/dynamic.tflite "$out"/int8.tflite "$out"/int8_uint8_input.tflite \
  --data "$here/test.npz" -q --json >"$out/report.json"
python3 "$here/table.py" "$out/report.json" "$here"
picture=$(ls "$here"/test/7/*.png | head -n 1)
echo
echo "== wherry run on ${picture#"$here"/}: the three likeliest digits =="
"$wherry" run "$out/int8.tflite" --input "$picture" --top 3
