"""Points as they are now (reference sections 3.4 and 3.5)."""

from collections.abc import Sequence
from typing import Any

from .call import INVALID, ApiError, Call
from .device import Device
from .home import CHARGER, PLANT
from .plant import Plant
from .points import CATALOGUE, point_value
from .points.catalogue import unit_of
from .points.value import Sample

MOST_POINTS, MOST_DEVICES = 100, 50
_SPELLINGS = ("--", "", "null", "NaN", None)
_UNKNOWN = "99123"
_MISSING = object()


def plant_points(call: Call) -> dict[str, Any]:
    """`getPowerStationRealTimeData`: one row per plant, without a time."""
    ids, points = _wanted(call, "ps_id_list")
    rows = []
    for entry in ids:
        plant = call.plant(entry)
        if plant is None:
            continue
        plant.house.advance()
        row: dict[str, Any] = {
            "ps_id": plant.id,
            "uuid": plant.home.ps_id * 2,
            "ps_name": plant.name,
            "ps_key": plant.key,
        }
        rows.append(row | _values(call, PLANT, points, plant_sample(plant)))
    failed = [entry for entry in ids if call.plant(entry) is None]
    answer: dict[str, Any] = {"device_point_list": rows, "fail_ps_id_list": failed}
    return answer | _dictionary(call, PLANT, points)


def device_points(call: Call) -> dict[str, Any]:
    """`getDeviceRealTimeData`: devices of one type, the plant (11) among them."""
    kind = call.number("device_type")
    keys, serials = call.texts("ps_key_list"), call.texts("sn_list")
    if not keys and not serials:
        text = "Parameters ps_key_list,sn_list cannot be empty at the same time!"
        raise ApiError("009", text)
    wanted, points = _wanted(call, "ps_key_list" if keys else "sn_list")
    rows, found = [], set()
    for plant in call.plants:
        plant.house.advance()
        if kind == PLANT and plant.key in wanted:
            found.add(plant.key)
            rows.append(_plant_row(call, plant, points))
        for device in plant.of(kind):
            name = device.ps_key if keys else device.sn
            if name in wanted and not device.switches.lost:
                found.add(name)
                rows += _device_row(call, plant, device, points)
    if call.cloud.rows == "nested":
        rows = [{"device_point": row} for row in rows]
    illegal = [entry for entry in wanted if entry not in found]
    name = "illegal_ps_key_list" if keys else "illegal_sn_list"
    answer: dict[str, Any] = {"device_point_list": rows, name: illegal}
    return answer if call.v1 else answer | _dictionary(call, kind, points)


def plant_sample(plant: Plant) -> Sample | None:
    """Return what the plant's points are made of; None if nothing was uploaded."""
    record = plant.main.record
    return None if record is None else Sample(plant=plant, shot=record.shot)


def _plant_row(call: Call, plant: Plant, points: Sequence[str]) -> dict[str, Any]:
    record = plant.main.record
    at = None if record is None else record.shot.at
    return {
        "ps_key": plant.key,
        "device_sn": None,
        "uuid": plant.home.ps_id * 2,
        "device_name": plant.name,
        "device_time": None if at is None else f"{plant.local(at):%Y%m%d%H%M%S}",
        "ps_id": plant.home.ps_id,
        "dev_status": 1,
        "dev_fault_status": 4,
        **_values(call, PLANT, points, plant_sample(plant)),
    }


def _device_row(
    call: Call, plant: Plant, device: Device, points: Sequence[str]
) -> list[dict[str, Any]]:
    record = device.record
    if record is None:
        return []
    sample = Sample(plant=plant, shot=record.shot, device=device, status=record.status)
    row = {
        "ps_key": device.ps_key,
        "device_sn": device.sn,
        "uuid": device.spec.uuid,
        "device_name": device.spec.name,
        "device_time": f"{plant.local(record.shot.at):%Y%m%d%H%M%S}",
        "ps_id": plant.home.ps_id,
        "dev_status": int(device.switches.online),
        "dev_fault_status": device.fault_status,
        "communication_dev_sn": None,
        **_values(call, device.type, points, sample),
    }
    if call.cloud.unknown_points:
        row[f"p{_UNKNOWN}"] = "7.0"
    return [row]


def _wanted(call: Call, name: str) -> tuple[list[str], list[str]]:
    ids, points = call.texts(name), call.texts("point_id_list")
    if not ids or not points:
        missing = "point_id_list" if ids else name
        raise ApiError("009", f"ws.missing-parameter:{missing}")
    if len(points) > MOST_POINTS:
        raise ApiError(INVALID, "Parameter:point_id_list is over 100")
    if len(ids) > MOST_DEVICES:
        raise ApiError(INVALID, f"Parameter:{name} is over 50")
    return ids, points


def _values(
    call: Call, kind: int, points: Sequence[str], sample: Sample | None
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in points:
        if not name.isdigit():
            raise ApiError(INVALID, "Parameter:point_id_list is invalid")
        number = int(name)
        value = None if sample is None else point_value(kind, number, sample)
        spelled = _absent(call, number) if value is None else value
        if spelled is not _MISSING:
            values[f"p{name}"] = spelled
    return values


def _absent(call: Call, number: int) -> object:
    match call.cloud.null_spelling:
        case "null":
            return None
        case "missing":
            return _MISSING
        case "word":
            return "null"
        case "mixed":
            return _SPELLINGS[number % len(_SPELLINGS)]
        case spelling:
            return spelling


def _dictionary(call: Call, kind: int, points: Sequence[str]) -> dict[str, Any]:
    if str(call.body.get("is_get_point_dict")) != "1":
        return {}
    return {"point_dict": dictionary(call, kind, points)}


def dictionary(call: Call, kind: int, points: Sequence[str]) -> list[dict[str, Any]]:
    """Return names and units of points."""
    known = CATALOGUE.get(kind, {})
    cloud = call.cloud
    rows = []
    for name in points:
        text = known.get(int(name))
        if text is None:
            continue
        unit = unit_of(text, glyphs=cloud.glyphs, shown=cloud.show_units)
        if kind == CHARGER and text.unit == "kW":
            unit = cloud.charger_unit
        rows.append(
            {
                "point_id": name,
                "point_name": f"测点{name}" if call.chinese else text.name,
                "point_unit": unit,
            }
        )
    return rows
