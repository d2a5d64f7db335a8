"""Adding an account with user name and password (reference section 2.5)."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy._vendor.core.client.errors import AuthError
from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator

from .conftest import entry_data
from .flows import login, opened


async def test_account_is_added(hass: HomeAssistant, sim: SungrowSimulator) -> None:
    """With one plant nothing else is asked."""
    dialog = await opened(hass, "login")
    await dialog.submit(**login(sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert entry.unique_id == f"eu_user_{sim.user_id}"
    page = "https://web3.isolarcloud.eu"  # nobody is sent there
    assert dict(entry.data) == entry_data(sim, "login", web_url=page)
    assert sim.login.attempts == 1


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_plants_are_chosen(hass: HomeAssistant, sim: SungrowSimulator) -> None:
    """All are suggested."""
    dialog = await opened(hass, "login")
    await dialog.submit(**login(sim))
    ids = [plant.id for plant in sim.plants]
    assert (dialog.step, dialog.suggested) == ("plants", {"plants": ids})


async def test_wrong_password(hass: HomeAssistant, sim: SungrowSimulator) -> None:
    """People learn how many tries are left; each is sent once."""
    dialog = await opened(hass, "login")
    await dialog.submit(**login(sim, password="wrong"))
    assert dialog.errors == {"password": "wrong_password_left"}
    left = int(dialog.result["description_placeholders"]["remaining"])
    await dialog.submit(**login(sim, password="worse"))
    assert int(dialog.result["description_placeholders"]["remaining"]) == left - 1
    assert sim.login.attempts == 2
    await dialog.submit(**login(sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY


async def test_locked_account(hass: HomeAssistant, sim: SungrowSimulator) -> None:
    """People are told to wait."""
    sim.login.lock_after = 1
    dialog = await opened(hass, "login")
    await dialog.submit(**login(sim, password="wrong"))
    await dialog.submit(**login(sim))
    assert dialog.errors == {"base": "account_locked"}


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"user_name": "nobody@example.com"}, {"user_name": "no_account"}),
        ({"user_name": " "}, {"user_name": "invalid_user_name"}),
        ({"password": ""}, {"password": "invalid_password"}),
        ({"app_key": "F" * 32}, {"app_key": "wrong_app_key"}),
        ({"secret": "x" * 32}, {"secret": "wrong_secret"}),
        ({"expert": {"public_key": "?"}}, {"base": "invalid_public_key"}),
    ],
    ids=lambda value: next(iter(value)),
)
async def test_what_was_entered_is_wrong(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    change: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """It is told at the field; the rest of the form stays."""
    dialog = await opened(hass, "login")
    await dialog.submit(**login(sim, **change))
    assert dialog.errors == errors
    assert set(dialog.kept) == {"secret", "password"} - set(errors)
    await dialog.submit(**login(sim) | dialog.kept)
    assert dialog.type is FlowResultType.CREATE_ENTRY


async def test_no_plants(hass: HomeAssistant, sim: SungrowSimulator) -> None:
    """There is nothing to add."""
    sim.users.owner.plants.clear()
    dialog = await opened(hass, "login")
    await dialog.submit(**login(sim))
    assert dialog.errors == {"base": "no_plants"}


async def test_answer_without_a_user(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Nothing could tell this account from others."""
    sim.users.owner.user_id = ""
    dialog = await opened(hass, "login")
    await dialog.submit(**login(sim))
    assert dialog.errors == {"base": "cannot_connect"}


async def test_same_account_is_not_added_twice(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Which is known once it let us in."""
    unique_id = f"eu_user_{sim.user_id}"
    MockConfigEntry(domain=DOMAIN, unique_id=unique_id).add_to_hass(hass)
    dialog = await opened(hass, "login")
    await dialog.submit(**login(sim))
    assert dialog.reason == "already_configured"


async def test_error_of_a_field_that_is_not_asked_for(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Is told all the same."""
    dialog = await opened(hass, "login")
    odd = AuthError("no", reason="redirect_mismatch")
    flow = "custom_components.sungrow_energy.config_flow"
    with patch(f"{flow}.async_logged_in", side_effect=odd):
        await dialog.submit(**login(sim))
    assert dialog.errors == {"base": "redirect_mismatch"}
