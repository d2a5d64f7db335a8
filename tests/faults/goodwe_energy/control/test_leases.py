"""Rows 32 to 41, 45 to 47: the life of a force, in Home Assistant."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from tests.goodwe_energy.orders.room import CHARGING, CHARGING_SOC, LEASES, Room
from tests.lease_rows import (
    clock_jump,
    issues_name_no_serial,
    killed_around,
    leave,
    refused_by_a_full_disk,
    stopped_script,
)

HOUR = {"minutes": 60}


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("after", [False, True])
async def test_row_32_a_crash_around_a_request(
    room: Room, number: int, after: bool
) -> None:
    """What was only begun is taken back; what was done goes on to its end.

    Whether immediate charging is on cannot be read: the battery tells.
    """
    await room.start()
    before = room.stored
    await killed_around(room, number, after=after, power=3000, duration=HOUR)
    await room.minutes(10)
    if room.mode == "force_charge":
        assert room.power < -2500 or room.control == "not_following"
    else:
        assert room.stored == before
    await room.minutes(70)
    assert room.stored == before
    assert room.mode is None


async def test_row_32_ten_restarts(room: Room, hass_storage: dict[str, Any]) -> None:
    """The lease goes on with the time that is left; nothing is written, no login."""
    await room.start()
    before, logins = room.stored, room.sim.logins.tried
    await room.charge(60)
    sent = room.sent
    for _ in range(10):
        await room.restart(20)
        assert room.mode == "force_charge"
    assert room.sent == sent
    assert room.sim.logins.tried == logins
    await room.minutes(65)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


async def test_row_33_what_was_forced_for_a_day(room: Room) -> None:
    """A slot ends by itself; immediate charging ends when it is full, or with us."""
    await room.start()
    before = room.stored
    await room.call("force_discharge", power=3000, duration=HOUR)
    await room.minutes(5)
    assert room.power > 2500
    powers: list[float] = []

    def look() -> None:
        room.house.advance()
        powers.append(room.power)

    with room.at_start(look):
        await room.restart(7200)
    assert powers[0] < 700
    await room.minutes(6)
    assert room.stored == before
    assert room.mode is None


async def test_row_34_reload(room: Room, hass_storage: dict[str, Any]) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    sent, first = room.sent, room.manager
    await room.reload()
    assert room.manager is not first
    assert (room.mode, room.sent) == ("force_charge", sent)
    await room.minutes(36)
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
async def test_row_34_while_the_cloud_is_gone(room: Room, how: str) -> None:
    """An issue names what was left, without a serial."""
    await room.start()
    await room.charge(60)
    await room.sim.stop()
    await leave(room, how)
    assert "left_forced" in room.issues
    assert issues_name_no_serial(room)


async def test_row_35_it_cannot_be_put_back(room: Room) -> None:
    """It is tried for hours and told; then all is as before."""
    await room.start()
    before = room.stored
    await room.charge(30)
    room.device.switches.online = False
    await room.minutes(60)
    assert room.control == "restoring"
    assert "control_restore_failed" in room.issues
    room.device.switches.online = True
    await room.minutes(60)
    assert room.stored == before
    assert room.issues == []


@pytest.mark.parametrize("hours", [-3, 3])
async def test_row_36_the_clock_jumps(room: Room, hours: int) -> None:
    """A force ends by elapsed time or by the clock, whichever comes first."""
    await room.start()
    before = room.stored
    await room.charge(30)
    with clock_jump(room, hours):
        await room.minutes(5)
        await room.minutes(35 if hours < 0 else 0)
    await room.minutes(10)
    assert room.stored == before
    assert room.mode is None


async def test_row_37_what_a_device_loses_is_set_again(room: Room) -> None:
    """It was away, and came back with what it had before."""
    await room.start()
    before = room.stored
    events = room.events()
    settings = dict(room.controls.settings.stored)
    await room.call("force_discharge", power=1500, duration={"minutes": 180})
    [number] = room.slots_on
    await room.minutes(6)
    room.device.switches.online = False
    await room.minutes(40)
    room.controls.write_as_app(settings)
    room.device.switches.online = True
    await room.minutes(45)
    assert "lost" in events
    assert room.mode == "force_discharge"
    assert room.slots_on == [number]
    assert room.power > 1400
    await room.minutes(120)
    assert room.stored == before


async def test_row_38_a_person_changes_it(room: Room) -> None:
    """What the app sets stays, and nothing is written against it."""
    await room.start()
    events = room.events()
    await room.charge(180)
    sent = room.sent
    room.controls.write_as_app({CHARGING: 0, CHARGING_SOC: 55})
    await room.minutes(65)
    assert events[-1] == "external"
    assert room.mode is None
    assert (room.stored[CHARGING], room.stored[CHARGING_SOC]) == (0, 55)
    assert room.sent == sent


async def test_row_40_the_target_is_reached_early(room: Room) -> None:
    await room.start()
    before = room.stored
    events = room.events()
    await room.charge(120, power=6000, target_soc=52)
    await room.minutes(30)
    assert "target_reached" in events
    assert room.stored == before


async def test_row_41_extensions(room: Room) -> None:
    """Nothing is written: immediate charging knows no end in time."""
    await room.start()
    before = room.stored
    await room.charge(60)
    sent = room.sent
    for _ in range(5):
        await room.minutes(1)
        assert (await room.charge(60))["outcome"] == "unchanged"
    assert room.sent == sent
    await room.minutes(66)
    assert room.stored == before


async def test_row_45_the_grid_fails(room: Room) -> None:
    """Forces end, new ones are refused; the reserve can still be set."""
    await room.start(poll_seconds=60)
    before = room.stored
    await room.charge(60)
    room.house.override(grid=False)
    room.station.upload()
    await room.minutes(11)
    assert room.stored == before
    with pytest.raises(ServiceValidationError) as info:
        await room.charge()
    assert info.value.translation_key == "off_grid"
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"


@pytest.mark.parametrize("after", [False, True])
async def test_row_46_a_script_is_stopped(
    room: Room, after: bool, warnings: Callable[[], list[str]]
) -> None:
    """Who stops waiting stops nothing."""
    await room.start()
    await stopped_script(room, after=after, power=3000)
    assert room.mode == "force_charge"
    assert warnings() == []


async def test_row_46_reload_in_the_middle(room: Room) -> None:
    """Never two managers for one device, and never a force without its end."""
    await room.start()
    before, first = room.stored, room.manager
    reloads: list[asyncio.Task[Any]] = []

    def reload() -> None:
        work = room.hass.config_entries.async_reload(room.entry.entry_id)
        reloads.append(room.hass.async_create_task(work))

    order = room.order("force_charge", power=3000, duration=HOUR)
    with room.at_write(reload):
        [told] = await asyncio.gather(order, return_exceptions=True)
    if isinstance(told, HomeAssistantError):
        assert told.translation_key == "write_unknown"
    else:
        assert told["outcome"] == "applied"
    await reloads[0]
    assert room.manager is not first
    await room.minutes(75)
    assert room.stored == before
    assert room.mode is None


async def test_row_47_a_full_disk(room: Room) -> None:
    """What cannot be promised is not begun."""
    await room.start()
    await refused_by_a_full_disk(room)
    assert room.sent == 0


@pytest.mark.parametrize("action", ["force_charge", "force_discharge"])
async def test_row_47_the_lease_file_is_gone(
    room: Room, hass_storage: dict[str, Any], action: str
) -> None:
    """An issue offers to end it, and self-use does."""
    await room.start()
    await room.call(action, duration=HOUR)
    with room.at_start(lambda: hass_storage.pop(LEASES)):
        await room.restart()
    await room.minutes(5)
    assert room.issues == ["control_forced_without_lease"]
    assert (await room.call("self_use"))["outcome"] == "applied"
    await room.minutes(5)
    assert room.issues == []
    assert room.stored[CHARGING] == 0
    assert room.slots_on == []
    assert room.mode is None
