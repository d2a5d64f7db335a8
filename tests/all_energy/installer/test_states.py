"""Every cell of the table of states: what a run does with what it finds."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import shutil
from unittest.mock import Mock

import pytest

from scripts.buildlib.hub_code import folders

from .made import ONE, STAMP, TWO, House


def absent(house: House) -> None:
    house.bundle("2")


def current(house: House) -> None:
    house.bundle("2")
    house.install("2")


def older(house: House) -> None:
    house.bundle("2")
    house.install("1")


def newer(house: House) -> None:
    house.bundle("2")
    house.install("3")


def modified(house: House) -> None:
    house.bundle("2")
    house.install("1")
    (house.folder() / "__init__.py").write_text("mine")


def added_to(house: House) -> None:
    house.bundle("2")
    house.install("1")
    (house.folder() / "_vendor" / "new.py").touch()


def lacking(house: House) -> None:
    house.bundle("2")
    house.install("2")
    (house.folder() / "_vendor/core/deep/part.py").unlink()


def foreign(house: House) -> None:
    house.bundle("2")
    house.install("1")
    (house.folder() / STAMP).unlink()


def damaged(house: House) -> None:
    absent(house)
    (house.payload / ONE / "__init__.py").write_text("half")


def damaged_and_ours(house: House) -> None:
    older(house)
    (house.payload / ONE / "__init__.py").write_text("half")


STATES = {
    absent: "absent",
    current: "current",
    older: "outdated",
    newer: "outdated",
    modified: "modified",
    added_to: "modified",
    lacking: "modified",
    foreign: "foreign",
    damaged: "unknown",
    damaged_and_ours: "unknown",
}
RUNS = {
    "idle": {},
    "busy": {"is_busy": lambda _domain: True},
    "stop": {"is_busy": lambda _domain: True, "stopping": True},
    "chosen": {"put_back": {ONE}},
    "chosen, stop": {"put_back": {ONE}, "stopping": True},
}
EVERY = set(RUNS)
PLACED = {
    absent: EVERY,
    older: EVERY - {"busy"},
    newer: EVERY - {"busy"},
    modified: {"chosen, stop"},
    added_to: {"chosen, stop"},
    lacking: {"chosen, stop"},
}


@pytest.mark.parametrize("given", STATES, ids=lambda given: given.__name__)
def test_what_is_seen(house: House, given: Callable[[House], None]) -> None:
    given(house)
    assert house.state() == STATES[given]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("given", STATES, ids=lambda given: given.__name__)
def test_what_is_done(house: House, given: Callable[[House], None], run: str) -> None:
    given(house)
    before = house.content()

    placed = house.installer.bring([ONE], **RUNS[run])

    if run in PLACED.get(given, ()):
        assert placed == [ONE]
        assert house.has("2")
    else:
        assert placed == []
        assert house.content() == before
    assert not house.staging.exists()


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("given", STATES, ids=lambda given: given.__name__)
def test_what_is_not_ticked_stays(
    house: House, given: Callable[[House], None], run: str
) -> None:
    given(house)
    before = house.content()
    assert house.installer.bring([TWO], **RUNS[run]) == []
    assert house.content() == before


@pytest.mark.parametrize("given", STATES, ids=lambda given: given.__name__)
def test_what_is_removed(house: House, given: Callable[[House], None]) -> None:
    given(house)
    before = house.content()
    is_kept = given in {absent, foreign, damaged}
    assert house.installer.remove(ONE) is not is_kept
    assert house.content() == (before if is_kept else None)
    assert not house.staging.exists()


def test_what_place_refuses(house: House) -> None:
    older(house)
    assert not house.installer.place(ONE, lambda _domain: True)
    modified(house)
    assert not house.installer.place(ONE)
    assert house.state() == "modified"
    assert house.installer.place(ONE, put_back=True)
    assert house.has("2")


def test_busy_is_asked_again_before_the_exchange(house: House) -> None:
    """Somebody may add an entry while the files are copied."""
    older(house)
    answers = iter([False, True])
    assert not house.installer.place(ONE, lambda _domain: next(answers))
    assert house.has("1")
    assert not house.staging.exists()


@pytest.mark.parametrize("change", [foreign, modified], ids=["foreign", "modified"])
def test_a_change_while_it_copies(
    house: House, change: Callable[[House], None]
) -> None:
    older(house)
    asked = 0

    def changes(_domain: str) -> bool:
        nonlocal asked
        asked += 1
        if asked == 1:
            change(house)
        return False

    assert house.installer.bring([ONE], is_busy=changes) == []
    assert asked
    assert house.state() == change.__name__


def test_versions_and_names(house: House) -> None:
    house.bundle("2", ONE, TWO)
    house.install("1", TWO)
    one, two = house.installer.look()
    assert (one.name, one.installed, one.bundled) == ("Amber_Made", None, "2")
    assert (two.name, two.installed, two.bundled) == ("Sungrow_Made", "1", "2")


def test_byte_code_is_no_change_and_does_not_survive(house: House) -> None:
    older(house)
    cache = house.folder() / "_vendor" / "__pycache__"
    cache.mkdir()
    (cache / "core.cpython-314.pyc").write_bytes(b"old")
    assert house.state() == "outdated"
    assert house.installer.bring([ONE]) == [ONE]
    assert house.has("2")


def test_what_tools_leave_behind_is_no_change(house: House) -> None:
    """Nor is it copied; the build leaves it out too."""
    current(house)
    mark = folders.stamp(house.folder())
    for folder in (house.folder(), house.payload / ONE):
        (folder / ".DS_Store").write_bytes(b"windows")
        (folder / "_vendor" / ".cache" / "deep").mkdir(parents=True)
        (folder / "_vendor" / ".cache" / "deep" / "a.py").touch()
    assert folders.stamp(house.folder()) == mark
    assert house.state() == "current"
    house.install("1")
    (house.folder() / ".DS_Store").write_bytes(b"windows")
    assert house.state() == "outdated"
    assert house.installer.bring([ONE]) == [ONE]
    assert house.has("2")


def test_byte_code_that_goes_while_it_is_looked_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file system does not tell what an entry is, it looks like neither."""
    current(house)
    scandir = os.scandir
    gone = Mock(path=str(house.folder() / "gone.pyc"))
    gone.is_dir.return_value = gone.is_file.return_value = False

    @contextmanager
    def slow(path: Path) -> Iterator[list[object]]:
        with scandir(path) as entries:
            yield [*entries, gone]

    monkeypatch.setattr("os.scandir", slow)
    assert house.state() == "current"
    assert gone.is_file.called


def test_one_of_two_with_its_neighbour_untouched(house: House) -> None:
    house.bundle("2", ONE, TWO)
    house.install("1", TWO)
    assert house.installer.bring([ONE]) == [ONE]
    assert house.has("1", TWO)
    assert house.installer.bring([ONE, TWO]) == [TWO]
    assert house.has("2", TWO)
    assert house.installer.remove(ONE)
    assert house.has("2", TWO)


def test_without_a_payload_nothing_is_known(house: House) -> None:
    house.install("1")
    shutil.rmtree(house.payload)
    assert house.installer.look() == []
    assert house.installer.bring([ONE]) == []
    assert not house.installer.place(ONE)
    assert not house.installer.remove(ONE)
    assert house.has("1")
