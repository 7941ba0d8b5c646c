#!/usr/bin/env bash
# Installs the Debian packages of the named groups that are missing: tests/support/setup.sh build demo
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

wanted() {
  local package groups group
  while read -r package groups; do
    case $package in '' | '#'*) continue ;; esac
    for group in "$@"; do
      case " $groups " in *" $group "*) echo "$package" ;; esac
    done
  done <debian-packages.txt
}

# A Node.js that brings npm along needs no package for it.
is_there() {
  case $1 in
    nodejs | npm) command -v "${1/nodejs/node}" >/dev/null ;;
    *) dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed ;;
  esac
}

missing=()
for package in $(wanted "$@" | sort -u); do
  is_there "$package" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

echo "Installing: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Run as root, or install these packages first." >&2; exit 1; }
  as_root=(sudo)
fi
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
