"""Devices: the battery, and the power meters that hang on it."""

from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo

from ._vendor.core.client.decode import text
from .connection import address_of
from .const import CONF_MAC, CONF_SERIAL, DOMAIN, MANUFACTURER, NAME

if TYPE_CHECKING:
    from .api.models import Meter

_METERS = {"production": "production meter", "consumption": "consumption meter"}


class Devices:
    """The devices of one config entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], key: str) -> None:
        """Register the battery, which the meters are linked to."""
        self._entry, self._key = entry, key
        self._software: str | None = None
        self._registry = dr.async_get(hass)
        self._id = self._registry.async_get_or_create(
            config_entry_id=entry.entry_id, **self.battery_info
        ).id

    @property
    def battery_info(self) -> DeviceInfo:
        """Describe the battery."""
        data = self._entry.data
        info = DeviceInfo(
            identifiers={(DOMAIN, self._key)},
            name=self._name,
            manufacturer=MANUFACTURER,
            model=NAME,
            serial_number=text(data.get(CONF_SERIAL)),
            configuration_url=f"{address_of(data).url}/",
        )
        if self._software is not None:
            info["sw_version"] = self._software
        if (mac := text(data.get(CONF_MAC))) is not None:
            info["connections"] = {(dr.CONNECTION_NETWORK_MAC, mac)}
        return info

    def meter_info(self, meter: Meter, *, alone: bool) -> DeviceInfo:
        """Describe a power meter; ``alone`` if no other has its direction."""
        kind = _METERS.get(meter.direction, f"{meter.direction} meter")
        name = f"{self._name} {kind}"
        return DeviceInfo(
            identifiers={(DOMAIN, self.meter_id(meter.key))},
            name=name if alone else f"{name} {meter.device}.{meter.channel}",
            manufacturer=MANUFACTURER,
            model=kind.capitalize(),
            via_device_id=self._id,
        )

    def meter_id(self, meter_key: str) -> str:
        """Return what tells a meter from those of other batteries."""
        return f"{self._key}_meter_{meter_key}"

    @callback
    def set_software(self, version: str | None) -> None:
        """Note which firmware the battery runs now."""
        if version is not None and version != self._software:
            self._software = version
            self._registry.async_update_device(self._id, sw_version=version)

    @property
    def _name(self) -> str:
        serial = text(self._entry.data.get(CONF_SERIAL))
        return f"{NAME} {serial[-4:]}" if serial is not None else NAME
