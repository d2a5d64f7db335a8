"""The prices in Home Assistant: shown at the right moment, kept up whatever happens."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.driver import Channel
from custom_components.amber_energy.feed import PriceFeed
from simulator.amber import AmberSimulator, Site

from .conftest import set_up
from .passing import Passing

BOUNDARY = datetime(2026, 10, 7, 2, 5, tzinfo=UTC)


@pytest.fixture
def start_time() -> datetime:
    """10 s before a boundary, when the price of the interval is final."""
    return BOUNDARY - timedelta(seconds=10)


@pytest.fixture
async def feed(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> PriceFeed:
    """The feed of a site that is set up; prices become final after 22 s."""
    sim.timing.fixed = 22.0
    sim.market.force(BOUNDARY, BOUNDARY + timedelta(minutes=5), 50.0, estimate=90.0)
    await set_up(hass, entry)
    sim.counters.reset()
    feed: PriceFeed = entry.runtime_data.prices
    return feed


@pytest.fixture
def told(feed: PriceFeed) -> list[tuple[float, float | None]]:
    """Offsets from the boundary at which listeners were called, and the price then."""
    calls: list[tuple[float, float | None]] = []

    def listen() -> None:
        offset = (datetime.now(UTC) - BOUNDARY).total_seconds()
        calls.append((round(offset, 1), feed.shown[Channel.GENERAL].price))

    feed.async_add_listener(listen)
    return calls


def truth(sim: AmberSimulator, site: Site, at: datetime) -> float:
    return round(sim.truth.price(site.id, at) / 100, 6)


async def test_the_price_is_held_then_confirmed(
    sim: AmberSimulator, site: Site, feed: PriceFeed, step: Passing
) -> None:
    """The times move at the boundary, the price when it is final."""
    before = feed.shown[Channel.GENERAL]
    assert before.estimate is False
    await step(11)
    view = feed.shown[Channel.GENERAL]
    assert view.interval.start == BOUNDARY
    assert (view.price, view.held) == (before.price, True)
    await step(24)
    view = feed.shown[Channel.GENERAL]
    assert (view.price, view.held, view.estimate) == (
        truth(sim, site, BOUNDARY),
        False,
        False,
    )
    assert feed.last_confirmed is not None
    assert feed.confirmation_delay is not None
    assert 22 <= feed.confirmation_delay <= 26
    assert feed.fresh
    assert feed.status == "ok"
    assert feed.data_source == "polling"
    assert sim.counters.count("prices/current") <= 8


async def test_listeners_are_called_at_the_boundary_and_at_the_timeout(
    sim: AmberSimulator,
    feed: PriceFeed,
    told: list[tuple[float, float | None]],
    step: Passing,
) -> None:
    """Exactly then, besides the answers: timers, as nothing else would."""
    sim.timing.fixed = 200.0
    await step(80)
    offsets = [offset for offset, _ in told]
    assert 0.0 in offsets
    assert 60.0 in offsets
    held = {price for offset, price in told if offset < 60}
    shown = {price for offset, price in told if offset >= 60}
    assert len(held) == len(shown) == 1
    assert held != shown
    assert feed.shown[Channel.GENERAL].estimate is True


async def test_a_changed_setting_takes_effect_at_once(
    feed: PriceFeed, entry: MockConfigEntry, step: Passing
) -> None:
    await step(15)
    assert feed.shown[Channel.GENERAL].held
    await entry.runtime_data.settings.set("publish_mode", "immediate")
    view = feed.shown[Channel.GENERAL]
    assert not view.held
    assert view.estimate is True


async def test_diagnostics_of_the_polling(feed: PriceFeed, step: Passing) -> None:
    assert feed.next_poll is not None
    assert feed.next_poll > datetime.now(UTC)
    await step(330)
    assert feed.polls_last_interval is not None
    assert 4 <= feed.polls_last_interval <= 8
    assert feed.forecast_horizon is not None
    assert feed.forecast_horizon > datetime.now(UTC) + timedelta(hours=24)


async def test_prices_are_not_written_to_disk(
    feed: PriceFeed, entry: MockConfigEntry, step: Passing, site: Site
) -> None:
    """80 kB every minute; but they are at hand for diagnostics, and so is what it learned."""
    await step(700)
    account = entry.runtime_data.account
    assert f"{site.id}/prices" not in account.documents
    assert len(feed.raw) > 100
    assert len(account.notes[f"{site.id}/confirmations"]) == 3


async def test_a_restart_goes_on_with_what_was_learned(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, feed: PriceFeed,
    entry: MockConfigEntry, step: Passing,
) -> None:  # fmt: skip
    await step(700)
    learned = feed.poller.odds.dump()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await step.settle()
    again: PriceFeed = entry.runtime_data.prices
    assert again is not feed
    assert again.poller.odds.dump() == learned
    assert again.shown[Channel.GENERAL].estimate is False
    sim.counters.reset()
    await step(3000)
    assert 30 <= sim.counters.count("prices/current") <= 80


async def test_after_an_unload_nothing_is_asked(
    hass: HomeAssistant,
    sim: AmberSimulator,
    feed: PriceFeed,
    told: list[Any],
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    assert await hass.config_entries.async_unload(entry.entry_id)
    sim.counters.reset()
    told.clear()
    await step(900)
    assert sim.counters.count() == 0
    assert told == []
    assert feed.next_poll is None


async def test_the_button_asks_once(sim: AmberSimulator, feed: PriceFeed) -> None:
    await feed.async_refresh_now()
    assert sim.counters.count("prices/current") == 1


async def test_the_button_leaves_the_reserve(
    sim: AmberSimulator, feed: PriceFeed, entry: MockConfigEntry
) -> None:
    left = entry.runtime_data.limits.get("prices_current").left(datetime.now(UTC))
    sim.spend("prices_current", left - 11)
    await feed.async_refresh_now()
    with pytest.raises(HomeAssistantError) as refused:
        await feed.async_refresh_now()
    assert refused.value.translation_key == "no_requests_left"
    assert sim.counters.count("prices/current") == 1


async def test_the_button_tells_why_it_failed(
    sim: AmberSimulator, feed: PriceFeed
) -> None:
    sim.faults.add("status", "prices/current", status=500)
    with pytest.raises(HomeAssistantError) as failed:
        await feed.async_refresh_now()
    assert failed.value.translation_key == "cannot_connect"
    assert feed.status == "server_error"


async def test_an_interval_that_ended_is_shown_for_five_minutes(
    sim: AmberSimulator, feed: PriceFeed, step: Passing
) -> None:
    await sim.stop()
    await step(10 + 299)
    assert feed.fresh
    await step(3)
    assert not feed.fresh
    await sim.start()
    await step(600)
    assert feed.fresh


async def test_polling_that_is_switched_off_stays_off(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """The user can do so for each entry; the button still works."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await hass.config_entries.async_setup(entry.entry_id)
    await step.settle()
    sim.counters.reset()
    await step(1200)
    assert sim.counters.count("prices/current") == 0
    await entry.runtime_data.prices.async_refresh_now()
    await step(1200)
    assert sim.counters.count("prices/current") == 1
