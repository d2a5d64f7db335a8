"""Integrations as they are in git, with their stamps, and reproducible zips of them."""

import json
from pathlib import Path
import shutil
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from .hub_code import installer

HUB = "all_energy"
PAYLOAD = "integrations"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of zip files: no time is part of the content


class BundleError(Exception):
    """The bundle cannot be made; its text is for the user."""


class Source:
    """A checkout of the project."""

    def __init__(self, root: Path) -> None:
        """Reads the integrations that are there."""
        self.root = root
        self._components = root / "custom_components"
        self.vendors = sorted(
            path.parent.name
            for path in self._components.glob("*/manifest.json")
            if path.parent.name != HUB
        )

    def manifest(self, domain: str) -> dict[str, object]:
        """Returns an integration's manifest."""
        path = self._components / domain / "manifest.json"
        found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
        return found

    def version(self) -> str:
        """Returns the one version; BundleError if the manifests do not agree."""
        versions = {
            name: self.manifest(name)["version"] for name in (HUB, *self.vendors)
        }
        if len(set(versions.values())) != 1:
            raise BundleError(f"the manifests have different versions: {versions}")
        return str(versions[HUB])

    def copy(self, domain: str, target: Path) -> None:
        """Copies an integration's folder; BundleError if there is a link in it."""
        folder = self._components / domain
        try:
            paths = list(installer.plain_files(folder))
        except installer.NotPlainError as err:
            raise BundleError(str(err)) from err
        for path in paths:
            relative = path.relative_to(folder)
            if any(_is_left_behind(name) for name in relative.parts):
                continue
            if domain == HUB and relative.parts[0] == PAYLOAD:
                continue
            copy = target / relative
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)

    def hub(self, target: Path) -> None:
        """Makes the hub's folder, with all vendors as its payload."""
        self.copy(HUB, target)
        for domain in self.vendors:
            self.stamped(domain, target / PAYLOAD / domain)

    def stamped(self, domain: str, target: Path) -> None:
        """Makes an integration's folder with our stamp, the hub's with its payload."""
        if domain == HUB:
            self.hub(target)
        else:
            self.copy(domain, target)
        mark = json.dumps(installer.stamp(target), indent=2) + "\n"
        (target / installer.STAMP).write_text(mark, encoding="utf-8")


def _is_left_behind(name: str) -> bool:
    """Whether a name is one that tools leave in folders, and git ignores."""
    return name == "__pycache__" or name.startswith(".")


def write_zip(folder: Path, path: Path) -> None:
    """Writes a folder's files at a zip's root: the same files give the same bytes.

    They are stored as they are: what a compression makes depends on its version.
    """
    files = {one.relative_to(folder).as_posix(): one for one in folder.rglob("*")}
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for name, file in sorted(files.items()):
            if not file.is_file():
                continue
            info = ZipInfo(name, FIRST_DAY)
            info.create_system = 3  # Unix, whose modes follow
            info.external_attr = 0o100644 << 16
            archive.writestr(info, file.read_bytes())
