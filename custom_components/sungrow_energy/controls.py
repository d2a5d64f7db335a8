"""The managers of an entry: one for each device whose parameters can be set."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

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
from .control.observing import observation_of
from .control.parameter import HYBRID, LOGGER
from .control.settings_driver import TIMING, SettingsDriver
from .control_drivers import CONTROLLED, Known, make_driver
from .led_device import LedDevice

if TYPE_CHECKING:
    from .device import Device
    from .runtime import SungrowRuntime

_ELSEWHERE = "controlled_elsewhere"
# A task may take so long, and the look at what it did as well.
END_TIMEOUT = TIMING.read_back + 60.0


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
            observe=Observation,
            on_read=lambda _raw, _at: None,
            has_battery=partial(bool, known.battery),
            status=lambda: None,
            logger_limits=lambda: False,
        )
        found[serial] = Controlled(driver=driver, account=account)
    return found


class Controls:
    """Gives every device that can be controlled its manager."""

    def __init__(
        self, hass: HomeAssistant, runtime: SungrowRuntime, center: ControlCenter
    ) -> None:
        """Prepare; there are no managers yet."""
        self._hass, self._runtime, self._center = hass, runtime, center
        self._entry, self._account = runtime.entry, runtime.account
        self._lock = asyncio.Lock()
        self._made: dict[str, tuple[Known, SettingsDriver]] = {}
        self._led: dict[str, LedDevice] = {}
        self.allowed = bool(self._entry.options.get(CONF_ALLOW_CONTROL, False))
        self._entry.async_on_unload(runtime.async_listen(self._look_again))

    def __iter__(self) -> Iterator[LedDevice]:
        """Go through the devices that have managers."""
        return iter(list(self._led.values()))

    def of(self, identifier: str) -> LedDevice | None:
        """Return a device with its manager; None if it has none."""
        return self._led.get(identifier)

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
                led = self._led.get(device.identifier)
                if led is not None and led.device is device:
                    if self._note(device):
                        self._hass.config_entries.async_schedule_reload(
                            self._entry.entry_id
                        )
                    continue
                device.refusal = None
                try:
                    if (led := await self._follow(device)) is not None:
                        new.append(led)
                except Refusal as err:
                    device.refusal = err
        if self.allowed and new:
            self._runtime.in_background(self._read(new), "settings")

    async def async_drop(self, identifier: str, device: Device) -> None:
        """Let go of a device that is gone; its lease stays on disk."""
        self._made.pop(identifier, None)
        device.control = None
        if (led := self._led.pop(identifier, None)) is not None:
            await led.async_shutdown()
        await self._center.async_drop(self._entry.entry_id, identifier)
        if not self.has_left(identifier):
            self._account.forget(f"{device.uuid}/")

    def has_left(self, identifier: str) -> bool:
        """Whether a device has something of ours that is still to be put back."""
        leased = identifier in self._center.leased(self._entry.entry_id)
        return leased or f"{identifier}/{MARK}" in self._account.notes

    async def _follow(self, device: Device) -> LedDevice | None:
        """Control what is new. Raises ``Refusal`` if another entry does so."""
        if device.type not in CONTROLLED or not device.uuid:
            return None
        known, serial = self._known(device), device.identifier
        before, _ = self._made.get(serial, (None, None))
        if self._center.manager(serial) is None or not _led_like(before, known):
            await self._manage(known)
        known.note(self._account)
        manager = self._center.manager(serial)
        assert manager is not None
        if (old := self._led.pop(serial, None)) is not None:
            await old.async_shutdown()
        led = LedDevice(self._runtime, device, self._made[serial][1], manager)
        self._led[serial] = led
        led.begin(read=self.allowed)
        return led

    async def _read(self, new: Iterable[LedDevice]) -> None:
        """Read the settings that are due, of batteries first."""
        for led in sorted(new, key=lambda one: one.device.type != HYBRID):
            await led.async_first_look()

    @callback
    def _look_again(self) -> None:
        """See whether a device is free by now that another entry had."""
        devices = self._runtime.devices.values()
        if not self._lock.locked() and any(
            device.refusal is not None and device.refusal.key == _ELSEWHERE
            for device in devices
        ):
            self._runtime.in_background(self.async_follow(), "control")

    def _note(self, device: Device) -> bool:
        """Keep what is known of it by now, for a start without readings.

        Returns whether it needs another driver, and entities with that: its record or
        its plant is another one, or what it can do is only told now.
        """
        if any(
            plant is not device.plant
            and plant.listing.known
            and device.identifier in plant.listing.data.devices
            for plant in self._runtime.plants.values()
        ):
            return False  # which of its records holds is not told yet
        known = self._known(device)
        known.note(self._account)
        return not _led_like(self._made[device.identifier][0], known)

    def _known(self, device: Device) -> Known:
        """Return what is known of it; no single list makes us forget any of it."""
        now = Known(
            Controllee(
                serial=device.identifier,
                uuid="" if device.uuid == device.ps_key else device.uuid,
                type=device.type,
                model=device.entry.model or "",
                rated=device.entry.rated_power,
            ),
            self._has_battery(device),
        )
        known = now.completed(Known.noted(self._account, device.identifier))
        if known.what.uuid:
            return known
        return replace(known, what=replace(known.what, uuid=device.uuid))

    async def _manage(self, known: Known) -> None:
        """Make a device's manager. Raises ``Refusal`` if another entry has it."""
        serial = known.what.serial
        driver = make_driver(
            self._runtime.connection,
            known,
            observe=partial(self._observe, serial),
            on_read=partial(self._on_read, serial),
            has_battery=partial(self._battery, known),
            status=partial(self._status, serial),
            logger_limits=partial(self._logger_limits, serial),
            firmware=partial(self._firmware, serial),
        )
        manager = await self._center.async_manage(
            self._entry.entry_id, serial, driver, self._account
        )
        manager.allowed = self.allowed
        self._made[serial] = (known, driver)

    def _observe(self, serial: str) -> Observation:
        """Return what a device was last seen doing."""
        if (device := self._runtime.devices.get(serial)) is None:
            started = self._runtime.listing.known
            return Observation(obstacle="device_gone" if started else None)
        return observation_of(
            dt_util.utcnow(),
            at=device.observed_at,
            soc=_number(device, "battery_soc"),
            battery=_battery_power(device),
            status=self._status(serial),
            online=device.online,
        )

    @callback
    def _on_read(self, serial: str, raw: Any, received_at: datetime) -> None:
        if (led := self._led.get(serial)) is not None:
            led.take(raw, received_at)

    def _status(self, serial: str) -> str | None:
        device = self._runtime.devices.get(serial)
        status = device.values.get("operating_status") if device is not None else None
        return status if isinstance(status, str) else None

    def _firmware(self, serial: str) -> str:
        """Return the versions of a device: with others it may count otherwise (6.1)."""
        device = self._runtime.devices.get(serial)
        versions = device.entry.versions if device is not None else {}
        return " ".join(f"{part}={versions[part]}" for part in sorted(versions))

    def _battery(self, known: Known) -> bool:
        device = self._runtime.devices.get(known.what.serial)
        return known.battery if device is None else self._has_battery(device)

    def _has_battery(self, device: Device) -> bool:
        """Whether a hybrid has a battery: alone it may be without (section 6.5)."""
        if device.type != HYBRID:
            return False
        if device.seen("own_battery", device.values.get("battery_soc") is not None):
            return True
        hybrids = [one for one in device.plant.devices if one.type == HYBRID]
        return len(hybrids) == 1 and device.plant.has_battery

    def _logger_limits(self, serial: str) -> bool:
        """Whether a logger of the plant owns the export limit (section 6.5)."""
        device = self._runtime.devices.get(serial)
        if device is None or device.type == LOGGER:
            return False
        return any(other.type == LOGGER for other in device.plant.devices)


def _led_like(before: Known | None, now: Known) -> bool:
    """Return whether the same driver leads it, with the same scale."""
    if before is None:
        return False
    old, new = before.what, now.what
    return (old.uuid, old.type, old.model, old.rated) == (
        new.uuid,
        new.type,
        new.model,
        new.rated,
    )


def _number(device: Device, key: str) -> float | None:
    value = device.values.get(key)
    return value if isinstance(value, int | float) else None


def _battery_power(device: Device) -> float | None:
    """Return the battery's power in W, + discharging; None if that is not told."""
    discharged = _number(device, "battery_discharge_power")
    charged = _number(device, "battery_charge_power")
    if discharged is None and charged is None:
        return None
    return (discharged or 0.0) - (charged or 0.0)
