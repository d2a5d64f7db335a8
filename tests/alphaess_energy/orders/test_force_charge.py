"""A force in Home Assistant: the answer, the entities, its end."""

from datetime import timedelta

from .room import BOTH_STORES, Room


@BOTH_STORES
async def test_a_force_charges_and_comes_back(room: Room) -> None:
    await room.start(assume_enabled=True)
    before = room.stored
    events = room.events()
    assert (room.mode, room.control) == ("self_use", "idle")
    asked_at = room.now
    answer = await room.charge(30)
    assert answer["outcome"] == "applied"
    assert answer["following"] is None
    assert answer["warnings"] == []
    assert answer["expires_at"] == (asked_at + timedelta(minutes=30)).isoformat()
    # The states are true when the call has returned
    assert (room.mode, room.control) == ("force_charge", "starting")
    assert room.stored != before
    await room.minutes(5)
    assert room.battery < -100
    assert float(room.state("sensor", "battery_power")) < -100
    assert room.control == "active"
    await room.minutes(27)
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")
    assert room.state("sensor", "control_ends") == "unknown"
    assert events == ["started", "ended"]
    assert room.event()[1] == {"intent": "force_charge", "reason": "time"}
    assert room.issues == []
    await room.minutes(5)
    assert room.battery >= 0
