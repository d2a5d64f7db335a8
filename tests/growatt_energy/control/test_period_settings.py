"""Schedules and single settings of SPH and SPA (reference sections 6.4, 6.5)."""

from datetime import time, timedelta
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import BadDataError
from custom_components.growatt_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Row,
    SelfUse,
    SetExportLimit,
    SetSchedule,
)
from custom_components.growatt_energy._vendor.core.control.outcome import Refusal
from custom_components.growatt_energy.control_settings import CLOCK
from custom_components.growatt_energy.control_sph.period_driver import read_schedule

from .mix import FRIDAY_NOON, SERIAL, System, edit, sph

UNTIL = FRIDAY_NOON + timedelta(minutes=30)


async def test_a_schedule_is_read_in_the_words_in_which_it_is_set() -> None:
    system = System()
    rows, switches = read_schedule(await system.read(), system.driver.store, 6000)
    assert rows == [
        Row(start=time(1, 5), end=time(5), mode="battery_first", soc=85, power=4800),
        Row(start=time(17, 30), end=time(20), mode="grid_first", soc=20, power=5400),
    ]
    assert switches == {"ac_charge": False}
    again = SetSchedule(rows=tuple(rows), switches=switches)
    await system.give(again)
    assert system.mix.sent == []


async def test_a_row_over_midnight_takes_two_periods() -> None:
    system = System()
    row = Row(start=time(22), end=time(6), mode="battery_first")
    await system.give(SetSchedule(rows=(row,), switches={"ac_charge": True}))
    values = system.values()
    assert values["charge.period1"] == "22:00-23:59 on"
    assert values["charge.period2"] == "00:00-06:00 on"
    assert values["charge.ac"] is True
    assert values["charge.power"] == 80
    assert values["discharge.period1"] == "17:30-20:00 on"


async def test_rows_that_are_cleared_are_switched_off() -> None:
    system = System()
    await system.give(SetSchedule(clear=frozenset({"grid_first"}), switches={}))
    values = system.values()
    assert values["discharge.period1"] == "00:00-00:00 off"
    assert values["charge.period1"] == "01:05-05:00 on"


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"charge__power": 0}, "setting_range"),
        ({"charge__stop_soc": 4}, "setting_range"),
        ({"charge__stop_soc": True}, "unknown_setting"),
        ({"charge__ac": 1}, "unknown_setting"),
        ({"charge__period1": "soon"}, "unknown_setting"),
        ({"charge__period1": "05:00-04:00 on"}, "end_before_start"),
        ({"charge__period1": "05:00-05:00 on"}, "empty_window"),
        ({"charge__period2": "04:00-06:00 on"}, "rows_overlap"),
        ({"charge__period2": "17:00-18:00 on"}, "rows_overlap"),
        ({"load_first__period1": "17:00-18:00 on"}, "unknown_setting"),
        ({"active_power_limit": 101}, "setting_range"),
        ({"active_power_limit": 50.5}, "setting_whole"),
        ({"power_on": "off"}, "unknown_setting"),
        ({"export_limit_percent": None}, "unknown_setting"),
        ({"wchargeSOCLowLimit1": 50}, "unknown_setting"),
        ({"clock": "2026-11-20"}, "unknown_setting"),
    ],
)
async def test_what_the_device_cannot_be_set_to_is_refused(
    changes: dict[str, Any], key: str
) -> None:
    with pytest.raises(Refusal, match=key):
        await System().plan(edit(**changes))


async def test_midnight_is_said_as_the_last_minute() -> None:
    system = System()
    await system.give(edit(charge__period1="22:00-00:00 on"))
    assert system.values()["charge.period1"] == "22:00-23:59 on"


async def test_the_export_limit_is_one_request_of_two_values() -> None:
    system = System()
    await system.give(SetExportLimit(percent=30))
    await system.give(SetExportLimit())
    assert system.mix.sent == [
        ("backflow_setting", ["1", "30"]),
        ("backflow_setting", ["0", "30"]),
    ]
    with pytest.raises(Refusal, match="export_percent_only"):
        await system.plan(SetExportLimit(power=500))


