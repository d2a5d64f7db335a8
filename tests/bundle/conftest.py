"""The repository, and that of a single vendor, as git has them."""

from collections.abc import Callable, Iterable
from pathlib import Path
import subprocess

import pytest

from scripts.buildlib.bundle import Source

from ..translation_rules import ROOT

type Listing = Callable[[Iterable[str]], list[str]]

EMPTY = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"  # git's name of an empty file


def git(folder: Path, *arguments: str, given: str = "") -> str:
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        input=given,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture(scope="session")
def git_tree(tmp_path_factory: pytest.TempPathFactory) -> Listing:
    """Returns what git lists of files by these names, in its order."""
    folder = tmp_path_factory.mktemp("git")
    git(folder, "init", "--quiet")

    def listing(names: Iterable[str]) -> list[str]:
        index = "".join(f"100644 {EMPTY}\t{name}\0" for name in names)
        git(folder, "read-tree", "--empty")
        git(folder, "update-index", "-z", "--index-info", given=index)
        tree = git(folder, "write-tree", "--missing-ok").strip()
        lines = git(folder, "ls-tree", "-r", "-t", "-z", tree).split("\0")
        return [
            f"{path}/" if " tree " in entry else path
            for entry, path in (line.split("\t") for line in lines if line)
        ]

    return listing


@pytest.fixture(scope="session")
def tree(git_tree: Listing) -> list[str]:
    """This repository, as it would be if what git knows was committed now."""
    listed = git(ROOT, "ls-files", "-z").split("\0")
    return git_tree(name for name in listed if name and (ROOT / name).is_file())


@pytest.fixture(scope="session")
def source() -> Source:
    return Source(ROOT)
