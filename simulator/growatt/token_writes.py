"""V1: settings that are written and read singly, and VPP (growatt.md 3.B, 6)."""

import json
from typing import NoReturn

from .commands import CommandError, Reason, check_reachable, execute, needed, read
from .device import Device
from .families import Family
from .protocol import Answer, Call, V1Error
from .token_families import Handler, Verb
from .vpp import AUTHORITY, ENABLE, MINUTES, PERCENT, SCHEDULE

_WRITE_CODES: dict[Reason, tuple[int, str]] = {
    "system": (10001, "error_system_error"),
    "offline": (10003, "error_device_offline"),
    "collector": (10005, "error_collector_offline"),
    "type": (10006, "error_set_type"),
    "empty": (10007, "error_value_empty"),
    "range": (10008, "error_out_of_range"),
    "format": (10009, "error_date_format"),
    "order": (10013, "error_end_before_start"),
}
_READ_CODES: dict[Reason, tuple[int, str]] = {
    "offline": (10003, "error_device_offline"),
    "collector": (10005, "error_collector_offline"),
    "type": (10009, "error_param_type"),
}
_NO_DEVICE = 10012
_ACTIVE_RATE_REGISTER = 3
_MOST = 19


def _refuse(error: CommandError) -> NoReturn:
    raise V1Error(*_WRITE_CODES[error.reason]) from error


def _device(call: Call, family: Family, name: str) -> Device:
    if call.server.writes_elsewhere:
        raise V1Error(10002, "error_useTrueHostToSet")
    if not call.parameters.get(name):
        raise V1Error(10004, "error_sn_empty")
    device = call.device(name, missing=_NO_DEVICE)
    if device.family is not family:
        raise V1Error(_NO_DEVICE, "error_device_not_exist")
    return device


def _set(family: Family, name: str) -> Handler:
    def answer(call: Call) -> Answer:
        device = _device(call, family, name)
        try:
            kind = call.parameters.get("type", "")
            execute(device, kind, _params(call, needed(device, kind)))
        except CommandError as error:
            _refuse(error)
        return Answer("", {"error_msg": f"Set Successful {device.facts.short} return"})

    return answer


def _params(call: Call, count: int) -> list[str]:
    names = [f"param{place + 1}" for place in range(_MOST)]
    if not call.parameters.keys() >= set(names[:count]):
        raise CommandError("empty")
    return [call.parameters.get(name, "") for name in names]


def inverter_set(call: Call) -> Answer:
    """Answer `inverterSet`."""
    device = _device(call, Family.INVERTER, "device_sn")
    params = [call.parameters.get(f"command_{place}", "") for place in (1, 2)]
    try:
        execute(device, call.parameters.get("paramId", ""), params)
    except CommandError as error:
        _refuse(error)
    return Answer("", {"error_msg": "inverter set success"})


def _read(family: Family) -> Handler:
    def answer(call: Call) -> Answer:
        device = call.device()
        if device.family is not family:
            raise V1Error(10002, "error_device_not_exist")
        name = call.text("paramId")
        try:
            if name == "set_any_reg":
                check_reachable(device)
                start = call.parameters.get("startAddr", "")
                active = start == str(_ACTIVE_RATE_REGISTER)
                return Answer(str(device.settings.active.get("activeRate", 0) * active))
            return Answer(read(device, name))
        except CommandError as error:
            raise V1Error(*_READ_CODES[error.reason]) from error

    return answer


# VPP


def _vpp_device(call: Call) -> Device:
    device = call.device("vppSn", missing=10004)
    if not device.switches.vpp:
        raise V1Error(500, "set failed")
    try:
        check_reachable(device)
    except CommandError as error:
        _refuse(error)
    return device


def vpp_remote(call: Call) -> Answer:
    """Answer `vppRemoteSetNew`: a power for some minutes."""
    device = _vpp_device(call)
    try:
        minutes, percent = int(call.text("time")), int(call.text("percentage"))
    except ValueError as err:
        raise V1Error(10009) from err
    if not 0 <= minutes <= 1440 or not -100 <= percent <= 100:
        raise V1Error(10008)
    device.note_write("vppRemoteSetNew", [minutes, percent])
    if device.switches.executes:
        for number, value in (
            (AUTHORITY, 1),
            (PERCENT, percent),
            (MINUTES, minutes),
            (ENABLE, 1 if percent else 0),
        ):
            device.vpp.write(number, value)
    return Answer("")


def vpp_schedule(call: Call) -> Answer:
    """Answer `vppSetNew`: a schedule, which is stored."""
    device = _vpp_device(call)
    periods = call.text("timePeriods")
    try:
        json.loads(periods)
    except ValueError as err:
        raise V1Error(10009) from err
    device.note_write("vppSetNew", periods)
    device.vpp.write(SCHEDULE, periods)
    return Answer("")


def vpp_soc(call: Call) -> Answer:
    """Answer `device/vpp/getSocData`: the state of charge now."""
    device = _vpp_device(call)
    return Answer("", {"soc": round(device.now().live.soc, 1), "vppSn": device.sn})


WRITES: dict[str, tuple[Verb, Handler]] = {
    "tlxSet": ("POST", _set(Family.MIN, "tlx_sn")),
    "mixSet": ("POST", _set(Family.SPH, "mix_sn")),
    "spaSet": ("POST", _set(Family.SPA, "spa_sn")),
    "maxSet": ("POST", _set(Family.MAX, "max_sn")),
    "storageSet": ("POST", _set(Family.STORAGE, "storage_sn")),
    "inverterSet": ("POST", inverter_set),
    "readMinParam": ("POST", _read(Family.MIN)),
    "readMixParam": ("POST", _read(Family.SPH)),
    "readSpaParam": ("POST", _read(Family.SPA)),
    "readMaxParam": ("POST", _read(Family.MAX)),
    "readStorageParam": ("POST", _read(Family.STORAGE)),
    "readInverterParam": ("POST", _read(Family.INVERTER)),
    "vppRemoteSetNew": ("POST", vpp_remote),
    "vppSetNew": ("POST", vpp_schedule),
    "device/vpp/getSocData": ("POST", vpp_soc),
}
