#!/bin/sh
# packaging/deb/install.sh PACKAGE.deb [MIRROR]: installs it on a Debian 12 that has nothing else, as apt does: what it depends on
# is found, the server runs, an upgrade keeps the settings and the data, and a purge leaves nothing. Needs root, debootstrap and
# Debian's mirror; SYSTEM=FOLDER keeps the bare system for the next time.
set -eu
package=$(realpath "$1") mirror=${2:-http://deb.debian.org/debian}
system=${SYSTEM:-$(mktemp -d)}
root=$(mktemp -d)
fail() { echo "$package: $*" >&2; exit 1; }
trap 'umount "$root/proc" 2>/dev/null || true; rm -rf "$root"; [ -n "${SYSTEM:-}" ] || rm -rf "$system"' EXIT

if [ ! -x "$system/usr/bin/apt-get" ]; then
  debootstrap --variant=minbase bookworm "$system" "$mirror" >"$root/log" 2>&1 || { tail -5 "$root/log" >&2; fail "no bare Debian to try it on"; }
fi
cp -a "$system/." "$root/"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc" 2>/dev/null || true
mkdir -p "$root/package"
cp "$package" "$root/package/flowcast.deb"
in_root() { chroot "$root" env DEBIAN_FRONTEND=noninteractive "$@" >"$root/log" 2>&1 || { tail -20 "$root/log" >&2; fail "failed: $*"; }; }

in_root apt-get update
in_root apt-get install -y --no-install-recommends /package/flowcast.deb
in_root /usr/bin/flowcast-server --version
[ -z "$(chroot "$root" ldd /usr/bin/flowcast-server | grep 'not found')" ] || fail "lacks a library"
[ -f "$root/lib/systemd/system/flowcast.service" ] || fail "has no unit"

serves() {
  chroot "$root" sh -c 'mkdir -p /var/lib/flowcast && cd /var/lib/flowcast && exec /usr/bin/flowcast-server --config /etc/flowcast/flowcast.toml --listen 127.0.0.1:0' >"$root/out" 2>&1 &
  server=$!
  for _ in $(seq 500); do
    url=$(sed -n 's/^listening on //p' "$root/out")
    [ -z "$url" ] || break
    sleep 0.02
  done
  [ -n "${url:-}" ] || fail "does not start: $(cat "$root/out")"
}
stops() { kill "$server"; wait "$server" || fail "does not stop as it should"; }

serves
curl -sf -H 'Content-Type: application/json' -d '{"text":"kept"}' "$url/microflow" >/dev/null || fail "publishes nothing"
stops
echo '# mine' >>"$root/etc/flowcast/flowcast.toml"
in_root dpkg -i /package/flowcast.deb
grep -q '^# mine' "$root/etc/flowcast/flowcast.toml" || fail "an upgrade loses the settings"
serves
curl -sf "$url/microflow" | grep -q kept || fail "an upgrade loses the data"
stops
in_root apt-get purge -y flowcast-server
for left in usr/bin/flowcast-server etc/flowcast var/lib/flowcast lib/systemd/system/flowcast.service; do
  [ ! -e "$root/$left" ] || fail "a purge leaves /$left"
done
echo "$package installs, upgrades and leaves a bare Debian 12"
