"""While a request is on its way nothing else is begun, and nothing spins."""

import asyncio
from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.amber_energy._vendor.core.client.errors import TransportError
from custom_components.amber_energy.feed import PriceFeed
from custom_components.amber_energy.poller import Records
from simulator.amber import AmberSimulator

from .conftest import set_up


class Hanging:
    """Amber as it answers only when a test says so."""

    clock_skew: timedelta | None = None

    def __init__(self) -> None:
        self.answers, self.waits = asyncio.Event(), asyncio.Event()
        self.asked = 0

    async def get_current_prices(
        self, *, previous: int | None = None, next: int | None = None
    ) -> Records:
        self.asked += 1
        self.waits.set()
        await self.answers.wait()
        raise TransportError("x")


@pytest.fixture
async def feed(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> PriceFeed:
    await set_up(hass, entry)
    feed: PriceFeed = entry.runtime_data.prices
    return feed


@pytest.mark.parametrize("trigger", ["timer", "push"])
async def test_nothing_spins_while_a_request_hangs(
    hass: HomeAssistant,
    feed: PriceFeed,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
    trigger: str,
) -> None:
    """The next call is due, and is not made: who holds it up arms the timer."""
    hanging, steps = Hanging(), 0
    step = feed.poller.step
    monkeypatch.setattr(feed.poller, "_source", hanging)

    async def counted() -> None:
        nonlocal steps
        steps += 1
        await step()

    monkeypatch.setattr(feed.poller, "step", counted)
    freezer.tick(305)
    asking = asyncio.ensure_future(feed.async_refresh_now())
    await asyncio.sleep(0)
    if trigger == "push":
        feed._pushed([])
    for _ in range(200):
        freezer.tick(0.01)
        async_fire_time_changed(hass, datetime.now(UTC))
        await asyncio.sleep(0)
    assert steps <= 1
    assert hanging.asked == 1
    hanging.answers.set()
    with pytest.raises(HomeAssistantError):
        await asking
    assert feed._next_call is not None


async def test_polling_goes_on_after_a_reading_by_the_coordinator(
    hass: HomeAssistant, feed: PriceFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks: the timer is set again when the answer is there."""
    hanging = Hanging()
    monkeypatch.setattr(feed.poller, "_source", hanging)
    asking = asyncio.ensure_future(feed.async_refresh())
    await hanging.waits.wait()
    feed._pushed([])
    assert feed._next_call is None
    hanging.answers.set()
    await asking
    assert feed._next_call is not None
