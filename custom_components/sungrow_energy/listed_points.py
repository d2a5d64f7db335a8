"""All points of a plant or device that have a value, for the action that lists them."""

from collections.abc import Mapping
from typing import Any

from .derived import DERIVED, PLANT_KEYS
from .device import Device
from .plant import Plant
from .points import PLANT_TYPE, by_id
from .points.base import UNITS
from .readings import Extra, Value


def device_points(device: Device) -> dict[str, Any]:
    """Return what the newest sample of a device says."""
    reading = device.reading
    return {
        "observed_at": _text(device.observed_at),
        **_points(device.type, device.values, reading.unknown if reading else {}),
    }


def plant_points(plant: Plant) -> dict[str, Any]:
    """Return what is known of a plant."""
    reading = plant.reading
    return {
        "observed_at": _text(plant.observed_at),
        **_points(PLANT_TYPE, plant.values, reading.unknown if reading else {}),
    }


def _points(
    device_type: int, values: Mapping[str, Value], unknown: Mapping[str, Extra]
) -> dict[str, Any]:
    points = {point.key: point for point in by_id(device_type).values()}
    units = {
        **{item.key: UNITS.get(item.kind) for item in DERIVED.get(device_type, ())},
        **{key: point.unit for key, point in points.items()},
    }
    if device_type == PLANT_TYPE:
        units = {key: UNITS.get(kind) for key, kind in PLANT_KEYS.items()} | units
    return {
        "points": {
            key: {
                "value": value,
                "unit": units.get(key),
                "point": points[key].id if key in points else None,
            }
            for key, value in values.items()
            if value is not None
        },
        "unknown_points": {
            point_id: {"value": extra.value, "unit": extra.unit, "name": extra.name}
            for point_id, extra in unknown.items()
        },
    }


def _text(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
