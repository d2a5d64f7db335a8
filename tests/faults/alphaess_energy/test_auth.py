"""Rows 16 to 19: credentials."""

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID, AlphaEssSimulator
from tests.alphaess_energy.conftest import SYSTEM_1, Step, set_up


@pytest.mark.parametrize("code", [6007, 6010, 6012])
async def test_row_18_wrong_secret(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    code: int,
) -> None:
    """Refused credentials ask for new ones, once, and reading stops."""
    await set_up(hass, entry)
    sim.faults.add("vendor_error", code=code)
    await step(61)
    await step(900)
    flows = list(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))
    assert len(flows) == 1
    sim.counters.reset()
    for _ in range(10):
        await step(3600)
    assert sim.counters.count() == 0


@pytest.mark.parametrize("code", [6005, 6008, 6009, 6011, 6016, 6017, 6026, 6029, 6042])
async def test_row_18_other_refusals(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    code: int,
) -> None:
    """No other answer asks for credentials."""
    await set_up(hass, entry)
    sim.faults.add("vendor_error", code=code)
    for _ in range(5):
        await step(300)
    assert not list(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))
    assert entry.state.name == "LOADED"


async def test_row_18_whitelist(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A refused address is a repair issue that goes when the address is accepted."""
    await set_up(hass, entry)
    sim.whitelisted = False
    await step(61)
    issues = ir.async_get(hass).issues
    assert [issue.translation_key for issue in issues.values()] == ["ip_whitelist"]
    sim.whitelisted = True
    await step(61)
    assert not issues


async def test_row_18_set_up_with_wrong_secret(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry
) -> None:
    """A secret that was reset while we were away is asked for at the start."""
    sim.accounts[APP_ID].app_secret = "another"
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_ERROR"
    assert len(list(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))) == 1


@pytest.mark.parametrize("homes", [2])
async def test_row_19_ten_restarts(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Ten restarts within a minute ask for nothing that is still fresh."""
    await set_up(hass, entry)
    used = entry.runtime_data.account.budget.requests_today
    sim.counters.reset()
    for _ in range(10):
        hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
        await hass.async_block_till_done()
        await hass.config_entries.async_unload(entry.entry_id)
        hass.data.pop(f"{DOMAIN}.accounts")  # type: ignore[arg-type]
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await step(2)
    assert sim.counters.by_endpoint() == {}
    assert entry.runtime_data.account.budget.requests_today == used
    assert entry.runtime_data.systems[SYSTEM_1].live.fresh
