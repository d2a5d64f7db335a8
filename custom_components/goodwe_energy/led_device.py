"""A device with its manager and the document of its settings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, override

from homeassistant.core import CALLBACK_TYPE, callback

from ._vendor.core.client.decode import mapping
from ._vendor.core.client.errors import (
    BadDataError,
    NotPermittedError,
    UnsupportedError,
)
from ._vendor.core.control.driver import Settings
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.store_view import StoreView
from .api.errors import NO_RIGHTS
from .const import FRESH
from .control.charger_driver import ChargerDriver
from .control.inverter_settings import InverterSettings
from .control.settings_reader import NAMED
from .control_drivers import Leading, settings_key
from .source import ASLEEP, optional

if TYPE_CHECKING:
    from .device import Device
    from .runtime import GoodWeRuntime

SETTINGS_INTERVAL = timedelta(seconds=300)
_MODE = "INVCurrentWorkMode"
_DETAIL = "detail"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSettings:
    """Settings as they were read; the driver decodes them."""

    observed_at: datetime


class LedDevice:
    """What entities and actions need of a device that can be set."""

    def __init__(
        self,
        runtime: GoodWeRuntime,
        device: Device,
        driver: Leading,
        manager: ControlManager,
        settings: BundleCoordinator[Any],
        store: StoreView,
    ) -> None:
        """Share the document of its settings; nothing is read yet."""
        self._runtime, self.device = runtime, device
        self.driver, self.manager = driver, manager
        self.settings, self.store = settings, store
        self._seen: Settings | None = None
        self._ends: list[CALLBACK_TYPE] = []
        self._due = False

    @callback
    def begin(self, *, read: bool) -> None:
        """Follow what it does, and ``read`` its settings if they may be changed."""
        self._follow(self.device.plant.live, self._observed)
        if not read:
            # It can still be told to use itself.
            self.device.control = self.manager
            return
        self._due = not self.settings.known and not self.settings.restore()
        self._follow(self.settings, self._changed)
        self._changed()

    async def async_first_look(self) -> None:
        """Read the settings, unless what is stored of them is new enough."""
        if self._due:
            await self.settings.async_refresh()

    async def async_read_anew(self) -> None:
        """Find out what it has, and read it. Raises ``ApiError``, or why it was not."""
        await self.settings.async_refresh()
        if not self.settings.last_update_success:
            if (trouble := self.settings.last_exception) is not None:
                raise trouble

    async def async_shutdown(self) -> None:
        """Follow it no more."""
        for end in self._ends:
            end()
        self._ends.clear()

    @callback
    def take(self, raw: Any, received_at: datetime) -> None:
        """Take over settings that the manager has read."""
        self.settings.take(raw, received_at)

    @callback
    def _follow(self, of: BundleCoordinator[Any], call: CALLBACK_TYPE) -> None:
        self._ends.append(of.async_add_listener(call))
        if len(self._ends) == 1:
            self._runtime.entry.async_on_unload(self._stop)

    @callback
    def _stop(self) -> None:
        for end in self._ends:
            end()
        self._ends.clear()

    @callback
    def _changed(self) -> None:
        """Tell what was read anew."""
        read = self.store()
        if read is None or read is self._seen:
            return
        self._seen = read
        self.manager.settings_read(read)
        self.device.control = self.manager
        # There may be entities for it now.
        self._runtime.tell()

    @callback
    def _observed(self) -> None:
        self.manager.observed()


class LedInverter(LedDevice):
    """An inverter; its settings are a document of their own."""

    def __init__(
        self,
        runtime: GoodWeRuntime,
        device: Device,
        driver: InverterSettings,
        manager: ControlManager,
    ) -> None:
        """Prepare the document."""
        self._documents = documents = runtime.documents
        self._inverter = driver
        settings: BundleCoordinator[RawSettings] = documents.make(
            settings_key(device.serial),
            "settings",
            documents.scaled(SETTINGS_INTERVAL),
            optional(self._fetch),
            _decode,
            max_age=FRESH,
        )
        store = StoreView(settings, driver.decode)
        super().__init__(runtime, device, driver, manager, settings, store)

    @override
    async def async_read_anew(self) -> None:
        await self._inverter.discover(force=True)
        await super().async_read_anew()

    @override
    async def async_shutdown(self) -> None:
        await super().async_shutdown()
        await self._documents.async_drop(self.settings)

    async def _fetch(self) -> Any:
        """Ask for all settings. Raises ``ApiError``."""
        if self.device.online is False:
            raise UnsupportedError("the device is away", reason=ASLEEP)
        try:
            return await self._inverter.fetch()
        except NotPermittedError as err:
            if err.reason == NO_RIGHTS:
                self.device.refusal = Refusal("no_read_right")
            raise

    @override
    @callback
    def _changed(self) -> None:
        """Show also which mode it is in: nobody else asks for that now."""
        mode, read = self.device.mode, mapping(self.settings.raw).get(NAMED)
        at = self.settings.observed_at
        if mode is not None and at is not None and _MODE in mapping(read):
            if mode.observed_at is None or mode.observed_at < at:
                mode.take(read, at)
        super()._changed()


class LedCharger(LedDevice):
    """An EV charger; its settings are in the document of what it does."""

    def __init__(
        self,
        runtime: GoodWeRuntime,
        device: Device,
        driver: ChargerDriver,
        manager: ControlManager,
        live: BundleCoordinator[Any],
    ) -> None:
        """Share the document."""

        def decode(raw: Any, received_at: datetime) -> Settings:
            return driver.decode(mapping(raw).get(_DETAIL), received_at)

        store = StoreView(live, decode)
        super().__init__(runtime, device, driver, manager, live, store)

    @override
    @callback
    def take(self, raw: Any, received_at: datetime) -> None:
        self.settings.take({**mapping(self.settings.raw), _DETAIL: raw}, received_at)


def _decode(raw: Any, received_at: datetime) -> RawSettings:
    if not mapping(raw):
        raise BadDataError("settings are missing", reason="settings_incomplete")
    return RawSettings(observed_at=received_at)
