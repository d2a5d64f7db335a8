"""Settings written and read one by one (reference sections 4.4, 6.2 to 6.10)."""

from collections.abc import Sequence

from aiohttp import web

from ..commands import CommandError, check_reachable, execute, read
from ..device import Device
from ..families import Family
from .protocol import Call, Refusal, accepted, result

_COUNTS = {
    "mix_ac_charge_time_period": 18,
    "mix_ac_discharge_time_period": 17,
    "spa_ac_charge_time_period": 17,
    "spa_ac_discharge_time_period": 17,
    "spa_load_flast": 15,
    "storage_cmd_forced_discharge_time1": 4,
    "storage_ac_charge_hour_start": 4,
    **{f"time_segment{slot}": 6 for slot in range(1, 10)},
}
"""Parameters that a type must have, all of them; others have one."""
_CLOCKS = {
    "mix_ac_charge_time_period": 3,
    "mix_ac_discharge_time_period": 2,
    "spa_ac_charge_time_period": 2,
    "spa_ac_discharge_time_period": 2,
    "spa_load_flast": 0,
}
"""Where the first of three periods begins."""
_MESSAGES = {
    "type": "501",
    "empty": "509",
    "range": "501",
    "format": "inv_set_time_format",
    "order": "inv_set_time_format",
    "offline": "501",
    "collector": "501",
    "system": "500",
}
_MOST = 19


def set_tlx(call: Call) -> web.Response:
    """`op=tlxSet`."""
    return _set(call, Family.MIN)


def set_mix(call: Call) -> web.Response:
    """`op=mixSetApiNew`, `op=mixSetApi`."""
    return _set(call, Family.SPH)


def set_spa(call: Call) -> web.Response:
    """`op=spaSetApi`."""
    return _set(call, Family.SPA)


def set_storage(call: Call) -> web.Response:
    """`op=storageSet` and those of the models."""
    return _set(call, Family.STORAGE)


def set_inverter(call: Call) -> web.Response:
    """`tcpSet.do?action=inverterSet`."""
    device = _writable(call, Family.INVERTER, Family.MAX)
    given = (call.parameters.get(f"command_{n}", "") for n in (1, 2))
    return _execute(device, call.text("paramId"), [*given])


def _set(call: Call, family: Family) -> web.Response:
    device = _writable(call, family)
    kind = call.text("type")
    params = [call.parameters.get(f"param{n}") for n in range(1, _MOST)]
    given = [value or "" for value in params]
    count = _COUNTS.get(kind, 1)
    if "" in given[:count] or None in params[:count]:
        raise Refusal("509")
    if call.server.padded_times and not all(
        len(text) == 2 for text in _clocks(kind, given)
    ):
        raise Refusal("inv_set_time_format")
    return _execute(device, kind, given)


def _writable(call: Call, *families: Family) -> Device:
    device = call.device("serialNum", *families)
    if not call.account.may_write:
        # A visitor looks and does not touch (Q36)
        raise Refusal("501")
    return device


def _clocks(kind: str, params: Sequence[str]) -> list[str]:
    """Return the hours and minutes among the parameters."""
    if kind.startswith("time_segment"):
        return [*params[1:5]]
    if kind not in _CLOCKS:
        return []
    first = _CLOCKS[kind]
    return [
        params[first + 5 * period + place] for period in range(3) for place in range(4)
    ]


def _execute(device: Device, kind: str, params: Sequence[str]) -> web.Response:
    try:
        execute(device, kind, params, classic=True)
    except CommandError as error:
        raise Refusal(_MESSAGES[error.reason]) from error
    return accepted()


def read_parameter(call: Call) -> web.Response:
    """`action=readDeviceParam`: one setting, or registers divided by dashes."""
    device = call.device("serialNum")
    name = call.text("paramId")
    try:
        if name == "set_any_reg":
            check_reachable(device)
            first, last = call.number("startAddr", 0), call.number("endAddr", 0)
            text = "".join(f"{address % 1000}-" for address in range(first, last + 1))
        else:
            text = read(device, name)
    except CommandError as error:
        return result(None, code=0, message=_MESSAGES[error.reason])
    return result({"param1": text})
