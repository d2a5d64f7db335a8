"""Rows of the past as energy per hour, day, month or year (reference section 7)."""

from collections.abc import Iterable, Mapping, MutableMapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from ._vendor.core.client.decode import mapping, mappings, number
from ._vendor.core.ha.zones import stamp
from .points import PLANT_TYPE, Span, by_id
from .zones import day_of

type Hours = dict[datetime, float]
# When each counter was read last (UTC), and where it stood in kWh
type Counters = MutableMapping[str, tuple[datetime, float]]
type Row = Mapping[str, Any]

# A larger gain is a slip of the counter.
MOST_KW = 1000.0
_DIGITS = 4
_KILO = 0.001
# A counter that falls below this share of itself began anew (section 10.9).
_NEW_START = 0.1
_HOUR = timedelta(hours=1)
# A sample of 10:00 is of the hour that ends then.
_INSTANT = timedelta(seconds=1)


def hourly(
    points: Mapping[str, str],
    rows: Iterable[Row],
    zone: tzinfo,
    before: Counters,
    *,
    device_type: int = PLANT_TYPE,
    most_kw: float = MOST_KW,
) -> dict[str, Hours]:
    """Return kWh by UTC hour for each series that the rows have.

    Args:
        points: point id by series, of lifetime counters or such of a day
        rows: ``minute_history``'s of one plant or device, with any interval
        zone: the plant's
        before: where the counters stood, brought up to date; of a lifetime counter
            that is not in it the first sample is the start
        device_type: whose points they are
        most_kw: what a counter can gain in an hour

    What a counter gained between two samples is of the hour that the later one ends.
    Dips, false zeros and leaps are left out; a counter of a day starts at 0.
    """
    table = by_id(device_type)
    dated = sorted(
        ((at, row) for row in rows if (at := stamp(row.get("time_stamp"), zone))),
        key=lambda one: one[0],
    )
    found: dict[str, Hours] = {}
    for series, point_id in points.items():
        samples = {
            at: value * _KILO
            for at, row in dated
            if (value := number(row.get(f"p{point_id}"), low=0.0)) is not None
        }
        if not samples:
            continue
        point = table.get(point_id)
        count = _Count(before.get(series), zone, point.span if point else None, most_kw)
        found[series] = count.hours(list(samples.items()))
        if count.last is not None:
            before[series] = count.last
    return found


class _Count:
    """One counter and where it stands."""

    def __init__(
        self,
        last: tuple[datetime, float] | None,
        zone: tzinfo,
        span: Span | None,
        most_kw: float,
    ) -> None:
        self.last, self._zone, self._most = last, zone, most_kw
        self._daily = span == "today"

    def hours(self, samples: list[tuple[datetime, float]]) -> Hours:
        """Return what it gained by hour."""
        found: Hours = {}
        following = [value for _, value in samples[1:]]
        for (at, value), after in zip(samples, [*following, None], strict=True):
            if (gained := self._gained(at, value, after)) is not None:
                hour = (at - _INSTANT).replace(minute=0, second=0, microsecond=0)
                found[hour] = round(found.get(hour, 0.0) + gained, _DIGITS)
        return found

    def _day(self, at: datetime) -> date:
        return (at - _INSTANT).astimezone(self._zone).date()

    def _gained(self, at: datetime, value: float, after: float | None) -> float | None:
        """Return what was gained, None if the sample says nothing; move on."""
        since, stood = self.last or (at, value)
        if self._daily and (self.last is None or self._day(since) != self._day(at)):
            # The day began at 0; what was missed of the day before is lost.
            midnight = datetime.combine(self._day(at), time(), self._zone)
            since, stood = midnight.astimezone(UTC), 0.0
        elif self.last is None:
            self.last = at, value
            return None
        if at <= since:
            return None
        if value < stood:
            again = after is not None and value <= after < stood
            if self._daily and self._day(at) != self._day(at + _INSTANT):
                self.last = at, value  # the new day's zero, stamped at midnight
            elif again and value < _NEW_START * stood:
                self.last = at, value
            return 0.0
        if value - stood > self._most * max((at - since) / _HOUR, 1 / 12):
            return None
        self.last = at, value
        return value - stood


def totals(
    points: Mapping[str, str], rows: Mapping[str, Any]
) -> dict[str, dict[date, float]]:
    """Return kWh by the first day of each period for each series that the rows have.

    ``rows`` are ``period_history``'s of one plant or device, of counters of a day: the
    day's peak, the month's or year's total.
    """
    found: dict[str, dict[date, float]] = {}
    for series, point_id in points.items():
        for row in mappings(mapping(rows).get(f"p{point_id}")):
            first = day_of(row.get("time_stamp"))
            values = (
                number(value, low=0.0)
                for key, value in row.items()
                if key != "time_stamp" and str(key).isdecimal()
            )
            value = next((one for one in values if one is not None), None)
            if first is not None and value is not None:
                found.setdefault(series, {})[first] = round(value * _KILO, _DIGITS)
    return found
