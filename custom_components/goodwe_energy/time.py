"""Times of day: of slots, of peak shaving and of delayed charging (section 9)."""

from datetime import time
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import Edit
from ._vendor.core.control.validate import whole_minute
from ._vendor.core.ha.control_settings import SettingTime, TimeSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .control.dialect import Dialect
from .control.setting import Form, Setting
from .control_entities import described, of_form, shown_settings
from .control_slots import (
    changed,
    described_part,
    of_slots,
    shown_slots,
    slot_maker,
    slot_of,
    told,
)
from .runtime import GoodWeConfigEntry, GoodWeRuntime

PARALLEL_UPDATES = 0

START, END = "start", "end"


def describe(setting: Setting) -> TimeSettingDescription:
    """Return the time of a setting."""

    def value(settings: Settings) -> time | None:
        found = settings.values.get(setting.key)
        return time.fromisoformat(found) if isinstance(found, str) else None

    return TimeSettingDescription(
        **described(setting),
        value_fn=value,
        change_fn=lambda moment, *_: {
            setting.key: whole_minute(moment).isoformat("minutes")
        },
    )


def describe_slot(part: str, n: int, dialect: Dialect) -> TimeSettingDescription:
    """Return when a slot begins or ends."""

    def value(settings: Settings) -> time | None:
        slot = slot_of(settings, n)
        if slot is None:
            return None
        return time.fromisoformat(slot.start if part == START else slot.end)

    def change(moment: time, *_: object) -> Edit:
        return changed(n, dialect, **{part: told(moment, end=part == END)})

    return TimeSettingDescription(
        **described_part(n, part), value_fn=value, change_fn=change
    )


SETTINGS = of_form(Form.TIME, describe)
SLOTS = tuple(of_slots(partial(describe_slot, part)) for part in (START, END))


async def async_setup_entry(
    hass: HomeAssistant,
    entry: GoodWeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of devices that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: GoodWeRuntime) -> list[Candidate]:
    found: list[Candidate] = []
    for _, source, setting in shown_settings(runtime, Form.TIME):
        item = SETTINGS[setting.key]
        found.append((source.serial, item.key, partial(SettingTime, source, item)))
    for source, _, place, used in shown_slots(runtime):
        for part in SLOTS:
            item = part[place]
            make = slot_maker(SettingTime, source, item, used)
            found.append((source.serial, item.key, make))
    return found
