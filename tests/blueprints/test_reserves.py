"""The reserve before a storm and for the evening."""

from typing import Any

import pytest

from .stage import Stage

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
    await stage.price("off", WARNING)
    assert reserve(stage) == 50
    assert stage.runs == 0


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


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_a_refused_change_is_tried_again(stage: Stage) -> None:
    await storm(stage)
    with stage.refusing():
        await stage.price("on", WARNING)
    assert reserve(stage) != 80
    await stage.minutes(16)
    assert reserve(stage) == 80
    with stage.refusing():
        await stage.price("off", WARNING)
    assert reserve(stage) == 80
    await stage.minutes(16)
    assert reserve(stage) == 20


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_an_outage_after_a_storm_leaves_no_high_reserve(stage: Stage) -> None:
    await storm(stage)
    await stage.price("on", WARNING)
    with stage.refusing():
        await stage.price("off", WARNING)
        await stage.minutes(150)
    assert reserve(stage) == 80
    assert len(stage.told) == 1
    await stage.minutes(60)
    assert reserve(stage) == 20


async def test_a_battery_that_comes_late_after_a_start_is_put_back(
    stage: Stage,
) -> None:
    await set_reserve(stage, 80)
    await stage.price("off", WARNING)
    await stage.room.battery.stop()
    await stage.minutes(6)
    assert stage.room.state("number", "backup_reserve") == "unavailable"
    await storm(stage, at_start=True)
    await stage.minutes(15)
    await stage.room.battery.start()
    await stage.minutes(4)
    assert reserve(stage) == 20


async def test_a_storm_that_comes_back_is_not_missed(stage: Stage) -> None:
    await storm(stage)
    await stage.price("on", WARNING)
    with stage.room.at_write(lambda: stage.hass.states.async_set(WARNING, "on")):
        await stage.price("off", WARNING)
    assert reserve(stage) == 80
    await stage.price("off", WARNING)
    assert reserve(stage) == 20


async def test_a_warning_that_was_too_long_does_not_begin_again(stage: Stage) -> None:
    await storm(stage, longest=1)
    await stage.price("on", WARNING)
    await stage.room.step(3620)
    assert reserve(stage) == 20
    await stage.price("unavailable", WARNING)
    await stage.price("on", WARNING)
    assert reserve(stage) == 20
    await stage.price("off", WARNING)
    await stage.price("on", WARNING)
    assert reserve(stage) == 80


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
