"""All points that a house gives values to, by device type."""

from dataclasses import replace
from datetime import timedelta

from ...energy import Energy
from .battery import (
    BATTERY_POINTS,
    CONTROLLER_POINTS,
    EMS_POINTS,
    LOCAL_POINTS,
    PCS_POINTS,
    RACK_POINTS,
)
from .hybrid import HYBRID_POINTS
from .inverter import INVERTER_POINTS, MICRO_POINTS
from .meteo import METEO_POINTS
from .others import (
    CHARGER_POINTS,
    COMBINER_POINTS,
    LOGGER_POINTS,
    METER_POINTS,
    MODULE_POINTS,
)
from .plant import PLANT_POINTS
from .value import Point, Sample, Value, written

TABLES: dict[int, dict[int, Point]] = {
    1: INVERTER_POINTS,
    4: COMBINER_POINTS,
    5: METEO_POINTS,
    7: METER_POINTS,
    9: LOGGER_POINTS,
    11: PLANT_POINTS,
    14: HYBRID_POINTS,
    22: MODULE_POINTS,
    26: EMS_POINTS,
    37: PCS_POINTS,
    43: BATTERY_POINTS,
    44: RACK_POINTS,
    45: LOCAL_POINTS,
    51: CHARGER_POINTS,
    52: CONTROLLER_POINTS,
    55: MICRO_POINTS,
}
COMPUTED = frozenset({83124, 13130, 13137})
"""Lifetime totals that the server computes, with dips and negatives (10.9)."""
_DIP_WH = 400.0


def point_value(kind: int, number: int, sample: Sample) -> str | None:
    """Return a point of a device type as a text; None if it has no value."""
    point = TABLES.get(kind, {}).get(number)
    if point is None:
        return None
    cloud = sample.plant.cloud
    if point.daily and cloud.late_midnight:
        sample = _before_midnight(sample, cloud.late_midnight)
    value: Value = point.value(sample)
    if point.ratio and isinstance(value, float) and cloud.percents == "percent":
        return written(value * 100, 1)
    if number in COMPUTED and isinstance(value, float):
        if cloud.computed == "negative":
            value = -value
        elif cloud.computed == "dips" and sample.shot.at.minute % 10 >= 5:
            value -= _DIP_WH
    return written(value, point.digits)


def _before_midnight(sample: Sample, seconds: float) -> Sample:
    """Return a sample whose day began, but whose daily counters did not (10.10)."""
    plant, shot = sample.plant, sample.shot
    local = plant.local(shot.at)
    since = local - local.replace(hour=0, minute=0, second=0, microsecond=0)
    if since.total_seconds() >= seconds:
        return sample
    yesterday = plant.house.energy_on(local.date() - timedelta(days=1)) or Energy()
    return replace(sample, shot=replace(shot, today=yesterday))
