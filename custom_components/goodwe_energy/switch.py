"""Switches: what is on or off, slots, and whether a car is charged (section 9)."""

from collections.abc import Callable
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.ha.control_settings import SettingSwitch, SwitchSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control.charger_driver import CHARGING, ChargerDriver
from .control.dialect import Dialect
from .control.setting import Form, Setting
from .control_entities import described, of_form, settable, shown_settings
from .control_slots import (
    changed,
    described_part,
    of_slots,
    shown_slots,
    slot_maker,
    slot_of,
)
from .runtime import GoodWeConfigEntry, GoodWeRuntime

PARALLEL_UPDATES = 0


def describe(setting: Setting) -> SwitchSettingDescription:
    """Return the switch of a setting."""
    return SwitchSettingDescription(
        **described(setting),
        value_fn=_flag(setting.key),
        change_fn=lambda on, *_: {setting.key: on},
    )


def describe_slot(n: int, dialect: Dialect) -> SwitchSettingDescription:
    """Return the switch of a slot."""

    def value(settings: Settings) -> bool | None:
        slot = slot_of(settings, n)
        return None if slot is None else slot.on

    return SwitchSettingDescription(
        **described_part(n),
        value_fn=value,
        change_fn=lambda on, *_: changed(n, dialect, on=on),
    )


def _flag(key: str) -> Callable[[Settings], bool | None]:
    def value(settings: Settings) -> bool | None:
        found = settings.values.get(key)
        return found if isinstance(found, bool) else None

    return value


SETTINGS = of_form(Form.SWITCH, describe)
SLOTS = of_slots(describe_slot)
CHARGER = SwitchSettingDescription(
    key="charging",
    translation_key="charging",
    exists_fn=lambda settings: CHARGING in settings.values,
    value_fn=_flag(CHARGING),
    change_fn=lambda on, *_: {CHARGING: on},
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GoodWeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GoodWeRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for _, source, setting in shown_settings(runtime, Form.SWITCH):
        item = SETTINGS[setting.key]
        found.append((source.serial, item.key, partial(SettingSwitch, source, item)))
    for source, _, place, used in shown_slots(runtime):
        slot = SLOTS[place]
        make = slot_maker(SettingSwitch, source, slot, used)
        found.append((source.serial, slot.key, make))
    for led, source in settable(runtime):
        if isinstance(led.driver, ChargerDriver) and led.driver.has(CHARGING):
            make = partial(SettingSwitch, source, CHARGER)
            found.append((source.serial, CHARGER.key, make))
    return found
