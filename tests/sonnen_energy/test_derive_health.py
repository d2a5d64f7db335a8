"""What lamps and bits mean (sonnen.md 3.2, 3.9.6 and 9.5)."""

from typing import Any

import pytest

from custom_components.sonnen_energy import health
from custom_components.sonnen_energy.api.models import Latest

from .api import samples


@pytest.fixture(autouse=True)
def sonnen() -> None:
    """Home Assistant is not needed here."""


def latest(**groups: dict[str, Any]) -> Latest:
    """Return the example's health with groups replaced; ``_`` is a blank."""
    health = samples.LATEST["ic_status"] | {
        key.replace("_", " "): value for key, value in groups.items()
    }
    return Latest.from_wire({"ic_status": health})


@pytest.mark.parametrize(
    ("led", "expected"),
    [
        ({"Pulsing White": True}, "pulsing_white"),
        ({"Pulsing White": True, "Pulsing Orange": True}, "pulsing_orange"),
        ({"Pulsing Green": True, "Pulsing Orange": True}, "pulsing_orange"),
        ({"Pulsing Red": True, "Blinking Red": True}, "blinking_red"),
        ({"Blinking Red": True, "solid red": True}, "solid_red"),
        ({"Solid Blue": True}, "solid_blue"),
        ({"Blinking sonnenGradient": True}, "blinking_sonnengradient"),
        ({"Brightness": 100, "Pulsing White": False}, "off"),
        (
            {"Brightness": 1, "Eclipse Status": "0x01 - X", "Solid blue": True},
            "solid_blue",
        ),
        ({"Pulsing White": 1, "Pulsing Green": "true"}, None),
        ({}, None),
    ],
)
def test_the_lamp(led: dict[str, Any], expected: str | None) -> None:
    """Only real booleans are states; the worst one counts (3.2)."""
    assert health.led_state(latest(Eclipse_Led=led)) == expected


@pytest.mark.parametrize(
    ("system", "control", "enabled", "expected"),
    [
        ("ongrid", "ongrid", False, False),
        ("offgrid", "ongrid", False, True),
        ("ongrid", "offgrid", False, True),
        ("ongrid", "ongrid", True, True),
        ("init", None, None, False),
        (None, None, None, None),
    ],
)
def test_any_of_three_says_off_grid(
    system: str | None, control: str | None, enabled: bool | None, expected: bool | None
) -> None:
    wire = {
        "ic_status": {
            "statecorecontrolmodule": control,
            "Microgrid Status": {"Microgrid Enabled": enabled},
        }
    }
    assert health.off_grid(system, Latest.from_wire(wire)) is expected


def test_a_protected_house_is_not_off_grid() -> None:
    """The bit has been seen on a normal system (3.2)."""
    found = latest(Microgrid_Status={"Protect is activated": True})
    assert health.off_grid("ongrid", found) is False


@pytest.mark.parametrize(
    ("system", "led", "states", "expected"),
    [
        ("ongrid", "Pulsing White", {}, False),
        ("critical_error", "Pulsing White", {}, True),
        ("ongrid", "Solid Red", {}, True),
        ("ongrid", "Blinking Red", {}, True),
        ("ongrid", "Pulsing Red", {}, False),
        ("ongrid", "Pulsing White", {"statebms": "Error"}, True),
        ("ongrid", "Pulsing White", {"stateinverter": "error"}, True),
    ],
)
def test_what_calls_for_the_installer(
    system: str, led: str, states: dict[str, str], expected: bool
) -> None:
    wire = samples.LATEST["ic_status"] | {"Eclipse Led": {led: True}} | states
    found = Latest.from_wire({"ic_status": wire})
    assert health.system_error(system, found) is expected


@pytest.mark.parametrize(
    ("led", "off_grid", "internet", "overload"),
    [
        ("pulsing_white", False, True, False),
        ("pulsing_orange", False, False, False),
        ("pulsing_orange", True, None, True),
        ("pulsing_green", True, None, False),
        ("off", False, None, False),
        ("pulsing_orange", None, None, False),
    ],
)
def test_orange_means_one_thing_on_grid_and_another_off_grid(
    led: str, off_grid: bool | None, internet: bool | None, overload: bool
) -> None:
    found = latest(Eclipse_Led={} if led == "off" else {led: True})
    assert health.internet(led, off_grid) is internet
    assert health.overload(found, off_grid) is overload


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Continious Power Violation", True),
        ("Peak Power Violation", True),
        ("Over Discharge Current", True),
        ("Max User SOC", False),
    ],
)
def test_overload_bits(name: str, expected: bool) -> None:
    assert health.overload(latest(Microgrid_Status={name: True}), False) is expected
