"""Time-of-use slots of the SEMS+ simulator (reference section 6.4)."""

from typing import Any

import pytest

from .goodwe_client import Portal
from .goodwe_remote import SUCCESS, Remote, slot

ALL_MONTHS = list(range(12))
# It is 13:10 on a Sunday in May
SUNDAY, MAY = 0, 4


@pytest.fixture
def remote(portal: Portal) -> Remote:
    return Remote(portal)


async def led(remote: Remote, number: int, *parts: Any, **more: Any) -> Remote:
    """Write a slot and let slots act."""
    assert await remote.set(f"TOU{number}", slot(number, *parts, **more)) == SUCCESS
    if remote.controls.dialect and remote.controls.dialect.exclusive:
        assert await remote.set("TOUMode", {"TOUMode": 3}) == SUCCESS
    else:
        assert await remote.set("TOUModeEnable", {"TOUModeEnable": 1}) == SUCCESS
    return remote


async def test_twelve_slots_are_listed_most_of_them_unused(remote: Remote) -> None:
    found = await remote.read(*(f"TOU{number}" for number in range(1, 13)))
    enables = [found[f"TOU{n}"][f"TOUWeekEnable{n}"] for n in range(1, 13)]
    assert enables == [6, 0, 85, 0, 85, 0, 85, 0, 85, 0, 85, 0]
    assert found["TOU1"] == slot(1, "02:00", "05:00", -500, 80, TOUWeekEnable=6)
    assert found["TOU2"] == slot(
        *(2, "00:00", "00:00", 0, 0), TOUWeekEnable=0, TOUWeek=[], TOUMonth=[]
    )


@pytest.mark.parametrize(
    ("stations", "power", "watts"),
    [
        (("hybrid",), 250, 2500),
        (("v2",), 250, 1500),
        (("v1",), 40, 2000),
        (("all_in_one",), 250, 2497.5),
    ],
)
async def test_power_is_a_share_of_the_rated_one(
    remote: Remote, power: int, watts: float
) -> None:
    await led(remote, 2, "13:00", "14:00", -power, 90)
    assert remote.live().battery_w == -watts
    assert await remote.running_mode() == 101
    await remote.set("TOU2", slot(2, "13:00", "14:00", power, 20))
    assert remote.live().battery_w == watts
    remote.portal.clock.advance(3600)
    assert remote.live().battery_w == 500
    assert await remote.running_mode() == 102


@pytest.mark.parametrize(
    "more",
    [
        {"TOUWeekEnable": 6},
        {"TOUWeek": [1, 2, 3, 4, 5, 6]},
        {"TOUWeek": []},
        {"TOUMonth": [month for month in ALL_MONTHS if month != MAY]},
        {"TOUMonth": []},
        {"TOUStart": "13:30"},
        {"TOUEnd": "13:00"},
    ],
)
async def test_a_slot_that_does_not_hold(remote: Remote, more: dict[str, Any]) -> None:
    await led(remote, 2, "13:00", "14:00", -300, 90, **more)
    assert remote.live().battery_w == 500


async def test_a_slot_of_this_day_and_month(remote: Remote) -> None:
    await led(
        *(remote, 2, "13:00", "14:00", -300, 90), TOUWeek=[SUNDAY], TOUMonth=[MAY]
    )
    assert remote.live().battery_w == -3000


@pytest.mark.parametrize(
    ("stations", "number", "acts"),
    [
        (("hybrid",), 8, True),
        (("hybrid",), 9, False),
        (("v2",), 4, True),
        (("v2",), 5, False),
        (("v1",), 4, True),
        (("v1",), 5, False),
    ],
)
async def test_only_some_slots_act(remote: Remote, number: int, acts: bool) -> None:
    await led(remote, number, "13:00", "14:00", -100, 90)
    assert (remote.live().battery_w < 0) is acts
    assert (await remote.read(f"TOU{number}"))[f"TOU{number}"]


