"""After its entry or its system is gone, a coordinator does nothing any more."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from core.client.errors import ApiError, TransportError
from core.ha.coordinator import BundleCoordinator

from .home import NOW, Home, Reading


class SlowVendor:
    """Answers when a test says so."""

    def __init__(self) -> None:
        self.asked = 0
        self.arrived = asyncio.Event()
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    async def fetch(self) -> Any:
        self.asked += 1
        self.arrived.set()
        return await self.answer


@pytest.fixture
async def vendor() -> SlowVendor:
    """A vendor that thinks."""
    return SlowVendor()


async def poll(home: Home, vendor: SlowVendor) -> BundleCoordinator[Reading]:
    """Return a coordinator with something to show and a poll in flight."""
    home.account.put("S1/live", {"value": 7}, NOW - timedelta(seconds=59))
    coordinator = home.coordinator(fetch=vendor.fetch)
    assert coordinator.restore()
    home.listen(coordinator)
    home.freezer.tick(5)
    async_fire_time_changed(home.hass)
    await vendor.arrived.wait()
    return coordinator


async def nothing_happens(
    home: Home, vendor: SlowVendor, coordinator: BundleCoordinator[Reading]
) -> None:
    calls, documents = list(home.calls), dict(home.account.documents)
    for _ in range(10):
        await home.step()
    assert vendor.asked == 1
    assert home.calls == calls
    assert home.account.documents == documents
    assert coordinator._unsub_refresh is None


async def test_unload_during_a_poll(
    home: Home, hass: HomeAssistant, vendor: SlowVendor
) -> None:
    """The poll ends with the entry and arms nothing, though a listener remains."""
    coordinator = await poll(home, vendor)
    await home.entry._async_process_on_unload(hass)
    await nothing_happens(home, vendor, coordinator)


async def test_shutdown_while_values_are_shown(home: Home, vendor: SlowVendor) -> None:
    """Nobody is told that they are too old."""
    home.account.put("S1/live", {"value": 7}, NOW)
    coordinator = home.coordinator(fetch=vendor.fetch)
    coordinator.restore()
    home.listen(coordinator)
    await coordinator.async_shutdown()
    vendor.asked += 1
    await nothing_happens(home, vendor, coordinator)
    await coordinator.async_refresh()
    coordinator.restore()
    home.listen(coordinator)
    await nothing_happens(home, vendor, coordinator)


@pytest.mark.parametrize("answer", [{"value": 9}, TransportError("x")], ids=repr)
async def test_an_answer_after_the_system_is_gone(
    home: Home, hass: HomeAssistant, vendor: SlowVendor, answer: Any
) -> None:
    """It is not kept: the account has forgotten the system."""
    coordinator = await poll(home, vendor)
    await coordinator.async_shutdown()
    home.account.forget("S1/")
    errors = list(home.errors)
    if isinstance(answer, ApiError):
        vendor.answer.set_exception(answer)
    else:
        vendor.answer.set_result(answer)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert home.account.documents == {}
    assert home.errors == errors
    assert home.calls == []
    assert home.reachability._failures == {}
    await nothing_happens(home, vendor, coordinator)
