"""Diagnostics of an entry."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.diagnostics import control_diagnostics, diagnostics
from .connection import Connection, async_connect_entry
from .runtime import SungrowConfigEntry, SungrowRuntime

# What the vendor's answers say of people (reference section 8.3) besides what tells by
# its name. Ids and serials get pseudonyms, so that one can tell what belongs together.
_PRIVATE = {"description", "user_id", "user_master_org_name", "user_master_org_id"}
_NAMES = {"ps_name", "device_name"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: SungrowConfigEntry
) -> dict[str, Any]:
    """Return what a report of a fault needs, without a secret."""
    runtime: SungrowRuntime | None = getattr(entry, "runtime_data", None)
    if runtime is None:  # disabled, or never set up
        try:
            connection = await async_connect_entry(hass, entry)
        except ConfigEntryAuthFailed, ConfigEntryError:
            return {"entry": {"damaged": True}}
        return diagnostics(entry, connection.account, (), grant=_tokens(connection))
    return diagnostics(
        entry,
        runtime.account,
        runtime.coordinators,
        names=_NAMES,
        private=_PRIVATE,
        grant=_tokens(runtime.connection),
        **_more(runtime),
        control=control_diagnostics(
            device.control
            for device in runtime.devices.values()
            if device.control is not None
        ),
    )


def _more(runtime: SungrowRuntime) -> dict[str, Any]:
    return {
        "flavour": str(runtime.client.flavour),
        "calls_last_hour": runtime.calls_last_hour(),
        "plants": {
            plant.key: {
                "zone": str(plant.zone),
                "type": plant.entry.plant_type,
                "fresh": plant.fresh,
                "has_battery": plant.has_battery,
                "sources": dict(plant.memory),
                "values": dict(plant.values),
            }
            for plant in runtime.plants.values()
        },
        "devices": {
            key: {
                "type": device.type,
                "model": device.entry.model,
                "versions": dict(device.entry.versions),
                "rated_power": device.entry.rated_power,
                "fresh": device.fresh,
                "observed_at": str(device.observed_at),
                "online": device.online,
                "problem": device.problem,
                "refusal": str(device.refusal) if device.refusal else None,
            }
            for key, device in runtime.devices.items()
        },
    }


def _tokens(connection: Connection) -> dict[str, Any] | None:
    """Return how old the tokens are; nothing of themselves."""
    keeper = connection.keeper
    if keeper is None or keeper.state is None:
        return None
    state = keeper.state
    return {
        "ends_in": round(keeper.left),
        "age": round(dt_util.utcnow().timestamp() - state.obtained_at),
        "dead": state.dead,
        "refresh_begun": state.begun is not None,
    }
