"""Rows 16 to 31: what becomes of a write, in Home Assistant."""

import asyncio
from contextlib import suppress
from functools import partial
from itertools import pairwise

from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.growatt_energy._vendor.core.client.errors import ThrottledError
from tests.growatt_energy.orders.room import Room

from .ways import FORCES, ONE, WAYS, Way, fails


def reserve(room: Room) -> int:
    """Return what the inverter keeps for an outage."""
    return int(room.device.settings.stored["onGridDischargeStopSOC"])


@pytest.mark.parametrize("way", ["app"])
async def test_row_16_a_session_that_expires_in_the_middle(room: Room) -> None:
    """One login, and the write goes out once."""
    await room.start()
    await room.minutes(5)
    with room.at_write(room.sim.sessions.expire):
        assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert reserve(room) == 30
    assert room.sent == 1
    assert len(room.sim.sessions.logins) == 2


async def test_row_18_a_device_that_may_not_be_set(room: Room) -> None:
    """No other token is asked for: it may still read."""
    await room.start()
    room.sim.faults.add("vendor_error", "tlxSet", code=10011)
    for _ in range(2):
        assert await fails(room, "set_reserve", soc=30) == "permission"
    assert room.sent == 0
    assert room.hass.config_entries.flow.async_progress() == []
    assert room.issues == ["control_not_permitted"]
    room.sim.faults.clear()
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.issues == []


async def test_row_18_remote_control_that_is_not_permitted_yet(room: Room) -> None:
    """The model has it all the same."""
    await room.start()
    room.sim.faults.add("vendor_error", "new-api/setVppParameter", code=12)
    assert await fails(room, "force_charge") == "permission"
    assert room.issues == ["control_not_permitted"]
    room.sim.faults.clear()
    await room.reload()
    assert (await room.charge())["outcome"] == "applied"
    assert room.device.vpp.values[25] == 1


@ONE
async def test_row_20_a_lost_request_is_sent_once_more(room: Room, way: Way) -> None:
    await room.start()
    room.sim.faults.add("reset", WAYS[way].endpoint, 1)
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.sent == 1
    assert room.sim.counters.count(WAYS[way].endpoint) == 2


async def test_row_20_unknown_while_nothing_can_be_read(room: Room) -> None:
    """A later poll settles it."""
    await room.start()
    events = room.events()
    room.sim.faults.add("reset", "tlxSet", 1)
    outage = partial(room.sim.faults.add, "reset", "device/tlx/tlx_set_info")
    with room.at_write(outage):
        assert await fails(room, "set_reserve", soc=30) == "write_unknown"
    room.sim.faults.clear()
    await room.minutes(40)
    assert events == ["ended"]
    assert reserve(room) == 10


@ONE
async def test_row_21_a_lost_answer_is_read_first(room: Room, way: Way) -> None:
    await room.start()
    room.sim.faults.add("lost", WAYS[way].endpoint, 1)
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.sent == 1


@ONE
async def test_row_21_a_system_error_although_it_was_applied(room: Room) -> None:
    """It says nothing about the device, which is read (Q19)."""
    await room.start()
    room.device.switches.error_though_applied = True
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.sent == 1


@FORCES
async def test_row_21_a_force_of_which_an_answer_is_lost(room: Room, way: Way) -> None:
    await room.start()
    before = room.stored
    room.sim.faults.add("lost", WAYS[way].force_endpoint, 1)
    assert (await room.charge(30))["outcome"] == "applied"
    assert room.mode == "force_charge"
    await room.minutes(40)
    assert room.stored == before


@FORCES
async def test_row_22a_accepted_and_not_executed(room: Room, way: Way) -> None:
    """Told as such, with an issue at the second time; nothing of it stays."""
    await room.start()
    room.device.switches.executes = False
    before = room.stored
    # Without the authority, which is not there, remote control refuses the rest.
    error = "setting_failed" if way == "remote" else "write_unverified"
    for issues in ([], ["control_unverified"]):
        assert await fails(room, "force_charge", duration={"minutes": 30}) == error
        assert way == "remote" or room.issues == issues
    await room.minutes(40)
    assert room.stored == before
    assert room.mode is None


@FORCES
async def test_row_22b_the_battery_does_not_move(room: Room) -> None:
    await room.start()
    room.device.switches.follows = False
    before = room.stored
    for issues in ([], ["control_not_following"]):
        assert (await room.charge(20))["outcome"] == "applied"
        await room.minutes(16)
        assert room.control == "not_following"
        assert room.issues == issues
        await room.minutes(15)
        assert room.stored == before


@ONE
async def test_row_23_a_refusal_is_told_with_its_reason(room: Room) -> None:
    """The datalogger is offline: nothing waits anywhere for its return."""
    await room.start()
    before = room.stored
    room.device.switches.online = False
    assert await fails(room, "set_reserve", soc=30) == "offline"
    room.device.switches.online = True
    await room.minutes(10)
    assert room.stored == before


