"""What the entities of plants and devices have in common."""

from datetime import datetime
from typing import Any, override

from homeassistant.helpers.entity import EntityDescription

from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import BundleEntity
from .device import Device
from .plant import Plant
from .runtime import GoodWeRuntime


class _Entity(BundleEntity[Any]):
    """An entity that looks after each poll and each push of its account.

    What it shows may be made of several answers, and may end without a new one.
    """

    runtime: GoodWeRuntime

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.runtime.async_listen(self._handle_coordinator_update))


class DeviceEntity(_Entity):
    """An entity of a device."""

    def __init__(
        self,
        runtime: GoodWeRuntime,
        device: Device,
        description: EntityDescription,
        *,
        coordinator: BundleCoordinator[Any] | None = None,
    ) -> None:
        """Bind the description to the device."""
        super().__init__(
            coordinator or device.live or device.plant.listing,
            description,
            f"{device.serial}_{description.key}",
        )
        self.runtime, self.device = runtime, device
        self._attr_device_info = device.device_info

    @property
    @override
    def observed_at(self) -> datetime | None:
        return self.device.observed_at

    @property
    @override
    def available(self) -> bool:
        return self.device.shows(self.entity_description.key)


class PlantEntity(_Entity):
    """An entity of a plant."""

    def __init__(
        self,
        runtime: GoodWeRuntime,
        plant: Plant,
        description: EntityDescription,
        *,
        coordinator: BundleCoordinator[Any] | None = None,
    ) -> None:
        """Bind the description to the plant."""
        super().__init__(
            coordinator or plant.live, description, f"{plant.id}_{description.key}"
        )
        self.runtime, self.plant = runtime, plant
        self._attr_device_info = plant.device_info

    @property
    @override
    def observed_at(self) -> datetime | None:
        if self.coordinator is self.plant.live:
            return self.plant.observed_at
        return self.coordinator.observed_at

    @property
    @override
    def available(self) -> bool:
        return self.plant.shows(self.entity_description.key)
