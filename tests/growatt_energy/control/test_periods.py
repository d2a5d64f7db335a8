"""Periods of SPH and SPA (reference sections 6.4 and 6.5; Q1, Q24)."""

from datetime import time, timedelta
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import BadDataError
from custom_components.growatt_energy._vendor.core.control.driver import Step
from custom_components.growatt_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    SetValues,
)
from custom_components.growatt_energy._vendor.core.control.outcome import Refusal
from custom_components.growatt_energy.control_sph.edits import set_period

from .mix import FRIDAY_NOON, System, edit, local, spa, sph

UNTIL = FRIDAY_NOON + timedelta(minutes=30)


def test_times_are_read_without_padding() -> None:
    values = System(sph(forcedChargeTimeStart1="1:5")).values()
    assert values["charge.period1"] == "01:05-05:00 on"


@pytest.mark.parametrize(
    ("limits", "shown"),
    [
        ({}, 85),
        ({"wchargeSOCLowLimit2": None, "wchargeSOCLowLimit": 77}, 77),
        ({"wchargeSOCLowLimit2": "null", "wchargeSOCLowLimit": ""}, 100),
        ({"wchargeSOCLowLimit2": "soon"}, None),
        ({"wchargeSOCLowLimit2": -1}, None),
        ({"wchargeSOCLowLimit2": None, "wchargeSOCLowLimit1": None}, None),
    ],
)
def test_the_limit_of_the_mode_comes_first_and_none_is_made_up(
    limits: dict[str, Any], shown: int | None
) -> None:
    values = System(sph(**limits)).values()
    assert values.get("charge.stop_soc") == shown


@pytest.mark.parametrize(
    "garbage", ["11:187", "24:30", "null", "", None, 7, "1:0:0", "-1:0"]
)
def test_a_time_that_is_none_makes_the_period_unknown(garbage: Any) -> None:
    assert "charge.period2" not in System(sph(forcedChargeTimeStop2=garbage)).values()


@pytest.mark.parametrize(
    ("padded", "sent"),
    [
        (False, "100 85 1 12 2 12 32 1 1 5 5 0 1 0 0 0 0 0"),
        (True, "100 85 1 12 02 12 32 1 01 05 05 00 1 00 00 00 00 0"),
    ],
)
async def test_a_group_is_sent_with_all_it_has(padded: bool, sent: str) -> None:
    raw = sph(
        forcedChargeTimeStart2="1:5",
        forcedChargeTimeStop2="5:0",
        forcedChargeStopSwitch2=1,
        forcedChargeStopSwitch1=0,
        forcedChargeTimeStart1="0:0",
        forcedChargeTimeStop1="0:0",
    )
    system = System(raw, padded=padded)
    await system.give(ForceCharge(until=UNTIL, target_soc=85))
    assert system.mix.sent == [("mix_ac_charge_time_period", sent.split())]


@pytest.mark.parametrize(
    ("padded", "count"),
    [(True, 17), (False, 18)],
)
async def test_spa_sends_the_mains_flag_with_a_token_only(
    padded: bool, count: int
) -> None:
    system = System(
        spa(acChargeEnable=1), spa_device=True, padded=padded, experimental=True
    )
    await system.give(edit(charge__power=70))
    ((type_, params),) = system.mix.sent
    assert (type_, len(params)) == ("spa_ac_charge_time_period", count)


async def test_spa_with_a_token_is_told_nothing_that_is_unproven() -> None:
    system = System(spa_device=True)
    with pytest.raises(Refusal, match="periods_unproven"):
        await system.plan(edit(charge__power=70))
    await system.give(edit(power_on=False))
    assert system.mix.sent == [("pv_on_off", ["0000"])]


