"""Ends what asks people for other credentials when the old ones work after all."""

from collections.abc import Iterable
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry
from homeassistant.core import HomeAssistant, callback


@callback
def end_reauth(hass: HomeAssistant, entries: Iterable[ConfigEntry[Any]]) -> None:
    """Close the dialogs that ask for new credentials of these entries."""
    for entry in entries:
        for flow in list(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
            hass.config_entries.flow.async_abort(flow["flow_id"])
