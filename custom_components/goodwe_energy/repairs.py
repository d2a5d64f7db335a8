"""Mends what can be mended by a click."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant

from ._vendor.core.ha.end_forced import device_managers, end_forced_flow
from .const import DOMAIN


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow that ends a force of which the end was lost."""
    return end_forced_flow(hass, DOMAIN, data, device_managers)
