"""Rows 16 to 31: what becomes of a write, in Home Assistant."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.sonnen_energy._vendor.core.client.errors import ThrottledError
from tests.sonnen_energy.orders.room import Room


async def fails(room: Room, action: str, **data: Any) -> str | None:
    """Return the text with which an action ends."""
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert "{" not in str(info.value)
    return info.value.translation_key


async def test_row_16_a_token_that_is_refused_in_the_middle(room: Room) -> None:
    """Nothing is sent twice, and a person is asked for the new one."""
    await room.start()
    room.battery.change(token="another")
    assert await fails(room, "force_charge") == "invalid_auth"
    await room.minutes(2)
    (flow,) = room.hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == "reauth"


async def test_row_18_a_missing_permission_asks_for_no_token(room: Room) -> None:
    await room.start()
    room.battery.change(write_api=False)
    assert await fails(room, "set_reserve", soc=30) == "write_api_off"
    await room.minutes(2)
    assert room.hass.config_entries.flow.async_progress() == []
    assert room.issues == ["control_not_permitted"]


async def test_row_20_a_lost_request_is_sent_once_more(room: Room) -> None:
    await room.start()
    room.sim.faults.add("reset", "set/EM_USOC", 1)
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.sent == 2
    assert len(room.battery.effects) == 1


async def test_row_20_unknown_while_nothing_can_be_read(room: Room) -> None:
    """A later poll settles it, and an event tells."""
    await room.start()
    room.sim.faults.add("reset", "set/EM_USOC", 1)
    outage = partial(room.sim.faults.add, "reset", "configurations")
    with room.at_write(outage):
        assert await fails(room, "set_reserve", soc=30) == "write_unknown"
    room.sim.faults.clear()
    await room.minutes(2)
    assert room.event() == (
        "ended",
        {"intent": "set_reserve", "reason": "not_applied"},
    )


async def test_row_21_a_lost_answer_is_read_first(room: Room) -> None:
    await room.start()
    room.sim.faults.add("lost", "set*", 1)
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.sent == 1


async def test_row_22a_the_battery_does_not_store_it(room: Room) -> None:
    await room.start()
    room.battery.change(stores_writes=False)
    before = room.stored
    for issues in ([], ["control_unverified"]):
        assert await fails(room, "set_reserve", soc=30) == "write_unverified"
        assert room.issues == issues
        assert room.state("number", "backup_reserve") == "20"
    assert await fails(room, "force_charge") == "write_unverified"
    await room.minutes(5)
    assert (room.stored, room.mode) == (before, "self_use")


async def test_row_22b_the_battery_does_not_move(room: Room) -> None:
    await room.start()
    room.battery.change(follows=False)
    before = room.stored
    for issues in ([], ["control_not_following"]):
        assert (await room.charge(5))["outcome"] == "applied"
        await room.minutes(1)
        assert room.control == "not_following"
        assert room.issues == issues
        await room.minutes(5)
        assert room.stored == before


async def test_row_23_a_refusal_is_told_in_the_batterys_words(room: Room) -> None:
    await room.start()
    room.sim.faults.add(
        "vendor_error", "set/*", 1, code=400, message="validation failed"
    )
    before = room.stored
    with pytest.raises(HomeAssistantError, match="validation failed"):
        await room.call("set_reserve", soc=30)
    assert room.stored == before


async def test_row_24_a_clamped_value_is_what_counts(room: Room) -> None:
    await room.start()
    room.battery.change(clamps={"EM_USOC": 50})
    answer = await room.call("set_reserve", soc=80)
    assert answer["outcome"] == "applied"
    assert answer["effective"]["reserve"] == 50
    assert room.state("number", "backup_reserve") == "50"


async def test_row_25_a_half_that_was_taken_is_taken_back(room: Room) -> None:
    """Manual mode without its power would leave the house on the grid."""
    await room.start()
    before = room.stored
    room.sim.faults.add("vendor_error", "setpoint/charge", 1, code=403)
    assert await fails(room, "force_charge") == "vpp"
    assert room.stored == before
    assert (room.mode, room.control) == ("self_use", "idle")


async def test_row_27_the_same_action_twice_at_once(room: Room) -> None:
    await room.start()
    first = room.order("force_charge", power=2000, duration={"minutes": 30})
    second = room.order("force_charge", power=2000, duration={"minutes": 30})
    answers = await asyncio.gather(first, second)
    assert [answer["outcome"] for answer in answers] == ["applied", "unchanged"]
    assert room.sent == 3


async def test_row_27_a_new_force_keeps_the_first_put_back(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(30)
    await room.call("force_discharge", power=1500, duration={"minutes": 5})
    await room.seconds(30)
    assert 1400 < room.power < 1600
    await room.minutes(6)
    assert room.stored == before


@pytest.mark.parametrize("batteries", [2])
async def test_row_27_two_batteries_do_not_wait_for_each_other(room: Room) -> None:
    await room.start()
    other = room.sim.batteries[1]
    await room.charge(30)
    assert other.writes == []
    assert other.mode == "2"


async def test_row_28_limits(room: Room) -> None:
    await room.start()
    assert await fails(room, "force_charge", power=5000) == "power_range"
    await room.call("set_reserve", soc=60)
    sent = room.sent
    assert await fails(
        room, "force_discharge", target_soc=40
    ) == "soc_below_target" or ("target_below_reserve")
    assert await fails(room, "force_discharge") == "soc_at_reserve"
    assert room.sent == sent


async def test_row_30_stale_data(room: Room) -> None:
    """Self-use is possible as soon as the battery answers."""
    await room.start()
    await room.charge(60)
    room.battery.change(online=False)
    await room.minutes(1)
    with pytest.raises(ServiceValidationError) as info:
        await room.call("force_discharge")
    assert info.value.translation_key == "stale_data"
    room.battery.change(online=True)
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.mode == "self_use"


async def test_row_31_writes_have_a_reserve(room: Room) -> None:
    """Reads give way; a write still finds room."""
    await room.start()
    client = room.entry.runtime_data.client
    with suppress(ThrottledError):
        while True:
            await client.status()
    room.sim.counters.reset()
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
