"""Rows 16 to 31: what becomes of a write, in Home Assistant."""

import asyncio
from functools import partial
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.goodwe_energy._vendor.core.client.clock import SystemClock
from custom_components.goodwe_energy._vendor.core.client.errors import ThrottledError
from tests.goodwe_energy.conftest import asked
from tests.goodwe_energy.orders.room import (
    CHARGING,
    RESERVE,
    SET_NAMED,
    SET_REGISTERS,
    Room,
)

SETTINGS = "sems-remote/*"


async def fails(room: Room, action: str, **data: Any) -> str | None:
    """Return the text with which an action ends."""
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert "{" not in str(info.value)
    return info.value.translation_key


async def reserve(room: Room, soc: float = 30) -> str:
    """Set the reserve; return the outcome."""
    outcome: str = (await room.call("set_reserve", soc=soc))["outcome"]
    return outcome


async def test_row_16_a_session_that_expires_in_the_middle(room: Room) -> None:
    """One login, and the write goes out once."""
    await room.start()
    logins = room.sim.logins.succeeded
    with room.at_write(room.sim.session.expire):
        assert await reserve(room) == "applied"
    assert room.stored[RESERVE] == 30
    assert room.sent == 1
    assert room.sim.logins.succeeded == logins + 1


@pytest.mark.parametrize("code", ["C0602", "100002", "100001"])
async def test_row_17_the_phone_app_takes_the_session(room: Room, code: Any) -> None:
    """At most one login for each theft, and no question for a password."""
    await room.start()
    room.sim.session.replaced_as = code
    logins = room.sim.logins.succeeded
    for number in range(1, 4):
        with room.at_write(room.sim.steal):
            assert await reserve(room, 30 + number) == "applied"
        assert room.sim.logins.succeeded == logins + number
    assert room.sent == 3
    assert asked(room.hass, room.entry) == 0


async def test_row_18_the_right_is_taken_away(room: Room) -> None:
    """No other password is asked for: the account may still read."""
    await room.start()
    before = room.stored
    take = partial(room.station.permissions.remove, "INVERTER_REMOTE")
    with room.at_write(take):
        assert await fails(room, "set_reserve", soc=30) == "no_rights"
    assert room.stored == before
    assert asked(room.hass, room.entry) == 0
    room.station.permissions.append("INVERTER_REMOTE")
    await room.minutes(60)
    assert await reserve(room) == "applied"


async def test_row_20_a_lost_request_is_sent_once_more(room: Room) -> None:
    room.controls.write_as_app({RESERVE: 10})
    await room.start()
    with room.at_write(partial(room.sim.faults.add, "reset", SET_REGISTERS, 1)):
        assert await reserve(room) == "applied"
    assert room.stored[RESERVE] == 30
    assert room.sent == 1


async def test_row_20_what_the_cloud_never_knew(room: Room) -> None:
    """A register that nothing was read of yet: nobody knows, and it is said so."""
    await room.start()
    with room.at_write(partial(room.sim.faults.add, "reset", SET_REGISTERS, 1)):
        assert await fails(room, "set_reserve", soc=30) == "write_unknown"
    assert room.sent == 0
    assert await reserve(room) == "applied"
    assert room.sent == 1


async def test_row_20_unknown_while_nothing_can_be_read(room: Room) -> None:
    """A later poll settles it."""
    await room.start()
    fault = partial(room.sim.faults.add, "status", SETTINGS, status=503)
    with room.at_write(fault):
        assert await fails(room, "set_reserve", soc=30) == "write_unknown"
    room.sim.faults.clear()
    await room.minutes(6)
    assert await reserve(room) == "applied"
    assert room.sent == 1


@pytest.mark.parametrize("endpoint", [SET_REGISTERS, SET_NAMED])
async def test_row_21_a_lost_answer_is_read_first(room: Room, endpoint: str) -> None:
    room.controls.write_as_app({RESERVE: 10})
    await room.start()
    order: dict[str, Any] = {"action": "set_reserve", "soc": 30}
    if endpoint == SET_NAMED:
        order = {"action": "set_tou_slot", "slot": 1, "enabled": True}
    with room.at_write(partial(room.sim.faults.add, "lost", endpoint, 1)):
        assert (await room.call(order.pop("action"), **order))["outcome"] == "applied"
    assert room.sent == 1


async def test_row_22a_a_success_without_effect(room: Room) -> None:
    """An issue at the second time, and what was read is shown."""
    await room.start()
    before = room.stored
    room.controls.switches.stores = False
    for issues in ([], ["control_unverified"]):
        error = await fails(room, "force_discharge", duration={"minutes": 30})
        assert error == "write_unverified"
        assert room.issues == issues
    assert room.stored == before
    assert room.mode is None


async def test_row_22a_a_cache_that_stays_as_it_was(room: Room) -> None:
    """What the cloud shows of a register is not always what the device has (6.2)."""
    await room.start()
    room.controls.switches.stale_cache = True
    assert await fails(room, "set_export_limit", power=2000) == "write_unverified"


async def test_row_22b_the_battery_does_not_move(room: Room) -> None:
    await room.start()
    room.controls.switches.follows = False
    before = room.stored
    for issues in ([], ["control_not_following"]):
        assert (await room.charge(20))["outcome"] == "applied"
        await room.minutes(16)
        assert room.control == "not_following"
        assert room.issues == issues
        await room.minutes(10)
        assert room.stored == before


async def test_row_23_a_refusal_is_told_and_nothing_waits(room: Room) -> None:
    """P0215: not possible, or not now."""
    await room.start()
    before = room.stored
    room.controls.switches.refuses = {RESERVE, "TOU1"}
    assert await fails(room, "set_reserve", soc=30) == "write_rejected"
    error = await fails(room, "set_tou_slot", slot=1, enabled=True)
    assert error == "write_rejected"
    room.controls.switches.refuses = set()
    await room.minutes(10)
    assert room.stored == before


async def test_row_23_a_device_that_is_offline(room: Room) -> None:
    await room.start()
    before = room.stored
    room.device.switches.online = False
    assert await fails(room, "set_reserve", soc=30) in {
        "device_unreachable",
        "stale_data",
    }
    room.device.switches.online = True
    await room.minutes(10)
    assert room.stored == before


async def test_row_24_rounded_values_are_what_counts(room: Room) -> None:
    """A slot has tenths of a percent of the rated power."""
    await room.start()
    answer = await room.call(
        "force_discharge", power=2556, duration={"minutes": 30}, target_soc=20
    )
    assert answer["outcome"] == "applied"
    assert answer["effective"]["power"] == 2550
    [number] = room.slots_on
    assert room.slot(number)["ChargeDischargePW"] == 255


async def test_row_25_what_was_done_is_undone(room: Room) -> None:
    """The slot is set, time of use is refused: the slot goes back."""
    await room.start()
    before = room.stored
    room.controls.switches.refuses = {"TOUModeEnable"}
    await fails(room, "force_discharge", duration={"minutes": 30})
    assert room.sent >= 2
    assert room.stored == before
    assert room.mode is None
    assert room.issues == []


async def test_row_26_a_device_that_is_busy_is_waited_for(room: Room) -> None:
    """R0305: twice refused is not refused for good."""
    await room.start()
    room.controls.switches.busy = 2
    assert await reserve(room) == "applied"
    assert room.sent == 1


async def test_row_26_a_device_that_stays_busy_is_an_honest_error(room: Room) -> None:
    await room.start()
    room.controls.switches.busy = 100
    assert await fails(room, "set_reserve", soc=30) == "device_busy"
    assert room.controls.switches.busy > 90
    assert room.sent == 0


async def test_row_27_the_same_action_twice_at_once(room: Room) -> None:
    await room.start()
    orders = [
        room.order("force_charge", power=3000, duration={"minutes": 30})
        for _ in range(2)
    ]
    answers = await asyncio.gather(*orders)
    assert [answer["outcome"] for answer in answers] == ["applied", "unchanged"]
    assert room.sim.requests.most_writes_at_once == 1


async def test_row_27_a_new_force_keeps_the_first_put_back(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.call("force_discharge", power=3000, duration={"minutes": 15})
    assert room.stored[CHARGING] == 0
    await room.minutes(2)
    assert room.power > 2500
    await room.minutes(20)
    assert room.stored == before


async def test_row_29_an_account_that_may_only_look(
    room: Room, hass_storage: dict[str, Any]
) -> None:
    room.station.permissions.remove("INVERTER_REMOTE")
    await room.start()
    for action in ("force_charge", "force_discharge"):
        assert await fails(room, action) == "no_remote_right"
    assert room.sim.counters.count(SET_NAMED) == 0
    assert room.leases(hass_storage) == {}


@pytest.mark.parametrize("homes", ["string"], indirect=True)
async def test_row_29_no_battery(room: Room) -> None:
    """The error says what is possible."""
    await room.start()
    with pytest.raises(ServiceValidationError, match="Set export limit") as info:
        await room.charge()
    assert info.value.translation_key == "not_supported"
    assert room.sent == 0


async def test_row_30_stale_data(room: Room) -> None:
    """Self-use is possible all the same."""
    await room.start()
    before = room.stored
    await room.charge(90)
    room.station.uploading = False
    await room.minutes(31)
    assert await fails(room, "force_discharge") == "stale_data"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.mode is None
    assert room.stored == before


async def test_row_31_writes_have_a_reserve(room: Room) -> None:
    """Reads give way; a write still finds room."""
    await room.start()
    budget = room.entry.runtime_data.account.budget
    # As if so many had been made just now
    budget._times["read"] = [SystemClock().monotonic()] * 3500
    with pytest.raises(ThrottledError):
        async with budget.slot("read"):
            pass
    assert await reserve(room) == "applied"


@pytest.mark.parametrize("kind", ["vendor", "http"])
async def test_a_rate_limit_stops_everything(room: Room, kind: str) -> None:
    """GY0429 or 429: no more reads, no write, no login until it is over (section 4)."""
    await room.start()
    before, logins = room.stored, room.sim.logins.tried
    if kind == "vendor":
        room.sim.faults.add("vendor_error", SET_REGISTERS, 1, message="GY0429")
    else:
        room.sim.faults.add("status", SET_REGISTERS, 1, status=429, retry_after=900)
    assert await fails(room, "set_reserve", soc=30) == "rate_limited"
    room.sim.counters.reset()
    assert await fails(room, "set_tou_slot", slot=1, enabled=True) == "rate_limited"
    await room.minutes(4)
    assert room.sim.counters.count() == 0
    assert room.stored == before
    await room.minutes(16)
    assert await reserve(room) == "applied"
    assert room.sim.logins.tried == logins
