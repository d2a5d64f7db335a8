"""An entry or a device that goes while it has something to put back."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.const import DOMAIN

from ..conftest import entry_data
from .room import Room


async def test_an_entry_that_is_added_again_can_end_what_was_left(
    started: Room,
) -> None:
    """What is set by us is known again although the entry was removed."""
    room = started
    before = room.stored
    await room.call("force_discharge", power=1000, duration={"minutes": 300})
    room.device.switches.online = False
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    room.device.switches.online = True
    assert room.stored != before
    assert room.issues == ["left_forced"]
    room.entry = MockConfigEntry(
        domain=DOMAIN,
        title="Again",
        unique_id=room.entry.unique_id,
        data=entry_data(room.sim, live=False),
    )
    await room.start()
    await room.minutes(10)
    assert "control_forced_without_lease" in room.issues
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.slots_on == []
    assert room.issues == []


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
    """Its lease ends when it is there again, at the latest."""
    room = started
    before = room.stored
    await room.charge(60)
    room.device.switches.lost = True
    room.device.switches.online = False
    await room.minutes(120)
    assert room.leases(hass_storage) != {}
    room.device.switches.lost = False
    room.device.switches.online = True
    await room.minutes(120)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
