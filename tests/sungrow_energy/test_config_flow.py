"""Adding an account with OAuth2: what is entered, and how the code comes back."""

from contextvars import ContextVar
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.network import NoURLAvailableError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.config_flow import SungrowFlow
from custom_components.sungrow_energy.connection import application_of
from custom_components.sungrow_energy.const import DOMAIN
from custom_components.sungrow_energy.discovery import async_authorized, async_logged_in
from simulator.sungrow import SungrowSimulator

from .conftest import entry_data
from .flows import (
    HOME_ASSISTANTS,
    OURS,
    application,
    at_menu,
    at_paste,
    opened,
    state_of,
)

pytestmark = pytest.mark.usefixtures("current_request_with_host")


async def test_account_is_added(hass: HomeAssistant, sim: SungrowSimulator) -> None:
    """The address of the portal does as its number; nothing is exchanged twice."""
    dialog = await at_menu(
        hass, sim, application_id=f"https://x.example/#/editApplication?id={499}"
    )
    assert dialog.placeholders == {"redirect_url": HOME_ASSISTANTS}
    await dialog.submit(next_step_id="auth")
    await dialog.come_back(hass, code=sim.code(), state={})
    assert dialog.step == "plants"
    [plant] = sim.plants
    assert dialog.suggested == {"plants": [plant.id]}
    await dialog.submit(plants=[plant.id])
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.title, entry.unique_id) == (plant.name, "eu_499")
    token = entry.data["token"]
    assert token["auth_ps_list"] == [plant.id]
    assert entry.data == entry_data(sim, "oauth", token=token)
    assert sim.oauth.tokens.exchanges == 1
    assert sim.counters.count("platform/queryPowerStationList") <= 2


