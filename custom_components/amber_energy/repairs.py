"""Mends what can be mended by a click."""

from typing import override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.core import HomeAssistant


class RemoveSiteFlow(ConfirmRepairFlow):
    """Removes the entry of a site that Amber does not supply any more."""

    def __init__(self, entry_id: str) -> None:
        """Name the entry."""
        super().__init__()
        self._entry_id = entry_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is None:
            return await super().async_step_confirm()
        if self.hass.config_entries.async_get_entry(self._entry_id) is not None:
            await self.hass.config_entries.async_remove(self._entry_id)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,
) -> RepairsFlow:
    """Return the flow that removes the entry of a site without supply."""
    return RemoveSiteFlow(str((data or {}).get("entry_id")))
