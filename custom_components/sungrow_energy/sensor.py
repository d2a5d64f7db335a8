"""Sensors of plants, devices and the account (reference section 9)."""

from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_IMPORT, HistorySensor
from .control_told import control_sensors
from .descriptions_plant import (
    ACTIVE_FAULT,
    API_CALLS,
    DATA_TIME,
    ENTRY,
    EXTRAS,
    PLANT_VALUES,
    newest,
    of_battery,
)
from .descriptions_points import of_type
from .device import Device
from .plant import Plant
from .points import PLANT_TYPE, by_id
from .runtime import SungrowConfigEntry, SungrowRuntime
from .sensor_device import PointSensor, UnknownPointSensor
from .sensor_plant import (
    AccountSensor,
    ActiveFaultSensor,
    DataTimeSensor,
    EntrySensor,
    ExtraSensor,
    PlantSensor,
    UnknownPlantPointSensor,
)

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SungrowConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: SungrowRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for number, plant in enumerate(runtime.plants.values()):
        found += _of_plant(runtime, plant)
        if number == 0:
            make = partial(AccountSensor, runtime, plant, API_CALLS)
            found.append((plant.key, API_CALLS.key, make))
    for device in runtime.devices.values():
        found += _of_device(device)
    return found + control_sensors(runtime)


def _of_plant(runtime: SungrowRuntime, plant: Plant) -> list[Candidate]:
    values, seen = plant.values, runtime.account.seen
    found: list[Candidate] = [
        (plant.key, item.key, partial(PlantSensor, runtime, plant, item))
        for item in PLANT_VALUES
        if (plant.has_battery or not of_battery(item.key))
        and seen(f"{plant.key}/has_{item.key}", values.get(item.key) is not None)
    ]
    found += [
        (plant.key, item.key, partial(EntrySensor, runtime, plant, item))
        for item in ENTRY
        if seen(f"{plant.key}/has_{item.key}", item.value_fn(plant) is not None)
    ]
    found += [
        (plant.key, item.key, partial(ExtraSensor, runtime, plant, item))
        for item in EXTRAS
        if item.key in plant.entry.extras
    ]
    if plant.faults is not None:
        make = partial(ActiveFaultSensor, runtime, plant)
        found.append((plant.key, ACTIVE_FAULT.key, make))
    if newest(plant) is not None:
        time = partial(DataTimeSensor, runtime, plant)
        found.append((plant.key, DATA_TIME.key, time))
    if (reading := plant.reading) is not None:
        found += [
            (plant.key, point, partial(UnknownPlantPointSensor, runtime, plant, point))
            for point in reading.unknown
            if point not in by_id(PLANT_TYPE)
        ]
    if (job := runtime.histories.of(plant)) is not None:
        history = partial(HistorySensor, job, plant.key, plant.device_info)
        found.append((plant.key, HISTORY_IMPORT.key, history))
    return found


def _of_device(device: Device) -> list[Candidate]:
    owner, values = device.identifier, device.values
    found: list[Candidate] = [
        (owner, item.key, partial(PointSensor, device, item))
        for item in of_type(device.type)
        if device.seen(item.key, values.get(item.key) is not None)
    ]
    if (reading := device.reading) is not None:
        found += [
            (owner, point, partial(UnknownPointSensor, device, point))
            for point in reading.unknown
            if point not in by_id(device.type)
        ]
    return found
