"""Remote control that others end, or of which the cloud says strange things (6.6)."""

from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator.growatt.vpp import AUTHORITY, ENABLE, MINUTES, PERCENT

from .room import Room


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return (getattr(request, "param", "MIN"),)


async def settings_poll(room: Room) -> None:
    """Let the settings be read as they are from time to time."""
    device = room.entry.runtime_data.devices[room.serial]
    await device.settings.async_refresh()
    await room.settle()


async def test_a_passing_refusal_does_not_end_remote_control(started: Room) -> None:
    await started.charge(30)
    started.device.switches.vpp_passing = 1
    await settings_poll(started)
    assert started.device.switches.vpp_passing == 0
    assert started.manager.driver.remote
    await started.minutes(6)
    assert (started.control, started.mode) == ("active", "force_charge")
    await started.minutes(35)
    assert (started.control, started.device.vpp.values[ENABLE]) == ("idle", 0)
    await started.restart()
    await started.charge(30)
    assert started.device.vpp.values[ENABLE] == 1


async def test_what_a_person_has_ended_stays_ended(started: Room) -> None:
    events = started.events()
    await started.charge(60)
    await started.minutes(6)
    sent = started.sent
    for number in (PERCENT, ENABLE):
        started.device.vpp.write(number, 0)
    await settings_poll(started)
    await started.minutes(30)
    assert started.control == "external"
    assert events == ["started", "external"]
    assert started.sent == sent


async def test_registers_that_stay_set_are_put_back(started: Room) -> None:
    started.device.switches.vpp_ended = "kept"
    await started.charge(30)
    await started.minutes(45)
    registers = started.device.vpp.values
    assert (registers[ENABLE], registers[PERCENT]) == (0, 0)
    assert started.control == "idle"


@pytest.mark.parametrize("homes", ["MIN", "SPH"], indirect=True)
async def test_a_hold_does_not_pretend_while_others_lead(started: Room) -> None:
    for number, value in ((AUTHORITY, 1), (ENABLE, 1), (MINUTES, 0), (PERCENT, -50)):
        started.device.vpp.write(number, value)
    await settings_poll(started)
    with pytest.raises(HomeAssistantError) as info:
        await started.call("hold", duration={"minutes": 60})
    assert info.value.translation_key == "remote_controlled"
    assert started.sent == 0
