"""A config entry at run time: the account and its systems."""

from collections.abc import Coroutine, Iterable
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import integer
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.coordinator import BundleCoordinator, Document, Reachability
from .api.client import AlphaEssClient
from .connection import SITES_DOCUMENT
from .const import (
    CHARGERS_AGAIN,
    CONF_HISTORY_DAYS,
    CONF_LIVE_INTERVAL,
    DOMAIN,
    LIVE_INTERVAL,
    LIVE_INTERVAL_MAX,
    LIVE_INTERVAL_MIN,
    MISSING_LISTS,
    NAME,
    SITES_INTERVAL,
    SLOW_MAX_AGE,
)
from .control import Controls
from .coordinator import AlphaEssSystem
from .devices import Devices
from .issues import Issues

type AlphaEssConfigEntry = ConfigEntry[AlphaEssAccount]

# Sensors of a system that only make sense with an EV charger
_CHARGER_SENSORS = ("ev_power", "ev_energy_today", "household_current")


class AlphaEssAccount:
    """The systems of one developer account; they come and go with its list."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: AlphaEssConfigEntry,
        account: Account,
        client: AlphaEssClient,
        zone: tzinfo,
    ) -> None:
        """Prepare the list of systems; nothing is read yet."""
        self.hass, self.entry = hass, entry
        self.account, self.client, self.zone = account, client, zone
        self.systems: dict[str, AlphaEssSystem] = {}
        self.controls: Controls  # set before anything is read
        self.devices = Devices(hass, entry)
        self.issues = Issues(hass, entry)
        self._clock = SystemClock()
        self._listeners: list[CALLBACK_TYPE] = []
        self._missing: dict[str, int] = {}
        self._reachability = Reachability(f"{NAME} account")
        self.sites: BundleCoordinator[driver.Sites] = BundleCoordinator(
            hass,
            entry,
            domain=DOMAIN,
            document=Document(
                key=SITES_DOCUMENT,
                label="systems",
                interval=SITES_INTERVAL,
                max_age=lambda _: SLOW_MAX_AGE,
                fetch=client.systems,
                decode=self._decode_sites,
            ),
            account=account,
            reachability=self._reachability,
            device=f"{NAME} account",
            on_error=self._account_answered,
        )

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents of the account."""
        return [
            self.sites,
            *(
                coordinator
                for system in self.systems.values()
                for coordinator in system.coordinators
            ),
        ]

    @property
    def device_serials(self) -> set[str]:
        """Identifiers of all devices that are not left over."""
        serials = {self.entry.entry_id, *self.systems, *self._missing}
        for system in self.systems.values():
            serials |= set(system.known_chargers)
            if not system.chargers.known:
                serials |= self.devices.chargers(system.serial)
        return serials

    async def async_start(self) -> None:
        """Read the list and every system's live values; the rest follows.

        Raises what a coordinator's first refresh raises.
        """
        if not self.sites.restore():
            await self.sites.async_config_entry_first_refresh()
        new = self._follow_sites()
        answering = True
        for system in new:
            # While the cloud does not answer, set-up does not wait for each system.
            if not system.live.restore() and answering:
                await system.live.async_refresh()
                answering = system.live.last_update_success
            self._listen(system.live, self._tell)
        self._listen(self.sites, self._sites_changed)
        self._in_background(self._first_round(new, live=False), "first round")

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each poll: there may be something new to show."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def async_read_before_midnight(self) -> None:
        """Read the day's energies once more, those of all systems first."""
        if self.entry.pref_disable_polling:
            return
        systems = list(self.systems.values())
        coordinators: list[BundleCoordinator[Any]] = [
            *(system.energy for system in systems),
            *(system.summary for system in systems),
        ]
        for coordinator in coordinators:
            await coordinator.async_refresh()

    @property
    def account_info(self) -> DeviceInfo:
        """Describe the account to the device registry."""
        return self.devices.account_info

    def device_info(self, system: AlphaEssSystem) -> DeviceInfo:
        """Describe a system to the device registry."""
        return self.devices.system_info(system.site, alone=len(self.systems) == 1)

    def charger_info(self, system: AlphaEssSystem, serial: str) -> DeviceInfo:
        """Describe an EV charger to the device registry."""
        return self.devices.charger_info(
            system.serial,
            system.known_chargers[serial],
            alone=len(system.known_chargers) == 1,
        )

    def _decode_sites(self, raw: Any, received_at: datetime) -> driver.Sites:
        sites = driver.sites(raw, received_at)
        for serial in sites.sites:
            self.account.redactor.number(serial, "system {}")
        return sites

    @callback
    def _sites_changed(self) -> None:
        if self.sites.last_update_success and (new := self._follow_sites()):
            self._in_background(self._first_round(new), "new systems")
        self._follow_controls()
        self._tell()

    @callback
    def _follow_sites(self) -> list[AlphaEssSystem]:
        """Add systems that are new, let go of those that are gone.

        Only lists that were really read count, and a system must be missing in two
        of them, unless it was unbound by us.
        """
        current = self.sites.data.sites
        here = {*self.systems, *self.devices.systems(), *self.controls.serials}
        self._missing = {
            serial: self._missing.get(serial, 0) + 1 for serial in here - set(current)
        }
        for serial in list(self._missing):
            system = self.systems.get(serial)
            if self._missing[serial] >= MISSING_LISTS or (system and system.unbound):
                del self._missing[serial]
                self._let_go(serial)
        new = []
        for number, (serial, site) in enumerate(current.items(), 1):
            if (known := self.systems.get(serial)) is not None:
                known.site = site
                continue
            self.systems[serial] = AlphaEssSystem(
                self.hass,
                self.entry,
                site=site,
                sites=self.sites,
                account=self.account,
                client=self.client,
                clock=self._clock,
                zone=self.zone,
                pseudonym=f"system {number}",
                live_interval=self._live_interval,
                reachability=self._reachability,
                on_error=self._system_answered,
            )
            new.append(self.systems[serial])
        for system in new:
            self.devices.add_system(self.device_info(system))
        return new

    @callback
    def _let_go(self, serial: str) -> None:
        self.devices.remove({*self.devices.chargers(serial), serial})
        if (system := self.systems.pop(serial, None)) is not None:
            self.hass.async_create_task(system.async_shutdown())
        self.hass.async_create_task(self.controls.async_drop(serial, system))
        if not self.controls.has_left(serial):  # else it is needed if that comes back
            self.account.forget(f"{serial}/")
        self.issues.system_gone(serial)

    @property
    def _live_interval(self) -> timedelta:
        seconds = integer(
            self.entry.options.get(CONF_LIVE_INTERVAL),
            low=LIVE_INTERVAL_MIN,
            high=LIVE_INTERVAL_MAX,
        )
        return timedelta(seconds=seconds or LIVE_INTERVAL)

    @callback
    def _follow_controls(self) -> None:
        """Have what is new controlled; its entities come with the next look."""

        async def follow() -> None:
            await self.controls.async_follow()
            self._tell()

        self._in_background(follow(), "control")

    async def _first_round(
        self, systems: Iterable[AlphaEssSystem], *, live: bool = True
    ) -> None:
        """Read what is not fresh, one after the other, and go on from there."""
        for system in systems:
            coordinators: list[BundleCoordinator[Any]] = [
                *([system.live] if live else []),
                *([system.settings] if system.site.has_battery else []),
                system.energy,
                system.summary,
            ]
            for coordinator in coordinators:
                await self._begin(coordinator, self._tell)
            await self._begin(system.chargers, partial(self._chargers_changed, system))
            self._import_once(system)
            system.history.resume()

    async def _begin(
        self, coordinator: BundleCoordinator[Any], listener: CALLBACK_TYPE
    ) -> None:
        if not coordinator.restore():
            await coordinator.async_refresh()
        self._listen(coordinator, listener)
        listener()

    async def _begin_charger(self, coordinator: BundleCoordinator[Any]) -> None:
        """Read a charger's document once; its entities have it polled from then on."""
        if not coordinator.restore():
            await coordinator.async_refresh()
        self._tell()

    @callback
    def _chargers_changed(self, system: AlphaEssSystem) -> None:
        """Follow a charger list that was read, or the one of the last run."""
        if system.chargers.known and (
            system.chargers.last_update_success or not system.has_chargers
        ):
            before = set(system.charger_states)
            had_chargers = system.has_chargers
            gone = system.follow_chargers(self.devices.chargers(system.serial))
            self.devices.remove(gone)
            if system.missing_chargers:
                self._read_chargers_again(system)
            for serial, state in system.charger_states.items():
                if serial not in before:
                    self._in_background(self._begin_charger(state), "charger")
            if system.has_chargers and not had_chargers:
                self._in_background(self._begin_charger(system.household), "household")
            if gone and not system.has_chargers:
                self.devices.remove_sensors(
                    f"{system.serial}_{key}" for key in _CHARGER_SENSORS
                )
                self.hass.config_entries.async_schedule_reload(self.entry.entry_id)
        self._follow_controls()
        self._tell()

    @callback
    def _read_chargers_again(self, system: AlphaEssSystem) -> None:
        """Do not wait a day to know whether a charger is really gone."""

        async def read(_now: datetime) -> None:
            await system.chargers.async_refresh()

        self.entry.async_on_unload(
            async_call_later(
                self.hass, CHARGERS_AGAIN, HassJob(read, cancel_on_shutdown=True)
            )
        )

    def _import_once(self, system: AlphaEssSystem) -> None:
        """Import the past if the options ask for it and it was not done yet."""
        if "recorder" not in self.hass.config.components:
            return
        days = integer(self.entry.options.get(CONF_HISTORY_DAYS), low=1) or 0
        note = f"{system.serial}/history_days"
        if days > (integer(self.account.notes.get(note)) or 0):
            self.account.note(note, days)
            today = dt_util.now(self.zone).date()
            system.history.start(today - timedelta(days=days), today)

    @callback
    def _listen(
        self, coordinator: BundleCoordinator[Any], listener: CALLBACK_TYPE
    ) -> None:
        self.entry.async_on_unload(coordinator.async_add_listener(listener))

    def _in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.entry.async_create_background_task(self.hass, work, f"{DOMAIN} {name}")

    @callback
    def _tell(self) -> None:
        for listener in list(self._listeners):
            listener()

    @callback
    def _account_answered(self, err: ApiError | None) -> None:
        self.issues.account_answered(err)
        self.issues.answered(err, skewed=bool(self.client.clock_skew))

    @callback
    def _system_answered(self, serial: str, err: ApiError | None) -> None:
        self.issues.answered(err, skewed=bool(self.client.clock_skew))
        # An answer may come after the system has gone, and need not be told of one
        # that was unbound on purpose.
        if (system := self.systems.get(serial)) is not None and not system.unbound:
            self.issues.system_answered(serial, err)
