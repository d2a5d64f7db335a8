"""What the entities of devices, plants and dataloggers have in common."""

from datetime import datetime
from typing import Any, override

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.util import dt as dt_util

from ._vendor.core.ha.control_entity import ControlDevice
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.entity import BundleEntity
from .const import DOMAIN
from .describe import WHOLE, Lasting
from .device import Device
from .families import Family
from .plant import Plant


def info_of(device: Device, pack: int | None) -> DeviceInfo:
    """Return the device that an entity belongs to: an inverter or one of its batteries.

    What is told of all its batteries together is shown with the first one. A NOAH is a
    battery itself.
    """
    if pack is None or (pack == WHOLE and device.family is Family.NOAH):
        return device.device_info
    return device.battery_info(pack or 1)


class DeviceEntity(BundleEntity[Any]):
    """An entity of a device, which shows its newest record."""

    lasting = Lasting.LIVE

    def __init__(
        self,
        device: Device,
        description: EntityDescription,
        *,
        coordinator: BundleCoordinator[Any] | None = None,
        pack: int | None = None,
    ) -> None:
        """Bind the description to the device; it follows the live document."""
        super().__init__(
            coordinator or device.live,
            description,
            f"{device.serial}_{description.key}",
        )
        self.device = device
        self._attr_device_info = info_of(device, pack)

    @property
    @override
    def observed_at(self) -> datetime | None:
        return self.device.observed_at

    @property
    @override
    def available(self) -> bool:
        """Whether the value still holds.

        A device that sleeps sends no new record: its counters stand, those of the day
        until the plant's day ends.
        """
        if self.lasting is Lasting.LIVE:
            return self.device.fresh
        if not self.device.live.fresh or (at := self.device.observed_at) is None:
            return False
        if self.lasting is Lasting.TOTAL or self.device.fresh:
            return True
        zone = self.device.plant.zone
        return at.astimezone(zone).date() == dt_util.now(zone).date()


class PlantEntity(BundleEntity[Any]):
    """An entity of a plant, which shows the cloud's sums."""

    def __init__(self, plant: Plant, description: EntityDescription) -> None:
        """Bind the description to the plant."""
        super().__init__(plant.summary, description, f"{plant.key}_{description.key}")
        self.plant = plant
        self._attr_device_info = plant.device_info


def control_device(device: Device) -> ControlDevice | None:
    """Return a device for its control entities; None if it has none."""
    if (manager := device.control) is None or not manager.allowed:
        return None
    return ControlDevice(
        domain=DOMAIN,
        serial=device.serial,
        device_info=device.device_info,
        manager=manager,
        settings_known=lambda: device.settings.known,
    )
