"""New credentials for an account: because they were refused, or because one wants to."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator

from .conftest import SYSTEM_1, Step, set_up
from .flows import TROUBLES, Dialog, Trouble, reauth_dialog, reconfigure_dialog

NEW_SECRET = "fedcba9876543210fedcba9876543210"

type Start = Callable[[HomeAssistant, MockConfigEntry], Awaitable[Dialog]]

both = pytest.mark.parametrize(
    ("start", "form", "reason"),
    [
        (reauth_dialog, "reauth_confirm", "reauth_successful"),
        (reconfigure_dialog, "reconfigure", "reconfigure_successful"),
    ],
    ids=["reauth", "reconfigure"],
)


def secret(sim: AlphaEssSimulator, app_secret: str = NEW_SECRET) -> dict[str, Any]:
    """Return what the form takes."""
    return {"app_secret": app_secret, "expert": {"server_url": sim.url}}


@both
async def test_new_secret(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    start: Start,
    form: str,
    reason: str,
) -> None:
    """After a reset in the portal the new secret is all that is asked for."""
    await set_up(hass, entry)
    sim.accounts[APP_ID].app_secret = NEW_SECRET
    before = entry.runtime_data
    dialog = await start(hass, entry)
    assert (dialog.type, dialog.step, dialog.errors) == (
        FlowResultType.FORM,
        form,
        {},
    )
    assert dialog.suggested == {"server_url": sim.url}
    placeholders = dialog.result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["account"] == "AlphaESS cdef"
    await dialog.submit(**secret(sim))
    assert dialog.type is FlowResultType.ABORT
    assert dialog.result["reason"] == reason
    assert dialog.result["translation_domain"] == "homeassistant"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    assert entry.data == {
        "app_id": APP_ID,
        "app_secret": NEW_SECRET,
        "base_url": sim.url,
    }
    assert (entry.unique_id, entry.title) == (APP_ID, "AlphaESS cdef")
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data is not before


@both
@pytest.mark.parametrize(
    ("trouble", "field", "error"), TROUBLES.values(), ids=TROUBLES.keys()
)
async def test_trouble_and_recovery(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
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
        await dialog.submit(**secret(sim, APP_SECRET))
        assert (dialog.type, dialog.step) == (FlowResultType.FORM, form)
        assert dialog.errors == {field: error}
        assert dialog.suggested == {"server_url": sim.url}
        assert entry.data == before
    await dialog.submit(**secret(sim, APP_SECRET) | dialog.kept)
    assert dialog.result["reason"] == reason
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data == before


@both
async def test_bad_address(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    start: Start,
    form: str,
    reason: str,
) -> None:
    """The secret does not go to an address that may not get it."""
    await set_up(hass, entry)
    sim.counters.reset()
    dialog = await start(hass, entry)
    await dialog.submit(
        app_secret=APP_SECRET, expert={"server_url": "http://example.com"}
    )
    assert (dialog.step, dialog.errors) == (form, {"base": "url_not_https"})
    assert dialog.suggested == {"server_url": "http://example.com"}
    assert sim.counters.count() == 0
    await dialog.submit(**secret(sim, APP_SECRET))
    assert dialog.result["reason"] == reason
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
async def other_sim(sim: AlphaEssSimulator) -> AsyncGenerator[AlphaEssSimulator]:
    """The same account at another address."""
    other = AlphaEssSimulator(homes=1)
    await other.start()
    yield other
    await other.stop()


@both
async def test_new_server(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    other_sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    start: Start,
    form: str,
    reason: str,
) -> None:
    """From then on only the new server is asked."""
    await set_up(hass, entry)
    await sim.stop()
    dialog = await start(hass, entry)
    await dialog.submit(**secret(sim, APP_SECRET))
    assert (dialog.step, dialog.errors) == (form, {"base": "cannot_connect"})
    await dialog.submit(**secret(other_sim, APP_SECRET))
    assert dialog.result["reason"] == reason
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data["base_url"] == other_sim.url
    await sim.start()
    sim.counters.reset()
    await step(61)
    assert sim.counters.count() == 0
    assert other_sim.counters.count("getLastPowerData") >= 1


async def test_back_to_the_default_server(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An emptied address is the default one again, which is not stored."""
    await set_up(hass, entry)
    package = "custom_components.alphaess_energy"
    monkeypatch.setattr(f"{package}.config_flow.DEFAULT_URL", sim.url)
    monkeypatch.setattr(f"{package}.connection.DEFAULT_URL", sim.url)
    dialog = await reconfigure_dialog(hass, entry)
    await dialog.submit(app_secret=APP_SECRET, expert={})
    assert dialog.result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.data == {"app_id": APP_ID, "app_secret": APP_SECRET}
    assert entry.state is ConfigEntryState.LOADED


def waiting(hass: HomeAssistant) -> list[Any]:
    """Return the dialogs that wait for the user."""
    return [
        flow
        for flow in hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        if flow["context"]["source"] == SOURCE_REAUTH
    ]


@pytest.mark.parametrize("homes", [2])
async def test_refused_while_polling(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """6007 asks for a new secret once and stops asking the vendor; then all goes on."""
    await set_up(hass, entry)
    sensor = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{SYSTEM_1}_solar_power"
    )
    assert sensor is not None
    sim.accounts[APP_ID].app_secret = NEW_SECRET
    for _ in range(20):
        await step(60)
    (flow,) = waiting(hass)
    assert flow["context"]["entry_id"] == entry.entry_id
    assert hass.states.get(sensor).state == STATE_UNAVAILABLE  # type: ignore[union-attr]
    sim.counters.reset()
    for _ in range(60):
        await step(60)
    assert sim.counters.count() == 0
    assert len(waiting(hass)) == 1

    manager = hass.config_entries.flow
    result = await manager.async_configure(flow["flow_id"])
    dialog = Dialog(manager, "config", result)
    await dialog.submit(**secret(sim))
    assert dialog.result["reason"] == "reauth_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert waiting(hass) == []
    assert hass.states.get(sensor).state != STATE_UNAVAILABLE  # type: ignore[union-attr]
    sim.counters.reset()
    for _ in range(10):
        await step(60)
    assert 9 <= sim.counters.count("getLastPowerData", system=SYSTEM_1) <= 11
    assert {request.code for request in sim.counters.requests()} == {200}


async def test_refused_at_set_up(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """A secret that was reset while Home Assistant was down is asked for as well."""
    sim.accounts[APP_ID].app_secret = NEW_SECRET
    await set_up(hass, entry)
    assert entry.state.value == "setup_error"
    (flow,) = waiting(hass)
    manager = hass.config_entries.flow
    dialog = Dialog(manager, "config", await manager.async_configure(flow["flow_id"]))
    await dialog.submit(**secret(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("code", [6006, 6009, 6005, 6017, 6042, 6053])
async def test_other_refusals_are_no_matter_of_the_secret(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    code: int,
) -> None:
    """Nobody is asked for a new secret because of anything but the signature."""
    await set_up(hass, entry)
    sim.faults.add("vendor_error", code=code)
    for _ in range(20):
        await step(60)
    assert waiting(hass) == []
    sim.faults.clear()
    await step(timedelta(minutes=16).total_seconds())
    assert entry.state is ConfigEntryState.LOADED
