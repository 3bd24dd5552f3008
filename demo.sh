#!/usr/bin/env bash
# The main job from a fresh machine: builds wherry, converts a small Keras network to five formats, compares and runs them.
cd "$(dirname "$0")"
. tools/setup.sh
install_missing
echo "building wherry (release) ..."
build release wherry_cli
wherry=build/release/tools/cli/wherry
examples/digits/demo.sh "$wherry"
if [ -d ../shared/data/models/mlperf_tiny ]; then
  examples/cifar10/demo.sh "$wherry" ../shared/data
else
  echo "(../shared/data is not there: the demonstration with CIFAR-10 pictures is left out)"
fi
