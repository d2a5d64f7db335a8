"""Sensors of devices, plants, dataloggers and the account (reference section 9)."""

from collections.abc import Hashable
from datetime import datetime, time, timedelta, tzinfo
from functools import partial
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.control_entity import LEASES
from ._vendor.core.ha.control_state import CONTROL_SENSORS, ControlSensor
from ._vendor.core.ha.entity import BundleSensor, Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_IMPORT, HistorySensor
from .describe import Lasting, ReadingDescription
from .descriptions_electrics import ELECTRICS
from .descriptions_flows import FLOWS
from .descriptions_plant import LAST_UPDATE, PLANT, PlantDescription
from .descriptions_states import (
    ACCOUNT,
    LOGGER,
    STATES,
    AccountDescription,
    LoggerDescription,
    StateDescription,
    Value,
)
from .device import Device, LoggerUnit
from .entity import DeviceEntity, PlantEntity, control_device
from .meterless import async_follow_meters
from .panel_sensor import of_panels
from .plant import Plant
from .readings import Reading
from .runtime import GrowattConfigEntry, GrowattRuntime

PARALLEL_UPDATES = 0

_READINGS = (*FLOWS, *ELECTRICS)
_LOOK_EVERY = timedelta(minutes=5)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrowattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)
    entry.async_on_unload(async_follow_meters(entry.runtime_data))


def day_start(at: datetime, zone: tzinfo) -> datetime:
    """Return when the day of a plant began that holds ``at``."""
    return datetime.combine(at.astimezone(zone).date(), time.min, zone)


def _candidates(runtime: GrowattRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for plant in runtime.plants.values():
        found += _of_plant(runtime, plant)
    for device in runtime.devices.values():
        found += [*_of_device(device), *of_panels(device)]
        if (job := runtime.histories.of(device)) is not None:
            make = partial(HistorySensor, job, device.serial, device.device_info)
            found.append((device.serial, HISTORY_IMPORT.key, make))
    for unit in runtime.loggers.values():
        found += [
            (unit.serial, item.key, partial(LoggerSensor, runtime, unit, item))
            for item in LOGGER
            if item.value_fn(unit) is not None
        ]
    return found


def _of_plant(runtime: GrowattRuntime, plant: Plant) -> list[Candidate]:
    found: list[Candidate] = [
        (plant.key, item.key, partial(PlantSensor, plant, item))
        for item in PLANT
        if plant.summary.known
        and runtime.account.seen(
            f"{plant.key}/has_{item.key}",
            plant.summary.data.values.get(item.key) is not None,
        )
    ]
    if plant.summary.known and plant.summary.data.last_update is not None:
        found.append((plant.key, LAST_UPDATE.key, partial(PlantUpdateSensor, plant)))
    if plant is next(iter(runtime.plants.values())):
        found += [
            (plant.key, item.key, partial(AccountSensor, runtime, plant, item))
            for item in ACCOUNT
        ]
    return found


def _of_device(device: Device) -> list[Candidate]:
    if (reading := device.reading) is None:
        return []
    found: list[Candidate] = [
        (device.serial, item.key, partial(ReadingSensor, device, item, reading))
        for item in _READINGS
        if device.family in item.families
        and (item.pack is None or device.has_battery)
        and device.seen(item.key, reading.get(item.key) is not None)
    ]
    found += [
        (device.serial, state.key, partial(StateSensor, device, state))
        for state in STATES
        if device.seen(state.key, state.value_fn(device) is not None)
    ]
    if (control := control_device(device)) is not None:
        # What has settings only counts how often they were written.
        leases = control.manager.driver.capabilities.intents & LEASES
        found += [
            (device.serial, item.key, partial(ControlSensor, control, item))
            for item in CONTROL_SENSORS
            if leases or item.daily
        ]
    return found


class ReadingSensor(DeviceEntity, BundleSensor[Any]):
    """A value of a device's newest record."""

    entity_description: ReadingDescription

    def __init__(
        self, device: Device, description: ReadingDescription, reading: Reading
    ) -> None:
        """Bind the description; the record decides if it is shown from the beginning."""
        super().__init__(device, description, pack=description.pack)
        self.lasting = description.lasting
        self._attr_entity_registry_enabled_default = description.enabled(
            reading, metered=device.has_meter is not False
        )

    @property
    @override
    def native_value(self) -> StateType:
        reading = self.device.reading
        return reading.get(self.entity_description.key) if reading is not None else None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        if not self.entity_description.money:
            return super().native_unit_of_measurement
        told = self.device.reading.get("currency") if self.device.reading else None
        home = self.device.plant.currency or self.hass.config.currency
        return str(told) if told else home

    @property
    @override
    def last_reset(self) -> datetime | None:
        at = self.device.observed_at
        if not self.entity_description.money or self.lasting is not Lasting.TODAY:
            return None
        return day_start(at, self.device.plant.zone) if at is not None else None


class StateSensor(DeviceEntity, BundleSensor[Any]):
    """A word or a time of a device."""

    entity_description: StateDescription

    def __init__(self, device: Device, description: StateDescription) -> None:
        """Bind the description to the device."""
        super().__init__(device, description)
        self.lasting = description.lasting
        if device.family in description.disabled_for:
            self._attr_entity_registry_enabled_default = False

    @property
    @override
    def native_value(self) -> Value:
        return self.entity_description.value_fn(self.device)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.device) if attributes_fn is not None else None

    @property
    @override
    def shown(self) -> Hashable:
        return (super().shown, repr(self.extra_state_attributes))


