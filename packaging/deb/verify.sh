#!/bin/sh
# packaging/deb/verify.sh PACKAGE.deb: what is in it can be installed, says all that can be set, and runs as it is packed.
set -eu
package=$1
root=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$root"' EXIT
fail() { echo "$package: $*" >&2; exit 1; }

dpkg-deb --info "$package" >"$root/info"
for depends in libssl3 libsqlite3-0 libnats3 liburing2 zlib1g libstdc++6 libc6; do
  grep -q "^ Depends:.*$depends" "$root/info" || fail "does not depend on $depends"
done
dpkg-deb -e "$package" "$root/control"
for script in postinst prerm postrm; do
  sh -n "$root/control/$script" || fail "$script is no shell script"
  [ -x "$root/control/$script" ] || fail "$script cannot be run"
done
grep -qx /etc/flowcast/flowcast.toml "$root/control/conffiles" || fail "would overwrite its settings"
dpkg-deb -c "$package" | awk '$2 != "root/root" { exit 1 }' || fail "has files that are not root's"
dpkg-deb -x "$package" "$root/tree"

# Every setting is in the file, and every one there can be read.
binary=$root/tree/usr/bin/flowcast-server
settings=$root/tree/etc/flowcast/flowcast.toml
"$binary" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p' | grep -vxE 'version|config' | while read -r name; do
  grep -qE "^(# )?$name = " "$settings" || fail "its settings do not speak of $name"
done
command -v systemd-analyze >/dev/null && {
  sed "s#/usr/bin/flowcast-server#$binary#" "$root/tree/lib/systemd/system/flowcast.service" >"$root/flowcast.service"
  systemd-analyze verify "$root/flowcast.service" 2>&1 | grep -i 'flowcast.service.*\(unknown\|invalid\|failed to parse\)' && fail "its unit is not right"
}

sed "s#/var/lib/flowcast#$root#; s/^# listen = .*/listen = [\"127.0.0.1:0\"]/" "$settings" >"$root/flowcast.toml"
"$binary" --config "$root/flowcast.toml" >"$root/out" 2>&1 &
server=$!
for _ in $(seq 500); do
  grep -q 'listening on http' "$root/out" && break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.02
done
url=$(sed -n 's/^listening on //p' "$root/out")
[ -n "$url" ] || fail "does not start: $(cat "$root/out")"
[ "$(curl -sf "$url/healthz")" = ok ] || fail "is not healthy"
kill "$server"
wait "$server" || fail "does not stop as it should"
server=
echo "$package can be installed"
