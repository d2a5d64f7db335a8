"""What scripts/build makes of this repository is what is in git, and nothing else."""

from collections.abc import Iterator, Sequence
from pathlib import Path
import subprocess
from zipfile import ZipFile

import pytest

from custom_components.all_energy.folders import STAMP
from custom_components.all_energy.installer import Installer, State
from scripts.buildlib.bundle import HUB, PAYLOAD, Source

from ..translation_rules import ROOT

DOMAINS = (HUB, *Source(ROOT).vendors)


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of a build, with the Python that is at hand."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [ROOT / "scripts" / "build", "--out", folder], check=True, capture_output=True
    )
    return folder


def in_git(tree: Sequence[str], domain: str) -> Iterator[str]:
    folder = f"custom_components/{domain}/"
    return (
        path.removeprefix(folder)
        for path in tree
        if path.startswith(folder) and not path.endswith("/")
    )


def test_a_zip_of_each(zips: Path) -> None:
    assert {path.name for path in zips.iterdir()} == {f"{one}.zip" for one in DOMAINS}


@pytest.mark.parametrize("domain", DOMAINS[1:])
def test_vendors(zips: Path, tree: Sequence[str], domain: str) -> None:
    with ZipFile(zips / f"{domain}.zip") as archive:
        assert sorted(archive.namelist()) == sorted([STAMP, *in_git(tree, domain)])


def test_the_hub(zips: Path, tree: Sequence[str]) -> None:
    payload = [
        f"{PAYLOAD}/{domain}/{name}"
        for domain in DOMAINS[1:]
        for name in (STAMP, *in_git(tree, domain))
    ]
    with ZipFile(zips / f"{HUB}.zip") as archive:
        assert sorted(archive.namelist()) == sorted([*in_git(tree, HUB), *payload])


def test_the_hub_places_them(zips: Path, tmp_path: Path) -> None:
    """Into an empty folder; those of the zips for manual installation are the same."""
    with ZipFile(zips / f"{HUB}.zip") as archive:
        archive.extractall(tmp_path / HUB)
    by_hand = DOMAINS[2:]
    for domain in by_hand:
        with ZipFile(zips / f"{domain}.zip") as archive:
            archive.extractall(tmp_path / domain)
    installer = Installer(tmp_path, tmp_path / HUB / PAYLOAD)

    assert {one.domain for one in installer.look() if one.state is State.CURRENT} == {
        *by_hand
    }
    assert installer.bring(DOMAINS[1:]) == [DOMAINS[1]]
    assert {one.state for one in installer.look()} == {State.CURRENT}
