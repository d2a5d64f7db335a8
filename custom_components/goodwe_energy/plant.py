"""One plant of the account: what it is, what is read of it, what its devices add."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.decode import mapping, number
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.coordinator import BundleCoordinator
from .const import (
    ALARM_COUNTS_INTERVAL,
    DEVICES_INTERVAL,
    FLOW_INTERVAL,
    FLOW_INTERVAL_PUSHED,
    FRESH,
    INCOME_INTERVAL,
    INFO_INTERVAL,
    LIFETIME_INTERVAL,
    LIST_MAX_AGE,
    SLOW_MAX_AGE,
    STALE,
    TODAY_INTERVAL,
)
from .documents import set_interval
from .entries import listed_too
from .live.news import FlowNews
from .plant_answers import Lifetime, Today, decode_alarms, decode_today
from .plant_known import known
from .plant_shown import shows
from .plant_values import plant_values
from .plant_years import Years
from .readings import Alarms, Devices, Income, PlantEntry, PlantLive, Value
from .source import PlantSource, optional
from .standstill import Standstill

if TYPE_CHECKING:
    from .device import Device
    from .runtime import GoodWeRuntime

# Less comes from a roof only in the last light
_DUSK_WATTS = 100.0


class Plant:
    """One plant with its documents."""

    def __init__(self, runtime: GoodWeRuntime, entry: PlantEntry, zone: tzinfo) -> None:
        """Prepare what is read of it; nothing is yet. ``entry`` is of the list."""
        self._runtime = runtime
        self.id = self.key = entry.id
        self.entry, self.zone = entry, zone
        self._row = entry
        self.news = FlowNews(lambda: self.zone, lambda: self._oldest)
        # None while nobody tries to have it pushed
        self.live_connected: bool | None = None
        self._values: Mapping[str, Value] = {}
        self._received_at: datetime | None = None
        self._standstill = Standstill()
        self._source = source = PlantSource(runtime.client, entry.id)
        years = Years(self, source, runtime.account)
        self.info: BundleCoordinator[PlantEntry] = self._make(
            "info",
            "plant",
            INFO_INTERVAL,
            optional(lambda: source.info(mapping(self.info.raw))),
            lambda raw, at: driver.info(raw, at, self._row),
            max_age=FRESH,
        )
        self.listing: BundleCoordinator[Devices] = self._make(
            "devices",
            "devices",
            DEVICES_INTERVAL,
            source.devices,
            driver.devices,
            max_age=LIST_MAX_AGE,
            optional=False,
        )
        self.live: BundleCoordinator[PlantLive] = self._make(
            "flow",
            "power flow",
            FLOW_INTERVAL,
            self._fetch_flow,
            self._decode_flow,
            max_age=FRESH,
            optional=False,
            stored=False,
        )
        self.today: BundleCoordinator[Today] = self._make(
            "today",
            "today's energies",
            TODAY_INTERVAL,
            optional(lambda: source.today(self._date())),
            decode_today,
        )
        self.income: BundleCoordinator[Income] = self._make(
            "income",
            "income",
            INCOME_INTERVAL,
            optional(lambda: source.income(self._date())),
            driver.income,
        )
        self.lifetime: BundleCoordinator[Lifetime] = self._make(
            "lifetime",
            "lifetime energies",
            LIFETIME_INTERVAL,
            optional(years.fetch),
            years.decode,
            max_age=LIST_MAX_AGE,
        )
        self.alarms_listing: BundleCoordinator[Alarms] = self._make(
            "alarms",
            "alarms",
            ALARM_COUNTS_INTERVAL,
            optional(source.alarms),
            decode_alarms,
            max_age=FRESH,
        )

    def _make[T: Any](
        self,
        name: str,
        label: str,
        interval: timedelta,
        fetch: Callable[[], Any],
        decode: Callable[[Any, datetime], T],
        *,
        max_age: timedelta = SLOW_MAX_AGE,
        optional: bool = True,
        stored: bool = True,
    ) -> BundleCoordinator[T]:
        documents = self._runtime.documents
        made: BundleCoordinator[T] = documents.make(
            f"{self.id}/{name}",
            label,
            documents.chosen(interval)
            if interval is FLOW_INTERVAL
            else documents.scaled(interval),
            fetch,
            decode,
            max_age=max_age,
            optional=optional,
            stored=stored,
        )
        return made

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """What is read of it beside the first three, the most urgent first."""
        return [self.today, self.alarms_listing, self.lifetime, self.income]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.entry.name

    @property
    def devices(self) -> list[Device]:
        """Its devices."""
        return [d for d in self._runtime.devices.values() if d.plant is self]

    @property
    def permissions(self) -> frozenset[str]:
        """What the account may do with it."""
        return self.entry.permissions

    @property
    def may_write(self) -> bool:
        """Whether the account may change settings (section 6.1)."""
        return self.entry.may_write

    @property
    def may_read_settings(self) -> bool:
        """Whether the account may see settings."""
        return self.entry.may_read_settings

    @property
    def off_grid(self) -> bool | None:
        """Whether it is an island; None if nobody says."""
        return None if self.entry.on_grid is None else not self.entry.on_grid

    @property
    def has_battery(self) -> bool:
        """Whether it has a battery or ever had one."""
        now = self.entry.has_battery is True or any(
            device.cls == "battery" for device in self.devices
        )
        return self._runtime.account.seen(f"{self.key}/has_battery", now)

    @property
    def reading(self) -> PlantLive | None:
        """Its newest powers; None before the first time. See ``fresh``."""
        return self.live.data if self.live.known else None

    @property
    def observed_at(self) -> datetime | None:
        """When its newest powers were true, as the cloud says."""
        return reading.observed_at if (reading := self.reading) is not None else None

    @property
    def dark(self) -> bool:
        """Whether all its inverters sleep, as at night.

        One with a battery does not, nor does one that fell silent in the sun.
        """
        inverters = [one for one in self.devices if one.cls == "inverter"]
        last = self.reading.get("pv_power") if self.reading is not None else None
        return (
            bool(inverters)
            and all(one.asleep and not one.entry.storage for one in inverters)
            and (number(last) or 0.0) <= _DUSK_WATTS
        )

    @property
    def age(self) -> timedelta | None:
        """How long the cloud told nothing new while the plant should send; else None."""
        reading = self.reading
        if reading is None or reading.recorded_at is None or self.dark:
            return None
        return self._standstill.age(dt_util.utcnow())

    @property
    def stale(self) -> bool:
        """Whether the cloud tells what it has not heard anew for long (10.17)."""
        return (age := self.age) is not None and age > self._oldest

    @property
    def stale_for_long(self) -> bool:
        """Whether a person should know of that."""
        return (age := self.age) is not None and age > STALE

    @property
    def fresh(self) -> bool:
        """Whether its powers still say something of the present."""
        at = self._received_at
        if at is None or self.stale:
            return False
        return dt_util.utcnow() - at <= self._oldest

    @property
    def _oldest(self) -> timedelta:
        """How old powers may be, which are polled at a cadence that people choose."""
        return max(FRESH, 3 * self.live.document.interval)

    @property
    def frozen(self) -> bool:
        """Whether the last powers of an evening are told all night."""
        age = self._standstill.age(dt_util.utcnow())
        return self.dark and age is not None and age > self._oldest

    @property
    def values(self) -> Mapping[str, Value]:
        """What is known of it now, by the keys of section 9; counters only rise."""
        return self._values

    @property
    def currency(self) -> str | None:
        """The currency of its incomes."""
        told = self._values.get("currency")
        return told if isinstance(told, str) else None

    @property
    def alarms(self) -> Alarms | None:
        """Its alarms; None if they were never read."""
        return self.alarms_listing.data if self.alarms_listing.known else None

    def shows(self, key: str) -> bool:
        """Whether a value can be shown now."""
        return shows(self, self._runtime.listing, key)

    @property
    def device_info(self) -> DeviceInfo:
        """Describe it to the device registry."""
        return self._runtime.registry.plant_info(self)

    @callback
    def follow(self, row: PlantEntry, zone: tzinfo) -> None:
        """Take over what the list says of it; its information says more."""
        self._row, self.zone = row, zone
        self.renew()

    @callback
    def renew(self) -> None:
        """Put what the list and its information say together."""
        told = self.info.data if self.info.known else None
        self.entry = self._row if told is None else listed_too(told, self._row)

    @callback
    def restore_lists(self) -> None:
        """Know which lists of devices were read before a restart."""
        if self.listing.known:
            self._source.remember(self.listing.raw)

    @callback
    def push(self, raw: Mapping[str, Any], received_at: datetime) -> bool:
        """Take over pushed powers; return whether they are of any use."""
        before = self.news.shown
        if (news := self.news.pushed(raw, received_at)) is None:
            return False
        if news is before:
            self._received_at = received_at
            return True
        try:
            self.live.data = self._decode_flow(news, received_at)
        except ApiError:
            return False
        # The next poll stays where it is: a push each 5 s would else put it off for ever
        self.live.last_update_success = True
        self.live.async_update_listeners()
        return True

    @callback
    def follow_push(self, connected: bool | None) -> None:
        """Poll less often while the powers are pushed."""
        self.live_connected = connected
        documents = self._runtime.documents
        polled = documents.chosen(FLOW_INTERVAL)
        pushed = max(polled, documents.chosen(FLOW_INTERVAL_PUSHED))
        set_interval(self.live, pushed if connected else polled)

    @callback
    def update(self) -> None:
        """Make its values anew of its answers and its devices'."""
        now = known(self, self._runtime.listing, dt_util.now(self.zone))
        found = plant_values(self._runtime.account, self.key, now)
        told = self.reading.get("last_refresh") if self.reading is not None else None
        self._values = found if told is None else {**found, "last_refresh": told}

    def _date(self) -> date:
        return dt_util.now(self.zone).date()

    async def _fetch_flow(self) -> Any:
        return self.news.polled(await self._source.flow(), dt_util.utcnow())

    def _decode_flow(self, raw: Any, received_at: datetime) -> PlantLive:
        """Return the powers; the last ones if an answer is empty by day (section 4)."""
        found = driver.flow(raw, received_at, self.zone, self.entry)
        if found.empty and not self.dark and self.reading is not None:
            return self.reading
        self._received_at = received_at
        sure = found.recorded_at if self.entry.zone_name is not None else None
        moved_at = self._standstill.heard(found.told, received_at, sure)
        return found if moved_at is None else replace(found, observed_at=moved_at)
