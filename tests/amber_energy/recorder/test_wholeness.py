"""A day of which a register comes later: its money is right in the end (7.2)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from simulator.amber import Site, usage as published
from tests.amber_energy.usage.keeping import Keeping

from .conftest import DAY, HOUR, ReadRows, between, midnight
from .test_month import statistic

TODAY = date(2026, 10, 7)
YESTERDAY = TODAY - DAY

type Late = Callable[[date, Callable[[datetime], bool]], None]


@pytest.fixture
def start_time() -> datetime:
    """Evening."""
    return midnight(TODAY) + 19 * HOUR


@pytest.fixture
def feed_in_lacks(monkeypatch: pytest.MonkeyPatch) -> Late:
    """Have the feed-in of a day not be published while ``lacks`` says so."""
    records = published.day_records

    def lack(day: date, lacks: Callable[[datetime], bool]) -> None:
        def some(market: Any, site: Site, asked: date, now: datetime) -> Any:
            found = records(market, site, asked, now)
            if asked != day or not lacks(now):
                return found
            return [one for one in found if one["channelType"] != "feedIn"]

        monkeypatch.setattr(published, "day_records", some)

    return lack


async def assert_right(keeping: Keeping, rows: ReadRows, day: date) -> None:
    """The day's money is what the meter says."""
    truth = keeping.sim.truth.usage(keeping.site.id, day, day)
    net = await rows(statistic(keeping.site, "net_cost"))
    assert between(net, day, day) == pytest.approx(float(truth.cost) / 100, abs=0.001)


async def test_in_the_first_run(
    keeping: Keeping, rows: ReadRows, feed_in_lacks: Late
) -> None:
    """The listed registers are waited for, as nothing else is known yet."""
    until = midnight(TODAY) + 21 * HOUR
    feed_in_lacks(YESTERDAY, lambda now: now < until)
    await keeping.start()
    assert keeping.keeper.data.done_until == YESTERDAY - DAY
    await keeping.days(2)
    await assert_right(keeping, rows, YESTERDAY)


async def test_in_the_import_of_the_past(
    keeping: Keeping, rows: ReadRows, feed_in_lacks: Late
) -> None:
    """A new day is left to the daily run, which waits for it."""
    until = midnight(TODAY + DAY) + 20 * HOUR
    feed_in_lacks(TODAY, lambda now: now < until)
    await keeping.start()
    await keeping.move_to(midnight(TODAY + DAY) + 15 * HOUR)
    assert keeping.keeper.data.done_until == YESTERDAY
    keeping.keeper.history.start(TODAY - 3 * DAY, TODAY)
    await keeping.settle()
    assert keeping.keeper.data.done_until == YESTERDAY
    await keeping.days(2)
    await assert_right(keeping, rows, TODAY)


async def test_of_the_past_is_looked_at_again(
    keeping: Keeping, rows: ReadRows, feed_in_lacks: Late
) -> None:
    """An older day is written as it is, and again when the rest is there."""
    day = TODAY - 10 * DAY
    until = midnight(TODAY + 2 * DAY)
    feed_in_lacks(day, lambda now: now < until)
    keeping.chosen.history_days = 20
    await keeping.start()
    assert set(keeping.keeper.data.days[day].registers) == {"e1", "e2"}
    assert keeping.keeper.data.days[day].until == day + 21 * DAY
    await keeping.days(3)
    assert keeping.keeper.data.days[day].until is None
    await assert_right(keeping, rows, day)


async def test_when_it_is_looked_at_again(
    keeping: Keeping, rows: ReadRows, site: Site, feed_in_lacks: Late
) -> None:
    """A correction without one of the day's registers is none."""
    site.estimated_days = {YESTERDAY}
    site.estimated_for = 3.0
    begin, end = midnight(TODAY + 2 * DAY), midnight(TODAY + 4 * DAY)
    feed_in_lacks(YESTERDAY, lambda now: begin < now < end)
    await keeping.start()
    await keeping.days(10)
    assert keeping.keeper.data.days[YESTERDAY].until is None
    await assert_right(keeping, rows, YESTERDAY)


async def test_in_an_import_by_a_person(
    keeping: Keeping, rows: ReadRows, feed_in_lacks: Late
) -> None:
    """The day is told as missing; the daily run gets it."""
    until = midnight(TODAY + DAY) + 20 * HOUR
    feed_in_lacks(TODAY, lambda now: now < until)
    await keeping.start()
    await keeping.move_to(midnight(TODAY + DAY) + 15 * HOUR)
    counts = await keeping.keeper.async_import(YESTERDAY, TODAY)
    assert (counts.days, counts.missing) == (1, (TODAY,))
    assert keeping.keeper.data.done_until == YESTERDAY
    await keeping.days(2)
    await assert_right(keeping, rows, TODAY)


async def test_what_was_whole_stays(
    keeping: Keeping, rows: ReadRows, feed_in_lacks: Late
) -> None:
    """Neither a person nor the past makes less of a day."""
    await keeping.start()
    feed_in_lacks(YESTERDAY, lambda now: True)
    counts = await keeping.keeper.async_import(YESTERDAY, YESTERDAY)
    assert (counts.days, counts.missing) == (0, (YESTERDAY,))
    keeping.keeper.history.start(YESTERDAY, YESTERDAY)
    await keeping.settle()
    await assert_right(keeping, rows, YESTERDAY)
    assert set(keeping.keeper.data.days[YESTERDAY].registers) == {"e1", "e2", "b1"}


async def test_that_stays_away_is_given_up(
    keeping: Keeping, rows: ReadRows, feed_in_lacks: Late
) -> None:
    """After a week the rest is written, and looked at again for two more."""
    feed_in_lacks(TODAY, lambda now: now < midnight(TODAY + 12 * DAY))
    await keeping.start()
    await keeping.days(8)
    partial = keeping.keeper.data.days[TODAY]
    assert set(partial.registers) == {"e1", "e2"}
    assert keeping.keeper.status == "up_to_date"
    await keeping.days(6)
    await assert_right(keeping, rows, TODAY)


async def test_a_late_day_of_the_past(
    keeping: Keeping, rows: ReadRows, site: Site
) -> None:
    """What was not there when the past was imported is fetched when it is."""
    late = TODAY - 12 * DAY
    site.late_days[late] = midnight(TODAY + 2 * DAY)
    keeping.chosen.history_days = 90
    await keeping.start()
    await keeping.days(4)
    await assert_right(keeping, rows, late)
