"""Diagnostics may be posted in public; see also the canary of row 42."""

import json
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator.goodwe import GoodWeSimulator

from .conftest import Step, set_up


async def test_diagnostics(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    step: Step,
) -> None:
    """The vendor's documents, what was made of them, and labels for secrets."""
    await set_up(hass, entry)
    sim.faults.add("vendor_error", "*/flow", message="100000", count=1)
    await step(60)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    data = found["entry"]["data"]
    assert data["account"].startswith("**")
    assert data["plants"] == ["**plant 1**"]
    assert found["codes"]["100000"] == 1
    assert found["session"] == {"logged_in": True, "logins": 1, "region": "eu"}
    assert sum(found["calls_last_hour"].values()) == sim.requests.total
    [plant] = found["plants"].values()
    assert plant["zone"] == "Europe/Berlin"
    assert "INVERTER_REMOTE" in plant["permissions"]
    assert plant["values"]["battery_soc"] is not None
    assert {one["cls"] for one in found["devices"].values()} == {
        "inverter",
        "battery",
        "meter",
        "dongle",
    }
    assert "**plant 1**/info" in found["documents"]


async def test_what_the_vendor_tells_of_people_is_left_out(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Names, places and addresses, also where only they are private."""
    await set_up(hass, entry)
    documents = entry.runtime_data.account.documents
    documents["plants"].raw["dataList"][0].update(
        {
            "address": "Musterweg 1, Bonn",
            "latitude": 50.7312,
            "ownerPhone": "+49 170 5550123",
            "ownerName": "Somebody Else",
        }
    )
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    text = json.dumps(found)
    for private in (
        "Musterweg",
        "50.7312",
        "5550123",
        "Somebody",
        sim.stations[0].name,
    ):
        assert private not in text
    assert "ownerPhone" in text


async def test_entry_that_was_never_set_up(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A disabled entry has diagnostics too, if only a few; nothing is asked."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert sim.account not in json.dumps(found)
    assert found["session"]["logged_in"] is False
    assert sim.requests.total == 0


async def test_damaged_entry(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing of it can be shown: who knows what stands where."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={"region": sim.password})
    await hass.config_entries.async_setup(entry.entry_id)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert found == {"entry": {"damaged": True}}
