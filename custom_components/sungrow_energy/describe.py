"""How points become sensors: class, unit, name and how long a value may be shown.

Which points there are, in which units and whether people see them from the beginning
is said once, in ``points``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
import re

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory

from .enums import OPTIONS
from .points import Kind, Point, by_id

_MEASURED = SensorStateClass.MEASUREMENT
_RISING = SensorStateClass.TOTAL_INCREASING
_NUMBER = re.compile(r"\d+")
_PHASE = re.compile(r"(?:^|_)phase_([abc])_")
# Here the number is a part of what they are, not one of several
_FIXED = ("channel1", "channel2")


class Lasting(Enum):
    """How long a value may be shown."""

    LIVE = "live"  # while the device reports
    TODAY = "today"  # until the plant's day ends
    TOTAL = "total"  # always: a counter of a sleeping device stands still


@dataclass(frozen=True, slots=True)
class Sort:
    """What sensors of one kind of points have in common."""

    device_class: SensorDeviceClass | None
    digits: int | None
    state_class: SensorStateClass | None = _MEASURED


SORTS: Mapping[Kind, Sort] = {
    Kind.POWER: Sort(SensorDeviceClass.POWER, 0),
    Kind.CHARGER_POWER: Sort(SensorDeviceClass.POWER, 0),
    Kind.APPARENT_POWER: Sort(SensorDeviceClass.APPARENT_POWER, 0),
    Kind.REACTIVE_POWER: Sort(SensorDeviceClass.REACTIVE_POWER, 0),
    Kind.POWER_FACTOR: Sort(SensorDeviceClass.POWER_FACTOR, 2),
    Kind.ENERGY: Sort(SensorDeviceClass.ENERGY, 1, _RISING),
    Kind.STORED_ENERGY: Sort(SensorDeviceClass.ENERGY_STORAGE, 1),
    Kind.PLANNED_ENERGY: Sort(SensorDeviceClass.ENERGY, 1, None),
    Kind.REACTIVE_ENERGY: Sort(SensorDeviceClass.REACTIVE_ENERGY, 1, _RISING),
    Kind.SOC: Sort(SensorDeviceClass.BATTERY, 0),
    Kind.SOC_PERCENT: Sort(SensorDeviceClass.BATTERY, 0),
    Kind.FRACTION: Sort(None, 0),
    Kind.VOLTAGE: Sort(SensorDeviceClass.VOLTAGE, 1),
    Kind.CELL_VOLTAGE: Sort(SensorDeviceClass.VOLTAGE, 0),
    Kind.CURRENT: Sort(SensorDeviceClass.CURRENT, 1),
    Kind.SIGNAL_CURRENT: Sort(SensorDeviceClass.CURRENT, 1),
    Kind.TEMPERATURE: Sort(SensorDeviceClass.TEMPERATURE, 1),
    Kind.FREQUENCY: Sort(SensorDeviceClass.FREQUENCY, 2),
    Kind.HOURS: Sort(SensorDeviceClass.DURATION, 1),
    Kind.INSULATION: Sort(None, 0),
    Kind.IMPEDANCE: Sort(None, 0),
    Kind.NORMALIZED_POWER: Sort(None, 2),
    Kind.IRRADIANCE: Sort(SensorDeviceClass.IRRADIANCE, 0),
    Kind.IRRADIATION: Sort(None, 0, _RISING),
    Kind.WIND_SPEED: Sort(SensorDeviceClass.WIND_SPEED, 1),
    Kind.ANGLE: Sort(
        SensorDeviceClass.WIND_DIRECTION, 0, SensorStateClass.MEASUREMENT_ANGLE
    ),
    Kind.PRESSURE: Sort(SensorDeviceClass.ATMOSPHERIC_PRESSURE, 0),
    Kind.HUMIDITY: Sort(SensorDeviceClass.HUMIDITY, 0),
    Kind.RAIN: Sort(SensorDeviceClass.PRECIPITATION, 1),
    Kind.SIGNAL: Sort(SensorDeviceClass.SIGNAL_STRENGTH, 0),
    Kind.COUNT: Sort(None, 0, _RISING),
    Kind.NUMBER: Sort(None, 0),
    Kind.CODE: Sort(None, None, None),
    Kind.TEXT: Sort(None, None, None),
    Kind.STATUS: Sort(SensorDeviceClass.ENUM, None, None),
}


@dataclass(frozen=True, kw_only=True)
class PointDescription(SensorEntityDescription):
    """A sensor of a value; it exists as soon as there once was one.

    ``identity`` stands for it in unique ids: the point's id (reference section 8.2), or
    its key where no point gives it.
    """

    identity: str
    lasting: Lasting = Lasting.LIVE
    point_id: str | None = None


def named(key: str) -> tuple[str, dict[str, str] | None]:
    """Return a key's translation key, and what is filled into its text.

    What there is several times shares one text: ``mppt3_voltage`` is ``mppt_n_voltage``
    with its number, ``phase_b_current`` is ``phase_n_current`` with 2.
    """
    if (match := _PHASE.search(key)) is not None:
        at, number = match.start(1), str("abc".index(match[1]) + 1)
        return f"{key[:at]}n{key[at + 1 :]}", {"number": number}
    match = _NUMBER.search(key)
    if match is None or key.startswith(_FIXED):
        return key, None
    start, _, end = key.partition(match[0])
    return f"{start.removesuffix('_')}_n{end}", {"number": match[0]}


def describe(point: Point) -> PointDescription:
    """Return the sensor of a point."""
    sort = SORTS[point.kind]
    translation_key, placeholders = named(point.key)
    options = list(OPTIONS[point.codes]) if point.codes else None
    return PointDescription(
        key=point.key,
        identity=point.id or point.key,
        point_id=point.id or None,
        translation_key=point.codes or translation_key,
        translation_placeholders=placeholders,
        device_class=sort.device_class,
        native_unit_of_measurement=point.unit,
        suggested_display_precision=sort.digits,
        state_class=sort.state_class,
        options=options,
        entity_category=EntityCategory.DIAGNOSTIC if point.diagnostic else None,
        entity_registry_enabled_default=point.default,
        lasting=_lasting(point),
    )


def identity(device_type: int, key: str) -> str:
    """Return what stands for a value in unique ids, behind the device's own."""
    return next(
        (point.id for point in by_id(device_type).values() if point.key == key), key
    )


def _lasting(point: Point) -> Lasting:
    if point.span is None:
        return Lasting.LIVE
    return Lasting.TODAY if point.span == "today" else Lasting.TOTAL
