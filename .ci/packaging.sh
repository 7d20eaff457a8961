#!/usr/bin/env bash
# Proves the packaging rules: a package imports only packages below it; SentioMetrics links no C
# library and SentioDSP none but FFTW; a fresh consumer that depends on only one package builds,
# runs and computes something true.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "packaging: $*" >&2; exit 1; }

# --- 1. The import rule, from the manifests and from the sources.
declare -A below=(
  [SentioMetrics]="" [SentioDSP]="" [SentioTensor]=""
  [SentioData]="SentioMetrics SentioDSP SentioTensor"
  [SentioModels]="SentioMetrics SentioDSP SentioTensor SentioData"
)
declare -A modules=(
  [SentioMetrics]="SentioMetrics" [SentioDSP]="SentioDSP" [SentioTensor]="SentioTensor SentioBLAS SentioTensorTestSupport"
  [SentioData]="SentioData SentioDataTestSupport" [SentioModels]="SentioClassical SentioNN SentioModels SentioInterchange"
)
for package in "${!below[@]}"; do
  allowed=" $package ${below[$package]} "
  used=$(sed -n 's|.*\.package(path: "\.\./\([A-Za-z]*\)").*|\1|p' "$root/Packages/$package/Package.swift")
  for name in $used; do
    [[ $allowed == *" $name "* ]] || fail "$package's manifest depends on $name, which is not below it"
  done
  for other in "${!below[@]}"; do
    [[ $allowed == *" $other "* ]] && continue
    for module in ${modules[$other]}; do
      if grep -rnE "^(@[a-zA-Z_]+ |public |internal )*import (struct |class |enum |func )?$module\b" "$root/Packages/$package/Sources" "$root/Packages/$package/Tests"; then
        fail "$package imports $module, which is not below it"
      fi
    done
  done
done
echo "packaging: imports point downwards only"

