#!/usr/bin/env bash
# Builds the DocC archive of every library module into Docs/.build/, with warnings as errors.
# Usage: docs.sh [MODULE...]   (default: all)
set -euo pipefail
cd "$(dirname "$0")/.."
output=$PWD/Docs/.build
mkdir -p "$output"
failed=0
for entry in SentioMetrics:SentioMetrics SentioDSP:SentioDSP SentioTensor:SentioBLAS \
  SentioTensor:SentioTensor SentioTensor:SentioTensorTestSupport SentioData:SentioData \
  SentioModels:SentioClassical SentioModels:SentioNN \
  SentioModels:SentioModels SentioModels:SentioInterchange; do
  package=Packages/${entry%%:*} module=${entry##*:}
  if [ $# -gt 0 ] && [[ " $* " != *" $module "* ]]; then continue; fi
  graphs=$output/$module.symbols
  rm -rf "$graphs" "$output/$module.doccarchive"
  mkdir -p "$graphs"
  # All modules are built as the highest package's, so that those below are built once.
  build=(--package-path Packages/SentioModels --scratch-path "$output/products")
  swift build "${build[@]}" --target "$module" > "$output/$module.log" 2>&1 \
    || { cat "$output/$module.log" >&2; exit 1; }
  bin=$(swift build "${build[@]}" --show-bin-path)
  # The C targets' module maps are found through the paths that the build itself used.
  flags=()
  for map in "$bin"/*.build/module.modulemap; do
    [ -e "$map" ] && flags+=(-Xcc "-fmodule-map-file=$map")
  done
  for map in Packages/*/Sources/*/module.modulemap Packages/*/Sources/*/include/module.modulemap; do
    [ -e "$map" ] && flags+=(-Xcc "-fmodule-map-file=$PWD/$map")
  done
  swift symbolgraph-extract -module-name "$module" -target "$(uname -m)-unknown-linux-gnu" \
    -I "$bin/Modules" "${flags[@]}" -minimum-access-level public -output-dir "$graphs"
  catalogue=$package/Sources/$module/$module.docc
  source=()
  [ -d "$catalogue" ] && source=("$catalogue")
  docc convert "${source[@]}" \
    --additional-symbol-graph-dir "$graphs" --fallback-display-name "$module" \
    --fallback-bundle-identifier "sentio.$module" --warnings-as-errors \
    --output-path "$output/$module.doccarchive" || { failed=1; continue; }
  echo "docs: Docs/.build/$module.doccarchive"
done
exit $failed
