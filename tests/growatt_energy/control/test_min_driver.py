"""What a MIN is sent for each intent, and what it shows (reference 6.2, 6.3)."""

from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import BadDataError
from custom_components.growatt_energy._vendor.core.control.driver import Observation
from custom_components.growatt_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Kind,
    SelfUse,
    SetLimits,
    SetMode,
    SetReserve,
    SetSchedule,
    SetValues,
)
from custom_components.growatt_energy._vendor.core.control.outcome import Refusal
from custom_components.growatt_energy._vendor.core.control.validate import validate
from custom_components.growatt_energy.control_min import segments
from custom_components.growatt_energy.control_min.min_driver import (
    MinDriver,
    settings_of,
)

from .fakes import NOW, Inverter, Notes, driver_of
from .test_vpp import carry_out

SOON = NOW + timedelta(minutes=30)


def by_segments(*, padded: bool = False, **options: Any) -> tuple[Inverter, MinDriver]:
    inverter = Inverter(padded=padded, vpp=False)
    return inverter, driver_of(inverter, **options)


def set_segment(number: int, start: str, end: str) -> SetValues:
    value = [2, start, end, True]
    return SetValues(edits=(lambda values: {f"time_segment{number}": value},))


@pytest.mark.parametrize(
    ("padded", "segment"), [(False, "1,13,2,13,33,1"), (True, "1,13,02,13,33,1")]
)
async def test_a_charge_by_segment_takes_power_mains_and_a_segment(
    padded: bool, segment: str
) -> None:
    inverter, driver = by_segments(padded=padded)
    intent = ForceCharge(until=SOON, power=6_000)
    plan = await carry_out(driver, intent, await driver.read())
    assert [what for _, *what in inverter.sent] == [
        ["charge_power", "50"],
        ["ac_charge", "1"],
        ["time_segment1", segment],
    ]
    assert plan.device_until == SOON.replace(minute=33, second=0)
    starts = [at for at, *_ in inverter.sent]
    assert all(b - a >= 10 for a, b in pairwise(starts))


async def test_a_discharge_by_segment_is_grid_first() -> None:
    inverter, driver = by_segments()
    await carry_out(driver, ForceDischarge(until=SOON), await driver.read())
    assert [what for _, *what in inverter.sent] == [["time_segment1", "2,13,2,13,33,1"]]


@pytest.mark.parametrize(
    ("block", "sent"),
    [
        (HoldBlock.DISCHARGE, [["discharge_power", "0"]]),
        (HoldBlock.CHARGE, [["charge_power", "0"]]),
        (HoldBlock.BOTH, [["charge_power", "0"], ["discharge_power", "0"]]),
    ],
)
async def test_a_hold_is_a_limit_of_nothing(
    block: HoldBlock, sent: list[list[str]]
) -> None:
    inverter, driver = by_segments()
    await carry_out(driver, Hold(until=SOON, block=block), await driver.read())
    assert [what for _, *what in inverter.sent] == sent


async def test_limits_are_whole_percent_rounded_down() -> None:
    inverter, driver = by_segments()
    intent = SetLimits(charge_power=5_999, discharge_power=12_000)
    plan = await carry_out(driver, intent, await driver.read())
    assert [what for _, *what in inverter.sent] == [["charge_power", "49"]]
    assert plan.effective == {"charge_power": 5_880, "discharge_power": 12_000}


async def test_a_reserve_is_the_stop_on_the_grid() -> None:
    inverter, driver = by_segments()
    plan = await carry_out(driver, SetReserve(soc=30.2), await driver.read())
    assert inverter.settings["onGridDischargeStopSOC"] == 31
    assert plan.effective == {"soc": 31}


