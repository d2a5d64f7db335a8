"""Setting up, unloading, removing."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.sonnen import SonnenSimulator

from .conftest import SERIAL, set_up
from .states import shown


async def test_set_up_and_unload(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry
) -> None:
    """The battery is read and shown."""
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.serial == SERIAL
    assert float(shown(hass, "battery_soc")) == round(sim.batteries[0].usoc)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
