#!/usr/bin/env bash
# ResNet8 on CIFAR-10 pictures: our files beside the ones TensorFlow made. Usage: demo.sh WHERRY DATA
set -eu
wherry=$(realpath "$1")
data=$(realpath "$2")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
model=$data/models/mlperf_tiny/resnet8_cifar10
calibration=$(ls -d "$data"/cifar10/* | grep -v test | head -n 1)

echo
echo "== ResNet8, CIFAR-10: 1,000 test pictures; files of TensorFlow's converter first =="
"$wherry" convert "$model.h5" -o "$out/wherry_float32.tflite" --format float32 -q >/dev/null
"$wherry" convert "$model.h5" -o "$out/wherry_float16.tflite" -q >/dev/null
"$wherry" convert "$model.h5" -o "$out/wherry_int8.tflite" --format int8 --calibrate "$calibration" --calibration-samples 200 -q >/dev/null
"$wherry" evaluate "${model}_float32.tflite" "${model}_int8.tflite" "$out"/wherry_float32.tflite "$out"/wherry_float16.tflite "$out"/wherry_int8.tflite \
  --data "$data/cifar10/test" -q