@pytest.mark.parametrize(
    ("key", "value", "sent"),
    [
        ("charge_stop_soc", 85.0, "85"),
        ("discharge_stop_soc", 15, "15"),
        ("tlx_on_off", False, "0000"),
        ("pv_active_p_rate", 60, "60"),
        ("backflow_setting", "ct", "2"),
        ("time_segment3", [1, "1:00", "02:30", False], "1,1,0,2,30,0"),
    ],
)
async def test_a_single_setting_is_sent_as_the_reference_has_it(
    key: str, value: Any, sent: str
) -> None:
    inverter, driver = by_segments()
    intent = SetValues(edits=(lambda values: {key: value},))
    plan = await carry_out(driver, intent, await driver.read())
    assert [what for _, *what in inverter.sent] == [[key, sent]]
    if key != "tlx_on_off":
        assert (await driver.read()).shows(plan.target)


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"nothing": 1}, "unknown_setting"),
        ({"discharge_stop_soc": 9}, "percent_range"),
        ({"charge_power": 101}, "percent_range"),
        ({"charge_power": True}, "unknown_setting"),
        ({"charge_power": float("nan")}, "not_a_number"),
        ({"ac_charge": 1}, "unknown_setting"),
        ({"backflow_setting": "no"}, "unknown_setting"),
        ({"time_segment1": [1, "05:00", "04:00", True]}, "over_midnight"),
        ({"time_segment1": [3, "05:00", "06:00", True]}, "unknown_setting"),
        ({"time_segment1": [1, "02:00", "04:00", False]}, "rows_overlap"),
    ],
)
async def test_what_cannot_be_set_is_refused(values: dict[str, Any], key: str) -> None:
    inverter, driver = by_segments()
    inverter.segment(2, 1, "3:0", "5:0", 1)
    base = await driver.read()
    with pytest.raises(Refusal) as caught:
        driver.plan(SetValues(edits=(lambda _: values,)), base, NOW)
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("intent", "soc", "key"),
    [
        (ForceCharge(until=SOON, target_soc=50), 50, "soc_above_target"),
        (ForceDischarge(until=SOON, target_soc=60), 50, "soc_below_target"),
        (ForceDischarge(until=SOON, target_soc=15), 50, "target_below_reserve"),
        (ForceDischarge(until=SOON), 20, "soc_at_reserve"),
        (SetMode(mode="fast"), 50, "mode_not_offered"),
        (SetMode(mode="load_first"), 50, "mode_not_offered"),
        (SetSchedule(switches={"x": True}), 50, "unknown_switch"),
    ],
)
@pytest.mark.parametrize("vpp", [True, False])
async def test_what_makes_no_sense_is_refused(
    intent: Any, soc: float, key: str, vpp: bool
) -> None:
    driver = driver_of(Inverter(vpp=vpp), soc=soc)
    base = await driver.read()
    with pytest.raises(Refusal) as caught:
        driver.plan(intent, base, NOW)
    assert caught.value.key == key


async def test_power_is_refused_below_one_percent_and_above_what_it_has() -> None:
    _, driver = by_segments()
    await driver.read()
    for watts in (119, 12_001):
        with pytest.raises(Refusal) as caught:
            validate(ForceCharge(until=SOON, power=watts), driver.capabilities, NOW)
        assert caught.value.key == "power_range"


async def test_what_the_model_lacks_is_not_offered() -> None:
    inverter, driver = by_segments()
    for name in ("onGridDischargeStopSOC", "acChargeEnable", "disChargePowerCommand"):
        del inverter.settings[name]
    await driver.read()
    able = driver.capabilities
    assert able.blocks == {HoldBlock.CHARGE}
    assert not able.intents & {Kind.SET_RESERVE, Kind.FORCE_CHARGE}


async def test_a_segment_of_which_a_part_cannot_be_read_is_left_alone() -> None:
    inverter, driver = by_segments()
    inverter.segment(1, 2, "17:0", "19:30", 1)
    await driver.read()
    inverter.settings["time1Mode"] = "null"
    for _ in range(4):
        with pytest.raises(BadDataError, match="time_segment1"):
            await driver.read()
    settings = await driver.read()
    change = segments.edit(1, end=time(20))
    with pytest.raises(Refusal) as caught:
        driver.plan(SetValues(edits=(change,)), settings, NOW)
    assert caught.value.key == "unknown_setting"
    await carry_out(driver, ForceCharge(until=SOON), settings)
    assert [type_ for _, type_, _ in inverter.sent] == ["ac_charge", "time_segment2"]


@pytest.mark.parametrize("vpp", [True, False])
async def test_self_use_is_a_mode_where_there_are_segments(vpp: bool) -> None:
    inverter = Inverter(vpp=vpp)
    driver = driver_of(inverter)
    await carry_out(driver, SetMode(mode="battery_first"), await driver.read())
    assert driver.capabilities.self_use_mode
    await carry_out(driver, SelfUse(), await driver.read())
    assert inverter.settings["forcedStopSwitch9"] == 0
    assert driver.plan(SelfUse(), await driver.read(), NOW).target == {}


