"""What stands for plants and devices in Home Assistant (reference section 8)."""

from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ._vendor.core.client.decode import text
from ._vendor.core.ha.device_tree import DeviceTree
from .const import DOMAIN, MANUFACTURER, PORTAL_URL

if TYPE_CHECKING:
    from .device import Device
    from .plant import Plant
    from .runtime import GoodWeRuntime


class Registry(DeviceTree):
    """The devices of one config entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[GoodWeRuntime]) -> None:
        """Begin with what is registered."""
        super().__init__(hass, entry, DOMAIN)
        self._all = dr.async_get(hass)
        self._entry_id = entry.entry_id

    @property
    def plants(self) -> set[str]:
        """The identifiers of all registered plants."""
        return {
            key
            for device in dr.async_entries_for_config_entry(self._all, self._entry_id)
            if device.entry_type is DeviceEntryType.SERVICE
            for domain, key in device.identifiers
            if domain == DOMAIN
        }

    def name(self, identifier: str) -> str | None:
        """Return what people call something that is registered."""
        if (device := self._device(identifier)) is None:
            return None
        return device.name_by_user or device.name

    def plant_info(self, plant: Plant) -> DeviceInfo:
        """Describe a plant."""
        return DeviceInfo(
            identifiers={(DOMAIN, plant.key)},
            name=plant.name,
            manufacturer=MANUFACTURER,
            model="SEMS+ plant",
            entry_type=DeviceEntryType.SERVICE,
            configuration_url=PORTAL_URL,
        )

    def device_info(self, device: Device) -> DeviceInfo:
        """Describe a device; its plant and its parent are registered."""
        entry = device.entry
        return DeviceInfo(
            identifiers={(DOMAIN, device.serial)},
            name=entry.name,
            manufacturer=entry.manufacturer,
            model=entry.model or device.told_model,
            serial_number=device.serial,
            sw_version=text(device.values.get("firmware")),
            configuration_url=PORTAL_URL,
            **self.via(entry.parent, device.plant.key),
        )
