#!/usr/bin/env bash
# Measures how fast Equipose starts and how much memory a training holds. --help says more.
exec python3 "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/harness/startup.py" "$@"
