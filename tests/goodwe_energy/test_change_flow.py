"""Reauth and reconfigure: another password, region or server of the same account."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.const import DOMAIN
from simulator.goodwe import GoodWeSimulator

from .conftest import asked, entry_data, set_up
from .flows import Dialog, login


@pytest.mark.parametrize("begin", [Dialog.reauth, Dialog.reconfigure])
async def test_new_password(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, begin: Any
) -> None:
    """All but the password is filled in; plants and options stay."""
    await set_up(hass, entry)
    before = dict(entry.options)
    sim.session.password = "another"
    sim.session.expire()
    dialog = await begin(hass, entry)
    assert dialog.suggested == {
        "account": sim.account,
        "region": "auto",
        "server_url": sim.url,
    }
    assert dialog.result["description_placeholders"]["account"] == entry.title
    await dialog.submit(**login(sim, password="wrong"))
    assert dialog.errors == {"password": "wrong_password"}
    await dialog.submit(**login(sim, region="eu"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason in {"reauth_successful", "reconfigure_successful"}
    assert entry.data == entry_data(sim, password="another", region="eu")
    assert entry.options == before
    assert entry.state is ConfigEntryState.LOADED
    assert next(iter(entry.runtime_data.plants.values())).fresh
    # The first one, the wrong one, and the one of the dialog, which the entry takes
    assert sim.logins.tried == 3
    assert asked(hass, entry) == 0


async def test_other_account(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> None:
    """Its plants would take the place of these."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, unique_id="somebody else")
    before = dict(entry.data)
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**login(sim))
    assert dialog.reason == "wrong_account"
    assert entry.data == before


@pytest.mark.parametrize("loaded", [True, False])
async def test_account_that_was_renamed(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    loaded: bool,
) -> None:
    """It is the same: what is remembered of its devices goes along, the session not."""
    await set_up(hass, entry)
    former = entry.runtime_data.account
    former.note("remembered", 1)
    counters = dict(former.counters)
    await former.async_save()
    [file] = [name for name in hass_storage if name.startswith(DOMAIN)]
    assert hass_storage[file]["data"]["notes"].keys() >= {"remembered", "login/session"}
    if not loaded:
        await hass.config_entries.async_unload(entry.entry_id)
    sim.session.account = "renamed@example.com"
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**login(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reconfigure_successful"
    assert entry.state is ConfigEntryState.LOADED
    account = entry.runtime_data.account
    assert account is not former
    assert account.notes["remembered"] == 1
    assert counters
    assert set(counters) <= set(account.counters)
    assert sim.logins.tried == 2
    assert hass_storage[file]["data"]["notes"] == {}


async def test_entry_that_was_damaged_can_be_mended(
    hass: HomeAssistant, sim: GoodWeSimulator
) -> None:
    """Whatever it lacks; it then serves all plants."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=sim.uid,
        data={"region": "moon", "server": 5},
        options={"live": False},
    )
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert asked(hass, entry) == 1
    dialog = await Dialog.reconfigure(hass, entry)
    assert dialog.suggested == {"region": "auto", "server_url": "5"}
    await dialog.submit(**login(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reconfigure_successful"
    assert list(entry.runtime_data.plants) == [sim.stations[0].id]
