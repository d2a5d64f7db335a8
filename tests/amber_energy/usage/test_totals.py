"""Billing cycles: their days, what they cost so far, what they may cost (9.2)."""

from datetime import date, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.amber_energy.driver import Channel, Site, SiteStatus
from custom_components.amber_energy.usage.state import (
    DayTotal,
    RegisterTotal,
    UsageState,
)
from custom_components.amber_energy.usage.totals import average_price, bounds, cycle

DAY = timedelta(days=1)


def day_total(kwh: float = 10.0, cost: float = 3.0, earned: float = 1.0) -> DayTotal:
    return DayTotal(
        registers={
            "e1": RegisterTotal(Channel.GENERAL, kwh, cost),
            "e2": RegisterTotal(Channel.CONTROLLED_LOAD, 2.0, 0.5),
            "b1": RegisterTotal(Channel.FEED_IN, 5.0, -earned),
        },
    )


def state(*days: date) -> UsageState:
    return UsageState(days={day: day_total() for day in days})


def supplied(*, active_from: date | None = None, closed_on: date | None = None) -> Site:
    return Site(
        id="01J9",
        nmi=None,
        network=None,
        status=SiteStatus.ACTIVE if closed_on is None else SiteStatus.CLOSED,
        active_from=active_from,
        closed_on=closed_on,
        interval_length=5,
        channels=(),
    )


@pytest.mark.parametrize(
    ("day", "billing_day", "first", "last"),
    [
        (date(2026, 10, 5), 1, date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 10, 5), 5, date(2026, 10, 5), date(2026, 11, 4)),
        (date(2026, 10, 5), 6, date(2026, 9, 6), date(2026, 10, 5)),
        (date(2026, 1, 3), 28, date(2025, 12, 28), date(2026, 1, 27)),
        (date(2028, 2, 29), 1, date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_bounds(day: date, billing_day: int, first: date, last: date) -> None:
    """A cycle begins on its day of the month."""
    assert bounds(day, billing_day) == (first, last)


@given(day=st.dates(date(2024, 1, 1), date(2030, 1, 1)), billing_day=st.integers(1, 28))
def test_cycles_follow_each_other(day: date, billing_day: int) -> None:
    """Each day lies in one, and the next begins where it ends."""
    first, last = bounds(day, billing_day)
    assert first <= day <= last
    assert first.day == billing_day
    assert bounds(last + DAY, billing_day)[0] == last + DAY
    assert bounds(last, billing_day) == bounds(first, billing_day) == (first, last)


def test_sums_so_far() -> None:
    """What was bought and sold apart; days of the last cycle do not count."""
    known = state(date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 2))
    now = cycle(known, 1, date(2026, 10, 4))
    assert (now.energy, now.cost, now.compensation) == (24.0, 7.0, 2.0)
    assert (now.until, now.elapsed, now.missing) == (date(2026, 10, 2), 2, 0)


def test_the_first_day_of_a_cycle_shows_the_last_one() -> None:
    """It is complete then; of the new one nothing can be known yet."""
    known = state(date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1))
    assert cycle(known, 1, date(2026, 10, 1)).cost == 7.0
    assert cycle(known, 1, date(2026, 10, 2)).cost == 3.5


def test_a_bill() -> None:
    """Usage less earnings, and the charges of the days so far."""
    known = state(date(2026, 10, 1), date(2026, 10, 3))
    now = cycle(known, 1, date(2026, 10, 5))
    assert now.missing == 1
    assert now.bill(0.0, 0.0) == 5.0
    assert now.bill(1.2, 31.0) == 5.0 + 3 * 1.2 + 3 * 1.0


def test_a_projection() -> None:
    """All days of the cycle at the average so far, and all charges."""
    known = state(date(2026, 10, 1), date(2026, 10, 3))
    now = cycle(known, 1, date(2026, 10, 5))
    assert now.projected(0.0, 0.0) == 31 * 2.5
    assert now.projected(1.2, 19.0) == pytest.approx(31 * (2.5 + 1.2) + 19.0)


def test_the_month_in_which_the_supply_began() -> None:
    """Days before it are not missing, and cost nothing: neither so far nor in all."""
    known = state(date(2026, 10, 22), date(2026, 10, 23))
    site = supplied(active_from=date(2026, 10, 22))
    now = cycle(known, 1, date(2026, 10, 25), site)
    assert (now.first, now.last) == (date(2026, 10, 22), date(2026, 10, 31))
    assert (now.elapsed, now.missing) == (2, 0)
    assert now.bill(1.2, 31.0) == pytest.approx(2 * (2.5 + 1.2 + 1.0))
    assert now.projected(1.2, 31.0) == pytest.approx(10 * (2.5 + 1.2 + 1.0))
    # The next one is a whole one
    assert cycle(known, 1, date(2026, 11, 9), site).first == date(2026, 11, 1)


def test_the_month_in_which_the_supply_ended() -> None:
    """What comes after it costs nothing."""
    known = state(date(2026, 10, 1), date(2026, 10, 2))
    site = supplied(closed_on=date(2026, 10, 4))
    now = cycle(known, 1, date(2026, 10, 9), site)
    assert now.last == date(2026, 10, 4)
    assert now.projected(1.2, 31.0) == pytest.approx(4 * (2.5 + 1.2 + 1.0))


def test_days_beside_the_supply() -> None:
    """What was metered counts, whatever the site says."""
    known = state(date(2026, 10, 3), date(2026, 10, 9))
    site = supplied(active_from=date(2026, 10, 5), closed_on=date(2026, 10, 7))
    now = cycle(known, 1, date(2026, 10, 20), site)
    assert (now.first, now.last) == (date(2026, 10, 3), date(2026, 10, 9))
    assert (now.elapsed, now.missing) == (7, 5)


def test_nothing_known() -> None:
    """No sum of nothing, and a day that was given up is no day."""
    gap = UsageState(days={date(2026, 10, 1): DayTotal()})
    now = cycle(gap, 1, date(2026, 10, 5))
    assert (now.energy, now.cost, now.compensation) == (None, None, None)
    assert (now.bill(1.0, 1.0), now.projected(1.0, 1.0)) == (None, None)
    assert (now.elapsed, now.missing) == (0, 0)


def test_average_price() -> None:
    """Of normal use alone."""
    assert average_price(day_total()) == pytest.approx(0.3)
    assert average_price(day_total(kwh=0.0, cost=0.0)) is None
    assert average_price(DayTotal()) is None
