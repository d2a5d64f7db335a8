"""Times of systems: when windows of the schedule start and end."""

from datetime import time
from functools import partial

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.control.driver import Capabilities, Settings
from ._vendor.core.control.intent import Edit
from ._vendor.core.ha.control_settings import SettingTime, TimeSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .battery import RATED_POWER
from .entity import store_source
from .stores.parts import set_window, window

PARALLEL_UPDATES = 0

START, END = "start", "end"


def _time(side: str, number: int, part: str) -> TimeSettingDescription:
    key = f"{side}_{part}_{number}"

    def value(settings: Settings) -> time | None:
        found = window(settings, side, number)
        return found[part == END] if found is not None else None

    def change(value: time, _settings: Settings, able: Capabilities) -> Edit:
        rated = int(able.power.high) if able.power is not None else RATED_POWER
        if part == START:
            return set_window(side, number, start=value, rated=rated)
        return set_window(side, number, end=value, rated=rated)

    return TimeSettingDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        value_fn=value,
        change_fn=change,
    )


STORE = tuple(
    _time(side, number, part)
    for side in ("charge", "discharge")
    for number in (1, 2)
    for part in (START, END)
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AlphaEssConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the times of systems that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: AlphaEssAccount) -> list[Candidate]:
    return [
        (serial, description.key, partial(SettingTime, store, description))
        for serial, system in runtime.systems.items()
        if (store := store_source(runtime, system)) is not None
        and store.settings() is not None
        for description in STORE
    ]
