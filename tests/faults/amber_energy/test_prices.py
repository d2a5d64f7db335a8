"""Rows 8 to 11 and section 10: prices that are odd, late, frozen or not there."""

from collections.abc import Callable
from datetime import timedelta

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.driver import Channel
from simulator.amber import AmberSimulator, Site
from simulator.amber.sites import Outage
from tests.amber_energy.conftest import set_up
from tests.amber_energy.passing import Passing

from .conftest import StateOf

PRICES = "prices/current"


@pytest.fixture
def price(site: Site) -> str:
    """Unique id of the price."""
    return f"{site.id}_general_price"


@pytest.mark.parametrize("outage", ["actuals", "empty"])
async def test_row_11_outage_of_the_market(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
    state_of: StateOf,
    price: str,
    outage: Outage,
) -> None:
    """No interval runs: kept for 5 minutes, then unavailable; no repair, no storm."""
    await set_up(hass, entry)
    site.outage = outage
    sim.counters.reset()
    await step(180 + 298)
    assert state_of(price) != STATE_UNAVAILABLE
    assert entry.runtime_data.prices.status == "no_data"
    await step(5)
    assert state_of(price) == STATE_UNAVAILABLE
    assert sim.counters.count(PRICES) <= 2 * 20
    assert not ir.async_get(hass).issues
    site.outage = "none"
    await step(330)
    assert state_of(price) != STATE_UNAVAILABLE
    assert entry.runtime_data.prices.status == "ok"


async def test_row_11_prices_that_are_never_final(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """The estimate is shown after the timeout; within the limit, all the time."""
    await set_up(hass, entry)
    sim.timing.never_share = 1.0
    await step(180 + 30)
    feed = entry.runtime_data.prices
    assert feed.shown[Channel.GENERAL].held
    await step(31)
    assert not feed.shown[Channel.GENERAL].held
    assert feed.shown[Channel.GENERAL].estimate is True
    await step(1800)
    assert feed.fresh
    assert sim.limits.refused.total() == 0
    assert max(sim.limits.most.values()) <= 40


async def test_row_10_a_wrong_clock_of_the_server(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """By a minute, either way: values are shown all the same."""
    await set_up(hass, entry)
    feed = entry.runtime_data.prices
    sim.faults.add("clock_skew", seconds=30)
    await step(900)
    assert feed.fresh
    assert feed.status == "ok"


@pytest.mark.parametrize(
    "field", ["perKwh", "spotPerKwh", "descriptor", "spikeStatus", "renewables"]
)
@pytest.mark.parametrize("value", [None, "x", {}, 1e300])
async def test_row_08_an_odd_field(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    warnings: Callable[[], list[str]],
    field: str,
    value: object,
) -> None:
    """It is unknown; everything else goes on."""
    await set_up(hass, entry)
    sim.faults.add("mutate", PRICES, field=f"*.{field}", value=value)
    await step(600)
    feed = entry.runtime_data.prices
    assert feed.fresh
    assert set(feed.shown) == {*feed.data.channels}
    assert warnings() == []


async def test_row_13_a_channel_that_comes_and_goes(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """Its prices are not shown for longer than any other's."""
    await set_up(hass, entry)
    feed = entry.runtime_data.prices
    assert Channel.FEED_IN in feed.shown
    site.hidden_channels.add("feedIn")
    await step(900)
    assert Channel.FEED_IN not in feed.shown
    assert Channel.GENERAL in feed.shown
    site.hidden_channels.clear()
    await step(330)
    assert Channel.FEED_IN in feed.shown


async def test_row_11_feed_in_that_is_final_later(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry,
    step: Passing,
) -> None:  # fmt: skip
    """Each channel has its own hold; one more call brings the late one."""
    await set_up(hass, entry)
    sim.timing.fixed, site.feed_in_delay = 22.0, 2.0
    await step(180 + 60)
    feed = entry.runtime_data.prices
    assert feed.shown[Channel.GENERAL].estimate is False
    assert feed.shown[Channel.FEED_IN].estimate is False
    assert not feed.shown[Channel.FEED_IN].held


async def test_a_site_that_goes_is_asked_for_less(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry,
    step: Passing,
) -> None:  # fmt: skip
    """404: the list of sites is read again, and the prices once in a slot at most."""
    await set_up(hass, entry)
    site.listed = False
    sim.counters.reset()
    await step(timedelta(minutes=20).total_seconds())
    assert sim.counters.count(PRICES) <= 5
