"""Past values of a plant or device as its points have them (reference section 7)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from homeassistant.util import dt as dt_util

from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.outcome import Refusal
from .api.client import SungrowClient
from .api.history import HOURS, Period, Value
from .asking import real_type
from .device import Device
from .plant import Plant
from .points import PLANT_TYPE, Kind, Point, by_id
from .resolution import Resolution, chunks, later
from .values import read

_DAY = timedelta(days=1)


class PastValues:
    """Reads the past of some points of one plant or device."""

    def __init__(
        self,
        client: SungrowClient,
        target: Plant | Device,
        wanted: Sequence[str] | None = None,
    ) -> None:
        """Choose the points: keys or ids, all counters if None.

        Raises ``Refusal`` for one that does not exist.
        """
        self._client = client
        self._type: int | None
        if isinstance(target, Plant):
            self._id, self._type, known = target.id, None, by_id(PLANT_TYPE)
            self._zone = target.zone
        else:
            self._id = target.ps_key
            self._type = real_type(target.type, target.ps_key)
            known = by_id(target.type)
            self._zone = target.plant.zone
        by_key = {point.key: point for point in known.values()}
        if wanted is None:
            self._points = [p for p in known.values() if p.span == "total"]
        else:
            self._points = [_chosen(name, known, by_key) for name in wanted]

    async def read(
        self, first: date, last: date, resolution: Resolution
    ) -> dict[str, Any]:
        """Return ``{key: {"unit": ..., "values": {time: value}}}``, plant-local times."""
        found: dict[str, dict[str, Any]] = {point.key: {} for point in self._points}
        if resolution is Resolution.HOUR:
            await self._hours(first, last, found)
        else:
            await self._periods(first, last, Period(resolution.value), found)
        return {
            "points": {
                point.key: {
                    "unit": point.unit,
                    "point": point.id,
                    "values": dict(sorted(found[point.key].items())),
                }
                for point in self._points
            }
        }

    async def _hours(
        self, first: date, last: date, found: Mapping[str, dict[str, Any]]
    ) -> None:
        ids = [point.id for point in self._points]
        for start in _spans(first, last):
            end = start + timedelta(hours=HOURS)
            answer = await self._client.minute_history(
                [self._id], ids, start, end, device_type=self._type
            )
            for row in answer.get(self._id, ()):
                for point in self._points:
                    value = read(point, row.get(f"p{point.id}"))
                    if value is not None:
                        found[point.key][_moment(row["time_stamp"])] = value

    async def _periods(
        self,
        first: date,
        last: date,
        period: Period,
        found: Mapping[str, dict[str, Any]],
    ) -> None:
        """Read whole periods, and the one that is not over if the cloud has it.

        It may refuse to (section 7), so that one is asked for alone.
        """
        current = later(dt_util.now(self._zone).date(), period, 0)
        for value, points in _by_value(self._points, period).items():
            for start, end in chunks(first, min(last, current - _DAY), period):
                await self._ask(start, end, period, points, value, found)
            if last >= current:
                with suppress(BadDataError):
                    await self._ask(
                        max(first, current), last, period, points, value, found
                    )

    async def _ask(
        self,
        start: date,
        end: date,
        period: Period,
        points: Sequence[Point],
        value: Value,
        found: Mapping[str, dict[str, Any]],
    ) -> None:
        answer = await self._client.period_history(
            [self._id],
            [point.id for point in points],
            start,
            end,
            period,
            device_type=self._type,
            value=value,
        )
        rows = answer.get(self._id, {})
        for point in points:
            for row in rows.get(f"p{point.id}", ()):
                amount = read(point, row.get(value.value))
                if amount is not None:
                    found[point.key][_moment(row["time_stamp"])] = amount


def _by_value(points: Sequence[Point], period: Period) -> dict[Value, list[Point]]:
    """Group points by which value of a period tells something (section 7)."""
    groups: dict[Value, list[Point]] = {}
    for point in points:
        value = Value.PEAK
        if point.span == "today" and period is not Period.DAY:
            value = Value.TOTAL
        elif point.kind is not Kind.ENERGY and point.span is None:
            value = Value.MEAN
        groups.setdefault(value, []).append(point)
    return groups


def _spans(first: date, last: date) -> Iterator[datetime]:
    """Yield where the spans begin that one request may ask for."""
    start, end = (datetime.combine(day, time.min) for day in (first, last + _DAY))
    while start < end:
        yield start
        start += timedelta(hours=HOURS)


def _chosen(
    name: str, by_point: Mapping[str, Point], by_key: Mapping[str, Point]
) -> Point:
    point = by_key.get(name) or by_point.get(name.removeprefix("p"))
    if point is None:
        raise Refusal("unknown_point", point=name)
    return point


def _moment(stamp: str) -> str:
    """Return ``20261101100000`` as an ISO time, ``20261101`` as a date."""
    parts = [stamp[0:4], stamp[4:6], stamp[6:8]]
    day = "-".join(part for part in parts if part)
    return f"{day}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:14]}" if stamp[8:] else day
