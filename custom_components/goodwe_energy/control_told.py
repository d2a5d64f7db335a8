"""What is told of a device's control: its state, its end, its writes, its events."""

from functools import partial

from ._vendor.core.ha.control_entity import LEASES
from ._vendor.core.ha.control_state import (
    CONTROL_EVENTS,
    CONTROL_SENSORS,
    ControlEvents,
    ControlSensor,
)
from ._vendor.core.ha.entity import Candidate
from .control_entities import control_device
from .runtime import GoodWeRuntime


def control_sensors(runtime: GoodWeRuntime) -> list[Candidate]:
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
    return found


def control_events(runtime: GoodWeRuntime) -> list[Candidate]:
    """Return the event entities of all devices that can be controlled."""
    found: list[Candidate] = []
    for led in runtime.controls or ():
        control = control_device(led)
        if control is None or not led.driver.capabilities.intents & LEASES:
            continue
        make = partial(ControlEvents, control, CONTROL_EVENTS)
        found.append((control.serial, CONTROL_EVENTS.key, make))
    return found
