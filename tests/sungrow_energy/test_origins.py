"""Where the past of a plant's counters comes from (reference sections 7 and 9.1)."""

from types import SimpleNamespace
from typing import Any

import pytest

from custom_components.sungrow_energy.origins import Origin, origins

KEY = "pv_energy_total"


@pytest.fixture(autouse=True)
def sungrow() -> None:
    """Home Assistant is not needed here."""


def test_other_points_of_the_plant_are_taken_as_the_sensor_does() -> None:
    """What its own point does not say, another one may."""
    source = {"from": "inverter_yield_total"}
    plant: Any = SimpleNamespace(id="5", memory={KEY: source}, devices=[])
    (found,) = origins(plant, KEY)
    assert (found.device_type, found.point) == (None, "83004")


@pytest.mark.parametrize("source", [None, "pv_energy_total@99", "moon@14", "@", 7])
def test_a_source_that_nobody_knows_is_the_plants_own_point(source: Any) -> None:
    """A note may be of another version, or damaged."""
    plant: Any = SimpleNamespace(id="5", memory={KEY: {"from": source}}, devices=[])
    assert list(origins(plant, KEY)) == [
        Origin(device_type=None, owner="5", point="83024")
    ]
