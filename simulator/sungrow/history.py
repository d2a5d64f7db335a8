"""Points of the past, never of the current day (reference section 7)."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from ..energy import Energy
from ..snapshot import Snapshot, past
from .call import INVALID, ApiError, Call
from .device import Device
from .home import PLANT
from .periods import period_rows
from .plant import Plant
from .points import point_value
from .points.value import Sample
from .readings import dictionary

MOST_IDS = MOST_POINTS = 50
SPAN = timedelta(hours=3)
INTERVALS = (5, 15, 30, 60)
type Target = tuple[str, int, Plant, Device | None]
"""Key of the answer, device type, where."""


def plant_minutes(call: Call) -> dict[str, Any]:
    """`getPowerStationPointMinuteDataList`."""
    targets, illegal = _plants(call)
    return _minutes(call, targets) | {"illegal_ps_id_list": illegal}


def device_minutes(call: Call) -> dict[str, Any]:
    """`getDevicePointMinuteDataList`, of one type; the plant is 11."""
    targets, illegal = _devices(call)
    answer = _minutes(call, targets)
    # V1 says it in the message (section 7), which nobody should read
    return answer if call.v1 else answer | {"illegal_ps_key_list": illegal}


def plant_periods(call: Call) -> dict[str, Any]:
    """`getPowerStationPointDayMonthYearDataList`."""
    targets, illegal = _plants(call)
    return _periods(call, targets) | {"illegal_ps_id_list": illegal}


def device_periods(call: Call) -> dict[str, Any]:
    """`getDevicePoint(s)DayMonthYearDataList`."""
    targets, illegal = _devices(call)
    answer = _periods(call, targets)
    return answer if call.v1 else answer | {"illegal_ps_key_list": illegal}


def _ids(call: Call, name: str) -> list[str]:
    ids = call.texts(name)
    if not ids:
        raise ApiError("009", f"ws.missing-parameter:{name}")
    if len(ids) > MOST_IDS:
        raise ApiError(INVALID, f"Parameter:{name} is over 50")
    return ids


def _plants(call: Call) -> tuple[list[Target], list[str]]:
    ids = _ids(call, "ps_id_list")
    found = [plant for entry in ids if (plant := call.plant(entry))]
    illegal = [entry for entry in ids if call.plant(entry) is None]
    return [(plant.id, PLANT, plant, None) for plant in found], illegal


def _devices(call: Call) -> tuple[list[Target], list[str]]:
    kind = call.number("device_type")
    keys = _ids(call, "ps_key_list")
    found: list[Target] = []
    for plant in call.plants:
        if kind == PLANT and plant.key in keys:
            found.append((plant.key, kind, plant, None))
        found += [
            (device.ps_key, kind, plant, device)
            for device in plant.of(kind)
            if device.ps_key in keys
        ]
    known = {target[0] for target in found}
    return found, [key for key in keys if key not in known]


def _points(call: Call, name: str) -> list[str]:
    texts = [entry.strip() for entry in call.text(name).split(",")]
    if len(texts) > MOST_POINTS:
        raise ApiError(INVALID, f"Parameter:{name} is over 50")
    if not all(entry.startswith("p") and entry[1:].isdigit() for entry in texts):
        raise ApiError(INVALID, f"Parameter:{name} is invalid")
    return [entry[1:] for entry in texts]


def _dictionary(call: Call, targets: list[Target], points: list[str]) -> dict[str, Any]:
    if call.v1 or str(call.body.get("is_get_point_dict")) != "1" or not targets:
        return {}
    return {"point_dict": dictionary(call, targets[0][1], points)}


def _stamp(call: Call, name: str) -> datetime:
    try:
        return datetime.strptime(call.text(name), "%Y%m%d%H%M%S")
    except ValueError as err:
        raise ApiError(INVALID, f"Parameter:{name} is invalid") from err


def _minutes(call: Call, targets: list[Target]) -> dict[str, Any]:
    points = _points(call, "points")
    start, end = _stamp(call, "start_time_stamp"), _stamp(call, "end_time_stamp")
    interval = call.number("minute_interval", 5)
    if not timedelta(0) <= end - start <= SPAN or interval not in INTERVALS:
        raise ApiError(INVALID, "Parameter:time is invalid")
    answer: dict[str, Any] = {}
    for key, kind, plant, device in targets:
        if call.cloud.history_future == "refused" and end > datetime.combine(
            plant.house.today(), time.min
        ):
            raise ApiError(INVALID, "Parameter:end_time_stamp is invalid")
        rows = []
        for sample, local in samples(plant, device, start.date(), end.date()):
            if local.minute % interval or not start <= local <= end:
                continue
            row = {"time_stamp": f"{local:%Y%m%d%H%M%S}"}
            if call.cloud.upload_time:
                row["pST001"] = f"{local:%Y%m%d%H%M%S}"
            rows.append(row | _present(kind, points, sample))
        answer[key] = _thinned(rows, call.cloud.history_lacks)
    return answer | _dictionary(call, targets, points)


def _present(kind: int, points: list[str], sample: Sample) -> dict[str, str]:
    """Return points that have a value; the others are absent."""
    return {
        f"p{point}": value
        for point in points
        if (value := point_value(kind, int(point), sample)) is not None
    }


def _thinned(rows: list[Any], every: int) -> list[Any]:
    if not every:
        return rows
    return [row for place, row in enumerate(rows, start=1) if place % every]


def samples(
    plant: Plant, device: Device | None, first: date, last: date
) -> Iterator[tuple[Sample, datetime]]:
    """Return five-minute samples of finished days with their naive local times.

    A sample stamped 10:00 is the end of 09:55 to 10:00, and of midnight the zero with
    which the day begins. That of today's midnight ends yesterday; a switch says whether
    it is there.
    """
    today = plant.house.today()
    day, unfinished = first, plant.cloud.history_midnight
    while day <= last and (day < today or (day == today and unfinished)):
        for shot in _day(plant, day)[: None if day < today else 1]:
            status = None if device is None else device.reading(shot).status
            local = plant.local(shot.at).replace(tzinfo=None)
            yield (
                Sample(plant=plant, shot=shot, device=device, status=status),
                local,
            )
        day += timedelta(days=1)


def _day(plant: Plant, day: date) -> list[Snapshot]:
    shots = list(past(plant.house, plant.lifetime, day))
    if not shots:
        return []
    first = shots[0]
    begin = plant.lifetime.at_midnight(day)
    midnight = Snapshot(first.at - timedelta(minutes=5), first.live, Energy(), begin)
    # The end of the day is the beginning of the next one
    return [midnight, *shots[:-1]]


def _periods(call: Call, targets: list[Target]) -> dict[str, Any]:
    points = _points(call, "data_point")
    answer: dict[str, Any] = {
        key: period_rows(call, kind, plant, device, points)
        for key, kind, plant, device in targets
    }
    return answer | _dictionary(call, targets, points)
