"""The devices of a config entry in Home Assistant's registry, and how they are linked."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo


class DeviceTree:
    """The registered devices of one config entry, by their identifiers."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], domain: str
    ) -> None:
        """Begin with what is registered."""
        self._entry, self._domain = entry, domain
        self._registry = dr.async_get(hass)

    @property
    def identifiers(self) -> set[str]:
        """The identifiers of all that is registered."""
        return {
            identifier for device in self._devices for identifier in self._ids(device)
        }

    @callback
    def add(self, info: DeviceInfo) -> None:
        """Register or update a device before others are linked to it."""
        self._registry.async_get_or_create(config_entry_id=self._entry.entry_id, **info)

    @callback
    def remove(self, identifiers: Iterable[str]) -> None:
        """Remove devices with their entities and what is linked to them only."""
        for identifier in identifiers:
            if (device := self._device(identifier)) is not None:
                self._registry.async_remove_device(device.id)

    def below(self, identifier: str) -> set[str]:
        """Return what is linked to a device, also through others."""
        if (device := self._device(identifier)) is None:
            return set()
        linked: dict[str | None, list[dr.DeviceEntry]] = {}
        for other in self._devices:
            linked.setdefault(other.via_device_id, []).append(other)
        found: set[str] = set()
        waiting = list(linked.pop(device.id, ()))
        while waiting:
            other = waiting.pop()
            found |= self._ids(other)
            waiting.extend(linked.pop(other.id, ()))
        return found

    def via(self, *identifiers: str | None) -> DeviceInfo:
        """Return the link to the first of these that is registered."""
        for identifier in identifiers:
            if identifier and (device := self._device(identifier)) is not None:
                return DeviceInfo(via_device_id=device.id)
        return DeviceInfo()

    @property
    def _devices(self) -> list[dr.DeviceEntry]:
        return dr.async_entries_for_config_entry(self._registry, self._entry.entry_id)

    def _ids(self, device: dr.DeviceEntry) -> set[str]:
        return {key for domain, key in device.identifiers if domain == self._domain}

    def _device(self, identifier: str) -> dr.DeviceEntry | None:
        return self._registry.async_get_device_by_identifier(
            (self._domain, identifier), self._entry.entry_id
        )


class Absences:
    """Counts the lists in a row that were without a thing: one alone may be a slip."""

    def __init__(self, lists: int) -> None:
        """Call a thing gone after so many ``lists`` without it."""
        self._lists = lists
        self._counts: Counter[str] = Counter()

    @property
    def waiting(self) -> set[str]:
        """What the last lists were without, but is not gone yet."""
        return set(self._counts)

    def follow(self, missing: Iterable[str], here: Iterable[str]) -> list[str]:
        """Return which of ``missing`` are gone, after a list with all of ``here``."""
        for key in here:
            self._counts.pop(key, None)
        gone = []
        for key in missing:
            self._counts[key] += 1
            if self._counts[key] >= self._lists:
                del self._counts[key]
                gone.append(key)
        return gone
