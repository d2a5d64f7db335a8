"""An entry that is removed or disabled while it has something to put back."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy.const import DOMAIN

from .room import Room

FORCE = ("force_charge", {"power": 3000})
HOLD = ("hold", {"block": "discharge"})


async def begin_again(room: Room) -> Room:
    """Remove the entry while the battery is away, and add it again."""
    await room.battery.stop()
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    await room.battery.start()
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Again",
        unique_id=room.entry.unique_id,
        data=dict(room.entry.data),
    )
    entry.add_to_hass(room.hass)
    await room.hass.config_entries.async_setup(entry.entry_id)
    again = Room(room.hass, entry, room.sim, room.battery, room.step, room.freezer)
    await again.settle()
    await again.minutes(2)
    return again


@pytest.mark.parametrize(("action", "data"), [FORCE, HOLD])
async def test_removal_puts_back_first(
    room: Room, hass_storage: dict[str, Any], action: str, data: dict[str, Any]
) -> None:
    await room.start()
    before = room.stored
    await room.call(action, duration={"minutes": 60}, **data)
    assert room.stored != before
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []


@pytest.mark.parametrize(("action", "data"), [FORCE, HOLD])
async def test_an_entry_that_is_added_again_can_end_what_was_left(
    room: Room, action: str, data: dict[str, Any]
) -> None:
    """How it was before the hold is not forgotten with the entry."""
    await room.start()
    before = room.stored
    await room.call(action, duration={"minutes": 60}, **data)
    forced = room.stored
    room = await begin_again(room)
    assert room.stored == forced
    assert room.issues == ["control_forced_without_lease", "left_forced"]
    assert room.mode == "unknown"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.stored == before
    assert room.issues == []
    assert room.mode == "self_use"


async def test_disabling_puts_back_first(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.hass.config_entries.async_set_disabled_by(
        room.entry.entry_id, ConfigEntryDisabler.USER
    )
    await room.settle()
    assert room.stored == before
    assert room.leases(hass_storage) == {}


async def test_disabling_while_the_battery_is_away(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """It is put back as soon as the battery answers, although the entry is off."""
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.battery.stop()
    await room.hass.config_entries.async_set_disabled_by(
        room.entry.entry_id, ConfigEntryDisabler.USER
    )
    await room.settle()
    await room.battery.start()
    await room.minutes(10)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
