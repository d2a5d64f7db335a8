"""v4: switches, VPP and NOAH (growatt.md 6.6 and 6.7)."""

from collections.abc import Callable
import json
from typing import Any

from aiohttp import web

from .commands import CommandError, deliver, set_clock
from .device import Device
from .families import Family
from .protocol import V4Error, v4_success
from .settings import SEGMENTS, minute_of
from .v4_call import CODES, POWER_FAMILIES, V4Call, reach
from .vpp import AUTHORITY, RANGES, SCHEDULE, SYSTEM_TIME

_SET = "PARAMETER_SETTING_SUCCESSFUL"


def _write(call: V4Call, device: Device, asked: Any, **changes: Any) -> web.Response:
    name = str(call.form.get("setType") or asked["set"])
    try:
        deliver(device, name, asked, changes)
    except CommandError as error:
        raise V4Error(CODES[error.reason]) from error
    return v4_success(None, _SET)


def set_on_or_off(call: V4Call) -> web.Response:
    """Answer `setOnOrOff`."""
    device, value = call.device(), call.number("value", 0, 1)
    if device.family is Family.STORAGE:
        changes: dict[str, Any] = {"storage_cmd_on_off": f"{value:04d}"}
    else:
        changes = {"onOff": value}
    return _write(call, device, {"set": "setOnOrOff", "value": value}, **changes)


def set_power(call: V4Call) -> web.Response:
    """Answer `setPower`: percent, of a NOAH watts."""
    device = call.device()
    if device.family is Family.NOAH:
        value = call.number("value", 0, device.rated_w)
        changes = {"defaultPower": value}
    elif device.family in POWER_FAMILIES:
        value = call.number("value", 0, 100)
        changes = {"activeRate": value}
    else:
        raise V4Error(7)
    return _write(call, device, {"set": "setPower", "value": value}, **changes)


def _noah_number(
    name: str, key: str, low: int, high: int
) -> Callable[[V4Call], web.Response]:
    def answer(call: V4Call) -> web.Response:
        device = call.device()
        if device.family is not Family.NOAH:
            raise V4Error(7)
        value = call.number("value", low, high)
        return _write(call, device, {"set": name, "value": value}, **{key: value})

    return answer


def set_time_segment(call: V4Call) -> web.Response:
    """Answer `setTimeSegment` of a NOAH."""
    device = call.device()
    if device.family is not Family.NOAH:
        raise V4Error(7)
    slot = call.number("type", SEGMENTS.start, SEGMENTS.stop - 1)
    start, end = (minute_of(call.form.get(name)) for name in ("startTime", "endTime"))
    if start is None or end is None or end < start:
        raise V4Error(6)
    values = {
        "Enable": call.number("enable", 0, 1),
        "Start": f"{start // 60}:{start % 60}",
        "End": f"{end // 60}:{end % 60}",
        "Mode": call.number("mode", 0, 2),
        "Power": call.number("power", 0, device.rated_w),
    }
    return _write(
        call,
        device,
        {"set": "setTimeSegment", "slot": slot, **values},
        **{f"time{slot}{part}": value for part, value in values.items()},
    )


# VPP


def _vpp(call: V4Call) -> tuple[Device, int]:
    device = call.device()
    if not device.switches.vpp:
        raise V4Error(device.switches.vpp_refusal)
    reach(device)
    text = call.form.get("setType", "").removeprefix("set_param_")
    if not text.isdigit() or int(text) not in {*RANGES, SYSTEM_TIME, SCHEDULE}:
        raise V4Error(6)
    return device, int(text)


def read_vpp(call: V4Call) -> web.Response:
    """Answer `readVppParameter`."""
    device, number = _vpp(call)
    if device.switches.vpp_passing:
        device.switches.vpp_passing -= 1
        raise V4Error(device.switches.vpp_refusal)
    if number == SYSTEM_TIME:
        return v4_success(device.system_time(), "success")
    return v4_success(device.vpp.read(number), "success")


def set_vpp(call: V4Call) -> web.Response:
    """Answer `setVppParameter`: nothing without the authority (set_param_1)."""
    device, number = _vpp(call)
    text = call.form.get("value", "")
    value: Any = text
    if number == SYSTEM_TIME:
        try:
            set_clock(device, text)
        except CommandError as error:
            raise V4Error(6) from error
    elif number == SCHEDULE:
        try:
            json.loads(text)
        except ValueError as err:
            raise V4Error(6) from err
    else:
        value = call.number("value", *RANGES[number])
    if number != AUTHORITY and device.vpp.values[AUTHORITY] != 1:
        raise V4Error(6)
    device.note_write(f"set_param_{number}", value)
    if device.switches.executes and number != SYSTEM_TIME:
        before = device.vpp.values[number]
        device.vpp.write(number, value)
        at = device.house.live().at
        device.journal.effect(at, f"set_param_{number}", before, value)
    if device.switches.error_though_applied:
        raise V4Error(1)
    return v4_success(None, _SET)


def remove_periods(call: V4Call) -> web.Response:
    """Answer `removeVppTimePeriod`."""
    device = call.device()
    if not device.switches.vpp:
        raise V4Error(device.switches.vpp_refusal)
    reach(device)
    device.note_write("removeVppTimePeriod", None)
    device.vpp.write(SCHEDULE, "[]")
    return v4_success(None, _SET)


V4_WRITES: dict[str, Callable[[V4Call], web.Response]] = {
    "setOnOrOff": set_on_or_off,
    "setPower": set_power,
    "setHighLimitSoc": _noah_number("setHighLimitSoc", "chargingSocHighLimit", 70, 100),
    "setLowLimitSoc": _noah_number("setLowLimitSoc", "chargingSocLowLimit", 0, 30),
    "setTimeSegment": set_time_segment,
    "setGridCharge": _noah_number("setGridCharge", "allowGridCharging", 0, 1),
    "setOffGrid": _noah_number("setOffGrid", "gridConnectionControl", 0, 1),
    "readVppParameter": read_vpp,
    "setVppParameter": set_vpp,
    "setNewVppParameter": set_vpp,
    "removeVppTimePeriod": remove_periods,
}
