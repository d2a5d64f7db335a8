"""What is not ours is never changed, and links lead nowhere."""

from collections.abc import Callable
import json
import os
from pathlib import Path

import pytest

from .made import ONE, STAMP, House, content, stamped

type Given = Callable[[Path, Path], None]


def mark(folder: Path, **changes: object) -> None:
    path = folder / STAMP
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def no_stamp(folder: Path, _elsewhere: Path) -> None:
    (folder / STAMP).unlink()


def empty_stamp(folder: Path, _elsewhere: Path) -> None:
    (folder / STAMP).write_bytes(b"")


def half_stamp(folder: Path, _elsewhere: Path) -> None:
    path = folder / STAMP
    path.write_text(path.read_text()[:-9])


def binary_stamp(folder: Path, _elsewhere: Path) -> None:
    (folder / STAMP).write_bytes(bytes(range(256)))


def list_as_stamp(folder: Path, _elsewhere: Path) -> None:
    path = folder / STAMP
    path.write_text(f"[{path.read_text()}]")


def deep_stamp(folder: Path, _elsewhere: Path) -> None:
    (folder / STAMP).write_text("[" * 60_000)


def endless_stamp(folder: Path, _elsewhere: Path) -> None:
    path = folder / STAMP
    path.write_text(" " * 70_000 + path.read_text())


def folder_as_stamp(folder: Path, _elsewhere: Path) -> None:
    (folder / STAMP).unlink()
    (folder / STAMP).mkdir()


def somebody_elses_stamp(folder: Path, _elsewhere: Path) -> None:
    mark(folder, by="other_bundle")


def another_vendors_stamp(folder: Path, _elsewhere: Path) -> None:
    mark(folder, domain="other_energy")


def nobodys_stamp(folder: Path, _elsewhere: Path) -> None:
    mark(folder, by=None, domain=[ONE])


def link_as_folder(folder: Path, elsewhere: Path) -> None:
    folder.rename(elsewhere / ONE)
    folder.symlink_to(elsewhere / ONE)


def broken_link_as_folder(folder: Path, elsewhere: Path) -> None:
    folder.rename(elsewhere / "moved")
    folder.symlink_to(elsewhere / "nothing")


def link_to_itself_as_folder(folder: Path, elsewhere: Path) -> None:
    folder.rename(elsewhere / "moved")
    folder.symlink_to(folder)


def link_as_stamp(folder: Path, elsewhere: Path) -> None:
    (folder / STAMP).rename(elsewhere / "stamp")
    (folder / STAMP).symlink_to(elsewhere / "stamp")


def linked_file(folder: Path, elsewhere: Path) -> None:
    (elsewhere / "code.py").touch()
    (folder / "_vendor" / "code.py").symlink_to(elsewhere / "code.py")


def linked_folder(folder: Path, elsewhere: Path) -> None:
    (elsewhere / "lib").mkdir()
    (elsewhere / "lib" / "code.py").touch()
    (folder / "lib").symlink_to(elsewhere / "lib")


def broken_link(folder: Path, elsewhere: Path) -> None:
    (folder / "code.py").symlink_to(elsewhere / "nothing")


def link_to_itself(folder: Path, _elsewhere: Path) -> None:
    (folder / "code.py").symlink_to(folder / "code.py")


def linked_cache(folder: Path, elsewhere: Path) -> None:
    (elsewhere / "cache").mkdir()
    (folder / "__pycache__").symlink_to(elsewhere / "cache")


def link_in_the_cache(folder: Path, elsewhere: Path) -> None:
    (elsewhere / "a.pyc").touch()
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "a.pyc").symlink_to(elsewhere / "a.pyc")


def link_of_a_hidden_name(folder: Path, elsewhere: Path) -> None:
    (elsewhere / "store").touch()
    (folder / ".DS_Store").symlink_to(elsewhere / "store")


def link_in_a_hidden_folder(folder: Path, elsewhere: Path) -> None:
    (elsewhere / "a").touch()
    (folder / ".cache").mkdir()
    (folder / ".cache" / "a").symlink_to(elsewhere / "a")


def pipe_inside(folder: Path, _elsewhere: Path) -> None:
    os.mkfifo(folder / "pipe")


def pipe_as_stamp(folder: Path, _elsewhere: Path) -> None:
    (folder / STAMP).unlink()
    os.mkfifo(folder / STAMP)


