"""Rows 32, 33, 36, 38 to 41: how a force ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.exceptions import ServiceValidationError
import pytest

from tests.alphaess_energy.conftest import SYSTEM_1
from tests.alphaess_energy.orders.room import (
    BOTH_STORES,
    SETTINGS_POLL,
    Room,
)

from .test_writes import key


@BOTH_STORES
async def test_row_32_a_restart_in_the_middle(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """The force goes on without a write, and ends when it should."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(60)
    ends = room.state("sensor", "control_ends")
    await room.minutes(5)
    await room.restart(seconds=600)
    assert room.mode == "force_charge"
    assert room.state("sensor", "control_ends") == ends
    await room.minutes(5, each=1)
    assert room.control == "active"
    assert room.sent == 1
    await room.minutes(45)
    assert room.stored == before
    assert room.control == "idle"
    assert room.leases(hass_storage) == {}
    assert room.issues == []


async def test_row_32_ten_restarts(room: Room, hass_storage: dict[str, Any]) -> None:
    """They write nothing, and read the settings once each to see that it holds."""
    await room.start()
    before = room.stored
    await room.charge(60)
    lease = room.leases(hass_storage)["mode"]
    room.sim.counters.reset()
    for _ in range(10):
        await room.restart()
    assert room.sent == 0
    assert room.sim.counters.count("getChargeConfigInfo") <= 10
    assert room.leases(hass_storage)["mode"] == lease
    assert room.mode == "force_charge"
    await room.minutes(60)
    assert room.stored == before


@BOTH_STORES
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_row_32_a_crash_around_the_request(
    room: Room, hass_storage: dict[str, Any], after: bool
) -> None:
    """The disk says "perhaps": what is there is held, what is not is forgotten."""
    await room.start(assume_enabled=True)
    before, crashed = room.stored, []

    def kill() -> None:
        crashed.append(room.leases(hass_storage)["mode"]["state"])
        for task in room.manager._jobs._tasks:
            task.cancel()

    order = room.order("force_charge", duration={"minutes": 60}, target_soc=90)
    with room.at_write(kill, after=after):
        await room.settle()
    assert order.cancelled()
    assert crashed == ["pending"]
    await room.crash()
    await room.minutes(5, each=1)
    assert (room.stored != before) == after
    assert room.mode == ("force_charge" if after else "self_use")
    await room.minutes(60)
    assert room.stored == before
    assert room.control == "idle"
    assert room.leases(hass_storage) == {}


