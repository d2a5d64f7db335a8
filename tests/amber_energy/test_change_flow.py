"""A new token for a site: because it was refused, or because one wants to."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Literal

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import TOKEN, Account, AmberSimulator, Site

from .conftest import entry_of, set_up
from .flows import (
    OTHER_TOKEN,
    TROUBLES,
    Dialog,
    Trouble,
    reauth_dialog,
    reconfigure_dialog,
)
from .passing import Passing, settle

type Start = Callable[[HomeAssistant, MockConfigEntry], Awaitable[Dialog]]

both = pytest.mark.parametrize(
    ("start", "form", "reason"),
    [
        (reauth_dialog, "reauth_confirm", "reauth_successful"),
        (reconfigure_dialog, "reconfigure", "reconfigure_successful"),
    ],
    ids=["reauth", "reconfigure"],
)


def filled(
    sim: AmberSimulator, form: str, token: str = OTHER_TOKEN, **changes: Any
) -> dict[str, Any]:
    """Return what the form takes."""
    name = {"name": "Amber 3456"} if form == "reconfigure" else {}
    return {"token": token, "expert": {"server_url": sim.url}} | name | changes


@both
async def test_new_token(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    start: Start,
    form: str,
    reason: str,
) -> None:
    """After the token was deleted a new one is all that is asked for."""
    await set_up(hass, entry)
    sim.accounts[0].tokens = {OTHER_TOKEN}
    before = entry.runtime_data
    dialog = await start(hass, entry)
    assert (dialog.type, dialog.step, dialog.errors) == (FlowResultType.FORM, form, {})
    assert dialog.suggested["server_url"] == sim.url
    placeholders = dialog.result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["site"] == entry.title
    await dialog.submit(**filled(sim, form))
    assert (dialog.type, dialog.reason) == (FlowResultType.ABORT, reason)
    await settle(hass)
    assert entry.data == {
        "token": OTHER_TOKEN,
        "site_id": site.id,
        "base_url": sim.url,
    }
    assert (entry.unique_id, entry.title) == (site.id, "Amber 3456")
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not before


@both
@pytest.mark.parametrize(
    ("trouble", "field", "error"), TROUBLES.values(), ids=TROUBLES.keys()
)
async def test_trouble_and_recovery(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    start: Start,
    form: str,
    reason: str,
    trouble: Trouble,
    field: str,
    error: str,
) -> None:
    """Each error leaves the entry as it is, and can be mended in the same dialog."""
    await set_up(hass, entry)
    before = dict(entry.data)
    dialog = await start(hass, entry)
    async with trouble(sim):
        await dialog.submit(**filled(sim, form, TOKEN))
        assert (dialog.type, dialog.step) == (FlowResultType.FORM, form)
        assert dialog.errors == {field: error}
        assert dialog.suggested["server_url"] == sim.url
        assert entry.data == before
    await dialog.submit(**filled(sim, form, TOKEN))
    assert dialog.reason == reason
    await settle(hass)
    assert entry.state is ConfigEntryState.LOADED


@both
async def test_token_of_another_account(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    start: Start,
    form: str,
    reason: str,
) -> None:
    """A token that works but knows nothing of the site is not taken."""
    await set_up(hass, entry)
    sim.accounts.append(Account(name="other", tokens={OTHER_TOKEN}, sites=set()))
    dialog = await start(hass, entry)
    await dialog.submit(**filled(sim, form))
    assert dialog.errors == {"token": "wrong_account"}
    assert entry.data["token"] == TOKEN
    await dialog.submit(**filled(sim, form, TOKEN))
    assert dialog.reason == reason
    await settle(hass)


@both
async def test_bad_address(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    start: Start,
    form: str,
    reason: str,
) -> None:
    """The token does not go to an address that may not get it."""
    await set_up(hass, entry)
    sim.counters.reset()
    dialog = await start(hass, entry)
    address = {"server_url": "http://example.com"}
    await dialog.submit(**filled(sim, form, TOKEN, expert=address))
    assert (dialog.step, dialog.errors) == (form, {"base": "url_not_https"})
    assert dialog.suggested["server_url"] == "http://example.com"
    assert sim.counters.count() == 0
    await dialog.submit(**filled(sim, form, TOKEN))
    assert dialog.reason == reason
    await settle(hass)


async def test_new_name_alone(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """Without a token the one in use stays; what was entered is kept after an error."""
    await set_up(hass, entry)
    dialog = await reconfigure_dialog(hass, entry)
    assert dialog.suggested["name"] == entry.title
    sim.faults.add("status", "sites", count=3, status=500)
    await dialog.submit(name="Beach house", expert={"server_url": sim.url})
    assert dialog.errors == {"base": "cannot_connect"}
    assert dialog.suggested["name"] == "Beach house"
    await dialog.submit(name=" Beach house ", expert={"server_url": sim.url})
    await settle(hass)
    assert entry.title == "Beach house"
    assert entry.data["token"] == TOKEN


@pytest.fixture
async def other_sim(sim: AmberSimulator) -> AsyncGenerator[AmberSimulator]:
    """The same account at another address."""
    other = AmberSimulator(sites=1)
    await other.start()
    yield other
    await other.stop()


@both
async def test_new_server(
    hass: HomeAssistant,
    sim: AmberSimulator,
    other_sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    start: Start,
    form: str,
    reason: str,
) -> None:
    """From then on only the new server is asked."""
    await set_up(hass, entry)
    dialog = await start(hass, entry)
    await dialog.submit(**filled(other_sim, form, TOKEN))
    assert dialog.reason == reason
    await settle(hass)
    assert entry.data["base_url"] == other_sim.url
    sim.counters.reset()
    await step(310)
    assert sim.counters.count() == 0
    assert other_sim.counters.count("prices/current") >= 2


async def test_back_to_the_default_server(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An emptied address is the default one again, which is not stored."""
    await set_up(hass, entry)
    package = "custom_components.amber_energy"
    for module in ("config_flow", "connection", "memory", "site"):
        monkeypatch.setattr(f"{package}.{module}.DEFAULT_URL", sim.url)
    dialog = await reconfigure_dialog(hass, entry)
    await dialog.submit(name=entry.title, expert={})
    assert dialog.reason == "reconfigure_successful"
    await settle(hass)
    assert entry.data == {"token": TOKEN, "site_id": site.id}
    assert entry.state is ConfigEntryState.LOADED


