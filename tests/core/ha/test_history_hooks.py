"""What a vendor adds to an import: work after each day, statistics found on the way."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.client.errors import BadDataError
from core.ha import history_import
from core.ha.account import Account
from core.ha.history_import import HistoryImport, Progress
from core.ha.statistics import EnergyStatistic, SumStatistic
from tests.core.fake_clock import FakeClock

from .home import DOMAIN
from .imports import BEGIN, BERLIN, DAY, LIVE, MONDAY, Hours, even


class Vendor:
    """Has a second register from the second day on."""

    def __init__(self) -> None:
        self.known = {"solar"}
        self.written: list[str] = []
        self.done: list[date] = []
        self.failures: list[Exception] = []

    async def read(self, day: date) -> Mapping[str, Hours]:
        if day > MONDAY:
            self.known.add("car")
        return {key: even(day, BERLIN) for key in sorted(self.known)}

    def statistics(self) -> dict[str, SumStatistic]:
        return {
            key: EnergyStatistic(statistic_id=f"some_energy:{key}", name=key)
            for key in self.known
        }

    async def day_done(self, day: date) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.done.append(day)

    async def write(
        self, _hass: Any, _domain: str, statistic: SumStatistic, hours: Hours, _end: Any
    ) -> int:
        self.written.append(statistic.name)
        return len(hours)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """A vendor whose rows go nowhere."""
    vendor = Vendor()

    async def first_live(*_: object) -> datetime:
        return LIVE

    with (
        patch.object(history_import, "async_write_hours", vendor.write),
        patch.object(history_import, "async_first_live_hour", first_live),
    ):
        yield vendor


async def run(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    account: Account,
    clock: FakeClock,
    vendor: Vendor,
) -> Progress:
    hass.config.components.add("recorder")
    work = HistoryImport(
        hass,
        entry,
        account,
        domain=DOMAIN,
        serial="S1",
        clock=clock,
        zone=BERLIN,
        read_day=vendor.read,
        statistics=vendor.statistics,
        seconds_per_day=lambda _: 1.0,
        day_done=vendor.day_done,
    )
    work.start(MONDAY, MONDAY + 2 * DAY)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert work.progress is not None
    return work.progress


async def test_a_statistic_that_a_day_brings(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    account: Account,
    clock: FakeClock,
    vendor: Vendor,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Its first day is written as well."""
    freezer.move_to(BEGIN)
    progress = await run(hass, entry, account, clock, vendor)
    assert (progress.state, progress.hours) == ("finished", 5 * 24)
    assert vendor.written == ["solar", "car", "solar", "car", "solar"]


async def test_work_after_each_day(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    account: Account,
    clock: FakeClock,
    vendor: Vendor,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Once per day; when it fails the day is done again."""
    freezer.move_to(BEGIN)
    vendor.failures = [BadDataError("odd", reason="bad_data")]
    progress = await run(hass, entry, account, clock, vendor)
    assert progress.state == "finished"
    assert vendor.done == [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY]
    assert vendor.written.count("solar") == 4
