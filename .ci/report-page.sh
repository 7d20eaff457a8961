#!/usr/bin/env bash
# Looks at the report page in headless Chromium: desktop and phone, light and dark.
# Usage: report-page.sh [PAGE.html...]   (default: the tests' sample pages)
# Chromium is installed with apt where that can be done without asking; where there is none, the script
# says so and passes. Screenshots go to $REPORT_PICTURES, by default a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."
find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }
chromium=$(find_chromium)
if [ -z "$chromium" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "report-page: installing chromium" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 || true
  chromium=$(find_chromium)
fi
if [ -z "$chromium" ]; then
  echo "report-page: SKIPPED: there is no Chromium and none could be installed (apt-get install chromium)"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A container may forbid what a browser needs; that is no fault of the page.
if ! timeout 60 "$chromium" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
  --dump-dom 'data:text/html,<p>started</p>' 2> "$work/log" | grep -q started; then
  echo "report-page: SKIPPED: $chromium does not start here: $(tail -n 1 "$work/log")"
  exit 0
fi
pictures=${REPORT_PICTURES:-$work}
if [ $# -eq 0 ]; then
  SENTIO_SAMPLE_PAGES=$work swift test -c release --disable-testable-imports --package-path Examples \
    --filter SentioReportTests.SamplePages > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  set -- "$work"/*.html
fi
for page in "$@"; do
  python3 .ci/report_page.py "$chromium" "$page" "$pictures"
done
