"""Which way round powers are, in both of the wire's variants (section 3.3)."""

from datetime import UTC, datetime
from random import Random
from typing import Any, Literal

import pytest

from custom_components.goodwe_energy import driver
from custom_components.goodwe_energy.signs import battery_power, grid_power
from simulator.balance import Command
from simulator.goodwe.flow import flow_of
from simulator.house import CarState, Live

NOW = datetime(2026, 10, 12, 1, 4, tzinfo=UTC)
HOUSES = 1000


@pytest.fixture(autouse=True)
def goodwe() -> None:
    """Home Assistant is not needed here."""


@pytest.mark.parametrize(
    ("kilowatts", "flows", "watts"),
    [
        (-1.64, {"pSystem": ["pBat"]}, -1640),
        (1.64, {"pBat": ["pConsum"]}, 1640),
        (1.64, {"pSystem": ["pConsum", "pBat"]}, -1640),
        (1.64, {"pSystem": "pBat"}, -1640),
        (1.64, {"pSystem": ["pBat"], "pBat": ["pGrid"]}, 1640),
        (1.64, {"pSystem": ["pBat"], "pBat": []}, -1640),
        (1.64, None, 1640),
        (1.64, ["pBat"], 1640),
        (0, {"pSystem": ["pBat"]}, 0),
        ("--", {"pSystem": ["pBat"]}, None),
    ],
)
def test_the_battery_charges_if_the_value_or_the_flows_say_so(
    kilowatts: Any, flows: Any, watts: float | None
) -> None:
    """Of a positive value the flows decide, and only where they are sure."""
    assert battery_power({"pBat": kilowatts, "flows": flows}) == watts


@pytest.mark.parametrize(
    ("kilowatts", "flows", "watts"),
    [
        (-1.2, {"pGrid": ["pConsum"]}, 1200),
        (1.2, {"pSystem": ["pGrid"]}, -1200),
        (1.2, {"pGrid": ["pConsum", "pBat"]}, 1200),
        (1.2, {"pGrid": ["pConsum"], "pSystem": ["pGrid"]}, -1200),
        (1.2, None, -1200),
        (None, {"pGrid": ["pConsum"]}, None),
    ],
)
def test_the_grid_is_imported_if_the_value_or_the_flows_say_so(
    kilowatts: Any, flows: Any, watts: float | None
) -> None:
    """The wire's + is export, ours is import."""
    assert grid_power({"pGrid": kilowatts, "flows": flows}) == watts


def test_nothing_is_not_negative() -> None:
    """A house that exports nothing does not show -0."""
    assert str(grid_power({"pGrid": 0})) == "0.0"
    assert str(battery_power({"pBat": -0.0})) == "0.0"


def house(random: Random) -> Live:
    """Return a moment of some house; each of its powers may be nothing."""
    pv, load, battery = (
        random.choice((0.0, random.uniform(0, most))) for most in (12e3, 9e3, 6e3)
    )
    battery *= random.choice((1, -1))
    return Live(
        at=NOW,
        pv_w=pv,
        strings_w=(pv,),
        load_w=load,
        grid_w=load - pv - battery,
        battery_w=battery,
        ev_w=0.0,
        soc=random.uniform(0, 100),
        stored_wh=5000.0,
        grid=True,
        car=CarState(
            plugged=False, enabled=False, wanted_wh=0, charged_wh=0, power_w=0
        ),
        command=Command(),
    )


@pytest.mark.parametrize("signs", ["signed", "unsigned"])
def test_solar_grid_and_battery_make_the_load_in_a_thousand_houses(
    signs: Literal["signed", "unsigned"],
) -> None:
    """Whatever way the cloud tells it, each power has the sign that it has."""
    random = Random(8)
    for _ in range(HOUSES):
        live = house(random)
        found = driver.flow(flow_of(live, signs=signs), NOW, UTC).values
        power: dict[str, Any] = dict(found)
        made = power["pv_power"] + power["grid_power"] + power["battery_power"]
        # A load of less than the rounding comes negative, and counts as it is
        assert made == pytest.approx(power["load_power"], abs=2.1)
        assert power["grid_power"] == pytest.approx(live.grid_w, abs=1)
        assert power["battery_power"] == pytest.approx(live.battery_w, abs=1)
        for name, plus, minus in (
            ("grid", "import", "export"),
            ("battery", "discharge", "charge"),
        ):
            there, back = power[f"{name}_{plus}_power"], power[f"{name}_{minus}_power"]
            assert there - back == power[f"{name}_power"]
            assert min(there, back) == 0
