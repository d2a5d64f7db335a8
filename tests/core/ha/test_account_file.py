"""The account's file on a real disk."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
import pytest

from .accounts import Get, restart

# As they are before the test plugin replaces them
_LOAD, _WRITE = Store._async_load, Store._async_write_data


@pytest.fixture
def folder(hass: HomeAssistant, tmp_path: Path) -> Iterator[Path]:
    """A real folder to write to."""
    with (
        patch.object(hass.config, "config_dir", str(tmp_path)),
        patch.object(Store, "_async_load", _LOAD),
        patch.object(Store, "_async_write_data", _WRITE),
    ):
        yield tmp_path / ".storage"


@pytest.fixture
async def saved(hass: HomeAssistant, folder: Path, get: Get) -> None:
    """An account that was written and closed."""
    account = await get()
    account.keep()
    account.note("n", 1)
    await account.async_save()
    await restart(hass)


def only_file(folder: Path) -> Path:
    [path] = folder.iterdir()
    return path


def test_the_file(saved: None, folder: Path) -> None:
    """Nobody else on the machine may read it."""
    assert only_file(folder).stat().st_mode & 0o077 == 0


def halve(folder: Path) -> None:
    path = only_file(folder)
    path.write_text(path.read_text()[:40])


async def test_a_broken_file(
    hass: HomeAssistant, saved: None, folder: Path, get: Get
) -> None:
    """Half a file after a power cut: it is put aside and the account begins anew."""
    halve(folder)
    again = await get()
    assert again.notes == {}
    again.keep()
    again.note("n", 2)
    await again.async_save()
    await restart(hass)
    assert (await get()).notes == {"n": 2}


def put_away(folder: Path) -> None:
    path = only_file(folder)
    path.rename(folder.parent / "away")
    path.mkdir()


def put_back(folder: Path) -> None:
    path = only_file(folder)
    path.rmdir()
    (folder.parent / "away").rename(path)


async def test_a_file_that_cannot_be_read(
    hass: HomeAssistant, saved: None, folder: Path, get: Get
) -> None:
    """The account goes on without; the file is there again when the disk is."""
    put_away(folder)
    account = await get()
    assert account.notes == {}
    account.keep()
    account.note("n", 2)
    await account.async_save()
    put_back(folder)
    await restart(hass)
    assert (await get()).notes == {"n": 1}


async def test_who_asks_first_may_be_cancelled(
    hass: HomeAssistant, saved: None, get: Get
) -> None:
    """A closed flow must not keep the account from the entry."""
    first = hass.async_create_task(get(), eager_start=True)
    second = hass.async_create_task(get(), eager_start=True)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert (await second).notes == {"n": 1}
    assert await get() is await second
