"""Sensors of a plant: what the cloud sums up over its devices (reference section 9.1)."""

from dataclasses import dataclass

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfEnergy,
    UnitOfMass,
    UnitOfPower,
    UnitOfRatio,
)

from .describe import Lasting


@dataclass(frozen=True, kw_only=True)
class PlantDescription(SensorEntityDescription):
    """A sensor of a plant; it exists as soon as there once was a value."""

    lasting: Lasting = Lasting.LIVE
    money: bool = False


def _energy(key: str, lasting: Lasting, *, enabled: bool) -> PlantDescription:
    return PlantDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        entity_registry_enabled_default=enabled,
        lasting=lasting,
    )


def _money(key: str, lasting: Lasting) -> PlantDescription:
    return PlantDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.MONETARY,
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=2,
        lasting=lasting,
        money=True,
    )


PLANT = (
    PlantDescription(
        key="output_power",
        translation_key="output_power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
    ),
    _energy("energy_today", Lasting.TODAY, enabled=True),
    _energy("energy_month", Lasting.TOTAL, enabled=False),
    _energy("energy_year", Lasting.TOTAL, enabled=False),
    _energy("energy_total", Lasting.TOTAL, enabled=True),
    PlantDescription(
        key="peak_power",
        translation_key="peak_power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        lasting=Lasting.TOTAL,
    ),
    _money("money_today", Lasting.TODAY),
    _money("money_total", Lasting.TOTAL),
    PlantDescription(
        key="co2_reduction",
        translation_key="co2_reduction",
        device_class=SensorDeviceClass.WEIGHT,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfMass.KILOGRAMS,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        lasting=Lasting.TOTAL,
    ),
    PlantDescription(
        key="efficiency",
        translation_key="efficiency",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
    ),
)

LAST_UPDATE = SensorEntityDescription(
    key="last_update",
    translation_key="last_update",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)
