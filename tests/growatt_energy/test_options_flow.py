"""What may be tuned."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.growatt import GrowattSimulator

from .conftest import MIN, SPH, Step, set_up
from .flows import options_dialog


async def test_defaults_with_a_token(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """One plant needs no choice, and a token is read at its own pace."""
    await set_up(hass, entry)
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested == {"allow_control": True, "history_days": 0}
    await dialog.submit(allow_control=False, history_days=0.0)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {"allow_control": False, "history_days": 0}
    assert entry.state.name == "LOADED"


@pytest.mark.parametrize("mode", ["login"])
async def test_login_is_used_less_often(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The live values are read each quarter of an hour then."""
    await set_up(hass, entry)
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested["poll_minutes"] == "5"
    await dialog.submit(allow_control=True, poll_minutes="15", history_days=0)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options["poll_minutes"] == 15
    interval = entry.runtime_data.devices[MIN].live.document.interval
    assert timedelta(minutes=15) < interval < timedelta(minutes=16)
    await step(1000)
    assert entry.runtime_data.devices[MIN].live.last_update_success


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_plants(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A plant that is not chosen any more is gone, with its devices."""
    await set_up(hass, entry)
    await step(310)
    assert set(entry.runtime_data.devices) >= {MIN, SPH}
    first, second = (str(plant.id) for plant in sim.plants)
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested["plants"] == [first, second]
    await dialog.submit(allow_control=True, history_days=0, plants=[])
    assert dialog.errors == {"plants": "no_plants_chosen"}
    await dialog.submit(allow_control=True, history_days=0, plants=[second])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert list(entry.runtime_data.plants) == [second]
    assert SPH in entry.runtime_data.devices
    assert MIN not in entry.runtime_data.devices
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested["plants"] == [second]


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_plants_that_were_chosen_at_first(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """They stand in the form until others are chosen; those that are gone do not."""
    first = str(sim.plants[0].id)
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "plants": [first, "999"]}
    )
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested["plants"] == [first]


async def test_other_options_stay(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """What is kept beside them is not the flow's."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"force_minutes": 90})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    dialog = await options_dialog(hass, entry)
    await dialog.submit(allow_control=True, history_days=7)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert entry.options == {
        "force_minutes": 90,
        "allow_control": True,
        "history_days": 7,
    }


async def test_entry_that_is_not_loaded(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Its plants are not known, all else can be set."""
    entry.add_to_hass(hass)
    dialog = await options_dialog(hass, entry)
    assert set(dialog.suggested) == {"allow_control", "history_days"}
    await dialog.submit(allow_control=True, history_days=0)
    assert dialog.type is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("homes", [("SPA",)])
@pytest.mark.parametrize("mode", ["token"])
async def test_periods_of_an_spa_with_a_token(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """Nobody has proved that they can be written: off by default."""
    await set_up(hass, entry)
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested == {
        "allow_control": True,
        "experimental_periods": False,
        "history_days": 0,
    }
    await dialog.submit(allow_control=True, experimental_periods=True, history_days=0)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options["experimental_periods"] is True
    # It can be taken back also while the account cannot be reached.
    await hass.config_entries.async_unload(entry.entry_id)
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested["experimental_periods"] is True


@pytest.mark.parametrize("homes", [("SPA",)])
@pytest.mark.parametrize("mode", ["login"])
async def test_periods_of_an_spa_with_a_login(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The app writes them, so there is nothing to choose."""
    await set_up(hass, entry)
    dialog = await options_dialog(hass, entry)
    assert "experimental_periods" not in dialog.suggested
