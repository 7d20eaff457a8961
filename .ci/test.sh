#!/usr/bin/env bash
# Runs the tests of every package in release mode: the numerics are tested as they are shipped.
# Usage: test.sh [PACKAGE...]   (default: all, lowest first)
set -euo pipefail
cd "$(dirname "$0")/.."
all=(Packages/SentioMetrics Packages/SentioDSP Packages/SentioTensor Packages/SentioData
  Packages/SentioModels Examples)
[ $# -gt 0 ] && all=("$@")
for package in "${all[@]}"; do
  echo "== tests of $package"
  start=$SECONDS
  # A package's tests may look inside it, and the packages share what they build of those below; the tool's tests
  # use what a user has, built as `swift build` does.
  build=(-Xswiftc -enable-testing --scratch-path .build/tests)
  [ "$package" = Examples ] && build=(--disable-testable-imports)
  swift test -c release "${build[@]}" --package-path "$package"
  echo "== $package: passed in $((SECONDS - start)) s"
done
