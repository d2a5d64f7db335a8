"""What the entities of plants and devices have in common."""

from datetime import datetime
from typing import Any, override

from homeassistant.helpers.entity import EntityDescription
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import BundleEntity
from .describe import Lasting
from .device import Device
from .plant import Plant
from .runtime import SungrowRuntime


class DeviceEntity(BundleEntity[Any]):
    """An entity of a device, which shows its newest sample."""

    lasting = Lasting.LIVE

    def __init__(
        self,
        device: Device,
        description: EntityDescription,
        identity: str | None = None,
        *,
        coordinator: BundleCoordinator[Any] | None = None,
    ) -> None:
        """Bind the description to the device; ``identity`` ends the unique id."""
        super().__init__(
            coordinator or device.live,
            description,
            f"{device.ps_key}_{identity or description.key}",
        )
        self.device = device
        self._attr_device_info = device.device_info

    @property
    @override
    def observed_at(self) -> datetime | None:
        return self.device.observed_at

    @property
    @override
    def available(self) -> bool:
        """Whether the value still holds.

        A device that sleeps sends no new sample: its counters stand, those of the day
        until the plant's day ends.
        """
        if self.lasting is Lasting.LIVE:
            return self.device.fresh
        if not self.device.live.fresh or (at := self.device.observed_at) is None:
            return False
        if self.lasting is Lasting.TOTAL or self.device.fresh:
            return True
        return same_day(at, self.device.plant)


class PlantEntity(BundleEntity[Any]):
    """An entity of a plant.

    What it shows may be made of its devices' samples, so it looks after each poll.
    """

    def __init__(
        self,
        runtime: SungrowRuntime,
        plant: Plant,
        description: EntityDescription,
        identity: str | None = None,
        *,
        coordinator: BundleCoordinator[Any] | None = None,
    ) -> None:
        """Bind the description to the plant; ``identity`` ends the unique id."""
        super().__init__(
            coordinator or plant.live,
            description,
            f"{plant.id}_{identity or description.key}",
        )
        self.runtime, self.plant = runtime, plant
        self._attr_device_info = plant.device_info

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.runtime.async_listen(self._handle_coordinator_update))


def same_day(at: datetime, plant: Plant) -> bool:
    """Tell whether a moment is of the plant's present day."""
    return at.astimezone(plant.zone).date() == dt_util.now(plant.zone).date()
