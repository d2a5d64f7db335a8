"""The repair flow for a force of which the end was lost."""

from collections.abc import Callable, Iterable
from typing import override

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlowResult

from ..client.errors import ApiError
from ..control.jobs import Closing
from ..control.manager import ControlManager
from .repairs import anonymous


class EndForcedFlow(ConfirmRepairFlow):
    """Puts a battery back to self-use."""

    def __init__(
        self, device: str, managers: Callable[[], Iterable[ControlManager]]
    ) -> None:
        """``device`` stands for the manager's key among those that are there then."""
        super().__init__()
        self._device, self._managers = device, managers

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        if user_input is None:
            return await super().async_step_confirm()
        try:
            if (manager := self._manager()) is None:
                return self.async_abort(reason="not_loaded")
            await manager.end_forced()
        except Closing:
            return self.async_abort(reason="not_loaded")
        except ApiError as err:
            return self.async_abort(
                reason="not_ended", description_placeholders={"detail": str(err)}
            )
        return self.async_create_entry(data={})

    def _manager(self) -> ControlManager | None:
        return next(
            (
                manager
                for manager in self._managers()
                if anonymous(manager.key) == self._device
            ),
            None,
        )
