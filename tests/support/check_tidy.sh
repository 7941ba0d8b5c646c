#!/usr/bin/env bash
# Runs clang-tidy over every source of the product that is compiled in a build folder: check_tidy.sh BUILD [SOURCE...]
# A source is looked at again only when it, a header of ours or the rules have changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$1
shift
done=$build/tidy
mkdir -p "$done"

rules=$(git ls-files -z -- .clang-tidy '*.hpp' | xargs -0 cat | sha256sum)
export build done rules
check() {
  local source=$1 mark
  mark=$done/$(printf '%s %s' "$rules" "$(cat "$source")" | sha256sum | cut -c1-40)
  [ ! -e "$mark" ] || return 0
  # Its own counting of what it suppressed goes to standard error.
  if clang-tidy-14 --quiet -p "$build" "$source" 2>"$mark.log"; then
    rm -f "$mark.log"
    touch "$mark"
  else
    grep -v 'warnings generated\|warnings treated as errors\|Suppressed\|Use -header-filter' "$mark.log" >&2
    rm -f "$mark.log"
    echo "clang-tidy: $source" >&2
    return 1
  fi
}
export -f check

if [ $# -eq 0 ]; then
  # What the compiler is given, of the tree alone.
  mapfile -t sources < <(sed -n "s|^ *\"file\": \"$PWD/\(.*\)\",\{0,1\}$|\1|p" "$build/compile_commands.json" |
    grep -v '^build/\|^tests/' | sort -u)
  set -- "${sources[@]}"
fi
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" bash -c 'check "$0"'
echo "$# sources are clean"
