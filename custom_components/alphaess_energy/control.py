"""The managers of an entry: its systems, house connections and EV chargers."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.control.driver import Driver, Observation
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.account import Account, AccountNotes
from ._vendor.core.ha.control import MARK, ControlCenter, Controlled
from ._vendor.core.ha.coordinator import BundleCoordinator
from .api.client import AlphaEssClient
from .battery import SystemDriver
from .charging import ChargerDriver, HouseholdDriver
from .connection import async_connect_entry, async_time_zone
from .const import CONF_ALLOW_CONTROL, CONF_ASSUME_ENABLED
from .coordinator import AlphaEssSystem
from .settings_source import SettingsSource

if TYPE_CHECKING:
    from .account import AlphaEssAccount


async def build_drivers(
    hass: HomeAssistant, entry: ConfigEntry[Any], serials: Iterable[str]
) -> dict[str, Controlled]:
    """Return drivers for systems from an entry's data alone.

    Raises what connecting raises. Nothing is known of what the systems do.
    """
    account, client = await async_connect_entry(hass, entry)
    # What is written here is noted, also while the entry is not set up.
    account.keep()
    zone = await async_time_zone(entry)
    return {
        serial: Controlled(
            driver=_Systems(entry, account, client, zone).driver(serial),
            account=account,
        )
        for serial in serials
    }


class _Systems:
    """Makes the drivers of systems, with or without their readings."""

    def __init__(
        self,
        entry: ConfigEntry[Any],
        account: Account,
        client: AlphaEssClient,
        zone: tzinfo,
        runtime: AlphaEssAccount | None = None,
    ) -> None:
        """Share the account; ``runtime`` has the systems, as soon as it has read them."""
        self._account, self._client, self._zone = account, client, zone
        self._clock = SystemClock()
        self._runtime = runtime
        self._assume_enabled = bool(entry.options.get(CONF_ASSUME_ENABLED))

    def driver(self, serial: str) -> SystemDriver:
        """Return the driver of a system."""
        source = SettingsSource(serial, self._account, self._client, self._clock)
        driver = SystemDriver(
            serial,
            self._client,
            fetch=source.fetch,
            on_read=partial(self._on_read, serial),
            observe=partial(self.observe, serial),
            zone=self._zone,
            notes=AccountNotes(self._account),
            inverter_power=partial(self._inverter_power, serial),
            clock=self._clock,
            budget=self._account.budget,
            assume_enabled=self._assume_enabled,
        )
        # Which store it was is known before the first answer.
        if (stored := self._account.documents.get(f"{serial}/settings")) is not None:
            with suppress(BadDataError):
                driver.decode(stored.raw, stored.received_at)
        return driver

    def system(self, serial: str) -> AlphaEssSystem | None:
        """Return a system of the account."""
        return self._runtime.systems.get(serial) if self._runtime is not None else None

    def observe(self, serial: str) -> Observation:
        """Return what a system was last seen doing; its answers carry no time."""
        system = self.system(serial)
        if system is None or system.unbound:
            return Observation(obstacle="system_gone")
        live = system.live
        reachable = (
            live.last_update_success
            or getattr(live.last_exception, "translation_key", "") != "device_offline"
        )
        if not live.known:
            return Observation(reachable=reachable)
        return Observation(
            at=live.observed_at,
            fresh=live.fresh,
            soc=live.data.soc,
            battery=live.data.battery,
            reachable=reachable,
        )

    def _inverter_power(self, serial: str) -> float | None:
        system = self.system(serial)
        return system.site.inverter_power if system is not None else None

    @callback
    def _on_read(self, serial: str, raw: Any, received_at: datetime) -> None:
        if (system := self.system(serial)) is not None:
            system.settings.take(raw, received_at)


class Controls:
    """Gives every device that can be controlled its manager."""

    def __init__(
        self, hass: HomeAssistant, runtime: AlphaEssAccount, center: ControlCenter
    ) -> None:
        """Prepare; there are no managers yet."""
        self._hass, self._runtime, self._center = hass, runtime, center
        self._entry, self._account = runtime.entry, runtime.account
        self._systems = _Systems(
            runtime.entry, runtime.account, runtime.client, runtime.zone, runtime
        )
        self._clock = SystemClock()
        self._lock = asyncio.Lock()
        self._drivers: dict[str, SystemDriver] = {}
        self.allowed = bool(runtime.entry.options.get(CONF_ALLOW_CONTROL, True))

    async def async_resume(self) -> None:
        """Go on with what is leased, before anything was read."""
        for serial in self._center.leased(self._entry.entry_id):
            try:
                manager = await self._manage_system(serial)
            except Refusal:
                continue
            if not self.allowed:
                self._hass.async_create_task(manager.end("control_off"))

    async def async_follow(self) -> None:
        """Give new systems and chargers their managers."""
        async with self._lock:
            for system in list(self._runtime.systems.values()):
                for serial in set(system.charger_controls) - set(system.charger_states):
                    del system.charger_controls[serial]
                    await self._center.async_drop(self._entry.entry_id, serial)
                try:
                    await self._follow(system)
                except Refusal as err:
                    system.refusal = err
                else:
                    system.refusal = None

    async def async_drop(self, serial: str, system: AlphaEssSystem | None) -> None:
        """Let go of a system that is gone from the account; its lease stays on disk."""
        self._drivers.pop(serial, None)
        parts = {manager.key for manager in system.managers} if system else set()
        for key in {serial, *parts}:
            await self._center.async_drop(self._entry.entry_id, key)

    @property
    def serials(self) -> set[str]:
        """The systems that are controlled, also those that are in no list."""
        return set(self._drivers)

    def has_left(self, serial: str) -> bool:
        """Whether a system has something of ours that is still to be put back."""
        leased = serial in self._center.leased(self._entry.entry_id)
        return leased or f"{serial}/{MARK}" in self._account.notes

    async def _follow(self, system: AlphaEssSystem) -> None:
        """Control what is new. Raises ``Refusal`` if another entry does so."""
        if system.control is None and system.site.has_battery:
            await self._control_system(system)
        if system.has_chargers and system.household_control is None:
            await self._control_household(system)
        for serial in system.charger_states:
            if serial not in system.charger_controls:
                await self._control_charger(system, serial)

    async def _control_system(self, system: AlphaEssSystem) -> None:
        serial = system.serial
        manager = self._center.manager(serial) if serial in self._drivers else None
        if manager is None:
            manager = await self._manage_system(serial)
        driver = self._drivers[serial]

        @callback
        def settings_changed() -> None:
            if system.settings.known and system.settings.last_update_success:
                try:
                    read = driver.decode(
                        system.settings.raw, system.settings.data.observed_at
                    )
                except BadDataError:
                    return
                manager.settings_read(read)

        settings_changed()
        self._listen(system.settings, settings_changed)
        self._listen(system.live, manager.observed)
        system.control = manager

    async def _control_household(self, system: AlphaEssSystem) -> None:
        system.household_control = await self._manage(
            f"{system.serial}/household",
            HouseholdDriver(
                system.serial,
                self._runtime.client,
                on_read=system.household.take,
                observe=partial(self._systems.observe, system.serial),
                clock=self._clock,
                budget=self._account.budget,
            ),
        )

    async def _control_charger(self, system: AlphaEssSystem, charger: str) -> None:
        system.charger_controls[charger] = await self._manage(
            charger,
            ChargerDriver(
                system.serial,
                charger,
                self._runtime.client,
                on_read=system.charger_states[charger].take,
                observe=partial(self._systems.observe, system.serial),
                clock=self._clock,
                budget=self._account.budget,
            ),
        )

    async def _manage_system(self, serial: str) -> ControlManager:
        driver = self._systems.driver(serial)
        manager = await self._manage(serial, driver)
        self._drivers[serial] = driver
        return manager

    async def _manage(self, key: str, driver: Driver) -> ControlManager:
        manager = await self._center.async_manage(
            self._entry.entry_id, key, driver, self._account
        )
        manager.allowed = self.allowed
        return manager

    @callback
    def _listen(self, coordinator: BundleCoordinator[Any], listener: Any) -> None:
        self._entry.async_on_unload(coordinator.async_add_listener(listener))
