#!/usr/bin/env bash
exec java --module-path "$(dirname "$0")/../lib" -m org.equipose.core/org.equipose.core.cli.Main "$@"
