"""Diagnostics may be posted in public."""

import json
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from simulator.sonnen import TOKEN, SonnenBattery, SonnenSimulator

from .conftest import SERIAL, Step, entry_of, set_up
from .flows import MAC_SHOWN

SECRETS = (TOKEN, SERIAL, MAC_SHOWN, MAC_SHOWN.replace(":", ""))


def expect_no_secret(found: Any) -> None:
    """Neither as a value nor as a key nor within a text."""
    text = json.dumps(found).casefold()
    for secret in SECRETS:
        assert secret.casefold() not in text


async def test_diagnostics(
    hass: HomeAssistant,
    battery: SonnenBattery,
    hass_client: ClientSessionGenerator,
    snapshot: SnapshotAssertion,
) -> None:
    """All that is known of the battery, with labels in the place of secrets."""
    entry = entry_of(battery, mac=MAC_SHOWN)
    battery.house.override(pv_w=400, load_w=1600, soc=70)
    await set_up(hass, entry)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found)
    assert found["entry"]["data"].pop("port") == battery.port
    assert found == snapshot


async def test_documents_are_the_vendors(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    battery: SonnenBattery,
    hass_client: ClientSessionGenerator,
) -> None:
    """Each document that is read is in it as it came, so that it can be played back."""
    battery.variant.missing_endpoints = {"io"}
    await set_up(hass, entry)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert set(found["documents"]) == set(found["coordinators"]) - {"**battery**/io"}
    assert found["missing_endpoints"] == ["io"]
    raw = found["documents"]["**battery**/live"]["raw"]
    assert {"USOC", "Pac_total_W", "FlowConsumptionGrid"} <= set(raw)
    configurations = found["documents"]["**battery**/configurations"]["raw"]
    assert configurations["DE_Software"] == "1.25.6"


async def test_after_trouble(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    step: Step,
) -> None:
    """Errors are in it, and nothing that the battery put into them."""
    await set_up(hass, entry)
    message = f"{SERIAL} {TOKEN} owner@example.com"
    sim.faults.add("vendor_error", code=500, message=message)
    await step(31)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found)
    live = found["coordinators"]["**battery**/live"]
    assert live["success"] is False
    assert "500" in live["error"]
    assert "owner@example.com" not in json.dumps(found)


async def test_without_a_serial(
    hass: HomeAssistant,
    battery: SonnenBattery,
    hass_client: ClientSessionGenerator,
) -> None:
    """The id that stands for the serial is no one's business either."""
    key = "5f" * 16
    entry = MockConfigEntry(
        domain="sonnen_energy",
        unique_id=key,
        data={**entry_of(battery).data, "serial": None},
    )
    await set_up(hass, entry)
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert key not in json.dumps(found)


async def test_failed_set_up(
    hass: HomeAssistant,
    battery: SonnenBattery,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """They are wanted most when nothing works."""
    await battery.stop()
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found)
    assert found["coordinators"]["**battery**/live"]["success"] is False


async def test_entry_that_is_not_loaded(
    hass: HomeAssistant,
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
