"""One device of a plant: what it is, what is read of it, and who controls it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.util import dt as dt_util

from . import charger_energy, driver, enums
from ._vendor.core.client.decode import mapping
from ._vendor.core.client.errors import UnsupportedError
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.coordinator import BundleCoordinator
from .const import (
    CHARGER_INTERVAL,
    CHARGER_INTERVAL_PLUGGED,
    COUNTERS_INTERVAL,
    FRESH,
    SLOW_MAX_AGE,
    STATIC_INTERVAL,
    TELEMETRY_INTERVAL,
)
from .documents import set_interval
from .hold import device_values, holding, spans_of
from .plant import Plant
from .readings import ChargerLive, DeviceEntry, DeviceLive, Value
from .source import ASLEEP, DeviceSource, optional

if TYPE_CHECKING:
    from .runtime import GoodWeRuntime

_MODE = "INVCurrentWorkMode"
_UNPLUGGED = frozenset({"unplugged", None})


class Device:
    """One device with its documents."""

    def __init__(
        self, runtime: GoodWeRuntime, plant: Plant, entry: DeviceEntry
    ) -> None:
        """Prepare what is read of it; nothing is yet."""
        self._runtime = runtime
        self.plant, self.entry = plant, entry
        self.serial, self.cls = entry.serial, entry.cls
        # Whether the last lists have it
        self.listed = True
        # Who takes orders; None while there is nothing to control
        self.control: ControlManager | None = None
        # Why there is nobody although there could be
        self.refusal: Refusal | None = None
        self._values: Mapping[str, Value] = {}
        self._source = source = DeviceSource(runtime.client, lambda: self.plant.id)
        self.live: BundleCoordinator[DeviceLive] | None = None
        self.counters_listing: BundleCoordinator[DeviceLive] | None = None
        self.mode: BundleCoordinator[DeviceLive] | None = None
        if entry.measured:
            self.live = self._make(
                "live",
                "devices' values",
                TELEMETRY_INTERVAL,
                self._awake(lambda: source.telemetry(self.entry)),
                driver.telemetry,
                max_age=FRESH,
                stored=False,
            )
            self.counters_listing = self._make(
                "counters",
                "devices' counters",
                COUNTERS_INTERVAL,
                self._awake(lambda: source.counters(self.entry)),
                driver.counters,
            )
        elif entry.cls == "charger":
            self.live = self._make(
                "live",
                "chargers' values",
                CHARGER_INTERVAL,
                self._awake(lambda: source.charger(self.entry)),
                self._decode_charger,
                max_age=FRESH,
                stored=False,
            )
        self.information = self._make(
            "information",
            "devices' information",
            STATIC_INTERVAL,
            lambda: source.information(self.entry),
            driver.information,
            max_age=4 * STATIC_INTERVAL,
        )
        if entry.cls == "inverter":
            self.mode = self._make(
                "mode",
                "inverters' modes",
                COUNTERS_INTERVAL,
                self._awake(self._read_mode),
                self._decode_mode,
                max_age=FRESH,
                stored=False,
            )

    def _make(
        self,
        name: str,
        label: str,
        interval: timedelta,
        fetch: Callable[[], Any],
        decode: Callable[[Any, datetime, DeviceEntry], DeviceLive],
        *,
        max_age: timedelta = SLOW_MAX_AGE,
        stored: bool = True,
    ) -> BundleCoordinator[DeviceLive]:
        documents = self._runtime.documents
        made: BundleCoordinator[DeviceLive] = documents.make(
            f"{self.serial}/{name}",
            label,
            documents.scaled(interval),
            optional(fetch, lambda: self.plant.id),
            lambda raw, at: decode(raw, at, self.entry),
            max_age=max_age,
            stored=stored,
        )
        return made

    def _awake(self, fetch: Callable[[], Any]) -> Callable[[], Any]:
        """Return ``fetch`` for what a device that is away does not tell (10.12)."""

        async def asked() -> Any:
            if self.online is False:
                raise UnsupportedError("the device is away", reason=ASLEEP)
            return await fetch()

        return asked

    @property
    def coordinators(self) -> list[BundleCoordinator[DeviceLive]]:
        """All documents that are read of it, the most urgent first."""
        found = (self.live, self.counters_listing, self.information, self.mode)
        return [one for one in found if one is not None]

    @property
    def type(self) -> str:
        """The vendor's type of it."""
        return self.entry.type

    @property
    def name(self) -> str:
        """What people call it."""
        return self.entry.name

    @property
    def zone(self) -> tzinfo:
        """The zone of its plant, in which its times of day are meant."""
        return self.plant.zone

    @property
    def parent(self) -> Device | None:
        """The device that it belongs to."""
        return self._runtime.devices.get(self.entry.parent or "")

    @property
    def batteries(self) -> list[Device]:
        """The batteries of an inverter."""
        return [
            one
            for one in self.plant.devices
            if one.cls == "battery" and one.entry.parent == self.serial
        ]

    @property
    def bat_index(self) -> str | None:
        """What controls of a battery system call it."""
        return self.entry.bat_index

    @property
    def battery_name(self) -> str | None:
        """What a battery system is called where it is written to."""
        return self.entry.battery_name

    @property
    def told_model(self) -> str | None:
        """The model as its information says."""
        return self.information.data.model if self.information.known else None

    @property
    def reading(self) -> DeviceLive | None:
        """What it measured last; None before the first time. See ``fresh``."""
        return self.live.data if self.live is not None and self.live.known else None

    @property
    def values(self) -> Mapping[str, Value]:
        """All that is known of it, by the keys of section 9; counters only rise."""
        return self._values

    @property
    def observed_at(self) -> datetime | None:
        """When what it measured last was received: nobody says when it was true."""
        return reading.observed_at if (reading := self.reading) is not None else None

    @property
    def online(self) -> bool | None:
        """Whether it sends data, None if nobody knows."""
        if not self.listed:
            return False
        if self.entry.online is None and (parent := self.parent) is not None:
            return parent.online
        return self.entry.online

    @property
    def asleep(self) -> bool:
        """Whether it waits for the sun or sends nothing."""
        return self.entry.asleep

    @property
    def fresh(self) -> bool:
        """Whether what it measured last still says something of the present."""
        if self.live is None:
            return self.listed and self.plant.listing.fresh
        return self.online is not False and self.live.fresh and not self.plant.stale

    def shows(self, key: str) -> bool:
        """Whether a value can be shown now."""
        if not self.listed:
            return False
        if key == "status" and self.cls != "charger":
            return self.plant.listing.fresh
        if key in spans_of(self.entry):
            return self._counts(key)
        if key == "energy_total":
            return self.live is not None and self.live.known
        if key == "work_mode_running":
            return self.online is not False
        if self.information.known and key in self.information.data.values:
            return self.information.fresh
        if key in self.entry.values:
            return self.plant.listing.fresh
        if key == "rated_power" and self.counters_listing is not None:
            return self.counters_listing.fresh
        return self.fresh

    def _counts(self, key: str) -> bool:
        """Whether a counter is not one of a period that is over."""
        counters = self.counters_listing
        if counters is None or not counters.fresh or counters.observed_at is None:
            return False
        now, span = dt_util.now(self.zone), spans_of(self.entry)[key]
        if span == "total" or holding(now):
            return True
        return counters.observed_at.astimezone(self.zone).date() == now.date()

    def seen(self, feature: str, now: bool) -> bool:
        """Whether a feature was ever there, also before a restart."""
        return self._runtime.account.seen(f"{self.serial}/has_{feature}", now)

    @property
    def device_info(self) -> DeviceInfo:
        """Describe it to the device registry."""
        return self._runtime.registry.device_info(self)

    @callback
    def follow(self, plant: Plant, entry: DeviceEntry) -> None:
        """Take over what the lists say of it."""
        self.plant, self.entry, self.listed = plant, entry, True

    @callback
    def update(self) -> None:
        """Make its values anew of all that was read."""
        counters, account = self.counters_listing, self._runtime.account
        found = device_values(
            account,
            self.entry,
            dt_util.now(self.zone),
            live=self.reading,
            counters=counters.data if counters is not None and counters.known else None,
            information=self.information.data if self.information.known else None,
        )
        if self.mode is not None and self.mode.known and self.mode.fresh:
            found |= self.mode.data.values
        if isinstance(self.reading, ChargerLive):
            found["energy_total"] = self._charged(self.reading)
        self._values = {key: item for key, item in found.items() if item is not None}

    def _charged(self, reading: ChargerLive) -> float | None:
        """Return what a charger has charged in all (section 9, E)."""
        account, note = self._runtime.account, f"{self.serial}/sessions"
        before = mapping(account.notes.get(note))
        memory = dict(before)
        charger_energy.learn(
            memory, reading.sessions, reading.current, reading.observed_at
        )
        if memory != before:
            account.note(note, memory)
        return charger_energy.total(memory)

    async def _read_mode(self) -> Any:
        """Ask for the work mode, unless who controls the inverter does so anyway."""
        if not (self.plant.entry.may_read_settings and self.entry.storage):
            raise UnsupportedError("not to be read", reason=ASLEEP)
        if self.control is not None and self.control.allowed:
            raise UnsupportedError("read elsewhere", reason=ASLEEP)
        return await self._source.mode(self.entry)

    def _decode_mode(self, raw: Any, at: datetime, entry: DeviceEntry) -> DeviceLive:
        told = mapping(mapping(raw).get(_MODE)).get(_MODE)
        slug = enums.slug("running_mode", told)
        return DeviceLive(
            observed_at=at,
            serial=entry.serial,
            values={"work_mode_running": slug} if slug else {},
        )

    def _decode_charger(self, raw: Any, at: datetime, entry: DeviceEntry) -> DeviceLive:
        found = driver.charger(raw, at, entry, self.zone)
        plugged = found.charging or found.values.get("plug") not in _UNPLUGGED
        if self.live is not None:
            set_interval(
                self.live,
                self._runtime.documents.scaled(
                    CHARGER_INTERVAL_PLUGGED if plugged else CHARGER_INTERVAL
                ),
            )
        return found
