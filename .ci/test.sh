#!/usr/bin/env bash
# Runs the tests of every package, each as its own build, in release mode: the numerics are tested
# as they are shipped. Usage: test.sh [PACKAGE...]   (default: all, lowest first)
set -euo pipefail
cd "$(dirname "$0")/.."
all=(Packages/SentioMetrics Packages/SentioDSP Packages/SentioTensor Packages/SentioData
  Packages/SentioModels Examples)
[ $# -gt 0 ] && all=("$@")
for package in "${all[@]}"; do
  echo "== tests of $package"
  start=$SECONDS
  # A package's tests may look inside it; the tool's tests use what a user has.
  inside=(-Xswiftc -enable-testing)
  [ "$package" = Examples ] && inside=()
  swift test -c release "${inside[@]}" --package-path "$package"
  echo "== $package: passed in $((SECONDS - start)) s"
done
