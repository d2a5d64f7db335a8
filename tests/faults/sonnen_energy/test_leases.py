"""Rows 32 to 41, 45: the life of a force, in Home Assistant."""

from typing import Any

import pytest

from tests.lease_rows import (
    clock_jump,
    issues_name_no_serial,
    killed_around,
    leave,
    stopped_script,
)
from tests.sonnen_energy.orders.room import LEASES, Room


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("after", [False, True])
async def test_row_32_a_crash_around_each_request(
    room: Room, number: int, after: bool
) -> None:
    """What was only begun is taken back; what was done goes on to its end."""
    await room.start()
    before = room.stored
    await killed_around(room, number, after=after, power=2000, duration={"minutes": 30})
    await room.minutes(5)
    if room.mode == "force_charge":
        assert room.power < -1900
    else:
        assert room.stored == before
    await room.minutes(30)
    assert room.stored == before
    assert room.mode == "self_use"


async def test_row_32_ten_restarts(room: Room, hass_storage: dict[str, Any]) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    sent = room.sent
    for _ in range(10):
        await room.restart(20)
        assert room.mode == "force_charge"
    assert room.sent == sent
    await room.minutes(60)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


async def test_row_33_the_end_comes_while_home_assistant_is_down_for_a_day(
    room: Room,
) -> None:
    """No command of the battery ends by itself: it comes back at the start."""
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.restart(86_400)
    await room.seconds(20)
    assert room.stored == before
    assert room.mode == "self_use"


async def test_row_34_reload(room: Room, hass_storage: dict[str, Any]) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    first = room.manager
    await room.reload()
    assert room.manager is not first
    assert room.mode == "force_charge"
    assert room.sent == 3
    await room.minutes(31)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


@pytest.mark.parametrize("how", ["disabled", "removed", "control_off"])
async def test_row_34_who_goes_puts_back(
    room: Room, hass_storage: dict[str, Any], how: str
) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    await leave(room, how)
    assert room.stored == before
    assert room.leases(hass_storage) == {}
    assert room.issues == []


@pytest.mark.parametrize("how", ["disabled", "removed"])
async def test_row_34_while_the_battery_is_gone(room: Room, how: str) -> None:
    """An issue names what was left."""
    await room.start()
    await room.charge(60)
    await room.battery.stop()
    await leave(room, how)
    assert "left_forced" in room.issues
    assert issues_name_no_serial(room)


async def test_row_35_it_cannot_be_put_back(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(5)
    room.battery.change(write_api=False)
    await room.minutes(20)
    assert room.control == "restoring"
    assert "control_restore_failed" in room.issues
    room.battery.change(write_api=True)
    await room.minutes(31)
    assert room.stored == before
    assert room.issues == []


@pytest.mark.parametrize("hours", [-3, 3])
async def test_row_36_the_clock_jumps(room: Room, hours: int) -> None:
    """A force ends by elapsed time or by the clock, whichever comes first."""
    await room.start()
    before = room.stored
    await room.charge(30)
    with clock_jump(room, hours):
        await room.minutes(2)
        if hours < 0:
            assert room.mode == "force_charge"
            await room.minutes(30)
    assert room.stored == before
    assert room.mode == "self_use"


async def test_row_37_a_reset_in_each_of_two_nights(room: Room) -> None:
    """Only a force is set again, and only while it lasts."""
    await room.start()
    before = room.stored
    events = room.events()
    await room.charge(20)
    await room.minutes(1)
    room.battery.nightly_reset(2, boot_minutes=1)
    await room.minutes(5)
    assert events == ["started", "lost"]
    assert room.power < -2900
    await room.minutes(20)
    assert room.stored == before
    sent = room.sent
    room.battery.nightly_reset(2, boot_minutes=1)
    await room.minutes(10)
    assert room.sent == sent
    assert (room.control, room.mode) == ("idle", "self_use")


async def test_row_37_the_end_comes_during_the_reset(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(5)
    await room.minutes(3)
    room.battery.change(reset_keeps_mode=True)
    room.battery.nightly_reset(4, boot_minutes=1)
    await room.minutes(12)
    assert room.stored == before
    assert (room.control, room.mode) == ("idle", "self_use")


async def test_row_38_who_changes_it_at_the_same_minute_is_respected(
    room: Room,
) -> None:
    """Time of use is nothing to which a restart falls back."""
    await room.start()
    events = room.events()
    await room.charge(60)
    await room.minutes(1)
    room.battery.nightly_reset(2, boot_minutes=1)
    room.battery.write_as_app(EM_OperatingMode="10")
    await room.minutes(6)
    assert events == ["started", "external"]
    assert room.stored["EM_OperatingMode"] == "10"


async def test_row_40_the_target_is_reached_early(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(60, target_soc=51)
    await room.minutes(5)
    assert room.stored == before


async def test_row_41_ten_extensions_in_ten_minutes(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    for _ in range(10):
        await room.minutes(1)
        assert (await room.charge(30))["outcome"] == "unchanged"
    assert room.sent == 3
    await room.minutes(31)
    assert room.stored == before


async def test_row_45_the_grid_fails_during_a_hold(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.call("hold", duration={"minutes": 60})
    await room.seconds(20)
    room.house.override(grid=False)
    await room.seconds(20)
    assert room.stored == before


async def test_row_46_a_script_is_stopped(room: Room) -> None:
    """Who stops waiting stops nothing."""
    await room.start()
    await stopped_script(room, power=2000)
    assert room.mode == "force_charge"
    assert room.sent == 3


@pytest.mark.parametrize(
    ("action", "data"), [("force_charge", {"power": 2000}), ("hold", {})]
)
async def test_row_47_the_lease_file_is_gone(
    room: Room, hass_storage: dict[str, Any], action: str, data: dict[str, Any]
) -> None:
    """An issue offers to end it; what the reserve was before is known."""
    await room.start()
    before = room.stored
    await room.call(action, duration={"minutes": 60}, **data)
    with room.at_start(lambda: hass_storage.pop(LEASES)):
        await room.restart()
    await room.minutes(1)
    assert room.issues == ["control_forced_without_lease"]
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.stored == before
    assert room.issues == []
    assert room.mode == "self_use"
