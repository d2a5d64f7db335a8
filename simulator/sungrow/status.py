"""What state a device says that it is in (3.11, enumerations)."""

from typing import TYPE_CHECKING

from .behaviour import dispatched
from .home import INVERTER, MICRO
from .parameters import MODE, POWER_LIMITED

if TYPE_CHECKING:
    from ..house import Live
    from .device import Device

FORCED, DISPATCH, OFF_GRID = 2048, 16384, 4096
RUNNING, STANDBY, SHUT_DOWN, FAULT, DERATED, ALARM = 64, 8, 1, 256, 128, 37120
DISPATCHED = 33280


def operating_status(device: Device, live: Live) -> int:
    """Return 13146 of a hybrid, 29 of an inverter, 51301 of a microinverter."""
    if device.is_off:
        return SHUT_DOWN
    if any(alarm.type == 1 for alarm in device.open_alarms):
        return FAULT if device.type != MICRO else 21760
    if not live.grid:
        return OFF_GRID
    if dispatched(device):
        return DISPATCHED
    mode = device.parameters.active.get(MODE, 0)
    if mode and device.switches.follows and device.has_battery:
        return FORCED if mode == 2 else DISPATCH
    if device.type in {INVERTER, MICRO} and live.pv_w <= 0:
        return STANDBY if device.type == INVERTER else 5120
    if device.open_alarms:
        return ALARM
    if device.type == MICRO:
        return 0
    if device.parameters.active.get(POWER_LIMITED) == 170:
        return DERATED
    return RUNNING


def charger_status(device: Device, live: Live) -> int:
    """Return 33716 of an EV charger."""
    if any(alarm.type == 1 for alarm in device.open_alarms):
        return 9
    car = live.car
    if live.ev_w > 0:
        return 3
    if not car.plugged:
        return 1
    if car.wanted_wh <= 0:
        return 6
    return 4 if car.enabled else 2
