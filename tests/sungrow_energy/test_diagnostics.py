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

from simulator.sungrow import SungrowSimulator

from .conftest import set_up


@pytest.mark.parametrize("mode", ["oauth", "login"])
async def test_diagnostics(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    mode: str,
) -> None:
    """The vendor's documents, what was made of them, and labels for secrets."""
    await set_up(hass, entry)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    data = found["entry"]["data"]
    assert data["secret"] == "**secret**"
    assert data["auth_user"] == "**user id**"
    assert data["plants"] == ["**plant 1**"]
    assert found["flavour"] == mode
    assert sum(found["calls_last_hour"].values()) == sim.quota.total
    [plant] = found["plants"].values()
    assert plant["zone"] == "Europe/Berlin"
    assert plant["has_battery"] is True
    assert plant["values"]["battery_soc"] is not None
    assert {device["type"] for device in found["devices"].values()} == {7, 14, 22, 43}
    rows = found["documents"]["type_14/live"]["raw"]["device_point_list"]
    assert rows[0]["p13141"] is not None
    assert "13141" not in json.dumps(data)
    if mode == "login":
        assert found["grant"] is None
    else:
        assert found["grant"]["dead"] is False
        assert found["grant"]["ends_in"] > 100_000


async def test_what_the_vendor_tells_of_people_is_left_out(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Names, places and addresses (section 8.3), also where only they are private."""
    await set_up(hass, entry)
    documents = entry.runtime_data.account.documents
    raw = documents["plants"].raw
    raw["rows"][0] |= {
        "ps_location": "Musterweg 1, Bonn",
        "latitude": 50.7312,
        "owner_mobile": "+49 170 5550123",
        "description": "Behind the barn",
    }
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json.dumps(found)
    for private in ("Musterweg", "50.7312", "5550123", "barn"):
        assert private not in text
    assert "ps_location" in text


async def test_entry_that_was_never_set_up(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A disabled entry has diagnostics too, if only a few; nothing is asked."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert found["entry"]["data"]["app_key"] == "**app key**"
    assert sim.quota.total == 0


async def test_damaged_entry(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing of it can be shown: who knows what stands where."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={"mode": sim.secret})
    await hass.config_entries.async_setup(entry.entry_id)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert found == {"entry": {"damaged": True}}