class PlantSensor(PlantEntity, BundleSensor[Any]):
    """A sum of a plant."""

    entity_description: PlantDescription

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if self.entity_description.lasting is not Lasting.TOTAL:
            # A value may end between two polls, and while none succeeds
            self.async_on_remove(
                async_track_time_interval(
                    self.hass, self._look, _LOOK_EVERY, cancel_on_shutdown=True
                )
            )

    @callback
    def _look(self, _now: datetime) -> None:
        self._handle_coordinator_update()

    @property
    @override
    def available(self) -> bool:
        """Whether the value still holds.

        The sums since ever stand, those of the day until the plant's day ends, and what
        is now as long as a few polls take.
        """
        if not super().available:
            return False
        lasting, at = self.entity_description.lasting, self.plant.observed_at
        if lasting is Lasting.LIVE:
            return self.plant.fresh
        if lasting is Lasting.TOTAL:
            return True
        zone = self.plant.zone
        return at is not None and at.astimezone(zone).date() == dt_util.now(zone).date()

    @property
    @override
    def native_value(self) -> StateType:
        return self.plant.summary.data.values.get(self.entity_description.key)

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        if not self.entity_description.money:
            return super().native_unit_of_measurement
        return self.plant.currency or self.hass.config.currency

    @property
    @override
    def last_reset(self) -> datetime | None:
        description = self.entity_description
        if not description.money or description.lasting is not Lasting.TODAY:
            return None
        at = self.plant.observed_at
        return day_start(at, self.plant.zone) if at is not None else None


class PlantUpdateSensor(PlantEntity, BundleSensor[Any]):
    """When the cloud last got something of the plant."""

    def __init__(self, plant: Plant) -> None:
        """Bind to the plant."""
        super().__init__(plant, LAST_UPDATE)

    @property
    @override
    def native_value(self) -> datetime | None:
        moment: datetime | None = self.plant.summary.data.last_update
        return moment


class LoggerSensor(BundleSensor[Any]):
    """A value of a datalogger."""

    entity_description: LoggerDescription

    def __init__(
        self, runtime: GrowattRuntime, unit: LoggerUnit, description: LoggerDescription
    ) -> None:
        """Bind the description; what it shows is looked up anew each time."""
        signal = description.device_class is SensorDeviceClass.SIGNAL_STRENGTH
        super().__init__(
            (unit.wifi if signal else None) or unit.coordinator,
            description,
            f"{unit.serial}_{description.key}",
        )
        self._runtime, self._serial = runtime, unit.serial
        self._attr_device_info = unit.device_info

    @property
    @override
    def native_value(self) -> Value:
        unit = self._runtime.loggers.get(self._serial)
        return self.entity_description.value_fn(unit) if unit is not None else None


class AccountSensor(BundleSensor[Any]):
    """A diagnostic value of the account, shown with its first plant."""

    entity_description: AccountDescription

    def __init__(
        self, runtime: GrowattRuntime, plant: Plant, description: AccountDescription
    ) -> None:
        """Bind the description to the account; it follows the plant's document."""
        super().__init__(
            plant.summary, description, f"{runtime.entry.unique_id}_{description.key}"
        )
        self._account = runtime.account
        self._attr_device_info = plant.device_info

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self._account)
