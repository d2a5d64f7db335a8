"""Modes in which something else leads the battery need a heartbeat (section 6.4)."""

from homeassistant.const import Platform
import pytest

from ..platforms import only
from .room import MODE, Room

BEAT = 10017


@pytest.fixture
async def led(room: Room) -> Room:
    """A device that was put into external dispatch."""
    with only(Platform.SELECT):
        await room.start()
    await room.set("select", "param_10003", option="external_dispatch")
    assert room.stored[MODE] == 3
    return room


async def test_it_beats_while_the_device_is_led_and_then_no_more(led: Room) -> None:
    room = led
    await half_an_hour(room)
    assert room.stored[MODE] == 3
    assert room.device.fallbacks == 0
    assert (await room.call("self_use"))["outcome"] == "applied"
    beats = len(room.device.heartbeats)
    assert 11 <= beats <= 15
    assert room.stored[MODE] == 0
    await half_an_hour(room)
    assert len(room.device.heartbeats) == beats


async def test_it_goes_on_after_a_restart(led: Room) -> None:
    room = led
    await room.restart(60)
    before = len(room.device.heartbeats)
    await half_an_hour(room)
    assert len(room.device.heartbeats) >= before + 11
    assert room.device.fallbacks == 0


async def test_a_start_comes_in_time(led: Room) -> None:
    """The device would have fallen back before the next beat was due."""
    room = led
    await room.step(2)
    await room.restart(200)
    await room.step(100)
    assert room.device.fallbacks == 0
    assert room.stored[MODE] == 3


async def test_it_ends_with_control(led: Room) -> None:
    """The device then falls back by itself."""
    room = led
    room.hass.config_entries.async_update_entry(
        room.entry, options={"allow_control": False}
    )
    await room.reload()
    before = len(room.device.heartbeats)
    await half_an_hour(room)
    assert len(room.device.heartbeats) == before
    assert room.device.fallbacks == 1
    assert room.stored[MODE] == 0


async def test_it_is_told_when_it_fails_twice(led: Room) -> None:
    room = led
    room.sim.faults.add("status", "*paramSetting", status=500)
    await room.step(151)
    assert room.issues == []
    await room.step(151)
    assert room.issues == ["heartbeat_failed"]
    room.sim.faults.clear()
    await room.step(151)
    assert room.issues == []


async def test_who_else_has_led_it_beats_by_himself(room: Room) -> None:
    await room.start()
    room.device.write_as_app(p10003=4)
    await half_an_hour(room)
    assert room.sent == 0


async def half_an_hour(room: Room) -> None:
    """Let half an hour pass with all that is due in it."""
    for _ in range(13):
        await room.step(150.5)