@BOTH_STORES
async def test_row_33_the_end_comes_while_home_assistant_is_down_for_a_day(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """Put back at the start. The device has stopped on that day by itself."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(30)
    await room.minutes(5)
    assert room.battery < -100
    await room.crash(seconds=24 * 3600)
    await room.minutes(1)
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")
    assert room.leases(hass_storage) == {}
    assert room.issues == []


async def test_row_33_the_device_ends_the_window_by_itself(room: Room) -> None:
    """While nobody is there to put it back, it charges no longer than was asked."""
    await room.start()
    await room.charge(30)
    room.house.override(soc=30)
    for manager in room.center._managers.values():
        await manager.close()
    await room.minutes(20)
    assert room.battery < -100
    await room.minutes(30)
    assert room.battery > -100


@BOTH_STORES
@pytest.mark.parametrize("hours", [-3, 3], ids=["back", "forward"])
async def test_row_36_the_clock_jumps(room: Room, hours: int) -> None:
    """A force ends by elapsed time or by the clock, whichever comes first."""
    await room.start(assume_enabled=True)
    before = room.stored
    await room.charge(30)
    clock = type(room.manager._clock)
    jump = timedelta(hours=hours)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda _: datetime.now(UTC) + jump)
        await room.minutes(2, each=1)
        if hours < 0:
            assert room.mode == "force_charge"
            await room.minutes(30)
    assert room.stored == before
    assert room.mode == "self_use"


@BOTH_STORES
@pytest.mark.parametrize(
    "start_time",
    [
        pytest.param(datetime(2026, 3, 29, 0, 40, tzinfo=UTC), id="spring"),
        pytest.param(datetime(2026, 10, 25, 0, 40, tzinfo=UTC), id="autumn"),
        pytest.param(datetime(2026, 5, 12, 21, 20, tzinfo=UTC), id="midnight"),
    ],
)
async def test_row_36_summer_time_and_midnight(
    room: Room, start_time: datetime
) -> None:
    """An hour is an hour, whatever the clocks on the wall do meanwhile."""
    await room.start(assume_enabled=True)
    room.house.override(soc=20)
    before = room.stored
    began = room.now
    answer = await room.charge(60)
    assert answer["outcome"] == "applied"
    ends = datetime.fromisoformat(answer["expires_at"])
    assert ends - began.astimezone(UTC) == timedelta(hours=1)
    charged = 0
    for _ in range(13):
        await room.minutes(5)
        charged += room.battery < -100
        if room.mode == "self_use":
            break
    assert room.now.astimezone(UTC) - began.astimezone(UTC) >= timedelta(hours=1)
    assert charged >= 6
    assert room.stored == before
    assert room.control == "idle"


@BOTH_STORES
async def test_row_38_the_app_changes_it(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """`external`: let go without a write, an event tells, what is there is shown."""
    await room.start(assume_enabled=True)
    await room.charge(60)
    events = room.events()
    await room.minutes(5)
    system = room.system
    system.write_as_app(
        system.charge, timeChaf1="03:00", timeChae1="04:00", batHighCap=70
    )
    periods = [{**period} for period in system.periodic.stored["chargeTimeList"]]
    for period in periods:
        period["chargeLimit"] = 70.0
    system.write_as_app(system.periodic, chargeTimeList=periods)
    changed, sent = room.stored, room.sent
    await room.step(SETTINGS_POLL)
    await room.minutes(2, each=1)
    assert events == ["external"]
    # Where something of ours is left, nobody knows what the battery does
    mode = "unknown" if room.serial == SYSTEM_1 else "self_use"
    assert (room.mode, room.control) == (mode, "external")
    assert room.leases(hass_storage) == {}
    assert room.state("number", "charge_limit") == "70"
    await room.minutes(60)
    assert (room.stored, room.sent) == (changed, sent)
    # What is left of ours is told, and can be ended; here the app took over the period
    left = room.serial == SYSTEM_1
    assert room.issues == (["control_forced_without_lease"] if left else [])
    outcome = (await room.call("self_use"))["outcome"]
    assert outcome == ("applied" if left else "unchanged")
    assert room.issues == []
    assert room.control == "idle"


@BOTH_STORES
async def test_row_38_the_device_loses_it(room: Room) -> None:
    """It comes back from an outage with the values of before: asserted again."""
    await room.start(assume_enabled=True)
    charge, periodic = room.system.charge.stored, room.system.periodic.stored
    before = room.stored
    await room.charge(60)
    forced = room.stored
    await room.minutes(5)
    events = room.events()
    room.system.online = False
    await room.minutes(3, each=1)
    room.system.write_as_app(room.system.charge, **charge)
    room.system.write_as_app(room.system.periodic, **periodic)
    room.system.online = True
    await room.step(SETTINGS_POLL)
    await room.minutes(2, each=1)
    assert "lost" in events
    assert not {"external", "ended"} & set(events)
    assert room.stored == forced
    assert room.mode == "force_charge"
    assert room.sent == 2
    await room.minutes(50)
    assert room.stored == before


async def test_row_39_somebody_else_takes_over(room: Room) -> None:
    """AlphaESS does not tell of a retailer's program: it looks like any change.

    It is not fought; a new order is one, as nothing says that it must not be.
    """
    await room.start()
    await room.charge(60)
    await room.minutes(1)
    system = room.system
    system.write_as_app(
        system.charge, gridCharge=1, timeChaf2="12:15", timeChae2="13:00"
    )
    sent = room.sent
    await room.step(SETTINGS_POLL)
    await room.minutes(5, each=1)
    assert room.control == "external"
    assert room.sent == sent


@BOTH_STORES
async def test_row_40_the_target_is_reached_early(room: Room) -> None:
    """The force ends then; the event tells why."""
    await room.start(assume_enabled=True)
    before, events = room.stored, room.events()
    await room.charge(120)
    await room.minutes(3, each=1)
    room.house.override(soc=90)
    await room.minutes(2, each=1)
    assert room.mode == "self_use"
    assert room.stored == before
    assert events == ["started", "target_reached", "ended"]
    assert room.event()[1] == {"intent": "force_charge", "reason": "target"}


@BOTH_STORES
async def test_row_40_a_full_battery_that_is_held(room: Room) -> None:
    """The sun goes to the grid then: nothing is cut down, nothing discharged."""
    await room.start(assume_enabled=True)
    room.house.override(soc=99)
    await room.step(61)
    answer = await room.call("hold", block="both", duration={"minutes": 60})
    assert answer["outcome"] == "applied"
    room.house.override(pv_w=4000, load_w=500, soc=99)
    await room.minutes(10)
    live = room.house.live()
    assert abs(live.battery_w) < 100
    assert live.grid_w < -3000


@BOTH_STORES
async def test_row_41_ten_extensions_in_ten_minutes(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    """On disk each time; the device is told once more at most."""
    await room.start(assume_enabled=True)
    before, events = room.stored, room.events()
    await room.charge(30)
    until = ""
    for _ in range(10):
        await room.minutes(1)
        answer = await room.charge(30)
        assert answer["outcome"] in {"applied", "unchanged"}
        assert answer["expires_at"] > until
        until = answer["expires_at"]
        lease = room.leases(hass_storage)["mode"]
        assert datetime.fromisoformat(lease["until"]) == datetime.fromisoformat(until)
    assert room.sent <= 2
    assert events == ["started", *["extended"] * 10]
    for _ in range(32):
        await room.minutes(1)
    assert room.stored == before
    assert room.sent <= 4


async def test_row_41_the_device_is_told_near_its_own_end(room: Room) -> None:
    """A poll resets nothing; ten minutes before the device's end it is moved."""
    await room.start()
    await room.charge(10)
    assert (await room.charge(60))["outcome"] == "unchanged"
    await room.minutes(3, each=1)
    assert room.sent == 1
    assert room.system.charge.stored["timeChae2"] == "12:15"
    await room.minutes(4, each=1)
    assert room.sent == 2
    assert room.system.charge.stored["timeChae2"] == "13:15"
    await room.minutes(40)
    assert room.sent == 2
    assert room.mode == "force_charge"


async def test_row_45_nothing_tells_that_the_grid_has_failed(room: Room) -> None:
    """AlphaESS has no such field, but refuses a schedule then: that is told.

    The rest of the row is in tests/core/control/test_rows.py.
    """
    await room.start()
    before = room.stored
    room.house.override(grid=False)
    with pytest.raises(Exception, match="6008") as info:
        await room.charge()
    assert not isinstance(info.value, ServiceValidationError)
    assert key(info) == "write_rejected"
    assert room.stored == before
    assert room.mode == "self_use"
