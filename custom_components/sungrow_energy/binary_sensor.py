"""Yes or no of plants and devices (reference sections 9.1, 9.2, 9.6)."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .device import Device
from .entity import DeviceEntity, PlantEntity
from .plant import Plant
from .runtime import SungrowConfigEntry, SungrowRuntime

PARALLEL_UPDATES = 0

# ``charging_status`` of an EV charger while a vehicle is plugged in (section 3.11)
_PLUGGED = frozenset(
    {"standby", "charging", "paused_by_station", "paused_by_vehicle", "completed"}
)


@dataclass(frozen=True, kw_only=True)
class PlantBinarySensorDescription(BinarySensorEntityDescription):
    """A yes or no of a plant."""

    value_fn: Callable[[Plant], bool | None]


@dataclass(frozen=True, kw_only=True)
class DeviceBinarySensorDescription(BinarySensorEntityDescription):
    """A yes or no of a device; it exists as soon as there once was one.

    Some are of the list of devices: they hold also while the device is silent.
    """

    value_fn: Callable[[Device], bool | None]
    listed: bool = False


def _plant_problem(plant: Plant) -> bool | None:
    entry = plant.entry
    if entry.fault is None and entry.fault_count is None:
        return None
    return entry.fault in ("fault", "alarm") or bool(entry.fault_count)


def _charging_status(device: Device) -> str | None:
    status = device.values.get("charging_status")
    return status if isinstance(status, str) else None


def _plugged(device: Device) -> bool | None:
    # A charger that is reserved, disabled or faulty does not tell
    status = _charging_status(device)
    if status in _PLUGGED:
        return True
    return False if status == "idle" else None


def _charging(device: Device) -> bool | None:
    status = _charging_status(device)
    return status == "charging" if status is not None else None


PLANT = (
    PlantBinarySensorDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_plant_problem,
    ),
    PlantBinarySensorDescription(
        key="online",
        translation_key="online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda plant: plant.entry.online,
    ),
)

DEVICE = (
    DeviceBinarySensorDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda device: device.problem,
        listed=True,
    ),
    DeviceBinarySensorDescription(
        key="online",
        translation_key="online",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda device: device.online,
        listed=True,
    ),
    DeviceBinarySensorDescription(
        key="plugged",
        translation_key="plugged",
        device_class=BinarySensorDeviceClass.PLUG,
        value_fn=_plugged,
    ),
    DeviceBinarySensorDescription(
        key="charging",
        translation_key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        value_fn=_charging,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SungrowConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: SungrowRuntime) -> list[Candidate]:
    found: list[Candidate] = [
        (plant.key, item.key, partial(PlantBinarySensor, runtime, plant, item))
        for plant in runtime.plants.values()
        for item in PLANT
        if item.value_fn(plant) is not None
    ]
    found += [
        (
            device.identifier,
            item.key,
            partial(DeviceBinarySensor, runtime, device, item),
        )
        for device in runtime.devices.values()
        for item in DEVICE
        if device.seen(f"binary_{item.key}", item.value_fn(device) is not None)
    ]
    return found


class PlantBinarySensor(PlantEntity, BinarySensorEntity):
    """A yes or no of a plant, as the list of plants says."""

    entity_description: PlantBinarySensorDescription

    def __init__(
        self,
        runtime: SungrowRuntime,
        plant: Plant,
        description: PlantBinarySensorDescription,
    ) -> None:
        """Bind the description to the plant's row of the list."""
        super().__init__(runtime, plant, description, coordinator=runtime.listing)

    @property
    @override
    def shown(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.plant)


class DeviceBinarySensor(DeviceEntity, BinarySensorEntity):
    """A yes or no of a device."""

    entity_description: DeviceBinarySensorDescription

    def __init__(
        self,
        runtime: SungrowRuntime,
        device: Device,
        description: DeviceBinarySensorDescription,
    ) -> None:
        """Bind the description to the device and to what tells it."""
        super().__init__(device, description)
        self._runtime = runtime

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if self.entity_description.listed:
            # The list says it too, and of silent devices only the list does
            self.async_on_remove(
                self._runtime.async_listen(self._handle_coordinator_update)
            )

    @property
    @override
    def available(self) -> bool:
        if self.entity_description.listed:
            return self.device.list_coordinator.fresh
        return super().available

    @property
    @override
    def shown(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.device)
