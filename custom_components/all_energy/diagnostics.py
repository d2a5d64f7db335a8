"""Diagnostics: what is in the place of each vendor. There are no secrets."""

from dataclasses import asdict
from typing import Any

from homeassistant.core import HomeAssistant

from . import HubConfigEntry
from .memory import is_loaded


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: HubConfigEntry
) -> dict[str, Any]:
    """Return what the hub sees, and what it did since Home Assistant started."""
    hub = entry.runtime_data
    return {
        "options": dict(entry.options),
        "data": dict(entry.data),
        "vendors": {
            vendor.domain: {
                **asdict(vendor),
                "busy": is_loaded(vendor.domain) or bool(hub.entries(vendor.domain)),
                "waits_for_restart": vendor.domain in hub.stale,
                "last_action": hub.last_action.get(vendor.domain),
            }
            for vendor in await hub.look()
        },
    }
