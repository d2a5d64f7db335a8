"""What is the matter with a site, and who else uses the account."""

from datetime import date
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import DOMAIN, OTHER_INTEGRATIONS
from simulator.amber import AmberSimulator, Site

from ..translation_rules import Texts, placeholders
from .conftest import entry_of, set_up
from .passing import Passing, settle

DAY = 24 * 3600.0 + 60


def keys(hass: HomeAssistant) -> list[str]:
    """Return the kinds of all issues that are there."""
    return sorted(
        str(issue.translation_key)
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    )


def issue(hass: HomeAssistant, key: str) -> ir.IssueEntry:
    """Return the issue of this kind, with all that its text needs."""
    (found,) = (
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == key
    )
    text = Texts(DOMAIN).english["issues"][key]
    needed = placeholders(text["title"])
    if "description" in text:
        needed |= placeholders(text["description"])
    assert needed <= set(found.translation_placeholders or {})
    return found


async def test_nothing_is_the_matter(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """An active site has no issue."""
    await set_up(hass, entry)
    assert keys(hass) == []


async def test_pending_site(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """It is explained, asked twice an hour, and begins by itself when it is active."""
    site.status, site.active_from = "pending", date(2026, 10, 8)
    sim.faults.add("status", "prices/current", status=404)
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.LOADED
    assert issue(hass, "site_pending").translation_placeholders["date"] == "2026-10-08"  # type: ignore[index]
    sim.counters.reset()
    await step(2 * 3600)
    assert sim.counters.count("prices/current") == 4
    assert entry.runtime_data.connection.share == 1
    sim.faults.clear()
    site.status = "active"
    await step(3600)
    assert keys(hass) == []
    assert entry.runtime_data.supply == "active"
    assert entry.runtime_data.prices.fresh


@pytest.mark.parametrize("unsupplied", ["empty", "not_found"])
async def test_pending_site_is_no_trouble(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
    caplog: pytest.LogCaptureFixture,
    unsupplied: Any,
) -> None:
    """That it has no prices yet is nothing to warn of."""
    site.status, sim.unsupplied = "pending", unsupplied
    await set_up(hass, entry)
    await step(3 * 3600)
    warnings = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert not [record for record in warnings if "amber" in record.name]


async def test_pending_site_without_a_date(
    hass: HomeAssistant, site: Site, entry: MockConfigEntry
) -> None:
    """Nobody is told of a day that nobody knows."""
    site.status, site.active_from = "pending", None
    await set_up(hass, entry)
    assert issue(hass, "site_pending_soon")
    assert keys(hass) == ["site_pending_soon"]


async def test_pending_site_with_prices(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """Prices that are there show, and have the list read again: it may be active."""
    sim.faults.add("mutate", "sites", field="*.status", value="pending")
    await set_up(hass, entry)
    assert entry.runtime_data.supply == "pending"
    assert entry.runtime_data.prices.fresh
    sim.faults.clear()
    await step(700)
    assert entry.runtime_data.supply == "active"
    assert keys(hass) == []


async def test_closed_site(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """A site that is closed one day is not asked for prices any more."""
    await set_up(hass, entry)
    site.status, site.closed_on = "closed", date(2026, 10, 8)
    await step.jump(DAY)
    await step(400)
    assert issue(hass, "site_closed").translation_placeholders["date"] == "2026-10-08"  # type: ignore[index]
    assert entry.state is ConfigEntryState.LOADED
    sim.counters.reset()
    await step(3600)
    assert sim.counters.count("prices/current") == 0
    site.status, site.closed_on = "active", None
    await step.jump(DAY)
    await step(400)
    assert keys(hass) == []
    assert entry.runtime_data.prices.fresh


async def test_site_is_gone(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """A 404 has the list read again; missing twice, the site is gone until it is back."""
    await set_up(hass, entry)
    await step(700)  # the list is not new any more
    site.listed = False
    sim.counters.reset()
    await step(400)
    assert sim.counters.count("sites") == 1
    assert keys(hass) == []  # one list may be wrong
    await step(700)
    assert issue(hass, "site_gone")
    assert entry.state is ConfigEntryState.LOADED
    sim.counters.reset()
    await step(3600)
    assert sim.counters.count("prices/current") == 0
    assert sim.counters.count("sites") <= 6
    site.listed = True
    await step(700)
    assert keys(hass) == []
    assert entry.runtime_data.prices.fresh


async def test_one_list_without_the_site_is_nothing(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """A list that lacks it once has no consequence."""
    await set_up(hass, entry)
    before = entry.runtime_data
    sim.faults.add("replace", "sites", count=1, body="[]")
    await step.jump(DAY)
    await step(400)
    await step(700)
    assert keys(hass) == []
    assert entry.runtime_data is before
    assert before.prices.fresh


@pytest.mark.parametrize("again", [False, True])
async def test_the_first_list_of_a_start_lacks_the_site(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    step: Passing,
    again: bool,
) -> None:
    """A known site is not gone because of one list, however often it serves."""
    await set_up(hass, entry)
    await step(1200)
    sim.faults.add("replace", "sites", count=1, body="[]")
    for _ in range(1 + again):
        await hass.config_entries.async_reload(entry.entry_id)
        await settle(hass)
    assert (entry.runtime_data.supply, keys(hass)) == ("active", [])
    assert entry.runtime_data.prices.fresh
    await step(700)
    assert entry.runtime_data.site is not None
    assert entry.runtime_data.prices.fresh


async def test_gone_at_a_start(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """A site that is away when Home Assistant starts is gone with the second list."""
    await set_up(hass, entry)
    await step(1200)
    site.listed = False
    await hass.config_entries.async_reload(entry.entry_id)
    await step(1800)
    assert keys(hass) == ["site_gone"]
    assert entry.state is ConfigEntryState.LOADED
    site.listed = True
    await step(700)
    assert keys(hass) == []
    assert entry.runtime_data.prices.fresh


async def test_disabled_entry_has_no_issue(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """Nobody needs to mend what is not used; the same goes for a removed one."""
    site.status = "closed"
    await set_up(hass, entry)
    assert keys(hass) == ["site_closed"]
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert keys(hass) == []
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await settle(hass)
    assert keys(hass) == ["site_closed"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert keys(hass) == []


@pytest.mark.parametrize("domain", list(OTHER_INTEGRATIONS))
async def test_other_integration(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, domain: str
) -> None:
    """Another program with the same account takes a part of its requests."""
    other = MockConfigEntry(domain=domain, state=ConfigEntryState.LOADED)
    other.add_to_hass(hass)
    await set_up(hass, entry)
    placeholders_of = issue(hass, "other_integration").translation_placeholders
    assert placeholders_of == {"name": OTHER_INTEGRATIONS[domain]}
    other.mock_state(hass, ConfigEntryState.NOT_LOADED)
    await settle(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)
    assert keys(hass) == []


@pytest.mark.parametrize("site_count", [2])
async def test_issues_are_of_one_site(hass: HomeAssistant, sim: AmberSimulator) -> None:
    """The other one of the account has none."""
    closed, active = sim.sites.values()
    closed.status = "closed"
    await set_up(hass, entry_of(sim, closed))
    await set_up(hass, entry_of(sim, active))
    assert keys(hass) == ["site_closed"]
    assert hass.config_entries.async_loaded_entries(DOMAIN)[1].runtime_data.prices.fresh
