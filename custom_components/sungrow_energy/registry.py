"""What stands for plants and devices in Home Assistant (reference section 8.1)."""

from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ._vendor.core.ha.device_tree import DeviceTree
from .const import DOMAIN, MANUFACTURER
from .enums import slug

if TYPE_CHECKING:
    from .device import Device
    from .plant import Plant

HYBRID = 14
# Batteries and what belongs to them hang below the one hybrid inverter of a plant.
BATTERIES = frozenset({23, 24, 43, 44, 52})
_VERSIONS = ("lcd", "m", "mdsp", "system")


class Registry(DeviceTree):
    """The devices of one config entry."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], web_url: str
    ) -> None:
        """Begin with what is registered; ``web_url`` is where people see their plants."""
        super().__init__(hass, entry, DOMAIN)
        self._web_url = web_url

    @property
    def plants(self) -> set[str]:
        """The identifiers of all registered plants."""
        return {key for key in self.identifiers if key.startswith("plant_")}

    def plant_info(self, plant: Plant) -> DeviceInfo:
        """Describe a plant."""
        return DeviceInfo(
            identifiers={(DOMAIN, plant.key)},
            name=plant.name,
            manufacturer=MANUFACTURER,
            model=_words(plant.entry.plant_type, "Plant"),
            entry_type=DeviceEntryType.SERVICE,
            configuration_url=self._web_url,
        )

    def device_info(self, device: Device) -> DeviceInfo:
        """Describe a device; its plant and its inverter are registered."""
        info, plant = device.entry, device.plant
        above = None
        if info.type in BATTERIES:
            hybrids = [one for one in plant.devices if one.type == HYBRID]
            above = hybrids[0].identifier if len(hybrids) == 1 else None
        return DeviceInfo(
            identifiers={(DOMAIN, device.identifier)},
            name=device.name,
            manufacturer=info.manufacturer,
            model=info.model,
            serial_number=info.serial,
            sw_version=next(
                (info.versions[key] for key in _VERSIONS if key in info.versions),
                None,
            ),
            **self.via(above, plant.key),
        )


def name_of(device: Device) -> str:
    """Return what people call it in their app, else its model or what it is."""
    info = device.entry
    return info.name or info.model or _words(slug("device_type", info.type), "Device")


def _words(told: str | None, otherwise: str) -> str:
    return told.replace("_", " ").capitalize() if told else otherwise