def pipe_as_manifest(folder: Path, _elsewhere: Path) -> None:
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")


def pipe_as_folder(folder: Path, elsewhere: Path) -> None:
    folder.rename(elsewhere / "moved")
    os.mkfifo(folder)


def file_as_folder(folder: Path, elsewhere: Path) -> None:
    folder.rename(elsewhere / "moved")
    folder.write_text("not a folder")


FOREIGN: list[Given] = [
    no_stamp,
    empty_stamp,
    half_stamp,
    binary_stamp,
    list_as_stamp,
    deep_stamp,
    endless_stamp,
    folder_as_stamp,
    somebody_elses_stamp,
    another_vendors_stamp,
    nobodys_stamp,
    link_as_folder,
    broken_link_as_folder,
    link_to_itself_as_folder,
    link_as_stamp,
    linked_file,
    linked_folder,
    broken_link,
    link_to_itself,
    linked_cache,
    link_in_the_cache,
    link_of_a_hidden_name,
    link_in_a_hidden_folder,
    pipe_inside,
    pipe_as_stamp,
    pipe_as_manifest,
    pipe_as_folder,
    file_as_folder,
]


@pytest.mark.parametrize("given", FOREIGN, ids=lambda given: given.__name__)
def test_it_is_left_alone(house: House, tmp_path: Path, given: Given) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    house.bundle("2")
    house.install("1")
    given(house.folder(), elsewhere)
    before = house.content(), content(elsewhere)
    work = house.installer

    assert house.state() == "foreign"
    assert work.bring([ONE]) == []
    assert work.bring([ONE], put_back=[ONE], stopping=True) == []
    assert not work.place(ONE)
    assert not work.place(ONE, put_back=True)
    assert not work.remove(ONE)

    assert (house.content(), content(elsewhere)) == before
    assert not house.staging.exists()


def test_what_others_keep_in_our_folder_is_deleted_but_not_what_it_links_to(
    house: House, tmp_path: Path
) -> None:
    house.bundle("2")
    stamped(tmp_path / "elsewhere" / ONE, "1")
    before = content(tmp_path / "elsewhere")
    house.staging.mkdir()
    (house.staging / f"{ONE}.old").symlink_to(tmp_path / "elsewhere" / ONE)
    (house.staging / "all").symlink_to(tmp_path / "elsewhere")

    assert house.installer.bring([ONE]) == [ONE]

    assert house.has("2")
    assert not house.staging.exists()
    assert content(tmp_path / "elsewhere") == before


@pytest.mark.parametrize("is_there", [True, False], ids=["link", "broken link"])
def test_a_link_in_place_of_our_folder(
    house: House, tmp_path: Path, *, is_there: bool
) -> None:
    house.bundle("2")
    house.install("1")
    if is_there:
        stamped(tmp_path / "elsewhere" / ONE, "0")
        (tmp_path / "elsewhere" / ONE).rename(tmp_path / "elsewhere" / f"{ONE}.old")
    before = content(tmp_path / "elsewhere")
    house.staging.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="is a link"):
        house.installer.bring([ONE])
    with pytest.raises(OSError, match="is a link"):
        house.installer.remove(ONE)

    assert house.has("1")
    assert house.staging.is_symlink()
    assert content(tmp_path / "elsewhere") == before


def test_a_file_in_place_of_our_folder(house: House) -> None:
    house.bundle("2")
    house.install("1")
    house.staging.write_text("?")
    with pytest.raises(OSError, match=r"\.all_energy"):
        house.installer.bring([ONE])
    with pytest.raises(OSError, match=r"\.all_energy"):
        house.installer.remove(ONE)
    assert house.has("1")
    assert house.staging.read_text() == "?"


def test_what_blocks_us_blocks_nothing_when_there_is_nothing_to_do(
    house: House, tmp_path: Path
) -> None:
    house.bundle("2")
    house.install("2")
    house.staging.symlink_to(tmp_path)
    assert house.installer.bring([ONE]) == []


def test_a_stamp_that_is_too_deep(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How deep that is depends on the stack, which is small in threads of some."""
    house.bundle("2")
    house.install("1")
    deep_stamp(house.folder(), house.components)
    load = json.loads

    def shallow(text: bytes) -> object:
        if text.startswith(b"[["):
            raise RecursionError
        return load(text)

    monkeypatch.setattr("json.loads", shallow)
    assert house.state() == "foreign"
