"""One device of a plant: what it is, what is read of it, and who controls it."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.util import dt as dt_util

from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.coordinator import BundleCoordinator
from .const import FRESH
from .plant import Plant
from .readings import DeviceEntry, DeviceLive, Devices, Live, Value
from .registry import name_of

if TYPE_CHECKING:
    from .runtime import SungrowRuntime


class Device:
    """One device; its samples are in the document of its type."""

    def __init__(
        self, runtime: SungrowRuntime, plant: Plant, entry: DeviceEntry
    ) -> None:
        """Name it and its plant."""
        self._runtime = runtime
        self.plant, self.entry = plant, entry
        self.identifier, self.type = entry.identifier, entry.type
        # Who takes orders; None while there is nothing to control
        self.control: ControlManager | None = None
        # Why there is nobody although there could be
        self.refusal: Refusal | None = None

    @property
    def ps_key(self) -> str:
        """What names it where data is read."""
        return self.entry.ps_key

    @property
    def uuid(self) -> str:
        """What names it where it is controlled."""
        return self.entry.uuid

    @property
    def serial(self) -> str | None:
        """Its serial number."""
        return self.entry.serial

    @property
    def name(self) -> str:
        """What people call it."""
        return name_of(self)

    @property
    def zone(self) -> tzinfo:
        """The zone of its plant, in which its times of day are meant."""
        return self.plant.zone

    @property
    def live(self) -> BundleCoordinator[Any]:
        """The document that its samples are in; the list of devices if it has none."""
        return self._samples or self.plant.listing

    @property
    def list_coordinator(self) -> BundleCoordinator[Devices]:
        """The list that it is in."""
        return self.plant.listing

    @property
    def reading(self) -> DeviceLive | None:
        """The newest sample; None before the first one. See ``fresh``."""
        samples = self._samples
        if samples is None or not samples.known:
            return None
        return samples.data.devices.get(self.ps_key)

    @property
    def values(self) -> Mapping[str, Value]:
        """The newest sample's values by key; its counters only rise."""
        return reading.values if (reading := self.reading) is not None else {}

    @property
    def observed_at(self) -> datetime | None:
        """When the newest sample was made, as the device says."""
        return reading.observed_at if (reading := self.reading) is not None else None

    @property
    def fresh(self) -> bool:
        """Whether the newest sample still says something of the present."""
        at, samples = self.observed_at, self._samples
        if at is None or samples is None or not samples.fresh:
            return False
        oldest = max(FRESH, samples.document.max_age(samples.data))
        return dt_util.utcnow() - at <= oldest

    @property
    def online(self) -> bool | None:
        """Whether the cloud reaches it: as its newest sample says, else the list."""
        told = self._newest
        return told.online if told and told.online is not None else self.entry.online

    @property
    def problem(self) -> bool | None:
        """Whether it has a fault or an alarm; None if nobody knows."""
        told = self._newest
        fault = told.fault if told and told.fault is not None else self.entry.fault
        return None if fault is None else fault != "normal"

    def seen(self, feature: str, now: bool) -> bool:
        """Whether a feature was ever there, also before a restart."""
        return self._runtime.account.seen(f"{self.identifier}/has_{feature}", now)

    @property
    def device_info(self) -> DeviceInfo:
        """Describe it to the device registry."""
        return self._runtime.registry.device_info(self)

    @property
    def _samples(self) -> BundleCoordinator[Live] | None:
        return self._runtime.live.of(self.type)

    @property
    def _newest(self) -> DeviceLive | None:
        """The newest sample, unless the list is newer."""
        samples, listing = self._samples, self.plant.listing
        if samples is None or not samples.known:
            return None
        if listing.known and listing.data.observed_at > samples.data.observed_at:
            return None
        return self.reading
