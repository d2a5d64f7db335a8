#!/usr/bin/env bash
#
# Downloads packages of a Debian suite from the mirror that this system uses and unpacks them into a folder,
# without root and without changing what the system knows of packages.
#
# usage: debian-unpack.sh SUITE DIR PACKAGE...     exactly these packages, or with "+PACKAGE" all it depends on too
set -euo pipefail

suite=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2

die() {
  echo "debian-unpack: $*" >&2
  exit 1
}

for tool in apt-get apt-cache dpkg-deb; do
  command -v "$tool" >/dev/null || die "needs $tool (a Debian-like system)"
done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -f $keyring ]] || die "needs Debian's keys ($keyring)"
# shellcheck disable=SC2016 # apt replaces $(REPO_URI)
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/\?$') ||
  die "this system's package sources name no mirror of Debian"

work=$(mktemp -d "${TMPDIR:-/tmp}/debian-unpack.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{none,state/lists/partial,cache/archives/partial,debs}
: >"$work/status"
echo "deb [signed-by=$keyring] $mirror $suite main" >"$work/sources.list"
options=(-o "Dir::Etc::sourcelist=$work/sources.list" -o "Dir::Etc::sourceparts=$work/none"
  -o "Dir::Etc::preferences=$work/none/none" -o "Dir::Etc::preferencesparts=$work/none"
  -o "Dir::State=$work/state" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
  -o "APT::Sandbox::User=$(id -un)")
apt-get -qq "${options[@]}" update >&2

packages=()
for package in "$@"; do
  if [[ $package == +* ]]; then
    # a simulated installation on an empty system names all that it would install
    mapfile -t -O "${#packages[@]}" packages < <(
      apt-get "${options[@]}" --simulate --no-install-recommends install "${package#+}" | awk '$1 == "Inst" { print $2 }'
    )
  else
    packages+=("$package")
  fi
done
((${#packages[@]})) || die "nothing to unpack"
(cd "$work/debs" && apt-get -qq "${options[@]}" download "${packages[@]}" >&2)
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$dir"; done
