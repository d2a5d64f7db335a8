"""Events of a system: how its import of the past went, what its control does."""

from functools import partial
from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.control_state import CONTROL_EVENTS, ControlEvents
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.history_import import Progress
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .coordinator import AlphaEssSystem
from .entity import control_device

PARALLEL_UPDATES = 0

HISTORY_EVENTS = EventEntityDescription(
    key="history_import_events",
    translation_key="history_import_events",
    entity_category=EntityCategory.DIAGNOSTIC,
    event_types=["started", "finished", "failed"],
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AlphaEssConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: AlphaEssAccount) -> list[Candidate]:
    found: list[Candidate] = []
    for serial, system in runtime.systems.items():
        found.append(
            (serial, HISTORY_EVENTS.key, partial(HistoryEvents, runtime, system))
        )
        if (device := control_device(runtime, system)) is not None:
            make = partial(ControlEvents, device, CONTROL_EVENTS)
            found.append((serial, CONTROL_EVENTS.key, make))
    return found


class HistoryEvents(EventEntity):
    """Tells when an import of the past starts and how it ends."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = HISTORY_EVENTS

    def __init__(self, runtime: AlphaEssAccount, system: AlphaEssSystem) -> None:
        """Bind to the system's import."""
        self._history = system.history
        self._attr_unique_id = f"{system.serial}_{HISTORY_EVENTS.key}"
        self._attr_device_info = runtime.device_info(system)

    @override
    async def async_added_to_hass(self) -> None:
        self.async_on_remove(self._history.async_listen(self._changed))

    @callback
    def _changed(self, event: str, progress: Progress) -> None:
        if event in self.event_types:
            self._trigger_event(event, progress.as_dict())
            self.async_write_ha_state()
