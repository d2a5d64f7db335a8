"""Forces and holds in Home Assistant: the answer, the entities, the end."""

from datetime import timedelta
from typing import Any

import pytest

from .room import Room


async def test_a_force_charges_and_comes_back(room: Room) -> None:
    await room.start()
    before = room.stored
    events = room.events()
    assert (room.mode, room.control) == ("self_use", "idle")
    asked_at = room.now
    answer = await room.charge(30)
    assert answer["outcome"] == "applied"
    assert answer["effective"] == {"power": 3000}
    assert answer["warnings"] == []
    assert answer["expires_at"] == (asked_at + timedelta(minutes=30)).isoformat()
    # The states are true when the call has returned
    assert (room.mode, room.control) == ("force_charge", "starting")
    assert room.stored["EM_OperatingMode"] == "1"
    await room.seconds(30)
    assert room.power < -2900
    assert float(room.state("sensor", "battery_power")) < -2900
    assert room.control == "active"
    await room.minutes(30)
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")
    assert events == ["started", "ended"]
    assert room.event()[1] == {"intent": "force_charge", "reason": "time"}
    assert room.issues == []
    await room.minutes(1)
    assert room.power > 0


@pytest.mark.parametrize(
    ("action", "data", "low", "high"),
    [
        ("force_charge", {}, -4700, -4500),
        ("force_discharge", {"power": 2000}, 1900, 2100),
        ("force_discharge", {}, 4500, 4700),
        ("hold", {"block": "both"}, -30, 0),
        ("hold", {}, -30, 0),
    ],
)
async def test_what_a_force_does(
    room: Room, action: str, data: dict[str, Any], low: float, high: float
) -> None:
    await room.start()
    before = room.stored
    answer = await room.call(action, duration={"minutes": 10}, **data)
    assert answer["outcome"] == "applied"
    await room.seconds(30)
    assert low <= room.power <= high
    assert room.control == "active"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")


async def test_a_force_ends_where_it_was_before(room: Room) -> None:
    """Time of use goes on after it."""
    await room.start()
    room.battery.write_as_app(EM_OperatingMode="10")
    await room.seconds(70)
    assert room.mode == "time_of_use"
    await room.charge(5)
    assert room.mode == "force_charge"
    await room.minutes(6)
    assert room.battery.stored["EM_OperatingMode"] == "10"
    assert room.mode == "time_of_use"


async def test_a_mode_that_is_refused_is_told_of(room: Room) -> None:
    """6.2: sonnen's own mode may be refused; then it is self-consumption."""
    await room.start()
    room.battery.write_as_app(EM_OperatingMode="11")
    room.battery.change(modes=("1", "2", "10"))
    await room.seconds(70)
    await room.charge(5)
    await room.minutes(8)
    assert (room.stored["EM_OperatingMode"], room.mode) == ("2", "self_use")
    assert room.control == "idle"
    assert room.issues == ["mode_not_restored"]
    await room.reload()
    assert room.issues == ["mode_not_restored"]
    room.battery.write_as_app(EM_OperatingMode="11")
    await room.seconds(70)
    assert room.issues == []


async def test_a_hold_by_hand_in_manual_mode_comes_back(room: Room) -> None:
    await room.start()
    await room.set("select", "battery_mode", option="manual")
    before = room.stored
    await room.set("select", "battery_mode", option="hold")
    await room.seconds(30)
    assert (room.control, room.mode) == ("active", "hold")
    await room.minutes(75)
    assert room.stored == before
    assert (room.control, room.mode) == ("idle", "manual")
    assert room.issues == []


async def test_a_target_is_reached(room: Room) -> None:
    await room.start()
    events = room.events()
    await room.charge(60, target_soc=51)
    await room.minutes(4)
    assert events == ["started", "target_reached", "ended"]
    assert room.mode == "self_use"


async def test_an_old_set_point_does_not_come_back_to_life(room: Room) -> None:
    """6.4: manual mode revives what was told last."""
    await room.start()
    await room.charge(5)
    await room.minutes(6)
    await room.call("hold", block="both", duration={"minutes": 5})
    await room.seconds(30)
    assert -30 <= room.power <= 0


async def test_requests_of_a_force(room: Room) -> None:
    """At most 12 more than are asked all the time, put-back included (issue 4)."""
    await room.start()
    room.sim.counters.reset()
    await room.charge(5)
    forced = room.sim.counters.count()
    await room.minutes(4)
    room.sim.counters.reset()
    await room.call("self_use")
    assert forced + room.sim.counters.count() <= 12


async def test_reserve_to_current(room: Room) -> None:
    await room.start()
    answer = await room.call("set_backup_reserve_to_current", offset=-10)
    assert answer["effective"] == {"soc": 40}
    assert room.stored["EM_USOC"] == "40"
    assert room.state("number", "backup_reserve") == "40"
    await room.call("set_backup_reserve_to_current", offset=-50, minimum=15)
    assert room.stored["EM_USOC"] == "15"
