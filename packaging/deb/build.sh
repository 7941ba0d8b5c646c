#!/bin/sh
# packaging/deb/build.sh VERSION SERVER PACKAGE.deb: the server, its unit and its settings as a Debian package. The same
# input gives the same bytes.
set -eu
version=$1 server=$(realpath "$2") package=$(realpath -m "$3")
cd "$(dirname "$0")"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
epoch=${SOURCE_DATE_EPOCH:-1735689600}

put() { install -D -m "$1" "$2" "$root/$3"; }
put 755 "$server" usr/bin/flowcast-server
put 644 flowcast.service lib/systemd/system/flowcast.service
put 644 flowcast.toml etc/flowcast/flowcast.toml
put 644 ../../LICENSE usr/share/doc/flowcast-server/copyright
put 644 ../../CHANGELOG.md usr/share/doc/flowcast-server/changelog
gzip -9n "$root/usr/share/doc/flowcast-server/changelog"
strip --strip-unneeded "$root/usr/bin/flowcast-server"

# Which packages have the libraries that it is linked with.
mkdir -p "$root/debian"
: >"$root/debian/control"
depends=$(cd "$root" && dpkg-shlibdeps -O --ignore-missing-info usr/bin/flowcast-server 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
rm -r "$root/debian"
[ -n "$depends" ] || { echo "packaging/deb/build.sh: cannot tell what $server depends on" >&2; exit 1; }

put 755 postinst DEBIAN/postinst
put 755 prerm DEBIAN/prerm
put 755 postrm DEBIAN/postrm
echo /etc/flowcast/flowcast.toml >"$root/DEBIAN/conffiles"
size=$(du -k -s "$root" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@DEPENDS@/$depends/" -e "s/@SIZE@/$size/" control >"$root/DEBIAN/control"
find "$root" -exec touch -h -d "@$epoch" {} +
mkdir -p "$(dirname "$package")"
SOURCE_DATE_EPOCH=$epoch dpkg-deb --root-owner-group -Zxz --build "$root" "$package" >/dev/null
