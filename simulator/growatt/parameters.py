"""Parameters of writes: how they are checked, and what they change (growatt.md 6)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any, Literal

from .device import Device
from .families import Family
from .settings import PERIODS, SEGMENTS, minute_of

type Reason = Literal[
    "type", "empty", "range", "format", "order", "offline", "collector", "system"
]
type Changes = dict[str, Any]
type Parser = Callable[[Device, Sequence[str]], Changes]


class CommandError(Exception):
    """A write that the cloud does not accept."""

    def __init__(self, reason: Reason) -> None:
        """Say why."""
        super().__init__(reason)
        self.reason: Reason = reason


# Values


def number(text: str, low: int, high: int) -> int:
    """Return a whole number in a range; CommandError otherwise."""
    if not text:
        raise CommandError("empty")
    try:
        value = int(text)
    except ValueError as err:
        raise CommandError("format") from err
    if not low <= value <= high:
        raise CommandError("range")
    return value


def clock(hour: str, minute: str) -> str:
    """Return a time as it is read back; hours and minutes may be padded."""
    if not (hour and minute):
        raise CommandError("empty")
    if not (hour.isdigit() and minute.isdigit()):
        raise CommandError("format")
    if int(hour) > 23 or int(minute) > 59:
        raise CommandError("format")
    return f"{int(hour)}:{int(minute)}"


def _window(params: Sequence[str]) -> tuple[str, str, int]:
    start, stop = clock(*params[0:2]), clock(*params[2:4])
    if _minutes(stop) < _minutes(start):
        raise CommandError("order")
    return start, stop, number(params[4], 0, 1)


def _minutes(text: str) -> int:
    minute = minute_of(text)
    return -1 if minute is None else minute


# Parsers


def _number(key: str, low: int, high: int) -> Parser:
    return lambda _device, params: {key: number(params[0], low, high)}


def _on_off(device: Device, params: Sequence[str]) -> Changes:
    del device
    if params[0] not in {"0000", "0001", "0", "1"}:
        raise CommandError("range" if params[0] else "empty")
    return {"onOff": int(params[0])}


def _system_time(device: Device, params: Sequence[str]) -> Changes:
    set_clock(device, params[0])
    return {}


def set_clock(device: Device, text: str) -> None:
    """Set the inverter's clock to a plant time; CommandError for anything else."""
    if not text:
        raise CommandError("empty")
    zone = device.house.spec.zone
    try:
        wanted = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError as err:
        raise CommandError("format") from err
    if device.online and device.switches.executes:
        now = device.house.live().at
        device.clock_error = (wanted - now).total_seconds()


def _backflow(device: Device, params: Sequence[str]) -> Changes:
    changes: Changes = {
        "exportLimit": number(params[0], 0, 2 if device.family is Family.MIN else 1)
    }
    if len(params) > 1 and params[1]:
        changes["exportLimitPowerRate"] = number(params[1], 0, 100)
    return changes


def _segment(slot: int) -> Parser:
    def parse(device: Device, params: Sequence[str]) -> Changes:
        mode = number(params[0], 0, 2)
        start, stop, enabled = _window(params[1:6])
        if device.switches.overlap == "reject" and _overlaps(device, slot, start, stop):
            raise CommandError("range")
        return {
            f"time{slot}Mode": mode,
            f"forcedTimeStart{slot}": start,
            f"forcedTimeStop{slot}": stop,
            f"forcedStopSwitch{slot}": enabled,
        }

    return parse


def _overlaps(device: Device, slot: int, start: str, stop: str) -> bool:
    """Return whether a segment covers part of another one, enabled or not."""
    settings = device.settings.stored
    first, last = _minutes(start), _minutes(stop)
    return any(
        first < _minutes(settings[f"forcedTimeStop{other}"])
        and _minutes(settings[f"forcedTimeStart{other}"]) < last
        for other in SEGMENTS
        if other != slot and first != last
    )


def _three(params: Sequence[str], start: str, stop: str, flag: str) -> Changes:
    changes: Changes = {}
    for period in PERIODS:
        first, last, enabled = _window(params[5 * (period - 1) : 5 * period])
        changes |= {
            f"{start}{period}": first,
            f"{stop}{period}": last,
            f"{flag}{period}": enabled,
        }
    return changes


def _charge(params: Sequence[str], flag: str) -> Changes:
    return {
        "chargePowerCommand": number(params[0], 0, 100),
        "wchargeSOCLowLimit2": number(params[1], 0, 100),
        **_three(params[2:], "forcedChargeTimeStart", "forcedChargeTimeStop", flag),
    }


def _discharge(params: Sequence[str], flag: str) -> Changes:
    return {
        "disChargePowerCommand": number(params[0], 0, 100),
        "wdisChargeSOCLowLimit2": number(params[1], 0, 100),
        **_three(
            params[2:], "forcedDischargeTimeStart", "forcedDischargeTimeStop", flag
        ),
    }


def _with_mains(params: Sequence[str], flag: str) -> Changes:
    return _charge([*params[:2], *params[3:]], flag) | {
        "acChargeEnable": number(params[2], 0, 1)
    }


def _sph_charge(_device: Device, params: Sequence[str]) -> Changes:
    return _with_mains(params, "forcedChargeStopSwitch")


def _sph_discharge(_device: Device, params: Sequence[str]) -> Changes:
    return _discharge(params, "forcedDischargeStopSwitch")


def _spa_charge(_device: Device, params: Sequence[str]) -> Changes:
    return _charge(params, "batFirstSwitch")


def spa_charge_v1(device: Device, params: Sequence[str]) -> Changes:
    """Take the layout of the switch: V1's is uncertain (6.5)."""
    if device.switches.spa_v1_layout == 18:
        return _with_mains(params, "batFirstSwitch")
    return _spa_charge(device, params)