async def test_memory_moves_with_the_token(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
) -> None:
    """What was learned of the site is kept under the new token, and only there."""
    await set_up(hass, entry)
    before = entry.runtime_data.account
    before.note(f"{site.id}/canary", [1, 2])
    sim.accounts[0].tokens |= {OTHER_TOKEN}
    dialog = await reconfigure_dialog(hass, entry)
    await dialog.submit(**filled(sim, "reconfigure"))
    await settle(hass)
    after = entry.runtime_data.account
    assert after is not before
    assert after.notes[f"{site.id}/canary"] == [1, 2]
    assert not [key for key in before.notes if key.startswith(site.id)]
    await hass.async_stop(force=True)
    files = [text for key, text in hass_storage.items() if key.startswith(DOMAIN)]
    assert ["canary" in str(text) for text in files].count(True) == 1


def waiting(hass: HomeAssistant) -> list[Any]:
    """Return the dialogs that wait for the user."""
    return [
        flow
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_while_polling(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    status: Literal[401, 403],
) -> None:
    """A deleted token is asked for once, and Amber is tried twice an hour at most."""
    await set_up(hass, entry)
    sim.bad_token_status = status
    sim.accounts[0].tokens = {OTHER_TOKEN}
    await step(700)
    (flow,) = waiting(hass)
    assert flow["context"]["entry_id"] == entry.entry_id
    sim.counters.reset()
    await step(3600)
    assert sim.counters.count("prices/current") <= 2
    assert len(waiting(hass)) == 1

    manager = hass.config_entries.flow
    dialog = Dialog(manager, "config", await manager.async_configure(flow["flow_id"]))
    await dialog.submit(**filled(sim, "reauth_confirm"))
    assert dialog.reason == "reauth_successful"
    await settle(hass)
    assert waiting(hass) == []
    assert entry.runtime_data.prices.fresh


async def test_refused_at_set_up(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """A token that was deleted while Home Assistant was down is asked for as well."""
    sim.accounts[0].tokens = {OTHER_TOKEN}
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    (flow,) = waiting(hass)
    manager = hass.config_entries.flow
    dialog = Dialog(manager, "config", await manager.async_configure(flow["flow_id"]))
    await dialog.submit(**filled(sim, "reauth_confirm"))
    await settle(hass)
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("site_count", [2])
async def test_one_new_token_for_two_sites(
    hass: HomeAssistant, sim: AmberSimulator, step: Passing
) -> None:
    """The account's other site takes the new token over: nobody enters it twice."""
    first, second = (entry_of(sim, site) for site in sim.sites.values())
    for entry in (first, second):
        await set_up(hass, entry)
    sim.accounts[0].tokens = {OTHER_TOKEN}
    await step(2000)
    [flow] = waiting(hass)
    manager = hass.config_entries.flow
    dialog = Dialog(manager, "config", await manager.async_configure(flow["flow_id"]))
    await dialog.submit(**filled(sim, "reauth_confirm"))
    await settle(hass)
    assert waiting(hass) == []
    for entry in (first, second):
        assert entry.data["token"] == OTHER_TOKEN
        assert entry.state is ConfigEntryState.LOADED
        assert entry.runtime_data.prices.fresh
    assert first.runtime_data.connection is second.runtime_data.connection


@both
@pytest.mark.parametrize("lost", ["token", "site_id"])
async def test_damaged_entry(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    start: Start,
    form: str,
    reason: str,
    lost: str,
) -> None:
    """An entry that lost its token or its site is mended by the same dialog."""
    entry.add_to_hass(hass)
    data = {key: value for key, value in entry.data.items() if key != lost}
    hass.config_entries.async_update_entry(entry, data=data)
    dialog = await start(hass, entry)
    await dialog.submit(**filled(sim, form, token=TOKEN))
    assert (dialog.type, dialog.reason) == (FlowResultType.ABORT, reason)
    await settle(hass)
    assert entry.data["site_id"] == site.id
    assert entry.state is ConfigEntryState.LOADED
