"""What is read of one system, and how often."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from . import driver
from ._vendor.core.client.clock import Clock
from ._vendor.core.client.errors import ApiError
from ._vendor.core.control.intent import SelfUse
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.coordinator import (
    MISSED_POLLS,
    BundleCoordinator,
    Document,
    Reachability,
)
from ._vendor.core.ha.history_import import HistoryImport
from ._vendor.core.model import DayEnergy, Power, Site, Snapshot, Summary
from .api.client import AlphaEssClient
from .api.models import Charger
from .const import (
    CHARGER_INTERVAL,
    CHARGERS_INTERVAL,
    CHARGERS_MAX_AGE,
    DOMAIN,
    ENERGY_INTERVAL,
    GRACE,
    HOUSEHOLD_INTERVAL,
    MISSING_LISTS,
    NAME,
    RECORDS_INTERVAL,
    SETTINGS_INTERVAL,
    SLOW_MAX_AGE,
    SUMMARY_INTERVAL,
)
from .daily import DailySource
from .live import LiveSource
from .past import PastSource, gap
from .settings_source import SettingsSource


class AlphaEssSystem:
    """One system of the account with its documents."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        *,
        site: Site,
        sites: BundleCoordinator[driver.Sites],
        account: Account,
        client: AlphaEssClient,
        clock: Clock,
        zone: tzinfo,
        pseudonym: str,
        live_interval: timedelta,
        reachability: Reachability,
        on_error: Callable[[str, ApiError | None], None],
    ) -> None:
        """Prepare the documents; nothing is read yet."""
        self.site = site
        self.sites = sites
        self.serial = site.serial
        self.zone = zone
        self.unbound = False  # by our own action, so nobody needs to be told
        self.known_chargers: dict[str, Charger] = {}
        self.charger_states: dict[str, BundleCoordinator[driver.ChargerState]] = {}
        self._missing_chargers: dict[str, int] = {}
        # Who takes orders; None while there is nothing to control
        self.control: ControlManager | None = None
        self.household_control: ControlManager | None = None
        self.charger_controls: dict[str, ControlManager] = {}
        # Why there is nobody although there could be
        self.refusal: Refusal | None = None
        self._hass, self._entry = hass, entry
        self._account, self._client, self._clock = account, client, clock
        self._live_interval = live_interval
        self._pseudonym = pseudonym
        self._on_error = on_error
        self._reachability = reachability
        self._live_source = LiveSource(self.serial, account, client, clock, zone)
        self._daily = DailySource(self.serial, account, client, self._vendor_now, zone)
        self._settings_source = SettingsSource(self.serial, account, client, clock)
        self._past = PastSource(hass, site, client, clock, zone)

        self.live: BundleCoordinator[Power] = self._document(
            "live",
            live_interval,
            self._live_source.fetch,
            self._live_source.decode,
            max_age=self._live_max_age,
        )
        self.settings: BundleCoordinator[driver.Settings] = self._document(
            "settings", SETTINGS_INTERVAL, self._settings_source.fetch, driver.settings
        )
        self.energy: BundleCoordinator[DayEnergy] = self._document(
            "energy",
            ENERGY_INTERVAL,
            self._daily.fetch_energy,
            self._daily.decode_energy,
            max_age=self._daily.rest_of_day,
        )
        self.summary: BundleCoordinator[Summary] = self._document(
            "summary",
            SUMMARY_INTERVAL,
            lambda: client.summary(self.serial),
            self._daily.decode_summary,
            max_age=self._daily.rest_of_day,
        )
        self.chargers: BundleCoordinator[driver.Chargers] = self._document(
            "chargers",
            CHARGERS_INTERVAL,
            lambda: client.chargers(self.serial),
            self._decode_chargers,
            max_age=lambda _: CHARGERS_MAX_AGE,
        )
        self.household: BundleCoordinator[driver.Household] = self._document(
            "household",
            HOUSEHOLD_INTERVAL,
            lambda: client.household_current(self.serial),
            driver.household,
        )
        self.history = HistoryImport(
            hass,
            entry,
            account,
            domain=DOMAIN,
            serial=self.serial,
            clock=clock,
            zone=zone,
            read_day=lambda day: self._past.read_day(day, gap(self._import_days)),
            statistics=self._past.statistics,
            seconds_per_day=lambda days: 2 * gap(days),
        )

    @property
    def managers(self) -> list[ControlManager]:
        """Who takes orders: for the battery, the house connection, each EV charger."""
        found = [self.control, self.household_control, *self.charger_controls.values()]
        return [manager for manager in found if manager is not None]

    @property
    def has_chargers(self) -> bool:
        """Whether an EV charger is known."""
        return bool(self.known_chargers)

    @property
    def has_phases(self) -> bool:
        """Whether the house has more than one phase."""
        phases = self.live.data.grid_phases[1:]
        return self.seen("phases", any(phases))

    def has_string(self, number: int) -> bool:
        """Whether the solar string ``number`` (from 1) ever gave something."""
        strings = self.live.data.solar_strings
        return self.seen(
            f"string_{number}", number <= len(strings) and bool(strings[number - 1])
        )

    @property
    def has_load_energy(self) -> bool | None:
        """Whether the vendor tells the day's load itself; None until it was asked."""
        return self._daily.has_load_energy if self.summary.known else None

    @property
    def missing_chargers(self) -> bool:
        """Whether the last list lacked a charger that may still be there."""
        return any(lists < MISSING_LISTS for lists in self._missing_chargers.values())

    @property
    def ev_powers_match(self) -> bool:
        """Whether as many charger powers come as there are chargers."""
        if not self.live.known:
            return False
        powers = [power for power in self.live.data.ev_chargers if power is not None]
        return len(powers) == len(self.known_chargers)

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents that are polled, in the order of a first round."""
        return [
            self.live,
            *([self.settings] if self.site.has_battery else []),
            self.energy,
            self.summary,
            self.chargers,
            *self.charger_states.values(),
            *([self.household] if self.has_chargers else []),
        ]

    def seen(self, feature: str, now: bool) -> bool:
        """Whether a feature was ever there, also before a restart."""
        return self._account.seen(f"{self.serial}/seen/{feature}", now)

    @callback
    def follow_chargers(self, registered: set[str]) -> set[str]:
        """Take over a charger list that was just read; return who is gone.

        A charger is gone when two lists in a row were without it, which for
        ``registered`` devices of an earlier run counts too.
        """
        current = self.chargers.data.chargers
        self._missing_chargers = {
            serial: self._missing_chargers.get(serial, 0) + 1
            for serial in (registered | set(self.known_chargers)) - set(current)
        }
        gone = {
            serial
            for serial, lists in self._missing_chargers.items()
            if lists >= MISSING_LISTS
        }
        kept = {k: v for k, v in self.known_chargers.items() if k not in gone}
        # In the vendor's order, which tells whose power is whose
        self.known_chargers = {**current, **kept, **current}
        for serial in self.known_chargers:
            if serial not in self.charger_states:
                self.charger_states[serial] = self._document(
                    f"charger/{serial}",
                    CHARGER_INTERVAL,
                    partial(self._client.charger_status, self.serial, serial),
                    driver.charger_state,
                    max_age=lambda _: MISSED_POLLS * CHARGER_INTERVAL + GRACE,
                    label="charger",
                )
        for serial in gone & set(self.charger_states):
            self._hass.async_create_task(
                self.charger_states.pop(serial).async_shutdown()
            )
        return gone

    async def async_shutdown(self) -> None:
        """Stop reading: the system is gone from the account."""
        self.history.stop()
        for coordinator in (*self.coordinators, self.settings, self.household):
            await coordinator.async_shutdown()

    async def async_raw_day(self, day: date) -> dict[str, Any]:
        """Return both day records as the vendor sends them."""
        power = await self._client.day_power(self.serial, day)
        energy = await self._client.day_energy(self.serial, day)
        for answer in (power, energy):
            driver.check_serial(answer, self.serial)
        return {"power": power, "energy": energy}

    async def async_unbind(self) -> None:
        """Remove the system from the account. It is a write: sent once.

        What is leased is put back first, for afterwards nobody can. Raises
        ``ApiError``; then it is still bound.
        """
        if self.control is not None and self.control.leases:
            await self.control.execute(SelfUse())
        await self._client.unbind(self.serial)
        self.unbound = True

    def _document[T: Snapshot](
        self,
        key: str,
        interval: timedelta,
        fetch: Callable[[], Awaitable[Any]],
        read: Callable[[Any, datetime], T],
        *,
        max_age: Callable[[T], timedelta] = lambda _: SLOW_MAX_AGE,
        label: str | None = None,
    ) -> BundleCoordinator[T]:
        return BundleCoordinator(
            self._hass,
            self._entry,
            domain=DOMAIN,
            document=Document(
                key=f"{self.serial}/{key}",
                label=label or key,
                interval=interval,
                max_age=max_age,
                fetch=fetch,
                decode=read,
            ),
            account=self._account,
            reachability=self._reachability,
            device=f"{NAME} system {self.site.model or ''}".rstrip(),
            on_error=lambda err: self._on_error(self.serial, err),
        )

    def _vendor_now(self) -> datetime:
        """Return the time, as right as the vendor's answers have made it."""
        return self._clock.now() + self._client.clock_skew

    def _live_max_age(self, power: Power) -> timedelta:
        interval = self._live_interval
        if self._live_source.from_records:
            interval = RECORDS_INTERVAL
        return MISSED_POLLS * interval + GRACE

    def _decode_chargers(self, raw: Any, received_at: datetime) -> driver.Chargers:
        chargers = driver.chargers(raw, received_at)
        for serial in chargers.chargers:
            self._account.redactor.number(serial, f"charger {{}} of {self._pseudonym}")
        return chargers

    @property
    def _import_days(self) -> int:
        progress = self.history.progress
        return (progress.last - progress.first).days + 1 if progress else 1
