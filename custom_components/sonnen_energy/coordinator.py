"""A config entry at run time: one battery, what is read of it, and how often."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta, tzinfo
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.decode import integer
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.coordinator import (
    MISSED_POLLS,
    BundleCoordinator,
    Document,
    Reachability,
)
from ._vendor.core.model import Snapshot
from .api.client import SonnenClient
from .connection import device_key
from .const import (
    BACK_OFF,
    CONF_LIVE_INTERVAL,
    CONFIGURATION_INTERVAL,
    DETAIL_INTERVAL,
    DOMAIN,
    GRACE,
    IO_INTERVAL,
    LIVE_INTERVAL,
    LIVE_INTERVAL_MAX,
    LIVE_INTERVAL_MIN,
    LIVE_MAX_AGE,
    NAME,
    SLOW_INTERVAL,
)
from .devices import Devices
from .differences import Differences
from .energy import Energies
from .issues import Issues
from .newest import Newest
from .outage import AwayError, failed_with_it, read_all
from .settings_source import read_settings
from .standstill import Standstill
from .token_watch import REFUSALS, TokenWatch

if TYPE_CHECKING:
    from .control import Controls

_LIVE = "live"

type SonnenConfigEntry = ConfigEntry[SonnenBattery]


class SonnenBattery:
    """One battery with its documents."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        account: Account,
        client: SonnenClient,
        zone: tzinfo,
    ) -> None:
        """Prepare the documents; nothing is read yet."""
        self.hass, self.entry = hass, entry
        self.account, self.client, self.zone = account, client, zone
        self.serial = device_key(entry)
        self.controls: Controls  # set before anything is read
        # Who takes orders; None while there is nothing to control
        self.control: ControlManager | None = None
        # Why there is nobody although there could be
        self.refusal: Refusal | None = None
        self.devices = Devices(hass, entry, self.serial)
        self.issues = Issues(hass, entry)
        self.energies = Energies(hass, self.serial, account, zone)
        self._listeners: list[CALLBACK_TYPE] = []
        self._meters: set[str] = set()
        self._reachability = Reachability(NAME)
        self._differences = Differences()
        # What is not fresh at a start, until it was tried
        self._due: list[BundleCoordinator[Any]] = []
        self._away = False
        self._token = TokenWatch(hass, entry, DOMAIN)
        # How long the last status took, ms
        self.latency: float | None = None

        max_age = max(LIVE_MAX_AGE, MISSED_POLLS * self._live_interval + GRACE)
        self.live: BundleCoordinator[driver.Live] = self._document(
            _LIVE,
            self._live_interval,
            client.status,
            Standstill(max_age).decode,
            max_age=max_age,
            back_off=BACK_OFF,
        )
        self.detail: BundleCoordinator[driver.Detail] = self._document(
            "detail", DETAIL_INTERVAL, client.latest, driver.detail
        )
        self.inverter: BundleCoordinator[driver.InverterReading] = self._document(
            "inverter", DETAIL_INTERVAL, client.inverter, driver.inverter
        )
        self.battery: BundleCoordinator[driver.Battery] = self._document(
            "battery", SLOW_INTERVAL, client.battery, driver.battery
        )
        self.meters: BundleCoordinator[driver.Meters] = self._document(
            "meters", SLOW_INTERVAL, client.meters, self._decode_meters
        )
        self.config: BundleCoordinator[driver.Configuration] = self._document(
            "configurations",
            CONFIGURATION_INTERVAL,
            partial(read_settings, client),
            driver.configuration,
        )
        self.io: BundleCoordinator[driver.Io] = self._document(
            "io", IO_INTERVAL, client.io, driver.io
        )
        self.newest = Newest(self)

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents, in the order of a first round."""
        return [self.live, *self._others, self.io]

    @property
    def managers(self) -> list[ControlManager]:
        """Who takes orders for the battery."""
        return [self.control] if self.control is not None else []

    @property
    def device_serials(self) -> set[str]:
        """Identifiers of the battery, and of each meter it ever told of."""
        return {self.serial, *self._meters}

    @property
    def reported_devices(self) -> set[str]:
        """Identifiers of all devices that are not left over."""
        meters = self.meters.data.values if self.meters.known else ()
        return {self.serial, *map(self.devices.meter_id, meters)}

    @callback
    def forget_meters(self, identifiers: set[str]) -> None:
        """Let meters be added again, should they come back: they were deleted."""
        self._meters -= identifiers
        self._tell()

    @property
    def device_info(self) -> DeviceInfo:
        """Describe the battery to the device registry."""
        return self.devices.battery_info

    async def async_start(self) -> None:
        """Read what it does now; the rest follows.

        Raises what a coordinator's first refresh raises.
        """
        self._due = [item for item in self._others if not item.restore()]
        if self.live.restore():
            self.energies.skip(self.live.data)
        else:
            await self.live.async_config_entry_first_refresh()
        self._live_changed()
        self._listen(self.live, self._live_changed)
        self._listen(self.live, self._tell)
        self.entry.async_on_unload(self.energies.async_each_day(self._tell_all))
        self._in_background(self._first_round(), "first round")

    def seen(self, feature: str, now: Callable[[], bool]) -> bool:
        """Whether a feature was ever there, also before a restart.

        A value that happens to be missing must not take its entity away.
        """
        if feature in self._features:
            return True
        if found := now():
            self._features[feature] = None
            self.account.note(f"{self.serial}/seen", [*self._features])
        return found

    @cached_property
    def _features(self) -> dict[str, None]:
        """All that was ever seen, in its order; each poll asks for most of it."""
        known = self.account.notes.get(f"{self.serial}/seen")
        known = known if isinstance(known, list) else []
        return dict.fromkeys(item for item in known if isinstance(item, str))

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each poll: there may be something new to show."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def _others(self) -> list[BundleCoordinator[Any]]:
        """What is polled all the time beside the status."""
        return [self.config, self.detail, self.battery, self.meters, self.inverter]

    @property
    def _live_interval(self) -> timedelta:
        seconds = integer(
            self.entry.options.get(CONF_LIVE_INTERVAL),
            low=LIVE_INTERVAL_MIN,
            high=LIVE_INTERVAL_MAX,
        )
        return timedelta(seconds=seconds or LIVE_INTERVAL)

    async def _first_round(self) -> None:
        """Read what is not fresh, one after the other, and go on from there."""
        for coordinator in self._others:
            if coordinator in self._due:
                await coordinator.async_refresh()
                self._due.remove(coordinator)
            if coordinator is self.config:
                self._listen(self.config, self._configuration_changed)
                self._configuration_changed()
            if coordinator in (self.config, self.detail):
                self._listen(coordinator, partial(self._token_taken, coordinator))
            self._listen(coordinator, self._tell_all)
            self._tell_all()
        for coordinator in (self.config, self.detail):
            self._token_taken(coordinator)
        # Polled from now on only as long as one of its entities is enabled
        if not self.io.restore():
            await self.io.async_refresh()
        self._tell()

    @callback
    def _live_changed(self) -> None:
        if not (self.live.known and self.live.last_update_success):
            self._away = True
            return
        self.energies.feed(self.live.data)
        self.issues.age(dt_util.utcnow() - self.live.data.observed_at)
        missed = failed_with_it(self.coordinators)
        if self._away and self.control is not None and self.control.leases:
            # What was changed from now on was no restart: know how it is right now.
            missed = list(dict.fromkeys([self.detail, self.config, *missed]))
        self._away = False
        if missed:
            self._in_background(read_all(missed), "after an outage")
        elif self._configuration_differs():
            self._in_background(self.config.async_refresh(), "changed outside")

    @property
    def known(self) -> tuple[Any, ...]:
        """What fits into the battery was read from, and before it whether all was."""
        documents = (self.detail, self.battery, self.config)
        complete = all(item.known or item not in self._due for item in documents)
        return complete, *(item.data if item.known else None for item in documents)

    @callback
    def _token_taken(self, document: BundleCoordinator[Any]) -> None:
        if document.known and document.last_update_success:
            self._token.worked(self.coordinators)

    def _configuration_differs(self) -> bool:
        """Whether the status shows other settings than the newest configuration."""
        config = self.config
        if not (config.known and config.last_update_success) or config in self._due:
            return False
        return self._differences.new(self.live.data, config.data)

    @callback
    def _configuration_changed(self) -> None:
        if self.config.known:
            self.devices.set_software(self.config.data.values.software)
        if self.controls is not None:
            self._in_background(self._follow_controls(), "control")

    async def _follow_controls(self) -> None:
        await self.controls.async_follow()
        self._tell()

    @callback
    def _tell(self) -> None:
        if self.meters.known:
            self._meters |= set(map(self.devices.meter_id, self.meters.data.values))
        for listener in list(self._listeners):
            listener()

    @callback
    def _tell_all(self) -> None:
        """Tell also of what is derived, which is shown with the status."""
        self.live.async_update_listeners()

    def _decode_meters(self, raw: Any, received_at: datetime) -> driver.Meters:
        return self.energies.guard(driver.meters(raw, received_at))

    def _document[T: Snapshot](
        self,
        key: str,
        interval: timedelta,
        fetch: Callable[[], Awaitable[Any]],
        read: Callable[[Any, datetime], T],
        *,
        max_age: timedelta | None = None,
        back_off: timedelta | None = None,
    ) -> BundleCoordinator[T]:
        longest = max_age or MISSED_POLLS * interval + GRACE

        async def fetch_while_there() -> Any:
            if not self.live.last_update_success:
                raise AwayError("the battery does not answer", reason="unreachable")
            return await fetch()

        async def fetch_timed() -> Any:
            began = self.hass.loop.time()
            raw = await fetch()
            self.latency = (self.hass.loop.time() - began) * 1000
            return raw

        return BundleCoordinator(
            self.hass,
            self.entry,
            domain=DOMAIN,
            document=Document(
                key=f"{self.serial}/{key}",
                label=key,
                interval=interval,
                max_age=lambda _: longest,
                fetch=fetch_timed if key == _LIVE else fetch_while_there,
                decode=read,
                optional=key != _LIVE,
                refusals=REFUSALS,
                back_off=back_off,
            ),
            account=self.account,
            reachability=self._reachability,
            device=NAME,
            # What else was asked for at the same moment says nothing of it.
            on_error=self.issues.answered if key == _LIVE else lambda _: None,
        )

    @callback
    def _listen(
        self, coordinator: BundleCoordinator[Any], listener: CALLBACK_TYPE
    ) -> None:
        self.entry.async_on_unload(coordinator.async_add_listener(listener))

    def _in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.entry.async_create_background_task(self.hass, work, f"{DOMAIN} {name}")
