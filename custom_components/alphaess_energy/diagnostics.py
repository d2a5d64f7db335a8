"""Diagnostics of an entry."""

from typing import Any

from homeassistant.core import HomeAssistant

from ._vendor.core.ha.diagnostics import control_diagnostics, diagnostics
from .account import AlphaEssConfigEntry
from .connection import async_connect
from .const import CONF_APP_ID, CONF_APP_SECRET


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: AlphaEssConfigEntry
) -> dict[str, Any]:
    """Return what a report of a fault needs, without a secret."""
    if not hasattr(entry, "runtime_data"):  # disabled, or never set up
        account, _ = await async_connect(
            hass, entry.data[CONF_APP_ID], entry.data[CONF_APP_SECRET]
        )
        return diagnostics(entry, account, ())
    runtime = entry.runtime_data
    return diagnostics(
        entry,
        runtime.account,
        runtime.coordinators,
        time_zone=str(runtime.zone),
        clock_skew_seconds=runtime.client.clock_skew.total_seconds(),
        control=control_diagnostics(
            manager
            for system in runtime.systems.values()
            for manager in system.managers
        ),
    )
