"""The import of the past: once after set-up, and by the action (7.1)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from custom_components.amber_energy._vendor.core.ha.history_import import Progress
from simulator.amber import AmberSimulator, Site
from tests.amber_energy.usage.keeping import Keeping

from .conftest import DAY, HOUR, ReadRows, assert_sums, midnight
from .test_month import statistic

TODAY = date(2026, 10, 7)


@pytest.fixture
def start_time() -> datetime:
    """Evening."""
    return midnight(TODAY) + 19 * HOUR


async def assert_known(
    keeping: Keeping, rows: ReadRows, first: date, last: date
) -> None:
    """The statistics are the meter's from the first day to the last one."""
    truth = keeping.sim.truth.usage(keeping.site.id, first, last)
    net = await rows(statistic(keeping.site, "net_cost"))
    assert (list(net)[0], list(net)[-1]) == (
        midnight(first),
        midnight(last + DAY) - HOUR,
    )
    assert len(net) == 24 * ((last - first).days + 1)
    assert_sums(net)
    total = list(net.values())[-1][1]
    assert total == pytest.approx(float(truth.cost) / 100, abs=0.0005)


async def test_the_past_that_was_asked_for(keeping: Keeping, rows: ReadRows) -> None:
    """Week by week, then yesterday; sums go on through all of it, once."""
    keeping.chosen.history_days = 20
    await keeping.start()
    progress = keeping.keeper.history.progress
    assert progress is not None
    assert (progress.state, progress.blank_days) == ("finished", 0)
    assert keeping.requests == 3
    first = TODAY - 20 * DAY
    await assert_known(keeping, rows, first, TODAY - DAY)
    assert list(keeping.keeper.data.days) == [first + n * DAY for n in range(20)]
    await keeping.restart()
    assert keeping.requests == 3


async def test_without_a_past(keeping: Keeping, rows: ReadRows) -> None:
    """Only from yesterday on; what is asked for later comes before that."""
    await keeping.start()
    await assert_known(keeping, rows, TODAY - DAY, TODAY - DAY)
    assert keeping.keeper.history.progress is None
    keeping.chosen.history_days = 5
    await keeping.restart()
    await assert_known(keeping, rows, TODAY - 5 * DAY, TODAY - DAY)


async def test_the_whole_retention(
    keeping: Keeping, rows: ReadRows, sim: AmberSimulator
) -> None:
    """Fourteen requests; what Amber does not keep any more is blank."""
    sim.retention, sim.retention_days = "rolling", 9
    keeping.chosen.history_days = 90
    await keeping.start()
    progress = keeping.keeper.history.progress
    assert progress is not None
    assert progress.first == TODAY - 98 * DAY
    assert (progress.state, progress.blank_days) == ("finished", 98 - 7 - 2)
    assert keeping.requests == 14
    await assert_known(keeping, rows, TODAY - 9 * DAY, TODAY - DAY)
    assert sim.limits.most.total() <= 50


async def test_a_restart_in_the_middle(keeping: Keeping, rows: ReadRows) -> None:
    """It goes on where it was; no hour is lost or counted twice."""
    keeping.chosen.history_days = 20
    kept: list[dict[str, Any]] = []
    history = keeping.keeper.history

    def end(_event: str, progress: Progress) -> None:
        if progress.next_day == TODAY - 14 * DAY:
            kept.append(keeping.notes())
        if progress.next_day == TODAY - 12 * DAY:  # two days that no note knows of
            assert history._task is not None
            history._task.cancel()

    history.async_listen(end)
    await keeping.start()
    await keeping.restart(kept[0])
    progress = keeping.keeper.history.progress
    assert progress is not None
    assert progress.state == "finished"
    await assert_known(keeping, rows, TODAY - 20 * DAY, TODAY - DAY)


async def test_limits_are_kept(
    keeping: Keeping, rows: ReadRows, sim: AmberSimulator
) -> None:
    """With another client on the same token the import waits for the reset."""
    sim.spend("sites_usage", 35)
    keeping.chosen.history_days = 20
    began = datetime.now(UTC)
    await keeping.start()
    progress = keeping.keeper.history.progress
    assert progress is not None
    assert progress.state == "finished"
    assert datetime.now(UTC) - began < HOUR
    assert sim.limits.most.total() <= 50
    await assert_known(keeping, rows, TODAY - 20 * DAY, TODAY - DAY)


async def test_a_day_that_is_not_whole(
    keeping: Keeping, rows: ReadRows, site: Site
) -> None:
    """It leaves no rows, and ends nothing."""
    blank = TODAY - 15 * DAY
    site.withheld = {blank}
    keeping.chosen.history_days = 20
    await keeping.start()
    progress = keeping.keeper.history.progress
    assert progress is not None
    assert (progress.state, progress.blank_days) == ("finished", 1)
    net = await rows(statistic(site, "net_cost"))
    assert len(net) == 24 * 19
    assert_sums(net)
    assert midnight(blank) not in net


async def test_a_register_that_comes_on_the_way(
    keeping: Keeping, rows: ReadRows, site: Site
) -> None:
    """Solar was installed in the middle: its statistics begin there."""
    since = TODAY - 12 * DAY
    [feed_in] = [item for item in site.channels if item.type == "feedIn"]
    feed_in.since = midnight(since)
    keeping.chosen.history_days = 20
    await keeping.start()
    earned = await rows(statistic(site, "b1_compensation"))
    assert list(earned)[0] == midnight(since)
    assert len(earned) == 24 * 12
    await assert_known(keeping, rows, TODAY - 20 * DAY, TODAY - DAY)
