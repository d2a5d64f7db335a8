"""Disks that are full, read-only or broken: the old folder stays, and the next run heals."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
import errno
import itertools
import os
from pathlib import Path
import shutil

import pytest

from scripts.buildlib.hub_code import installer

from .disk import Witness, is_written, watched
from .made import ONE, STAMP, TWO, House, content


class Refusal:
    """Refuses one operation, or all from it on, that a choice is true for."""

    def __init__(self, at: int, number: int, *, onwards: bool = False) -> None:
        self.at, self.number, self.onwards = at, number, onwards
        self.seen = 0
        self.refused = 0

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        if not is_written(event, args):
            return
        self.seen += 1
        if self.seen == self.at or (self.onwards and self.seen > self.at):
            self.refused += 1
            raise OSError(self.number, os.strerror(self.number))


def every(number: int, *, onwards: bool) -> Iterator[Refusal]:
    """Yield refusals of the first, second ... write, until there is none to refuse."""
    for at in range(1, 500):
        refusal = Refusal(at, number, onwards=onwards)
        yield refusal
        if not refusal.refused:
            assert at > 10
            return
    pytest.fail("it never ends")


def fresh(house: House) -> None:
    house.bundle("2")


def exchange(house: House) -> None:
    house.bundle("2")
    house.install("1")


def try_it(run: Callable[[Sequence[str]], object], witness: Witness) -> None:
    with watched(witness), suppress(OSError):
        run([ONE])


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("given", [fresh, exchange], ids=["fresh", "exchange"])
def test_each_write_may_fail(
    tmp_path: Path, given: Callable[[House], None], number: int, *, onwards: bool
) -> None:
    for refusal in every(number, onwards=onwards):
        folder = tmp_path / str(refusal.at)
        house = House(folder)
        given(house)
        before = house.content()

        try_it(house.installer.bring, refusal)

        if not onwards:
            assert house.content() == before or house.has("2"), refusal.at
        house.installer.bring([ONE])
        assert house.has("2"), refusal.at
        assert not house.staging.exists(), refusal.at
        shutil.rmtree(folder)


@pytest.mark.parametrize("onwards", [False, True], ids=["once", "from then on"])
def test_each_deletion_may_fail(tmp_path: Path, *, onwards: bool) -> None:
    for refusal in every(errno.EIO, onwards=onwards):
        folder = tmp_path / str(refusal.at)
        house = House(folder)
        exchange(house)
        house.install("1", TWO)

        try_it(house.remove, refusal)

        assert house.content() is None or house.has("1"), refusal.at
        house.installer.remove(ONE)
        house.installer.tidy()
        assert house.content() is None, refusal.at
        assert not house.staging.exists(), refusal.at
        assert house.has("1", TWO)
        shutil.rmtree(folder)


def test_a_read_only_folder_is_as_it_was(house: House) -> None:
    exchange(house)
    before = content(house.components)
    with watched(Refusal(1, errno.EROFS, onwards=True)):
        with pytest.raises(OSError, match="Read-only"):
            house.installer.bring([ONE])
        with pytest.raises(OSError, match="Read-only"):
            house.installer.remove(ONE)
        assert [one.state for one in house.installer.look()] == ["outdated"]
    assert content(house.components) == before


def test_a_disk_that_is_full_in_the_middle_of_a_file(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange(house)

    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:5])
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr("shutil.copyfile", half)
    with pytest.raises(OSError, match="No space left"):
        house.installer.bring([ONE])
    assert house.has("1")
    assert not house.staging.exists()  # it would keep the disk full


def test_a_copy_that_is_cut_off_without_a_word(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange(house)

    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:5])

    monkeypatch.setattr("shutil.copyfile", half)
    with pytest.raises(OSError, match="is not what was copied"):
        house.installer.bring([ONE])
    assert house.has("1")


def test_one_that_fails_is_no_reason_to_leave_out_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.bundle("2", ONE, TWO)
    copy = shutil.copyfile

    def picky(source: Path, target: Path) -> None:
        if ONE in source.parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(target))
        copy(source, target)

    monkeypatch.setattr("shutil.copyfile", picky)
    with pytest.raises(installer.NotPlacedError, match="Permission denied") as caught:
        house.installer.bring([ONE, TWO])
    assert caught.value.placed == [TWO]
    assert house.has("2", TWO)


def test_what_cannot_be_deleted_is_in_nobodys_way(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte code of somebody who once started it as another user, for example."""
    house.bundle("2", ONE, TWO)
    house.install("1", ONE)

    def stubborn(event: str, args: tuple[object, ...]) -> None:
        if event == "os.remove" and args[0] in {STAMP, "__init__.py"}:
            raise PermissionError(errno.EACCES, "Permission denied")

    with watched(stubborn):
        assert house.installer.bring([ONE]) == [ONE]
        assert house.installer.bring([ONE, TWO]) == [TWO]
        assert house.installer.remove(TWO)
    assert house.has("2", ONE)
    assert house.content(TWO) is None
    # The half that is left is not taken for a folder that has to go back.
    shutil.rmtree(house.folder(ONE))
    assert house.installer.tidy() == []
    assert house.content(ONE) is None


