"""What may be tuned of an account."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator
from simulator.sungrow.oauth import OAuth

from .conftest import set_up
from .flows import Dialog


async def test_defaults(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Control is off until somebody wants it; one plant is no choice."""
    await set_up(hass, entry)
    dialog = await Dialog.options(hass, entry)
    assert dialog.suggested == {
        "allow_control": False,
        "poll_seconds": 300,
        "history_days": 0,
    }
    await dialog.submit(allow_control=True, poll_seconds=60.0, history_days=3.0)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options == {
        "allow_control": True,
        "poll_seconds": 60,
        "history_days": 3,
    }
    assert isinstance(entry.options["poll_seconds"], int)
    assert isinstance(entry.options["history_days"], int)


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_plants(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """At least one is served; what the dialog does not ask for stays."""
    first, second = (plant.id for plant in sim.plants)
    await set_up(hass, entry)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "plants": [first]}, options={"other": 1}
    )
    dialog = await Dialog.options(hass, entry)
    assert dialog.suggested["plants"] == [first]
    fields = dialog.suggested
    await dialog.submit(**fields | {"plants": []})
    assert dialog.errors == {"plants": "no_plants_chosen"}
    await dialog.submit(**fields | {"plants": [second]})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options["plants"] == [second]
    assert entry.options["other"] == 1
    assert list(entry.runtime_data.plants) == [second]


async def test_entry_that_is_not_set_up(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Its plants are not known; the rest can be tuned."""
    entry.add_to_hass(hass)
    dialog = await Dialog.options(hass, entry)
    assert "plants" not in dialog.suggested


@pytest.mark.parametrize("homes", [("hybrid", "string", "micro")])
async def test_plants_that_the_account_does_not_show(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Are served until somebody says otherwise: one short list decides nothing."""
    first, second, gone = (plant.id for plant in sim.plants)
    await set_up(hass, entry)
    name = entry.runtime_data.plants[gone].name
    data = {**entry.data, "plants": [first, gone, "99"]}
    hass.config_entries.async_update_entry(entry, data=data)
    plants_of = OAuth.plants_of

    def short(self: OAuth, token: str) -> set[str]:
        return (plants_of(self, token) or set()) - {gone}

    with patch.object(OAuth, "plants_of", short):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        dialog = await Dialog.options(hass, entry)
        assert dialog.suggested["plants"] == [first, gone, "99"]
        labels = {
            option["value"]: option["label"]
            for key, field in dialog.result["data_schema"].schema.items()
            if key == "plants"
            for option in field.config["options"]
        }
        assert labels.keys() == {first, second, gone, "99"}
        assert (labels[gone], labels["99"]) == (name, "99")
        await dialog.submit(**dialog.suggested | {"poll_seconds": 600})
        await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options["plants"] == [first, gone, "99"]
    assert dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"plant_{gone}"), entry.entry_id
    )
