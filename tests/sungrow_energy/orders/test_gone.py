"""An entry that is removed or disabled while it has something to put back."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import DOMAIN

from ..conftest import entry_data
from .room import MODE, Room


async def test_an_entry_that_is_added_again_can_end_what_was_left(
    room: Room,
) -> None:
    """How it was before is not forgotten with the entry."""
    await room.start()
    await room.call("hold", duration={"minutes": 600})
    forced = room.stored
    room.device.switches.online = False
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    room.device.switches.online = True
    assert room.stored == forced
    assert room.issues == ["left_forced"]
    room.entry = MockConfigEntry(
        domain=DOMAIN,
        title="Again",
        unique_id=room.entry.unique_id,
        data=entry_data(room.sim, "oauth"),
        options={"allow_control": True},
    )
    room.entry.add_to_hass(room.hass)
    await room.hass.config_entries.async_setup(room.entry.entry_id)
    await room.settle()
    await room.minutes(10)
    assert room.issues == ["control_forced_without_lease", "left_forced"]
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.issues == []
    assert room.stored[MODE] == 0


async def test_disabling_while_the_device_is_away(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    """It is put back as soon as that is possible, although the entry is off."""
    room = started
    before = room.stored
    await room.charge(60)
    room.device.switches.online = False
    await room.hass.config_entries.async_set_disabled_by(
        room.entry.entry_id, ConfigEntryDisabler.USER
    )
    await room.settle()
    assert room.issues == ["left_forced"]
    room.device.switches.online = True
    await room.minutes(60)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []


async def test_a_device_that_leaves_the_account_and_comes_back(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    """Its lease stays on disk, and ends when it is there again."""
    room = started
    before = room.stored
    await room.charge(600)
    room.device.switches.lost = True
    await room.minutes(200)
    assert room.leases(hass_storage) != {}
    assert room.serial not in room.entry.runtime_data.devices
    room.device.switches.lost = False
    await room.minutes(500)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


async def test_two_entries_never_lead_one_device(started: Room) -> None:
    """Another login of the same plant is told who leads it."""
    room = started
    other = MockConfigEntry(
        domain=DOMAIN,
        title="Login",
        unique_id="eu_user",
        data=entry_data(room.sim, "login"),
        options={"allow_control": True},
    )
    other.add_to_hass(room.hass)
    await room.hass.config_entries.async_setup(other.entry_id)
    await room.settle()
    refused = other.runtime_data.devices[room.serial].refusal
    assert refused is not None
    assert refused.key == "controlled_elsewhere"
    await room.hass.config_entries.async_unload(room.entry.entry_id)
    await room.settle()
    await room.minutes(11)
    assert other.runtime_data.devices[room.serial].control is not None
