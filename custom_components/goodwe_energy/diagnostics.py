"""Diagnostics of an entry (reference section 8)."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError

from ._vendor.core.ha.diagnostics import control_diagnostics, diagnostics
from .connection import Connection, async_connect_entry
from .device import Device
from .plant import Plant
from .runtime import GoodWeConfigEntry, GoodWeRuntime

# What the vendor's answers say of people besides what tells by its name. Ids and
# serials get pseudonyms, so that one can tell what belongs together.
_PRIVATE = {"account", "uuid"}
_NAMES = {"name", "deviceName", "plantName", "stationName"}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: GoodWeConfigEntry
) -> dict[str, Any]:
    """Return what a report of a fault needs, without a secret."""
    runtime: GoodWeRuntime | None = getattr(entry, "runtime_data", None)
    if runtime is None:  # disabled, or never set up
        try:
            connection = await async_connect_entry(hass, entry)
        except ConfigEntryAuthFailed, ConfigEntryError:
            return {"entry": {"damaged": True}}
        return diagnostics(entry, connection.account, (), session=_session(connection))
    return diagnostics(
        entry,
        runtime.account,
        runtime.coordinators,
        names=_NAMES,
        private=_PRIVATE,
        passing=_passing(runtime),
        session=_session(runtime.connection),
        calls_last_hour=runtime.calls_last_hour(),
        codes=runtime.issues.codes,
        plants={plant.id: _plant(plant) for plant in runtime.plants.values()},
        devices={key: _device(one) for key, one in runtime.devices.items()},
        control=control_diagnostics(
            device.control
            for device in runtime.devices.values()
            if device.control is not None
        ),
    )


def _passing(runtime: GoodWeRuntime) -> dict[str, Any]:
    """Return the documents that are not kept over a restart."""
    return {
        one.document.key: {
            "received_at": one.data.observed_at.isoformat(),
            "raw": one.raw,
        }
        for one in runtime.coordinators
        if one.known and not one.document.stored
    }


def _session(connection: Connection) -> dict[str, Any]:
    """Return how the account is reached; nothing of its session."""
    session = connection.session
    return {
        "logged_in": session.logged_in,
        "logins": session.logins,
        "region": session.region,
    }


def _plant(plant: Plant) -> dict[str, Any]:
    entry = plant.entry
    return {
        "zone": str(plant.zone),
        "zone_told": entry.zone_name or str(entry.offset),
        "created": str(entry.created),
        "permissions": sorted(plant.permissions),
        "flow_nodes": sorted(entry.flow_nodes or ()),
        "has_battery": plant.has_battery,
        "off_grid": plant.off_grid,
        "fresh": plant.fresh,
        "stale": plant.stale,
        "live_connected": plant.live_connected,
        "values": dict(plant.values),
    }


def _device(device: Device) -> dict[str, Any]:
    driver = device.control.driver if device.control is not None else None
    told = getattr(driver, "diagnostics", None)
    return {
        "type": device.type,
        "cls": device.cls,
        "model": device.entry.model or device.told_model,
        "parent": device.entry.parent,
        "storage": device.entry.storage,
        "status": device.entry.status_code,
        "listed": device.listed,
        "fresh": device.fresh,
        "values": dict(device.values),
        "refusal": str(device.refusal) if device.refusal else None,
        # Dialect and menu keys of what controls it
        "functions": told() if callable(told) else None,
    }
