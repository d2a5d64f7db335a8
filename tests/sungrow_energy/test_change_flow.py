"""Reauth and reconfigure: another authorization, other keys, another region."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator

from .conftest import set_up
from .flows import HOME_ASSISTANTS, Dialog, application, login

pytestmark = pytest.mark.usefixtures("current_request_with_host")


async def test_new_authorization(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Only the tokens change; the keys need not be entered again."""
    await set_up(hass, entry)
    before = dict(entry.data)
    dialog = await Dialog.reauth(hass, entry)
    assert dialog.step == "reauth_confirm"
    assert dialog.suggested["redirect_uri"] == before["redirect_uri"]
    await dialog.submit(
        app_key=sim.app_key, redirect_uri=dialog.suggested["redirect_uri"]
    )
    assert (dialog.type, dialog.step) == (FlowResultType.MENU, "authorize")
    await dialog.submit(next_step_id="paste")
    await dialog.submit(address=sim.code())
    assert dialog.reason == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["token"]["access_token"] != before["token"]["access_token"]
    assert {**entry.data, "token": None} == before | {"token": None}


async def test_new_secret(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """A wrong one leads back to the form; the app key is checked first."""
    await set_up(hass, entry)
    sim.application.secret = "n" * 32
    dialog = await Dialog.reauth(hass, entry)
    redirect = entry.data["redirect_uri"]
    await dialog.submit(app_key="?", redirect_uri=redirect)
    assert dialog.errors == {"app_key": "invalid_app_key"}
    await dialog.submit(app_key=sim.app_key, redirect_uri=redirect)
    await dialog.submit(next_step_id="paste")
    await dialog.submit(address=sim.code())
    assert (dialog.step, dialog.errors) == (
        "reauth_confirm",
        {"secret": "wrong_secret"},
    )
    await dialog.submit(app_key=sim.app_key, secret="n" * 32, redirect_uri=redirect)
    await dialog.submit(next_step_id="change")
    await dialog.submit(app_key=sim.app_key, redirect_uri=redirect)
    await dialog.submit(next_step_id="paste")
    await dialog.submit(address=sim.code())
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reauth_successful"
    assert entry.data["secret"] == "n" * 32


async def test_plants_of_somebody_else(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """An authorization that shows none of the entry's plants is another account's."""
    await set_up(hass, entry)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "plants": ["99"]})
    dialog = await Dialog.reauth(hass, entry)
    await dialog.submit(app_key=sim.app_key, redirect_uri=entry.data["redirect_uri"])
    await dialog.submit(next_step_id="paste")
    await dialog.submit(address=sim.code())
    assert dialog.reason == "wrong_account"


async def test_reconfigure(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """The region changes, and with it the entry's id; the plants stay."""
    await set_up(hass, entry)
    plants = entry.data["plants"]
    dialog = await Dialog.reconfigure(hass, entry)
    assert dialog.step == "oauth"
    assert dialog.suggested["server_url"] == sim.url
    assert dialog.suggested["web_url"] == sim.web_url
    assert set(dialog.kept) == {"secret"}
    sim.cloud_id = 2
    await dialog.submit(**application(sim, region="intl") | dialog.kept)
    await dialog.submit(next_step_id="auth")
    assert "cloudId=2" in dialog.url
    await dialog.come_back(hass, code=sim.code())
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reconfigure_successful"
    assert (entry.unique_id, entry.data["plants"]) == ("intl_499", plants)
    assert entry.data["redirect_uri"] == HOME_ASSISTANTS


async def test_usual_servers_are_not_shown_as_own(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """So that the region decides when it is changed."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry,
        data={
            **entry.data,
            "base_url": "https://gateway.isolarcloud.eu",
            "web_url": "https://web3.isolarcloud.eu",
        },
    )
    dialog = await Dialog.reconfigure(hass, entry)
    assert not {"server_url", "web_url"} & set(dialog.suggested)


async def test_another_application(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Is an entry of its own; so is another region that has one already."""
    await set_up(hass, entry)
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**application(sim, application_id="500"))
    assert dialog.reason == "wrong_account"
    MockConfigEntry(domain=DOMAIN, unique_id="intl_499").add_to_hass(hass)
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**application(sim, region="intl"))
    assert dialog.reason == "already_configured"


@pytest.mark.parametrize("mode", ["login"])
async def test_new_password(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """The user stays; the secret need not be entered again."""
    await set_up(hass, entry)
    sim.users.owner.password = "other"
    dialog = await Dialog.reauth(hass, entry)
    assert dialog.step == "reauth_confirm"
    await dialog.submit(app_key=sim.app_key, password="wrong")
    assert dialog.errors == {"password": "wrong_password_left"}
    await dialog.submit(app_key=sim.app_key, password="other")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reauth_successful"
    assert entry.data["password"] == "other"


@pytest.mark.parametrize("mode", ["login"])
async def test_reconfigure_a_login(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Another user is another account; the same one may be in another region."""
    await set_up(hass, entry)
    other = sim.users.add("friend@example.com", "secret", [sim.plants[0].id])
    dialog = await Dialog.reconfigure(hass, entry)
    assert dialog.step == "login"
    fields = login(sim, user_name=other.user_name, password=other.password)
    await dialog.submit(**fields)
    assert dialog.reason == "wrong_account"
    taken = MockConfigEntry(domain=DOMAIN, unique_id=f"au_user_{sim.user_id}")
    taken.add_to_hass(hass)
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**login(sim, region="au"))
    assert dialog.reason == "already_configured"
    dialog = await Dialog.reconfigure(hass, entry)
    await dialog.submit(**login(sim, region="intl"))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reconfigure_successful"
    assert entry.unique_id == f"intl_user_{sim.user_id}"


@pytest.mark.parametrize("mode", ["login"])
async def test_user_name_is_gone(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """Then it can be entered, as it may be another one by now; the user stays."""
    await set_up(hass, entry)
    gone = {**entry.data, "user_name": "gone@example.com"}
    hass.config_entries.async_update_entry(entry, data=gone)
    dialog = await Dialog.reauth(hass, entry)
    await dialog.submit(app_key=sim.app_key, password=sim.password)
    assert (dialog.step, dialog.errors) == ("login", {"user_name": "no_account"})
    assert dialog.suggested["user_name"] == "gone@example.com"
    await dialog.submit(**login(sim) | dialog.kept)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reauth_successful"
    assert entry.data["user_name"] == sim.user_name


@pytest.mark.parametrize(
    ("mode", "damage", "step", "errors"),
    [
        ("oauth", {"application_id": ""}, "oauth", "invalid_application_id"),
        ("oauth", {"web_url": "nowhere"}, "oauth", "invalid_url"),
        ("oauth", {"public_key": "?"}, "oauth", "invalid_public_key"),
        ("login", {"user_name": None}, "login", "invalid_user_name"),
    ],
    ids=["application", "address", "key", "user"],
)
async def test_damaged_entry(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    mode: str,
    damage: dict[str, str | None],
    step: str,
    errors: str,
) -> None:
    """All is asked for that is needed to mend it; it stays the same account's."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**entry.data, **damage})
    dialog = await Dialog.reauth(hass, entry)
    assert (dialog.step, list(dialog.errors.values())) == (step, [errors])
    if mode == "oauth":
        if "application_id" in damage:
            other = await Dialog.reconfigure(hass, entry)
            await other.submit(**application(sim, application_id="500"))
            assert other.reason == "wrong_account"
        await dialog.submit(**application(sim))
        await dialog.submit(next_step_id="paste")
        await dialog.submit(address=sim.code())
    else:
        await dialog.submit(**login(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.reason == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED
