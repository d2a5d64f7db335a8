"""The device registry: plants, dataloggers, devices and their batteries (section 8)."""

from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo

from ._vendor.core.ha.device_tree import DeviceTree
from .const import DOMAIN, NAME
from .families import Family

if TYPE_CHECKING:
    from .device import Device, LoggerUnit
    from .plant import Plant

_FAMILY_NAMES = {
    Family.INVERTER: "inverter",
    Family.STORAGE: "storage",
    Family.METER: "meter",
    Family.MAX: "MAX",
    Family.SPH: "SPH",
    Family.SPA: "SPA",
    Family.MIN: "MIN",
    Family.WIT: "WIT",
    Family.SPH_S: "SPH-S",
    Family.NOAH: "NOAH",
}


class Registry(DeviceTree):
    """The devices of one config entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Begin with what is registered."""
        super().__init__(hass, entry, DOMAIN)

    def plant_info(self, plant: Plant) -> DeviceInfo:
        """Describe a plant."""
        return DeviceInfo(
            identifiers={(DOMAIN, plant.key)},
            name=plant.name,
            manufacturer=NAME,
            model="Plant",
        )

    def logger_info(self, unit: LoggerUnit) -> DeviceInfo:
        """Describe a datalogger; its plant is registered."""
        return DeviceInfo(
            identifiers={(DOMAIN, unit.serial)},
            name=f"Datalogger {unit.serial[-4:]}",
            manufacturer=NAME,
            model=unit.info.model,
            serial_number=unit.serial,
            **self.via(unit.plant.key),
        )

    def device_info(self, device: Device) -> DeviceInfo:
        """Describe a device; its plant and its datalogger are registered."""
        info = device.entry_info
        # With Wi-Fi of its own it is its own datalogger
        logger = info.datalogger if info.datalogger != device.serial else None
        return DeviceInfo(
            identifiers={(DOMAIN, device.serial)},
            name=name_of(device),
            manufacturer=NAME,
            model=info.model,
            serial_number=device.serial,
            sw_version=" ".join(info.versions) or None,
            hw_version=info.hardware,
            **self.via(logger, device.plant.key),
        )

    def battery_info(self, device: Device, number: int) -> DeviceInfo:
        """Describe battery ``number`` of a device that is registered."""
        info = device.entry_info
        return DeviceInfo(
            identifiers={(DOMAIN, battery_id(device, number))},
            name=f"{name_of(device)} battery {number}",
            manufacturer=NAME,
            model=info.battery_model,
            serial_number=info.battery_serials.get(number),
            **self.via(device.serial),
        )

    def plants(self) -> set[str]:
        """Return the identifiers of all registered plants."""
        return {key for key in self.identifiers if key.startswith("plant_")}

    def batteries(self, serial: str) -> set[str]:
        """Return the identifiers of all registered batteries of a device."""
        return {key for key in self.below(serial) if key.startswith(f"{serial}_bat")}


def battery_id(device: Device, number: int) -> str:
    """Return what identifies a battery: its inverter's serial stays, packs may change."""
    return f"{device.serial}_bat{number}"


def name_of(device: Device) -> str:
    """Return the name people gave it, else its model with the end of its serial."""
    info = device.entry_info
    if info.alias and info.alias != device.serial:
        return info.alias
    model = info.model or f"{NAME} {_FAMILY_NAMES[device.family]}"
    return f"{model} {device.serial[-4:]}"
