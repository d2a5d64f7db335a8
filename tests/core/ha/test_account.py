"""What an account remembers (design.md section 4: state survives restarts)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from core.ha.account import Account, Stored
from core.ha.rising import day_counter

from .accounts import Get, new_account, restart
from .conftest import ACCOUNT_ID
from .home import DOMAIN, NOW


@pytest.fixture
def file_of(hass_storage: dict[str, Any]) -> Callable[[], dict[str, Any] | None]:
    """Return what stands on disk, None if there is no file."""

    def content() -> dict[str, Any] | None:
        found = [
            stored["data"]
            for key, stored in hass_storage.items()
            if key.startswith(f"{DOMAIN}.account_")
        ]
        assert len(found) <= 1
        return found[0] if found else None

    return content


async def fill(account: Account) -> None:
    async with account.budget.slot():
        pass
    account.put("S1/live", {"ppv": 3120.0}, NOW)
    account.note("S1/seen/phases", True)
    day_counter(account.counter("S1/solar_today"), 21.6, NOW.date(), NOW)


async def test_one_object_for_all(get: Get) -> None:
    """Flow, entry and reload share budget and memory, also when they come at once."""
    first, second = await asyncio.gather(get(), get())
    assert first is second is await get()


async def test_it_comes_back(
    hass: HomeAssistant, get: Get, file_of: Callable[[], Any]
) -> None:
    """Budget, documents, counters and notes survive a restart."""
    account = await get()
    account.keep()
    await fill(account)
    await account.async_save()
    await restart(hass)
    again = await get()
    assert again is not account
    assert again.documents == {"S1/live": Stored({"ppv": 3120.0}, NOW)}
    assert again.notes == {"S1/seen/phases": True}
    assert again.budget.requests_today == 1
    assert day_counter(again.counter("S1/solar_today"), 0.0, NOW.date(), NOW) == 21.6


async def test_secrets_are_not_in_the_files_name(
    hass_storage: dict[str, Any], get: Get
) -> None:
    """The name of the file stands in logs and backups."""
    account = await get()
    account.keep()
    await account.async_save()
    assert not any(ACCOUNT_ID in key for key in hass_storage)


async def test_a_flow_without_entry_writes_nothing(
    hass: HomeAssistant,
    get: Get,
    file_of: Callable[[], Any],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Somebody who only tried leaves no file."""
    account = await get()
    await fill(account)
    await account.async_save()
    freezer.tick(120)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert file_of() is None


async def test_changes_are_written_within_half_a_minute(
    hass: HomeAssistant,
    get: Get,
    file_of: Callable[[], Any],
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also when they come each second: none puts the writing off, none is one more."""
    account = await get()
    account.keep()
    saves = []
    real = account._data
    monkeypatch.setattr(account, "_data", lambda: saves.append(1) or real())  # type: ignore[func-returns-value]
    written: list[tuple[int, int]] = []
    for second in range(121):
        account.put("S1/live", {"n": second}, NOW)
        account.note("n", second)
        freezer.tick(1)
        async_fire_time_changed(hass)
        await hass.async_block_till_done()
        if (content := file_of()) is not None:
            written.append((second, content["notes"]["n"]))
    assert written[0][0] <= 31
    assert all(second - value <= 32 for second, value in written)
    assert len(saves) <= 4


async def test_what_is_pending_is_written_at_the_stop(
    hass: HomeAssistant, get: Get, file_of: Callable[[], Any]
) -> None:
    """A clean stop loses nothing."""
    account = await get()
    account.keep()
    account.note("n", 1)
    hass.set_state(CoreState.final_write)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert file_of() is not None
    assert file_of()["notes"] == {"n": 1}


async def test_forget_a_system(get: Get) -> None:
    """Only what belongs to it goes; the budget stays."""
    account = await get()
    await fill(account)
    account.put("sites", [], NOW)
    account.put("S10/live", {}, NOW)
    account.forget("S1/")
    assert set(account.documents) == {"sites", "S10/live"}
    assert account.notes == {}
    assert account.counters == {}
    assert account.budget.requests_today == 1


async def test_forget_all_but_a_note(get: Get) -> None:
    """Only notes are kept: a document of the same name goes."""
    account = await get()
    for name in ("S1/forced", "S1/seen"):
        account.note(name, True)
        account.put(name, {}, NOW)
    account.forget(but={"S1/forced"})
    assert account.notes == {"S1/forced": True}
    assert account.documents == {}


async def test_forget_all(
    hass: HomeAssistant, get: Get, file_of: Callable[[], Any]
) -> None:
    """The entry was removed: a new one begins anew, but not with a burst."""
    account = await get()
    account.keep()
    await fill(account)
    account.forget()
    await account.async_save()
    account.leave()
    account.note("n", 1)
    await account.async_save()
    content = file_of()
    assert content is not None
    assert (content["documents"], content["counters"], content["notes"]) == ({}, {}, {})
    assert content["budget"]["requests"] == 1


async def test_a_note_of_none_is_no_note(get: Get) -> None:
    """Notes are taken back so."""
    account = await get()
    account.note("n", 1)
    account.note("n", None)
    account.note("m", None)
    assert account.notes == {}


GOOD = {
    "documents": {"S1/live": {"raw": {"ppv": 1}, "received_at": NOW.isoformat()}},
    "counters": {
        "S1/solar_today": {"value": 5.0, "at": NOW.isoformat(), "day": "2026-05-12"}
    },
    "notes": {"n": 1},
}


@pytest.mark.parametrize("section", [*GOOD, "budget"])
@pytest.mark.parametrize(
    "content",
    [
        None,
        5,
        "x",
        [],
        {"x": None},
        {"x": 5},
        {"x": {}},
        {"x": {"raw": 1}},
        {"x": {"raw": 1, "received_at": "yesterday"}},
        {"x": {"raw": 1, "received_at": "2026-05-12T10:00:00"}},
        {"x": {"raw": 1, "received_at": 5}},
    ],
)
async def test_damaged_sections(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    get: Get,
    section: str,
    content: Any,
) -> None:
    """What makes no sense is left out, the rest comes back."""
    await (account := await get()).async_save()
    account.keep()
    await account.async_save()
    [key] = hass_storage
    hass_storage[key]["data"] = {**GOOD, section: content}
    await restart(hass)
    again = await get()
    assert ("S1/live" in again.documents) == (section != "documents")
    assert ("S1/solar_today" in again.counters) == (section != "counters")
    assert ("n" in again.notes) == (section != "notes")
    assert "x" not in again.documents
    assert "x" not in again.counters
    again.keep()
    await again.async_save()
    json.dumps(hass_storage[key]["data"])


@pytest.mark.parametrize("data", [None, [], "x", 5])
async def test_a_file_with_something_else(
    hass: HomeAssistant, hass_storage: dict[str, Any], get: Get, data: Any
) -> None:
    """Then nothing is remembered."""
    account = await get()
    account.keep()
    await account.async_save()
    [key] = hass_storage
    hass_storage[key]["data"] = data
    await restart(hass)
    assert (await get()).documents == {}


def test_it_shows_nothing_of_itself() -> None:
    """Its documents are somebody's home."""
    account = new_account()
    account.put("S1/live", {"serial": "AL7011024010101"}, NOW - timedelta(hours=1))
    assert "AL7011024010101" not in repr(account)
