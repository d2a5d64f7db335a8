"""Events of a system: how its import of the past went, what its control does."""

from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.control_state import CONTROL_EVENTS, ControlEvents
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_EVENTS, HistoryEvents
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .entity import control_device

PARALLEL_UPDATES = 0


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
            (
                serial,
                HISTORY_EVENTS.key,
                partial(
                    HistoryEvents, system.history, serial, runtime.device_info(system)
                ),
            )
        )
        if (device := control_device(runtime, system)) is not None:
            make = partial(ControlEvents, device, CONTROL_EVENTS)
            found.append((serial, CONTROL_EVENTS.key, make))
    return found