# --- 2. Consumers. Each prints one value that must match.
consumer() { # package product expected-output source [traits, such as "[]"; default: the package's own]
  local package=$1 product=$2 expected=$3 source=$4 dir=$work/use-$2${5:+-traits} traits=${5:+, traits: $5}
  # Consumers share what they build of packages below, where the traits are the same.
  local build=$work/build${5:+-traits}
  mkdir -p "$dir/Sources/use"
  cat > "$dir/Package.swift" <<EOF
// swift-tools-version: 6.1
import PackageDescription
let package = Package(
  name: "use",
  dependencies: [.package(path: "$root/Packages/$package"$traits)],
  targets: [
    .executableTarget(name: "use", dependencies: [.product(name: "$product", package: "$package")])
  ])
EOF
  printf '%s\n' "$source" > "$dir/Sources/use/main.swift"
  swift build -c release --package-path "$dir" --scratch-path "$build" > "$dir/log" 2>&1 || { cat "$dir/log" >&2; fail "a consumer of $product does not build"; }
  local printed
  printed=$("$build/release/use") || fail "a consumer of $product does not run"
  [ "$printed" = "$expected" ] || fail "a consumer of $product printed '$printed', not '$expected'"
  needed=$(readelf -d "$build/release/use" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  echo "packaging: $product alone${5:+ with the traits $5} builds, runs and is right"
}
# Libraries that every Swift program links: the C library, the C++ library of the runtime, the Swift runtime.
runtime='^(libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+|libutil|ld-linux.*|linux-vdso)\.so|^lib(swift|Foundation|_Foundation|dispatch|BlocksRuntime|XCTest|Testing)[A-Za-z_]*\.so'
foreign() { grep -vE "$runtime" <<< "$needed" || true; }

consumer SentioMetrics SentioMetrics "1.0" \
'import SentioMetrics
print(try concordanceCorrelation(prediction: [1, 2, 4], truth: [1, 2, 4]))'
[ -z "$(foreign)" ] || fail "SentioMetrics links $(foreign)"

consumer SentioDSP SentioDSP "164" \
'import SentioDSP
print(FeatureSet.report164.names.count)'
extra=$(foreign | grep -v '^libfftw3f' || true)
[ -z "$extra" ] || fail "SentioDSP links more than FFTW: $extra"

# A product, and a convolution: (1, 0, -1) over 1, 4, 9, 16 gives 1 - 9 and 4 - 16.
tensors='import SentioTensor
let left = Tensor([1, 2, 3, 4], shape: [2, 2])
let right = Tensor([5, 6, 7, 8], shape: [2, 2])
let signal = Tensor([1, 4, 9, 16], shape: [1, 1, 4])
let edge = Tensor([1, 0, -1], shape: [1, 1, 3])
print(left.matmul(right).scalars, signal.convolved1D(edge).scalars)'
consumer SentioTensor SentioTensor "[19.0, 22.0, 43.0, 50.0] [-8.0, -12.0]" "$tensors"
grep -q '^libdnnl' <<< "$needed" || fail "SentioTensor with its default traits does not link oneDNN"
consumer SentioTensor SentioTensor "[19.0, 22.0, 43.0, 50.0] [-8.0, -12.0]" "$tensors" "[]"
extra=$(foreign | grep -vE '^lib(openblas|lapacke|gomp)' || true)
[ -z "$extra" ] || fail "SentioTensor without traits links more than OpenBLAS and LAPACKE: $extra"

consumer SentioData SentioData "2" \
'import Foundation
import SentioData
let url = FileManager.default.temporaryDirectory.appendingPathComponent("sentio-consumer.csv")
try Data("song_id,a\n1,2.5\n2,3.5\n".utf8).write(to: url)
print(try FeatureTable(csv: url).ids.count)'

# Slope of three points on a line with a penalty of 1: 2 · Σ(x - 1)² / (Σ(x - 1)² + 1) = 4 / 3.
consumer SentioModels SentioClassical "1.3333" \
'import SentioClassical
let design = try Design(values: [0, 1, 2], columnCount: 1)
let targets = try Targets(outputs: ["y"], values: [1, 3, 5], scale: nil)
let slope = try Ridge(design, targets, settings: Ridge.Settings(alpha: 1)).coefficients[0]
print((slope * 10_000).rounded() / 10_000)'

# Two rectified sums of (3, 1), which are 3 - 1 and 0, and their weighted sum: 2 · 2 + 0 + 0.5.
consumer SentioModels SentioNN "[4.5] 9" \
'import SentioNN
import SentioTensor
var stream = RandomStream(seed: 1, "weights")
var model = Sequential {
  Linear(2, 2, activation: .relu, from: &stream).keyed("hidden")
  Linear(2, 1, from: &stream).keyed("head")
}
try model.load([
  "hidden.weight": [[1, -1], [-1, 1]], "hidden.bias": [0, 0], "head.weight": [[2, 5]], "head.bias": [0.5],
])
print(model([[3, 1]]).scalars, model.parameterCount.total)'

consumer SentioModels SentioModels "the model was trained on a table of features" \
'import SentioClassical
import SentioMetrics
import SentioModels
import Foundation
let design = try Design(values: [0, 1, 2], columnCount: 1)
let labels = [1.0, 3, 5].map { ValenceArousal(valence: $0, arousal: $0, scale: .deam1to9) }
let model = try Pipeline(design, try Targets(labels), settings: .init(.ridge(.init())))
let file = EmotionModelFile(.pipeline(model), labelScale: .deam1to9, provenance: Provenance())
do {
  _ = try EmotionPredictor(file).predict(audio: URL(filePath: "song.mp3"))
} catch EmotionPredictor.Failure.noMeasurement {
  print("the model was trained on a table of features")
}'

# A linear layer with an activation is two operations; ONNX has them and one that names the output, and both constants.
consumer SentioModels SentioInterchange "3 2" \
'import Foundation
import SentioInterchange
import SentioNN
import SentioTensor
var stream = RandomStream(seed: 1, "weights")
let url = FileManager.default.temporaryDirectory.appendingPathComponent("sentio-consumer.onnx")
try ONNXFile.export(Linear(3, 2, activation: .relu, from: &stream), inputShape: [3], to: url)
let document = try ONNXDocument(contentsOf: url)
print(document.nodes.count, document.constants.count)'
