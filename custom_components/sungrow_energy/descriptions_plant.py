"""The sensors of a plant and of the account (reference section 9.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfMass, UnitOfPower
from homeassistant.helpers.typing import StateType

from ._vendor.core.ha.entity import minute
from .derived import PLANT_KEYS
from .describe import Lasting, PointDescription, describe
from .enums import FAULT_OPTIONS
from .points import PLANT, Point

if TYPE_CHECKING:
    from .plant import Plant
    from .runtime import SungrowRuntime

type Value = StateType | datetime

NO_FAULT = "no_fault"
# Of a plant without a battery they say nothing, whatever the server answers (6.5, 9.8)
_BATTERY = ("battery_", "storage_", "planned_", "soc_", "plant_soc")

PLANT_VALUES: tuple[PointDescription, ...] = tuple(
    describe(point)
    for point in (
        *(Point("", key, kind) for key, kind in PLANT_KEYS.items()),
        *PLANT,
    )
)


def of_battery(key: str) -> bool:
    """Tell whether a value of a plant is that of its battery."""
    return key.startswith(_BATTERY)


@dataclass(frozen=True, kw_only=True)
class EntryDescription(SensorEntityDescription):
    """What the list of plants says of a plant.

    ``unit_fn`` gives the unit where the plant decides it.
    """

    value_fn: Callable[[Plant], Value]
    unit_fn: Callable[[Plant], str | None] | None = None


@dataclass(frozen=True, kw_only=True)
class ExtraDescription(SensorEntityDescription):
    """An amount that only the account login's list has, in the unit that it names."""

    lasting: Lasting = Lasting.TOTAL


@dataclass(frozen=True, kw_only=True)
class AccountDescription(SensorEntityDescription):
    """A sensor of the account."""

    value_fn: Callable[[SungrowRuntime], StateType]
    attributes_fn: Callable[[SungrowRuntime], Mapping[str, Any]]


def _price(plant: Plant) -> str | None:
    currency = plant.entry.tariff.currency
    return f"{currency}/kWh" if currency else None


ENTRY = (
    EntryDescription(
        key="fault_count",
        translation_key="fault_count",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda plant: plant.entry.fault_count,
    ),
    EntryDescription(
        key="alarm_count",
        translation_key="alarm_count",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda plant: plant.entry.alarm_count,
    ),
    EntryDescription(
        key="plant_status",
        translation_key="plant_status",
        device_class=SensorDeviceClass.ENUM,
        options=["normal", "alarm", "fault"],
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda plant: plant.entry.fault,
    ),
    EntryDescription(
        key="installed_power",
        translation_key="installed_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda plant: plant.entry.installed_power,
    ),
    EntryDescription(
        key="import_price",
        translation_key="import_price",
        suggested_display_precision=4,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda plant: plant.entry.tariff.consumption,
        unit_fn=_price,
    ),
    EntryDescription(
        key="export_price",
        translation_key="export_price",
        suggested_display_precision=4,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda plant: plant.entry.tariff.feed_in,
        unit_fn=_price,
    ),
)

EXTRAS = (
    *(
        ExtraDescription(
            key=f"income_{span}",
            translation_key=f"income_{span}",
            device_class=SensorDeviceClass.MONETARY,
            state_class=SensorStateClass.TOTAL,
            suggested_display_precision=2,
            entity_registry_enabled_default=False,
            lasting=lasting,
        )
        for span, lasting in (
            ("today", Lasting.TODAY),
            ("year", Lasting.TOTAL),
            ("total", Lasting.TOTAL),
        )
    ),
    *(
        ExtraDescription(
            key=f"co2_{span}",
            translation_key=f"co2_{span}",
            device_class=SensorDeviceClass.WEIGHT,
            state_class=SensorStateClass.TOTAL_INCREASING,
            native_unit_of_measurement=UnitOfMass.KILOGRAMS,
            suggested_display_precision=1,
            entity_registry_enabled_default=False,
            lasting=lasting,
        )
        for span, lasting in (("today", Lasting.TODAY), ("total", Lasting.TOTAL))
    ),
)

ACTIVE_FAULT = SensorEntityDescription(
    key="active_fault",
    translation_key="active_fault",
    device_class=SensorDeviceClass.ENUM,
    options=[NO_FAULT, *FAULT_OPTIONS],
    entity_category=EntityCategory.DIAGNOSTIC,
)

DATA_TIME = SensorEntityDescription(
    key="data_timestamp",
    translation_key="data_timestamp",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
)

API_CALLS = AccountDescription(
    key="api_calls_hour",
    translation_key="api_calls_hour",
    state_class=SensorStateClass.MEASUREMENT,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    value_fn=lambda runtime: sum(runtime.calls_last_hour().values()),
    attributes_fn=lambda runtime: dict(sorted(runtime.calls_last_hour().items())),
)


def newest(plant: Plant) -> datetime | None:
    """Return when the newest sample of a plant's devices was taken."""
    times = [at for device in plant.devices if (at := device.observed_at) is not None]
    return minute(max(times, default=None))
