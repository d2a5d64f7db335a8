"""Numbers of devices: what a force goes by, limits, powers (reference section 9.7)."""

from dataclasses import replace
from functools import partial

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.const import (
    UnitOfPower,
    UnitOfRatio,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Range, Settings
from ._vendor.core.control.intent import Intent, SetReserve
from ._vendor.core.ha.control_entity import FORCES, LEADS
from ._vendor.core.ha.control_numbers import FORCE_DURATION, FORCE_NUMBERS, ForceNumber
from ._vendor.core.ha.control_settings import NumberSettingDescription, SettingNumber
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control.catalogue import MAX_CHARGE, MAX_DISCHARGE, RESERVE
from .control.parameter import Form, Parameter, Unit
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

_UNITS = {
    Unit.PERCENT: UnitOfRatio.PERCENTAGE,
    Unit.WATT: UnitOfPower.WATT,
    Unit.SECOND: UnitOfTime.SECONDS,
    Unit.NONE: None,
}
_CLASSES = {
    Unit.WATT: NumberDeviceClass.POWER,
    Unit.SECOND: NumberDeviceClass.DURATION,
}
# A battery may take and give more than its inverter is rated for.
_OF_BATTERY = frozenset({MAX_CHARGE, MAX_DISCHARGE})


def describe(parameter: Parameter) -> NumberSettingDescription:
    """Return the number of a parameter, with the range of the largest device."""
    percent = parameter.unit is Unit.PERCENT

    def value(settings: Settings) -> float | None:
        found = value_of(settings, parameter)
        return found if isinstance(found, int | float) else None

    return NumberSettingDescription(
        **described(parameter),
        device_class=_CLASSES.get(parameter.unit),
        native_unit_of_measurement=_UNITS[parameter.unit],
        mode=NumberMode.SLIDER if percent else NumberMode.BOX,
        value_fn=value,
        range_fn=lambda *_: parameter.allowed,
        change_fn=lambda asked, *_: {parameter.key: asked},
        intent_fn=_reserve if parameter.key == RESERVE else None,
    )


def _reserve(soc: float) -> Intent:
    return SetReserve(soc=soc)


def _range(parameter: Parameter, rated: float | None) -> Range:
    """Return what a number of a device may be; ``rated`` in W."""
    allowed = parameter.allowed
    if parameter.unit is not Unit.WATT or rated is None:
        return allowed
    most = 2 * rated if parameter.key in _OF_BATTERY else rated
    return Range(low=allowed.low, high=min(allowed.high, most), step=allowed.step)


def _always(allowed: Range, *_: object) -> Range:
    return allowed


SETTINGS = of_form(Form.NUMBER, describe)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SungrowConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: SungrowRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for led, source in settable(runtime):
        found += _force_numbers(led)
        for parameter in shown_parameters(led, Form.NUMBER):
            allowed = _range(parameter, led.device.entry.rated_power)
            setting = replace(
                SETTINGS[parameter.key], range_fn=partial(_always, allowed)
            )
            make = partial(SettingNumber, source, setting)
            found.append((source.serial, setting.key, make))
    return found


def _force_numbers(led: LedDevice) -> list[Candidate]:
    able, control = led.driver.capabilities, control_device(led)
    if control is None or not able.intents & LEADS:
        return []
    numbers = FORCE_NUMBERS if able.intents & FORCES else (FORCE_DURATION,)
    return [
        (control.serial, number.key, partial(ForceNumber, control, number))
        for number in numbers
        if number.allowed(able) is not None
    ]
