"""Switches of systems: which sides of the schedule are used."""

from functools import partial

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.control_settings import SettingSwitch, SwitchSettingDescription
from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .entity import store_source

PARALLEL_UPDATES = 0


def _flag(key: str, side: str) -> SwitchSettingDescription:
    return SwitchSettingDescription(
        key=key,
        translation_key=key,
        entity_category=EntityCategory.CONFIG,
        assumed_key=f"{side}.enabled",
        value_fn=lambda settings: settings.values.get(f"{side}.enabled"),  # type: ignore[arg-type,return-value]
        change_fn=lambda on, _settings, _able: {f"{side}.enabled": on},
    )


STORE = (
    _flag("grid_charge", "charge"),
    _flag("discharge_time_control", "discharge"),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AlphaEssConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of systems that can be controlled."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: AlphaEssAccount) -> list[Candidate]:
    return [
        (serial, description.key, partial(SettingSwitch, store, description))
        for serial, system in runtime.systems.items()
        if (store := store_source(runtime, system)) is not None
        and store.settings() is not None
        for description in STORE
    ]
