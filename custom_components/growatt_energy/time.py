"""Times of devices: when windows and charging from the grid begin and end."""

from datetime import time
from functools import partial

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.validate import whole_minute
from ._vendor.core.ha.control_settings import SettingTime, TimeSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control_store import stores
from .control_windows import WINDOWS, Window
from .runtime import GrowattConfigEntry, GrowattRuntime

PARALLEL_UPDATES = 0

_PARTS = ("start", "end")


def _window(window: Window, part: str) -> TimeSettingDescription:
    def value(settings: Settings) -> time | None:
        parts = window.parts(settings.values)
        if parts is None:
            return None
        return parts.start if part == _PARTS[0] else parts.end

    return TimeSettingDescription(
        key=f"{window.name}_{part}",
        translation_key=f"{window.text}_{part}",
        translation_placeholders={"number": str(window.number)},
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=window.enabled,
        exists_fn=lambda settings: window.key in settings.values,
        value_fn=value,
        change_fn=lambda moment, *_: window.change(**{part: whole_minute(moment)}),
    )


def _time(key: str) -> TimeSettingDescription:
    def value(settings: Settings) -> time | None:
        found = settings.values.get(key)
        return time.fromisoformat(found) if isinstance(found, str) else None

    return TimeSettingDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        exists_fn=lambda settings: key in settings.values,
        value_fn=value,
        change_fn=lambda moment, *_: {key: whole_minute(moment).isoformat("minutes")},
    )


SETTINGS = (
    *(_window(window, part) for window in WINDOWS for part in _PARTS),
    _time("ac_charge_start"),
    _time("ac_charge_end"),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrowattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GrowattRuntime) -> list[Candidate]:
    return [
        (device.serial, setting.key, partial(SettingTime, source, setting))
        for device, source, settings in stores(runtime)
        for setting in SETTINGS
        if setting.exists_fn(settings)
    ]
