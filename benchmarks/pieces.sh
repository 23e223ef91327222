#!/usr/bin/env bash
# Times the pieces of a training step with JMH. Arguments go to JMH: a pattern of names, -p threads=1, -h for all.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
(cd "$root" && mvn -B -q -ntp -Dmaven.test.skip=true -pl benchmarks -am package) >&2

export TF_CPP_MIN_LOG_LEVEL=${TF_CPP_MIN_LOG_LEVEL:-2}
# The options of the distribution's run.sh that matter here; the processes that JMH starts get them too.
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g -XX:+UseSerialGC -Djava.awt.headless=true \
  -Dorg.bytedeco.javacpp.cachedir="${EQUIPOSE_NATIVE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/equipose/native}" \
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 \
  -cp "$root/benchmarks/target/classes:$(<"$root/benchmarks/target/classpath")" org.openjdk.jmh.Main "$@"
