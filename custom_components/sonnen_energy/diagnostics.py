"""Diagnostics of an entry."""

from typing import Any

from homeassistant.core import HomeAssistant

from ._vendor.core.ha.diagnostics import control_diagnostics, diagnostics
from .connection import async_connect_entry
from .coordinator import SonnenConfigEntry


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: SonnenConfigEntry
) -> dict[str, Any]:
    """Return what a report of a fault needs, without a secret."""
    if not hasattr(entry, "runtime_data"):  # disabled, or never set up
        account, _ = await async_connect_entry(hass, entry)
        return diagnostics(entry, account, ())
    battery = entry.runtime_data
    return diagnostics(
        entry,
        battery.account,
        battery.coordinators,
        missing_endpoints=sorted(battery.client.missing),
        time_zone=str(battery.zone),
        control=control_diagnostics(battery.managers),
    )
