"""Sensors of the battery and its meters."""

from collections.abc import Hashable
from functools import partial
from typing import Any, override

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorExtraStoredData,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.client.decode import number
from ._vendor.core.ha.control_state import CONTROL_SENSORS, ControlSensor
from ._vendor.core.ha.entity import BundleSensor, Candidate, add_with_their_data
from .api.models import Meter
from .coordinator import SonnenBattery, SonnenConfigEntry
from .describe import BatterySensorDescription, Value
from .descriptions_battery import BATTERY
from .descriptions_derived import DERIVED
from .descriptions_inverter import INVERTER, SETTINGS
from .descriptions_live import ENERGY, POWER, STATES
from .descriptions_meter import METER, MeterSensorDescription
from .entity import BatteryEntity, control_device

PARALLEL_UPDATES = 0

_PLAIN = (*POWER, *STATES, *DERIVED, *BATTERY, *INVERTER, *SETTINGS)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SonnenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(battery: SonnenBattery) -> list[Candidate]:
    found: list[Candidate] = [
        (battery.serial, description.key, partial(kind, battery, description))
        for kind, descriptions in ((BatterySensor, _PLAIN), (EnergySensor, ENERGY))
        for description in descriptions
        if description.exists(battery)
    ]
    if (device := control_device(battery)) is not None:
        found += [
            (battery.serial, control.key, partial(ControlSensor, device, control))
            for control in CONTROL_SENSORS
        ]
    for meter in battery.meters.data.values.values() if battery.meters.known else ():
        found += [
            (
                battery.devices.meter_id(meter.key),
                item.key,
                partial(MeterSensor, battery, meter, item),
            )
            for item in METER
            if _reports(battery, meter, item)
        ]
    return found


def _reports(
    battery: SonnenBattery, meter: Meter, item: MeterSensorDescription
) -> bool:
    return battery.seen(f"{meter.key}_{item.key}", lambda: item.reported(meter))


class BatterySensor(BatteryEntity, BundleSensor[Any]):
    """A reading of the battery."""

    entity_description: BatterySensorDescription

    def __init__(
        self, battery: SonnenBattery, description: BatterySensorDescription
    ) -> None:
        """Bind the description to the battery."""
        super().__init__(battery, description.source(battery), description)

    @property
    @override
    def available(self) -> bool:
        if self.entity_description.shown_when_stale:
            return self.coordinator.known
        return super().available

    @property
    @override
    def native_value(self) -> Value:
        return self.entity_description.value_fn(self.battery)

    @property
    @override
    def options(self) -> list[str] | None:
        options, value = self.entity_description.options, self.native_value
        # What a newer firmware says must be told too.
        if options is None or value is None or value in options:
            return options
        return [*options, str(value)]

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.battery) if attributes_fn is not None else None

    @property
    @override
    def shown(self) -> Hashable:
        return (super().shown, repr(self.extra_state_attributes))


class EnergySensor(BatterySensor, RestoreSensor):
    """A counter of ours; what it showed before a restart is its floor."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        state = await self.async_get_last_state()
        data: SensorExtraStoredData | None = await self.async_get_last_sensor_data()
        if state is None or data is None:
            return
        flow, _, kind = self.entity_description.key.rpartition("_energy_")
        shown = number(data.native_value, low=0.0)
        if kind == "total":
            self.battery.energies.floor_total(flow, shown)
        else:
            self.battery.energies.floor_today(flow, shown, state.last_reported)


class MeterSensor(BatteryEntity, BundleSensor[Any]):
    """A reading of a power meter."""

    entity_description: MeterSensorDescription

    def __init__(
        self, battery: SonnenBattery, meter: Meter, description: MeterSensorDescription
    ) -> None:
        """Bind the description to the meter."""
        super().__init__(battery, battery.meters, description)
        self._meter = meter.key
        self._attr_unique_id = (
            f"{battery.devices.meter_id(meter.key)}_{description.key}"
        )
        others = battery.meters.data.values.values()
        alone = [other.direction for other in others].count(meter.direction) == 1
        self._attr_device_info: DeviceInfo = battery.devices.meter_info(
            meter, alone=alone
        )

    @property
    @override
    def available(self) -> bool:
        return super().available and self._meter in self.coordinator.data.values

    @property
    @override
    def native_value(self) -> float | None:
        meter = self.coordinator.data.values.get(self._meter)
        if meter is None:
            return None
        value = self.entity_description.value_fn(meter)
        # Adding 0 makes 0.0 of -0.0
        digits = self.entity_description.digits
        return None if value is None else round(value, digits) + 0.0
