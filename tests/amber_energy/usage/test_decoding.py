"""Thousands of records are decoded beside the event loop, not in it."""

from datetime import UTC, datetime
import threading
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy import driver
from custom_components.amber_energy.const import DOMAIN
from tests.amber_energy.conftest import set_up

from .keeping import Keeping


@pytest.fixture
def start_time() -> datetime:
    """Evening in Sydney."""
    return datetime(2026, 10, 7, 9, tzinfo=UTC)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads in which usage was decoded."""
    found: list[threading.Thread] = []
    usage = driver.usage

    def noted(raw: Any) -> Any:
        found.append(threading.current_thread())
        return usage(raw)

    monkeypatch.setattr(driver, "usage", noted)
    return found


async def test_in_the_daily_run(
    keeping: Keeping, threads: list[threading.Thread]
) -> None:
    """And so in every import."""
    await keeping.start()
    assert threads
    assert threading.current_thread() not in threads


async def test_in_the_action(
    hass: HomeAssistant, entry: MockConfigEntry, threads: list[threading.Thread]
) -> None:
    """A month is read at once there."""
    await set_up(hass, entry)
    threads.clear()
    await hass.services.async_call(
        DOMAIN,
        "get_usage",
        {
            "config_entry_id": entry.entry_id,
            "start": "2026-10-01",
            "end": "2026-10-02",
        },
        blocking=True,
        return_response=True,
    )
    assert threads
    assert threading.current_thread() not in threads
