"""The sensors of every device type (reference sections 9.2 to 9.6)."""

from collections.abc import Mapping

from .derived import DERIVED
from .describe import PointDescription, describe
from .points import HOME_MANAGER_TYPE, PLANT_TYPE, TABLES, Point, table


def _of(device_type: int) -> tuple[PointDescription, ...]:
    derived = (
        Point("", item.key, item.kind, item.default, item.diagnostic)
        for item in DERIVED.get(device_type, ())
    )
    return tuple(describe(point) for point in (*table(device_type), *derived))


DEVICES: Mapping[int, tuple[PointDescription, ...]] = {
    device_type: _of(device_type)
    for device_type in (*TABLES, HOME_MANAGER_TYPE)
    if device_type != PLANT_TYPE
}


def of_type(device_type: int) -> tuple[PointDescription, ...]:
    """Return the sensors of a device type; a type without a table has none."""
    return DEVICES.get(device_type, ())
