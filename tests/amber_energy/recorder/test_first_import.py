"""The import of the past after set-up: all of it, whatever happens meanwhile (7.1)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from custom_components.amber_energy._vendor.core.ha.history_import import Progress
from simulator.amber import AmberSimulator, Site
from tests.amber_energy.usage.keeping import Keeping

from .conftest import DAY, HOUR, ReadRows, midnight
from .test_history import assert_known
from .test_month import statistic

TODAY = date(2026, 10, 7)


@pytest.fixture
def start_time() -> datetime:
    """Evening."""
    return midnight(TODAY) + 19 * HOUR


async def test_another_import_meanwhile(keeping: Keeping, rows: ReadRows) -> None:
    """A person's import ends it; it begins again afterwards."""
    keeping.chosen.history_days = 30
    history = keeping.keeper.history

    asked: list[date] = []

    def ask(_event: str, progress: Progress) -> None:
        if progress.next_day == TODAY - 25 * DAY and not asked:
            asked.append(progress.next_day)
            history.start(TODAY - 3 * DAY, TODAY - DAY)

    history.async_listen(ask)
    await keeping.start()
    assert asked
    await assert_known(keeping, rows, TODAY - 30 * DAY, TODAY - DAY)
    assert keeping.keeper.data.history_days == 30
    requests = keeping.requests
    await keeping.restart()
    assert keeping.requests == requests


async def test_an_import_that_ended_early(keeping: Keeping, rows: ReadRows) -> None:
    """It counts when it is finished, not when it begins: the next start makes it."""
    keeping.chosen.history_days = 20
    history = keeping.keeper.history
    history.async_listen(
        lambda _, progress: (
            history.stop() if progress.next_day == TODAY - 15 * DAY else None
        )
    )
    await keeping.start()
    assert keeping.keeper.data.history_days == 0
    await keeping.restart()
    await assert_known(keeping, rows, TODAY - 20 * DAY, TODAY - DAY)
    assert keeping.keeper.data.history_days == 20


async def test_before_the_supply_there_is_nothing(
    keeping: Keeping, rows: ReadRows, site: Site
) -> None:
    """It begins with the supply; no day before it is a gap."""
    site.active_from = TODAY - 12 * DAY
    keeping.chosen.history_days = 90
    await keeping.start()
    progress = keeping.keeper.history.progress
    assert progress is not None
    assert (progress.first, progress.blank_days) == (site.active_from, 0)
    assert list(keeping.keeper.data.days)[0] == site.active_from
    await assert_known(keeping, rows, site.active_from, TODAY - DAY)


async def test_a_clock_that_was_ahead(
    keeping: Keeping, rows: ReadRows, sim: AmberSimulator
) -> None:
    """What was noted of the future does not keep the present away."""
    sim.faults.add("replace", "usage", body="[]")
    keeping.chosen.history_days = 10
    now = datetime.now(UTC)
    keeping.freezer.move_to(now + timedelta(days=400))
    await keeping.start()
    keeping.freezer.move_to(now)
    sim.faults.clear()
    await keeping.restart()
    await keeping.days(1)
    assert keeping.keeper.status == "up_to_date"
    await assert_known(keeping, rows, TODAY - 10 * DAY, TODAY)


async def test_an_import_that_failed(keeping: Keeping, rows: ReadRows) -> None:
    """It is not begun again each day, but with the next start."""
    keeping.chosen.history_days = 10
    history = keeping.keeper.history
    begun: list[str] = []

    def fail(event: str, progress: Progress) -> None:
        begun.extend([event] if event == "started" else [])
        if progress.next_day == TODAY - 9 * DAY and progress.state == "running":
            history._step("failed", replace(progress, state="failed"))

    history.async_listen(fail)
    await keeping.start()
    await keeping.days(2)
    assert begun == ["started"]
    assert keeping.keeper.data.history_days == 0
    await keeping.restart()
    assert keeping.keeper.data.history_days == 10
    assert midnight(TODAY - 8 * DAY) in await rows(statistic(keeping.site, "net_cost"))
