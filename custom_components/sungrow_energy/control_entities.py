"""What the control entities of a device have in common (reference section 9.7)."""

from collections.abc import Callable, Iterator
import re
from typing import Any, TypedDict

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import Value
from ._vendor.core.ha.control_entity import ControlDevice
from ._vendor.core.ha.control_settings import SettingSource
from .const import DOMAIN
from .control.catalogue import (
    CHARGE_LIMIT,
    COMMAND,
    EXPORT,
    MAX_CHARGE,
    MAX_DISCHARGE,
    MODE,
    PARAMETERS,
    POWER,
    RESERVE,
)
from .control.parameter import Form, Parameter
from .led_device import LedDevice
from .runtime import SungrowRuntime

# The words that all vendors have for these, also in unique ids
WORDS = {
    RESERVE: "backup_reserve",
    CHARGE_LIMIT: "charge_limit",
    MAX_CHARGE: "charge_power_limit",
    MAX_DISCHARGE: "discharge_power_limit",
    EXPORT: "export_limit",
}
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
_TOLD = (
    "control_state",
    "control_ends",
    "setting_writes_today",
    "last_command",
    "control_events",
)
# *Battery mode* leads these together, and puts them back (section 6.3).
_LED = frozenset({MODE, COMMAND, POWER})
_NUMBER = re.compile(r"_(\d)(?=_|$)")


def control_device(led: LedDevice) -> ControlDevice | None:
    """Return a device for its control entities; None if it has none."""
    if led.device.control is None or not led.manager.allowed:
        return None
    return ControlDevice(
        domain=DOMAIN,
        serial=led.device.identifier,
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
        serial=led.device.identifier,
        device_info=led.device.device_info,
        manager=led.manager,
        coordinator=led.settings,
        settings=led.store,
    )


def settable(runtime: SungrowRuntime) -> Iterator[tuple[LedDevice, SettingSource]]:
    """Yield the devices whose settings were read and can be changed."""
    for led in runtime.controls or ():
        source = setting_source(led)
        if source is not None and source.settings() is not None:
            yield led, source


def shown_parameters(led: LedDevice, form: Form) -> list[Parameter]:
    """Return the parameters that have an entity of a form: they were read back."""
    return [
        one
        for one in led.driver.parameters
        if one.form is form and is_shown(one) and led.may_set(one)
    ]


def is_shown(parameter: Parameter) -> bool:
    """Return whether a parameter has an entity on devices that have it."""
    return parameter.listed and parameter.writable


def key_of(parameter: Parameter) -> str:
    """Return what ends the unique id of a parameter's entity (section 8.2)."""
    return WORDS.get(parameter.key, f"param_{parameter.code}")


def name_of(parameter: Parameter) -> tuple[str, dict[str, str] | None]:
    """Return the key of its text, and what is filled into that."""
    word = WORDS.get(parameter.key, parameter.key)
    if (found := _NUMBER.search(word)) is None:
        return word, None
    return _NUMBER.sub("_n", word), {"number": found[1]}


class Described(TypedDict):
    """What the descriptions of all forms have in common."""

    key: str
    translation_key: str
    translation_placeholders: dict[str, str] | None
    entity_category: EntityCategory
    entity_registry_enabled_default: bool
    exists_fn: Callable[[Settings], bool]


def described(parameter: Parameter) -> Described:
    """Return what a parameter's description has in common with the others."""
    translation_key, placeholders = name_of(parameter)
    return Described(
        key=key_of(parameter),
        translation_key=translation_key,
        translation_placeholders=placeholders,
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=enabled(parameter),
        exists_fn=lambda settings: parameter.key in settings.values,
    )


def of_form[T](form: Form, describe: Callable[[Parameter], T]) -> dict[str, T]:
    """Return the descriptions of a form, by parameter."""
    return {
        one.key: describe(one)
        for one in PARAMETERS
        if one.form is form and is_shown(one)
    }


def enabled(parameter: Parameter) -> bool:
    """Return whether people see it from the beginning."""
    return parameter.enabled and parameter.key not in _LED


def value_of(settings: Settings, parameter: Parameter) -> Value:
    """Return what was read of a parameter, None if nothing was."""
    return settings.values.get(parameter.key)


@callback
def remove_control_entities(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Remove all entities of control, as nothing may be controlled any more."""
    registry = er.async_get(hass)
    for entity in er.async_entries_for_config_entry(registry, entry.entry_id):
        if entity.domain in SETTERS or entity.unique_id.endswith(_TOLD):
            registry.async_remove(entity.entity_id)
