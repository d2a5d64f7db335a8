"""What the control entities of a device have in common (reference section 9)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypedDict

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ._vendor.core.control.driver import Settings
from ._vendor.core.ha.control_entity import ControlDevice
from ._vendor.core.ha.control_settings import SettingSource
from .const import DOMAIN
from .control.catalogue import (
    BACKUP_POWER,
    DELAYED_EXPORT,
    DELAYED_START,
    IMMEDIATE,
    IMMEDIATE_POWER,
    IMMEDIATE_SOC,
    PEAK_POWER,
    RESERVE,
    RUNNING,
    SETTINGS,
)
from .control.inverter_settings import InverterSettings
from .control.setting import Form, Setting
from .led_device import LedDevice
from .runtime import GoodWeRuntime

# What ends unique ids where it is not the key of the setting (section 9)
_WORDS = {
    RUNNING: "run",
    RESERVE: "backup_reserve",
    BACKUP_POWER: "backup_charge_power",
    PEAK_POWER: "peak_shaving_import_limit",
    DELAYED_EXPORT: "delayed_charge_export_limit",
    DELAYED_START: "delayed_charge_time",
}
# *Battery mode* and its numbers lead these together, and put them back.
_LED = frozenset({IMMEDIATE, IMMEDIATE_SOC, IMMEDIATE_POWER})
# Platforms that only set something
SETTERS = frozenset(
    {
        Platform.BUTTON,
        Platform.NUMBER,
        Platform.SELECT,
        Platform.SWITCH,
        Platform.TIME,
    }
)
# What there is beside them
_TOLD = ("control_state", "control_ends", "setting_writes_today", "control_events")


def control_device(led: LedDevice) -> ControlDevice | None:
    """Return a device for its control entities; None if it has none."""
    if led.device.control is None or not led.manager.allowed:
        return None
    return ControlDevice(
        domain=DOMAIN,
        serial=led.device.serial,
        device_info=led.device.device_info,
        manager=led.manager,
        settings_known=lambda: led.settings.known,
    )


def setting_source(led: LedDevice) -> SettingSource | None:
    """Return the settings for their entities; None if they cannot be changed."""
    if led.device.control is None or not led.manager.allowed:
        return None
    return SettingSource(
        domain=DOMAIN,
        serial=led.device.serial,
        device_info=led.device.device_info,
        manager=led.manager,
        coordinator=led.settings,
        settings=led.store,
    )


def settable(runtime: GoodWeRuntime) -> Iterator[tuple[LedDevice, SettingSource]]:
    """Yield the devices whose settings were read and can be changed."""
    for led in runtime.controls or ():
        source = setting_source(led)
        if source is not None and source.settings() is not None:
            yield led, source


def shown_settings(
    runtime: GoodWeRuntime, form: Form
) -> Iterator[tuple[InverterSettings, SettingSource, Setting]]:
    """Yield what each inverter has that has an entity of a form."""
    for led, source in settable(runtime):
        if not isinstance(driver := led.driver, InverterSettings):
            continue
        for setting in driver.settings:
            if setting.form is form and is_shown(setting):
                yield driver, source, setting


def is_shown(setting: Setting) -> bool:
    """Return whether a setting has an entity on devices that have it."""
    return setting.listed and setting.writable and setting.key not in _LED


def key_of(setting: Setting) -> str:
    """Return what ends the unique id of a setting's entity, and names its text."""
    return _WORDS.get(setting.key, setting.key)


class Described(TypedDict):
    """What the descriptions of all forms have in common."""

    key: str
    translation_key: str
    entity_category: EntityCategory | None
    entity_registry_enabled_default: bool
    exists_fn: Callable[[Settings], bool]
    assumed_key: str


def described(setting: Setting) -> Described:
    """Return what a setting's description has in common with the others."""
    word, key = key_of(setting), setting.key
    return Described(
        key=word,
        translation_key=word,
        entity_category=None if key == RUNNING else EntityCategory.CONFIG,
        entity_registry_enabled_default=setting.enabled,
        exists_fn=lambda settings: key in settings.values or key in settings.assumed,
        assumed_key=key,
    )


def of_form[T](form: Form, describe: Callable[[Setting], T]) -> Mapping[str, T]:
    """Return the descriptions of a form, by setting."""
    return {
        one.key: describe(one) for one in SETTINGS if one.form is form and is_shown(one)
    }


@callback
def remove_control_entities(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Remove all entities of control, as nothing may be controlled any more."""
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.domain in SETTERS or entity.unique_id.endswith(_TOLD):
            registry.async_remove(entity.entity_id)
