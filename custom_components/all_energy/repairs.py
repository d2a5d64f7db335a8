"""Repairs: the restart that an update waits for, and what becomes of changed files."""

from typing import override

from homeassistant.components.homeassistant import SERVICE_HOMEASSISTANT_RESTART
from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .const import CONF_CHOICES, DOMAIN
from .issues import LEAVE, PUT_BACK, RESTART, async_review


class RestartFlow(ConfirmRepairFlow):
    """Restarts Home Assistant, which exchanges what waits for it."""

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, and restart."""
        if user_input is not None:
            try:
                await self.hass.services.async_call(
                    HOMEASSISTANT_DOMAIN, SERVICE_HOMEASSISTANT_RESTART, blocking=True
                )
            except HomeAssistantError as err:
                return self.async_abort(
                    reason="cannot_restart",
                    description_placeholders={"error": str(err)},
                )
        return await super().async_step_confirm(user_input)


class ModifiedFlow(RepairsFlow):
    """Asks what becomes of a folder that somebody changed."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Offer both."""
        issue = ir.async_get(self.hass).async_get_issue(DOMAIN, self.issue_id)
        return self.async_show_menu(
            step_id="init",
            menu_options=[PUT_BACK, LEAVE],
            description_placeholders=issue.translation_placeholders if issue else None,
        )

    async def async_step_put_back(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Put the bundled version back when Home Assistant stops."""
        return await self._choose(PUT_BACK)

    async def async_step_leave(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Leave it as it is."""
        return await self._choose(LEAVE)

    async def _choose(self, choice: str) -> RepairsFlowResult:
        vendor = self.issue_id.partition(".")[2]
        for entry in self.hass.config_entries.async_loaded_entries(DOMAIN):
            choices = {**entry.data.get(CONF_CHOICES, {}), vendor: choice}
            data = {CONF_CHOICES: choices}
            self.hass.config_entries.async_update_entry(entry, data=data)
            await async_review(self.hass, entry)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return what fixes an issue."""
    return RestartFlow() if issue_id == RESTART else ModifiedFlow()
