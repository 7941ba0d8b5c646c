#!/usr/bin/env bash
# Whether every C++ source is as clang-format leaves it. `--fix` makes it so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
mode=(--dry-run --Werror)
[ "${1:-}" != --fix ] || mode=(-i)
git ls-files -z -- '*.cpp' '*.hpp' | xargs -0 -n 64 clang-format-14 "${mode[@]}"
echo "$(git ls-files -- '*.cpp' '*.hpp' | wc -l) sources are formatted"