def _spa_discharge(_device: Device, params: Sequence[str]) -> Changes:
    return _discharge(params, "gridFirstSwitch")


def _spa_load_first(_device: Device, params: Sequence[str]) -> Changes:
    return _three(params, "loadFirstStartTime", "loadFirstStopTime", "loadFirstSwitch")


def check_sides(device: Device, changes: Changes) -> None:
    """Raise CommandError if periods of two sides meet, where they may not."""
    if device.switches.periods_overlap == "accept":
        return
    settings = {**device.settings.stored, **changes}
    live = [
        (side, _minutes(settings[f"{start}{n}"]), _minutes(settings[f"{stop}{n}"]))
        for side, (start, stop, flag) in enumerate(_SIDES.get(device.family, ()))
        for n in PERIODS
        if settings[f"{flag}{n}"]
    ]
    for (side, first, last), (other, begin, end) in combinations(live, 2):
        if side != other and first < end and begin < last:
            raise CommandError("range")


_CHARGE = ("forcedChargeTimeStart", "forcedChargeTimeStop")
_DISCHARGE = ("forcedDischargeTimeStart", "forcedDischargeTimeStop")
_SIDES = {
    Family.SPH: (
        (*_CHARGE, "forcedChargeStopSwitch"),
        (*_DISCHARGE, "forcedDischargeStopSwitch"),
    ),
    Family.SPA: (
        (*_CHARGE, "batFirstSwitch"),
        (*_DISCHARGE, "gridFirstSwitch"),
        ("loadFirstStartTime", "loadFirstStopTime", "loadFirstSwitch"),
    ),
}


def _hours(key: str) -> Parser:
    def parse(_device: Device, params: Sequence[str]) -> Changes:
        start, stop = clock(*params[0:2]), clock(*params[2:4])
        return {key: f"{start}_{stop}".replace(":", "_")}

    return parse


def _word(key: str, low: int, high: int) -> Parser:
    return lambda _device, params: {key: str(number(params[0], low, high))}


def _storage_on_off(_device: Device, params: Sequence[str]) -> Changes:
    if params[0] not in {"0000", "0001"}:
        raise CommandError("range" if params[0] else "empty")
    return {"storage_cmd_on_off": params[0]}


_COMMON: dict[str, Parser] = {
    "pv_on_off": _on_off,
    "pv_active_p_rate": _number("activeRate", 0, 100),
    "pf_sys_year": _system_time,
}
PARSERS: dict[Family, dict[str, Parser]] = {
    Family.MIN: {
        "charge_power": _number("chargePowerCommand", 0, 100),
        "charge_stop_soc": _number("wchargeSOCLowLimit", 0, 100),
        "discharge_power": _number("disChargePowerCommand", 0, 100),
        "discharge_stop_soc": _number("wdisChargeSOCLowLimit", 10, 100),
        "on_grid_discharge_stop_soc": _number("onGridDischargeStopSOC", 10, 100),
        "ac_charge": _number("acChargeEnable", 0, 1),
        # Which of the two V1 knows is uncertain (6.2)
        "ub_ac_charging_stop_soc": _number("ubAcChargingStopSOC", 0, 100),
        "ac_charge_soc_limit": _number("ubAcChargingStopSOC", 0, 100),
        "tlx_on_off": _on_off,
        "pv_active_p_rate": _COMMON["pv_active_p_rate"],
        "pf_sys_year": _system_time,
        "backflow_setting": _backflow,
        "tlx_off_grid_enable": _number("epsFunEn", 0, 1),
        "tlx_ac_discharge_frequency": _number("epsFreqSet", 0, 1),
        "tlx_ac_discharge_voltage": _number("epsVoltSet", 0, 2),
        **{f"time_segment{slot}": _segment(slot) for slot in SEGMENTS},
    },
    Family.SPH: _COMMON
    | {
        "mix_ac_charge_time_period": _sph_charge,
        "mix_ac_discharge_time_period": _sph_discharge,
        "backflow_setting": _backflow,
        "mix_off_grid_enable": _number("epsFunEn", 0, 1),
        "mix_ac_discharge_frequency": _number("epsFreqSet", 0, 1),
        "mix_ac_discharge_voltage": _number("epsVoltSet", 0, 2),
        "mix_load_flast_value_multi": _number("loadFirstStopSocSet", 0, 100),
    },
    Family.SPA: _COMMON
    | {
        "spa_ac_charge_time_period": _spa_charge,
        "spa_ac_discharge_time_period": _spa_discharge,
        "spa_load_flast": _spa_load_first,
        "spa_off_grid_enable": _number("epsFunEn", 0, 1),
        "spa_ac_discharge_frequency": _number("epsFreqSet", 0, 1),
        "spa_ac_discharge_voltage": _number("epsVoltSet", 0, 2),
    },
    Family.MAX: _COMMON,
    Family.INVERTER: _COMMON,
    Family.STORAGE: {
        "storage_cmd_on_off": _storage_on_off,
        "storage_cmd_mode": _word("storage_cmd_mode", 0, 3),
        "storage_cmd_forced_discharge_enable": _word(
            "storage_cmd_forced_discharge_enable", 0, 1
        ),
        "storage_cmd_forced_discharge_time1": _hours(
            "storage_cmd_forced_discharge_time1"
        ),
        "storage_ac_charge_enable_disenable": _word(
            "storage_ac_charge_enable_disenable", 0, 1
        ),
        "storage_ac_charge_hour_start": _hours("storage_ac_charge_hour_start"),
        "storage_ac_charge_soc_limit": _word("storage_ac_charge_soc_limit", 10, 80),
        "storage_lithium_battery": _word("storage_lithium_battery", 0, 10),
        "storage_cmd_sys_year": _system_time,
    },
}
