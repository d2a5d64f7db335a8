"""The switch of the websocket (reference sections 3.7 and 9.4)."""

from collections.abc import Hashable
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .setting_entity import SettingEntity, each
from .settings import WEBSOCKET
from .site import AmberConfigEntry, AmberSite

PARALLEL_UPDATES = 0

SWITCHES = (
    SwitchEntityDescription(
        key=WEBSOCKET,
        translation_key=WEBSOCKET,
        entity_category=EntityCategory.CONFIG,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmberConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switch."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(site: AmberSite) -> list[Candidate]:
    return each(site, WebsocketSwitch, SWITCHES)


class WebsocketSwitch(SettingEntity, SwitchEntity):
    """Whether prices are also listened for; it tells if Amber refuses that."""

    @property
    @override
    def is_on(self) -> bool:
        return bool(self.setting)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return {"refused": self.is_on and self.site.prices.stream.refused}

    @property
    @override
    def shown(self) -> Hashable:
        return (self.setting, repr(self.extra_state_attributes))

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._set(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._set(False)
