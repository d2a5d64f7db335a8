"""Integrations as they are in git, with their stamps, and reproducible zips of them."""

import json
from pathlib import Path
import shutil
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from .hub_code import folders
from .known import known

COMPONENTS = "custom_components"
HUB = "all_energy"
PAYLOAD = "integrations"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of zip files: no time is part of the content


class BundleError(Exception):
    """The bundle cannot be made; its text is for the user."""


def read_json(path: Path) -> dict[str, object]:
    """Returns an object from a file; BundleError if there is none in it."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as err:
        raise BundleError(f"{path}: {err}") from err
    if not isinstance(found, dict):
        raise BundleError(f"{path} is no object")
    return found


class Source:
    """A checkout of the project."""

    def __init__(self, root: Path) -> None:
        """Reads the integrations that are there."""
        self.root = root
        self._components = root / COMPONENTS
        self._known = known(root, COMPONENTS)
        self.vendors = sorted(
            path.parent.name
            for path in self._components.glob("*/manifest.json")
            if path.parent.name != HUB
            and (self._is_known(path) or self._is_known(path.parent))  # a link
        )

    def _is_known(self, path: Path) -> bool:
        """Whether git knows a file; all are where there is no git."""
        name = path.relative_to(self.root).as_posix()
        return self._known is None or name in self._known.tracked

    @property
    def left_out(self) -> list[str]:
        """What lies there, but was never added to git: perhaps it was forgotten."""
        paths = self._known.untracked if self._known else ()
        return [path for path in paths if not folders.is_left_behind(Path(path))]

    def manifest(self, domain: str) -> dict[str, object]:
        """Returns an integration's manifest; BundleError if it has no version."""
        path = self._components / domain / "manifest.json"
        found = read_json(path)
        if not isinstance(found.get("version"), str):
            raise BundleError(f"{path} has no version")
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
            files = folders.content(folder)
        except folders.NotPlainError as err:
            raise BundleError(str(err)) from err
        for name, path in files.items():
            if domain == HUB and name.startswith(f"{PAYLOAD}/"):
                continue
            if not self._is_known(path):
                continue
            copy = target / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)

    def hub(self, target: Path) -> None:
        """Makes the hub's folder, with all vendors as its payload."""
        self.copy(HUB, target)
        for domain in self.vendors:
            self.stamped(domain, target / PAYLOAD / domain)

    def stamped(self, domain: str, target: Path) -> None:
        """Makes an integration's folder with our stamp, the hub's with its payload."""
        self.manifest(domain)
        if domain == HUB:
            self.hub(target)
        else:
            self.copy(domain, target)
        mark = json.dumps(folders.stamp(target), indent=2) + "\n"
        (target / folders.STAMP).write_text(mark, encoding="utf-8")


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
