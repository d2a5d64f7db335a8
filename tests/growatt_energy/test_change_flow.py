"""Reauth and reconfigure: other credentials, another host, token instead of login."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.api.token_client import TokenClient
from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator

from .conftest import MIN, PLANT, Step, entry_data, set_up
from .flows import by_login, by_token, reauth_dialog, reconfigure_dialog

OTHER_TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("mode", ["token"])
async def test_new_token(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Only the token changes; the plants that were chosen stay."""
    await set_up(hass, entry)
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "plants": [PLANT]}
    )
    sim.account.token = OTHER_TOKEN
    dialog = await reauth_dialog(hass, entry)
    assert dialog.step == "reauth_confirm"
    await dialog.submit(token="f" * 32)
    assert dialog.errors == {"token": "permission"}
    await step(301)
    await dialog.submit(token=OTHER_TOKEN)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reauth_successful"
    agent = entry.data["user_agent"]
    assert entry.data == entry_data(
        sim, "token", token=OTHER_TOKEN, plants=[PLANT], user_agent=agent
    )
    assert entry.runtime_data.devices[MIN].fresh


@pytest.mark.parametrize("mode", ["login"])
async def test_new_password(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The user name stays; a wrong one is told at the field."""
    await set_up(hass, entry)
    sim.account.password = "other"
    dialog = await reauth_dialog(hass, entry)
    await dialog.submit(password="wrong")
    assert dialog.errors == {"password": "invalid_auth"}
    await dialog.submit(password="other")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reauth_successful"
    assert entry.data["password_hash"] == modified_md5("other")
    assert entry.data["user_name"] == sim.user_name
    assert entry.runtime_data.devices[MIN].fresh


@pytest.mark.parametrize(("mode", "other"), [("token", "login"), ("login", "token")])
async def test_from_one_way_to_the_other(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    mode: str,
    other: str,
) -> None:
    """Devices and entities stay, with what is remembered of their counters."""
    await set_up(hass, entry)
    before = {
        item.unique_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }
    counters = dict(entry.runtime_data.account.counters)
    assert counters
    entry.runtime_data.account.note(f"{MIN}/remembered", 1)
    dialog = await reconfigure_dialog(hass, entry)
    assert dialog.type is FlowResultType.MENU
    await dialog.submit(next_step_id=other)
    assert dialog.suggested.get("server_url") == sim.url
    await dialog.submit(**(by_login(sim) if other == "login" else by_token(sim)))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reconfigure_successful"
    agent = entry.data["user_agent"]
    assert entry.data == entry_data(sim, other, user_agent=agent)
    assert entry.unique_id == f"127.0.0.1_{sim.user_id}"
    runtime = entry.runtime_data
    assert runtime.source.mode == other
    assert runtime.devices[MIN].fresh
    assert set(counters) <= set(runtime.account.counters)
    assert runtime.account.notes[f"{MIN}/remembered"] == 1
    after = {
        item.unique_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    }
    assert before <= after


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_other_account(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, mode: str
) -> None:
    """Another account's devices would take the place of these."""
    await set_up(hass, entry)
    sim.account.user_id = 999_999
    await hass.config_entries.async_unload(entry.entry_id)
    before = dict(entry.data)
    dialog = await reconfigure_dialog(hass, entry)
    await dialog.submit(next_step_id="login")
    await dialog.submit(**by_login(sim))
    assert dialog.reason == "wrong_account"
    assert entry.data == before


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_token_of_an_installer(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Its plants are of several users and come in any order: it is one account."""
    await set_up(hass, entry)
    account = entry.unique_id
    await step(301)
    read = TokenClient.plants

    async def of_several(self: TokenClient, page: int = 1) -> dict[str, Any]:
        found = await read(self, page)
        first, second = found["plants"]
        return {**found, "plants": [{**second, "user_id": 999_999}, first]}

    dialog = await reconfigure_dialog(hass, entry)
    await dialog.submit(next_step_id="token")
    with patch.object(TokenClient, "plants", of_several):
        await dialog.submit(**by_token(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reconfigure_successful"
    assert entry.data["user_id"] == str(sim.user_id)
    assert entry.unique_id == account


async def test_same_again_asks_hardly_anything(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A change right after set-up keeps to the limit of the list."""
    await set_up(hass, entry)
    dialog = await reconfigure_dialog(hass, entry)
    await dialog.submit(next_step_id="token")
    await dialog.submit(**by_token(sim))
    assert dialog.errors == {"base": "rate_limit"}
    seconds = int((dialog.result["description_placeholders"] or {})["seconds"])
    assert 0 < seconds <= 300
    await step(seconds)
    await dialog.submit(**by_token(sim))
    assert dialog.reason == "reconfigure_successful"
    assert sim.limits.broken == 0


async def test_account_of_another_entry(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """An entry does not become a second one of an account."""
    entry.add_to_hass(hass)
    other = MockConfigEntry(
        domain=DOMAIN, unique_id="elsewhere", data=entry_data(sim, "login")
    )
    other.add_to_hass(hass)
    dialog = await reconfigure_dialog(hass, other)
    await dialog.submit(next_step_id="token")
    await dialog.submit(**by_token(sim))
    assert dialog.reason == "already_configured"
    await hass.config_entries.async_remove(other.entry_id)
    await hass.config_entries.async_remove(entry.entry_id)


async def test_entry_that_was_damaged_can_be_mended(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """What it was reached with before does not matter then."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry, data={"mode": "login", "user_id": str(sim.user_id)}
    )
    dialog = await reconfigure_dialog(hass, entry)
    await dialog.submit(next_step_id="token")
    await dialog.submit(**by_token(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reconfigure_successful"
    assert entry.runtime_data.devices[MIN].fresh


async def test_region_is_shown_by_its_name(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry
) -> None:
    """The vendor's own hosts are chosen by region, not by address."""
    entry.add_to_hass(hass)
    url = "https://openapi-au.growatt.com"
    hass.config_entries.async_update_entry(entry, data={**entry.data, "base_url": url})
    dialog = await reconfigure_dialog(hass, entry)
    await dialog.submit(next_step_id="token")
    assert dialog.suggested["region"] == "au"
    assert "server_url" not in dialog.suggested
