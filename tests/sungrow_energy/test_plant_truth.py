"""What is shown of a plant is what happens there, for each kind of home."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.readings import Value
from simulator.sungrow import SungrowSimulator

from .conftest import Step, set_up

ALL = (
    "hybrid",
    "two_batteries",
    "string",
    "micro",
    "storage",
    "hybrid_without_battery",
)
STORING = {"hybrid", "two_batteries", "storage"}
# Forms that the reference knows of, none of which is the usual one (3.0, 3.5)
ODD = {
    "null_spelling": "mixed",
    "rows": "flat",
    "ids": "text",
    "counter_name": "rowCount",
    "zone_form": "GMT+02:00",
    "percents": "percent",
    "charger_unit": "W",
    "show_units": True,
    "unknown_points": True,
}


def by_home(
    sim: SungrowSimulator, entry: MockConfigEntry
) -> dict[str, Mapping[str, Value]]:
    """Return the values of each plant by the kind of its home."""
    plants = entry.runtime_data.plants
    return {
        kind: plants[plant.id].values
        for kind, plant in zip(ALL, sim.plants, strict=True)
    }


def watts(values: Mapping[str, Value], key: str) -> float:
    """Return a power, which is not said to be anything else."""
    found = values.get(key, 0.0)
    assert isinstance(found, float)
    return found


@pytest.mark.parametrize("homes", [ALL])
@pytest.mark.parametrize(("mode", "forms"), [("oauth", {}), ("login", ODD)])
async def test_powers_explain_each_other(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    forms: dict[str, Any],
) -> None:
    """What comes in goes out, whichever points have said it in whatever form."""
    for name, value in forms.items():
        setattr(sim.cloud, name, value)
    await set_up(hass, entry)
    for kind, values in by_home(sim, entry).items():
        assert 500 < watts(values, "pv_power") < 100000, kind
        assert ("battery_power" in values) is (kind in STORING), kind
        assert ("grid_import_total" in values) is (kind != "micro"), kind
        if kind != "micro":
            inflow = sum(
                watts(values, key)
                for key in ("pv_power", "grid_power", "battery_power")
            )
            assert inflow == pytest.approx(watts(values, "load_power"), abs=5), kind
        if kind in STORING:
            assert 5 <= watts(values, "battery_soc") <= 100, kind
    devices = {one.type: one for one in entry.runtime_data.devices.values()}
    assert watts(devices[51].values, "max_charging_power") in range(3000, 22001)


@pytest.mark.parametrize("homes", [ALL])
async def test_a_cloud_whose_signs_are_turned(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """After three polls the balance has told that + discharges and exports here."""
    sim.cloud.storage_sign = "discharge"
    sim.cloud.grid_sign = "export"
    ems = next(device for device in sim.devices.values() if device.type == 26)
    # So that there is something to feed in
    ems.write_as_app(p10086=5, p10082=187, p10083=2000)
    await set_up(hass, entry)
    await step(330)
    assert watts(by_home(sim, entry)["storage"], "battery_power") == -2000
    for _ in range(3):
        await step(330)
    values = by_home(sim, entry)["storage"]
    assert watts(values, "battery_power") == 2000
    assert watts(values, "grid_power") == pytest.approx(
        watts(values, "load_power") - watts(values, "pv_power") - 2000, rel=0.01
    )
