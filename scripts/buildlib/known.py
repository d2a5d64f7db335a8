"""What git knows of a checkout, and what not."""

from dataclasses import dataclass
from pathlib import Path
import subprocess

UNTRACKED = "?"


@dataclass(frozen=True)
class Known:
    """The paths below a folder, relative to the checkout."""

    tracked: frozenset[str]
    untracked: tuple[str, ...]  # without what git ignores


def known(root: Path, folder: str) -> Known | None:
    """Asks git; None if there is no git, or this is none of its checkouts.

    Whoever runs this need not own the checkout, which git would refuse otherwise.
    """
    if not (root / ".git").exists():  # in a repository that it lies in it is unknown
        return None
    trusted = ("git", "-c", f"safe.directory={root}", "ls-files")
    asked = ("-z", "-t", "--cached", "--others", "--exclude-standard", "--", folder)
    try:
        done = subprocess.run(
            (*trusted, *asked), cwd=root, capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    if done.returncode:
        return None
    lines = [line.split(" ", 1) for line in done.stdout.split("\0") if line]
    return Known(
        frozenset(path for tag, path in lines if tag != UNTRACKED),
        tuple(path for tag, path in lines if tag == UNTRACKED),
    )
