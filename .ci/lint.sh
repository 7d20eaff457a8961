#!/usr/bin/env bash
# Format and documentation rules of .swift-format, and what they can't express. No output when clean.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t files < <(git ls-files '*.swift'; git ls-files --others --exclude-standard '*.swift')
swift format lint --strict --parallel "${files[@]}"
failed=0
if git grep -nE 'unsafeFlags' -- '*Package.swift'; then
  echo "lint: unsafeFlags forbids using a package as a dependency" >&2; failed=1
fi
if git grep -nIE '(^|[^A-Za-z])(/home|/root|/Users)/[A-Za-z]' -- . ':!.ci/lint.sh'; then
  echo "lint: paths of one machine" >&2; failed=1
fi
for file in "${files[@]}"; do
  # What protoc-gen-swift makes is as long as it is, and says itself that its layout is not to be judged.
  [[ $file == *.pb.swift ]] && continue
  lines=$(wc -l < "$file")
  if [ "$lines" -gt 500 ]; then echo "lint: $file has $lines lines; one idea a file" >&2; failed=1; fi
done
exit $failed
