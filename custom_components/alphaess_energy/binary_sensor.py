"""Binary sensors of EV chargers."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .driver import ChargerState
from .entity import ChargerEntity

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ChargerBinarySensorDescription(BinarySensorEntityDescription):
    """Says what of a charger's state it shows."""

    value_fn: Callable[[ChargerState], bool | None]


CHARGER = (
    ChargerBinarySensorDescription(
        key="ev_plugged_in",
        translation_key="ev_plugged_in",
        device_class=BinarySensorDeviceClass.PLUG,
        value_fn=lambda state: state.plugged_in,
    ),
    ChargerBinarySensorDescription(
        key="ev_charging",
        translation_key="ev_charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        value_fn=lambda state: state.charging,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AlphaEssConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: AlphaEssAccount) -> list[Candidate]:
    return [
        (
            charger,
            description.key,
            partial(ChargerBinarySensor, runtime, system, charger, state, description),
        )
        for system in runtime.systems.values()
        for charger, state in system.charger_states.items()
        for description in CHARGER
    ]


class ChargerBinarySensor(ChargerEntity, BinarySensorEntity):
    """A yes or no of an EV charger."""

    entity_description: ChargerBinarySensorDescription

    @property
    @override
    def shown(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.coordinator.data)
