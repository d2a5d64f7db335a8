"""Times of a battery: when a black start is tried."""

from datetime import time
from functools import partial

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.ha.control_settings import SettingTime, TimeSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .coordinator import SonnenBattery, SonnenConfigEntry
from .store import store_source
from .writable import TIMES, first

PARALLEL_UPDATES = 0


def _time(number: int, names: tuple[str, ...]) -> TimeSettingDescription:
    def value(settings: Settings) -> time | None:
        name = first(settings.values, names)
        found = settings.values[name] if name is not None else None
        return time.fromisoformat(found) if isinstance(found, str) else None

    return TimeSettingDescription(
        key=f"blackstart_time_{number}",
        translation_key=f"blackstart_time_{number}",
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        exists_fn=lambda settings: first(settings.values, names) is not None,
        value_fn=value,
        change_fn=lambda moment, settings, _able: {
            first(settings.values, names) or names[0]: moment.isoformat("minutes")
            if not moment.second
            else moment.isoformat()
        },
    )


SETTINGS = tuple(_time(number, names) for number, names in enumerate(TIMES, 1))


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SonnenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of a battery that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(battery: SonnenBattery) -> list[Candidate]:
    store = store_source(battery)
    settings = store.settings() if store is not None else None
    if store is None or settings is None:
        return []
    return [
        (battery.serial, setting.key, partial(SettingTime, store, setting))
        for setting in SETTINGS
        if setting.exists_fn(settings)
    ]
