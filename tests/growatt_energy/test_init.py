"""Setting up, unloading, removing."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.growatt import GrowattSimulator

from .conftest import LOGGER, MIN, PLANT, set_up


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_set_up_reads_everything(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The plant, its devices and their newest records are there after set-up."""
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED, entry.reason
    runtime = entry.runtime_data
    assert list(runtime.plants) == [PLANT]
    assert runtime.plants[PLANT].name == "Home"
    device = runtime.devices[MIN]
    assert device.reading is not None
    assert device.fresh
    assert device.has_battery
    assert runtime.plants[PLANT].summary.known
    assert device.settings.known
    assert LOGGER in runtime.loggers
