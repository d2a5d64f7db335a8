"""Rows 32 to 41, 45 to 47: the life of a force, in Home Assistant."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from tests.growatt_energy.orders.room import LEASES, Room
from tests.lease_rows import (
    clock_jump,
    issues_name_no_serial,
    killed_around,
    leave,
    refused_by_a_full_disk,
    stopped_script,
)

from .ways import FORCES, Way

MOST_WAYS = pytest.mark.parametrize("way", ["remote", "segments", "app", "periods"])


@pytest.mark.parametrize(
    ("way", "number"),
    [("remote", 1), ("remote", 4), ("segments", 2), ("periods", 1)],
)
@pytest.mark.parametrize("after", [False, True])
async def test_row_32_a_crash_around_a_request(
    room: Room, number: int, after: bool
) -> None:
    """What was only begun is taken back; what was done goes on to its end."""
    await room.start()
    before = room.stored
    await killed_around(room, number, after=after, power=3000, duration={"minutes": 60})
    await room.minutes(10)
    if room.mode == "force_charge":
        assert room.power < -2500
    else:
        assert room.stored == before
    await room.minutes(70)
    assert room.stored == before
    assert room.mode is None


@MOST_WAYS
async def test_row_32_restarts(room: Room, hass_storage: dict[str, Any]) -> None:
    """The lease goes on with the time that is left; nothing is written again."""
    await room.start()
    before = room.stored
    await room.charge(60)
    sent = room.sent
    for _ in range(5):
        await room.restart(20)
        assert room.mode == "force_charge"
    assert room.sent == sent
    await room.minutes(65)
    assert room.stored == before
    assert room.leases(hass_storage) == {}


@MOST_WAYS
async def test_row_33_the_end_comes_while_home_assistant_is_down(
    room: Room,
) -> None:
    """The device ends it alone; at the start the rest is put back."""
    await room.start()
    before = room.stored
    await room.charge(60)
    seen: list[float] = []

    def look() -> None:
        # The inverter has no clock of ours: what is led by windows acts each day.
        room.house.advance()
        seen.append(room.power)

    with room.at_start(look):
        await room.restart(4 * 3600)
    assert seen[0] > -100
    await room.minutes(10)
    assert room.stored == before
    assert room.mode is None


@FORCES
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


@FORCES
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


@pytest.mark.parametrize("way", ["remote", "app"])
@pytest.mark.parametrize("how", ["disabled", "removed"])
async def test_row_34_while_the_cloud_is_gone(room: Room, how: str) -> None:
    """An issue names what was left, without a serial."""
    await room.start()
    await room.charge(60)
    await room.sim.stop()
    await leave(room, how)
    assert "left_forced" in room.issues
    assert issues_name_no_serial(room)


@pytest.mark.parametrize("way", ["segments", "periods"])
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


@FORCES
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


class TestOverMidnight:
    """A force in the night of a change of the clocks."""

    @pytest.fixture
    def start_time(self) -> datetime:
        """Half an hour before midnight in Berlin, the clocks go back at three."""
        return datetime(2026, 10, 24, 21, 30, tzinfo=UTC)

    @FORCES
    async def test_row_36_over_midnight_and_the_end_of_summer_time(
        self, room: Room
    ) -> None:
        """It goes on, apart from the last minute of a day, and ends in time."""
        await room.start()
        before = room.stored
        await room.charge(60 * 5, power=1000)
        for _ in range(9):
            await room.minutes(30)
            assert room.mode == "force_charge"
            assert room.power < -700
        await room.minutes(40)
        assert room.stored == before
        assert room.mode is None


@FORCES
async def test_row_38_a_person_changes_it(room: Room, way: Way) -> None:
    """What the app sets stays, and everything else goes back."""
    await room.start()
    events = room.events()
    await room.charge(60)
    if way == "remote":
        room.device.vpp.values[27] = 77
    elif way == "segments":
        room.device.write_as_app(time1Mode=2)
    else:
        room.device.write_as_app(forcedChargeTimeStop1="23:0")
    await room.minutes(35)
    assert events == ["started", "external"]
    assert room.mode is None
    await room.minutes(40)
    stored = room.stored
    if way == "segments":
        assert stored["time1Mode"] == 2
    elif way == "periods":
        assert stored["forcedChargeTimeStop1"] == "23:0"


async def test_row_38_remote_control_that_the_device_loses(room: Room) -> None:
    """It is not stored (reference section 6.6): after an outage a force is set again."""
    await room.start()
    before = room.stored
    events = room.events()
    await room.charge(180)
    await room.minutes(6)
    room.device.switches.online = False
    await room.minutes(40)
    for number in (25, 26, 27):
        room.device.vpp.write(number, 0)
    room.device.switches.online = True
    await room.minutes(40)
    assert [event for event in events if event != "not_following"] == [
        "started",
        "lost",
    ]
    assert room.power < -2500
    await room.minutes(120)
    assert room.stored == before


@FORCES
async def test_row_40_the_target_is_reached_early(room: Room) -> None:
    await room.start()
    before = room.stored
    events = room.events()
    await room.charge(120, target_soc=52)
    await room.minutes(30)
    assert "target_reached" in events
    assert room.stored == before
    assert room.mode is None


@pytest.mark.parametrize("way", ["segments", "periods"])
async def test_row_40_a_full_battery_that_is_held(room: Room, way: Way) -> None:
    """It gives nothing, and what the sun brings is not lost."""
    await room.start()
    room.house.override(soc=100, pv_w=2000, load_w=500)
    await room.minutes(6)
    await room.call("hold", duration={"minutes": 60})
    await room.minutes(10)
    live = room.house.live()
    assert live.battery_w < 50
    assert live.grid_w < -1300


@FORCES
async def test_row_41_extensions(room: Room) -> None:
    """The device is told only when its own end comes near."""
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


@FORCES
async def test_row_45_the_grid_fails(room: Room) -> None:
    """No field tells of it: the inverter does what it must, and the end comes."""
    await room.start()
    before = room.stored
    await room.charge(30)
    room.house.override(grid=False)
    await room.minutes(10)
    room.house.override(grid=True)
    await room.minutes(30)
    assert room.stored == before
    assert room.mode is None


@FORCES
@pytest.mark.parametrize("after", [False, True])
async def test_row_46_a_script_is_stopped(
    room: Room, after: bool, warnings: Callable[[], list[str]]
) -> None:
    """Who stops waiting stops nothing."""
    await room.start()
    await stopped_script(room, after=after, power=3000)
    assert room.mode == "force_charge"
    assert warnings() == []


async def test_row_46_a_raw_setting_goes_on_too(room: Room) -> None:
    """It waits for its turn, and is sent once."""
    await room.start()
    order = room.order(
        "update_inverter_setting", type="tlx_off_grid_enable", parameters=["1"]
    )
    await asyncio.sleep(0)
    order.cancel()
    await room.settle()
    assert room.sent == 1


@pytest.mark.parametrize("way", ["remote", "segments"])
async def test_row_46_reload_in_the_middle(room: Room) -> None:
    """Never two managers for one device, and never a force without its end.

    Unloading waits for the write, but not as long as the cloud may need to show it:
    who asked is told then that nobody knows, and the next manager finds out.
    """
    await room.start()
    before, first = room.stored, room.manager
    reloads: list[asyncio.Task[Any]] = []

    def reload() -> None:
        work = room.hass.config_entries.async_reload(room.entry.entry_id)
        reloads.append(room.hass.async_create_task(work))

    order = room.order("force_charge", power=3000, duration={"minutes": 60})
    with room.at_write(reload):
        [told] = await asyncio.gather(order, return_exceptions=True)
    if isinstance(told, HomeAssistantError):
        assert told.translation_key == "write_unknown"
    else:
        assert told["outcome"] == "applied"
    await reloads[0]
    assert room.manager is not first
    await room.minutes(10)
    if room.mode == "force_charge":
        assert room.power < -2500
    else:
        assert room.stored == before
    await room.minutes(66)
    assert room.stored == before
    assert room.mode is None


async def test_row_47_a_full_disk(room: Room) -> None:
    """What cannot be promised is not begun."""
    await room.start()
    await refused_by_a_full_disk(room)
    assert room.sent == 0


@pytest.mark.parametrize(
    ("way", "action"),
    [
        ("remote", "force_charge"),
        ("segments", "force_charge"),
        ("segments", "hold"),
        ("periods", "force_charge"),
    ],
)
async def test_row_47_the_lease_file_is_gone(
    room: Room, hass_storage: dict[str, Any], action: str
) -> None:
    """An issue offers to end it, and self-use does."""
    await room.start()
    data = {"power": 3000} if action == "force_charge" else {}
    await room.call(action, duration={"minutes": 60}, **data)
    with room.at_start(lambda: hass_storage.pop(LEASES)):
        await room.restart()
    await room.minutes(5)
    assert room.issues == ["control_forced_without_lease"]
    assert (await room.call("self_use"))["outcome"] == "applied"
    await room.minutes(5)
    assert room.issues == []
    assert room.power > 0
    assert room.mode is None
