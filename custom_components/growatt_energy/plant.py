"""One plant of the account: what it is, and what is read of it."""

import asyncio
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.decode import mapping, text
from ._vendor.core.ha.coordinator import BundleCoordinator
from .const import (
    DEVICES_INTERVAL,
    LIST_MAX_AGE,
    PENDING_INTERVAL,
    PLANT_FRESH,
    PLANT_INTERVAL,
)
from .counters import guarded
from .inventory_wire import meter_serials
from .readings import Devices, PlantEntry, PlantReading

if TYPE_CHECKING:
    from .device import LoggerUnit
    from .runtime import GrowattRuntime


class Plant:
    """One plant with its documents."""

    def __init__(
        self, runtime: GrowattRuntime, entry_info: PlantEntry, zone: tzinfo
    ) -> None:
        """Prepare the documents; nothing is read yet."""
        self._runtime = runtime
        self.id = entry_info.plant_id
        # All of its settings are read and written at once
        self.writing = asyncio.Lock()
        self.follow(entry_info, zone)
        self._pseudonym = f"plant {len(runtime.plants) + 1}"
        source = runtime.source
        self.summary: BundleCoordinator[PlantReading] = runtime.documents.make(
            f"{self.key}/summary",
            "plant",
            PLANT_INTERVAL,
            lambda: source.plant(self.id),
            self._decode_summary,
        )
        self.listing: BundleCoordinator[Devices] = runtime.documents.make(
            f"{self.key}/devices",
            "devices",
            DEVICES_INTERVAL,
            lambda: source.devices(self.id),
            self._decode_devices,
            max_age=LIST_MAX_AGE,
        )

    def follow(self, entry_info: PlantEntry, zone: tzinfo) -> None:
        """Take over what the list says of it; its zone may become known later."""
        self.entry_info, self.zone = entry_info, zone
        self._runtime.source.set_zone(self.id, zone)

    @property
    def zone_name(self) -> str | None:
        """What the vendor calls its zone; None if it has not told."""
        return zone_name(self._runtime, self.entry_info)

    @property
    def name(self) -> str:
        """What people call it."""
        return self.entry_info.name

    @property
    def currency(self) -> str | None:
        """The ISO code of its money, as far as it is known."""
        told = self.summary.data.currency if self.summary.known else None
        return told or self.entry_info.currency

    @property
    def observed_at(self) -> datetime | None:
        """When its sums were true: as the cloud says, else that of receipt."""
        if not self.summary.known:
            return None
        return self.summary.data.last_update or self.summary.data.observed_at

    @property
    def fresh(self) -> bool:
        """Whether what it does now may still be shown; its sums stand for longer.

        It was read 45 minutes ago at most; more only where it is read so seldom.
        """
        if not self.summary.known:
            return False
        oldest = max(PLANT_FRESH, self.summary.document.interval + PLANT_FRESH / 2)
        return dt_util.utcnow() - self.summary.data.observed_at <= oldest

    @property
    def key(self) -> str:
        """What stands for it in unique ids and device identifiers."""
        return self._runtime.plant_key(self.id)

    @property
    def loggers(self) -> dict[str, LoggerUnit]:
        """Its dataloggers by serial."""
        loggers = self._runtime.loggers
        return {key: unit for key, unit in loggers.items() if unit.plant is self}

    @property
    def device_info(self) -> DeviceInfo:
        """Describe the plant to the device registry."""
        return self._runtime.registry.plant_info(self)

    async def async_shutdown(self) -> None:
        """Read nothing of it any more."""
        await self._runtime.documents.async_drop(self.summary)
        await self._runtime.documents.async_drop(self.listing)

    def _decode_summary(self, raw: Any, received_at: datetime) -> PlantReading:
        reading = driver.plant(raw, received_at)
        if reading.zone is not None and self.entry_info.zone is None:
            self._runtime.account.note(_zone_note(self.key), reading.zone)
        at = (reading.last_update or received_at).astimezone(self.zone)
        values = guarded(self._runtime.account, self.key, reading.values, at)
        return replace(reading, values=values)

    def _decode_devices(self, raw: Any, received_at: datetime) -> Devices:
        found = driver.devices(raw, received_at)
        self._read_again(soon=mapping(raw).get("pending") is True)
        number = self._runtime.account.redactor.number
        for entry in found.devices.values():
            number(entry.serial, f"device {{}} of {self._pseudonym}")
            for serial in entry.battery_serials.values():
                number(serial, f"battery {{}} of {self._pseudonym}")
        for serial in found.loggers:
            number(serial, f"datalogger {{}} of {self._pseudonym}")
        for serial in found.unserved:
            number(serial, f"other device {{}} of {self._pseudonym}")
        for serial in meter_serials(mapping(raw)):
            number(serial, f"meter {{}} of {self._pseudonym}")
        return found

    def _read_again(self, *, soon: bool) -> None:
        """Choose when the list is read again: ``soon`` if it lacks something now."""
        interval = PENDING_INTERVAL if soon else DEVICES_INTERVAL
        self._runtime.documents.set_interval(self.listing, interval)
        self.listing.update_interval = self.listing.document.interval


def zone_name(runtime: GrowattRuntime, info: PlantEntry) -> str | None:
    """Return what the list of plants calls a zone, else what its sums have told."""
    note = _zone_note(runtime.plant_key(info.plant_id))
    return info.zone or text(runtime.account.notes.get(note))


def _zone_note(key: str) -> str:
    return f"{key}/zone"
