"""One device of a plant: what it is, what is read of it, and who controls it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from homeassistant.core import HassJob, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from . import driver, panel_wire
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.store_view import StoreView
from .api.setter import Setter
from .const import (
    ALARMS_INTERVAL,
    FRESH,
    PANELS_INTERVAL,
    SETTINGS_AFTER_WRITE,
    SETTINGS_INTERVAL,
    SLOW_MAX_AGE,
    WIFI_INTERVAL,
)
from .control_drivers import controllable
from .documents import RawSettings, raw_settings
from .families import FACTS, Family
from .plant import Plant
from .readings import Alarms, DeviceEntry, Live, Logger, Panels, Reading, Signal

if TYPE_CHECKING:
    from .runtime import GrowattRuntime


class Device:
    """One inverter, storage, NOAH or meter with its documents."""

    def __init__(
        self,
        runtime: GrowattRuntime,
        plant: Plant,
        entry_info: DeviceEntry,
        live: BundleCoordinator[Live],
    ) -> None:
        """Prepare the documents; ``live`` may be shared with others of the family."""
        self._runtime = runtime
        self.plant, self.entry_info, self.live = plant, entry_info, live
        self.serial, self.family = entry_info.serial, entry_info.family
        # Who takes orders; None while there is nothing to control
        self.control: ControlManager | None = None
        # Its settings as whoever controls it reads them
        self.store: StoreView | None = None
        # Why there is nobody although there could be
        self.refusal: Refusal | None = None
        self._cancel_look: Callable[[], None] | None = None
        source = runtime.source
        # Whoever controls it may have more to read with the settings.
        self.read_settings: Callable[[], Awaitable[Any]] = lambda: source.settings(
            self.family, self.serial
        )
        self.settings: BundleCoordinator[RawSettings] = self._document(
            "settings",
            SETTINGS_INTERVAL,
            self._fetch_settings,
            raw_settings,
        )
        self.alarms: BundleCoordinator[Alarms] | None = None
        self.wifi: BundleCoordinator[Signal] | None = None
        # A login is told neither
        if self.family is not Family.METER and source.mode == "token":
            self.alarms = self._document(
                "alarms",
                ALARMS_INTERVAL,
                lambda: source.alarms(self.family, self.serial, self._day_of_alarms),
                driver.alarms,
            )
            self.wifi = self._document(
                "wifi",
                WIFI_INTERVAL,
                lambda: source.wifi(self.family, self.serial),
                driver.signal,
            )

        # A micro inverter, of whose panels only a login is told; see `want_panels`
        self.panels: BundleCoordinator[Panels] | None = None
        if (
            self.family is Family.MIN
            and not entry_info.has_settings
            and source.mode == "login"
        ):
            self.panels = self._document(
                "panels",
                PANELS_INTERVAL,
                lambda: source.panels(self.serial, self.plant.id),
                lambda raw, at: panel_wire.panels(raw, at, self.serial),
                max_age=FRESH,
            )
        self.panels_wanted = False

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """Its own documents beside the live one, in the order of a first round."""
        found: list[BundleCoordinator[Any] | None] = [
            self.settings if self.has_settings else None,
            self.alarms,
            self.wifi,
        ]
        return [coordinator for coordinator in found if coordinator is not None]

    @property
    def zone(self) -> tzinfo:
        """The zone of its plant, in which its times of day are meant."""
        return self.plant.zone

    @property
    def has_settings(self) -> bool:
        """Whether it has settings to read; a meter and a NEO have none."""
        return self.entry_info.has_settings and self.family is not Family.METER

    @property
    def setter(self) -> Setter:
        """What its settings are written with."""
        return self._runtime.setter

    @property
    def controllable(self) -> bool:
        """Whether anything of it can be set, the way the account is reached."""
        return self.has_settings and controllable(
            self.family, self._runtime.source.mode
        )

    @property
    def reading(self) -> Reading | None:
        """The newest record; None before the first one. See ``fresh``."""
        return self.live.data.devices.get(self.serial) if self.live.known else None

    @property
    def observed_at(self) -> datetime | None:
        """When the newest record was true: its own time, else that of receipt."""
        if (reading := self.reading) is None:
            return None
        return reading.observed_at or self.live.data.observed_at

    @property
    def fresh(self) -> bool:
        """Whether the newest record may still be shown.

        It is half an hour old at most; more only where it is read so seldom.
        """
        at = self.observed_at
        if at is None or not self.live.fresh:
            return False
        return dt_util.utcnow() - at <= self.live.document.max_age(self.live.data)

    @property
    def has_battery(self) -> bool:
        """Whether it has a battery, or ever had one."""
        reading = self.reading
        now = FACTS[self.family].battery and bool(reading and reading.has_battery)
        return self.seen("battery", now)

    @property
    def has_meter(self) -> bool | None:
        """Whether the grid is measured; None as long as nobody knows (section 9.9)."""
        reading = self.reading
        if self.seen("meter", bool(reading and reading.has_meter)):
            return True
        return reading.has_meter if reading is not None else None

    def seen(self, feature: str, now: bool) -> bool:
        """Whether a feature was ever there, also before a restart.

        A string that gives nothing at night must not take its entities away.
        """
        return self._runtime.account.seen(f"{self.serial}/has_{feature}", now)

    @property
    def device_info(self) -> DeviceInfo:
        """Describe it to the device registry."""
        return self._runtime.registry.device_info(self)

    def battery_info(self, number: int) -> DeviceInfo:
        """Describe its battery ``number`` (from 1) to the device registry."""
        return self._runtime.registry.battery_info(self, number)

    @callback
    def async_written(self) -> None:
        """Have the settings read once more when the cloud's copy has followed."""
        if self._cancel_look is not None:
            self._cancel_look()

        async def look(_now: datetime) -> None:
            self._cancel_look = None
            await self.settings.async_refresh()

        self._cancel_look = async_call_later(
            self._runtime.hass,
            SETTINGS_AFTER_WRITE,
            HassJob(look, cancel_on_shutdown=True),
        )

    @callback
    def want_panels(self) -> None:
        """Begin to read the panels: somebody shows them. Each listener keeps that up."""
        if self.panels is None or self.panels_wanted:
            return
        self.panels_wanted = True
        if not self.panels.restore():
            self._runtime.in_background(self.panels.async_refresh(), "panels")

    async def async_shutdown(self) -> None:
        """Read nothing of it any more."""
        self.async_stop()
        for coordinator in (self.settings, self.alarms, self.wifi, self.panels):
            await self._runtime.documents.async_drop(coordinator)

    @callback
    def async_stop(self) -> None:
        """Let go of what waits."""
        if self._cancel_look is not None:
            self._cancel_look()
            self._cancel_look = None

    @property
    def _day_of_alarms(self) -> date:
        """The day whose alarms are read: yesterday once more when it is over."""
        today = dt_util.now(self.plant.zone).date()
        if self.alarms is None or not self.alarms.known:
            return today
        read = self.alarms.data.observed_at.astimezone(self.plant.zone).date()
        return min(today, max(read, today - timedelta(days=1)))

    async def _fetch_settings(self) -> Any:
        return await self.read_settings()

    def _document(
        self,
        key: str,
        interval: timedelta,
        fetch: Any,
        decode: Any,
        max_age: timedelta = SLOW_MAX_AGE,
    ) -> BundleCoordinator[Any]:
        return self._runtime.documents.make(
            f"{self.serial}/{key}",
            key,
            interval,
            fetch,
            decode,
            max_age=max_age,
            device=f"The {self.family} device",
            optional=True,
        )


class LoggerUnit:
    """One datalogger of a plant."""

    def __init__(self, runtime: GrowattRuntime, plant: Plant, info: Logger) -> None:
        """Name it and its plant."""
        self._runtime = runtime
        self.plant, self.info = plant, info
        self.serial = info.serial

    @property
    def device_info(self) -> DeviceInfo:
        """Describe it to the device registry."""
        return self._runtime.registry.logger_info(self)

    @property
    def wifi(self) -> BundleCoordinator[Signal] | None:
        """The signal of its Wi-Fi, read through one of its devices."""
        return next(
            (
                device.wifi
                for device in self._runtime.devices.values()
                if device.entry_info.datalogger == self.serial and device.wifi
            ),
            None,
        )

    @property
    def coordinator(self) -> BundleCoordinator[Any]:
        """The list that it is in."""
        return self.plant.listing
