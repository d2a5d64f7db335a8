"""The managers of an entry: one for each device that can be set."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ._vendor.core.control.driver import Observation, Settings
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.control import (
    MARK,
    ControlCenter,
    Controlled,
    async_control_center,
)
from ._vendor.core.ha.coordinator import BundleCoordinator
from ._vendor.core.ha.store_view import StoreView
from .connection import async_connect_entry
from .const import CONF_ALLOW_CONTROL, CONF_EXPERIMENTAL, DOMAIN
from .control_common import TIMING
from .control_drivers import (
    Controllee,
    GrowattDriver,
    controllable,
    is_copy,
    make_driver,
)
from .readings import ONLINE_AGE
from .write_rights import WriteRights
from .zones import async_zone

if TYPE_CHECKING:
    from .device import Device
    from .runtime import GrowattRuntime

_ELSEWHERE = "controlled_elsewhere"
# The cloud shows a put-back after 90 s at most (6.1), and may be asked before and after.
_END_TIMEOUT = TIMING.read_back + 30.0


async def async_center(hass: HomeAssistant) -> ControlCenter:
    """Return who owns the managers of all entries."""
    return await async_control_center(
        hass, DOMAIN, build_drivers, end_timeout=_END_TIMEOUT
    )


async def build_drivers(
    hass: HomeAssistant, entry: ConfigEntry[Any], serials: Iterable[str]
) -> dict[str, Controlled]:
    """Return drivers for devices from an entry's data alone.

    Raises what connecting raises. Nothing is known of what the devices do.
    """
    connection = await async_connect_entry(hass, entry)
    account = connection.account
    # What is written here is noted, also while the entry is not set up.
    account.keep()
    found: dict[str, Controlled] = {}
    for serial in serials:
        if (what := Controllee.noted(account, serial)) is None:
            continue
        driver = make_driver(
            connection,
            what,
            await async_zone(hass, what.zone),
            observe=Observation,
            on_read=lambda _raw, _at: None,
            rated_power=partial(_value, what.rated),
            experimental=bool(entry.options.get(CONF_EXPERIMENTAL)),
        )
        if driver is not None:
            found[serial] = Controlled(driver=driver, account=account)
    return found


class Controls:
    """Gives every device that can be controlled its manager."""

    def __init__(
        self, hass: HomeAssistant, runtime: GrowattRuntime, center: ControlCenter
    ) -> None:
        """Prepare; there are no managers yet."""
        self._hass, self._runtime, self._center = hass, runtime, center
        self._entry, self._account = runtime.entry, runtime.account
        self._lock = asyncio.Lock()
        self._made: dict[str, tuple[Controllee, GrowattDriver]] = {}
        self._followed: dict[str, Device] = {}
        self._rights = WriteRights(runtime)
        self._reloading = False
        self.allowed = bool(self._entry.options.get(CONF_ALLOW_CONTROL, True))
        self._entry.async_on_unload(runtime.async_listen(self._look_again))

    async def async_resume(self) -> None:
        """Go on with what is leased, before anything was read."""
        for serial in self._center.leased(self._entry.entry_id):
            if (what := Controllee.noted(self._account, serial)) is None:
                continue
            try:
                manager = await self._manage(what)
            except Refusal:
                continue
            if not self.allowed:
                self._hass.async_create_task(manager.end("control_off"))

    async def async_follow(self) -> None:
        """Give new devices their managers."""
        async with self._lock:
            refused = Refusal("visitor") if self._visitor else None
            for device in list(self._runtime.devices.values()):
                if self._followed.get(device.serial) is device:
                    self._moved(device)
                    continue
                device.refusal = refused
                if refused is None:
                    try:
                        await self._follow(device)
                    except Refusal as err:
                        device.refusal = err
            self._runtime.issues.visitor(refused is not None and self.allowed)

    async def async_drop(self, serial: str, device: Device) -> None:
        """Let go of a device that is gone; its lease stays on disk."""
        self._made.pop(serial, None)
        self._followed.pop(serial, None)
        device.control = device.store = None
        await self._center.async_drop(self._entry.entry_id, serial)

    def has_left(self, serial: str) -> bool:
        """Whether a device has something of ours that is still to be put back."""
        leased = serial in self._center.leased(self._entry.entry_id)
        return leased or f"{serial}/{MARK}" in self._account.notes

    @property
    def _visitor(self) -> bool:
        session = self._runtime.connection.session
        if session is None:
            return False
        return session.visitor or self._rights.only_looks

    async def _follow(self, device: Device) -> None:
        """Control what is new. Raises ``Refusal`` if another entry does so."""
        mode = self._runtime.source.mode
        if not device.has_settings or not controllable(device.family, mode):
            return
        what, serial = _of(device), device.serial
        before, _ = self._made.get(serial, (None, None))
        manager = self._center.manager(serial)
        if manager is None or before is None or not before.led_like(what):
            manager = await self._manage(what)
        what.note(self._account)
        _, driver = self._made[serial]
        # The settings are read with what the driver needs beside them.
        device.read_settings = driver.fetch
        store = device.store = StoreView(device.settings, driver.decode)

        seen: Settings | None = None

        @callback
        def settings_changed() -> None:
            nonlocal seen
            read = store()
            if read is None or read is seen or device.store is not store:
                return
            seen = read
            # The cloud's copy alone says nothing of what the device does.
            if not is_copy(driver, read):
                manager.settings_read(read)
            device.control = manager

        writes = manager.writes_today

        @callback
        def written() -> None:
            nonlocal writes
            before, writes = writes, manager.writes_today
            if writes > before:
                device.async_written()

        settings_changed()
        self._entry.async_on_unload(manager.listen(written))
        self._listen(device.settings, settings_changed)
        # What was stored of them is taken over without telling anybody.
        self._entry.async_on_unload(self._runtime.async_listen(settings_changed))
        self._listen(device.live, manager.observed)
        self._followed[serial] = device

    @callback
    def _look_again(self) -> None:
        """See whether a device is free by now that another entry had."""
        devices = self._runtime.devices.values()
        for device in self._followed.values():
            self._moved(device)
        if not self._lock.locked() and any(
            device.refusal is not None and device.refusal.key == _ELSEWHERE
            for device in devices
        ):
            self._entry.async_create_background_task(
                self._hass, self.async_follow(), "growatt control"
            )

    @callback
    def _moved(self, device: Device) -> None:
        """Note what is new of a device; begin anew if its days begin otherwise."""
        if (made := self._made.get(device.serial)) is None or self._reloading:
            return
        what = _of(device)
        what.note(self._account)
        zone = str(made[1].zone)
        if what.family is not made[0].family or zone != str(device.zone):
            self._reloading = True
            self._hass.config_entries.async_schedule_reload(self._entry.entry_id)

    async def _manage(self, what: Controllee) -> ControlManager:
        """Return a manager of a device. Raises ``Refusal`` if another entry has it."""
        driver = make_driver(
            self._runtime.connection,
            what,
            await async_zone(self._hass, what.zone),
            observe=partial(self._observe, what.serial),
            on_read=partial(self._on_read, what.serial),
            rated_power=partial(self._rated, what),
            experimental=bool(self._entry.options.get(CONF_EXPERIMENTAL)),
        )
        if driver is None:
            raise Refusal("not_controllable")
        manager = await self._center.async_manage(
            self._entry.entry_id, what.serial, driver, self._account
        )
        manager.allowed = self.allowed
        self._made[what.serial] = (what, driver)
        return manager

    def _observe(self, serial: str) -> Observation:
        """Return what a device was last seen doing."""
        if (device := self._runtime.devices.get(serial)) is None:
            started = self._runtime.listing.known
            return Observation(obstacle="device_gone" if started else None)
        reading, at = device.reading, device.observed_at
        if reading is None or at is None:
            return Observation(reachable=device.live.last_update_success)
        return Observation(
            at=at,
            fresh=dt_util.utcnow() - at <= ONLINE_AGE,
            soc=reading.number("battery_soc"),
            battery=reading.number("battery_power"),
            # A device that its datalogger has lost shows in old records only.
            reachable=device.live.last_update_success and device.fresh,
        )

    @callback
    def _on_read(self, serial: str, raw: Any, received_at: datetime) -> None:
        if (device := self._runtime.devices.get(serial)) is not None:
            device.settings.take(raw, received_at)

    def _rated(self, what: Controllee) -> float | None:
        device = self._runtime.devices.get(what.serial)
        rated = device.entry_info.rated_power if device is not None else None
        return rated or what.rated

    @callback
    def _listen(self, coordinator: BundleCoordinator[Any], listener: Any) -> None:
        self._entry.async_on_unload(coordinator.async_add_listener(listener))


def _of(device: Device) -> Controllee:
    return Controllee(
        serial=device.serial,
        family=device.family,
        zone=device.plant.zone_name,
        rated=device.entry_info.rated_power,
    )


def _value[T](value: T) -> T:
    return value
