"""A vendor's folder: its files, its digest, and the stamp that makes it ours.

Knows no Home Assistant, needs Python 3.11, and everything here blocks.
"""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import file_digest, sha256
import json
import os
from pathlib import Path
from typing import Any

BY = "all_energy"
FORMAT = 1
STAMP = ".bundle.json"
LARGEST = 1 << 16  # bytes of a manifest or a stamp


class NotPlainError(OSError):
    """There is a link, or something else that is neither file nor folder."""


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


def is_left_behind(relative: Path) -> bool:
    """Whether a file is none of an integration's: byte code, hidden, or its stamp."""
    return relative == Path(STAMP) or any(
        name == "__pycache__" or (name[0] == "." and name != STAMP)  # of a payload
        for name in relative.parts
    )


def content(folder: Path) -> dict[str, Path]:
    """Returns a folder's files by path relative to it, without what is left behind."""
    return {
        relative.as_posix(): path
        for path in plain_files(folder)
        if not is_left_behind(relative := path.relative_to(folder))
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
        "version": read_json(folder / "manifest.json").get("version"),
        "digest": digest(folder),
    }


def read_json(path: Path) -> dict[str, Any]:
    """Returns an object from a file, an empty one if there is none to be read."""
    with suppress(OSError, ValueError, RecursionError):
        if path.is_file() and not path.is_symlink():  # a pipe would never end
            with path.open("rb") as file:
                found = json.loads(file.read(LARGEST))
            if isinstance(found, dict):
                return found
    return {}
