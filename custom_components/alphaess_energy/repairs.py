"""Mends what can be mended by a click."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant

from ._vendor.core.control.manager import ControlManager
from ._vendor.core.ha.end_forced import end_forced_flow
from .account import AlphaEssAccount
from .const import DOMAIN


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow that ends a force of which the end was lost."""

    def managers(account: AlphaEssAccount) -> list[ControlManager]:
        return [
            system.control
            for system in account.systems.values()
            if system.control is not None
        ]

    return end_forced_flow(hass, DOMAIN, data, managers)
