"""Which devices have managers, and what becomes of them with the entry."""

from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.const import Platform
from homeassistant.exceptions import HomeAssistantError
import pytest

from ..platforms import only
from .room import CHARGING, SET_REGISTERS, Room

REMOTE = "sems-remote/*"
READ_NAMED = "sems-remote/api/v1/remote/get"


def notes(hass_storage: dict[str, Any]) -> list[str]:
    """Return what is kept of devices beside the session."""
    (file,) = [
        file for key, file in hass_storage.items() if key.startswith("goodwe_energy.a")
    ]
    return sorted(key for key in file["data"]["notes"] if "/" in key)


async def test_a_disabled_entry_puts_back_what_it_has_leased(started: Room) -> None:
    room = started
    before = room.stored
    await room.charge(60)
    await room.hass.config_entries.async_set_disabled_by(
        room.entry.entry_id, ConfigEntryDisabler.USER
    )
    await room.settle()
    assert room.stored == before
    room.sim.requests.forget()
    await room.minutes(30)
    assert room.sim.requests.total == 0


async def test_a_removed_entry_puts_back_and_leaves_nothing(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    room = started
    before = room.stored
    await room.charge(60)
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    assert room.stored == before
    assert notes(hass_storage) == []


async def test_a_removed_entry_tells_what_it_had_to_leave(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    """What ends the force is kept for when the account comes back."""
    room = started
    await room.charge(60)
    room.sim.faults.add("status", REMOTE, status=500)
    await room.hass.config_entries.async_remove(room.entry.entry_id)
    await room.settle()
    assert room.stored[CHARGING] == 1
    assert "left_forced" in room.issues
    kept = {key.partition("/")[2] for key in notes(hass_storage)}
    assert {"controlled", "forced", "functions"} <= kept


async def test_the_right_that_comes_later_is_used(room: Room) -> None:
    room.station.permissions.remove("INVERTER_REMOTE")
    with only(Platform.SWITCH):
        await room.start()
        assert not room.has("switch", "export_limit")
        room.station.permissions.append("INVERTER_REMOTE")
        await room.minutes(55)
        assert room.has("switch", "export_limit")


async def test_a_lease_goes_on_without_the_right_to_write(started: Room) -> None:
    """It is told, and put back as soon as that is allowed again."""
    room = started
    before = room.stored
    await room.charge(20)
    room.station.permissions.remove("INVERTER_REMOTE")
    await room.minutes(30)
    assert room.stored[CHARGING] == 1
    room.station.permissions.append("INVERTER_REMOTE")
    await room.minutes(60)
    assert room.stored == before


async def test_what_cannot_be_read_cannot_be_set(room: Room) -> None:
    """Nor does it keep anything else from being shown (section 4)."""
    room.sim.faults.add("vendor_error", REMOTE, message="read_fail")
    with only(Platform.SWITCH, Platform.SENSOR):
        await room.start()
    assert room.entry.state is ConfigEntryState.LOADED
    assert not room.has("switch", "export_limit")
    with pytest.raises(HomeAssistantError):
        await room.charge()


async def test_without_the_right_to_read_there_is_nothing_to_set(room: Room) -> None:
    room.sim.faults.add("vendor_error", REMOTE, message="100025")
    with only(Platform.SWITCH):
        await room.start()
    with pytest.raises(HomeAssistantError, match="read settings"):
        await room.charge()
    room.sim.requests.forget()
    await room.minutes(60)
    assert room.sim.requests.counts.get(READ_NAMED, 0) == 0


async def test_a_battery_that_is_told_later_is_led_by_its_own_menu(room: Room) -> None:
    """The list of an inverter's batteries may fail at first (section 3.9)."""
    room.sim.faults.add("vendor_error", "*relatedDevices", message="B0001")
    with only():
        await room.start()
        await room.charge(5)
        assert room.slots_on == [2]
        await room.call("self_use")
        room.sim.faults.clear()
        await room.minutes(7 * 60)
        await room.charge(5)
        assert (room.stored[CHARGING], room.slots_on) == (1, [])


@pytest.mark.parametrize("homes", ["charger"], indirect=True)
async def test_the_power_of_a_force_has_the_range_of_the_device(room: Room) -> None:
    """Its rated power may be told after its settings."""
    with only(Platform.NUMBER):
        await room.start()
    assert room.entity("number", "force_power").attributes["max"] == 10_000


async def test_a_device_that_is_deleted_is_forgotten(
    started: Room, hass_storage: dict[str, Any]
) -> None:
    room = started
    assert room.manager is not None
    await room.entry.runtime_data.async_forget_device(room.serial)
    assert room.center.manager(room.serial) is None
    assert room.entry.runtime_data.controls.of(room.serial) is None
    assert not [
        key for key in room.entry.runtime_data.account.notes if room.serial in key
    ]
    assert room.sim.requests.counts.get(SET_REGISTERS, 0) == 0
