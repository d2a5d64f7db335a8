"""Repair issues that no fault of the matrix raises."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.alphaess import AlphaEssSimulator

from .conftest import Step, set_up


def keys(hass: HomeAssistant) -> list[str | None]:
    return [issue.translation_key for issue in ir.async_get(hass).issues.values()]


async def test_account_without_permission(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """An account that may not list its systems is explained until it may."""
    await set_up(hass, entry)
    sim.faults.add("vendor_error", "getEssList", count=1, code=6017)
    await step(15 * 60 + 1)
    assert keys(hass) == ["unsupported_account"]
    await step(15 * 60 + 1)
    assert keys(hass) == []


async def test_other_integration(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """Another integration for the same cloud is named while it runs."""
    await set_up(hass, entry)
    assert keys(hass) == []
    other = MockConfigEntry(domain="alphaess", title="Other")
    other.add_to_hass(hass)
    other.mock_state(hass, ConfigEntryState.LOADED)
    assert keys(hass) == ["other_integration"]
    other.mock_state(hass, ConfigEntryState.NOT_LOADED)
    assert keys(hass) == []


async def test_removal_takes_issues_along(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """An entry that is removed leaves no issue behind."""
    await set_up(hass, entry)
    sim.whitelisted = False
    await step(61)
    assert keys(hass) == ["ip_whitelist"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert keys(hass) == []
