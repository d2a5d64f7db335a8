"""Past days and months as energy per hour, for years that are long ago (section 7).

What a period had stands in its last hour, and zero in the others: so an import of days
over one of hours counts nothing twice.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from homeassistant.util import dt as dt_util

from ._vendor.core.ha.history_import import Hours
from .api.client import SungrowClient
from .api.history import MOST_PERIODS, Period, Value
from .history_records import totals
from .origins import Origin, by_type
from .resolution import Resolution, later

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


class PastPeriods:
    """Reads many periods at once, and tells what each day of them had."""

    def __init__(
        self,
        client: SungrowClient,
        origins: Callable[[], Sequence[tuple[str, Origin]]],
    ) -> None:
        """Prepare; ``origins`` says where each series has its counter of the day."""
        self._client, self._origins = client, origins
        self._period = Period.DAY
        # kWh by series and the first day of each period
        self._amounts: dict[str, dict[date, float]] = {}
        self.begin_anew()

    def begin_anew(self) -> None:
        """Ask again for what was had: the cloud may have got more of it."""
        # The periods that were asked for: the first one, and where the last one ends
        self._span = (date.min, date.min)

    async def day(
        self, day: date, resolution: Resolution, zone: tzinfo
    ) -> dict[str, Hours] | None:
        """Return the energies of a day by UTC hour, None if nothing is known of it.

        Nothing is known before the day, or its month, is over at the plant.
        """
        period = Period(resolution.value)
        first = later(day, period, 0)
        current = later(dt_util.now(zone).date(), period, 0)
        if first >= current:
            return None
        if period is not self._period or not self._span[0] <= first < self._span[1]:
            await self._fetch(first, period, current)
        amounts = {
            series: found[first]
            for series, found in self._amounts.items()
            if first in found
        }
        if not amounts:
            return None
        hours = _hours(day, zone)
        closes = later(first, period, 1) == day + _DAY
        return {
            series: dict.fromkeys(hours, 0.0) | ({hours[-1]: kwh} if closes else {})
            for series, kwh in amounts.items()
        }

    async def _fetch(self, first: date, period: Period, current: date) -> None:
        """Ask for as many periods as one request may, but not for the ``current``."""
        end = min(later(first, period, MOST_PERIODS[period]), current)
        amounts: dict[str, dict[date, float]] = {}
        for device_type, some in by_type(self._origins()).items():
            answer = await self._client.period_history(
                sorted({origin.owner for _, origin in some}),
                sorted({origin.point for _, origin in some}),
                first,
                end - _DAY,
                period,
                device_type=device_type,
                value=Value.PEAK if period is Period.DAY else Value.TOTAL,
            )
            for series, origin in some:
                rows = answer.get(origin.owner, {})
                found = totals({series: origin.point}, rows).get(series, {})
                kept = amounts.setdefault(series, {})
                for at, kwh in found.items():
                    kept[at] = round(kept.get(at, 0.0) + kwh, 3)
        self._period, self._amounts, self._span = period, amounts, (first, end)


def _hours(day: date, zone: tzinfo) -> list[datetime]:
    """Return the UTC hours of a local day; one that two days share is of both."""
    hour, end = (
        datetime.combine(moment, time.min, zone).astimezone(UTC).replace(minute=0)
        for moment in (day, day + _DAY)
    )
    found = []
    while hour < end:
        found.append(hour)
        hour += _HOUR
    return found
