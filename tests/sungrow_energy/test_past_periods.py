"""Which days and months of the past are asked for, and when (section 7)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.sungrow_energy.api.history import Period
from custom_components.sungrow_energy.origins import Origin
from custom_components.sungrow_energy.past_periods import PastPeriods
from custom_components.sungrow_energy.resolution import Resolution

from .conftest import ZONE

PLANT, POINT = "5123456", "83022"
TODAY = date(2026, 5, 12)
DAY = timedelta(days=1)


class Cloud:
    """Has 10 kWh of each day that is over."""

    def __init__(self, today: Callable[[], date]) -> None:
        self.today = today
        self.late = False  # has not yet what yesterday was
        self.asked: list[tuple[date, date]] = []

    async def period_history(
        self, _ids: Any, _points: Any, start: date, end: date, period: Period, **_: Any
    ) -> dict[str, Any]:
        assert start <= end < self.today()
        self.asked.append((start, end))
        rows: dict[str, float] = {}
        while start <= min(end, self.today() - (2 if self.late else 1) * DAY):
            stamp = f"{start:%Y%m%d}" if period is Period.DAY else f"{start:%Y%m}"
            rows[stamp] = rows.get(stamp, 0.0) + 10_000
            start += DAY
        value = "2" if period is Period.DAY else "4"
        return {
            PLANT: {
                f"p{POINT}": [
                    {"time_stamp": stamp, value: str(wh)} for stamp, wh in rows.items()
                ]
            }
        }


class Desk:
    """Reads the past of a plant whose time the test sets."""

    def __init__(self, freezer: FrozenDateTimeFactory) -> None:
        self.freezer, self.today = freezer, TODAY
        self.cloud = Cloud(lambda: self.today)
        origin = Origin(device_type=None, owner=PLANT, point=POINT)
        self.periods = PastPeriods(self.cloud, lambda: [("solar", origin)])
        self.be(TODAY)

    def be(self, today: date, hour: int = 12) -> None:
        """Let it be another day at the plant."""
        self.today = today
        self.freezer.move_to(
            datetime(today.year, today.month, today.day, hour, tzinfo=ZoneInfo(ZONE))
        )

    async def kwh(self, day: date, by: Resolution = Resolution.DAY) -> float | None:
        """Return a day's energy as it is imported."""
        found = await self.periods.day(day, by, ZoneInfo(ZONE))
        return None if found is None else sum(found["solar"].values())


@pytest.fixture
def desk(freezer: FrozenDateTimeFactory) -> Desk:
    return Desk(freezer)


async def test_a_day_that_was_not_over_is_asked_for_when_it_is(desk: Desk) -> None:
    assert await desk.kwh(TODAY - DAY) == 10
    desk.be(TODAY + 8 * DAY)
    for ago in range(8, 0, -1):
        assert await desk.kwh(desk.today - ago * DAY) == 10
    assert desk.cloud.asked == [
        (TODAY - DAY, TODAY - DAY),
        (TODAY, TODAY + 7 * DAY),
    ]


@pytest.mark.parametrize("hour", [0, 23])
async def test_nothing_is_asked_of_what_is_not_over_at_the_plant(
    desk: Desk, hour: int
) -> None:
    desk.be(TODAY, hour)
    assert await desk.kwh(TODAY - 3 * DAY) == 10
    assert await desk.kwh(date(2026, 3, 31), Resolution.MONTH) == 310
    assert desk.cloud.asked == [
        (TODAY - 3 * DAY, TODAY - DAY),
        (date(2026, 3, 1), date(2026, 4, 30)),
    ]
    assert await desk.kwh(TODAY) is None
    assert await desk.kwh(TODAY - DAY, Resolution.MONTH) is None
    assert len(desk.cloud.asked) == 2


async def test_what_came_late_is_there_after_another_start(desk: Desk) -> None:
    desk.cloud.late = True
    assert await desk.kwh(TODAY - 2 * DAY) == 10
    assert await desk.kwh(TODAY - DAY) is None
    desk.cloud.late = False
    desk.periods.begin_anew()
    assert await desk.kwh(TODAY - DAY) == 10
