"""Made-up vendors: payloads, folders and what is in them."""

from collections.abc import Iterable, Mapping
import json
from pathlib import Path
import shutil

from scripts.buildlib.hub_code import folders, installer

ONE, TWO = "amber_made", "sungrow_made"
STAMP = folders.STAMP
type Content = dict[str, bytes | str]


def files(domain: str, version: str) -> dict[str, str]:
    """Return a vendor's files, of which each one knows its version."""
    manifest = {"domain": domain, "name": domain.title(), "version": version}
    return {
        "manifest.json": json.dumps(manifest),
        "__init__.py": f"VERSION = '{version}'\n",
        "_vendor/core/deep/part.py": f"OF = '{version}'\n",
    }


def write(folder: Path, made: Mapping[str, str]) -> None:
    """Write files into a new folder."""
    for name, text in made.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def stamped(folder: Path, version: str) -> None:
    """Put a vendor of ours into the place of whatever is there."""
    if folder.exists():
        shutil.rmtree(folder)
    write(folder, files(folder.name, version))
    (folder / STAMP).write_text(json.dumps(folders.stamp(folder)), encoding="utf-8")


def content(folder: Path) -> Content | None:
    """Return all that is in a folder, None if it is not there; links are not followed."""
    if folder.is_symlink():
        return {"": f"link to {folder.readlink()}"}
    if not folder.exists():
        return None
    if folder.is_file():
        return {"": folder.read_bytes()}
    found: Content = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        elif path.is_file():
            found[name] = path.read_bytes()
        else:
            found[name] = "folder" if path.is_dir() else "neither"
    return found


class House:
    """A custom_components with the hub's payload, both in a folder for a test."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing installed and nothing in the payload."""
        self.components = folder / "custom_components"
        self.payload = self.components / "all_energy" / "integrations"
        self.staging = self.components / ".all_energy"
        self.payload.mkdir(parents=True)
        self.installer = installer.Installer(self.components, self.payload)

    def folder(self, domain: str = ONE) -> Path:
        """Return the place of a vendor."""
        return self.components / domain

    def bundle(self, version: str, *domains: str) -> None:
        """Make the payload of a release."""
        for domain in domains or (ONE,):
            stamped(self.payload / domain, version)

    def install(self, version: str, domain: str = ONE) -> None:
        """Have a version of a vendor in place."""
        stamped(self.folder(domain), version)

    def remove(self, domains: Iterable[str]) -> None:
        """Delete vendors, as the form does."""
        for domain in domains:
            self.installer.remove(domain)

    def content(self, domain: str = ONE) -> Content | None:
        """Return what is in a vendor's place."""
        return content(self.folder(domain))

    def has(self, version: str, domain: str = ONE) -> bool:
        """Whether a vendor is in place, whole, and of a version."""
        found = self.content(domain) or {}
        plain = {name: text for name, text in found.items() if text != "folder"}
        mark = json.loads(plain.pop(STAMP, "{}"))
        made = {name: text.encode() for name, text in files(domain, version).items()}
        return plain == made and mark.get("version") == version

    def state(self, domain: str = ONE) -> str:
        """Return the state of a vendor, 'unlisted' if the payload has none of it."""
        found = {one.domain: one.state.value for one in self.installer.look()}
        return found.get(domain, "unlisted")
