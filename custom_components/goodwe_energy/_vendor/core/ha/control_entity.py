"""What the entities of a control manager have in common."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription

from ..control.intent import Kind

if TYPE_CHECKING:
    from ..control.manager import ControlManager

FORCES = frozenset({Kind.FORCE_CHARGE, Kind.FORCE_DISCHARGE})
# What *Battery mode* can be told
LEADS = FORCES | {Kind.HOLD}
# What is put back at an end
LEASES = LEADS | {Kind.SET_RESERVE, Kind.SET_EXPORT_LIMIT, Kind.SET_LIMITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlDevice:
    """A device for its control entities; ``serial`` begins their unique ids.

    ``settings_known`` says whether its settings were read yet.
    """

    domain: str
    serial: str
    device_info: DeviceInfo
    manager: ControlManager
    settings_known: Callable[[], bool] = lambda: True


class ControlEntity(Entity):
    """Shows what a manager knows, and writes a state only when it says more."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _written: tuple[Hashable, ...] | None = None

    def __init__(self, device: ControlDevice, description: EntityDescription) -> None:
        """Bind the description to the device."""
        self.device = device
        self.manager = device.manager
        self.entity_description = description
        self._attr_unique_id = f"{device.serial}_{description.key}"
        self._attr_device_info = device.device_info

    @property
    def shown(self) -> Hashable:
        """What people see of this entity."""
        raise NotImplementedError

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._written = (self.available, self.shown)
        self.async_on_remove(self.manager.listen(self._changed))

    @callback
    def _changed(self) -> None:
        now = (self.available, self.shown)
        if now != self._written:
            self._written = now
            self.async_write_ha_state()
