"""An account whose file is of no use: set-up goes on, and nobody waits for ever."""

import asyncio
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store
import pytest

from core.client.budget import Budget
from core.client.clock import SystemClock
from core.client.redact import Redactor
from core.ha.account import Account, async_account

from .home import DOMAIN

ACCOUNT = "alpha0123456789abcdef"


def make() -> Account:
    return Account(budget=Budget(clock=SystemClock()), redactor=Redactor())


async def get(hass: HomeAssistant) -> Account:
    async with asyncio.timeout(5):
        return await async_account(hass, DOMAIN, ACCOUNT, make)


@pytest.fixture
async def file(hass: HomeAssistant, hass_storage: dict[str, Any]) -> dict[str, Any]:
    """The file of an account that is closed."""
    account = await get(hass)
    account.keep()
    account.note("n", 1)
    await account.async_save()
    hass.data.pop(f"{DOMAIN}.accounts")
    [content] = hass_storage.values()
    return content  # type: ignore[no-any-return]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelname == "WARNING" and record.name.startswith("core.")
    ]


async def written(hass: HomeAssistant, hass_storage: dict[str, Any]) -> Any:
    """Return the notes on disk after one was made and saved."""
    account = await get(hass)
    account.keep()
    account.note("n", 2)
    await account.async_save()
    [content] = hass_storage.values()
    return content["data"].get("notes")


async def test_a_newer_file_is_left_alone(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    file: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever goes back to an older version begins anew; the file stays for later."""
    file["version"] = 2
    first, second = await asyncio.gather(get(hass), get(hass))
    assert first is second
    assert first.notes == {}
    assert len(warnings(caplog)) == 1
    assert ACCOUNT not in caplog.text
    assert await written(hass, hass_storage) == {"n": 1}


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.update(version="x"),
        lambda content: content.update(version=0),
    ],
    ids=["odd version", "old version"],
)
async def test_a_file_that_is_none_of_ours_is_replaced(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    file: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[dict[str, Any]], object],
) -> None:
    """Nothing in it is of use to anybody."""
    damage(file)
    assert (await get(hass)).notes == {}
    assert len(warnings(caplog)) == 1
    assert await written(hass, hass_storage) == {"n": 2}


async def test_a_disk_that_fails(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    file: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What cannot be read may be good: it is not overwritten."""
    with patch.object(Store, "async_load", side_effect=HomeAssistantError("no")):
        assert (await get(hass)).notes == {}
    assert len(warnings(caplog)) == 1
    assert await written(hass, hass_storage) == {"n": 1}


async def test_everybody_cancelled(
    hass: HomeAssistant, file: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes next gets the account as if nothing had been."""
    loading = asyncio.Event()
    real = Store.async_load

    async def slow(self: Store[Any]) -> Any:
        loading.set()
        await asyncio.sleep(0.01)
        return await real(self)

    monkeypatch.setattr(Store, "async_load", slow)
    callers = [hass.async_create_task(get(hass)) for _ in range(2)]
    await loading.wait()
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    assert (await get(hass)).notes == {"n": 1}


async def test_the_loading_itself_cancelled(
    hass: HomeAssistant, file: dict[str, Any]
) -> None:
    """Whenever it happens, the next one tries again."""
    for steps in range(6):
        caller = hass.async_create_task(get(hass), eager_start=True)
        for _ in range(steps):
            await asyncio.sleep(0)
        hass.data[f"{DOMAIN}.accounts"][ACCOUNT].cancel()
        await asyncio.gather(caller, return_exceptions=True)
        assert (await get(hass)).notes == {"n": 1}
        hass.data.pop(f"{DOMAIN}.accounts")
