#!/usr/bin/env bash
#
# Prints the path of a Chromium: the one on the PATH, else Debian's, unpacked into the user's cache without root.
#
# usage: chromium.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${XDG_CACHE_HOME:-$HOME/.cache}/home-energy-bundle/chromium

works() { "$1" --version >/dev/null 2>&1; }

for name in chromium chromium-browser google-chrome-stable google-chrome; do
  if path=$(command -v "$name") && works "$path"; then
    echo "$path"
    exit
  fi
done
if [[ -x $dir/chromium ]] && works "$dir/chromium"; then
  echo "$dir/chromium"
  exit
fi

echo "chromium: none on the PATH, unpacking Debian's into $dir" >&2
# the suite of this system, whose C library the browser then uses
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
rm -rf "$dir"
mkdir -p "$dir"
"$here/debian-unpack.sh" "$suite" "$dir/tree" +chromium +fonts-liberation +fontconfig-config ||
  {
    echo "chromium: not available here; install Chromium or Chrome and run this again" >&2
    exit 1
  }
rm -rf "$dir"/tree/{usr/,}lib/*/{ld-linux*,libc.so*,libm.so*,libdl.so*,libpthread.so*,librt.so*,libresolv.so*}
libraries=$(find "$dir/tree" -name '*.so*' -printf '%h\n' | sort -u | paste -sd: -)
mkdir -p "$dir/fonts"
cat >"$dir/fonts/fonts.conf" <<CONF
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>$dir/tree/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>$dir/fonts/cache</cachedir>
</fontconfig>
CONF
cat >"$dir/chromium" <<WRAPPER
#!/bin/sh
export LD_LIBRARY_PATH='$libraries' FONTCONFIG_FILE='$dir/fonts/fonts.conf'
exec '$dir/tree/usr/lib/chromium/chromium' "\$@"
WRAPPER
chmod +x "$dir/chromium"
if ! works "$dir/chromium"; then
  echo "chromium: the unpacked one does not run; install Chromium or Chrome and run this again" >&2
  exit 1
fi
echo "$dir/chromium"
