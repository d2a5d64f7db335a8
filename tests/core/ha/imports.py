"""An import of the past with a vendor that a test can spoil."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant

from core.ha.history_import import HistoryImport, Progress
from core.ha.statistics import EnergyStatistic

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MONDAY = date(2026, 5, 4)
BEGIN = datetime(2026, 5, 12, 10, 20, tzinfo=UTC)
LIVE = datetime(2026, 5, 12, 10, tzinfo=UTC)

type Hours = dict[datetime, float]


def even(day: date, zone: ZoneInfo) -> Hours:
    """Return 1 kW over a local day, by UTC hour."""
    at = datetime.combine(day, time.min, zone).astimezone(UTC)
    end = datetime.combine(day + DAY, time.min, zone).astimezone(UTC)
    hours: Hours = {}
    while at < end:
        until = min(at.replace(minute=0) + HOUR, end)
        hours[at.replace(minute=0)] = (until - at) / HOUR
        at = until
    return hours


class Job:
    """An import with a vendor that a test can spoil, and a recorder of its own."""

    def __init__(self, make: Callable[..., HistoryImport], zone: ZoneInfo) -> None:
        self.zone = zone
        self.asked: list[date] = []
        self.errors: list[Exception | None] = []
        self.blank: set[date] = set()
        self.rows: Hours = {}
        self.writes: list[Exception | None] = []
        self.events: list[tuple[str, Progress]] = []
        self.on_read: Callable[[date], None] = lambda _: None
        self.work = make(self.read)
        self.work.async_listen(lambda *event: self.events.append(event))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    async def read(self, day: date) -> Mapping[str, Hours] | None:
        await asyncio.sleep(0)
        self.asked.append(day)
        self.on_read(day)
        if self.errors and (err := self.errors.pop(0)) is not None:
            raise err
        return None if day in self.blank else {"solar": even(day, self.zone)}

    async def write(
        self,
        _hass: HomeAssistant,
        _domain: str,
        statistic: EnergyStatistic,
        hours: Hours,
        before: datetime,
    ) -> int:
        assert statistic.statistic_id == "some_energy:solar"
        if self.writes and (err := self.writes.pop(0)) is not None:
            raise err
        wanted = {hour: kwh for hour, kwh in hours.items() if hour < before}
        self.rows |= wanted
        return len(wanted)


async def run(hass: HomeAssistant, job: Job, first: date, last: date) -> Progress:
    job.work.start(first, last)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert job.work.progress is not None
    return job.work.progress
