"""Days, months and years of a point (reference section 7)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from statistics import fmean
from typing import TYPE_CHECKING

from ..snapshot import past
from .call import INVALID, ApiError, Call
from .points import TABLES, point_value
from .points.value import Sample

if TYPE_CHECKING:
    from .device import Device
    from .plant import Plant

_V1 = {"1": "day", "2": "month", "3": "year"}
_FORMATS = {"day": "%Y%m%d", "month": "%Y%m", "year": "%Y"}
_MOST = {"day": 100, "month": 24, "year": 5}
MEAN, PEAK, TROUGH, TOTAL = "1", "2", "3", "4"


def period_rows(
    call: Call, kind: int, plant: Plant, device: Device | None, points: list[str]
) -> dict[str, list[dict[str, str]]]:
    """Return rows per point, of days that are over."""
    period, first, last = _span(call)
    value = call.text("data_type")
    if value not in {MEAN, PEAK, TROUGH, TOTAL} or (value == TOTAL and period == "day"):
        raise ApiError(INVALID, "Parameter:data_type is invalid")
    if call.cloud.history_future == "refused" and last >= plant.house.today():
        raise ApiError(INVALID, "Parameter:end_time is invalid")
    days = list(_days(plant, first, last))
    answer = {}
    for point in points:
        found: dict[str, list[tuple[float, float, float]]] = {}
        for day in days:
            if numbers := _of_day(plant, device, kind, int(point), day):
                found.setdefault(day.strftime(_FORMATS[period]), []).append(numbers)
        rows = [
            {"time_stamp": stamp, value: text}
            for stamp, numbers in found.items()
            if (text := _result(kind, int(point), value, numbers)) is not None
        ]
        if str(call.body.get("order") or "0") == "1":
            rows.reverse()
        if rows:
            answer[f"p{point}"] = rows
    return answer


def _span(call: Call) -> tuple[str, date, date]:
    wanted = call.text("query_type")
    period = _V1.get(wanted) if call.v1 else wanted
    if period not in _FORMATS:
        raise ApiError(INVALID, "Parameter:query_type is invalid")
    form = _FORMATS[period]
    try:
        first = datetime.strptime(call.text("start_time"), form).date()
        last = datetime.strptime(call.text("end_time"), form).date()
    except ValueError as err:
        raise ApiError(INVALID, "Parameter:start_time is invalid") from err
    match period:
        case "day":
            count = (last - first).days + 1
        case "month":
            count = (last.year - first.year) * 12 + last.month - first.month + 1
            last = (last.replace(day=28) + timedelta(days=4)).replace(day=1)
            last -= timedelta(days=1)
        case _:
            count = last.year - first.year + 1
            last = last.replace(month=12, day=31)
    if not 1 <= count <= _MOST[period]:
        raise ApiError(INVALID, "Parameter:end_time is invalid")
    return period, first, last


def _days(plant: Plant, first: date, last: date) -> Iterator[date]:
    day = max(first, plant.house.installed)
    while day <= last and day < plant.house.today():
        yield day
        day += timedelta(days=1)


def _of_day(
    plant: Plant, device: Device | None, kind: int, number: int, day: date
) -> tuple[float, float, float] | None:
    """Return mean, peak and trough of a day; None if the point has no numbers."""
    point = TABLES.get(kind, {}).get(number)
    if point is None:
        return None
    shots = list(past(plant.house, plant.lifetime, day))
    if point.daily or point.lifetime:
        # A counter is at its highest at the end
        shots = [shots[0], shots[-1]] if shots else []
    numbers = []
    for shot in shots:
        status = None if device is None else device.reading(shot).status
        sample = Sample(plant=plant, shot=shot, device=device, status=status)
        text = point_value(kind, number, sample)
        try:
            numbers.append(float(text or ""))
        except ValueError:
            return None
    return (fmean(numbers), max(numbers), min(numbers)) if numbers else None


def _result(
    kind: int, number: int, value: str, days: list[tuple[float, float, float]]
) -> str | None:
    digits = TABLES[kind][number].digits or 0
    match value:
        case "1":
            result = fmean(day[0] for day in days)
        case "2":
            result = max(day[1] for day in days)
        case "3":
            result = min(day[2] for day in days)
        case _:
            if not TABLES[kind][number].daily:
                return None
            result = sum(day[1] for day in days)
    return str(round(result, digits or 1))
