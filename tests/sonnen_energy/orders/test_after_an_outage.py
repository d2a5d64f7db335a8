"""A person who takes over soon after the battery was away is no restart (row 38)."""

import pytest

from .room import Room


@pytest.mark.parametrize("wait", [0, 10, 20, 30, 40, 50])
async def test_a_person_after_a_short_outage_is_respected(
    room: Room, wait: int
) -> None:
    """A single poll that failed does not excuse what follows for a minute."""
    await room.start()
    events = room.events()
    await room.charge(60)
    await room.minutes(2)
    await room.seconds(wait)
    room.battery.change(online=False)
    await room.seconds(10)
    room.battery.change(online=True)
    await room.seconds(10)
    assert events == ["started"]
    room.battery.write_as_app(EM_OperatingMode="2")
    await room.seconds(30)
    assert events == ["started", "external"]
    assert room.stored["EM_OperatingMode"] == "2"


async def test_without_a_force_nothing_more_is_asked(room: Room) -> None:
    """What was read before the outage is read again at its cadence."""
    await room.start()
    room.sim.counters.reset()
    room.battery.change(online=False)
    await room.seconds(10)
    room.battery.change(online=True)
    await room.seconds(10)
    asked = room.sim.counters.count("configurations", system=room.serial)
    assert asked <= 1
