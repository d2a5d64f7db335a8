"""Diagnostics of an entry."""

from typing import Any

from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant

from ._vendor.core.client.decode import text
from ._vendor.core.ha.diagnostics import diagnostics
from .api.client import DEFAULT_URL
from .connection import async_connect
from .const import CONF_BASE_URL, CONF_SITE_ID
from .site import AmberConfigEntry, AmberSite


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: AmberConfigEntry
) -> dict[str, Any]:
    """Return what a report of a fault needs, without a secret."""
    if not hasattr(entry, "runtime_data"):  # disabled, or never set up
        connection = await async_connect(
            hass,
            text(entry.data.get(CONF_TOKEN)) or "",
            text(entry.data.get(CONF_BASE_URL)) or DEFAULT_URL,
        )
        connection.hide(text(entry.data.get(CONF_SITE_ID)) or "")
        return diagnostics(entry, connection.account, ())
    site = entry.runtime_data
    return diagnostics(
        entry,
        site.account,
        site.coordinators,
        **_more(site),
    )


def _more(site: AmberSite) -> dict[str, Any]:
    prices, prefix = site.prices, f"{site.site_id}/"
    skew = site.connection.client.clock_skew
    return {
        "supply": site.supply,
        "sites_of_this_connection": len(site.connection.sites),
        "clock_skew_seconds": skew.total_seconds() if skew else 0.0,
        "limits": site.limits.dump(),
        "prices": {
            "status": prices.status,
            "source": prices.data_source,
            "last_confirmed": str(prices.last_confirmed),
            "confirmation_delay": prices.confirmation_delay,
            "polls_last_interval": prices.polls_last_interval,
            "next_poll": str(prices.next_poll),
            "raw": prices.raw,
        },
        # What was learned of confirmations, what usage was read, what was told
        "remembered": {
            key.removeprefix(prefix): value
            for key, value in site.account.notes.items()
            if key.startswith(prefix)
        },
    }
