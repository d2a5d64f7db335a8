"""A system that leaves the account while it has something to put back."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID

from ..devices import find_device
from .room import BOTH_STORES, PERIODIC_STORE, SETTINGS_POLL, Room

LIST_INTERVAL = 15 * 60 + 1


async def unbind(room: Room) -> None:
    await room.hass.services.async_call(
        DOMAIN,
        "unbind_system",
        {"device_id": room.device, "serial_number": room.serial},
        blocking=True,
    )
    await room.settle()


@BOTH_STORES
async def test_unbinding_puts_back_first(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """Afterwards nothing can be written any more."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    await unbind(room)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.serial not in room.sim.accounts[APP_ID].bound
    assert room.issues == []


@BOTH_STORES
async def test_what_cannot_be_put_back_is_not_unbound(room: Room) -> None:
    """The battery would stay as it is forced, and nobody could change it from here."""
    await room.start(assume_enabled=True)
    await room.charge(60)
    room.sim.faults.add("vendor_error", room.endpoint, code=6008)
    with pytest.raises(HomeAssistantError) as info:
        await unbind(room)
    assert info.value.translation_key == "write_rejected"
    assert room.serial in room.sim.accounts[APP_ID].bound
    assert room.control == "restoring"


@BOTH_STORES
async def test_a_system_that_somebody_else_has_unbound(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """An issue says what was left; if it comes back, that is put back."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    room.sim.accounts[APP_ID].bound.discard(room.serial)
    for _ in range(3):
        await room.step(LIST_INTERVAL)
    assert find_device(room.hass, room.entry, room.serial) is None
    assert room.center.manager(room.serial) is None
    assert "left_forced" in room.issues
    assert room.leases(hass_storage)
    await room.minutes(30)
    room.sim.accounts[APP_ID].bound.add(room.serial)
    await room.step(LIST_INTERVAL)
    await room.minutes(5, each=1)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []
    assert room.control == "idle"


@BOTH_STORES
async def test_nothing_is_forgotten_of_a_system_that_is_still_forced(
    room: Room,
) -> None:
    """What was noted of its force is needed when it comes back."""
    await room.start(assume_enabled=True)
    await room.charge(60)
    notes = room.entry.runtime_data.account.notes
    noted = {key: notes[key] for key in notes if key.endswith(("/forced", "/flags"))}
    assert f"{room.serial}/forced" in noted
    bound = room.sim.accounts[APP_ID].bound
    bound.discard(room.serial)
    for _ in range(3):
        await room.step(LIST_INTERVAL)
    assert find_device(room.hass, room.entry, room.serial) is None
    assert noted.items() <= notes.items()


async def test_all_is_forgotten_of_a_system_that_is_not_forced(room: Room) -> None:
    await room.start()
    room.sim.accounts[APP_ID].bound.discard(room.serial)
    for _ in range(3):
        await room.step(LIST_INTERVAL)
    notes = room.entry.runtime_data.account.notes
    assert [key for key in notes if key.startswith(room.serial)] == []
    assert room.issues == []


async def begin_again(room: Room) -> Room:
    """Remove the account while the cloud is down, and add it again.

    Without the option to assume that periods are in use: that is known.
    """
    await room.sim.stop()
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    await room.sim.start()
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Again",
        unique_id=APP_ID,
        data=dict(room.entry.data),
    )
    entry.add_to_hass(room.hass)
    await room.hass.config_entries.async_setup(entry.entry_id)
    again = Room(room.hass, entry, room.sim, room.step, room.freezer, room.serial)
    await again.settle()
    await again.minutes(2, each=1)
    return again


@BOTH_STORES
async def test_an_account_that_is_added_again_can_end_what_was_left(room: Room) -> None:
    await room.start(assume_enabled=True)
    await room.charge(60)
    forced = room.stored
    room = await begin_again(room)
    assert room.stored == forced
    assert room.issues == ["control_forced_without_lease", "left_forced"]
    assert room.mode == "unknown"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.issues == []
    assert room.mode == "self_use"
    await room.minutes(6)
    assert room.battery > -100


@PERIODIC_STORE
async def test_what_is_known_of_the_other_side_stays_so(room: Room) -> None:
    """Each write sends both flags, and neither can be read."""
    await room.start(assume_enabled=True)
    await room.call("set_schedule", enable_time_control=False)
    await room.charge(60)
    assert room.system.periodic.stored["ctrDisCycle"] == 0
    room = await begin_again(room)
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.system.periodic.stored["ctrDisCycle"] == 0


async def test_what_was_left_and_is_mended_in_the_app(room: Room) -> None:
    await room.start()
    await room.charge(60)
    room = await begin_again(room)
    room.system.write_as_app(
        room.system.charge,
        gridCharge=0,
        **dict.fromkeys(("timeChaf1", "timeChae1", "timeChaf2", "timeChae2"), "00:00"),
    )
    await room.step(SETTINGS_POLL)
    assert room.issues == []
    assert room.mode == "self_use"
