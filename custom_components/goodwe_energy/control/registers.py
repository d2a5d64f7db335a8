"""Settings that are registers: their values, and how they are written (section 6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._vendor.core.client.decode import integer, number
from .._vendor.core.control.driver import Range
from .._vendor.core.control.intent import Value
from .catalogue import BY_KEY, IMMEDIATE, REGISTERS, RUNNING
from .function import Function
from .matching import IMMEDIATE_END, OFF, ON, START, STOP
from .request import switched
from .setting import Form

type Functions = Mapping[str, Function]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterWrite:
    """One write: a register's value, the function it is written by, and the log."""

    address: str
    id: str
    value: float
    logs: Mapping[str, Any]


def readable(functions: Functions) -> dict[str, str]:
    """Return the ids of all that is read, by address."""
    return {
        functions[key].address: functions[key].id
        for key in REGISTERS
        if key in functions and functions[key].readable
    }


def decode(
    registers: Mapping[str, Any], functions: Functions
) -> tuple[dict[str, Value], frozenset[str]]:
    """Return the values that are known, and which settings the cloud knows nothing of.

    One that was never written through it may be missing there.
    """
    values: dict[str, Value] = {}
    missing: set[str] = set()
    for key in REGISTERS:
        if (function := functions.get(key)) is None:
            continue
        raw = registers.get(function.address) if function.readable else None
        value = _value(key, function, raw)
        if value is None:
            missing.add(key)
        else:
            values[key] = value
    return values, frozenset(missing)


def write_of(key: str, value: Value, functions: Functions) -> RegisterWrite | None:
    """Return what writes a setting; None if it is no register."""
    function = functions.get(key)
    if function is None or key not in REGISTERS:
        return None
    if key == IMMEDIATE:
        return _immediate(functions, on=bool(value))
    if BY_KEY[key].form is Form.SWITCH:
        on = bool(value)
        name = switched(on=on)
        if key == RUNNING and STOP in function.options:
            name = START if on else STOP
        if function.options and name not in function.options:
            return None
        return _write(function, function.options.get(name, on), {function.key: name})
    raw = number(value) or 0.0
    return _write(function, raw, {function.key: _plain(raw)})


def command(function: Function) -> RegisterWrite:
    """Return what presses a button: the only value that it has, else 0."""
    raw = next(iter(function.options.values()), 0.0)
    return _write(function, raw, {function.key: _plain(raw)})


def range_of(key: str, functions: Functions) -> Range:
    """Return what a number may be: what the device says, within what is sensible."""
    allowed = BY_KEY[key].allowed
    function = functions.get(key)
    if function is None or function.low is None or function.high is None:
        return allowed
    low, high = max(allowed.low, function.low), min(allowed.high, function.high)
    return Range(low=low, high=high, step=allowed.step) if low < high else allowed


def _immediate(functions: Functions, *, on: bool) -> RegisterWrite | None:
    """Beginning and ending are two functions of one register (6.2)."""
    function = functions.get(IMMEDIATE if on else IMMEDIATE_END)
    if function is None:
        return None
    logs = {function.key: "on" if on else OFF}
    return _write(function, float(on), logs)


def _value(key: str, function: Function, raw: object) -> Value:
    if BY_KEY[key].form is not Form.SWITCH:
        return number(raw)
    code = integer(raw)
    if code is None:
        return None
    if key == RUNNING and (stopped := function.options.get(STOP)) is not None:
        return code != stopped
    if code == function.options.get(ON, 1.0):
        return True
    return False if code == function.options.get(OFF, 0.0) else None


def _write(function: Function, value: float, logs: Mapping[str, Any]) -> RegisterWrite:
    return RegisterWrite(
        address=function.address, id=function.id, value=_plain(value), logs=logs
    )


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value
