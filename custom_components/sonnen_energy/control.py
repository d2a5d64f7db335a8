"""The manager of an entry's battery."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.driver import Observation
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.account import Account, AccountNotes
from ._vendor.core.ha.control import ControlCenter, Controlled
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.repairs import set_issue
from .api.client import SonnenClient
from .battery import BatteryDriver
from .connection import async_connect_entry
from .const import CONF_ALLOW_CONTROL, DOMAIN
from .modes import mode_name
from .settings_source import SettingsSource

if TYPE_CHECKING:
    from .coordinator import SonnenBattery

# Nobody is forced on what is older (control.md, section 2).
FORCE_MAX_AGE = timedelta(seconds=30)
LOOK_FOR = timedelta(seconds=30)


async def build_drivers(
    hass: HomeAssistant, entry: ConfigEntry[Any], serials: Iterable[str]
) -> dict[str, Controlled]:
    """Return drivers for batteries from an entry's data alone.

    Raises what connecting raises. Nothing is known of what the batteries do.
    """
    account, client = await async_connect_entry(hass, entry)
    # What is written here is noted, also while the entry is not set up.
    account.keep()
    return {
        serial: Controlled(
            driver=_Parts(serial, account, client).driver, account=account
        )
        for serial in serials
    }


class _Parts:
    """A driver and what it reads, with or without the readings of an entry."""

    def __init__(
        self,
        serial: str,
        account: Account,
        client: SonnenClient,
        battery: SonnenBattery | None = None,
    ) -> None:
        """Put them together; ``battery`` has the readings."""
        self._battery = battery
        clock = SystemClock()
        self.source = SettingsSource(client, clock)
        self.driver = BatteryDriver(
            serial,
            client,
            fetch=self.source.fetch,
            fetch_evidence=self.source.fetch_evidence,
            evidence=self.source.evidence,
            on_read=self._on_read,
            observe=self._observe,
            notes=AccountNotes(account),
            clock=clock,
            budget=account.budget,
        )
        # How much the battery can is known before its first answer.
        stored = account.documents.get(f"{serial}/configurations")
        if stored is not None:
            with suppress(BadDataError):
                self.driver.decode(stored.raw, stored.received_at)

    def _observe(self) -> Observation:
        """Return what the battery was last seen doing."""
        if (battery := self._battery) is None:
            return Observation()
        live = battery.live
        if not live.known:
            return Observation(reachable=live.last_update_success)
        power = live.data.power
        return Observation(
            at=live.data.observed_at,
            fresh=dt_util.utcnow() - live.data.observed_at <= FORCE_MAX_AGE,
            soc=power.soc,
            battery=power.battery,
            off_grid=battery.newest.derived.off_grid if live.fresh else None,
            # The zeros of a battery that starts count as no answer.
            reachable=live.last_update_success,
        )

    @callback
    def _on_read(self, raw: Any, received_at: datetime) -> None:
        if self._battery is not None:
            self._battery.config.take(raw, received_at)


class Controls:
    """Gives the battery its manager."""

    def __init__(
        self, hass: HomeAssistant, battery: SonnenBattery, center: ControlCenter
    ) -> None:
        """Prepare; there is no manager yet."""
        self._hass, self._battery, self._center = hass, battery, center
        self._entry = battery.entry
        self._lock = asyncio.Lock()
        self._parts: _Parts | None = None
        self._manager: ControlManager | None = None
        self.allowed = bool(self._entry.options.get(CONF_ALLOW_CONTROL, True))

    async def async_resume(self) -> None:
        """Go on with what is leased, before anything was read."""
        if self._battery.serial not in self._center.leased(self._entry.entry_id):
            return
        try:
            manager = await self._manage()
        except Refusal:
            return
        if not self.allowed:
            self._hass.async_create_task(manager.end("control_off"))

    async def async_follow(self) -> None:
        """Control the battery as soon as its settings were read."""
        async with self._lock:
            battery = self._battery
            if battery.control is not None or not battery.config.known:
                return
            try:
                await self._control()
            except Refusal as err:
                battery.refusal = err
            else:
                battery.refusal = None

    async def _control(self) -> None:
        manager = self._manager or await self._manage()
        parts, battery = self._parts, self._battery
        assert parts is not None

        @callback
        def settings_changed() -> None:
            config = battery.config
            if config.known and config.last_update_success:
                with suppress(BadDataError):
                    manager.settings_read(
                        parts.driver.decode(config.raw, config.data.observed_at)
                    )
                self._tell_of_mode(parts.driver.not_restored)

        @callback
        def detail_changed() -> None:
            detail = battery.detail
            if detail.known and detail.last_update_success:
                parts.source.take(detail.raw, detail.data.observed_at)
                settings_changed()

        @callback
        def live_changed() -> None:
            if battery.live.known and battery.live.last_update_success:
                parts.source.take_live(battery.live.data)
            manager.observed()

        detail_changed()
        settings_changed()
        self._listen(battery.config, settings_changed)
        self._listen(battery.detail, detail_changed)
        self._listen(battery.live, live_changed)
        self._entry.async_on_unload(
            async_track_time_interval(self._hass, self._look_for, LOOK_FOR)
        )
        battery.control = manager

    @callback
    def _tell_of_mode(self, mode: str | None) -> None:
        """Tell that the battery refused to go back to a mode."""
        set_issue(
            self._hass,
            DOMAIN,
            "mode_not_restored",
            mode is not None,
            suffix=self._entry.entry_id,
            placeholders={"battery": self._entry.title, "mode": str(mode_name(mode))},
        )

    async def _look_for(self, _now: datetime) -> None:
        """Look soon whether a battery is back that has something of ours.

        It restarts each night and then goes by itself (reference section 6.4).
        """
        live, manager = self._battery.live, self._manager
        if manager is not None and manager.leases and not live.last_update_success:
            await live.async_refresh()

    async def _manage(self) -> ControlManager:
        battery = self._battery
        parts = _Parts(battery.serial, battery.account, battery.client, battery)
        manager = await self._center.async_manage(
            self._entry.entry_id, battery.serial, parts.driver, battery.account
        )
        manager.allowed = self.allowed
        self._parts, self._manager = parts, manager
        return manager

    @callback
    def _listen(self, coordinator: BundleCoordinator[Any], listener: Any) -> None:
        self._entry.async_on_unload(coordinator.async_add_listener(listener))
