"""Buttons of devices: tell the clock the time of the plant."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.control_settings import SettingDescription, SettingEntity
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control_settings import CLOCK
from .control_store import stores
from .runtime import GrowattConfigEntry, GrowattRuntime

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SettingButtonDescription(SettingDescription, ButtonEntityDescription):
    """A setting that is only sent."""


SYNC_TIME = SettingButtonDescription(
    key="sync_time",
    translation_key="sync_time",
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
    exists_fn=lambda settings: CLOCK in settings.assumed,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrowattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GrowattRuntime) -> list[Candidate]:
    return [
        (device.serial, SYNC_TIME.key, partial(SyncTime, source, SYNC_TIME))
        for device, source, settings in stores(runtime)
        if SYNC_TIME.exists_fn(settings)
    ]


class SyncTime(SettingEntity, ButtonEntity):
    """Tells the clock of a device the time; it waits until that was accepted."""

    entity_description: SettingButtonDescription

    @property
    @override
    def shown(self) -> Hashable:
        return None

    @override
    async def async_press(self) -> None:
        await self.async_change(lambda *_: {CLOCK: True})