async def test_spa_with_a_token_never_makes_up_the_mains_flag() -> None:
    system = System(spa_device=True, experimental=True)
    with pytest.raises(Refusal, match="group_unknown") as caught:
        await system.plan(edit(charge__power=70))
    assert caught.value.placeholders["settings"] == "charge.ac"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("chargePowerCommand", "charge.power"),
        ("acChargeEnable", "charge.ac"),
        ("forcedChargeTimeStart3", "charge.period3"),
        ("forcedChargeStopSwitch2", "charge.period2"),
    ],
)
async def test_a_group_of_which_a_part_is_unknown_is_refused(
    name: str, key: str
) -> None:
    system = System(sph(**{name: "null"}))
    with pytest.raises(Refusal, match="group_unknown") as caught:
        await system.plan(edit(charge__stop_soc=90))
    assert caught.value.placeholders["settings"] == key
    step = Step(label="charge", values={"charge.stop_soc": 90})
    with pytest.raises(BadDataError):
        await system.driver.apply(step, await system.read(), {})
    assert system.mix.sent == []


async def test_what_is_unknown_of_one_group_is_no_matter_of_the_other() -> None:
    system = System(sph(chargePowerCommand="null"))
    await system.give(edit(discharge__power=50))
    assert [type_ for type_, _ in system.mix.sent] == ["mix_ac_discharge_time_period"]


async def test_an_unknown_period_can_be_told_as_a_whole() -> None:
    system = System(sph(forcedChargeTimeStart2="11:187"))
    whole = set_period("charge", 2, start=time(6), end=time(7), on=True)
    await system.give(SetValues(edits=(whole,)))
    assert system.values()["charge.period2"] == "06:00-07:00 on"
    part = set_period("discharge", 2, start=time(6))
    broken = System(sph(forcedDischargeTimeStart2="11:187"))
    with pytest.raises(Refusal, match="group_unknown"):
        await broken.plan(SetValues(edits=(part,)))


async def test_a_force_over_midnight_takes_two_periods() -> None:
    system = System(now=local("2026-11-20 23:10"))
    plan = await system.give(
        ForceDischarge(until=local("2026-11-21 00:40"), power=3000)
    )
    values = system.values()
    assert values["discharge.period2"] == "23:10-23:59 on"
    assert values["discharge.period3"] == "00:00-00:40 on"
    assert values["discharge.power"] == 50
    assert plan.effective["power"] == 3000
    assert plan.device_until == local("2026-11-21 00:40")


async def test_a_force_in_the_last_minute_of_a_day_is_refused() -> None:
    system = System(now=local("2026-11-20 23:59"))
    with pytest.raises(Refusal, match="last_minute_of_day"):
        await system.plan(ForceCharge(until=local("2026-11-21 00:00")))


async def test_what_is_in_the_way_is_cut_and_comes_back() -> None:
    raw = sph(
        forcedDischargeTimeStart1="10:0",
        forcedDischargeTimeStop1="12:30",
        forcedChargeTimeStart1="12:30",
        forcedChargeTimeStop1="13:0",
    )
    system = System(raw)
    before = dict(system.values())
    await system.give(ForceCharge(until=UNTIL))
    values = system.values()
    assert values["discharge.period1"] == "10:00-12:02 on"
    assert values["charge.period1"] == "12:32-13:00 on"
    assert values["charge.period2"] == "12:02-12:32 on"
    # No two of them ever met: discharging went first
    assert [type_ for type_, _ in system.mix.sent] == [
        "mix_ac_discharge_time_period",
        "mix_ac_charge_time_period",
    ]
    await system.write(before, back=True)
    assert system.values() == before
    assert [type_ for type_, _ in system.mix.sent[2:]] == [
        "mix_ac_charge_time_period",
        "mix_ac_discharge_time_period",
    ]


async def test_without_a_place_it_is_refused() -> None:
    times = {f"forcedChargeStopSwitch{n}": 1 for n in (1, 2, 3)}
    for number in (1, 2, 3):
        times |= {
            f"forcedChargeTimeStart{number}": f"{number}:0",
            f"forcedChargeTimeStop{number}": f"{number}:30",
        }
    system = System(sph(**times))
    with pytest.raises(Refusal, match="no_free_slot") as caught:
        await system.plan(ForceCharge(until=UNTIL))
    assert "02:00-02:30 on" in caught.value.placeholders["slots"]


