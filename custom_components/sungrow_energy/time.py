"""Times of devices: when windows of forced charging begin and end (section 9.7)."""

from datetime import time
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.validate import whole_minute
from ._vendor.core.ha.control_settings import SettingTime, TimeSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control.encode import NO_TIME
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


def describe(parameter: Parameter) -> TimeSettingDescription:
    """Return the time of a parameter; it is unknown while there is no window."""

    def value(settings: Settings) -> time | None:
        found = value_of(settings, parameter)
        if not isinstance(found, str) or found == NO_TIME:
            return None
        return time.fromisoformat(found)

    return TimeSettingDescription(
        **described(parameter),
        value_fn=value,
        change_fn=lambda moment, *_: {
            parameter.key: whole_minute(moment).isoformat("minutes")
        },
    )


SETTINGS = of_form(Form.TIME, describe)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SungrowConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: SungrowRuntime) -> list[Candidate]:
    return [
        (source.serial, key_of(one), partial(SettingTime, source, SETTINGS[one.key]))
        for led, source in settable(runtime)
        for one in shown_parameters(led, Form.TIME)
    ]
