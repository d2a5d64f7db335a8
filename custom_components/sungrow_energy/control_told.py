"""What is told of a device's control: state, end, writes, the last command, events."""

from collections.abc import Hashable
from functools import partial
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory

from ._vendor.core.ha.control_entity import LEASES, ControlDevice, ControlEntity
from ._vendor.core.ha.control_state import (
    CONTROL_EVENTS,
    CONTROL_SENSORS,
    ControlEvents,
    ControlSensor,
)
from ._vendor.core.ha.entity import Candidate
from .control.tasks import Verdict
from .control_entities import control_device
from .led_device import LedDevice
from .runtime import SungrowRuntime

LAST_COMMAND = SensorEntityDescription(
    key="last_command",
    translation_key="last_command",
    device_class=SensorDeviceClass.ENUM,
    options=[str(verdict) for verdict in Verdict],
    entity_category=EntityCategory.DIAGNOSTIC,
)


def control_sensors(runtime: SungrowRuntime) -> list[Candidate]:
    """Return the sensors of all devices that can be controlled."""
    found: list[Candidate] = []
    for led in runtime.controls or ():
        if (control := control_device(led)) is None or not led.settings.known:
            continue
        # What has settings only counts how often they were written.
        leases = led.driver.capabilities.intents & LEASES
        found += [
            (control.serial, item.key, partial(ControlSensor, control, item))
            for item in CONTROL_SENSORS
            if leases or item.daily
        ]
        last = partial(LastCommandSensor, control, led)
        found.append((control.serial, LAST_COMMAND.key, last))
    return found


def control_events(runtime: SungrowRuntime) -> list[Candidate]:
    """Return the event entities of all devices that can be controlled."""
    found: list[Candidate] = []
    for led in runtime.controls or ():
        control = control_device(led)
        if control is None or not led.driver.capabilities.intents & LEASES:
            continue
        make = partial(ControlEvents, control, CONTROL_EVENTS)
        found.append((control.serial, CONTROL_EVENTS.key, make))
    return found


class LastCommandSensor(ControlEntity, SensorEntity):
    """What became of the last change: done is only what reads back."""

    def __init__(self, control: ControlDevice, led: LedDevice) -> None:
        """Bind the sensor to the device."""
        super().__init__(control, LAST_COMMAND)
        self._led = led

    @property
    @override
    def native_value(self) -> str | None:
        verdict = self._led.last_command
        return str(verdict) if verdict is not None else None

    @property
    @override
    def shown(self) -> Hashable:
        return self.native_value
