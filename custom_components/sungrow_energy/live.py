"""The documents of samples: one of all plants, one of all devices of each type."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback

from . import counters, driver
from ._vendor.core.client.decode import integer
from ._vendor.core.ha.coordinator import BundleCoordinator
from .const import (
    CONF_POLL_SECONDS,
    FRESH,
    POLL_SECONDS,
    POLL_SECONDS_MAX,
    POLL_SECONDS_MIN,
)
from .documents import next_poll
from .points import HOME_MANAGER_TYPE, TABLES
from .readings import DeviceLive, Live, PlantLive, PlantsLive

if TYPE_CHECKING:
    from .runtime import SungrowRuntime

PLANTS_LIVE = "plants/live"


class LiveDocuments:
    """Knows which samples are read, and keeps the newest of each plant and device."""

    def __init__(self, runtime: SungrowRuntime) -> None:
        """Begin with the plants; a type's document comes with its first device."""
        self._runtime = runtime
        self._interval = timedelta(seconds=_poll_seconds(runtime.entry.options))
        self._made: dict[int, BundleCoordinator[Live]] = {}
        self._newest: dict[str, DeviceLive] = {}
        self._plants: dict[str, PlantLive] = {}
        self.plants: BundleCoordinator[PlantsLive] = runtime.documents.make(
            PLANTS_LIVE,
            "plants' values",
            self._interval,
            self._fetch_plants,
            self._decode_plants,
            max_age=FRESH,
            optional=True,
        )

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents of samples."""
        return [self.plants, *self._made.values()]

    def of(self, device_type: int) -> BundleCoordinator[Live] | None:
        """Return the document of a type; None if it has no points or no device."""
        return self._made.get(device_type)

    @callback
    def follow(self) -> list[BundleCoordinator[Live]]:
        """Make what is lacking for the devices; return the documents of no device."""
        wanted = {device.type for device in self._runtime.devices.values()}
        for kind in sorted(wanted - set(self._made)):
            if kind in TABLES or kind == HOME_MANAGER_TYPE:
                self._made[kind] = self._make(kind)
        return [self._made.pop(kind) for kind in set(self._made) - wanted]

    def _make(self, kind: int) -> BundleCoordinator[Live]:
        coordinator: BundleCoordinator[Live] = self._runtime.documents.make(
            f"type_{kind}/live",
            "devices' values",
            self._interval,
            lambda: self._fetch(kind),
            lambda raw, received_at: self._decode(kind, raw, received_at),
            max_age=FRESH,
        )
        return coordinator

    async def _fetch_plants(self) -> Any:
        """Ask for the plants that the account still has."""
        listed = self._runtime.listing.data.plants
        return await self._runtime.source.plants_live(
            [key for key in self._runtime.plants if key in listed]
        )

    async def _fetch(self, kind: int) -> Any:
        return await self._runtime.source.live(
            kind,
            [
                device.ps_key
                for device in self._runtime.devices.values()
                if device.type == kind
            ],
        )

    def _decode_plants(self, raw: Any, received_at: datetime) -> PlantsLive:
        """Return the newest points, also of plants that this answer is without."""
        read = driver.plants_live(raw, received_at, self._runtime.zone_of)
        self._plants.update(read.plants)
        recorded = [
            plant.recorded_at
            for plant in read.plants.values()
            if plant.recorded_at is not None
        ]
        self._plan(self.plants, max(recorded, default=None), received_at)
        return replace(read, plants=dict(self._plants))

    def _decode(self, kind: int, raw: Any, received_at: datetime) -> Live:
        """Return the newest samples, also of devices that this answer is without."""
        read = driver.live(raw, received_at, kind, self._runtime.zone_of)
        for ps_key, sample in read.devices.items():
            self._newest[ps_key] = self._guard(ps_key, sample, received_at)
        stamps = [
            sample.observed_at
            for sample in read.devices.values()
            if sample.observed_at is not None
        ]
        if (coordinator := self._made.get(kind)) is not None:
            self._plan(coordinator, max(stamps, default=None), received_at)
        return replace(
            read,
            devices={
                ps_key: sample
                for ps_key, sample in self._newest.items()
                if sample.type == kind
            },
        )

    def _guard(
        self, ps_key: str, sample: DeviceLive, received_at: datetime
    ) -> DeviceLive:
        """Return a sample whose counters only rise; each sample counts once."""
        before = self._newest.get(ps_key)
        if before is not None and before.observed_at and sample.observed_at:
            if sample.observed_at < before.observed_at:
                return before
            if sample.observed_at == before.observed_at:
                return replace(before, online=sample.online, fault=sample.fault)
        runtime = self._runtime
        device = next((d for d in runtime.devices.values() if d.ps_key == ps_key), None)
        owner = device.identifier if device is not None else ps_key
        zone = runtime.zone_of(device.plant.id if device is not None else None)
        at = (sample.observed_at or received_at).astimezone(zone)
        return replace(
            sample,
            values=counters.guarded(
                runtime.account,
                owner,
                sample.type,
                sample.values,
                at,
                rated_power=device.entry.rated_power if device is not None else None,
            ),
        )

    def _plan(
        self,
        coordinator: BundleCoordinator[Any],
        newest: datetime | None,
        received_at: datetime,
    ) -> None:
        """Have the next poll shortly after the next upload."""
        coordinator.update_interval = next_poll(newest, received_at, self._interval)


def _poll_seconds(options: Mapping[str, Any]) -> int:
    chosen = integer(options.get(CONF_POLL_SECONDS))
    if chosen is None:
        return POLL_SECONDS
    return min(max(chosen, POLL_SECONDS_MIN), POLL_SECONDS_MAX)
