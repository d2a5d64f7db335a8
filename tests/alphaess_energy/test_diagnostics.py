"""Diagnostics may be posted in public."""

import json
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator

from .conftest import CHARGER, SYSTEM_1, SYSTEM_2, Step, set_up
from .flows import options_dialog

SECRETS = (APP_ID, APP_SECRET, SYSTEM_1, SYSTEM_2, CHARGER)


@pytest.fixture
def homes() -> int:
    """Two systems, the first one with an EV charger."""
    return 2


def expect_no_secret(found: Any) -> None:
    """Neither as a value nor as a key nor within a text."""
    text = json.dumps(found).casefold()
    for secret in SECRETS:
        assert secret.casefold() not in text


async def test_diagnostics(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    snapshot: SnapshotAssertion,
) -> None:
    """All that is known of both systems, with labels in the place of secrets."""
    await set_up(hass, entry)
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found)
    entry_data: Any = found["entry"]
    assert "127.0.0.1" in entry_data["data"].pop("base_url")
    assert found == snapshot


async def test_documents_are_the_vendors(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Each document that is read is in it as it came, so that it can be played back."""
    await set_up(hass, entry)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert set(found["documents"]) == set(found["coordinators"])
    assert len(found["documents"]) == 1 + 7 + 5  # the list, with a charger, without
    live = found["documents"]["**system 1**/live"]["raw"]["live"]
    assert live["ppvDetail"].keys() == {"ppv1", "ppv2", "ppv3", "ppv4", "pmeterDc"}
    assert live["pload"] == live["ppv"] + live["pgrid"] + live["pbat"]
    assert found["documents"]["sites"]["raw"][0]["sysSn"] == "**system 1**"


async def test_after_trouble(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    step: Step,
) -> None:
    """Errors are in it, and nothing that the vendor put into them."""
    await set_up(hass, entry)
    message = f"{SYSTEM_1.lower()} of {APP_ID}, {APP_SECRET}, owner@example.com"
    sim.faults.add("vendor_error", code=6001, message=message)
    await step(301)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found)
    live = found["coordinators"]["**system 1**/live"]
    assert live["success"] is False
    assert "6001" in live["error"]
    assert "owner@example.com" not in json.dumps(found)


async def test_failed_set_up(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """They are wanted most when nothing works."""
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found)
    assert found["coordinators"]["sites"]["success"] is False


async def test_entry_that_is_not_loaded(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A disabled entry has diagnostics too, if only a few."""
    await set_up(hass, entry)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert entry.state is ConfigEntryState.NOT_LOADED
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found)
    assert found["entry"]["version"] == "1.1"


async def test_secrets_of_flows(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """What was typed into a dialog does not come out here."""
    sim.accounts[APP_ID].bound.discard(SYSTEM_2)
    await set_up(hass, entry)
    dialog = await options_dialog(hass, entry)
    await dialog.submit(next_step_id="bind")
    await dialog.submit(serial_number=SYSTEM_2, check_code="CHK0202")
    code = sim.systems[SYSTEM_2].verification_code
    await dialog.submit(code=code)
    await hass.async_block_till_done(wait_background_tasks=True)
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found)
    text = json.dumps(found)
    assert "CHK0202" not in text
    assert f'"{code}"' not in text
