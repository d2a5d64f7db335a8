"""Mends what can be mended by a click."""

from typing import Any, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.core import HomeAssistant

from ._vendor.core.client.errors import ApiError
from ._vendor.core.control.jobs import Closing
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.ha.repairs import anonymous
from .account import AlphaEssConfigEntry
from .const import DOMAIN


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow that ends a force of which the end was lost."""
    return EndForcedFlow(str((data or {}).get("device")))


class EndForcedFlow(ConfirmRepairFlow):
    """Puts the battery back to self-use."""

    def __init__(self, device: str) -> None:
        """``device`` stands for the manager's key."""
        super().__init__()
        self._device = device

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is None:
            return await super().async_step_confirm()
        try:
            if (manager := _manager(self.hass, self._device)) is None:
                return self.async_abort(reason="not_loaded")
            await manager.end_forced()
        except Closing:
            return self.async_abort(reason="not_loaded")
        except ApiError as err:
            return self.async_abort(
                reason="not_ended", description_placeholders={"detail": str(err)}
            )
        return self.async_create_entry(data={})


def _manager(hass: HomeAssistant, device: str) -> ControlManager | None:
    entries: list[AlphaEssConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    return next(
        (
            system.control
            for entry in entries
            for system in entry.runtime_data.systems.values()
            if system.control is not None and anonymous(system.control.key) == device
        ),
        None,
    )
