"""Yes or no of plants, dataloggers and devices (reference sections 9.1, 9.3, 9.8)."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.entity import BundleEntity, Candidate, add_with_their_data
from .describe import Lasting
from .device import Device, LoggerUnit
from .entity import DeviceEntity, PlantEntity
from .families import Family
from .plant import Plant
from .readings import Reading
from .runtime import GrowattConfigEntry, GrowattRuntime

PARALLEL_UPDATES = 0

# ``status`` of a record (section 3.B); a storage's and a WIT's mean something else
_FAULT_STATUSES = {
    Family.MIN: (2, 3),
    Family.SPH: (2, 3),
    Family.SPA: (2, 3),
    Family.INVERTER: (2, 3),
    Family.MAX: (2, 3),
    Family.NOAH: (4,),
}
_FAULTS = ("fault_code", "fault_status")


@dataclass(frozen=True, kw_only=True)
class DeviceBinarySensorDescription(BinarySensorEntityDescription):
    """A yes or no of a device; it exists as soon as there once was one."""

    value_fn: Callable[[Device], bool | None]
    lasting: Lasting = Lasting.LIVE


def problem(reading: Reading) -> bool | None:
    """Tell whether a record has a fault; None if it does not say."""
    faults = [reading.get(key) for key in _FAULTS]
    statuses = _FAULT_STATUSES.get(reading.family)
    status = reading.get("status_code") if statuses else None
    if status is None and all(fault is None for fault in faults):
        return None
    return any(faults) or (statuses is not None and status in statuses)


DEVICE = (
    DeviceBinarySensorDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda device: (
            problem(device.reading) if device.reading is not None else None
        ),
    ),
    # Also while its record is too old to be shown: then it is what says so
    DeviceBinarySensorDescription(
        key="online",
        translation_key="online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda device: (
            device.reading.online(dt_util.utcnow())
            if device.reading is not None and device.reading.observed_at is not None
            else None
        ),
        lasting=Lasting.TOTAL,
    ),
)

PLANT_ONLINE = BinarySensorEntityDescription(
    key="online",
    translation_key="online",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)
LOGGER_ONLINE = BinarySensorEntityDescription(
    key="online",
    translation_key="online",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrowattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GrowattRuntime) -> list[Candidate]:
    found: list[Candidate] = [
        (plant.key, PLANT_ONLINE.key, partial(PlantOnline, plant))
        for plant in runtime.plants.values()
        if plant.summary.known and plant.summary.data.online is not None
    ]
    found += [
        (device.serial, item.key, partial(DeviceBinarySensor, device, item))
        for device in runtime.devices.values()
        for item in DEVICE
        if device.reading is not None
        and device.seen(f"binary_{item.key}", item.value_fn(device) is not None)
    ]
    found += [
        (unit.serial, LOGGER_ONLINE.key, partial(LoggerOnline, runtime, unit))
        for unit in runtime.loggers.values()
        if unit.info.lost is not None
    ]
    return found


class DeviceBinarySensor(DeviceEntity, BinarySensorEntity):
    """A yes or no of a device."""

    entity_description: DeviceBinarySensorDescription

    def __init__(
        self, device: Device, description: DeviceBinarySensorDescription
    ) -> None:
        """Bind the description to the device."""
        super().__init__(device, description)
        self.lasting = description.lasting

    @property
    @override
    def shown(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.device)


class PlantOnline(PlantEntity, BinarySensorEntity):
    """Whether a plant reports, as the cloud sees it."""

    def __init__(self, plant: Plant) -> None:
        """Bind to the plant."""
        super().__init__(plant, PLANT_ONLINE)

    @property
    @override
    def shown(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        online: bool | None = self.plant.summary.data.online
        return online


class LoggerOnline(BundleEntity[Any], BinarySensorEntity):
    """Whether a datalogger reports, as its plant's list of devices says."""

    def __init__(self, runtime: GrowattRuntime, unit: LoggerUnit) -> None:
        """Bind to the datalogger; what it shows is looked up anew each time."""
        super().__init__(
            unit.coordinator, LOGGER_ONLINE, f"{unit.serial}_{LOGGER_ONLINE.key}"
        )
        self._runtime, self._serial = runtime, unit.serial
        self._attr_device_info = unit.device_info

    @property
    @override
    def shown(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        unit = self._runtime.loggers.get(self._serial)
        if unit is None or unit.info.lost is None:
            return None
        return not unit.info.lost
