"""Rows 16 to 31: what becomes of a write, in Home Assistant."""

import asyncio
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import ThrottledError
from tests.sungrow_energy.orders.room import COMMAND, MODE, POWER, Room

SET, TASK = "platform/paramSetting", "platform/getParamSettingTask"


async def fails(room: Room, action: str, **data: Any) -> str | None:
    """Return the text with which an action ends."""
    with pytest.raises(HomeAssistantError) as info:
        await room.call(action, **data)
    assert "{" not in str(info.value)
    return info.value.translation_key


def reserve(room: Room) -> int:
    """Return what the inverter keeps for an outage, in tenths of a percent."""
    return room.device.parameters.stored[10002]


async def test_row_16_a_token_that_expires_in_the_middle(room: Room) -> None:
    """One renewal, and the write goes out once."""
    await room.start()
    with room.at_write(room.sim.oauth.expire_access):
        assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert reserve(room) == 300
    assert room.sent == 1
    assert room.sim.oauth.tokens.refreshes == 1
    assert room.sim.oauth.tokens.reused == 0


async def test_row_18_an_application_that_may_not_set(room: Room) -> None:
    """No other authorization is asked for: it may still read."""
    await room.start()
    before = room.stored
    room.sim.wire.forbidden = {SET}
    for _ in range(2):
        await fails(room, "set_reserve", soc=30)
    assert room.stored == before
    assert room.hass.config_entries.flow.async_progress() == []
    room.sim.wire.forbidden = set()
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"


async def test_row_20_a_lost_request_is_sent_once_more(room: Room) -> None:
    await room.start()
    fault = partial(room.sim.faults.add, "reset", SET, 1)
    with room.at_write(fault):
        assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert reserve(room) == 300
    assert room.sent == 1


async def test_row_20_unknown_while_nothing_can_be_read(room: Room) -> None:
    """A later poll settles it."""
    await room.start()
    fault = partial(room.sim.faults.add, "status", "platform/*aram*", status=503)
    with room.at_write(fault):
        assert await fails(room, "set_reserve", soc=30) == "write_unknown"
    room.sim.faults.clear()
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.sent == 1


async def test_row_21_a_lost_answer_is_read_first(room: Room) -> None:
    await room.start()
    fault = partial(room.sim.faults.add, "lost", SET, 1)
    with room.at_write(fault):
        assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert room.sent == 1


async def test_row_21_looks_at_a_task_that_are_lost(room: Room) -> None:
    """What goes wrong while a task is looked at says nothing of it."""
    await room.start()
    fault = partial(room.sim.faults.add, "status", TASK, 3, status=502)
    with room.at_write(fault):
        assert (await room.charge(30))["outcome"] == "applied"
    assert room.sent >= 1
    assert room.stored[MODE] == 2


async def test_row_22a_a_finished_task_is_no_proof(room: Room) -> None:
    """``command_status`` 8, and nothing was set: an issue at the second time."""
    await room.start()
    await room.charge(1)
    await room.minutes(6)
    before = room.stored
    room.device.switches.executes = False
    for issues in ([], ["control_unverified"]):
        error = await fails(room, "force_charge", duration={"minutes": 30})
        assert error == "write_unverified"
        assert room.issues == issues
    assert room.stored == before
    assert room.mode is None


async def test_row_22a_a_command_that_means_nothing(room: Room) -> None:
    """10004 is taken while the mode stays as it is: that is not a force (10.12)."""
    await room.start()
    room.device.switches.mode_sticks = True
    before = room.stored
    await fails(room, "force_charge", duration={"minutes": 30})
    assert room.mode is None
    assert room.stored[MODE] == 0
    assert room.stored[COMMAND] == before[COMMAND]


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


@pytest.mark.parametrize("switches", [{"online": False}, {"row_fails": True}])
async def test_row_23_a_refusal_is_told_and_nothing_waits(
    room: Room, switches: dict[str, Any]
) -> None:
    await room.start()
    before = room.stored
    for name, value in switches.items():
        setattr(room.device.switches, name, value)
    assert await fails(room, "set_reserve", soc=30) in {
        "device_offline",
        "device_refused",
    }
    room.device.switches.online, room.device.switches.row_fails = True, False
    await room.minutes(10)
    assert room.stored == before