async def test_row_24_a_clamped_value_is_what_counts(room: Room) -> None:
    await room.start()
    room.device.switches.clamps = {"onGridDischargeStopSOC": 50}
    answer = await room.call("set_reserve", soc=80)
    assert answer["outcome"] == "applied"
    assert reserve(room) == 50
    assert 50 in answer["effective"].values()
    assert room.sent == 1


@FORCES
async def test_row_25_a_half_that_was_taken_is_taken_back(room: Room, way: Way) -> None:
    """Whatever the second request of a force is."""
    await room.start()
    fault = partial(
        room.sim.faults.add,
        "vendor_error",
        WAYS[way].force_endpoint,
        1,
        code=WAYS[way].refusal,
    )
    if way == "periods":
        # A charge is one request; what discharges in its time is moved before it.
        room.device.restore(
            {
                "forcedDischargeTimeStart1": "0:0",
                "forcedDischargeTimeStop1": "23:59",
                "forcedDischargeStopSwitch1": 1,
            }
        )
    before = room.stored
    error = "setting_failed" if way == "remote" else "write_rejected"
    with room.at_write(fault, number=2):
        assert await fails(room, "force_charge", power=3000) == error
    assert room.sent == 2  # the first one, and its end
    assert room.stored == before
    assert (room.mode, room.control) == (None, "idle")


async def test_row_26_too_soon_is_waited_for(room: Room) -> None:
    """The vendor minds the pace; the write goes a little later."""
    await room.start()
    room.sim.faults.add("vendor_error", "tlxSet", 1, code=10012)
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.sent == 1


async def test_row_26_too_soon_for_good_is_an_honest_error(room: Room) -> None:
    await room.start()
    room.sim.faults.add("vendor_error", "tlxSet", code=10012)
    assert await fails(room, "set_reserve", soc=30) == "rate_limit"
    assert room.sent == 0
    assert reserve(room) == 10


@FORCES
async def test_row_27_the_same_action_twice_at_once(room: Room) -> None:
    await room.start()
    orders = [
        room.order("force_charge", power=3000, duration={"minutes": 30})
        for _ in range(2)
    ]
    answers = await asyncio.gather(*orders)
    assert [answer["outcome"] for answer in answers] == ["applied", "unchanged"]


@FORCES
async def test_row_27_a_new_force_keeps_the_first_put_back(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.call("force_discharge", power=3000, duration={"minutes": 15})
    await room.minutes(2)
    assert room.power > 2500
    await room.minutes(30)
    assert room.stored == before


async def test_row_27_writes_never_overlap(room: Room) -> None:
    """At least ten seconds between any two settings (reference section 6.1)."""
    await room.start()
    await asyncio.gather(
        room.order("set_reserve", soc=30),
        room.order("update_inverter_setting", type="charge_power", parameters=["60"]),
        room.order(
            "update_inverter_setting", type="tlx_off_grid_enable", parameters=["1"]
        ),
        room.order("sync_clock"),
    )
    times = [write.at for write in room.device.writes]
    assert len(times) == 4
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert min(gaps) >= 10


@FORCES
async def test_row_28_limits(room: Room) -> None:
    await room.start()
    assert await fails(room, "force_charge", power=50_000) == "power_range"
    assert await fails(room, "force_charge", power=3000, target_soc=40) == (
        "soc_above_target"
    )
    assert await fails(room, "force_discharge", target_soc=60) == "soc_below_target"
    assert room.sent == 0


async def test_row_28_a_discharge_below_the_reserve(room: Room) -> None:
    await room.start()
    await room.call("set_reserve", soc=60)
    sent = room.sent
    assert await fails(room, "force_discharge") == "soc_at_reserve"
    assert await fails(room, "force_discharge", target_soc=40) == "target_below_reserve"
    assert room.sent == sent


async def test_row_29_what_a_device_cannot(room: Room) -> None:
    """The answer lists what it can."""
    await room.start()
    with pytest.raises(ServiceValidationError) as info:
        await room.call("set_export_limit", percent=50)
    assert info.value.translation_key == "not_supported"
    assert "Force charge" in str(info.value)


async def test_row_30_stale_data(room: Room) -> None:
    """Self-use is possible all the same."""
    await room.start()
    await room.charge(60)
    room.sim.faults.add("status", "new-api/queryLastData", status=503)
    room.sim.faults.add("status", "device/tlx/tlx*_data", status=503)
    await room.minutes(31)
    with pytest.raises(ServiceValidationError) as info:
        await room.call("force_discharge")
    assert info.value.translation_key == "stale_data"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.mode is None


@pytest.mark.parametrize("way", ["app"])
async def test_row_31_writes_have_a_reserve(room: Room) -> None:
    """Reads give way; a write still finds room."""
    await room.start()
    budget = room.entry.runtime_data.account.budget
    with suppress(ThrottledError):
        while True:
            async with budget.slot("read"):
                pass
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
