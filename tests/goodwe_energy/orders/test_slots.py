"""The action that sets one time-of-use slot, whole (section 6.4)."""

from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio
import pytest

from .room import Room

EVENING = {"start": "18:00", "end": "21:00", "mode": "discharge", "power": 40}


async def test_a_new_slot(started: Room) -> None:
    """One write with all seven fields; every day of every month unless told."""
    room = started
    answer = await room.call("set_tou_slot", slot=2, **EVENING, cutoff_soc=25)
    assert answer["outcome"] == "applied"
    assert room.slot(2) == {
        "TOUStart": "18:00",
        "TOUEnd": "21:00",
        "TOUWeekEnable": 249,
        "TOUWeek": list(range(7)),
        "ChargeDischargePW": 400,
        "ChargeCutOffSet": 25,
        "TOUMonth": list(range(12)),
    }
    assert room.sent == 1
    again = await room.call("set_tou_slot", slot=2, **EVENING, cutoff_soc=25)
    assert (again["outcome"], room.sent) == ("unchanged", 1)


async def test_what_is_not_said_stays(started: Room) -> None:
    """The installer's charge slot, which is off."""
    room = started
    before = room.slot(1)
    assert (await room.call("set_tou_slot", slot=1, power=30))["outcome"] == "applied"
    assert room.slot(1) == before | {"ChargeDischargePW": -300}
    answer = await room.call(
        "set_tou_slot", slot=1, enabled=True, days=["sat", 7], months=[1, "12"]
    )
    assert answer["outcome"] == "applied"
    assert room.slot(1) == before | {
        "ChargeDischargePW": -300,
        "TOUWeekEnable": 249,
        "TOUWeek": [0, 6],
        "TOUMonth": [0, 11],
    }
    await room.call("set_tou_slot", slot=1, enabled=False)
    assert room.slot(1)["TOUWeekEnable"] == 6


@pytest.mark.parametrize(("limit", "flagged"), [("export", True), ("battery", False)])
async def test_what_the_power_limits(started: Room, limit: str, flagged: bool) -> None:
    """Month 12 is a flag, of slots that discharge only."""
    room = started
    await room.call("set_tou_slot", slot=2, **EVENING, limit=limit)
    assert (12 in room.slot(2)["TOUMonth"]) is flagged
    await room.call("set_tou_slot", slot=2, mode="charge")
    assert 12 not in room.slot(2)["TOUMonth"]


@pytest.mark.parametrize("homes", ["v1"], indirect=True)
async def test_whole_percent_of_the_first_generation(started: Room) -> None:
    room = started
    await room.call("set_tou_slot", slot=4, **EVENING | {"power": 40.9})
    assert room.slot(4)["ChargeDischargePW"] == 40
    with pytest.raises(ServiceValidationError) as info:
        await room.call("set_tou_slot", slot=4, limit="export")
    assert info.value.translation_key == "no_export_slots"


async def test_midnight_is_the_last_minute(started: Room) -> None:
    room = started
    await room.call("set_tou_slot", slot=3, **EVENING | {"end": "00:00"})
    assert room.slot(3)["TOUEnd"] == "23:59"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"slot": 0}, "between 1 and 8"),
        ({"slot": 9}, "between 1 and 8"),
        ({"slot": 1.5}, "between 1 and 8"),
        ({"slot": "NaN"}, "not a number"),
        ({"power": 100.5}, "between 0 % and 100 %"),
        ({"power": -1}, "between 0 % and 100 %"),
        ({"power": float("inf")}, "not a number"),
        ({"power": 0}, "needs a power"),
        ({"cutoff_soc": 101}, "between 0 % and 100 %"),
        ({"end": "18:00"}, "differs from its start"),
        ({"end": "02:00"}, "over midnight"),
        ({"end": "18:00:30"}, "whole minutes"),
    ],
)
async def test_what_a_slot_cannot_be(
    started: Room, data: dict[str, Any], text: str
) -> None:
    room = started
    with pytest.raises(ServiceValidationError, match=text):
        await room.call("set_tou_slot", **{"slot": 2} | EVENING | data)
    assert room.sent == 0


@pytest.mark.parametrize("homes", ["v2"], indirect=True)
async def test_half_as_many_slots_before_the_third_generation(started: Room) -> None:
    with pytest.raises(ServiceValidationError, match="between 1 and 4"):
        await started.call("set_tou_slot", slot=5, **EVENING)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"slot": 1},
        {"slot": 1, "mode": "hold"},
        {"slot": 1, "days": []},
        {"slot": 1, "days": [0]},
        {"slot": 1, "months": [13]},
        {"slot": 1, "months": [1.5]},
        {"slot": 1, "start": "x" * 10_000_000},
        {"slot": 1, "limit": None},
        {"slot": [1], "power": 3},
        {"power": 3},
    ],
)
async def test_what_has_no_shape(started: Room, data: dict[str, Any]) -> None:
    with pytest.raises(probatio.Invalid):
        await started.call("set_tou_slot", **data)
    assert started.sent == 0


@pytest.mark.parametrize("homes", ["string"], indirect=True)
async def test_an_inverter_without_a_battery_has_no_slots(started: Room) -> None:
    for action, data in (
        ("set_tou_slot", {"slot": 1, **EVENING}),
        ("read_schedule", {}),
    ):
        with pytest.raises(ServiceValidationError, match="no time-of-use slots"):
            await started.call(action, **data)


async def test_a_slot_that_the_device_refuses(started: Room) -> None:
    room = started
    before = room.stored
    room.controls.switches.refuses = {"TOU2"}
    with pytest.raises(HomeAssistantError):
        await room.call("set_tou_slot", slot=2, **EVENING)
    assert room.stored == before
