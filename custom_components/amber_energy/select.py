"""Selects of local settings (reference section 9.4)."""

from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .setting_entity import SettingEntity, each
from .settings import PRICING_MODE, PRICING_MODES, PUBLISH_MODE, PUBLISH_MODES
from .site import AmberConfigEntry, AmberSite

PARALLEL_UPDATES = 0

SELECTS = tuple(
    SelectEntityDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        options=list(options),
    )
    for key, options in ((PRICING_MODE, PRICING_MODES), (PUBLISH_MODE, PUBLISH_MODES))
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmberConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(site: AmberSite) -> list[Candidate]:
    return each(site, SettingSelect, SELECTS)


class SettingSelect(SettingEntity, SelectEntity):
    """A setting that is one of several."""

    @property
    @override
    def current_option(self) -> str:
        return str(self.setting)

    @override
    async def async_select_option(self, option: str) -> None:
        await self._set(option)
