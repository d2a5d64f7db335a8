"""What battery, sun and grid do with the parameters (reference sections 6.2 to 6.5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..balance import Command, Mode
from ..house import State
from .home import EMS, HYBRID, INVERTER, LOGGER
from .parameters import (
    BATTERY_FIRST,
    COMMAND,
    EMS_COMMAND,
    EMS_MODE,
    EMS_POWER,
    EXPORT,
    EXPORT_RATIO,
    EXPORT_W,
    FORCED,
    FORCED_DAYS,
    MAX_CHARGE,
    MAX_DISCHARGE,
    MODE,
    ON,
    POWER,
    POWER_LIMITED,
    POWER_RATIO,
    SOC_MAX,
    SOC_MIN,
    WINDOWS,
)

if TYPE_CHECKING:
    from .device import Device

type Values = Mapping[int, int]

_HOLD = Command(mode=Mode.HOLD)
CHARGE, DISCHARGE, STOP = 170, 187, 204


def dispatched(device: Device) -> bool:
    """Return whether a battery command holds a device that has no battery (6.5)."""
    values = device.parameters.active
    return (
        device.type in {HYBRID, INVERTER}
        and not device.has_battery
        and device.switches.follows
        and values.get(MODE, 0) != 0
        and values.get(COMMAND, STOP) != STOP
    )


def battery_command(device: Device, local: datetime, state: State) -> Command:
    """Return what the battery of a hybrid or EMS does at a time of the plant."""
    values = device.parameters.active
    if not device.switches.follows:
        return Command()
    if device.type == EMS:
        mode = values[EMS_MODE]
        wanted, watts = values[EMS_COMMAND], float(values[EMS_POWER])
        return _ordered(device, wanted, watts) if mode in {4, 5} else Command()
    if device.is_off:
        return _HOLD
    charge_w = values[MAX_CHARGE] * 10.0
    discharge_w = values[MAX_DISCHARGE] * 10.0
    low, high = values[SOC_MIN] / 10, values[SOC_MAX] / 10
    if values[MODE]:
        command = _ordered(device, values[COMMAND], float(values[POWER]))
    elif (target := forced_target(values, local)) is not None:
        command = Command(mode=Mode.CHARGE, target_soc=target, surplus_on_top=True)
        if state.soc >= target:
            command = Command(discharge_allowed=False)
    elif values[BATTERY_FIRST] == ON and state.pv_w > 0 and state.soc < high:
        command = Command(mode=Mode.CHARGE, grid_charge=False, solar_first=True)
    else:
        command = Command()
    return _within(command, charge_w, discharge_w, low, high)


def _ordered(device: Device, command: int, watts: float) -> Command:
    if command == CHARGE:
        return Command(mode=Mode.CHARGE, power_w=watts)
    if command == DISCHARGE:
        return Command(mode=Mode.DISCHARGE, power_w=watts)
    return _HOLD if device.switches.stop_means == "hold" else Command()


def _within(
    command: Command, charge_w: float, discharge_w: float, low: float, high: float
) -> Command:
    most = charge_w if command.mode is Mode.CHARGE else discharge_w
    power_w = command.power_w
    if command.mode in {Mode.CHARGE, Mode.DISCHARGE}:
        power_w = most if power_w is None else min(power_w, most)
    return replace(
        command,
        power_w=power_w,
        charge_limit_w=charge_w,
        discharge_limit_w=discharge_w,
        min_soc=low,
        max_soc=max(low, high),
    )


def forced_target(values: Values, local: datetime) -> float | None:
    """Return the target SoC of the window that holds; None outside of all."""
    if values[FORCED] != ON or (values[FORCED_DAYS] == 0 and local.weekday() > 4):
        return None
    minute = local.hour * 60 + local.minute
    for start_hour, start_minute, end_hour, end_minute, target in WINDOWS:
        first = values[start_hour] * 60 + values[start_minute]
        last = values[end_hour] * 60 + values[end_minute]
        # An hour of 24 is no time: such a window is not there
        if values[start_hour] >= 24 or first == last:
            continue
        inside = first <= minute < last
        if last < first:
            inside = minute >= first or minute < last
        if inside:
            return float(values[target])
    return None


def limited(device: Device, command: Command) -> Command:
    """Return a command within the limits of one of the plant's devices."""
    values = device.parameters.active
    if device.type == LOGGER:
        if values[EXPORT]:
            watts = device.rated_w * max(values[EXPORT_RATIO], 0) / 1000
            command = replace(command, export_limit_w=watts)
        return command
    if device.type not in {HYBRID, INVERTER}:
        return command
    if device.is_off or dispatched(device):
        return replace(command, pv_limit_w=0.0)
    if values[POWER_LIMITED] == ON:
        most = device.rated_w * values[POWER_RATIO] / 1000
        command = replace(command, output_limit_w=most)
    if values[EXPORT] == ON:
        ratio_w = device.rated_w * values[EXPORT_RATIO] / 1000
        watts = min(float(values[EXPORT_W]), ratio_w)
        command = replace(command, export_limit_w=watts)
    return command
