"""Dialogs for new credentials, closed when the old ones work."""

from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE, ConfigFlow
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    mock_config_flow,
    mock_integration,
    mock_platform,
)

from core.ha.reauth import end_reauth

from .home import DOMAIN


class _Flow(ConfigFlow):
    async def async_step_reauth(self, data: object) -> object:
        return self.async_show_form(step_id="reauth")

    async def async_step_reconfigure(self, data: object) -> object:
        return self.async_show_form(step_id="reconfigure")


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_only_the_dialogs_of_the_entries_end(hass: HomeAssistant) -> None:
    """Others' stay, and one in which somebody changes something himself."""
    mock_integration(hass, MockModule(DOMAIN))
    mock_platform(hass, f"{DOMAIN}.config_flow", None)
    entries = [MockConfigEntry(domain=DOMAIN) for _ in range(3)]
    for entry in entries:
        entry.add_to_hass(hass)
    with mock_config_flow(DOMAIN, _Flow):
        for entry in entries[:2]:
            entry.async_start_reauth(hass)
        await entries[2].start_reconfigure_flow(hass)
        await hass.async_block_till_done()
        assert len(ir.async_get(hass).issues) == 2
        end_reauth(hass, [entries[0], entries[2]])
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert {
        (flow["context"]["source"], flow["context"]["entry_id"]) for flow in flows
    } == {
        (SOURCE_REAUTH, entries[1].entry_id),
        (SOURCE_RECONFIGURE, entries[2].entry_id),
    }
    assert len(ir.async_get(hass).issues) == 1
