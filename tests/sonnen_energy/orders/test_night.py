"""What the battery loses by itself, and what somebody else takes (row 37, 38)."""

import pytest

from .room import Room


@pytest.mark.parametrize("before", ["2", "10"])
@pytest.mark.parametrize("keeps_mode", [False, True])
async def test_the_nightly_reset_is_survived(
    room: Room, keeps_mode: bool, before: str
) -> None:
    await room.start()
    room.battery.write_as_app(EM_OperatingMode=before)
    await room.seconds(70)
    was = room.stored
    events = room.events()
    await room.charge(60)
    held = room.stored
    await room.minutes(2)
    room.battery.change(reset_keeps_mode=keeps_mode)
    room.battery.nightly_reset(3, boot_minutes=1)
    await room.minutes(3.5)
    assert room.power > -100
    assert room.state("sensor", "battery_soc") != "0"
    await room.minutes(1.5)
    assert events == ["started", "lost"]
    assert room.stored == held
    assert room.power < -2900
    await room.seconds(20)
    assert room.control == "active"
    await room.minutes(60)
    assert room.stored == was
    assert events == ["started", "lost", "ended"]


async def test_a_lost_set_point_alone_is_told_again(room: Room) -> None:
    """Nobody has seen the battery away: its controller was restarted between polls."""
    await room.start()
    events = room.events()
    await room.charge(30)
    await room.minutes(2)
    room.battery.change(reset_keeps_mode=True)
    room.battery.nightly_reset(0, boot_minutes=0)
    await room.minutes(2)
    assert "lost" in events
    assert "external" not in events
    assert room.power < -2900


async def test_what_is_lost_is_seen_in_the_batterys_own_power(room: Room) -> None:
    """Firmware without `latestdata` does not say what its controller asks for."""
    room.battery.variant.missing_endpoints = {"latestdata"}
    await room.start()
    events = room.events()
    await room.charge(60)
    await room.minutes(2)
    assert room.control == "active"
    room.battery.change(reset_keeps_mode=True)
    room.battery.nightly_reset(3, boot_minutes=1)
    await room.minutes(10)
    assert events == ["started", "lost"]
    assert room.power < -2500
    assert room.control == "active"


async def test_a_hold_is_never_lost(room: Room) -> None:
    """Nothing shows that 0 W is not told any more, and nothing has to."""
    await room.start()
    events = room.events()
    await room.call("hold", block="both", duration={"minutes": 30})
    await room.minutes(2)
    room.battery.change(reset_keeps_mode=True)
    room.battery.nightly_reset(0, boot_minutes=0)
    await room.minutes(5)
    assert events == ["started"]
    assert -30 <= room.power <= 0


@pytest.mark.parametrize("mode", ["2", "10"])
async def test_a_person_is_respected(room: Room, mode: str) -> None:
    await room.start()
    events = room.events()
    await room.charge(30)
    await room.minutes(1)
    sent = room.sent
    room.battery.write_as_app(EM_OperatingMode=mode)
    await room.seconds(30)
    assert events == ["started", "external"]
    assert room.control == "external"
    await room.minutes(40)
    assert room.sent == sent
    assert room.stored["EM_OperatingMode"] == mode


async def test_the_grid_failing_ends_a_force(room: Room) -> None:
    """Row 45."""
    await room.start()
    before = room.stored
    await room.charge(30)
    await room.minutes(1)
    room.house.override(grid=False)
    await room.seconds(30)
    assert room.stored == before
    assert room.state("binary_sensor", "off_grid") == "on"
    assert room.event()[1]["reason"] == "off_grid"


async def test_a_crash_in_a_force(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    await room.minutes(1)
    await room.crash(60)
    await room.minutes(1)
    assert room.mode == "force_charge"
    assert room.power < -2900
    await room.crash(3600)
    await room.minutes(1)
    assert room.stored == before
    assert room.mode == "self_use"
