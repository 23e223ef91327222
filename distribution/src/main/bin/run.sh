#!/usr/bin/env bash
# Starts Equipose with the Java found in JAVA_HOME or on the PATH.
#
#   EQUIPOSE_JAVA_OPTS      more options for the JVM, separated by blanks; later ones win (-Xmx8g)
#   EQUIPOSE_NATIVE_CACHE   where TensorFlow's native library is unpacked, once, about 700 MB
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

# Prints the version of a Java as 17.0.15. Its release file is some 50 ms faster than asking it.
java_version() {
  local line root
  root=$(readlink -f "$1") && root=${root%/bin/java}
  if [[ -r $root/release ]]; then
    while IFS= read -r line; do
      if [[ $line =~ ^JAVA_VERSION=\"([0-9._]+) ]]; then
        echo "${BASH_REMATCH[1]}"
        return
      fi
    done <"$root/release"
  fi
  if [[ $("$1" -version 2>&1) =~ version\ \"([0-9._]+) ]]; then
    echo "${BASH_REMATCH[1]}"
  fi
}

java='' found=''
for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(type -P java || true)"; do
  if [[ -n $candidate && -x $candidate ]]; then
    version=$(java_version "$candidate")
    major=${version%%.*}
    if ((${major:-0} >= 17)); then
      java=$candidate
      break
    fi
    found="; $candidate is version ${version:-unknown}"
  fi
done
if [[ -z $java ]]; then
  cat >&2 <<MESSAGE
Equipose needs Java 17 or newer, in JAVA_HOME or on the PATH$found. To install one:
  Debian, Ubuntu:  sudo apt-get install openjdk-17-jre-headless   (or openjdk-21-jre-headless, where there is no 17)
  Fedora:          sudo dnf install java-21-openjdk-headless
MESSAGE
  exit 2
fi

cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
cache=${cache:-${TMPDIR:-/tmp}/cache-$UID}/equipose

# Java takes the encoding of file names from the locale; without any it would know ASCII only.
if [[ -z ${LC_ALL:-}${LC_CTYPE:-}${LANG:-} ]]; then
  export LC_CTYPE=C.UTF-8
fi
export TF_CPP_MIN_LOG_LEVEL=${TF_CPP_MIN_LOG_LEVEL:-2}

options=(
  --module-path "$home/lib"
  --add-modules ALL-DEFAULT                     # a plugin may need a JDK module that nothing in lib/ asks for
  -Xmx2g                                        # tensors live outside the heap
  -XX:+UseSerialGC                              # starts fastest and leaves the cores to TensorFlow
  # The optimising compiler waits ten times longer: at the start it would only take time from what it compiles.
  -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000
  -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000
  -Xshare:auto
  -Xlog:disable                                 # the JVM would mix remarks on its archives into our output
  -Dfile.encoding=UTF-8
  -Djava.awt.headless=true
  -Dorg.bytedeco.javacpp.cachedir="${EQUIPOSE_NATIVE_CACHE:-$cache/native}"
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0     # its limit would count native memory against the heap
  -Dorg.bytedeco.javacpp.logger.debug=false
  -Dequipose.home="$home"
)
# JNI and Unsafe, which TensorFlow uses: newer versions warn unless they are told that it is meant.
if ((major >= 22)); then
  options+=(--enable-native-access=org.bytedeco.javacpp,tensorflow.nativelib)
fi
if ((major >= 23)); then
  options+=(--sun-misc-unsafe-memory-access=allow)
fi
main=(-m org.equipose.core/org.equipose.core.cli.Main)

# A class data archive makes the start up to twice as fast. It fits one Java and one set of jars, so both are in its name;
# the first start makes it in the background, and whatever goes wrong there only means to start without.
if stamp=$({ echo "$java $version"; stat -c '%n %s %y' "$home"/lib/*.jar; } 2>/dev/null | cksum); then
  place=$(cksum <<<"$home")
  archive=$cache/startup/${place%% *}-$version-${stamp%% *}.jsa
  if [[ -s $archive ]]; then
    options+=(-XX:SharedArchiveFile="$archive")
  elif [[ ! -e $archive ]]; then
    (
      mkdir -p "${archive%/*}"
      exec 9>"${archive%/*}/lock"
      flock -n 9
      trap 'rm -f "$archive.part"' EXIT
      rm -f "${archive%/*}/${place%% *}-$version"-*.jsa
      # A configuration that is refused touches all that comes before TensorFlow.
      nice "$java" "${options[@]}" -XX:ArchiveClassesAtExit="$archive.part" "${main[@]}" train --epochs none || true
      # An empty file says: tried, does not work. JDK 17 cannot where the path of the jars has blanks.
      [[ -s $archive.part ]] || : >"$archive.part"
      mv "$archive.part" "$archive"
    ) </dev/null >/dev/null 2>&1 &
  fi
fi

read -ra more <<<"${EQUIPOSE_JAVA_OPTS:-}" || true
command=("$java" "${options[@]}" "${more[@]}" "${main[@]}" "$@")

# At its first session TensorFlow writes two lines that no setting turns off. A filter takes them out; what Equipose itself
# writes goes around it, through descriptor 3, which Java opens by name. A file opened twice would have two positions and
# lines would overwrite one another, so there the two lines stay.
if [[ -t 2 ]] && width=$(stty size <&2 2>/dev/null); then
  export COLUMNS=${width#* } # for the line of progress
fi
if [[ -t 2 || -p /dev/fd/2 ]]; then
  exec 3>&2
  exec "$java" -Dequipose.stderr=3 "${command[@]:1}" 2> >(
    trap '' INT TERM
    exec grep --line-buffered -v -e '^WARNING: All log messages before absl' -e 'MLIR V1 optimization pass is not enabled' >&3
  )
fi
exec "${command[@]}"
