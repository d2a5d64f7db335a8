"""Puts the bundled integrations into custom_components: whole folders or nothing.

Every state is worked out anew from what lies on the disk, so that whatever killed the
last run, the next one finishes it. Knows no Home Assistant, needs Python 3.11, and
everything here blocks.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest, sha256
import json
import os
from pathlib import Path
import shutil
from typing import Any

BY = "all_energy"
FORMAT = 1
STAMP = ".bundle.json"
STAGING = ".all_energy"  # has no manifest, so Home Assistant takes it for nothing
LARGEST = 1 << 16  # bytes of a manifest or a stamp


class State(StrEnum):
    """What is in the place of a vendor's folder."""

    ABSENT = "absent"
    CURRENT = "current"  # ours, as in the payload
    OUTDATED = "outdated"  # ours, whole, older or newer than the payload
    MODIFIED = "modified"  # ours, but changed by somebody
    FOREIGN = "foreign"  # installed otherwise: never touched
    UNKNOWN = "unknown"  # the payload is missing or damaged: nothing is done


class NotPlainError(OSError):
    """There is a link, or something else that is neither file nor folder."""


class NotPlacedError(OSError):
    """Not every vendor could be placed, for the reason in its text; some were."""

    def __init__(self, reason: OSError, placed: list[str]) -> None:
        """Says which ones were."""
        super().__init__(str(reason))
        self.placed = placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """A vendor of the bundle."""

    domain: str
    name: str
    state: State
    installed: str | None  # version of the folder in custom_components
    bundled: str | None  # version of the payload, None if it is damaged


def plain_files(folder: Path) -> Iterator[Path]:
    """Yields all files below a folder; NotPlainError if there is anything else."""
    if folder.is_symlink():
        raise NotPlainError(f"{folder} is a link")
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                elif entry.is_file(follow_symlinks=False):
                    yield path
                elif os.path.lexists(path):  # byte code comes and goes meanwhile
                    raise NotPlainError(f"{path} is neither a file nor a folder")


def content(folder: Path) -> dict[str, Path]:
    """Returns a folder's files by path relative to it, without byte code and stamp."""
    return {
        relative.as_posix(): path
        for path in plain_files(folder)
        if "__pycache__" not in (relative := path.relative_to(folder)).parts
        and relative != Path(STAMP)
    }


def digest(folder: Path) -> str:
    """Returns the SHA-256 over paths and contents of a folder."""
    whole = sha256()
    for relative, path in sorted(content(folder).items()):
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
        whole.update(os.fsencode(f"{relative}\0{found}\n"))
    return whole.hexdigest()


def stamp(folder: Path) -> dict[str, Any]:
    """Returns the stamp that makes a vendor's folder ours."""
    return {
        "format": FORMAT,
        "by": BY,
        "domain": folder.name,
        "version": _read_json(folder / "manifest.json").get("version"),
        "digest": digest(folder),
    }


def _read_json(path: Path) -> dict[str, Any]:
    """Returns an object from a file, an empty one if there is none to be read."""
    with suppress(OSError, ValueError, RecursionError):
        if path.is_file() and not path.is_symlink():  # a pipe would never end
            with path.open("rb") as file:
                found = json.loads(file.read(LARGEST))
            if isinstance(found, dict):
                return found
    return {}


def _text(found: Any) -> str | None:
    return found if isinstance(found, str) else None


