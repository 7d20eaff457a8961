#!/usr/bin/env bash
# Installs what Sentio needs on a Debian or Ubuntu machine, and says what to do on any other.
# Silent and quick when nothing is missing. `--check` only tells what is there and what is missing.
set -euo pipefail

packages=(
  pkg-config              # finds the libraries below
  libfftw3-dev            # SentioDSP
  libopenblas-openmp-dev  # SentioTensor: BLAS
  liblapacke-dev          # SentioTensor: LAPACK's C interface
  libdnnl-dev             # SentioTensor: convolutions and reduced precision
  libavformat-dev libavcodec-dev libavutil-dev  # SentioData
  libsvm-dev libxgboost-dev  # SentioModels
  zlib1g-dev              # compressed arrays and pictures
  libsqlite3-dev          # Examples: the registry of runs
)
check=false
[ "${1:-}" = --check ] && check=true

missing=()
if command -v dpkg-query >/dev/null; then
  for name in "${packages[@]}"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$name")
    if $check; then
      version=$(dpkg-query -W -f '${Version}' "$name" 2>/dev/null || true)
      printf '  %s  %-24s %s\n' "$([ "$status" = installed ] && echo ok || echo --)" "$name" "${version:-missing}"
    fi
  done
fi
if $check; then
  if command -v swift >/dev/null; then
    echo "  ok  $(swift --version 2>/dev/null | grep -m 1 'Swift version')"
  else
    echo "  --  no Swift toolchain on PATH: install 6.1 or newer from https://www.swift.org/install/linux/"
  fi
  [ ${#missing[@]} -eq 0 ] || { echo "  mend: make setup, or as root: apt-get install ${missing[*]}"; exit 1; }
  command -v swift >/dev/null
  exit
fi

if [ ${#missing[@]} -gt 0 ]; then
  echo "setup: installing ${missing[*]}" >&2
  sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "setup: not root and no sudo. As root, run: apt-get install ${missing[*]}" >&2
      exit 1
    }
    sudo=(sudo)
  fi
  export DEBIAN_FRONTEND=noninteractive
  "${sudo[@]}" apt-get update -qq >&2
  "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
elif ! command -v dpkg-query >/dev/null; then
  echo "setup: this is not a Debian-like system; install the equivalents of: ${packages[*]}" >&2
fi

if ! command -v swift >/dev/null; then
  echo "setup: no Swift toolchain on PATH. Install Swift 6.1 or newer from https://www.swift.org/install/linux/" >&2
  exit 1
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
if [ "$(printf '%s\n6.1\n' "$version" | sort -V | head -n 1)" != 6.1 ]; then
  echo "setup: Swift $version is too old; Sentio needs 6.1 or newer: https://www.swift.org/install/linux/" >&2
  exit 1
fi
