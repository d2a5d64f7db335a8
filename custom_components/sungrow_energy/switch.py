"""Switches of devices: windows, limits and what else is on or off (section 9.7)."""

from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.ha.control_settings import SettingSwitch, SwitchSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control.parameter import Form, Parameter
from .control_entities import (
    described,
    key_of,
    of_form,
    settable,
    shown_parameters,
    value_of,
)
from .runtime import SungrowConfigEntry, SungrowRuntime

PARALLEL_UPDATES = 0


def describe(parameter: Parameter) -> SwitchSettingDescription:
    """Return the switch of a parameter."""

    def value(settings: Settings) -> bool | None:
        found = value_of(settings, parameter)
        return found if isinstance(found, bool) else None

    return SwitchSettingDescription(
        **described(parameter),
        value_fn=value,
        change_fn=lambda on, *_: {parameter.key: on},
    )


SETTINGS = of_form(Form.SWITCH, describe)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SungrowConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: SungrowRuntime) -> list[Candidate]:
    return [
        (source.serial, key_of(one), partial(SettingSwitch, source, SETTINGS[one.key]))
        for led, source in settable(runtime)
        for one in shown_parameters(led, Form.SWITCH)
    ]
