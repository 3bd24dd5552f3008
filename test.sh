#!/usr/bin/env bash
# Sets up a fresh machine, builds everything and runs all tests.
cd "$(dirname "$0")"
. tools/setup.sh
install_missing
echo "building (preset quick) ..."
build quick all
[ -d ../shared/conformance ] || echo "(../shared is not there: tests over the whole corpora are skipped)"
ctest --preset quick -j "$(nproc)" --output-on-failure
