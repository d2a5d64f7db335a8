"""Switches of devices: charging from the grid, limits, windows, the device itself."""

from functools import partial

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.ha.control_settings import SettingSwitch, SwitchSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control_store import first, stores, value_of
from .control_windows import WINDOWS, Window
from .device import Device
from .runtime import GrowattConfigEntry, GrowattRuntime

PARALLEL_UPDATES = 0


def _flag(key: str, *names: str, enabled: bool = True) -> SwitchSettingDescription:
    """Describe a flag by the names that it has in the drivers."""

    def value(settings: Settings) -> bool | None:
        found = value_of(settings, names)
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


# Of the battery: only where there is one
BATTERY = (
    _flag("ac_charge", "ac_charge", "charge.ac"),
    _flag("grid_charging", "grid_charging"),
    _flag("off_grid", "off_grid", enabled=False),
)
DEVICE = (
    _flag("export_limit", "export_limit", enabled=False),
    _flag("power_on", "tlx_on_off", "power_on", enabled=False),
)


def _window(window: Window) -> SwitchSettingDescription:
    def value(settings: Settings) -> bool | None:
        parts = window.parts(settings.values)
        return parts.on if parts is not None else None

    return SwitchSettingDescription(
        key=f"{window.name}_enabled",
        translation_key=f"{window.text}_enabled",
        translation_placeholders={"number": str(window.number)},
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=window.enabled,
        exists_fn=lambda settings: window.key in settings.values,
        value_fn=value,
        change_fn=lambda on, *_: window.change(on=on),
    )


SEGMENTS = tuple(_window(window) for window in WINDOWS)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GrowattConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GrowattRuntime) -> list[Candidate]:
    return [
        (device.serial, setting.key, partial(SettingSwitch, source, setting))
        for device, source, settings in stores(runtime)
        for setting in _settings_of(device)
        if setting.exists_fn(settings)
    ]


def _settings_of(device: Device) -> tuple[SwitchSettingDescription, ...]:
    return (*(BATTERY if device.has_battery else ()), *DEVICE, *SEGMENTS)
