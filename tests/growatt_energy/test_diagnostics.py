"""Diagnostics may be posted in public; see also the canary of row 42."""

import json
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator.growatt import GrowattSimulator

from .conftest import set_up


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_diagnostics(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    mode: str,
) -> None:
    """The vendor's documents, what was made of them, and labels for secrets."""
    sim.unknown_device = "PCS0000001"
    await set_up(hass, entry)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    data = found["entry"]["data"]
    secret = "token" if mode == "token" else "password_hash"
    assert data[secret] == ("**token**" if mode == "token" else "**password**")
    assert data["user_id"] == "**user id**"
    device = found["devices"]["**device 1 of plant 1**"]
    assert (device["family"], device["fresh"], device["has_battery"]) == (
        "min",
        True,
        True,
    )
    assert found["documents"]["plants"]["raw"]
    assert found["plants"] == {"**plant 1**": {"zone": "Europe/Berlin"}}
    if mode == "login":
        assert found["login"]["logged_in"] is True
        assert found["login"]["logins_left"] == 9
    else:
        assert found["login"] is None
        assert list(found["unserved"]) == ["**other device 1 of plant 1**"]


async def test_a_meter_s_own_serial_is_hidden(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing is called by it, but it stands in the list of devices."""
    await set_up(hass, entry)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json.dumps(found)
    meter = sim.plants[0].home.meter
    assert meter
    assert meter not in text
    assert "**meter 1 of plant 1**" in text


async def test_entry_that_was_never_set_up(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A disabled entry has diagnostics too, if only a few; nothing is asked."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert found["entry"]["data"]["token"] == "**token**"
    assert sim.counters.count() == 0


async def test_damaged_entry(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing of it can be shown: who knows what stands where."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={"mode": sim.token})
    await hass.config_entries.async_setup(entry.entry_id)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert found == {"entry": {"damaged": True}}
