"""Events of a plant: its devices' faults, and the import of its past."""

from functools import partial
from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_EVENTS, HistoryEvents
from .control_told import control_events
from .plant import Plant
from .readings import Fault, Faults
from .runtime import SungrowConfigEntry, SungrowRuntime
from .sensor_plant import fault_data

PARALLEL_UPDATES = 0

ALARMS = EventEntityDescription(
    key="alarm",
    translation_key="alarm",
    entity_category=EntityCategory.DIAGNOSTIC,
    event_types=["raised", "cleared"],
)


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
            make = partial(AlarmEvents, runtime, plant)
            found.append((plant.key, ALARMS.key, make))
        if (job := runtime.histories.of(plant)) is not None:
            history = partial(HistoryEvents, job, plant.key, plant.device_info)
            found.append((plant.key, HISTORY_EVENTS.key, history))
    return found + control_events(runtime)


class AlarmEvents(CoordinatorEntity[BundleCoordinator[Faults]], EventEntity):
    """Tells what the devices of a plant complain of, and when that is over.

    The cloud lists what is open; what was told stands in the account's file, so that a
    restart tells nothing a second time. What an account's first list holds is taken as
    known.
    """

    _attr_has_entity_name = True
    entity_description = ALARMS

    def __init__(self, runtime: SungrowRuntime, plant: Plant) -> None:
        """Bind to the list of faults."""
        super().__init__(plant.faults_listing)
        self._account, self._plant = runtime.account, plant
        self._note = f"{plant.key}/alarms"
        self._attr_unique_id = f"{plant.id}_{ALARMS.key}"
        self._attr_device_info = plant.device_info

    @property
    @override
    def available(self) -> bool:
        return self.coordinator.fresh

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._look()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        if not self._look():
            self.async_write_ha_state()

    @callback
    def _look(self) -> bool:
        """Tell what is new in the list and what left it; return whether anything did."""
        faults = self._plant.faults
        if faults is None:
            return False
        listed = {fault.fault_id: self._data(fault) for fault in faults}
        told: Any = self._account.notes.get(self._note)
        if told != listed:
            self._account.note(self._note, listed)
        if not isinstance(told, dict):
            return False
        news = [
            *(("cleared", told[key]) for key in told if key not in listed),
            *(("raised", listed[key]) for key in listed if key not in told),
        ]
        for event, data in news:
            self._trigger_event(event, data)
            self.async_write_ha_state()
        return bool(news)

    def _data(self, fault: Fault) -> dict[str, Any]:
        names = {device.ps_key: device.name for device in self._plant.devices}
        return fault_data(fault, names.get(fault.ps_key or ""))
