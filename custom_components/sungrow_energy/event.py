"""Events of a plant: its devices' faults, and the import of its past."""

from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.alarm_events import ALARMS, AlarmEvents, Listed
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_EVENTS, HistoryEvents
from .control_told import control_events
from .plant import Plant
from .readings import Faults
from .runtime import SungrowConfigEntry, SungrowRuntime
from .sensor_plant import fault_data

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SungrowConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: SungrowRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for plant in runtime.plants.values():
        if plant.faults is not None:
            make = partial(_alarms, runtime, plant)
            found.append((plant.key, ALARMS.key, make))
        if (job := runtime.histories.of(plant)) is not None:
            history = partial(HistoryEvents, job, plant.key, plant.device_info)
            found.append((plant.key, HISTORY_EVENTS.key, history))
    return found + control_events(runtime)


def _alarms(runtime: SungrowRuntime, plant: Plant) -> AlarmEvents[Faults]:
    """Return the event entity of a plant's open faults."""

    def listed() -> Listed | None:
        if (faults := plant.faults) is None:
            return None
        names = {device.ps_key: device.name for device in plant.devices}
        return {
            fault.fault_id: fault_data(fault, names.get(fault.ps_key or ""))
            for fault in faults
        }

    return AlarmEvents(
        runtime.account,
        plant.faults_listing,
        plant.key,
        listed,
        unique_id=f"{plant.id}_{ALARMS.key}",
        device=plant.device_info,
    )
