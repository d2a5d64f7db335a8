"""Buttons of EV chargers."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.intent import SetValues
from ._vendor.core.ha.control_calls import async_execute
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .const import DOMAIN
from .entity import ChargerEntity

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class ChargerButtonDescription(ButtonEntityDescription):
    """Says whether it has a charger start or stop."""

    charging: bool


CHARGER = (
    ChargerButtonDescription(key="ev_start", translation_key="ev_start", charging=True),
    ChargerButtonDescription(key="ev_stop", translation_key="ev_stop", charging=False),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AlphaEssConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of chargers that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: AlphaEssAccount) -> list[Candidate]:
    return [
        (
            charger,
            description.key,
            partial(ChargerButton, runtime, system, charger, state, description),
        )
        for system in runtime.systems.values()
        for charger, state in system.charger_states.items()
        if (manager := system.charger_controls.get(charger)) and manager.allowed
        for description in CHARGER
    ]


class ChargerButton(ChargerEntity, ButtonEntity):
    """Starts or stops charging; it waits until the charger does."""

    entity_description: ChargerButtonDescription

    @property
    @override
    def shown(self) -> Hashable:
        return None

    @override
    async def async_press(self) -> None:
        manager = self.system.charger_controls.get(self.charger)
        if manager is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="control_off"
            )
        wanted = {"charging": self.entity_description.charging}
        await async_execute(
            self.hass, DOMAIN, manager, SetValues(edits=(lambda _: wanted,))
        )
