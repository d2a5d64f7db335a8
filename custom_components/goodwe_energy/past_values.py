"""Past energies of a plant, as the cloud has them (reference sections 3.10 and 7)."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from . import driver
from .api.statistics import ENERGY_ITEMS
from .history_records import SERIES
from .past import month_end

if TYPE_CHECKING:
    from .past import PastSource
    from .plant import Plant
    from .runtime import GoodWeRuntime

_DAY = timedelta(days=1)


class Resolution(StrEnum):
    """Length of a value of the past."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"

    def begin(self, day: date) -> date:
        """Return where the month or year with a day begins; other days as they are."""
        if self is Resolution.YEAR:
            return day.replace(month=1, day=1)
        return day.replace(day=1) if self is Resolution.MONTH else day


class PastValues:
    """Reads the past of one plant."""

    def __init__(
        self, runtime: GoodWeRuntime, plant: Plant, source: PastSource
    ) -> None:
        """Prepare; nothing is read yet."""
        self._client, self._plant, self._source = runtime.client, plant, source

    async def read(
        self, first: date, last: date, resolution: Resolution
    ) -> dict[str, Any]:
        """Return ``{"unit": "kWh", "energies": {flow: {time: kWh}}}``.

        Times are the plant's: the start of an hour with its offset, or the first day of
        a day, month or year.
        """
        found: dict[str, dict[str, float]] = {}
        if resolution is Resolution.HOUR:
            await self._hours(first, last, found)
        else:
            await self._periods(first, last, resolution, found)
        return {
            "unit": "kWh",
            "energies": {key: dict(sorted(row.items())) for key, row in found.items()},
        }

    async def _hours(
        self, first: date, last: date, found: dict[str, dict[str, float]]
    ) -> None:
        for number in range((last - first).days + 1):
            hours = await self._source.read_day(first + number * _DAY)
            for key, series in (hours or {}).items():
                for hour, kwh in series.items():
                    local = hour.astimezone(self._plant.zone)
                    found.setdefault(SERIES[key], {})[local.isoformat()] = kwh

    async def _periods(
        self,
        first: date,
        last: date,
        resolution: Resolution,
        found: dict[str, dict[str, float]],
    ) -> None:
        begin = resolution.begin(first)
        for start, end in chunks(begin, last, resolution):
            raw = await self._client.energy(
                self._plant.id, ENERGY_ITEMS, resolution.value, start, end
            )
            for key, series in driver.statistics(raw, dt_util.utcnow()).series.items():
                for day, kwh in series.items():
                    if begin <= day <= last:
                        found.setdefault(key, {})[day.isoformat()] = kwh


def chunks(
    first: date, last: date, resolution: Resolution
) -> Iterator[tuple[date, date]]:
    """Split a span into what one request may ask for: a month of days, a year else."""
    start = first
    while start <= last:
        whole = month_end(start)
        if resolution is not Resolution.DAY:
            whole = start.replace(month=12, day=31)
        end = min(whole, last)
        yield start, end
        start = end + _DAY