async def test_first_steps_show_the_redirect_url(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Home Assistant's own comes first; ours can be chosen, or any other typed."""
    dialog = await opened(hass, "oauth")
    assert dialog.suggested["redirect_uri"] == HOME_ASSISTANTS
    assert dialog.placeholders["redirect_url"] == HOME_ASSISTANTS
    assert dialog.placeholders["own_redirect_url"] == OURS
    [choices] = [
        field.config["options"]
        for key, field in dialog.result["data_schema"].schema.items()
        if key == "redirect_uri"
    ]
    assert choices == [HOME_ASSISTANTS, OURS]
    hass.config.components.add("my")
    dialog = await opened(hass, "oauth")
    mine = "https://my.home-assistant.io/redirect/oauth"
    assert dialog.suggested["redirect_uri"] == mine
    sim.redirect_uri = other = "https://other.example/oauth/"
    await dialog.submit(**application(sim, redirect_uri=other))
    assert dialog.placeholders == {"redirect_url": other}


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"application_id": "abc"}, {"application_id": "invalid_application_id"}),
        ({"app_key": "0A1B"}, {"app_key": "invalid_app_key"}),
        ({"app_key": "Z" * 32}, {"app_key": "invalid_app_key"}),
        ({"secret": "short"}, {"secret": "invalid_secret"}),
        ({"secret": ""}, {"secret": "invalid_secret"}),
        ({"redirect_uri": "nowhere"}, {"redirect_uri": "invalid_redirect"}),
        ({"redirect_uri": "https://[::1"}, {"redirect_uri": "invalid_redirect"}),
        ({"redirect_uri": f"{OURS}?a=b"}, {"redirect_uri": "redirect_has_parameters"}),
        ({"expert": {"server_url": "http://8.8.8.8"}}, {"base": "url_not_https"}),
        ({"expert": {"web_url": "nowhere"}}, {"base": "invalid_url"}),
        ({"expert": {"public_key": "abc"}}, {"base": "invalid_public_key"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
async def test_format_is_checked_at_the_field(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    change: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """Before anybody is asked; what else was entered stays."""
    dialog = await opened(hass, "oauth")
    await dialog.submit(**application(sim, **change))
    assert dialog.errors == errors
    suggested = dialog.suggested
    entered = application(sim) | change
    for key in ("application_id", "app_key", "redirect_uri"):
        assert suggested[key] == entered[key]
    assert sim.counters.count() == 0
    await dialog.submit(**application(sim) | dialog.kept)
    assert dialog.step == "authorize"


@pytest.mark.parametrize(
    ("trouble", "field", "error"),
    [
        ("app_key", "app_key", "wrong_app_key"),
        ("secret", "secret", "wrong_secret"),
        ("wrong_client", "secret", "wrong_app"),
        ("redirect", "redirect_uri", "redirect_mismatch"),
        ("unapproved", "base", "not_approved"),
        ("encryption", "base", "encryption_required"),
        ("ip", "base", "ip_not_allowed"),
    ],
)
async def test_trouble_with_the_application(
    hass: HomeAssistant, sim: SungrowSimulator, trouble: str, field: str, error: str
) -> None:
    """Leads back to what was entered, with the reason at its field."""
    dialog = await at_menu(hass, sim)
    await dialog.submit(next_step_id="auth")
    code = sim.code()
    match trouble:
        case "app_key":
            sim.application.app_key = "F" * 32
        case "secret" | "wrong_client":
            sim.oauth.wrong_client_as = "4" if trouble == "wrong_client" else "codes"
            sim.application.secret = "x" * 32
        case "redirect":
            sim.redirect_uri = OURS
        case "unapproved":
            sim.oauth.approved = False
        case "encryption":
            sim.wire.encryption = "required"
        case "ip":
            sim.wire.refusal = "E918"
    await dialog.come_back(hass, code=code)
    assert (dialog.step, dialog.errors) == ("oauth", {field: error})
    sim.oauth.approved, sim.wire.encryption = True, "accepted"
    sim.wire.refusal = None
    right = application(sim)
    await dialog.submit(**right)
    await dialog.submit(next_step_id="auth")
    await dialog.come_back(hass, code=sim.code())
    assert dialog.step == "plants"


async def test_encrypted_application(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """With its public key everything is encrypted."""
    sim.wire.encryption = "required"
    expert = application(sim)["expert"] | {"public_key": sim.public_key}
    dialog = await at_paste(hass, sim, expert=expert)
    await dialog.submit(address=sim.code())
    assert dialog.step == "plants"


async def test_used_code_by_the_browser(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """People choose how to go on, with a fresh link, and nothing typed is lost."""
    dialog = await at_menu(hass, sim)
    await dialog.submit(next_step_id="auth")
    await dialog.come_back(hass, code="xxxxxx")
    assert (dialog.step, dialog.errors) == ("retry", {"base": "code_used"})
    assert dialog.suggested == {"next": "auth"}
    await dialog.refresh(hass)
    assert dialog.step == "retry"
    await dialog.submit(next="auth")
    assert state_of(dialog.url)
    await dialog.come_back(hass, error="access_denied")
    assert (dialog.step, dialog.errors) == ("retry", {"base": "declined"})
    await dialog.submit(next="change")
    assert dialog.step == "oauth"
    assert dialog.suggested["app_key"] == sim.app_key
    assert set(dialog.kept) == {"secret"}
    await dialog.submit(**application(sim) | dialog.kept)
    await dialog.submit(next_step_id="paste")
    await dialog.submit(address=sim.code())
    assert dialog.step == "plants"


async def test_pasted_address(hass: HomeAssistant, sim: SungrowSimulator) -> None:
    """A failure is told at its field, with a fresh link; then the next one works."""
    dialog = await at_paste(hass, sim)
    links = [dialog.link]
    for text, error in (
        ("nothing", "code_used"),
        ("https://example.com/?no=code", "no_code"),
        ("https://example.com/?error=denied", "declined"),
        ("https://example.com/?code=k7Qm2X&state=other", "foreign_state"),
    ):
        await dialog.submit(address=text)
        assert (dialog.step, dialog.errors) == ("paste", {"address": error})
        links.append(dialog.link)
    assert len(set(links)) == len(links)
    await dialog.submit(address=sim.authorize(state=state_of(links[0])))
    assert dialog.step == "plants"


async def test_trouble_with_the_application_when_pasting(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Leads back to what was entered too."""
    dialog = await at_paste(hass, sim)
    sim.redirect_uri = OURS
    await dialog.submit(address=sim.code())
    assert (dialog.step, dialog.errors) == (
        "oauth",
        {"redirect_uri": "redirect_mismatch"},
    )


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "status", "status": 503}, "cannot_connect"),
        ({"kind": "vendor_error", "code": 999}, "rate_limit"),
        ({"kind": "replace", "body": "[]"}, "cannot_connect"),
    ],
    ids=["503", "quota", "odd"],
)
async def test_plants_cannot_be_read(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    freezer: FrozenDateTimeFactory,
    fault: dict[str, Any],
    error: str,
) -> None:
    """The authorization is not lost: they are read again with the same tokens."""
    fault = dict(fault)
    sim.faults.add(fault.pop("kind"), "platform/queryPowerStationList", **fault)
    dialog = await at_paste(hass, sim)
    await dialog.submit(address=sim.code())
    assert (dialog.step, dialog.errors) == ("retry", {"base": error})
    assert dialog.suggested == {"next": "listing"}
    sim.faults.clear()
    freezer.tick(2 * 3600)
    await dialog.submit(next="listing")
    assert dialog.step == "plants"
    assert sim.oauth.tokens.exchanges == 1


async def test_application_without_a_right(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """E900 to the list of plants looks as if the authorization were worth nothing."""
    sim.wire.forbidden = {"platform/queryPowerStationList"}
    dialog = await at_paste(hass, sim)
    await dialog.submit(address=sim.code())
    assert (dialog.step, dialog.errors) == ("retry", {"base": "invalid_auth"})


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_plants_that_were_ticked_are_suggested(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Others of the account can be added; none at all cannot."""
    second = sim.plants[1].id
    dialog = await at_paste(hass, sim)
    await dialog.submit(address=sim.code([second]))
    assert dialog.suggested == {"plants": [second]}
    await dialog.submit(plants=[])
    assert dialog.errors == {"plants": "no_plants_chosen"}
    await dialog.submit(plants=[second])
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert (entry.title, entry.data["plants"]) == (sim.plants[1].name, [second])


async def test_account_without_plants(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """People are told, and can authorize again."""
    dialog = await at_paste(hass, sim)
    await dialog.submit(address=sim.code([]))
    assert (dialog.step, dialog.errors) == ("retry", {"base": "no_plants"})


async def test_same_application_is_not_added_twice(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Which is known before anybody authorizes."""
    MockConfigEntry(domain=DOMAIN, unique_id="eu_499").add_to_hass(hass)
    dialog = await opened(hass, "oauth")
    await dialog.submit(**application(sim))
    assert dialog.reason == "already_configured"


async def test_steps_need_what_comes_before(hass: HomeAssistant) -> None:
    """There is nothing to choose from before somebody let us in."""
    with pytest.raises(RuntimeError):
        await SungrowFlow().async_step_plants()
    with pytest.raises(RuntimeError):
        await SungrowFlow().async_step_paste()


async def test_address_of_home_assistant_is_not_known(
    hass: HomeAssistant, sim: SungrowSimulator
) -> None:
    """Then people type the redirect URL that they registered."""
    flow = "custom_components.sungrow_energy.oauth_flow"
    with (
        patch(f"{flow}.get_url", side_effect=NoURLAvailableError),
        patch(f"{flow}.http.current_request", ContextVar("request", default=None)),
    ):
        dialog = await opened(hass, "oauth")
        assert "redirect_uri" not in dialog.suggested
        assert dialog.placeholders["redirect_url"] == "?"
        await dialog.submit(**application(sim))
    assert dialog.step == "authorize"


async def test_each_kind_of_application_has_its_way_in(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    """A code is nothing for a login, a password nothing for OAuth2."""
    oauth = application_of(entry.data)
    with pytest.raises(TypeError):
        await async_logged_in(hass, oauth)
    login = application_of(entry_data(sim, "login"))
    with pytest.raises(TypeError):
        await async_authorized(hass, login, "k7Qm2X", HOME_ASSISTANTS)
