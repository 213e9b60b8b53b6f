# shellcheck shell=bash
# What the start scripts share: finds JDK 25, builds what is missing or older than its sources, and runs a main class.
# To be sourced by a script that lies two folders below the repository's root and has set -euo pipefail.
#
#   launch_java MODULE MAIN_CLASS [JVM_FLAG…] -- [ARGUMENT…]
#
# Never returns. Stdout belongs to the program; all that is said here goes to stderr.
#
# A script may name a rehearsal first: arguments with which the program does one of everything and exits. The rehearsal
# trains a start-up cache, once for each build, which every later start with the same JVM flags uses.
#
#   launch_rehearsal=(ARGUMENT…)
#
# Environment: JAVA_HOME is looked at first; JAVA_OPTS are added to the JVM's flags; SLUICE_AOT=off does without the cache.

launch_rehearsal=()
launch_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

launch_say() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
}

# Prints the home of a JDK 25, or says where it looked and fails.
launch_find_jdk() {
  local home
  local looked=()
  shopt -s nullglob
  for home in \
    ${JAVA_HOME:+"$JAVA_HOME"} \
    /usr/lib/jvm/* \
    /opt/* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* \
    "${HOME:-/nonexistent}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -x "$home/bin/javac" ] && grep -q '^JAVA_VERSION="25[".]' "$home/release" 2>/dev/null; then
      printf '%s\n' "$home"
      return 0
    fi
    if [ -x "$home/bin/java" ]; then looked+=("$home"); fi
  done
  launch_say 'no JDK 25 found (expected: JAVA_HOME, or a folder in /usr/lib/jvm, /opt, ~/.sdkman/candidates/java, ~/.jdks' \
    'or /Library/Java/JavaVirtualMachines)'
  if [ "${#looked[@]}" -gt 0 ]; then launch_say "other versions found: ${looked[*]}"; fi
  launch_say 'install one, for example Temurin 25, or set JAVA_HOME'
  return 1
}

launch_jar() {
  printf '%s\n' "$launch_root/$1/target/sluice-$1-0.1.0.jar"
}

# Whether the module's jar and its libraries are there and newer than the sources that they are made of.
launch_is_built() {
  local module=$1 part jar
  jar=$(launch_jar "$module")
  if [ ! -f "$jar" ] || [ ! -d "$launch_root/$module/target/lib" ]; then return 1; fi
  if [ "$launch_root/pom.xml" -nt "$jar" ]; then return 1; fi
  for part in proto backends gateway loadtest; do
    if [ -n "$(find "$launch_root/$part" \( -name target -o -path '*/src/test' -o -name bin -o -name docs \) -prune \
      -o \( -name '*.proto' -o -name pom.xml -o -path '*/src/main/*' \) -newer "$jar" -print -quit)" ]; then
      return 1
    fi
    if [ "$part" = "$module" ]; then break; fi
  done
}

launch_build() {
  local module=$1 jdk=$2
  if ! command -v mvn >/dev/null; then
    launch_say "the module '$module' has to be built, and there is no mvn on the PATH (expected: Maven 3.8.7 or later)"
    return 1
  fi
  launch_say "building '$module', as it is missing or older than its sources; the first time this takes a minute or two"
  # Maven runs on the JDK that was found, wherever that lies; its own libraries use what JDK 25 warns about
  (cd "$launch_root" \
    && JAVA_HOME=$jdk MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}" \
      mvn -q -B -pl "$module" -am package -DskipTests -Dexec.skip 2>&1 | sed $'s/\033\\[[0-9;]*m//g') >&2 || {
    launch_say "the build of '$module' failed"
    return 1
  }
  touch "$(launch_jar "$module")" # Maven leaves a jar alone whose contents are the same
}

# Whether a start-up cache is wanted and is missing or older than the jar.
launch_lacks_cache() {
  [ "${#launch_rehearsal[@]}" -gt 0 ] && [ "${SLUICE_AOT:-}" != off ] && [ ! "$1" -nt "$2" ]
}

# Trains the start-up cache. A rehearsal that fails leaves an empty file: it is not tried again before the next build.
launch_train() {
  local cache=$1 jdk=$2
  shift 2
  launch_say 'training the start-up cache, once for this build (SLUICE_AOT=off does without)'
  rm -f "$cache"
  "$jdk/bin/java" "-XX:AOTCacheOutput=$cache.new" '-Xlog:disable' "$@" "${launch_rehearsal[@]}" >/dev/null 2>&1 || true
  if [ -s "$cache.new" ]; then mv "$cache.new" "$cache"; else : >"$cache"; fi
}

# Builds and trains what is needed, one process at a time: several programs may be started at once on a fresh clone.
launch_prepare() {
  local module=$1 jar=$2 cache=$3 jdk=$4
  shift 4
  if launch_is_built "$module" && ! launch_lacks_cache "$cache" "$jar"; then return; fi
  mkdir -p "$launch_root/target"
  (
    if command -v flock >/dev/null; then
      exec 9>"$launch_root/target/launch.lock"
      flock 9
    fi
    if ! launch_is_built "$module"; then launch_build "$module" "$jdk"; fi
    if launch_lacks_cache "$cache" "$jar"; then launch_train "$cache" "$jdk" "$@"; fi
  )
}

launch_java() {
  local module=$1 main=$2 jdk jar cache
  shift 2
  local flags=()
  while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
    flags+=("$1")
    shift
  done
  if [ "$#" -gt 0 ]; then shift; fi
  jdk=$(launch_find_jdk) || exit 1
  jar=$(launch_jar "$module")
  cache=${jar%.jar}.aot
  # the cache is taken only with the flags and the class path that it was trained with
  local command=(--enable-native-access=ALL-UNNAMED ${flags[@]+"${flags[@]}"} -cp "$jar" "$main")
  # not in a condition, which would switch set -e off inside
  launch_prepare "$module" "$jar" "$cache" "$jdk" "${command[@]}"
  # the JVM's own warnings would go to stdout
  local own=('-Xlog:disable' '-Xlog:all=error:stderr')
  if [ "${#launch_rehearsal[@]}" -gt 0 ] && [ "${SLUICE_AOT:-}" != off ] && [ -s "$cache" ] && [ "$cache" -nt "$jar" ]; then
    own+=("-XX:AOTCache=$cache")
  fi
  # shellcheck disable=SC2086 # JAVA_OPTS is a list of words
  exec "$jdk/bin/java" "${own[@]}" ${JAVA_OPTS:-} "${command[@]}" "$@"
}
