"""Events of a battery: what its control does."""

from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.control_state import CONTROL_EVENTS, ControlEvents
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .coordinator import SonnenBattery, SonnenConfigEntry
from .entity import control_device

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SonnenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(battery: SonnenBattery) -> list[Candidate]:
    if (device := control_device(battery)) is None:
        return []
    make = partial(ControlEvents, device, CONTROL_EVENTS)
    return [(battery.serial, CONTROL_EVENTS.key, make)]
