"""Sensors of plants and devices (reference section 9)."""

from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_IMPORT, HistorySensor
from .control_told import control_sensors
from .descriptions_device import DEVICES
from .descriptions_plant import PLANT, of_battery
from .device import Device
from .plant import Plant
from .runtime import GoodWeConfigEntry, GoodWeRuntime
from .sensor_entities import DeviceSensor, PlantSensor

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GoodWeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GoodWeRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for plant in runtime.plants.values():
        found += _of_plant(runtime, plant)
    for device in runtime.devices.values():
        found += _of_device(runtime, device)
    return found + control_sensors(runtime)


def _of_plant(runtime: GoodWeRuntime, plant: Plant) -> list[Candidate]:
    values, seen = plant.values, runtime.account.seen
    found: list[Candidate] = [
        (
            plant.key,
            item.key,
            partial(PlantSensor, runtime, plant, item, coordinator=of(plant)),
        )
        for of, items in PLANT
        for item in items
        if (plant.has_battery or not of_battery(item.key))
        and seen(f"{plant.key}/has_{item.key}", values.get(item.key) is not None)
    ]
    if (job := runtime.histories.of(plant)) is not None:
        history = partial(HistorySensor, job, plant.key, plant.device_info)
        found.append((plant.key, HISTORY_IMPORT.key, history))
    return found


def _of_device(runtime: GoodWeRuntime, device: Device) -> list[Candidate]:
    values = device.values
    return [
        (device.serial, item.key, partial(DeviceSensor, runtime, device, item))
        for item in DEVICES.get(device.cls, ())
        if device.seen(item.key, values.get(item.key) is not None)
    ]
