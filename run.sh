#!/usr/bin/env bash
# Builds Equipose when it is not built or its sources changed, then runs it with the arguments given.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
version=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p;T;q' "$root/pom.xml")
target=$root/distribution/target
program=$target/equipose-$version/bin/run.sh
stamp=$target/built # as old as the start of the last build that worked

up_to_date() {
  [[ -x $program && -e $stamp ]] || return 1
  # Directories tell of deleted files, but those outside src/ and configs/ also change when target/ comes and goes.
  local changed
  changed=$(cd "$root" && find pom.xml .mvn LICENSE README.md configs core plugins distribution/pom.xml distribution/src \
    -name target -prune -o -newer "$stamp" \( -type f -o -path '*/src*' -o -path 'configs*' \) -print -quit 2>/dev/null) || true
  [[ -z $changed ]]
}

needs() {
  cat >&2 <<MESSAGE
Building Equipose needs $1. To install it:
  Debian, Ubuntu:  sudo apt-get install openjdk-17-jdk-headless maven   (or openjdk-21-jdk-headless, where there is no 17)
  Fedora:          sudo dnf install java-21-openjdk-devel maven
MESSAGE
  exit 2
}

find_tools() {
  local candidate
  for candidate in "${JAVA_HOME:+$JAVA_HOME/bin/javac}" "$(type -P javac || true)"; do
    if [[ -n $candidate && -x $candidate && $("$candidate" -version 2>&1) =~ javac\ ([0-9]+) ]] && ((BASH_REMATCH[1] >= 17)); then
      candidate=$(readlink -f "$candidate")
      export JAVA_HOME=${candidate%/bin/javac}
      break
    fi
    candidate=''
  done
  [[ -n $candidate ]] || needs "a JDK (with javac), 17 or newer, in JAVA_HOME or on the PATH"
  [[ $(mvn -version 2>/dev/null || true) =~ Maven\ ([0-9]+)\.([0-9]+) ]] &&
    ((BASH_REMATCH[1] > 3 || BASH_REMATCH[1] == 3 && BASH_REMATCH[2] >= 8)) || needs "Maven 3.8 or newer"
}

build() {
  find_tools
  echo "Building Equipose: a few minutes the first time, for the download of TensorFlow; else less than one." >&2
  rm -f "$stamp"
  touch "$stamp.new"
  if ! (cd "$root" && mvn -B -q -ntp -Dmaven.test.skip=true -pl distribution -am package) >"$target/build.log" 2>&1; then
    tail -n 30 "$target/build.log" >&2
    echo "The build failed; all it said is in $target/build.log" >&2
    exit 2
  fi
  mv "$stamp.new" "$stamp"
}

if ! up_to_date; then
  mkdir -p "$target"
  (
    # One build at a time; whoever waited may find it done.
    if type -P flock >/dev/null && ! flock -n 9; then
      echo "Waiting for another build of Equipose." >&2
      flock 9
    fi
    up_to_date || build
  ) 9>"$target/build.lock"
fi

exec "$program" "$@"