async def test_slots_need_their_mode(remote: Remote) -> None:
    await remote.set("TOU2", slot(2, "13:00", "14:00", -300, 90))
    assert remote.live().battery_w == 500


async def test_of_two_slots_the_lower_number_holds(remote: Remote) -> None:
    await led(remote, 3, "13:00", "14:00", -300, 90)
    await led(remote, 2, "13:00", "14:00", 200, 10)
    assert remote.live().battery_w == 2000


async def test_a_charge_slot_ends_at_its_state_of_charge(remote: Remote) -> None:
    await led(remote, 2, "13:00", "14:00", -500, 52)
    remote.portal.clock.advance(1200)
    assert remote.live().soc == pytest.approx(52)
    assert remote.live().battery_w == 0
    remote.controls.switches.slot_after = "resume"
    remote.portal.clock.advance(60)
    assert remote.live().battery_w == 500


@pytest.mark.parametrize(("floor", "battery_w"), [(True, 0), (False, 2000)])
async def test_the_floor_of_a_discharge_slot_needs_a_bit(
    remote: Remote, floor: bool, battery_w: float
) -> None:
    remote.controls.slot_floor = floor
    bits = (await remote.read("ARMFunction2"))["ARMFunction2"]["ARMFunction2"]
    assert bool(bits >> 11 & 1) is floor
    await led(remote, 2, "13:00", "14:00", 200, 50)
    assert remote.live().battery_w == battery_w


async def test_the_month_flag_limits_the_export(remote: Remote) -> None:
    bits = (await remote.read("ARMFunction4"))["ARMFunction4"]["ARMFunction4"]
    assert bits >> 12 & 1
    await led(remote, 2, "13:00", "14:00", 200, 20, TOUMonth=[*ALL_MONTHS, 12])
    assert (remote.live().battery_w, remote.live().grid_w) == (2500, -2000)


@pytest.mark.parametrize("power", [-200, 0])
async def test_a_charge_slot_has_no_month_flag(remote: Remote, power: int) -> None:
    data = slot(2, "13:00", "14:00", power, 90, TOUMonth=[*ALL_MONTHS, 12])
    assert await remote.set("TOU2", data) == "P0215"
    assert remote.controls.writes == []


@pytest.mark.parametrize("stations", [("v1",)])
async def test_the_first_dialect_has_no_such_flag(remote: Remote) -> None:
    bits = (await remote.read("ARMFunction4"))["ARMFunction4"]["ARMFunction4"]
    assert not bits >> 12 & 1
    data = slot(2, "13:00", "14:00", 20, 20, TOUMonth=[*ALL_MONTHS, 12])
    assert await remote.set("TOU2", data) == "P0215"


@pytest.mark.parametrize(
    ("stations", "power"), [(("hybrid",), 1001), (("v2",), -1001), (("v1",), 101)]
)
async def test_too_much_power(remote: Remote, power: int) -> None:
    assert await remote.set("TOU2", slot(2, "13:00", "14:00", power, 50)) == "P0215"


@pytest.mark.parametrize(
    "more",
    [
        {"TOUStart": "24:00"},
        {"TOUEnd": "7:00"},
        {"TOUWeekEnable": 1},
        {"TOUWeek": [7]},
        {"TOUWeek": "0,1"},
        {"TOUMonth": [13]},
        {"ChargeCutOffSet": 101},
    ],
)
async def test_values_that_are_refused(remote: Remote, more: dict[str, Any]) -> None:
    data = slot(2, "13:00", "14:00", 100, 50, **more)
    assert await remote.set("TOU2", data) == "P0215"
    assert remote.controls.writes == []


async def test_a_slot_is_written_whole(remote: Remote) -> None:
    data = slot(2, "13:00", "14:00", 100, 50)
    del data["TOUMonth2"]
    assert await remote.set("TOU2", data) == "P0214"