def _sync(path: Path) -> None:
    """Waits until a file is on the disk; folders where the file system can do that."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if path.is_file():
            raise
    finally:
        os.close(handle)


def never(_domain: str) -> bool:
    """Says that nothing is busy."""
    return False


class Installer:
    """Takes vendors from a payload into custom_components."""

    def __init__(self, components: Path, payload: Path) -> None:
        """Works on two folders, of which the payload may be missing."""
        self._components = components
        self._payload = payload
        self._staging = components / STAGING

    def look(self) -> list[Vendor]:
        """Returns all vendors of the payload by domain."""
        return [self._look(domain) for domain in self._domains()]

    def _domains(self) -> list[str]:
        manifests = self._payload.glob("*/manifest.json")
        return sorted(path.parent.name for path in manifests)

    def _look(self, domain: str) -> Vendor:
        folder = self._components / domain
        manifest = _read_json(self._payload / domain / "manifest.json")
        bundled = self._bundled_digest(domain)
        state = self._state(folder, bundled)
        here = _read_json(folder / "manifest.json")
        return Vendor(
            domain=domain,
            name=_text(manifest.get("name")) or domain,
            state=state,
            installed=None if state is State.ABSENT else _text(here.get("version")),
            bundled=_text(manifest.get("version")) if bundled else None,
        )

    def _bundled_digest(self, domain: str) -> str | None:
        """Returns what the payload's folder is to have, None if it has not."""
        folder = self._payload / domain
        return self._own_digest(folder) if self._is_ours(folder) else None

    def _state(self, folder: Path, bundled: str | None) -> State:
        if not os.path.lexists(folder):
            return State.ABSENT if bundled else State.UNKNOWN
        if not self._is_ours(folder):
            return State.FOREIGN
        if bundled is None:
            return State.UNKNOWN
        found = self._own_digest(folder)
        if found is None:
            return State.MODIFIED
        return State.CURRENT if found == bundled else State.OUTDATED

    def _own_digest(self, folder: Path) -> str | None:
        """Returns the digest of a folder, None if it is not that of its stamp."""
        mark = _read_json(folder / STAMP)
        try:
            found = digest(folder)
        except OSError:
            return None
        return (
            found
            if (mark.get("format"), mark.get("digest")) == (FORMAT, found)
            else None
        )

    def _is_ours(self, folder: Path, domain: str = "") -> bool:
        """Whether a folder has our stamp for a domain, its name, and no link anywhere."""
        try:
            for _path in plain_files(folder):
                pass
        except OSError:
            return False
        mark = _read_json(folder / STAMP)
        return (mark.get("by"), mark.get("domain")) == (BY, domain or folder.name)

    def place(
        self,
        domain: str,
        is_busy: Callable[[str], bool] = never,
        *,
        put_back: bool = False,
    ) -> bool:
        """Exchanges a vendor's folder for the payload's, or puts that there.

        Nothing is done, and False returned, if the payload is damaged, the folder is
        not ours, somebody has changed it and it is not to be put back, or its code is
        in use. OSError if the disk is full or read-only; the old folder then is as it
        was.
        """
        wanted = self._bundled_digest(domain) if domain in self._domains() else None
        if wanted is None or is_busy(domain):
            return False
        folder = self._components / domain
        kept = {State.FOREIGN} if put_back else {State.FOREIGN, State.MODIFIED}
        try:
            new = self._copy(domain, wanted)
            if self._state(folder, wanted) in kept or is_busy(domain):
                return False
            if os.path.lexists(folder):
                folder.rename(self._stage(f"{domain}.old"))
            new.rename(folder)
            _sync(self._components)
        finally:
            self.tidy()
        return True

    def _stage(self, name: str) -> Path:
        """Returns a place in the staging folder at which there is nothing."""
        if self._staging.is_symlink():
            raise NotPlainError(f"{self._staging} is a link")
        self._staging.mkdir(parents=True, exist_ok=True)
        path = self._staging / name
        if os.path.lexists(path):
            shutil.rmtree(path)
        return path

    def _copy(self, domain: str, wanted: str) -> Path:
        """Returns a copy of the payload's folder that is on the disk, byte for byte."""
        source, new = self._payload / domain, self._stage(f"{domain}.new")
        for relative, path in (*content(source).items(), (STAMP, source / STAMP)):
            copy = new / relative
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)  # modes cannot be set everywhere
        os.sync()  # all at once: one by one takes a slow disk many times as long
        for path in (*new.rglob("*"), new, self._staging):
            _sync(path)
        if self._own_digest(new) != wanted or not self._is_ours(new, domain):
            raise OSError(f"the copy of {domain} is not what was copied")
        return new

    def remove(self, domain: str) -> bool:
        """Deletes a vendor's folder; False if it is not one of ours."""
        folder = self._components / domain
        if domain not in self._domains() or not self._is_ours(folder):
            return False
        try:
            folder.rename(self._stage(f"{domain}.gone"))
            _sync(self._components)
        finally:
            self.tidy()
        return True

    def tidy(self) -> list[str]:
        """Ends what a run that was cut off has left; returns which vendors it put back.

        That is a folder that stands between two places, because the run ended between
        taking the old one away and putting the new one there. What cannot be deleted
        stays, and is in nobody's way.
        """
        back: list[str] = []
        if self._staging.is_symlink():
            return back
        for old in self._staging.glob("*.old"):
            domain, folder = old.stem, self._components / old.stem
            if not self._is_ours(old, domain):
                continue
            if os.path.lexists(folder):
                (old / STAMP).unlink()  # half deleted, it must not go back
            else:
                old.rename(folder)
                back.append(domain)
        if back:
            _sync(self._components)
        shutil.rmtree(self._staging, ignore_errors=True)
        return back

    def bring(
        self,
        ticked: Collection[str],
        *,
        is_busy: Callable[[str], bool] = never,
        put_back: Collection[str] = (),
        stopping: bool = False,
    ) -> list[str]:
        """Places what is ticked and may be placed now; returns what was placed.

        While Home Assistant stops nothing is busy any more, and what somebody modified
        is put back where that was chosen. NotPlacedError when all that can be placed is.
        """
        back = self.tidy()
        placed = list(back)
        failed: OSError | None = None
        for vendor in self.look():
            domain, state = vendor.domain, vendor.state
            chosen = stopping and domain in put_back and state is State.MODIFIED
            wanted = chosen or state is State.ABSENT or state is State.OUTDATED
            if domain not in ticked or not wanted:
                continue
            # What was not there cannot be in use.
            free = stopping or state is State.ABSENT or domain in back
            try:
                done = self.place(domain, never if free else is_busy, put_back=chosen)
            except OSError as err:
                failed = failed or err
                continue
            if done and domain not in back:
                placed.append(domain)
        if failed:
            raise NotPlacedError(failed, placed) from failed
        return placed
