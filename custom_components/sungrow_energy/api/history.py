"""Points of the past, never of the current day (reference section 7)."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import batched
from typing import Any

from .._vendor.core.client.decode import mapping, mappings, text
from .access import Access, Flavour
from .realtime import PLANT_TYPE, plant_key

# Caps of one request.
MOST_IDS = 50
MOST_POINTS = 50
HOURS = 3
MOST_PERIODS = {"day": 100, "month": 24, "year": 5}
_NO_ROWS = frozenset({"point_dict", "illegal_ps_id_list", "illegal_ps_key_list"})


class Period(StrEnum):
    """Length of a row of the coarse history."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Value(StrEnum):
    """Which value of the period; a counter's day total is its peak."""

    MEAN = "1"
    PEAK = "2"
    TROUGH = "3"
    TOTAL = "4"


_FORMATS = {Period.DAY: "%Y%m%d", Period.MONTH: "%Y%m", Period.YEAR: "%Y"}
_LOGIN_PERIODS = {Period.DAY: "1", Period.MONTH: "2", Period.YEAR: "3"}


class History:
    """Rows of the past; part of ``SungrowClient``.

    Who is asked for is either ``ps_id`` of plants (``device_type`` None) or ``ps_key``
    of devices of one type. Times are plant-local. The caller keeps to the spans above.
    """

    _access: Access

    async def minute_history(
        self,
        ids: Sequence[str],
        points: Sequence[str],
        start: datetime,
        end: datetime,
        *,
        device_type: str | int | None = None,
        interval: int = 60,
    ) -> dict[str, list[dict[str, Any]]]:
        """Return rows ``{time_stamp, p<id>...}`` per id, at most ``HOURS`` in span.

        Start and end are included; points without data are absent.
        """
        scope = _Scope(self._access.flavour, device_type)
        rows: dict[str, dict[str, dict[str, Any]]] = {}
        for some in batched(ids, MOST_IDS, strict=False):
            for chunk in batched(points, MOST_POINTS, strict=False):
                fields = {
                    **scope.fields(some),
                    "points": ",".join(f"p{point}" for point in chunk),
                    "start_time_stamp": f"{start:%Y%m%d%H%M%S}",
                    "end_time_stamp": f"{end:%Y%m%d%H%M%S}",
                    "minute_interval": str(interval),
                }
                data = await self._access.ask(scope.minute, fields)
                for key, found in mapping(data).items():
                    if key in _NO_ROWS:
                        continue
                    kept = rows.setdefault(scope.id_of(key), {})
                    for row in mappings(found):
                        if stamp := text(row.get("time_stamp")):
                            kept.setdefault(stamp, {}).update(row)
        return {
            key: [kept[stamp] for stamp in sorted(kept)] for key, kept in rows.items()
        }

    async def period_history(
        self,
        ids: Sequence[str],
        points: Sequence[str],
        start: date,
        end: date,
        period: Period,
        *,
        device_type: str | int | None = None,
        value: Value = Value.PEAK,
    ) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Return rows ``{time_stamp, "<value>": ...}`` per id and ``p<point>``.

        At most ``MOST_PERIODS`` rows in span; start and end are included.
        """
        scope = _Scope(self._access.flavour, device_type)
        login = self._access.flavour is Flavour.LOGIN
        form = _FORMATS[period]
        rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for some in batched(ids, MOST_IDS, strict=False):
            for chunk in batched(points, MOST_POINTS, strict=False):
                fields = {
                    "query_type": _LOGIN_PERIODS[period] if login else period.value,
                    "data_type": value.value,
                    **scope.fields(some),
                    "data_point": ",".join(f"p{point}" for point in chunk),
                    "start_time": start.strftime(form),
                    "end_time": end.strftime(form),
                    "order": "0",
                }
                data = await self._access.ask(scope.period, fields)
                for key, found in mapping(data).items():
                    if key in _NO_ROWS:
                        continue
                    kept = rows.setdefault(scope.id_of(key), {})
                    for point, values in mapping(found).items():
                        kept[point] = [dict(row) for row in mappings(values)]
        return rows


class _Scope:
    """Whom a request is about, in either flavour.

    The login flavour knows the plant only as a device of its own type.
    """

    def __init__(self, flavour: Flavour, device_type: str | int | None) -> None:
        login = flavour is Flavour.LOGIN
        self._as_device = login and device_type is None
        self._type = PLANT_TYPE if self._as_device else device_type
        whose = "PowerStation" if self._type is None else "Device"
        self.minute = f"get{whose}PointMinuteDataList"
        points = "Points" if login else "Point"
        self.period = f"get{whose}{points}DayMonthYearDataList"

    def fields(self, ids: Sequence[str]) -> dict[str, Any]:
        if self._type is None:
            return {"ps_id_list": list(ids)}
        keys = [plant_key(plant) for plant in ids] if self._as_device else list(ids)
        return {"device_type": str(self._type), "ps_key_list": keys}

    def id_of(self, key: str) -> str:
        return key.partition("_")[0] if self._as_device else key