@pytest.mark.parametrize(
    ("intent", "ends"),
    [
        (SetMode(mode="grid_first"), {"time_segment1"}),
        (set_segment(5, "13:15", "14:00"), {"time_segment1"}),
        (set_segment(5, "13:32", "14:00"), set()),
        (set_segment(5, "00:00", "00:00"), set()),
        (SetReserve(soc=40), set()),
    ],
)
async def test_a_lease_ends_whose_segment_would_meet_one_that_is_set(
    intent: Any, ends: set[str]
) -> None:
    _, driver = by_segments()
    base = await driver.read()
    leased = {"time_segment1": [1, "13:02", "13:32", True], "charge_power": 50}
    plan = driver.plan(intent, replace(base, leased=leased), NOW)
    assert plan.ends == ends


async def test_settings_that_were_there_and_are_missing_are_no_settings() -> None:
    """Else a lease would be taken for somebody else's, also after a restart."""
    inverter, notes = Inverter(vpp=False), Notes()
    await driver_of(inverter, notes).read()
    full = dict(inverter.settings)
    inverter.settings["chargePowerCommand"] = "null"
    driver = driver_of(inverter, notes)
    for _ in range(4):
        with pytest.raises(BadDataError) as caught:
            await driver.read()
        assert caught.value.reason == "settings_incomplete"
    # What stays away is gone
    assert "charge_power" not in (await driver.read()).values
    inverter.settings = full
    assert "charge_power" in (await driver.read()).values


async def test_a_micro_inverter_without_settings_has_none() -> None:
    assert settings_of({"serialNum": "X", "tlxSetbean": None}) == {}
    assert settings_of({"tlxSetbean": {"onOff": 1}}) == {"onOff": 1}
    inverter, driver = by_segments()
    inverter.settings = {"tlxSetbean": None}
    with pytest.raises(BadDataError):
        await driver.read()


async def test_a_hold_that_lost_its_lease_ends_with_the_limit_that_was() -> None:
    inverter, driver = by_segments()
    inverter.settings["disChargePowerCommand"] = 70
    plan = await carry_out(driver, Hold(until=SOON), await driver.read())
    assert driver.forced(await driver.read(), plan.mark) == {"discharge_power": 70}


async def test_a_segment_that_lost_its_lease_is_emptied() -> None:
    _, driver = by_segments()
    plan = await carry_out(driver, ForceCharge(until=SOON), await driver.read())
    assert driver.forced(await driver.read(), plan.mark) == {
        "time_segment1": [0, "00:00", "00:00", False]
    }


async def test_a_segment_does_not_come_back_over_one_of_the_app() -> None:
    inverter, driver = by_segments()
    inverter.segment(1, 0, "12:0", "18:0", 1)
    base = await driver.read()
    await carry_out(driver, ForceCharge(until=SOON), base)
    inverter.segment(5, 2, "14:0", "15:0", 1)
    inverter.segment(1, 0, "0:0", "0:0", 0)
    now = await driver.read()
    empty = [0, "00:00", "00:00", False]
    back = {"time_segment1": base.values["time_segment1"], "time_segment2": empty}
    assert driver.restorable(back, now) == {"time_segment2": empty}


@pytest.mark.parametrize(
    ("intent", "battery", "soc", "follows"),
    [
        (ForceCharge(until=SOON, power=6_000), -3_000, 50, True),
        (ForceCharge(until=SOON, power=6_000), -200, 50, False),
        (ForceCharge(until=SOON, power=6_000), -200, 90, None),
        (ForceDischarge(until=SOON), 500, 50, False),
        (ForceDischarge(until=SOON), 4_000, 50, True),
        (ForceDischarge(until=SOON), 0, 20, None),
        (ForceCharge(until=SOON, power=150), -150, 50, None),
        (Hold(until=SOON), -500, 50, True),
        (Hold(until=SOON), 500, 50, False),
        (Hold(until=SOON, block=HoldBlock.CHARGE), 500, 50, True),
        (Hold(until=SOON, block=HoldBlock.CHARGE), -500, 50, False),
        (Hold(until=SOON, block=HoldBlock.BOTH), -500, 50, False),
        (SetReserve(soc=30, until=SOON), 500, 50, None),
    ],
)
async def test_a_battery_is_seen_to_follow_or_not(
    intent: Any, battery: float, soc: float, follows: bool | None
) -> None:
    _, driver = by_segments()
    await driver.read()
    seen = Observation(soc=soc, battery=battery)
    assert driver.following(intent, seen) is follows
