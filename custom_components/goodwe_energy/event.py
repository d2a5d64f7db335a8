"""Events of a plant: its alarms, and the import of its past."""

from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.alarm_events import ALARMS, AlarmEvents
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_EVENTS, HistoryEvents
from .alarm_data import listed_alarms
from .control_told import control_events
from .plant import Plant
from .runtime import GoodWeConfigEntry, GoodWeRuntime

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GoodWeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GoodWeRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for plant in runtime.plants.values():
        if plant.alarms is not None:
            make = partial(_alarms, runtime, plant)
            found.append((plant.key, ALARMS.key, make))
        if (job := runtime.histories.of(plant)) is not None:
            history = partial(HistoryEvents, job, plant.key, plant.device_info)
            found.append((plant.key, HISTORY_EVENTS.key, history))
    return found + control_events(runtime)


def _alarms(runtime: GoodWeRuntime, plant: Plant) -> AlarmEvents[Any]:
    """Return the event entity of a plant's active alarms."""
    return AlarmEvents(
        runtime.account,
        plant.alarms_listing,
        plant.key,
        partial(listed_alarms, plant),
        unique_id=f"{plant.id}_{ALARMS.key}",
        device=plant.device_info,
    )
