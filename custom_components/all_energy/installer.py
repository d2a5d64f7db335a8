"""Puts the bundled integrations into custom_components: whole folders or nothing.

Every state is worked out anew from what lies on the disk, so that whatever killed the
last run, the next one finishes it. Knows no Home Assistant, needs Python 3.11, and
everything here blocks.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
import os
from pathlib import Path
import shutil
from typing import Any

from .folders import (
    BY,
    FORMAT,
    STAMP,
    NotPlainError,
    content,
    digest,
    plain_files,
    read_json,
)

STAGING = ".all_energy"  # has no manifest, so Home Assistant takes it for nothing


class State(StrEnum):
    """What is in the place of a vendor's folder."""

    ABSENT = "absent"
    CURRENT = "current"  # ours, as in the payload
    OUTDATED = "outdated"  # ours, whole, older or newer than the payload
    MODIFIED = "modified"  # ours, but changed by somebody
    FOREIGN = "foreign"  # installed otherwise: never touched
    UNKNOWN = "unknown"  # the payload is missing or damaged: nothing is done


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


def _text(found: Any) -> str | None:
    return found if isinstance(found, str) else None


def _sync(folder: Path) -> None:
    """Waits until renames in a folder are on the disk, if it can wait for them."""
    handle = os.open(folder, os.O_RDONLY)
    with suppress(OSError):
        os.fsync(handle)
    os.close(handle)


@dataclass(slots=True)
class _Wish:
    """A vendor that is to be placed."""

    domain: str
    is_busy: Callable[[str], bool]
    put_back: bool
    digest: str | None = None  # of what is copied


_Step = Callable[[_Wish], bool]  # False: it is left out


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
        manifest = read_json(self._payload / domain / "manifest.json")
        bundled = self._bundled_digest(domain)
        state = self._state(folder, bundled)
        here = read_json(folder / "manifest.json")
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
        mark = read_json(folder / STAMP)
        with suppress(OSError):
            found = digest(folder)
            if (mark.get("format"), mark.get("digest")) == (FORMAT, found):
                return found
        return None

    def _is_ours(self, folder: Path, domain: str = "") -> bool:
        """Whether a folder has our stamp for a domain, its name, and no link anywhere."""
        with suppress(OSError):
            deque(plain_files(folder), maxlen=0)
            mark = read_json(folder / STAMP)
            return (mark.get("by"), mark.get("domain")) == (BY, domain or folder.name)
        return False

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
        if domain not in self._domains():
            return False
        placed, failed = self._place([_Wish(domain, is_busy, put_back)])
        if failed:
            raise failed
        return bool(placed)

    def _place(self, wishes: Collection[_Wish]) -> tuple[set[str], OSError | None]:
        """Does what takes long for all first; returns what is placed, and a failure.

        Who stops may be killed soon: after the first exchange nothing slow is left.
        """
        failed: list[OSError] = []

        def done(step: _Step, wishes: Collection[_Wish]) -> Iterator[_Wish]:
            for wish in wishes:
                try:
                    if step(wish):
                        yield wish
                except OSError as err:
                    failed.append(err)

        if copied := [*done(self._copy, wishes)]:
            os.sync()  # a slow disk takes minutes for so many files one by one
        whole = [*done(self._check, copied)]
        placed = {wish.domain for wish in done(self._exchange, whole)}
        try:
            self.tidy()
        except OSError as err:
            failed.append(err)
        return placed, failed[0] if failed else None

    def _copy(self, wish: _Wish) -> bool:
        """Copies the payload's folder, if that is whole and may be placed."""
        wish.digest = self._bundled_digest(wish.domain)
        if wish.digest is None or wish.is_busy(wish.domain):
            return False
        source = self._payload / wish.domain
        new = self._clear(f"{wish.domain}.new")
        try:
            for relative, path in (*content(source).items(), (STAMP, source / STAMP)):
                copy = new / relative
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)  # modes cannot be set everywhere
        except OSError:
            shutil.rmtree(new, ignore_errors=True)  # the next one may have room
            raise
        return True

    def _check(self, wish: _Wish) -> bool:
        """Whether a folder may be exchanged; OSError if its copy is not whole."""
        domain, new = wish.domain, self._staging / f"{wish.domain}.new"
        if self._own_digest(new) != wish.digest or not self._is_ours(new, domain):
            raise OSError(f"the copy of {domain} is not what was copied")
        kept = {State.FOREIGN} if wish.put_back else {State.FOREIGN, State.MODIFIED}
        return self._state(self._components / domain, wish.digest) not in kept

    def _exchange(self, wish: _Wish) -> bool:
        """Puts a copy into its place, if that may still be done."""
        folder = self._components / wish.domain
        is_there = os.path.lexists(folder)
        if wish.is_busy(wish.domain) or (is_there and not self._is_ours(folder)):
            return False
        if is_there:
            folder.rename(self._clear(f"{wish.domain}.old"))
        (self._staging / f"{wish.domain}.new").rename(folder)
        return True

    def _clear(self, name: str) -> Path:
        """Returns a place in the staging folder at which there is nothing."""
        if self._staging.is_symlink():
            raise NotPlainError(f"{self._staging} is a link")
        self._staging.mkdir(parents=True, exist_ok=True)
        path = self._staging / name
        if os.path.lexists(path):
            shutil.rmtree(path)
        return path

    def remove(self, domain: str) -> bool:
        """Deletes a vendor's folder; False if it is not one of ours."""
        folder = self._components / domain
        if domain not in self._domains() or not self._is_ours(folder):
            return False
        try:
            folder.rename(self._clear(f"{domain}.gone"))
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
        if self._staging.is_symlink() or not self._staging.is_dir():
            return back
        _sync(self._components)  # before anything is deleted
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
        wishes = []
        for vendor in self.look():
            domain, state = vendor.domain, vendor.state
            chosen = stopping and domain in put_back and state is State.MODIFIED
            wanted = chosen or state is State.ABSENT or state is State.OUTDATED
            if domain in ticked and wanted:
                # What was not there cannot be in use.
                free = stopping or state is State.ABSENT or domain in back
                wishes.append(_Wish(domain, never if free else is_busy, chosen))
        done, failed = self._place(wishes)
        placed = sorted({*back, *done})
        if failed:
            raise NotPlacedError(failed, placed) from failed
        return placed
