"""Numbers: what a force goes by, limits, parts of slots (reference section 9)."""

from dataclasses import replace
from functools import partial

from homeassistant.components.number import NumberDeviceClass, NumberMode
from homeassistant.const import UnitOfPower, UnitOfRatio
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Capabilities, Range, Settings
from ._vendor.core.control.intent import Edit, Intent, Kind, SetReserve
from ._vendor.core.ha.control_entity import FORCES
from ._vendor.core.ha.control_numbers import FORCE_NUMBERS, ForceNumber
from ._vendor.core.ha.control_settings import (
    NumberSettingDescription,
    SettingNumber,
    SettingSource,
)
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control.catalogue import RESERVE
from .control.charger_driver import POWER, ChargerDriver
from .control.dialect import Dialect
from .control.inverter_settings import InverterSettings
from .control.setting import Form, Setting, Unit
from .control_entities import (
    control_device,
    described,
    of_form,
    settable,
    shown_settings,
)
from .control_slots import (
    changed,
    described_part,
    of_slots,
    shown_slots,
    slot_maker,
    slot_of,
)
from .led_device import LedDevice
from .runtime import GoodWeConfigEntry, GoodWeRuntime

PARALLEL_UPDATES = 0

_UNITS = {
    Unit.PERCENT: UnitOfRatio.PERCENTAGE,
    Unit.WATT: UnitOfPower.WATT,
    Unit.KILOWATT: UnitOfPower.KILO_WATT,
    Unit.NONE: None,
}
_POWERS = frozenset({Unit.WATT, Unit.KILOWATT})
_PERCENT = Range(low=0, high=100)


def describe(setting: Setting) -> NumberSettingDescription:
    """Return the number of a setting, with the widest range that there is."""

    def value(settings: Settings) -> float | None:
        return _number(settings.values.get(setting.key))

    return NumberSettingDescription(
        **described(setting),
        device_class=NumberDeviceClass.POWER if setting.unit in _POWERS else None,
        native_unit_of_measurement=_UNITS[setting.unit],
        mode=NumberMode.SLIDER if setting.unit is Unit.PERCENT else NumberMode.BOX,
        value_fn=value,
        range_fn=partial(_always, setting.allowed),
        change_fn=lambda asked, *_: {setting.key: asked},
    )


def describe_power(n: int, dialect: Dialect) -> NumberSettingDescription:
    """Return the power of a slot; its mode says in which direction."""

    def value(settings: Settings) -> float | None:
        slot = slot_of(settings, n)
        return None if slot is None else abs(slot.power)

    return NumberSettingDescription(
        **described_part(n, "power"),
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        mode=NumberMode.BOX,
        value_fn=value,
        range_fn=partial(_always, replace(_PERCENT, step=100 / dialect.full)),
        change_fn=lambda asked, *_: changed(n, dialect, power=asked),
    )


def describe_cutoff(n: int, dialect: Dialect) -> NumberSettingDescription:
    """Return up to or down to which charge a slot acts."""

    def value(settings: Settings) -> float | None:
        slot = slot_of(settings, n)
        return None if slot is None else slot.soc

    def change(asked: float, *_: object) -> Edit:
        return changed(n, dialect, soc=int(asked))

    return NumberSettingDescription(
        **described_part(n, "cutoff_soc"),
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        mode=NumberMode.SLIDER,
        value_fn=value,
        range_fn=partial(_always, _PERCENT),
        change_fn=change,
    )


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None


def _reserve(soc: float) -> Intent:
    return SetReserve(soc=soc)


def _always(allowed: Range, _settings: Settings, _able: Capabilities) -> Range:
    return allowed


SETTINGS = of_form(Form.NUMBER, describe)
SLOTS = (of_slots(describe_power), of_slots(describe_cutoff))
CHARGER = NumberSettingDescription(
    key="max_power",
    translation_key="max_power",
    device_class=NumberDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.KILO_WATT,
    mode=NumberMode.BOX,
    exists_fn=lambda settings: POWER in settings.values,
    value_fn=lambda settings: _number(settings.values.get(POWER)),
    range_fn=partial(_always, _PERCENT),
    change_fn=lambda asked, *_: {POWER: asked},
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GoodWeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GoodWeRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for driver, source, setting in shown_settings(runtime, Form.NUMBER):
        make = partial(_setting_number, driver, source, setting.key)
        found.append((source.serial, SETTINGS[setting.key].key, make))
    for source, _, place, used in shown_slots(runtime):
        for part in SLOTS:
            item = part[place]
            slot = slot_maker(SettingNumber, source, item, used)
            found.append((source.serial, item.key, slot))
    for led, source in settable(runtime):
        found += _force_numbers(led)
        if isinstance(charger := led.driver, ChargerDriver) and charger.has(POWER):
            item = replace(CHARGER, range_fn=lambda *_, driver=charger: driver.power)
            number = partial(SettingNumber, source, item)
            found.append((source.serial, item.key, number))
    return found


def _setting_number(
    driver: InverterSettings, source: SettingSource, key: str
) -> SettingNumber:
    """Make the number of a setting, with the range that this device has."""
    item = replace(SETTINGS[key], range_fn=partial(_always, driver.range_of(key)))
    if key == RESERVE and Kind.SET_RESERVE in driver.capabilities.intents:
        item = replace(item, change_fn=None, intent_fn=_reserve)
    return SettingNumber(source, item)


def _force_numbers(led: LedDevice) -> list[Candidate]:
    able, control = led.driver.capabilities, control_device(led)
    if control is None or not able.intents & FORCES:
        return []
    return [
        (control.serial, number.key, partial(ForceNumber, control, number))
        for number in FORCE_NUMBERS
        if number.allowed(able) is not None
    ]
