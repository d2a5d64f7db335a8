"""The scripts for evcc, and the one that follows EMHASS."""

import asyncio
from typing import Any

import pytest

from .stage import Stage

PLAN = "sensor.p_batt_forecast"


async def for_evcc(stage: Stage, **changes: Any) -> None:
    """Make the three scripts; a force lasts for a quarter of an hour."""

    def others(*names: str) -> dict[str, list[str]]:
        return {"others": [f"script.{name}" for name in names]}

    lease = {"lease": 15} | changes
    charge = stage.force | lease | others("normal", "hold") | {"percent": 90}
    await stage.make_scripts(
        normal=(
            "evcc_normal",
            {"battery_mode": stage.battery["battery_mode"]} | others("hold", "charge"),
        ),
        hold=("evcc_hold", stage.battery | lease | others("normal", "charge")),
        charge=("evcc_charge", charge),
    )


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_evcc_leads_the_battery(stage: Stage) -> None:
    await for_evcc(stage)
    await stage.run("hold")
    assert stage.mode == "hold"
    await stage.minutes(20)
    assert stage.mode == "hold"
    assert abs(stage.flow) < 100
    await stage.run("charge")
    assert stage.mode == "force_charge"
    await stage.minutes(8)
    assert stage.flow < -1000
    await stage.run("normal")
    assert stage.mode == "self_use"
    assert stage.runs == 0


async def test_evcc_that_says_it_again_writes_nothing(stage: Stage) -> None:
    await for_evcc(stage)
    await stage.run("hold")
    await stage.minutes(1)
    sent = stage.sent
    await stage.run("hold")
    assert stage.mode == "hold"
    assert stage.sent == sent
    assert stage.runs == 1


async def test_normal_leaves_other_modes_alone(stage: Stage) -> None:
    await for_evcc(stage)
    for option in ("time_of_use", "force_discharge"):
        await stage.select(option)
        await stage.run("normal")
        assert stage.mode == option


async def test_normal_stops_a_hold_that_is_still_tried(stage: Stage) -> None:
    await for_evcc(stage)
    with stage.refusing():
        await stage.run("hold")
        assert stage.mode == "self_use"
        assert stage.runs == 1
        await stage.run("normal")
    await stage.minutes(6)
    assert stage.mode == "self_use"
    assert stage.runs == 0


async def test_normal_ends_a_hold_that_is_on_its_way(stage: Stage) -> None:
    await for_evcc(stage)
    arrives = asyncio.Event()
    with stage.delayed_by(arrives.wait):
        for name in ("hold", "normal"):
            await stage.start(name)
            # A cloud may take minutes; in these nothing else is left to do
            for _ in range(200):
                await asyncio.sleep(0)
            assert stage.mode == "self_use"
        arrives.set()
        await stage.settle()
    await stage.minutes(1)
    assert stage.mode == "self_use"
    assert stage.runs == 0


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_what_evcc_wants_is_tried_for_longer_than_a_cloud_is_away(
    stage: Stage,
) -> None:
    await for_evcc(stage)
    with stage.refusing():
        await stage.run("charge")
        await stage.minutes(60)
    assert len(stage.told) == 1
    await stage.minutes(31)
    assert stage.mode == "force_charge"


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_evcc_that_falls_silent_is_not_obeyed_for_ever(stage: Stage) -> None:
    await for_evcc(stage, longest=1)
    await stage.run("hold")
    await stage.minutes(58)
    assert stage.mode == "hold"
    await stage.minutes(4)
    assert stage.mode == "self_use"
    assert stage.runs == 0


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_a_user_who_ends_a_hold_has_decided(stage: Stage) -> None:
    await for_evcc(stage)
    await stage.run("hold")
    await stage.select("self_use")
    await stage.minutes(6)
    assert stage.mode == "self_use"
    assert stage.runs == 0


async def planned(stage: Stage, watts: float | str) -> None:
    """Let EMHASS publish its plan."""
    stage.hass.states.async_set(PLAN, str(watts), force_update=True)
    await stage.run("follow")


async def following(stage: Stage, **changes: Any) -> None:
    """Make the script; charge up to 90 %."""
    inputs = stage.force | {"planned": PLAN, "lease": 15, "highest": 90} | changes
    await stage.make_scripts(follow=("follow_emhass", inputs))


async def test_the_plan_is_followed(stage: Stage) -> None:
    await following(stage, reserve=stage.id("number", "backup_reserve"))
    await planned(stage, -2000)
    assert stage.mode == "force_charge"
    await stage.minutes(1)
    assert -2100 < stage.flow < -1900
    await planned(stage, 1500)
    assert stage.mode == "force_discharge"
    await stage.minutes(1)
    assert 1400 < stage.flow < 1600
    await planned(stage, 20)
    assert stage.mode == "hold"


async def test_a_refused_plan_does_not_leave_the_one_before(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await following(stage, lowest=15)
    await planned(stage, -2000)
    assert stage.mode == "force_charge"
    # Below the reserve of 20 %, which a sonnenBatterie refuses
    await planned(stage, 1500)
    assert stage.mode == "self_use"
    assert "could not be told" in caplog.text


async def test_nearly_the_same_plan_writes_nothing(stage: Stage) -> None:
    await following(stage)
    await planned(stage, -2000)
    sent, ends = stage.sent, stage.ends
    # The last one is another, but too soon
    for watts in (-2100, -1850, -2190, -2300):
        await stage.minutes(2)
        await planned(stage, watts)
    assert stage.sent == sent
    assert stage.ends > ends
    await stage.minutes(3)
    await planned(stage, -2300)
    assert stage.sent > sent


async def test_a_plan_in_kw_is_the_same(stage: Stage) -> None:
    await following(stage)
    stage.show_in("force_power", "kW")
    await stage.settle()
    kw = {"unit_of_measurement": "kW"}
    stage.hass.states.async_set(PLAN, "-2.1", kw, force_update=True)
    await stage.run("follow")
    assert stage.mode == "force_charge"
    await stage.minutes(1)
    assert -2200 < stage.flow < -2000


@pytest.mark.parametrize(("watts", "content"), [(-2000, 91), (1500, 15)])
async def test_what_would_end_at_once_is_not_begun(
    stage: Stage, watts: float, content: float
) -> None:
    charge = stage.beside("sensor", "charge", str(content))
    await following(stage, charge=charge, lowest=20)
    events = stage.room.events()
    await planned(stage, watts)
    assert (stage.mode, events) == ("hold", ["started"])


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_a_plan_that_is_old_or_unknown_changes_nothing(stage: Stage) -> None:
    await following(stage)
    await planned(stage, -2000)
    await planned(stage, "unavailable")
    assert stage.mode == "force_charge"
    stage.hass.states.async_set(PLAN, "-3000")
    await stage.minutes(16)
    assert stage.mode == "self_use"
    await stage.run("follow")
    assert stage.mode == "self_use"


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_what_a_battery_cannot_do_leaves_it_to_itself(stage: Stage) -> None:
    await following(stage)
    await planned(stage, -2000)
    assert stage.mode == "force_charge"
    await planned(stage, 1500)
    assert stage.mode == "self_use"


async def test_a_mode_of_its_own_is_left_as_it_is(stage: Stage) -> None:
    await following(stage, idle="self_use")
    await stage.select("time_of_use")
    await planned(stage, 0)
    assert stage.mode == "time_of_use"
