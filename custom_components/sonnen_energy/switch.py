"""Switches of a battery: charging by forecast, black start."""

from functools import partial

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.ha.control_settings import SettingSwitch, SwitchSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .coordinator import SonnenBattery, SonnenConfigEntry
from .store import store_source
from .writable import BLACKSTART, FORECAST, first

PARALLEL_UPDATES = 0


def _flag(key: str, *names: str, enabled: bool) -> SwitchSettingDescription:
    def value(settings: Settings) -> bool | None:
        name = first(settings.values, names)
        found = settings.values[name] if name is not None else None
        return found if isinstance(found, bool) else None

    return SwitchSettingDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=enabled,
        exists_fn=lambda settings: first(settings.values, names) is not None,
        value_fn=value,
        change_fn=lambda on, settings, _able: {
            first(settings.values, names) or names[0]: on
        },
    )


SETTINGS = (
    _flag("forecast_charging", FORECAST, enabled=True),
    _flag("blackstart", *BLACKSTART, enabled=False),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SonnenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of a battery that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(battery: SonnenBattery) -> list[Candidate]:
    store = store_source(battery)
    settings = store.settings() if store is not None else None
    if store is None or settings is None:
        return []
    return [
        (battery.serial, setting.key, partial(SettingSwitch, store, setting))
        for setting in SETTINGS
        if setting.exists_fn(settings)
    ]
