"""The repair flow for a force of which the end was lost."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..client.errors import ApiError
from ..control.jobs import Closing
from ..control.manager import ControlManager
from .repairs import anonymous


class Controlled(Protocol):
    """Something that may be controlled."""

    @property
    def control(self) -> ControlManager | None:
        """Who takes its orders; None while there is nothing to control."""


class HasDevices(Protocol):
    """An entry at run time with its devices."""

    @property
    def devices(self) -> Mapping[str, Controlled]:
        """Its devices by what identifies them."""


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


def end_forced_flow(
    hass: HomeAssistant,
    domain: str,
    data: Mapping[str, Any] | None,
    managers: Callable[[Any], Iterable[ControlManager]],
) -> RepairsFlow:
    """Return the flow that ends a force of which the end was lost.

    ``managers`` are those of an entry at run time; ``data`` is that of the issue.
    """

    def found() -> list[ControlManager]:
        entries: list[ConfigEntry[Any]] = hass.config_entries.async_loaded_entries(
            domain
        )
        return [one for entry in entries for one in managers(entry.runtime_data)]

    return EndForcedFlow(str((data or {}).get("device")), found)


def device_managers(runtime: HasDevices) -> list[ControlManager]:
    """Return the managers of the devices of an entry that can be controlled."""
    return [
        device.control
        for device in runtime.devices.values()
        if device.control is not None
    ]
