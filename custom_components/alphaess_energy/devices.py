"""Devices: what they are, and which ones are left over."""

from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ._vendor.core.model import Site
from .api.models import Charger
from .const import DOMAIN, NAME, PORTAL_URL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Devices:
    """The devices of one config entry: account, systems, EV chargers."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Register the account, which the systems are linked to."""
        self._hass, self._entry = hass, entry
        self._registry = dr.async_get(hass)
        self._account_id = self._registry.async_get_or_create(
            config_entry_id=entry.entry_id, **self.account_info
        ).id

    @property
    def account_info(self) -> DeviceInfo:
        """Describe the account."""
        return DeviceInfo(
            identifiers={(DOMAIN, self._entry.entry_id)},
            name="AlphaCloud account",
            manufacturer=NAME,
            entry_type=DeviceEntryType.SERVICE,
            configuration_url=PORTAL_URL,
        )

    def system_info(self, site: Site, *, alone: bool) -> DeviceInfo:
        """Describe a system; ``alone`` if it needs no number in its name."""
        name = f"{NAME} {site.model}" if site.model else NAME
        return DeviceInfo(
            identifiers={(DOMAIN, site.serial)},
            name=name if alone else f"{name} {site.serial[-4:]}",
            manufacturer=NAME,
            model=site.model,
            serial_number=site.serial,
            configuration_url=PORTAL_URL,
            via_device_id=self._account_id,
        )

    def charger_info(self, system: str, charger: Charger, *, alone: bool) -> DeviceInfo:
        """Describe an EV charger of a system that is registered already."""
        name = f"{NAME} {charger.model or 'EV charger'}"
        return DeviceInfo(
            identifiers={(DOMAIN, charger.serial)},
            name=name if alone else f"{name} {charger.serial[-4:]}",
            manufacturer=NAME,
            model=charger.model,
            serial_number=charger.serial,
            via_device_id=dr.async_get_device_id_by_identifier(
                self._hass, (DOMAIN, system), config_entry_id=self._entry.entry_id
            ),
        )

    @callback
    def add_system(self, info: DeviceInfo) -> None:
        """Register a system before its entities: its chargers are linked to it."""
        self._registry.async_get_or_create(config_entry_id=self._entry.entry_id, **info)

    def systems(self) -> set[str]:
        """Return the serials of all registered systems."""
        return self._below(self._account_id)

    def chargers(self, system: str) -> set[str]:
        """Return the serials of all registered chargers of a system."""
        device = self._device(system)
        return self._below(device.id) if device is not None else set()

    @callback
    def remove(self, serials: Iterable[str]) -> None:
        """Remove devices with their entities."""
        for serial in serials:
            if (device := self._device(serial)) is not None:
                self._registry.async_remove_device(device.id)

    @callback
    def remove_sensors(
        self,
        unique_ids: Iterable[str],
        platforms: Sequence[str] = ("sensor", "number"),
    ) -> None:
        """Remove sensors, and numbers that show what sensors could, of a device."""
        entities = er.async_get(self._hass)
        for unique_id in unique_ids:
            for platform in platforms:
                entity_id = entities.async_get_entity_id(platform, DOMAIN, unique_id)
                if entity_id is not None:
                    entities.async_remove(entity_id)

    def _device(self, serial: str) -> dr.DeviceEntry | None:
        return self._registry.async_get_device_by_identifier(
            (DOMAIN, serial), self._entry.entry_id
        )

    def _below(self, device_id: str) -> set[str]:
        return {
            serial
            for device in dr.async_entries_for_config_entry(
                self._registry, self._entry.entry_id
            )
            if device.via_device_id == device_id
            for domain, serial in device.identifiers
            if domain == DOMAIN
        }
