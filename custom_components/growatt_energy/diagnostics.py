"""Diagnostics of an entry."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError

from ._vendor.core.ha.diagnostics import control_diagnostics, diagnostics
from .connection import Connection, async_connect_entry
from .runtime import GrowattConfigEntry, GrowattRuntime

# What the vendor's answers say of people besides what tells by its name. Ids and
# serials get pseudonyms, so that one can tell what belongs together.
_PRIVATE = {"userId", "user_id"}
_NAMES = {"name", "plantName", "plantname", "alias", "deviceAilas"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: GrowattConfigEntry
) -> dict[str, Any]:
    """Return what a report of a fault needs, without a secret."""
    runtime: GrowattRuntime | None = getattr(entry, "runtime_data", None)
    if runtime is None:  # disabled, or never set up
        try:
            connection = await async_connect_entry(hass, entry)
        except ConfigEntryAuthFailed, ConfigEntryError:
            return {"entry": {"damaged": True}}
        return diagnostics(entry, connection.account, (), login=_login(connection))
    return diagnostics(
        entry,
        runtime.account,
        runtime.coordinators,
        names=_NAMES,
        private=_PRIVATE,
        login=_login(runtime.connection),
        **_more(runtime),
        control=control_diagnostics(
            device.control
            for device in runtime.devices.values()
            if device.control is not None
        ),
    )


def _more(runtime: GrowattRuntime) -> dict[str, Any]:
    return {
        "host": runtime.connection.host,
        "cautious_until": str(runtime.documents.cautious_until),
        "plants": {
            key: {"zone": str(plant.zone)} for key, plant in runtime.plants.items()
        },
        "devices": {
            serial: {
                "family": str(device.family),
                "type": device.entry_info.type_code,
                "model": device.entry_info.model,
                "versions": list(device.entry_info.versions),
                "rated_power": device.entry_info.rated_power,
                "fresh": device.fresh,
                "has_battery": device.has_battery,
                "has_meter": device.has_meter,
                "refusal": str(device.refusal) if device.refusal else None,
            }
            for serial, device in runtime.devices.items()
        },
        # Types that nothing is known about
        "unserved": runtime.unserved,
    }


def _login(connection: Connection) -> dict[str, Any] | None:
    """Return what is known of the login; nothing of its session."""
    if connection.session is None:
        return None
    return {
        "logged_in": connection.session.logged_in,
        "locked_until": str(connection.locked_until),
        "last_lock": str(connection.last_lock),
        "logins_left": connection.session.logins_left,
    }
