"""A config entry at run time: one battery, what is read of it, and how often."""

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.decode import integer
from ._vendor.core.client.errors import TransportError
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
    CONFIGURATION_GAP,
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
from .energy import Energies
from .issues import Issues
from .newest import Newest

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
        self._differed: tuple[Any, ...] | None = None
        # How long the last status took, ms
        self.latency: float | None = None

        self.live: BundleCoordinator[driver.Live] = self._document(
            _LIVE,
            self._live_interval,
            client.status,
            driver.live,
            max_age=max(LIVE_MAX_AGE, MISSED_POLLS * self._live_interval + GRACE),
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
            client.configurations,
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
        note = f"{self.serial}/seen"
        known = self.account.notes.get(note)
        known = known if isinstance(known, list) else []
        if feature in known:
            return True
        if found := now():
            self.account.note(note, [*known, feature])
        return found

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
            if not coordinator.restore():
                await coordinator.async_refresh()
            if coordinator is self.config:
                self._listen(self.config, self._configuration_changed)
                self._configuration_changed()
            self._listen(coordinator, self._tell_all)
            self._tell_all()
        # Polled from now on only as long as one of its entities is enabled
        if not self.io.restore():
            await self.io.async_refresh()
        self._tell()

    @callback
    def _live_changed(self) -> None:
        if not (self.live.known and self.live.last_update_success):
            return
        self.energies.feed(self.live.data)
        if self._failed_with_it:
            self._in_background(self._read_failed(), "after an outage")
        elif self._configuration_differs():
            self._in_background(self.config.async_refresh(), "changed outside")

    @property
    def _failed_with_it(self) -> list[BundleCoordinator[Any]]:
        """The documents that were not asked for because the battery was away."""
        return [
            coordinator
            for coordinator in self.coordinators
            if isinstance(
                getattr(coordinator.last_exception, "__cause__", None), _AwayError
            )
            and not coordinator.last_update_success
        ]

    async def _read_failed(self) -> None:
        for coordinator in self._failed_with_it:
            await coordinator.async_refresh()

    def _configuration_differs(self) -> bool:
        """Whether the status shows other settings than the newest configuration.

        Asked about each difference once: the status follows some seconds later, and
        some firmware may never agree with itself.
        """
        if not (self.config.known and self.config.last_update_success):
            return False
        status, config = self.live.data.status, self.config.data
        shown = (status.mode, status.reserve)
        known = (config.values.operating_mode, config.values.reserve)
        if all(a is None or a == b for a, b in zip(shown, known, strict=True)):
            self._differed = None
            return False
        if dt_util.utcnow() - config.observed_at < CONFIGURATION_GAP:
            return False
        if self._differed == (shown, known):
            return False
        self._differed = (shown, known)
        return True

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
                raise _AwayError("the battery does not answer", reason="unreachable")
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


class _AwayError(TransportError):
    """The status does not come, so nothing else was asked for."""
