#!/usr/bin/env bash
# Measures how the time of a training step grows with the work. --help says more.
exec python3 "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/harness/growth.py" "$@"
