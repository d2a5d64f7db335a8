"""Buttons of a site: read the prices, import the usage (reference section 9.4)."""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .entity import SiteEntity
from .setting_entity import each
from .site import AmberConfigEntry, AmberSite

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SiteButtonDescription(ButtonEntityDescription):
    """Says what is done when it is pressed; that raises translated errors."""

    press_fn: Callable[[AmberSite], Awaitable[Any]]


BUTTONS = (
    SiteButtonDescription(
        key="refresh",
        translation_key="refresh",
        press_fn=lambda site: site.prices.async_refresh_now(),
    ),
    SiteButtonDescription(
        key="import_usage",
        translation_key="import_usage",
        press_fn=lambda site: site.usage.async_run_now(),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmberConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(site: AmberSite) -> list[Candidate]:
    return each(site, SiteButton, BUTTONS)


class SiteButton(SiteEntity, ButtonEntity):
    """Does something at once."""

    entity_description: SiteButtonDescription

    @property
    @override
    def shown(self) -> Hashable:
        return None

    @override
    async def async_press(self) -> None:
        await self.entity_description.press_fn(self.site)
