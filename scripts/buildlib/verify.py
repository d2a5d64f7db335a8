"""Checks the zips of a release by what is in them, not by how they were made."""

import hashlib
from pathlib import Path
import tempfile
from zipfile import BadZipFile, ZipFile

from .bundle import HUB, PAYLOAD, BundleError
from .github import blobs
from .hub_code import folders, installer


def check_zips(root: Path, revision: str, version: str, folder: Path) -> None:
    """Raises BundleError unless zips hold a revision's files, and stamps that fit."""
    files = blobs(root, revision, "custom_components")
    domains = {name.partition("/")[0] for name in files}
    if {path.name for path in folder.iterdir()} != {f"{name}.zip" for name in domains}:
        raise BundleError(f"the release is to have a zip of each of {sorted(domains)}")
    with tempfile.TemporaryDirectory() as name:
        components = Path(name)
        for domain in domains:
            _unpack(folder / f"{domain}.zip", components / domain)
        _compare(components, files, domains - {HUB})
        _look(components, version, domains - {HUB})


def _unpack(path: Path, folder: Path) -> None:
    try:
        with ZipFile(path) as archive:
            archive.extractall(folder)
    except BadZipFile as err:
        raise BundleError(f"{path.name} is damaged: {err}") from err


def _compare(components: Path, files: dict[str, str], vendors: set[str]) -> None:
    """Compares every file with git's, twice those of the vendors."""
    wanted = dict(files)
    for name, blob in files.items():
        if name.partition("/")[0] in vendors:
            wanted[f"{HUB}/{PAYLOAD}/{name}"] = blob
    stamps = {
        f"{folder}{domain}/{folders.STAMP}"
        for folder in ("", f"{HUB}/{PAYLOAD}/")
        for domain in vendors
    }
    found = {
        name: path
        for path in components.rglob("*")
        if path.is_file()
        and (name := path.relative_to(components).as_posix()) not in stamps
    }
    wrong = found.keys() ^ wanted.keys()
    wrong |= {
        name for name in found.keys() & wanted if _blob(found[name]) != wanted[name]
    }
    if wrong:
        raise BundleError(f"not as in git: {', '.join(sorted(wrong))}")


def _blob(path: Path) -> str:
    """Returns git's id of a file's content."""
    content = path.read_bytes()
    head = f"blob {len(content)}\0".encode()
    return hashlib.sha1(head + content, usedforsecurity=False).hexdigest()


def _look(components: Path, version: str, vendors: set[str]) -> None:
    """Has the hub's installer look at both, as it does in people's homes."""
    payload = components / HUB / PAYLOAD
    seen = installer.Installer(components, payload).look()
    for vendor in seen:
        if (vendor.state, vendor.bundled) != (installer.State.CURRENT, version):
            raise BundleError(
                f"{vendor.domain}.zip is not what the hub carries as {version}"
            )
    if {vendor.domain for vendor in seen} != vendors:
        raise BundleError(f"the hub does not carry all of {sorted(vendors)}")
