"""The leases of one integration on disk, all devices in one file."""

import asyncio
from collections.abc import Mapping
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import Store

from ..control.lease import LeaseNotSaved

_LOGGER = logging.getLogger(__name__)
_VERSION = 1


class HassLeaseStore:
    """Saves atomically, one change after the other, and looks whether it is there.

    ``Store.async_save`` raises nothing when the disk refuses, and a save that is
    cancelled goes on in its thread; so whoever calls must not be cancelled.
    """

    def __init__(self, hass: HomeAssistant, domain: str) -> None:
        """Name the file; nothing is read yet."""
        self._hass = hass
        self._store: Store[dict[str, Any]] = Store(
            hass, _VERSION, f"{domain}.leases", private=True, atomic_writes=True
        )
        self._lock = asyncio.Lock()
        self._records: dict[str, Any] = {}
        self._usable = True

    async def async_load(self) -> None:
        """Read what an earlier run has left; a damaged file is as if there were none.

        A file of a newer version is left alone: then nothing can be leased.
        """
        try:
            stored = await self._store.async_load()
        except HomeAssistantError as err:
            self._usable = False
            _LOGGER.warning("The file of leases cannot be used: %s", err)
            return
        except Exception as err:  # noqa: BLE001 - whatever stands in the file
            _LOGGER.warning("The file of leases is damaged (%s)", type(err).__name__)
            return
        if isinstance(stored, dict):
            self._records = {
                key: record
                for key, record in stored.items()
                if isinstance(record, dict) and isinstance(record.get("leases"), dict)
            }

    def keys(self, owner: str) -> list[str]:
        """Return the devices for which an owner has something to put back."""
        return [
            key
            for key, record in self._records.items()
            if record.get("owner") == owner and record.get("leases")
        ]

    def get(self, key: str) -> Mapping[str, Any] | None:
        """Return what is stored for a device."""
        record: dict[str, Any] | None = self._records.get(key)
        return record

    async def begin(self, key: str, record: Mapping[str, Any]) -> None:
        """Return only when the record is on disk. Raises ``LeaseNotSaved``."""
        async with self._lock:
            if not self._usable:
                raise LeaseNotSaved("the file is of a newer version")
            if self._hass.is_stopping:
                raise LeaseNotSaved("Home Assistant is stopping")
            records = {**self._records, key: dict(record)}
            await self._store.async_save(records)
            if await self._store.async_load() != records:
                raise LeaseNotSaved("the disk did not take it")
            self._records = records

    async def update(self, key: str, record: Mapping[str, Any] | None) -> None:
        """Change or forget; while Home Assistant stops with its final writes."""
        async with self._lock:
            if not self._usable:
                return
            records = {k: v for k, v in self._records.items() if k != key}
            if record is not None:
                records[key] = dict(record)
            self._records = records
            await self._store.async_save(records)
