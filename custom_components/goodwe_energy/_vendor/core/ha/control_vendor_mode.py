"""*Battery mode* of a device that has modes of its own beside the words of control.md."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import override

from homeassistant.components.select import SelectEntityDescription
from homeassistant.core import CALLBACK_TYPE

from ..control.intent import SetMode
from .control_calls import async_execute
from .control_entity import ControlDevice
from .control_mode import BatteryMode


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorModes:
    """The vendor's own modes, by the names that ``SetMode`` takes.

    ``offered`` are those that can be selected now, ``current`` is the one that was
    read; None if it is self-use, or has no name. ``listen`` calls after each reading.
    """

    offered: Callable[[], Sequence[str]]
    current: Callable[[], str | None]
    known: Callable[[], bool]
    listen: Callable[[CALLBACK_TYPE], CALLBACK_TYPE]


class VendorBatteryMode(BatteryMode):
    """What the battery does by order, or else in which of its modes it is."""

    def __init__(
        self,
        device: ControlDevice,
        description: SelectEntityDescription,
        modes: VendorModes,
    ) -> None:
        """Bind the description to the device."""
        super().__init__(device, description)
        self._modes = modes

    @property
    @override
    def options(self) -> list[str]:
        return [*super().options, *self._modes.offered()]

    @property
    @override
    def current_option(self) -> str | None:
        option = super().current_option
        if option is None or self.manager.mode is not None:
            return option
        if not self._modes.known():
            return None
        return self._modes.current() or option

    @property
    @override
    def shown(self) -> Hashable:
        return (self.current_option, tuple(self.options))

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self._modes.listen(self._changed))

    @override
    async def async_select_option(self, option: str) -> None:
        if option not in self._modes.offered():
            await super().async_select_option(option)
            return
        domain, intent = self.device.domain, SetMode(mode=option)
        await async_execute(self.hass, domain, self.manager, intent)
