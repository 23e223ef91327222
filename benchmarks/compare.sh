#!/usr/bin/env bash
# Compares Equipose with programs in PyTorch, JAX and TensorFlow that do the same work. --help says more.
exec python3 "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/harness/compare.py" "$@"
