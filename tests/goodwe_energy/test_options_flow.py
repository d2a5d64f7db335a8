"""What may be tuned of an account."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.const import MISSING_LISTS
from simulator.goodwe import GoodWeSimulator

from .conftest import entry_data, set_up
from .flows import Dialog


async def test_defaults(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> None:
    """Control is off until somebody wants it; one plant is no choice."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={})
    dialog = await Dialog.options(hass, entry)
    assert dialog.suggested == {
        "allow_control": False,
        "live": True,
        "poll_seconds": 60,
        "history_days": 0,
    }
    await dialog.submit(
        allow_control=True, live=False, poll_seconds=30.0, history_days=3.0
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {
        "allow_control": True,
        "live": False,
        "poll_seconds": 30,
        "history_days": 3,
    }
    assert isinstance(entry.options["poll_seconds"], int)
    assert isinstance(entry.options["history_days"], int)


@pytest.mark.parametrize("homes", [("hybrid", "viewer")])
async def test_plants(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> None:
    """At least one is served; what the dialog does not ask for stays."""
    first, second = sim.stations
    await set_up(hass, entry)
    options = {"other": 1, "live": False}
    hass.config_entries.async_update_entry(entry, options=options)
    dialog = await Dialog.options(hass, entry)
    fields = dialog.suggested
    assert (fields["granted"], fields["refused"]) == (first.name, second.name)
    assert fields["plants"] == [first.id, second.id]
    await dialog.submit(**fields | {"plants": [], "poll_seconds": 90.0})
    assert dialog.errors == {"plants": "no_plants_chosen"}
    assert dialog.suggested["poll_seconds"] == 90.0
    await dialog.submit(**fields | {"plants": [second.id]})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options["plants"] == [second.id]
    assert entry.options["other"] == 1
    assert not {"granted", "refused"} & set(entry.options)
    assert list(entry.runtime_data.plants) == [second.id]
    dialog = await Dialog.options(hass, entry)
    assert dialog.suggested["plants"] == [second.id]


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_plants_that_the_account_does_not_show(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> None:
    """Are served until somebody says otherwise: one short list decides nothing."""
    await set_up(hass, entry)
    ids = [station.id for station in sim.stations]
    gone = sim.stations.pop()
    data = entry_data(sim, plants=[*ids, "99"])
    hass.config_entries.async_update_entry(entry, data=data)
    coordinator = entry.runtime_data.listing
    for _ in range(MISSING_LISTS):
        await coordinator.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
    assert list(coordinator.data.plants) == ids[:1]
    dialog = await Dialog.options(hass, entry)
    assert set(dialog.suggested["plants"]) == {*ids, "99"}
    [labels] = [
        {option["value"]: option["label"] for option in field.config["options"]}
        for key, field in dialog.result["data_schema"].schema.items()
        if key == "plants"
    ]
    assert (labels[gone.id], labels["99"]) == (gone.name, "99")


async def test_entry_that_serves_all(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> None:
    """There is no list of plants in it, and still nothing to choose from one."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data=entry_data(sim, plants=None))
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    dialog = await Dialog.options(hass, entry)
    assert "plants" not in dialog.suggested
