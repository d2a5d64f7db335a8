"""What the tables of sensors are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.helpers.typing import StateType

from .coordinator import SonnenBattery
from .entity import BatteryDescription, Source

type Value = StateType | datetime
type ValueFn = Callable[[SonnenBattery], Value]
type ExistsFn = Callable[[SonnenBattery], bool]


@dataclass(frozen=True, kw_only=True)
class BatterySensorDescription(BatteryDescription, SensorEntityDescription):
    """A sensor of a battery."""

    value_fn: ValueFn
    attributes_fn: Callable[[SonnenBattery], dict[str, Any]] | None = None
    shown_when_stale: bool = False


def live(battery: SonnenBattery) -> Any:
    """Return the document with the flows of now."""
    return battery.live


def detail(battery: SonnenBattery) -> Any:
    """Return the document with the set point and the health."""
    return battery.detail


def info(battery: SonnenBattery) -> Any:
    """Return the document with the battery's cells."""
    return battery.battery


def inverter(battery: SonnenBattery) -> Any:
    """Return the document with the inverter's values."""
    return battery.inverter


def configuration(battery: SonnenBattery) -> Any:
    """Return the document with the settings."""
    return battery.config


def measured(
    key: str,
    device_class: SensorDeviceClass | None,
    unit: str | None,
    source: Source,
    value_fn: ValueFn,
    *,
    digits: int = 0,
    enabled: bool = False,
    diagnostic: bool = True,
    exists_fn: ExistsFn | None = None,
) -> BatterySensorDescription:
    """Return a measurement; the device's numbers carry noise beyond ``digits``."""

    def rounded(battery: SonnenBattery) -> Value:
        value = value_fn(battery)
        # Adding 0 makes 0.0 of -0.0
        return round(value, digits) + 0.0 if isinstance(value, float) else value

    return BatterySensorDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=unit,
        suggested_display_precision=digits,
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        entity_registry_enabled_default=enabled,
        source=source,
        value_fn=rounded,
        exists_fn=exists_fn,
    )


def told(
    key: str,
    source: Source,
    value_fn: ValueFn,
    *,
    device_class: SensorDeviceClass | None = None,
    options: list[str] | None = None,
    enabled: bool = False,
    diagnostic: bool = True,
    exists_fn: ExistsFn | None = None,
    attributes_fn: Callable[[SonnenBattery], dict[str, Any]] | None = None,
) -> BatterySensorDescription:
    """Return a sensor of a state, a text or a moment."""
    if options is not None:
        device_class = SensorDeviceClass.ENUM
    return BatterySensorDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        options=options,
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        entity_registry_enabled_default=enabled,
        source=source,
        value_fn=value_fn,
        exists_fn=exists_fn,
        attributes_fn=attributes_fn,
    )


def nth(values: tuple[float | None, ...], index: int) -> float | None:
    """Return a value of a phase, None where there is no such phase."""
    return values[index] if index < len(values) else None
