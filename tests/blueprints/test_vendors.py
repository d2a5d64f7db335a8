"""Each vendor's battery is led by the same blueprints."""

from typing import Any

import pytest

from .stage import PRICE, Stage

CAR = "sensor.car_power"
LEASE = {"lease": 15}
# And whether the battery can be held
EACH = pytest.mark.parametrize(
    ("vendor", "holds"),
    [
        ("alphaess", True),
        ("goodwe", False),
        ("growatt", True),
        ("growatt_sph", True),
        ("sonnen", True),
        ("sungrow", True),
    ],
)


async def led(stage: Stage) -> None:
    """Have it charged below a price and held for the car, and be told of ends."""
    charge = {"price": PRICE, "limit": 0.1, "percent": 90, "pause": 0}
    all_day = {"begin": "00:00:00", "deadline": "00:00:00"}
    hold = {"charging": CAR}
    # In the long steps of a test a battery may be seen before it has begun to follow
    kinds = ["ended", "external", "restore_failed"]
    events = {"events": [stage.id("event", "control_events")], "kinds": kinds}
    made: dict[str, tuple[str, Any]] = {
        "charge": ("charge_below_price", stage.force | charge | all_day | LEASE),
        "hold": ("hold_while_car_charges", stage.battery | hold | LEASE),
        "tell": ("tell_when_force_ends_or_fails", events),
    }
    await stage.price(0.3)
    await stage.price(0, CAR)
    await stage.automate_all(made)
    mode = {"battery_mode": stage.battery["battery_mode"]}
    await stage.make_scripts(normal=("evcc_normal", mode))


@EACH
async def test_it_charges_goes_on_and_ends(stage: Stage, holds: bool) -> None:
    await led(stage)
    await stage.price(0.05)
    assert stage.mode == "force_charge"
    begun = stage.sent
    await stage.minutes(20)
    assert stage.mode == "force_charge"
    assert stage.flow < -1000
    # The window is moved, or what the inverter counts down is said anew
    assert stage.sent - begun <= 2
    await stage.price(0.3)
    assert stage.mode == "self_use"
    assert stage.told == ["Forced charging was ended."]
    await stage.minutes(9)
    assert stage.flow > -100


@EACH
async def test_it_is_held_as_long_as_the_car_charges(stage: Stage, holds: bool) -> None:
    await led(stage)
    await stage.price(7000, CAR)
    await stage.minutes(10)
    assert stage.mode == ("hold" if holds else "self_use")
    assert (abs(stage.flow) < 100) is holds
    await stage.price(0, CAR)
    await stage.minutes(6)
    assert stage.mode == "self_use"
    assert stage.told == (["Holding was ended."] if holds else [])


@EACH
async def test_normal_ends_it(stage: Stage, holds: bool) -> None:
    await led(stage)
    await stage.select("force_charge")
    await stage.run("normal")
    assert stage.mode == "self_use"
    assert stage.told == ["Forced charging was ended."]
    assert stage.runs == 0
