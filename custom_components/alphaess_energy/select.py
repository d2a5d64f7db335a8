"""Selects of systems: what the battery does by order."""

from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.intent import HoldBlock, Kind
from ._vendor.core.ha.control_mode import (
    BatteryMode,
    HoldBlockSelect,
    battery_mode,
    hold_block,
)
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .entity import control_device

PARALLEL_UPDATES = 0

BATTERY_MODE = battery_mode([Kind.FORCE_CHARGE, Kind.HOLD])
HOLD_BLOCK = hold_block([HoldBlock.DISCHARGE, HoldBlock.BOTH])


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AlphaEssConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of systems that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: AlphaEssAccount) -> list[Candidate]:
    found: list[Candidate] = []
    for serial, system in runtime.systems.items():
        if (device := control_device(runtime, system)) is not None:
            found += [
                (serial, BATTERY_MODE.key, partial(BatteryMode, device, BATTERY_MODE)),
                (serial, HOLD_BLOCK.key, partial(HoldBlockSelect, device, HOLD_BLOCK)),
            ]
    return found