def test_what_is_placed_counts_though_the_rest_cannot_be_tidied(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchange(house)

    def stubborn(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", stubborn)
    with pytest.raises(installer.NotPlacedError, match="Permission denied") as caught:
        house.installer.bring([ONE])
    assert caught.value.placed == [ONE]
    assert house.has("2")


def unreadable(patch: pytest.MonkeyPatch, path: Path) -> None:
    """Let a file fail to be read, as root too."""
    opened = Path.open

    def broken(self: Path, mode: str) -> object:
        if self == path:
            raise OSError(errno.EIO, "Input/output error", str(self))
        return opened(self, mode)

    patch.setattr(Path, "open", broken)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        (f"{ONE}/__init__.py", "modified"),
        (f"{ONE}/.bundle.json", "foreign"),
        (f"all_energy/integrations/{ONE}/__init__.py", "unknown"),
        (f"all_energy/integrations/{ONE}/.bundle.json", "unknown"),
    ],
)
def test_files_that_cannot_be_read(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str, state: str
) -> None:
    exchange(house)
    before = house.content()
    with monkeypatch.context() as patch:
        unreadable(patch, house.components / name)
        assert house.state() == state
        assert house.installer.bring([ONE]) == []
    assert house.content() == before


@contextmanager
def noted(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Note what is on the disk for sure, and what is renamed and deleted."""
    steps: list[str] = []

    def note(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        steps.append(path.relative_to(house.components).as_posix())

    def see(event: str, args: tuple[object, ...]) -> None:
        if event in {"os.rename", "os.remove"}:
            steps.append(event)

    monkeypatch.setattr("os.fsync", note)
    with watched(see):
        yield steps


def test_what_comes_back_is_there_before_the_rest_goes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_off(house)
    (house.staging / "left.new").touch()
    with noted(house, monkeypatch) as steps:
        assert house.installer.tidy() == [ONE]
    assert steps == [".", "os.rename", ".", "os.remove"]


def cut_off(house: House) -> None:
    """Leave what a run leaves that is cut off in the middle of an exchange."""
    exchange(house)
    house.staging.mkdir()
    house.folder().rename(house.staging / f"{ONE}.old")


def test_after_a_cut_it_is_exchanged_although_it_has_entries(house: House) -> None:
    """They cannot be in use: it was not there."""
    cut_off(house)
    assert house.installer.bring([ONE], is_busy=lambda _domain: True) == [ONE]
    assert house.has("2")


def test_after_a_cut_without_a_payload_it_comes_back(house: House) -> None:
    cut_off(house)
    shutil.rmtree(house.payload)
    assert house.installer.bring([ONE]) == [ONE]
    assert house.has("1")


def test_one_sync_for_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is on the disk before it counts, and that is waited for once.

    A slow card would take seconds for each file. After the first exchange nothing is
    left that a slow disk, or a kill, could delay.
    """
    for domain in (ONE, TWO):
        house.bundle("2", ONE, TWO)
        house.install("1", domain)
    copy = shutil.copyfile
    with noted(house, monkeypatch) as steps:
        monkeypatch.setattr("os.sync", lambda: steps.append("sync"))
        monkeypatch.setattr("os.fsync", lambda _handle: steps.append("fsync"))

        def copies(source: Path, target: Path) -> None:
            steps.append("copy")
            copy(source, target)

        monkeypatch.setattr("shutil.copyfile", copies)
        assert house.installer.bring([ONE, TWO]) == [ONE, TWO]
    order = [one for one, _ in itertools.groupby(steps)]
    assert order == ["copy", "sync", "os.rename", "fsync", "os.remove"]
    assert (steps.count("os.rename"), steps.count("fsync")) == (4, 1)


def test_half_a_copy_leaves_its_room_to_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.bundle("2", ONE, TWO)
    copy = shutil.copyfile

    def picky(source: Path, target: Path) -> None:
        if ONE in source.parts and source.name == STAMP:
            raise OSError(errno.ENOSPC, "No space left on device")
        assert ONE in source.parts or not (house.staging / f"{ONE}.new").exists()
        copy(source, target)

    monkeypatch.setattr("shutil.copyfile", picky)
    with pytest.raises(installer.NotPlacedError, match="No space left") as caught:
        house.installer.bring([ONE, TWO])
    assert caught.value.placed == [TWO]


def test_a_stranger_after_the_copies_stays(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All vendors are looked at again before the first is exchanged, and each then."""
    house.bundle("2", ONE, TWO)
    house.install("1", ONE)
    house.install("1", TWO)
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        if self == house.folder(ONE):
            (house.folder(TWO) / STAMP).unlink()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    assert house.installer.bring([ONE, TWO]) == [ONE]
    assert house.state(TWO) == "foreign"


def test_a_file_system_that_cannot_sync(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some know no such thing for a folder, which is no reason to fail."""
    exchange(house)

    def refuse(_handle: int) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr("os.fsync", refuse)
    assert house.installer.bring([ONE]) == [ONE]
    assert house.has("2")
