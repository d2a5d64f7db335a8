"""Diagnostics may be posted in public."""

import json
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from simulator.amber import TOKEN, AmberSimulator, Site

from .conftest import set_up
from .passing import Passing


def expect_no_secret(found: Any, site: Site) -> None:
    """Neither as a value nor as a key nor within a text."""
    text = json.dumps(found).casefold()
    for secret in (TOKEN, site.id, site.nmi):
        assert secret.casefold() not in text


async def test_diagnostics(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    step: Passing,
) -> None:
    """What is known of site, prices, limits and usage, with labels for secrets."""
    await set_up(hass, entry)
    await step(1300)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found, site)
    assert found["entry"]["data"]["token"] == "**token**"
    assert found["entry"]["data"]["site_id"] == "**site 1**"
    assert found["supply"] == "active"
    assert found["documents"]["sites"]["raw"][0]["nmi"] == "**NMI 1**"
    assert found["documents"]["sites"]["raw"][0]["network"] == site.network
    assert found["limits"]["prices_current"]["limit"] == 50
    assert found["prices"]["status"] == "ok"
    kinds = {record["type"] for record in found["prices"]["raw"]}
    assert {"CurrentInterval", "ForecastInterval"} <= kinds
    assert found["remembered"]["channels"] == ["controlled_load", "feed_in", "general"]
    assert found["remembered"]["confirmations"]
    assert found["coordinators"]["**site 1**/prices"]["success"] is True
    assert found["now"] == dt_util.utcnow().isoformat()


async def test_after_trouble(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    step: Passing,
) -> None:
    """Errors are in it, and nothing that Amber put into them."""
    await set_up(hass, entry)
    body = json.dumps({"message": f"{site.id} of {site.nmi}: {TOKEN}"})
    sim.faults.add("replace", body=body)
    await step(1000)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found, site)
    prices = found["coordinators"]["**site 1**/prices"]
    assert prices["success"] is False
    assert "without a list" in prices["error"]


async def test_failed_set_up(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """They are wanted most when nothing works."""
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found, site)
    assert found["coordinators"]["sites"]["success"] is False
    assert found["prices"]["raw"] is None


async def test_entry_that_was_never_set_up(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """A disabled entry has diagnostics too, if only a few."""
    entry.add_to_hass(hass)
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found, site)
    assert found["entry"]["version"] == "1.1"
    assert sim.counters.count() == 0


async def test_damaged_entry_has_diagnostics(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """What is missing in it is no reason to fail."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={"site_id": site.id})
    await hass.config_entries.async_setup(entry.entry_id)
    found: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    expect_no_secret(found, site)
