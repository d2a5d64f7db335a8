"""Named settings: their objects on the wire (reference sections 6.3 and 6.4)."""

from collections.abc import Mapping
from typing import Any

from . import settings, slots
from .controls import Controls
from .dialects import OPERATION_MODES, Dialect
from .refusal import Refusal

_SLOTS = {f"TOU{number}": number for number in slots.SLOTS}
_DEMANDS = {"DemandOrDelayed1": 1, "DemandOrDelayed2": 2}
_TOGGLES = ("TOUModeEnable", "DelayedChargeEnable", "OffGridEnable")
_ENABLES = {
    *(settings.PEAK_ON, settings.PEAK_OFF, settings.DELAYED_ON, settings.DELAYED_OFF),
}


def value_of(controls: Controls, name: str) -> dict[str, Any]:
    """Return the `value` of a setting; `{}` of one that it does not have."""
    dialect = controls.dialect
    values = controls.shown
    if dialect is None:
        return {}
    match name:
        case "INVCurrentWorkMode":
            return {name: controls.running_mode}
        case "ARMFunction2":
            return {name: int(controls.slot_floor) << 11}
        case "ARMFunction4":
            return {name: int(controls.export_slots) << 12}
    if name in _SLOTS:
        return dict(values[name])
    if dialect.exclusive:
        return _mode(controls, name)
    if name in _DEMANDS:
        return dict(values[name])
    if name == "Backup":
        return {it: values[it] for it in ("BackupModeEnable", "BackupPChargeP")}
    if name in _TOGGLES and (name != "OffGridEnable" or dialect.off_grid):
        return {name: values[name]}
    return {}


def _mode(controls: Controls, name: str) -> dict[str, Any]:
    code = OPERATION_MODES.get(name)
    if code is None:
        return {}
    register = controls.shown[settings.OPERATION]
    if register != code and controls.switches.inactive_modes == "empty":
        return {}
    return {name: register}


def changes_of(
    controls: Controls, name: str, data: Mapping[str, Any]
) -> settings.Values:
    """Return what a write changes; Refusal of what the device does not take."""
    dialect = controls.dialect
    if dialect is None or name in controls.switches.refuses:
        raise Refusal("P0215")
    values = controls.settings.stored
    if name in _SLOTS:
        number, flag = _SLOTS[name], controls.export_slots
        return {name: slots.accepted(number, data, dialect, month_flag=flag)}
    if dialect.exclusive:
        code = OPERATION_MODES.get(name)
        if code is None or data != {name: code}:
            raise Refusal("P0215")
        return {settings.OPERATION: code}
    if name in _DEMANDS:
        changes = {name: values[name] | _demand(_DEMANDS[name], data, dialect)}
    elif name == "Backup":
        changes = _backup(data)
    elif name in _TOGGLES and (name != "OffGridEnable" or dialect.off_grid):
        if data.keys() != {name} or not slots.is_number(data[name], 0, 1):
            raise Refusal("P0215")
        changes = dict(data)
    else:
        raise Refusal("P0215")
    if controls.switches.exclusive:
        _check_exclusive(values, values | changes)
    return changes


def _check_exclusive(before: settings.Values, after: settings.Values) -> None:
    """Raise Refusal if peak shaving and one of its opposites would be on."""
    if not settings.is_peak_shaving(after):
        return
    opposites = (
        after["TOUModeEnable"],
        after["BackupModeEnable"],
        after["DelayedChargeEnable"] and settings.is_delayed(after),
    )
    if any(opposites) and before != after:
        raise Refusal("P0215")


def _backup(data: Mapping[str, Any]) -> settings.Values:
    # With the grid charge its power is said, and only then
    shapes: tuple[set[str], ...] = (
        {"BackupModeEnable"},
        {"BackupChargeModelEnable", "BackupPChargeP"},
        {"BackupChargeModelEnable"},
    )
    if set(data) not in shapes:
        raise Refusal("P0215")
    charge = data.get("BackupChargeModelEnable")
    fine = all(
        slots.is_number(value, 0, 100 if name == "BackupPChargeP" else 1)
        for name, value in data.items()
    )
    if not fine or ("BackupPChargeP" in data) is not (charge == 1):
        raise Refusal("P0215")
    changes = {
        name: it for name, it in data.items() if not name.endswith("ModelEnable")
    }
    if charge is not None:
        changes[settings.GRID_CHARGE] = charge
    return changes


def _demand(number: int, data: Mapping[str, Any], dialect: Dialect) -> settings.Values:
    most_days = {"Week": 7, "Month": 12}
    enable = data.get(f"DemandOrDelayedWeekEnable{number}")
    # kW, or per mille of the rated power
    is_peak = enable in {settings.PEAK_ON, settings.PEAK_OFF}
    most_power = dialect.peak_limit_kw if is_peak else 1000
    for name, value in data.items():
        field = name.removeprefix("DemandOrDelayed").removesuffix(str(number))
        match field:
            case "WeekEnable":
                fine = value in _ENABLES
            case "Week" | "Month":
                fine = isinstance(value, list) and set(value) <= set(
                    range(most_days[field])
                )
            case "Start" | "End":
                fine = slots.is_time(value)
            case "SOC":
                fine = slots.is_number(value, 0, 100)
            case "PowerLimit":
                fine = slots.is_number(value, 0, most_power)
            case "ChargePriority":
                fine = value in {0, 1}
            case _:
                fine = False
        if not fine:
            raise Refusal("P0215")
    # A switch is written with all days, settings with the state of the switch
    needed = {f"DemandOrDelayed{it}{number}" for it in ("WeekEnable", "Week")}
    if not needed <= data.keys():
        raise Refusal("P0214")
    return dict(data)
