"""Today's prices from midnight on, for who compares days (reference section 9.5)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy import driver
from custom_components.amber_energy.driver import Channel, Interval, Kind
from custom_components.amber_energy.feed import past_today
from custom_components.amber_energy.forecasts import rates
from custom_components.amber_energy.past import KEPT, Past
from simulator.amber import AmberSimulator, Site

from .api.samples import at, record
from .conftest import set_up
from .passing import Passing

SLOT = timedelta(minutes=5)


def joined(past: Past, records: list[Any], now: datetime) -> tuple[Interval, ...]:
    return past.join(driver.prices(records, now)).channels[Channel.GENERAL].past


def actual(start: datetime, price: float = 1.0) -> Any:
    return record(start, kind="ActualInterval", price=price)


def current(start: datetime, price: float, *, estimate: bool) -> Any:
    return record(start, kind="CurrentInterval", price=price, estimate=estimate)


def test_what_an_answer_leaves_out_is_kept() -> None:
    past = Past()
    joined(past, [actual(at(1, 50), 1.0), actual(at(1, 55), 2.0)], at(2))
    kept = joined(past, [actual(at(1, 55), 3.0), actual(at(2), 4.0)], at(2, 5))
    assert [(one.start, one.price) for one in kept] == [
        (at(1, 50), 0.01),
        (at(1, 55), 0.03),
        (at(2), 0.04),
    ]


def test_a_confirmed_price_becomes_past_by_itself() -> None:
    """Amber may not tell the interval before (reference section 11, I247)."""
    past = Past()
    assert not joined(past, [current(at(2), 5.0, estimate=False)], at(2, 1))
    [kept] = joined(past, [current(at(2, 5), 6.0, estimate=True)], at(2, 6))
    assert (kept.price, kept.kind, kept.estimate) == (0.05, Kind.ACTUAL, None)
    assert kept.start == at(2)


def test_an_estimate_never_becomes_past() -> None:
    past = Past()
    joined(past, [current(at(2), 5.0, estimate=True)], at(2, 1))
    assert not joined(past, [current(at(2, 5), 6.0, estimate=True)], at(2, 6))


def test_what_is_older_than_a_day_goes() -> None:
    past = Past()
    joined(past, [actual(at(1, 50)), actual(at(1, 55))], at(2))
    kept = joined(past, [actual(at(2))], at(1, 55) + KEPT)
    assert [one.start for one in kept] == [at(1, 55), at(2)]


@pytest.fixture
def starts(entry: MockConfigEntry) -> Callable[[], list[datetime]]:
    """When the prices of today begin that are over."""

    def read() -> list[datetime]:
        now, zone = dt_util.utcnow(), dt_util.get_default_time_zone()
        prices = entry.runtime_data.prices.data.channels[Channel.GENERAL]
        found = [
            datetime.fromisoformat(rate["start"])
            for rate in rates(prices, now, zone).today
        ]
        return [start for start in found if start < now]

    return read


def check_whole(starts: list[datetime]) -> None:
    """From the home's midnight on, without a hole."""
    assert starts[0] == dt_util.start_of_local_day()
    assert {later - start for start, later in pairwise(starts)} == {SLOT}
    assert starts[-1] > dt_util.utcnow() - SLOT


async def test_a_start_reads_the_day_so_far(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    starts: Callable[[], list[datetime]],
) -> None:
    """With the first request, and no other; later ones only add to it."""
    await set_up(hass, entry)
    assert sim.counters.count("prices/current") == 1
    check_whole(starts())
    assert len(starts()) == 13 * 12 + 1
    await step(1200)
    check_whole(starts())
    assert len(starts()) == 13 * 12 + 5


async def test_the_prices_are_those_that_were_charged(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    await set_up(hass, entry)
    past = entry.runtime_data.prices.data.channels[Channel.FEED_IN].past
    for item in past[::50]:
        cents = sim.truth.price(site.id, item.start, "feedIn")
        assert item.price == pytest.approx(-cents / 100, abs=1e-6)


async def test_amber_without_the_intervals_before(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
    starts: Callable[[], list[datetime]],
) -> None:
    """Nothing breaks (I247): what was seen to be confirmed is kept all the same."""
    site.previous_missing = 300.0
    sim.timing.fixed = 22.0
    await set_up(hass, entry)
    assert len(starts()) == 1
    await step(1200)
    assert len(starts()) == 5
    assert entry.runtime_data.prices.fresh


@pytest.mark.parametrize(
    ("minutes", "local", "count"),
    [
        (5, (0, 0, 0), 0),
        (5, (0, 0, 20), 1),
        (5, (13, 2, 0), 157),
        (30, (13, 2, 0), 27),
        (5, (23, 59, 59), 288),
    ],
)
def test_as_many_as_the_day_had(
    freezer: FrozenDateTimeFactory, minutes: int, local: tuple[int, ...], count: int
) -> None:
    zone = dt_util.get_default_time_zone()
    freezer.move_to(datetime(2026, 10, 7, *local, tzinfo=zone))  # type: ignore[arg-type]
    assert past_today(minutes) == count


async def test_the_past_is_read_once(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    starts: Callable[[], list[datetime]],
) -> None:
    """A whole day in each merge would cost four times as much."""
    await set_up(hass, entry)
    feed = entry.runtime_data.prices
    assert len(feed.raw) > 3 * 13 * 12
    feed._pushed([one for one in feed.raw if one["type"] == "CurrentInterval"])
    assert not [one for one in feed.raw if one["type"] == "ActualInterval"]
    check_whole(starts())
