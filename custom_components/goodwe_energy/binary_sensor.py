"""Yes or no of plants (reference section 9)."""

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

from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .alarm_data import listed_alarms
from .entity import PlantEntity
from .plant import Plant
from .runtime import GoodWeConfigEntry, GoodWeRuntime

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class PlantBinarySensorDescription(BinarySensorEntityDescription):
    """A yes or no of a plant; it exists as soon as there once was one."""

    value_fn: Callable[[Plant], bool | None]
    coordinator_fn: Callable[[Plant], BundleCoordinator[Any]]


def _online(plant: Plant) -> bool | None:
    status = plant.values.get("status")
    return status != "offline" if status is not None else None


def _grid_connected(plant: Plant) -> bool | None:
    off_grid = plant.off_grid
    return not off_grid if off_grid is not None else None


def _alarm(plant: Plant) -> bool | None:
    active = plant.values.get("active_alarms")
    return active > 0 if isinstance(active, int | float) else None


ONLINE = PlantBinarySensorDescription(
    key="online",
    translation_key="online",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
    value_fn=_online,
    coordinator_fn=lambda plant: plant.info,
)
GRID_CONNECTED = PlantBinarySensorDescription(
    key="grid_connected",
    translation_key="grid_connected",
    device_class=BinarySensorDeviceClass.POWER,
    value_fn=_grid_connected,
    coordinator_fn=lambda plant: plant.info,
)
ALARM = PlantBinarySensorDescription(
    key="alarm",
    translation_key="alarm",
    device_class=BinarySensorDeviceClass.PROBLEM,
    value_fn=_alarm,
    coordinator_fn=lambda plant: plant.alarms_listing,
)
LIVE_CONNECTED = PlantBinarySensorDescription(
    key="live_connected",
    translation_key="live_connected",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
    value_fn=lambda plant: plant.live_connected,
    coordinator_fn=lambda plant: plant.live,
)
PLANT = (ONLINE, GRID_CONNECTED, ALARM, LIVE_CONNECTED)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GoodWeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GoodWeRuntime) -> list[Candidate]:
    seen = runtime.account.seen
    return [
        (plant.key, item.key, partial(_make, runtime, plant, item))
        for plant in runtime.plants.values()
        for item in PLANT
        if seen(f"{plant.key}/has_binary_{item.key}", item.value_fn(plant) is not None)
    ]


def _make(
    runtime: GoodWeRuntime, plant: Plant, description: PlantBinarySensorDescription
) -> PlantBinarySensor:
    kinds = {ALARM.key: AlarmSensor, LIVE_CONNECTED.key: LiveSensor}
    return kinds.get(description.key, PlantBinarySensor)(runtime, plant, description)


class PlantBinarySensor(PlantEntity, BinarySensorEntity):
    """A yes or no of a plant."""

    entity_description: PlantBinarySensorDescription

    def __init__(
        self,
        runtime: GoodWeRuntime,
        plant: Plant,
        description: PlantBinarySensorDescription,
    ) -> None:
        """Bind the description to the plant."""
        super().__init__(
            runtime, plant, description, coordinator=description.coordinator_fn(plant)
        )

    @property
    @override
    def available(self) -> bool:
        return self.coordinator.fresh

    @property
    @override
    def shown(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.plant)


class AlarmSensor(PlantBinarySensor):
    """Whether anything of a plant complains; its attribute tells what."""

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return {"alarms": list((listed_alarms(self.plant) or {}).values())}

    @property
    @override
    def shown(self) -> Hashable:
        return (super().shown, repr(self.extra_state_attributes))


class LiveSensor(PlantBinarySensor):
    """Whether the plant's values are pushed; that is known without any answer."""

    @property
    @override
    def available(self) -> bool:
        return True