@pytest.mark.parametrize("start", ["23:0", "9:0"])
async def test_a_period_over_midnight_in_the_way_is_refused(start: str) -> None:
    """It could be cut, and never be put back: its end is before its start (6.3)."""
    system = System(
        sph(
            forcedDischargeTimeStart1=start,
            forcedDischargeTimeStop1="8:30" if start == "9:0" else "13:0",
        )
    )
    with pytest.raises(Refusal) as refused:
        await system.plan(ForceCharge(until=UNTIL))
    assert refused.value.key == "no_free_slot"
    assert str(refused.value.placeholders["slots"]).endswith("on")


async def test_a_period_over_midnight_elsewhere_is_no_matter() -> None:
    system = System(sph(forcedDischargeTimeStart1="23:0"))
    system.mix.raw["forcedDischargeTimeStop1"] = "5:0"
    plan = await system.plan(ForceCharge(until=UNTIL))
    assert not any(key.startswith("discharge") for key in plan.target)


async def test_a_charge_without_a_target_ends_where_the_owner_has_it_end() -> None:
    system = System(sph(wchargeSOCLowLimit2=80))
    plan = await system.plan(ForceCharge(until=UNTIL))
    assert plan.target["charge.stop_soc"] == plan.effective["target_soc"] == 80
    full = System(sph(wchargeSOCLowLimit2=80), soc=85)
    with pytest.raises(Refusal) as refused:
        await full.plan(ForceCharge(until=UNTIL))
    assert refused.value.key == "soc_above_target"
    unknown = System(sph(wchargeSOCLowLimit2="soon"))
    with pytest.raises(Refusal) as refused:
        await unknown.plan(ForceCharge(until=UNTIL))
    assert refused.value.key == "group_unknown"


async def test_periods_that_only_others_can_set_are_left_alone() -> None:
    raw = sph(
        forcedDischargeTimeStart4="12:0",
        forcedDischargeTimeStop4="14:0",
        forcedDischargeStopSwitch4=1,
    )
    system = System(raw)
    assert system.values()["discharge.period4"] == "12:00-14:00 on"
    with pytest.raises(Refusal, match="no_free_slot"):
        await system.plan(ForceCharge(until=UNTIL))
    with pytest.raises(Refusal, match="unknown_setting"):
        await system.plan(edit(discharge__period4="00:00-00:00 off"))


async def test_a_hold_of_sph_is_grid_first_without_power() -> None:
    system = System()
    plan = await system.give(Hold(until=UNTIL))
    values = system.values()
    assert values["discharge.power"] == 0
    assert values["discharge.period2"] == "12:02-12:32 on"
    assert plan.mark == {
        "discharge.period2": "12:02-12:32 on",
        "discharge.power": 0,
    }
    left = system.driver.forced(await system.read(), plan.mark)
    assert left == {"discharge.period2": "00:00-00:00 off", "discharge.power": 90}


async def test_a_hold_leaves_the_charging_of_the_night_alone() -> None:
    system = System(now=local("2026-11-20 00:30"))
    await system.give(Hold(until=local("2026-11-20 06:00")))
    values = system.values()
    assert values["charge.period1"] == "01:05-05:00 on"
    assert values["discharge.period2"] == "00:30-01:05 on"
    assert values["discharge.period3"] == "05:00-06:00 on"
    assert len(system.mix.sent) == 1


async def test_a_hold_of_spa_has_windows_of_its_own() -> None:
    system = System(spa_device=True, padded=True)
    await system.give(Hold(until=UNTIL))
    ((type_, params),) = system.mix.sent
    assert type_ == "spa_load_flast"
    assert params == [
        "12",
        "02",
        "12",
        "32",
        "1",
        "00",
        "00",
        "00",
        "00",
        "0",
        "00",
        "00",
        "00",
        "00",
        "0",
    ]


async def test_a_force_that_nobody_holds_is_switched_off() -> None:
    system = System()
    plan = await system.give(ForceCharge(until=UNTIL))
    left = system.driver.forced(await system.read(), plan.mark)
    assert left == {"charge.period2": "00:00-00:00 off"}
    await system.write({"charge.period2": "08:00-09:00 on"})
    assert system.driver.forced(await system.read(), plan.mark) == {}
