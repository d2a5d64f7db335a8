"""The reserve before a storm and for the evening, and the export limit."""

from typing import Any

import pytest

from .stage import PRICE, Stage

WARNING = "binary_sensor.storm"
CHARGE = "sensor.charge"
BOTH = pytest.mark.parametrize("vendor", ["sonnen", "alphaess"])


def reserve(stage: Stage) -> float:
    return float(stage.room.state("number", "backup_reserve"))


async def set_reserve(stage: Stage, value: float) -> None:
    await stage.room.set("number", "backup_reserve", value=value)
    await stage.settle()


async def storm(stage: Stage, *, at_start: bool = False, **changes: Any) -> None:
    """Have an automation for storms; 20 % is usual."""
    await stage.automate(
        "raise_reserve_before_storm",
        at_start=at_start,
        reserve=stage.id("number", "backup_reserve"),
        warning=WARNING,
        **{"raised": 80, "usual": 20} | changes,
    )


@BOTH
async def test_a_storm_raises_the_reserve_and_its_end_puts_it_back(
    stage: Stage,
) -> None:
    await stage.price("off", WARNING)
    await storm(stage)
    await stage.price("on", WARNING)
    assert reserve(stage) == 80
    await stage.minutes(2)
    assert stage.flow <= 0
    for state in ("unavailable", "unknown", "on"):
        await stage.price(state, WARNING)
        assert reserve(stage) == 80
    await stage.price("off", WARNING)
    assert reserve(stage) == 20


@pytest.mark.parametrize("value", [80, 90])
async def test_a_higher_reserve_is_not_lowered(stage: Stage, value: float) -> None:
    await set_reserve(stage, value)
    await storm(stage)
    await stage.price("on", WARNING)
    await stage.price("off", WARNING)
    assert reserve(stage) == value
    assert stage.runs == 0


async def test_what_a_user_sets_meanwhile_stays(stage: Stage) -> None:
    await storm(stage)
    await stage.price("on", WARNING)
    await set_reserve(stage, 50)
    assert stage.runs == 0
    await stage.price("off", WARNING)
    assert reserve(stage) == 50


async def test_a_storm_that_never_ends_ends(stage: Stage) -> None:
    await storm(stage, longest=1)
    await stage.price("on", WARNING)
    await stage.room.step(3590)
    assert reserve(stage) == 80
    await stage.room.step(30)
    assert reserve(stage) == 20


async def test_a_start_puts_back_what_is_over(stage: Stage) -> None:
    await set_reserve(stage, 80)
    await stage.price("off", WARNING)
    await storm(stage, at_start=True)
    assert reserve(stage) == 20


async def test_a_start_in_a_storm_goes_on(stage: Stage) -> None:
    await set_reserve(stage, 80)
    await stage.price("on", WARNING)
    await storm(stage, at_start=True)
    assert reserve(stage) == 80
    await stage.price("off", WARNING)
    assert reserve(stage) == 20


async def test_a_start_without_a_storm_changes_nothing(stage: Stage) -> None:
    await set_reserve(stage, 35)
    await stage.price("off", WARNING)
    await storm(stage, at_start=True)
    assert reserve(stage) == 35
    assert stage.runs == 0


async def test_a_refused_change_is_tried_again(stage: Stage) -> None:
    await storm(stage)
    stage.room.sim.faults.add("status", "set*", status=503)
    await stage.price("on", WARNING)
    assert reserve(stage) != 80
    stage.room.sim.faults.clear()
    await stage.minutes(16)
    assert reserve(stage) == 80
    stage.room.sim.faults.add("status", "set*", status=503)
    await stage.price("off", WARNING)
    assert reserve(stage) == 80
    stage.room.sim.faults.clear()
    await stage.minutes(16)
    assert reserve(stage) == 20


@BOTH
async def test_the_battery_is_kept_until_the_evening(stage: Stage) -> None:
    await stage.price(40, CHARGE)
    await stage.automate(
        "keep_reserve_for_evening",
        reserve=stage.id("number", "backup_reserve"),
        charge=CHARGE,
        raised=45,
        usual=15,
        begin="06:00:00",
        until="13:00:00",
    )
    before = reserve(stage)
    await stage.minutes(2)
    assert reserve(stage) == before
    await stage.price(46, CHARGE)
    assert reserve(stage) == 45
    # What is in it does not matter any more
    await stage.price(44, CHARGE)
    await stage.room.step(50 * 60)
    assert reserve(stage) == 45
    await stage.minutes(10)
    assert reserve(stage) == 15


def limited(stage: Stage) -> tuple[str, float]:
    number = float(stage.room.state("number", "export_limit_power"))
    return stage.room.state("switch", "export_limit"), number


async def exporting(stage: Stage, *, at_start: bool = False, **changes: Any) -> None:
    """Have an automation for negative prices; 5000 W are usual, and the switch off."""
    number = stage.id("number", "export_limit_power")
    inputs = {
        "limit_number": number,
        "limit_switch": stage.id("switch", "export_limit"),
        "earned": PRICE,
        "usual_limit": 5000,
    }
    await stage.automate(
        "zero_export_at_negative_price", at_start=at_start, **inputs | changes
    )


async def set_limit(stage: Stage, value: float, *, on: bool) -> None:
    await stage.room.set("switch", "export_limit", on=on)
    await stage.room.set("number", "export_limit_power", value=value)
    await stage.settle()


@pytest.mark.parametrize("vendor", ["goodwe"])
class TestExport:
    """With an inverter that has a switch and a number of W."""

    async def test_nothing_is_fed_in_while_it_costs_money(self, stage: Stage) -> None:
        await set_limit(stage, 5000, on=False)
        await stage.price(0.01)
        await exporting(stage)
        await stage.price(-0.01)
        assert limited(stage) == ("on", 0)
        # At least for a quarter of an hour
        await stage.price(0.02)
        await stage.minutes(5)
        assert limited(stage) == ("on", 0)
        await stage.minutes(11)
        assert limited(stage) == ("off", 5000)
        assert stage.runs == 0

    async def test_what_a_user_sets_meanwhile_stays(self, stage: Stage) -> None:
        await set_limit(stage, 5000, on=False)
        await stage.price(0.01)
        await exporting(stage)
        await stage.price(-0.01)
        await stage.room.set("number", "export_limit_power", value=3000)
        await stage.settle()
        await stage.price(0.02)
        await stage.minutes(16)
        assert limited(stage) == ("on", 3000)
        assert stage.runs == 0

    async def test_a_price_that_stays_unknown_ends_it(self, stage: Stage) -> None:
        await set_limit(stage, 5000, on=True)
        await stage.price("off", "binary_sensor.costs")
        await exporting(stage, earned="binary_sensor.costs", usual_switch=True)
        await stage.price("on", "binary_sensor.costs")
        assert limited(stage) == ("on", 0)
        await stage.price("unavailable", "binary_sensor.costs")
        await stage.minutes(50)
        assert limited(stage) == ("on", 0)
        await stage.minutes(12)
        assert limited(stage) == ("on", 5000)

    async def test_a_start_puts_back_what_is_over(self, stage: Stage) -> None:
        await set_limit(stage, 0, on=True)
        await stage.price(0.05)
        await exporting(stage, at_start=True)
        assert limited(stage) == ("off", 5000)
