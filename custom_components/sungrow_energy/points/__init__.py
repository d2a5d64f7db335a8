"""All measuring points by device type (reference section 3.11)."""

from collections.abc import Mapping

from .base import Kind, Point, Span
from .battery import BATTERY
from .equipment import CHARGER, COMBINER, COMMUNICATION, HOME_MANAGER, LOGGER, METEO
from .hybrid import HYBRID
from .inverter import INVERTER, MICRO
from .meter import METER
from .plant import PLANT
from .storage import CLUSTER, CONTROLLER, EMS, LOCAL_CONTROLLER, PCS

__all__ = [
    "HOME_MANAGER",
    "HOME_MANAGER_TYPE",
    "PLANT",
    "PLANT_TYPE",
    "TABLES",
    "Kind",
    "Point",
    "Span",
    "by_id",
    "table",
]

PLANT_TYPE = 11
# The type of an iHomeManager is not published: it is known by its model alone.
HOME_MANAGER_TYPE = -1

TABLES: Mapping[int, tuple[Point, ...]] = {
    1: INVERTER,
    4: COMBINER,
    5: METEO,
    7: METER,
    9: LOGGER,
    PLANT_TYPE: PLANT,
    14: HYBRID,
    22: COMMUNICATION,
    26: EMS,
    37: PCS,
    43: BATTERY,
    44: CLUSTER,
    45: LOCAL_CONTROLLER,
    51: CHARGER,
    52: CONTROLLER,
    55: MICRO,
}
_BY_ID = {kind: {point.id: point for point in found} for kind, found in TABLES.items()}
_HOME_MANAGER = {point.id: point for point in HOME_MANAGER}


def table(device_type: int) -> tuple[Point, ...]:
    """Return the points of a device type; those of an iHomeManager if it has none."""
    return TABLES.get(device_type, HOME_MANAGER)


def by_id(device_type: int) -> Mapping[str, Point]:
    """Return ``table`` by point id."""
    return _BY_ID.get(device_type, _HOME_MANAGER)
