"""What is known of a plant, and for how long."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.sources.token_devices import TokenDevices
from simulator.growatt import GrowattSimulator

from .conftest import PLANT, Step, set_up

SUMMARY = {"token": "plant/data", "login": "newTwoPlantAPI.do/getAllDeviceList*"}


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_what_a_plant_does_now_is_not_shown_for_hours(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    mode: str,
) -> None:
    """Its sums stand while nothing answers, its power does not."""
    await set_up(hass, entry)
    plant = entry.runtime_data.plants[PLANT]
    assert plant.fresh
    sim.faults.add("reset", SUMMARY[mode])
    for _ in range(5):
        await step(480)
    assert plant.fresh
    for _ in range(2):
        await step(480)
    assert not plant.fresh
    assert plant.summary.known
    assert dt_util.utcnow() - plant.observed_at > timedelta(minutes=45)


@pytest.mark.parametrize("mode", ["login"])
async def test_a_plant_that_is_read_seldom_is_shown_for_longer(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    runtime = entry.runtime_data
    plant = runtime.plants[PLANT]
    runtime.documents.set_interval(plant.summary, timedelta(hours=1))
    sim.faults.add("reset", SUMMARY["login"])
    for _ in range(8):
        await step(590)
    assert plant.fresh
    await step(600)
    assert not plant.fresh


async def test_a_plant_that_was_never_read(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    sim.faults.add("reset", "plant/data")
    await set_up(hass, entry)
    plant = entry.runtime_data.plants[PLANT]
    assert (plant.observed_at, plant.fresh) == (None, False)


async def test_a_list_that_lacks_something_is_read_again_soon(
    hass: HomeAssistant, entry: MockConfigEntry, step: Step
) -> None:
    """Whose plant is not known yet need not stay away for six hours."""
    lacking = [True, False]
    lists = TokenDevices.read
    asked = []

    async def read(self: TokenDevices, plant_id: str) -> dict[str, Any]:
        asked.append(plant_id)
        pending = bool(lacking) and lacking.pop(0)
        return {**await lists(self, plant_id), "pending": pending}

    with patch.object(TokenDevices, "read", read):
        await set_up(hass, entry)
        assert len(asked) == 1
        await step(300)
        assert len(asked) == 1
        await step(90)
        assert len(asked) == 2
        for _ in range(4):
            await step(590)
        assert len(asked) == 2
