"""Discharging above a price, and holding while the car charges."""

from typing import Any

import pytest

from .stage import PRICE, Stage

CAR = "sensor.car_power"


async def discharging(stage: Stage, **changes: Any) -> None:
    """Let the price rise above 0.4 after the automation was made."""
    await stage.price(0.3)
    inputs: dict[str, Any] = {"price": PRICE, "limit": 0.4, "percent": 30, "lease": 15}
    await stage.automate("discharge_above_price", **stage.force | inputs | changes)
    assert stage.mode == "self_use"
    await stage.price(0.5)


async def test_it_discharges_to_the_grid_and_stops(stage: Stage) -> None:
    await discharging(stage)
    await stage.minutes(8)
    assert stage.mode == "force_discharge"
    assert stage.flow > 1000
    await stage.price(0.4)
    assert stage.mode == "self_use"


@pytest.mark.parametrize("vendor", ["goodwe", "growatt", "growatt_sph", "sungrow"])
async def test_other_vendors_discharge_too(stage: Stage) -> None:
    await discharging(stage)
    assert stage.mode == "force_discharge"
    await stage.minutes(9)
    assert stage.flow > 1000
    await stage.price(0.4)
    assert stage.mode == "self_use"


async def test_it_stops_at_the_floor(stage: Stage) -> None:
    await discharging(stage, percent=45)
    stage.room.battery.set_usoc(45)
    await stage.minutes(1)
    assert stage.mode == "self_use"


async def test_a_floor_that_would_be_none_discharges_nothing(stage: Stage) -> None:
    await discharging(stage, percent=100)
    assert stage.mode == "self_use"
    assert stage.sent == 0


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_a_battery_that_cannot_discharge_is_not_written_to(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    await discharging(stage)
    assert stage.runs == 0
    assert stage.sent == 0
    assert "This battery cannot be forced to discharge" in caplog.text


async def holding(stage: Stage, **changes: Any) -> None:
    """Let the car have charged for a minute after the automation was made."""
    await stage.price(0, CAR)
    inputs: dict[str, Any] = {"charging": CAR, "lease": 15}
    await stage.automate("hold_while_car_charges", **stage.battery | inputs | changes)
    await stage.price(7000, CAR)
    assert stage.mode == "self_use"
    await stage.minutes(1.1)


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_the_battery_is_held_while_the_car_charges(stage: Stage) -> None:
    await holding(stage)
    await stage.minutes(17)
    assert stage.mode == "hold"
    assert abs(stage.flow) < 100
    await stage.price(1, CAR)
    await stage.minutes(3)
    assert stage.mode == "hold"
    await stage.minutes(3)
    assert stage.mode == "self_use"


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_a_pause_of_the_car_is_none_of_the_hold(stage: Stage) -> None:
    await holding(stage)
    sent = stage.sent
    for _ in range(2):
        await stage.price(0, CAR)
        await stage.minutes(4)
        await stage.price(7000, CAR)
        await stage.minutes(2)
    assert stage.mode == "hold"
    assert stage.sent == sent


async def test_the_power_of_the_car_may_be_in_kw(stage: Stage) -> None:
    kw = {"unit_of_measurement": "kW"}
    stage.hass.states.async_set(CAR, "0.1", kw)
    await stage.automate("hold_while_car_charges", **stage.battery, charging=CAR)
    stage.hass.states.async_set(CAR, "3.6", kw)
    await stage.minutes(1.1)
    assert stage.mode == "hold"


async def test_a_car_that_goes_on_while_the_hold_ends_is_not_missed(
    stage: Stage,
) -> None:
    await holding(stage, pause=1)
    await stage.price(0, CAR)
    with stage.room.at_write(lambda: stage.hass.states.async_set(CAR, "7000")):
        await stage.minutes(1.1)
    assert stage.mode == "hold"


async def test_what_is_held_can_be_said(stage: Stage) -> None:
    block = {"hold_block": stage.id("select", "hold_block"), "block": "both"}
    await holding(stage, **block)
    assert stage.room.state("select", "hold_block") == "both"
    assert stage.mode == "hold"
    await stage.select("self_use")
    await stage.minutes(7)
    assert stage.mode == "self_use"
    await stage.price(0, CAR)
    await stage.price(7000, CAR)
    await stage.minutes(1.1)
    assert stage.mode == "hold"


@pytest.mark.parametrize("vendor", ["alphaess"])
async def test_a_car_of_which_nothing_is_known_is_not_one_that_stopped(
    stage: Stage,
) -> None:
    await holding(stage)
    await stage.price("unavailable", CAR)
    await stage.minutes(12)
    assert stage.mode == "hold"
    await stage.minutes(4)
    assert stage.mode == "self_use"


@pytest.mark.parametrize("vendor", ["goodwe"])
async def test_a_battery_that_cannot_be_held_is_left_alone(stage: Stage) -> None:
    await holding(stage)
    assert stage.runs == 0
    assert stage.sent == 0