async def test_row_23_already_so_is_no_refusal(room: Room) -> None:
    """Row status 5 can mean that the value was so already (section 6.1)."""
    await room.start()
    room.device.switches.same_fails = True
    assert (await room.charge(30))["outcome"] == "applied"
    assert room.stored[MODE] == 2


async def test_row_24_a_clamped_value_is_what_counts(room: Room) -> None:
    await room.start()
    room.device.switches.range = "clamp"
    room.device.write_as_app(p10091=500)
    answer = await room.call("update_parameters", parameters={"10091": "19 kW"})
    assert answer["outcome"] == "applied"
    assert room.device.parameters.stored[10091] == 1060
    assert room.sent == 1


async def test_row_25_what_was_moved_is_moved_back(room: Room) -> None:
    """A limit of the export is switched on together with its value, or not at all."""
    await room.start()
    before = room.stored
    with room.at_write(partial(setattr, room.device.switches, "row_fails", True)):
        await fails(room, "set_export_limit", percent=30)
    assert room.stored == before


async def test_row_26_a_task_of_somebody_else_is_waited_for(room: Room) -> None:
    """The app sets something just now: 9, and a moment later it goes."""
    await room.start()
    room.device.switches.repeat_seconds = 10
    await room.call("set_reserve", soc=20)
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"
    assert reserve(room) == 300


async def test_row_26_a_task_that_never_ends_is_an_honest_error(room: Room) -> None:
    await room.start()
    with room.at_write(partial(setattr, room.device.switches, "task", "stuck")):
        assert await fails(room, "set_reserve", soc=30) == "write_unknown"


async def test_row_27_the_same_action_twice_at_once(room: Room) -> None:
    await room.start()
    orders = [
        room.order("force_charge", power=3000, duration={"minutes": 30})
        for _ in range(2)
    ]
    answers = await asyncio.gather(*orders)
    assert [answer["outcome"] for answer in answers] == ["applied", "unchanged"]


async def test_row_27_a_new_force_keeps_the_first_put_back(room: Room) -> None:
    await room.start()
    before = room.stored
    await room.charge(60)
    await room.call("force_discharge", power=3000, duration={"minutes": 15})
    await room.minutes(2)
    assert room.power > 2500
    await room.minutes(30)
    assert room.stored == before


async def test_row_27_tasks_of_a_device_never_overlap(room: Room) -> None:
    await room.start()
    await asyncio.gather(
        room.order("set_reserve", soc=30),
        room.order("read_schedule"),
        room.order("update_parameters", parameters={"10001": 90}),
        room.order("read_parameters", parameters=["10004"]),
    )
    room.house.advance()
    tasks = sorted(room.device.tasks, key=lambda task: task.created)
    for task, after in pairwise(tasks):
        assert task.ends is not None
        assert task.ends <= after.created


async def test_row_30_stale_data(room: Room) -> None:
    """Self-use is possible all the same."""
    await room.start()
    await room.charge(90)
    room.sim.faults.add("status", "platform/get*RealTimeData", status=503)
    await room.minutes(31)
    with pytest.raises(ServiceValidationError) as info:
        await room.call("force_discharge")
    assert info.value.translation_key == "stale_data"
    assert (await room.call("self_use"))["outcome"] == "applied"
    assert room.mode is None


async def test_row_31_writes_have_a_reserve(room: Room) -> None:
    """Reads give way; a write still finds room."""
    await room.start()
    budget = room.entry.runtime_data.account.budget
    with suppress(ThrottledError):
        while True:
            async with budget.slot("read"):
                pass
    assert (await room.call("set_reserve", soc=30))["outcome"] == "applied"


async def test_power_of_an_unknown_scale_is_never_more_than_asked(room: Room) -> None:
    """KW in hundredths or W: the smaller one is tried first (section 6.1)."""
    room.device.switches.power_raw = "0.01kW"
    room.device.switches.power_display = "kW"
    room.device.switches.power_precision = "none"
    await room.start()
    peaks: list[float] = []
    for _ in range(2):
        assert (await room.charge(30, power=1500))["effective"] == {"power": 1500}
        await room.minutes(11)
        peaks.append(-room.power)
    assert max(peaks) < 1600
    assert room.device.parameters.stored[POWER] == 1500
