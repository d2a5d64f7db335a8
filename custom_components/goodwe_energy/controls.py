"""The managers of an entry: one for each device whose settings can be changed."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ._vendor.core.client.decode import number
from ._vendor.core.control.driver import Observation
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.control import (
    MARK,
    ControlCenter,
    Controlled,
    async_control_center,
)
from .connection import async_connect_entry
from .const import CONF_ALLOW_CONTROL, DOMAIN
from .control.controllee import Controllee
from .control.inverter_settings import TIMING, InverterSettings
from .control.observing import observation_of
from .control.settings_reader import Status
from .control_drivers import CHARGER, CONTROLLED, INVERTER, Known, Leading, make_driver
from .led_device import LedCharger, LedDevice, LedInverter

if TYPE_CHECKING:
    from .device import Device
    from .runtime import GoodWeRuntime

_ELSEWHERE = "controlled_elsewhere"
# A device may take 30 s for each of three changes, and the look at them as well.
END_TIMEOUT = TIMING.read_back + 90.0
_RUNNING = frozenset({"normal", "running"})


async def async_center(hass: HomeAssistant) -> ControlCenter:
    """Return who owns the managers of all entries."""
    return await async_control_center(
        hass, DOMAIN, build_drivers, end_timeout=END_TIMEOUT
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
        if (known := Known.noted(account, serial)) is None:
            continue
        driver = make_driver(
            connection,
            known,
            await known.async_zone(),
            observe=Observation,
            on_read=lambda _raw, _at: None,
        )
        found[serial] = Controlled(driver=driver, account=account)
    return found


class Controls:
    """Gives every device that can be controlled its manager."""

    def __init__(
        self, hass: HomeAssistant, runtime: GoodWeRuntime, center: ControlCenter
    ) -> None:
        """Prepare; there are no managers yet."""
        self._hass, self._runtime, self._center = hass, runtime, center
        self._entry, self._account = runtime.entry, runtime.account
        self._lock = asyncio.Lock()
        self._known: dict[str, Known] = {}
        self._drivers: dict[str, Leading] = {}
        self._led: dict[str, LedDevice] = {}
        self.allowed = bool(runtime.option(CONF_ALLOW_CONTROL))
        self._entry.async_on_unload(runtime.async_listen(self._look_again))

    def __iter__(self) -> Iterator[LedDevice]:
        """Go through the devices that have managers."""
        return iter(list(self._led.values()))

    def of(self, serial: str) -> LedDevice | None:
        """Return a device with its manager; None if it has none."""
        return self._led.get(serial)

    async def async_resume(self) -> None:
        """Go on with what is leased, before anything was read."""
        for serial in self._center.leased(self._entry.entry_id):
            if (known := Known.noted(self._account, serial)) is None:
                continue
            try:
                await self._manage(known)
            except Refusal:
                continue
            manager = self._center.manager(serial)
            if manager is not None and not self.allowed:
                self._hass.async_create_task(manager.end("control_off"))

    async def async_follow(self) -> None:
        """Give new devices their managers."""
        async with self._lock:
            new: list[LedDevice] = []
            for device in list(self._runtime.devices.values()):
                led = self._led.get(device.serial)
                if led is not None and led.device is device:
                    self._renew(device)
                    continue
                device.refusal = None
                try:
                    if (led := await self._follow(device)) is not None:
                        new.append(led)
                except Refusal as err:
                    device.refusal = err
        if new:
            # A lease may begin before the account is written the next time.
            await self._account.async_save()
        if self.allowed and new:
            self._runtime.in_background(self._read(new), "settings")

    async def async_drop(self, serial: str, device: Device) -> None:
        """Let go of a device that is gone; its lease stays on disk."""
        self._known.pop(serial, None)
        self._drivers.pop(serial, None)
        device.control = None
        if (led := self._led.pop(serial, None)) is not None:
            await led.async_shutdown()
        await self._center.async_drop(self._entry.entry_id, serial)

    def has_left(self, serial: str) -> bool:
        """Whether a device has something of ours that is still to be put back."""
        leased = serial in self._center.leased(self._entry.entry_id)
        return leased or f"{serial}/{MARK}" in self._account.notes

    async def _follow(self, device: Device) -> LedDevice | None:
        """Control what is new. Raises ``Refusal`` if that may not be."""
        if device.cls not in CONTROLLED or not device.listed:
            return None
        if device.cls == CHARGER and device.live is None:
            return None
        serial = device.serial
        if not device.plant.may_write and not self.has_left(serial):
            raise Refusal("no_remote_right")
        known = self._now(device)
        before = self._known.get(serial)
        if (
            before is None
            or self._center.manager(serial) is None
            or not known.like(before)
        ):
            await self._manage(known)
        self._keep(known)
        if (old := self._led.pop(serial, None)) is not None:
            await old.async_shutdown()
        led = self._led[serial] = self._make(device)
        led.begin(read=self.allowed)
        return led

    def _make(self, device: Device) -> LedDevice:
        driver, runtime = self._drivers[device.serial], self._runtime
        manager = self._center.manager(device.serial)
        assert manager is not None
        if isinstance(driver, InverterSettings):
            return LedInverter(runtime, device, driver, manager)
        assert device.live is not None
        return LedCharger(runtime, device, driver, manager, device.live)

    async def _read(self, new: Iterable[LedDevice]) -> None:
        """Read the settings that are due, of batteries first."""
        for led in sorted(new, key=lambda one: not one.device.entry.storage):
            await led.async_first_look()

    @callback
    def _look_again(self) -> None:
        """See to what is known by now, and whether a device is free by now."""
        for led in self._led.values():
            if led.device.listed:
                self._renew(led.device)
        if not self._lock.locked() and any(
            device.refusal is not None and device.refusal.key == _ELSEWHERE
            for device in self._runtime.devices.values()
        ):
            self._runtime.in_background(self.async_follow(), "control")

    @callback
    def _renew(self, device: Device) -> None:
        """Keep what is known of it by now.

        What it can do may only be told now: then it needs another driver, and entities
        with that.
        """
        known, before = self._now(device), self._known[device.serial]
        if known == before:
            return
        self._keep(known)
        if (led := self._led.get(device.serial)) is not None:
            led.manager.observed()
        if not known.like(before):
            self._hass.config_entries.async_schedule_reload(self._entry.entry_id)

    @callback
    def _keep(self, known: Known) -> None:
        """Remember it, also for a start without readings, and let its driver know."""
        known.note(self._account)
        self._known[known.what.serial] = known
        if (driver := self._drivers.get(known.what.serial)) is not None:
            driver.what = known.what

    def _now(self, device: Device) -> Known:
        """Return what is known of it; no single answer makes us forget any of it."""
        entry, plant = device.entry, device.plant
        batteries = sorted(
            (one for one in device.batteries if one.bat_index),
            key=lambda one: (len(one.bat_index or ""), one.bat_index),
        )
        battery = batteries[0] if batteries else None
        known = Known(
            what=Controllee(
                serial=device.serial,
                name=entry.name,
                type=entry.type,
                station_id=plant.id,
                model=entry.model or "",
                rated=number(device.values.get("rated_power"), low=1),
            ),
            cls=device.cls,
            battery=_has_battery(device),
            index=battery.bat_index if battery is not None else None,
            several=len(batteries) > 1,
            battery_name=battery.battery_name if battery is not None else None,
            zone_name=plant.entry.zone_name,
            offset=plant.entry.offset,
        )
        before = self._known.get(device.serial)
        before = before or Known.noted(self._account, device.serial)
        if before is not None and before.index and self.has_left(device.serial):
            known = known.led_as(before)
        return known.completed(before)

    async def _manage(self, known: Known) -> None:
        """Make a device's manager. Raises ``Refusal`` if another entry has it."""
        serial = known.what.serial
        driver = make_driver(
            self._runtime.connection,
            known,
            await known.async_zone(),
            observe=partial(self._observe, serial),
            on_read=partial(self._on_read, serial),
            status=partial(self._status, serial),
            latest=lambda: self._known.get(serial, known),
        )
        manager = await self._center.async_manage(
            self._entry.entry_id, serial, driver, self._account
        )
        manager.allowed = self.allowed
        self._drivers[serial], self._known[serial] = driver, known

    def _observe(self, serial: str) -> Observation:
        """Return what a device was last seen doing."""
        if (device := self._runtime.devices.get(serial)) is None:
            return Observation()
        plant, reading = device.plant, device.plant.reading
        soc = battery = at = None
        if _alone(device):
            if reading is not None:
                at = reading.observed_at
                soc = number(reading.values.get("battery_soc"))
                battery = number(reading.values.get("battery_power"))
        else:
            found = [one for one in device.batteries if one.observed_at is not None]
            at = min(
                (one.observed_at for one in found if one.observed_at), default=None
            )
            soc, battery = _mean(found, "soc"), _sum(found, "power")
        return observation_of(
            dt_util.utcnow(),
            at=at,
            soc=soc,
            battery=battery,
            off_grid=plant.off_grid,
            online=device.online,
        )

    @callback
    def _on_read(self, serial: str, raw: Any, received_at: datetime) -> None:
        if (led := self._led.get(serial)) is not None:
            led.take(raw, received_at)

    def _status(self, serial: str) -> Status | None:
        """Return whether its state says that it runs (section 6.6)."""
        device = self._runtime.devices.get(serial)
        if device is None or not device.listed:
            return None
        if (at := device.plant.listing.observed_at) is None:
            return None
        if device.entry.status in _RUNNING:
            return Status(running=True, at=at)
        # One without a battery waits each night
        if device.entry.status == "waiting" and device.entry.storage:
            return Status(running=False, at=at)
        return None


def _has_battery(device: Device) -> bool:
    """Whether an inverter has a battery; a plant's is that of its only hybrid."""
    if device.cls != INVERTER:
        return False
    if device.seen("own_battery", bool(device.batteries)):
        return True
    return device.entry.storage and _alone(device) and device.plant.has_battery


def _alone(device: Device) -> bool:
    """Whether the powers of the plant's battery are those of this inverter's."""
    inverters = [one for one in device.plant.devices if one.entry.storage]
    return inverters == [device]


def _mean(devices: list[Device], key: str) -> float | None:
    found = [number(one.values.get(key)) for one in devices]
    known = [value for value in found if value is not None]
    return sum(known) / len(known) if known else None


def _sum(devices: list[Device], key: str) -> float | None:
    found = [number(one.values.get(key)) for one in devices]
    known = [value for value in found if value is not None]
    return sum(known) if known and len(known) == len(found) else None
