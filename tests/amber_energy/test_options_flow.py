"""Tuning a site."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.amber import AmberSimulator, Site

from .conftest import set_up
from .flows import options_dialog
from .passing import settle

DEFAULTS: dict[str, Any] = {
    "renewables_states": [],
    "spike_hours": 4,
    "billing_day": 1,
    "history_days": 90,
    "price_statistics": False,
}


async def test_what_is_offered_at_first(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """The defaults, and the state that belongs to the site's distributor."""
    await set_up(hass, entry)
    dialog = await options_dialog(hass, entry)
    assert (dialog.type, dialog.step) == (FlowResultType.FORM, "init")
    assert dialog.suggested == DEFAULTS | {"state": "nsw"}


async def test_options_are_stored_and_take_effect(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """Whole numbers, states in their order; the entry begins anew with them."""
    await set_up(hass, entry)
    before = entry.runtime_data
    dialog = await options_dialog(hass, entry)
    await dialog.submit(
        state="vic",
        renewables_states=["vic", "qld"],
        spike_hours=6.0,
        billing_day=28.0,
        history_days=0.0,
        price_statistics=True,
    )
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await settle(hass)
    assert entry.options == {
        "state": "vic",
        "renewables_states": ["qld", "vic"],
        "spike_hours": 6,
        "billing_day": 28,
        "history_days": 0,
        "price_statistics": True,
    }
    assert all(
        type(entry.options[key]) is int for key in ("spike_hours", "billing_day")
    )
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not before
    assert entry.runtime_data.state == "vic"
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested == dict(entry.options)


async def test_local_settings_survive(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """What the selects and numbers have set is no matter of this form."""
    await set_up(hass, entry)
    await entry.runtime_data.settings.set("publish_mode", "immediate")
    await entry.runtime_data.settings.set("confirmation_timeout", 90)
    dialog = await options_dialog(hass, entry)
    await dialog.submit(**DEFAULTS, state="nsw")
    await settle(hass)
    assert entry.options == DEFAULTS | {
        "state": "nsw",
        "publish_mode": "immediate",
        "confirmation_timeout": 90,
    }
    assert entry.runtime_data.settings.confirmation_timeout == 90


async def test_a_local_setting_does_not_reload(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """It takes effect at once."""
    await set_up(hass, entry)
    before = entry.runtime_data
    await before.settings.set("publish_mode", "immediate")
    await settle(hass)
    assert entry.runtime_data is before
    assert entry.options["publish_mode"] == "immediate"


async def test_state_can_be_left_to_the_network(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """Emptied, it is the one of the distributor again; none for an unknown one."""
    site.network = "Ergon Energy"
    await set_up(hass, entry)
    dialog = await options_dialog(hass, entry)
    await dialog.submit(**DEFAULTS, state="sa")
    await settle(hass)
    assert entry.runtime_data.state == "sa"
    dialog = await options_dialog(hass, entry)
    await dialog.submit(**DEFAULTS)
    await settle(hass)
    assert "state" not in entry.options
    assert entry.runtime_data.state == "qld"


async def test_unknown_network_suggests_nothing(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """A wrong state would be worse than none."""
    site.network = "TasNetworks"
    await set_up(hass, entry)
    assert entry.runtime_data.state is None
    dialog = await options_dialog(hass, entry)
    assert "state" not in dialog.suggested


async def test_without_the_site_the_form_works(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """Also while Amber does not answer."""
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    dialog = await options_dialog(hass, entry)
    assert "state" not in dialog.suggested
    await dialog.submit(**DEFAULTS, state="qld")
    assert entry.options["state"] == "qld"


@pytest.mark.parametrize(
    "wrong",
    [
        {"spike_hours": 0},
        {"billing_day": 29},
        {"billing_day": 0},
        {"history_days": 91},
        {"state": "tas"},
        {"renewables_states": ["tas"]},
    ],
)
async def test_senseless_options_are_refused(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    wrong: dict[str, Any],
) -> None:
    """Not every month has 31 days, and not every state is in the market."""
    await set_up(hass, entry)
    dialog = await options_dialog(hass, entry)
    with pytest.raises(InvalidData):
        await dialog.submit(**DEFAULTS | wrong)
    assert entry.options == {}


@pytest.mark.parametrize(("chosen", "shown"), [("vic", "vic"), ("tas", None)])
async def test_entry_that_was_never_set_up(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    chosen: str,
    shown: str | None,
) -> None:
    """What was chosen stands there, if it makes sense."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"state": chosen})
    dialog = await options_dialog(hass, entry)
    assert dialog.suggested.get("state") == shown
    assert sim.counters.count() == 0
