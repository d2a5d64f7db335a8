"""A payload that is not whole changes nothing."""

from collections.abc import Callable
import json
import os
from pathlib import Path

import pytest

from .made import ONE, TWO, House, content, write
from .test_foreign import FOREIGN, mark


def changed(folder: Path) -> None:
    (folder / "__init__.py").write_text("VERSION = '2'  # changed")


def lacking(folder: Path) -> None:
    (folder / "_vendor/core/deep/part.py").unlink()


def with_more(folder: Path) -> None:
    (folder / "more.py").touch()


def renamed(folder: Path) -> None:
    (folder / "__init__.py").rename(folder / "_init.py")


def of_next_format(folder: Path) -> None:
    mark(folder, format=2)


def without_format(folder: Path) -> None:
    mark(folder, format=None)


def without_digest(folder: Path) -> None:
    mark(folder, digest=None)


def with_odd_name(folder: Path) -> None:
    """Write a name that is not UTF-8, as an old archive may have it."""
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xe9.py"))).touch()


DAMAGED: list[Callable[[Path], None]] = [
    changed,
    lacking,
    with_more,
    renamed,
    of_next_format,
    without_format,
    without_digest,
    with_odd_name,
]


def check_that_nothing_is_done(house: House) -> None:
    state = house.state()
    before = content(house.components)
    for stopping in (False, True):
        assert house.installer.bring([ONE], put_back=[ONE], stopping=stopping) == []
    assert not house.installer.place(ONE)
    assert content(house.components) == before
    assert state in {"unknown", "unlisted"}
    assert all(one.bundled is None for one in house.installer.look())


@pytest.mark.parametrize("version", [None, "1"])
@pytest.mark.parametrize("given", DAMAGED, ids=lambda given: given.__name__)
def test_damaged(
    house: House, given: Callable[[Path], None], version: str | None
) -> None:
    house.bundle("2")
    given(house.payload / ONE)
    if version:
        house.install(version)
    check_that_nothing_is_done(house)


@pytest.mark.parametrize("version", [None, "1"])
@pytest.mark.parametrize("given", FOREIGN, ids=lambda given: given.__name__)
def test_with_links_or_a_stamp_that_is_not_ours(
    house: House,
    tmp_path: Path,
    given: Callable[[Path, Path], None],
    version: str | None,
) -> None:
    (tmp_path / "elsewhere").mkdir()
    house.bundle("2")
    given(house.payload / ONE, tmp_path / "elsewhere")
    if version:
        house.install(version)
    check_that_nothing_is_done(house)


def test_the_folder_of_another_domain(house: House) -> None:
    house.bundle("2", TWO)
    (house.payload / TWO).rename(house.payload / ONE)
    check_that_nothing_is_done(house)


def test_one_damaged_vendor_is_no_reason_to_wait_for_the_others(house: House) -> None:
    house.bundle("2", ONE, TWO)
    changed(house.payload / ONE)
    assert house.installer.bring([ONE, TWO]) == [TWO]


def test_byte_code_of_the_payload_is_not_taken(house: House) -> None:
    """No digest covers it."""
    house.bundle("2")
    write(house.payload / ONE / "_vendor", {"__pycache__/core.pyc": "what is this"})
    assert house.installer.bring([ONE]) == [ONE]
    assert house.has("2")


@pytest.mark.parametrize("given", [with_odd_name], ids=["odd name"])
def test_a_name_that_is_not_utf_8(house: House, given: Callable[[Path], None]) -> None:
    house.bundle("2")
    house.install("2")
    given(house.folder())
    assert house.state() == "modified"


@pytest.mark.parametrize("domain", ["", ".", "..", f"../{ONE}", f"{TWO}/../{ONE}"])
def test_names_that_are_no_vendors(house: House, domain: str) -> None:
    house.bundle("2", ONE, TWO)
    house.install("1")
    manifest = json.dumps({"domain": "all_energy", "version": "2"})
    (house.payload.parent / "manifest.json").write_text(manifest)
    before = content(house.components)
    assert not house.installer.place(domain)
    assert not house.installer.remove(domain)
    assert house.installer.bring([domain]) == []
    assert content(house.components) == before


def test_the_payload_changes_while_it_is_copied(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As HACS puts the next release into place."""
    house.bundle("2")
    house.install("1")
    copy = __import__("shutil").copyfile

    def late(source: Path, target: Path) -> None:
        house.bundle("3")
        copy(source, target)

    monkeypatch.setattr("shutil.copyfile", late)
    with pytest.raises(OSError, match="is not what was copied"):
        house.installer.bring([ONE])
    assert house.has("1")
    assert not house.staging.exists()
    monkeypatch.undo()
    assert house.installer.bring([ONE]) == [ONE]
    assert house.has("3")
