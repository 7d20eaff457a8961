#!/usr/bin/env bash
# Checks ONNX and TorchScript files, and the import of PyTorch's, against the programs that they are for.
# Those come from PyPI, into a folder outside of the repository; where they can't be had, this says so and is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${SENTIO_PEERS:-${XDG_CACHE_HOME:-$HOME/.cache}/sentio-exports}
python=$cache/bin/python
needs='import numpy, onnx, onnxruntime, torch'
if ! [ -x "$python" ] || ! "$python" -c "$needs" 2> /dev/null; then
  # The environment of the benchmarks' peers serves too.
  peers=${XDG_CACHE_HOME:-$HOME/.cache}/sentio-peers/bin/python
  if [ -x "$peers" ] && "$peers" -c "$needs" 2> /dev/null; then
    python=$peers
  else
    log=$(mktemp)
    trap 'rm -f "$log"' EXIT
    install() {
      timeout 240 "$python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 20 \
        numpy onnx onnxruntime "$@"
    }
    # The build for processors alone is a tenth of the other; not every index has it.
    if ! { python3 -m venv "$cache" && { install torch==2.13.0+cpu || install torch; } \
      && "$python" -c "$needs"; } > "$log" 2>&1; then
      echo "exports: not checked: PyTorch, onnx and onnxruntime could not be installed: $(tail -1 "$log")"
      exit 0
    fi
  fi
fi
swift build -c release --package-path Examples --product sentio > /dev/null
timeout 280 "$python" Packages/SentioModels/Tests/Interchange/verify_exports.py \
  --tool "$PWD/Examples/.build/release/sentio" --full
echo "exports: ONNX Runtime and PyTorch compute what Sentio does"
