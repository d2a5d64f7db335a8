"""Mends what can be mended by a click."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant

from ._vendor.core.control.manager import ControlManager
from ._vendor.core.ha.end_forced import EndForcedFlow
from .const import DOMAIN
from .runtime import SungrowConfigEntry


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow that ends a force of which the end was lost."""

    def managers() -> list[ControlManager]:
        entries: list[SungrowConfigEntry] = hass.config_entries.async_loaded_entries(
            DOMAIN
        )
        return [
            device.control
            for entry in entries
            for device in entry.runtime_data.devices.values()
            if device.control is not None
        ]

    return EndForcedFlow(str((data or {}).get("device")), managers)