async def test_the_clock_is_told_the_time_of_the_plant_when_it_is_sent() -> None:
    system = System()
    await system.give(edit(clock=True))
    assert system.mix.sent == [("pf_sys_year", ["2026-11-20 13:00:00"])]
    assert CLOCK in (await system.read()).assumed


async def test_self_use_needs_no_write() -> None:
    system = System()
    assert (await system.plan(SelfUse())).target == {}


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (ForceCharge(until=UNTIL, target_soc=50), "soc_above_target"),
        (ForceDischarge(until=UNTIL, target_soc=50), "soc_below_target"),
        (ForceCharge(until=UNTIL, power=7000), "power_range"),
        (ForceCharge(until=UNTIL, power=59), "power_range"),
    ],
)
async def test_a_force_that_cannot_be_is_refused(asked: Any, key: str) -> None:
    with pytest.raises(Refusal, match=key):
        await System().plan(asked)


async def test_a_battery_at_its_own_limit_is_not_discharged() -> None:
    with pytest.raises(Refusal, match="soc_below_target"):
        await System(soc=20).plan(ForceDischarge(until=UNTIL))


async def test_watts_are_rounded_down_to_percent() -> None:
    plan = await System(soc=50).plan(ForceCharge(until=UNTIL, power=1999))
    assert plan.target["charge.power"] == 33
    assert plan.effective["power"] == 1980


async def test_watts_without_a_rating_are_refused() -> None:
    with pytest.raises(Refusal, match="power_unknown"):
        await System(rated=None).plan(ForceCharge(until=UNTIL, power=2000))
    plan = await System(rated=None).plan(ForceCharge(until=UNTIL))
    assert plan.target["charge.power"] == 100


@pytest.mark.parametrize(
    ("rows", "options", "key"),
    [
        ([{"mode": "smart"}], {}, "unknown_mode"),
        ([{"days": (1,)}], {}, "no_weekdays"),
        ([{"start": time(8, 0, 1)}], {}, "whole_minutes"),
        ([{"end": time(8)}], {}, "empty_window"),
        ([{"mode": "load_first", "soc": 50.0}], {"spa": True}, "no_soc_setting"),
        ([{"mode": "load_first", "power": 50.0}], {"spa": True}, "no_power_setting"),
        ([{"soc": 50.0}, {"soc": 60.0, "start": time(7)}], {}, "rows_one_soc"),
        ([{"power": 600.0}, {"power": 900.0, "start": time(7)}], {}, "rows_one_power"),
        ([{}], {"switches": {"use_grid": True}}, "unknown_switch"),
    ],
)
async def test_a_row_that_cannot_be_is_refused(
    rows: list[dict[str, Any]], options: dict[str, Any], key: str
) -> None:
    usual = {"start": time(8), "end": time(9), "mode": "battery_first"}
    spa = options.get("spa", False)
    intent = SetSchedule(
        rows=tuple(Row(**{**usual, **row}) for row in rows),
        switches=options.get("switches", {}),
    )
    with pytest.raises(Refusal, match=key):
        await System(spa_device=spa, padded=spa).plan(intent)


async def test_a_row_says_power_and_limit_of_its_side() -> None:
    system = System()
    row = Row(start=time(8), end=time(9), mode="battery_first", soc=91.0, power=2000.0)
    await system.give(SetSchedule(rows=(row,), switches={}))
    values = system.values()
    assert (values["charge.power"], values["charge.stop_soc"]) == (33, 91)


async def test_a_target_of_a_force_is_what_it_ends_at() -> None:
    plan = await System().plan(ForceDischarge(until=UNTIL, target_soc=30))
    assert plan.target["discharge.stop_soc"] == 30
    assert plan.effective["target_soc"] == 30


async def test_an_export_limit_that_the_device_lacks_is_refused() -> None:
    raw = sph(exportLimit=None)
    with pytest.raises(Refusal, match="unknown_setting"):
        await System(raw).plan(SetExportLimit(percent=30))


async def test_settings_that_are_suddenly_missing_are_not_believed_at_once() -> None:
    system = System()
    await system.read()
    system.mix.raw = {"serialNum": SERIAL, "chargePowerCommand": 80}
    for _ in range(4):
        with pytest.raises(BadDataError):
            await system.read()
    assert (await system.read()).values == {"charge.power": 80}
