"""What the entities of a battery have in common."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.helpers.entity import EntityDescription

from ._vendor.core.ha.control_entity import ControlDevice
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import BundleEntity
from .const import DOMAIN
from .coordinator import SonnenBattery

type Source = Callable[[SonnenBattery], BundleCoordinator[Any]]


@dataclass(frozen=True, kw_only=True)
class BatteryDescription(EntityDescription):
    """Says which document an entity shows, and when it exists.

    Without ``exists_fn`` it exists as soon as there once was a value. Both functions
    are asked only when the document has been read.
    """

    source: Source
    value_fn: Callable[[SonnenBattery], Any]
    exists_fn: Callable[[SonnenBattery], bool] | None = None

    def exists(self, battery: SonnenBattery) -> bool:
        """Whether the battery has what this entity shows."""
        if not self.source(battery).known:
            return False
        if self.exists_fn is not None:
            return self.exists_fn(battery)
        return battery.seen(self.key, lambda: self.value_fn(battery) is not None)


class BatteryEntity(BundleEntity[Any]):
    """An entity of a battery; without its status nothing of it is shown."""

    def __init__(
        self,
        battery: SonnenBattery,
        coordinator: BundleCoordinator[Any],
        description: EntityDescription,
    ) -> None:
        """Bind the description to the battery."""
        super().__init__(
            coordinator, description, f"{battery.serial}_{description.key}"
        )
        self.battery = battery
        self._attr_device_info = battery.device_info

    @property
    @override
    def available(self) -> bool:
        return super().available and self.battery.live.fresh

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if self.coordinator is not self.battery.live:
            self.async_on_remove(
                self.battery.live.async_add_listener(self._handle_coordinator_update)
            )


def control_device(battery: SonnenBattery) -> ControlDevice | None:
    """Return a battery for its control entities; None if it has none."""
    if (manager := battery.control) is None or not manager.allowed:
        return None
    return ControlDevice(
        domain=DOMAIN,
        serial=battery.serial,
        device_info=battery.device_info,
        manager=manager,
        settings_known=lambda: battery.config.known,
    )
