"""One plant of the account: what it is, what is read of it, what its devices add."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.decode import mapping
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.preference import said_at
from .chains import CONTRIBUTORS, COUNTERS, Known
from .const import FRESH, LIST_MAX_AGE, LISTS_INTERVAL
from .documents import refused
from .plant_values import guarded_values, sources_note
from .points import PLANT_TYPE
from .readings import Devices, Fault, Faults, PlantEntry, PlantLive, PlantsLive, Value
from .registry import BATTERIES, HYBRID

if TYPE_CHECKING:
    from .device import Device
    from .runtime import SungrowRuntime


class Plant:
    """One plant with its documents."""

    def __init__(
        self, runtime: SungrowRuntime, entry: PlantEntry, zone: tzinfo
    ) -> None:
        """Prepare the list of its devices; nothing is read yet."""
        self._runtime = runtime
        self.id = entry.plant_id
        self.key = plant_key(self.id)
        self.entry, self.zone = entry, zone
        self.live: BundleCoordinator[PlantsLive] = runtime.live.plants
        self.faults_listing: BundleCoordinator[Faults] = runtime.faults
        self._values: Mapping[str, Value] = {}
        # The newest of its own points, as of when they were true at first sight
        self._own: tuple[PlantLive, PlantLive] | None = None
        source = runtime.source
        self.listing: BundleCoordinator[Devices] = runtime.documents.make(
            f"{self.key}/devices",
            "devices",
            LISTS_INTERVAL,
            lambda: source.devices(self.id),
            self._decode_devices,
            max_age=LIST_MAX_AGE,
        )

    @callback
    def follow(self, entry: PlantEntry, zone: tzinfo) -> None:
        """Take over what the list says of it."""
        self.entry, self.zone = entry, zone

    @property
    def name(self) -> str:
        """What people call it."""
        return self.entry.name

    @property
    def devices(self) -> list[Device]:
        """Its devices."""
        return [d for d in self._runtime.devices.values() if d.plant is self]

    @property
    def contributors(self) -> list[Device]:
        """The devices whose samples become its values."""
        return [device for device in self.devices if device.type in CONTRIBUTORS]

    @property
    def reading(self) -> PlantLive | None:
        """Its own newest points; None before the first. See ``own_fresh``."""
        return self.live.data.plants.get(self.id) if self.live.known else None

    @property
    def own_observed_at(self) -> datetime | None:
        """When its own newest points were true: as the cloud says, else its devices.

        The cloud tells the points of a plant that it does not hear of any more as if
        they were new (sections 3.4 and 3.5): they are no newer than what its devices
        sent last. As of receipt, where nobody knows that.
        """
        if (reading := self.reading) is None or reading.recorded_at is not None:
            return reading.recorded_at if reading is not None else None
        stamps = []
        for device in self.devices:
            samples = self._runtime.live.of(device.type)
            if samples is not None and not samples.fresh:
                return reading.observed_at
            if samples is not None and device.observed_at is not None:
                stamps.append(device.observed_at)
        return min(reading.observed_at, max(stamps, default=reading.observed_at))

    @property
    def own_fresh(self) -> bool:
        """Whether its own points may still be shown."""
        at = self.own_observed_at
        return self.live.fresh and at is not None and self._recent(at)

    def shows_today(self, key: str) -> bool:
        """Whether a counter of the day is not one of a day that is over.

        One that was said just now stands until the new day's is said.
        """
        at = self.own_observed_at
        if key in COUNTERS:
            at = said_at(self.memory, key, self.zone)
        if at is None:
            return self.fresh
        today = dt_util.now(self.zone).date()
        return at.astimezone(self.zone).date() == today or self._recent(at)

    def _recent(self, at: datetime) -> bool:
        oldest: timedelta = FRESH
        if self.live.known:
            oldest = max(oldest, self.live.document.max_age(self.live.data))
        return dt_util.utcnow() - at <= oldest

    @property
    def observed_at(self) -> datetime | None:
        """When the newest of what its values are made of was true."""
        stamps = [device.observed_at for device in self.contributors]
        known = [at for at in (self.own_observed_at, *stamps) if at is not None]
        return max(known, default=None)

    @property
    def fresh(self) -> bool:
        """Whether anything that its values are made of may still be shown."""
        return self.own_fresh or any(device.fresh for device in self.contributors)

    @property
    def answered(self) -> bool:
        """Whether the cloud still answers for what its values are made of."""
        documents = [self.live, *(device.live for device in self.contributors)]
        return any(document.fresh for document in documents)

    @property
    def values(self) -> Mapping[str, Value]:
        """What is known of it now, by the keys of section 9.1; counters only rise."""
        return self._values

    @property
    def memory(self) -> Mapping[str, Any]:
        """What is remembered of where its values come from; see ``Known``."""
        return mapping(self._runtime.account.notes.get(sources_note(self.key)))

    @property
    def faults(self) -> tuple[Fault, ...] | None:
        """Its open faults, newest first; None if they were never read."""
        if not self.faults_listing.known:
            return None
        found = self.faults_listing.data.faults
        mine = {device.ps_key for device in self.devices}
        return tuple(
            fault
            for fault in found
            if fault.plant_id == self.id or fault.ps_key in mine
        )

    @property
    def has_battery(self) -> bool:
        """Whether it has a battery or ever had one; a hybrid alone is none (6.5)."""
        now = any(
            device.type in BATTERIES
            or (device.type == HYBRID and device.values.get("battery_soc") is not None)
            for device in self.devices
        )
        return self._runtime.account.seen(f"{self.key}/has_battery", now)

    @property
    def device_info(self) -> DeviceInfo:
        """Describe it to the device registry."""
        return self._runtime.registry.plant_info(self)

    @callback
    def update(self) -> None:
        """Make its values anew of its own points and its devices'."""
        samples = [
            (reading, device.fresh)
            for device in self.contributors
            if (reading := device.reading) is not None
        ]
        self._values = guarded_values(
            self._runtime.account,
            self.key,
            Known(
                now=dt_util.now(self.zone),
                plant=self._own_points(),
                plant_fresh=self.own_fresh,
                devices=[sample for sample, fresh in samples if fresh],
                asleep=[sample for sample, fresh in samples if not fresh],
                waiting=self._waiting(),
            ),
            rated_power=self.entry.installed_power,
        )

    def _own_points(self) -> PlantLive | None:
        """Return its own points as of when they were true.

        That stands from the first look on: what its devices send later makes no new
        reading of an old one.
        """
        reading, at = self.reading, self.own_observed_at
        if reading is None or at is None:
            return None
        if self._own is None or self._own[0] is not reading:
            self._own = reading, replace(reading, observed_at=at)
        return self._own[1]

    def _waiting(self) -> frozenset[int]:
        """Return the types of samples that may still be answered for the first time."""
        live = self._runtime.live
        documents = {device.type: live.of(device.type) for device in self.contributors}
        return frozenset(
            kind
            for kind, document in {PLANT_TYPE: self.live, **documents}.items()
            if document is not None and not document.known and not refused(document)
        )

    async def async_shutdown(self) -> None:
        """Read nothing of it any more."""
        await self._runtime.documents.async_drop(self.listing)

    def _decode_devices(self, raw: Any, received_at: datetime) -> Devices:
        found = driver.devices(raw, received_at)
        connection = self._runtime.connection
        number, plant = (
            connection.account.redactor.number,
            connection.hide_plant(self.id),
        )
        for entry in found.devices.values():
            number(entry.serial, f"device {{}} of {plant}")
            number(entry.uuid, f"uuid {{}} of {plant}")
            number(entry.logger, f"logger {{}} of {plant}")
        return found


def plant_key(plant_id: str) -> str:
    """Return what stands for a plant among the identifiers of devices."""
    return f"plant_{plant_id}"
