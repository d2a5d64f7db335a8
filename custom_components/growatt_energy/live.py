"""The live documents: one per family with a token, one per device with a login."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
import random
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback

from . import driver
from ._vendor.core.client.decode import integer
from ._vendor.core.ha.coordinator import BundleCoordinator
from .const import (
    ALARMS_INTERVAL,
    CONF_POLL_MINUTES,
    FRESH,
    LIVE_INTERVAL,
    LIVE_OFFSET,
    PANELS_INTERVAL,
    PLANT_INTERVAL,
    POLL_MINUTES,
)
from .counters import guarded
from .families import Family
from .pacing import stretch, turns
from .readings import DeviceEntry, Live, Reading

if TYPE_CHECKING:
    from .runtime import GrowattRuntime


class LiveDocuments:
    """Gives each device the document that its readings are in."""

    def __init__(self, runtime: GrowattRuntime) -> None:
        """Begin without any device."""
        self._runtime = runtime
        self._made: dict[str, BundleCoordinator[Live]] = {}
        self._newest: dict[str, Reading] = {}
        # Each entry asks at its own seconds, the same ones after every start.
        seconds = random.Random(runtime.entry.entry_id).uniform(*LIVE_OFFSET)
        self._offset = timedelta(seconds=round(seconds, 1))

    @property
    def coordinators(self) -> list[BundleCoordinator[Live]]:
        """All live documents."""
        return list(self._made.values())

    def of(self, info: DeviceEntry) -> BundleCoordinator[Live]:
        """Return the document of a device, made at its first use."""
        key = self._key(info)
        if (found := self._made.get(key)) is None:
            found = self._made[key] = self._runtime.documents.make(
                key,
                "live",
                LIVE_INTERVAL + self._offset,
                lambda: self._fetch(key, info.family),
                lambda raw, received_at: self._decode(info.family, raw, received_at),
                max_age=FRESH,
                device=f"The {info.family} device",
            )
        return found

    @callback
    def follow(self) -> list[BundleCoordinator[Live]]:
        """Let go of documents without devices, and adapt how often the others are read.

        Returns those that were let go of; how often a family may be read depends on
        which others there are (reference section 5.2).
        """
        devices = self._runtime.devices.values()
        families = Counter(device.family for device in devices)
        cadence = self._runtime.source.cadence(families)
        longer = self._stretch(families)
        wanted = {self._key(device.entry_info): device.family for device in devices}
        for key, family in wanted.items():
            if key in self._made:
                interval = max(cadence.get(family, LIVE_INTERVAL), self._least) * longer
                offset = self._offset * min(1.0, interval / LIVE_INTERVAL)
                self._runtime.documents.set_interval(self._made[key], interval + offset)
        self._share(families, longer)
        gone = [key for key in self._made if key not in wanted]
        return [self._made.pop(key) for key in gone]

    def _share(self, families: Counter[Family], longer: float) -> None:
        """Have plants and alarms take turns where they share an endpoint."""
        runtime = self._runtime
        plants = PLANT_INTERVAL * longer
        if runtime.source.mode == "token":
            plants = turns(PLANT_INTERVAL, len(runtime.plants))
        for plant in runtime.plants.values():
            runtime.documents.set_interval(plant.summary, plants)
        for device in runtime.devices.values():
            if device.panels is not None:
                runtime.documents.set_interval(device.panels, PANELS_INTERVAL * longer)
            if device.alarms is not None:
                interval = turns(ALARMS_INTERVAL, families[device.family])
                runtime.documents.set_interval(device.alarms, interval)

    def _stretch(self, families: Counter[Family]) -> float:
        if self._runtime.source.mode == "token":
            return 1.0
        panels = sum(d.panels_wanted for d in self._runtime.devices.values())
        plants = len(self._runtime.plants)
        return stretch(families, plants, self._least, panels=panels)

    @property
    def _least(self) -> timedelta:
        """How often a login may be used, as the options have it."""
        if self._runtime.source.mode == "token":
            return timedelta()
        minutes = integer(self._runtime.entry.options.get(CONF_POLL_MINUTES))
        return timedelta(minutes=minutes if minutes in POLL_MINUTES else 0)

    def _key(self, info: DeviceEntry) -> str:
        if self._runtime.source.mode == "token":
            return f"live_{info.family}/live"
        return f"{info.serial}/live"

    async def _fetch(self, key: str, family: Family) -> Any:
        devices = [
            device
            for device in self._runtime.devices.values()
            if self._key(device.entry_info) == key
        ]
        if not devices:
            return {}
        serials = [device.serial for device in devices]
        return await self._runtime.source.live(family, serials, devices[0].plant.id)

    def _decode(self, family: Family, raw: Any, received_at: datetime) -> Live:
        """Return the newest records, also of devices that this answer is without."""
        read = driver.live(raw, received_at, family)
        for serial, reading in read.devices.items():
            self._newest[serial] = self._guard(serial, reading, received_at)
        mine = {
            device.serial
            for device in self._runtime.devices.values()
            if device.family is family
        } | set(read.devices)
        return replace(
            read,
            devices={
                serial: self._newest[serial]
                for serial in mine
                if serial in self._newest
            },
        )

    def _guard(self, serial: str, reading: Reading, received_at: datetime) -> Reading:
        """Return a record whose counters only rise; each record counts once."""
        before = self._newest.get(serial)
        if before is not None and before.observed_at and reading.observed_at:
            if reading.observed_at <= before.observed_at:
                return before
        device = self._runtime.devices.get(serial)
        zone = device.plant.zone if device is not None else None
        at = (reading.observed_at or received_at).astimezone(zone)
        return replace(
            reading,
            values=guarded(self._runtime.account, serial, reading.values, at),
        )
