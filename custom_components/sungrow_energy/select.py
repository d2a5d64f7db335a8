"""Selects of devices: what the battery does, and settings that are choices."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import Kind
from ._vendor.core.ha.control_choice import ChoiceSettingDescription, SettingChoice
from ._vendor.core.ha.control_entity import LEADS, ControlDevice
from ._vendor.core.ha.control_mode import BatteryMode, battery_mode
from ._vendor.core.ha.control_settings import SettingSource
from ._vendor.core.ha.control_vendor_mode import VendorBatteryMode, VendorModes
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control.catalogue import MODE
from .control.parameter import Form, Parameter
from .control.plans import LED_MODES
from .control_entities import (
    control_device,
    described,
    of_form,
    settable,
    shown_parameters,
    value_of,
)
from .led_device import LedDevice
from .runtime import SungrowConfigEntry, SungrowRuntime

PARALLEL_UPDATES = 0

BATTERY_MODE = battery_mode([Kind.FORCE_CHARGE, Kind.FORCE_DISCHARGE, Kind.HOLD])


def describe(parameter: Parameter) -> ChoiceSettingDescription:
    """Return the select of a parameter, with all options that there are."""

    def value(settings: Settings) -> str | None:
        found = value_of(settings, parameter)
        return found if isinstance(found, str) else None

    return ChoiceSettingDescription(
        **described(parameter),
        options=list(parameter.choices.values()),
        value_fn=value,
        change_fn=lambda option, *_: {parameter.key: option},
    )


SETTINGS = of_form(Form.CHOICE, describe)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SungrowConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: SungrowRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for led, source in settable(runtime):
        found += _battery_mode(led, source)
        for parameter in shown_parameters(led, Form.CHOICE):
            options = list(led.driver.options(parameter))
            setting = replace(SETTINGS[parameter.key], options=options)
            make = partial(SettingChoice, source, setting)
            found.append((source.serial, setting.key, make))
    return found


def _battery_mode(led: LedDevice, source: SettingSource) -> list[Candidate]:
    control = control_device(led)
    if control is None or not led.driver.capabilities.intents & LEADS:
        return []
    make = partial(_make_battery_mode, control, source)
    return [(control.serial, BATTERY_MODE.key, make)]


def _make_battery_mode(control: ControlDevice, source: SettingSource) -> BatteryMode:
    def current() -> str | None:
        """Return in which of its own modes it is, led by somebody else."""
        settings = source.settings()
        mode = settings.values.get(MODE) if settings is not None else None
        return mode if isinstance(mode, str) and mode in LED_MODES else None

    def offered() -> Sequence[str]:
        """These are shown, not chosen: somebody must be there to lead it."""
        mode = current()
        return [] if mode is None else [mode]

    modes = VendorModes(
        offered=offered,
        current=current,
        known=lambda: source.settings() is not None,
        listen=source.coordinator.async_add_listener,
    )
    return VendorBatteryMode(control, BATTERY_MODE, modes)
