"""Values of parameters as they were read, and as they are sent."""

from collections.abc import Mapping, Sequence

from .._vendor.core.client.decode import integer
from .._vendor.core.control.intent import Value
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import format_time, parse_time
from .._vendor.core.control.validate import check_range
from .parameter import INVERTER, Form, Parameter, Unit
from .row import Row
from .scale import floored, nearest, on_wire, power_on_wire, shown, step_of

# Inverters say 170 and 85, loggers 1 and 0 (section 6.1).
_ON, _OFF = ["170", "1"], ["85", "0"]
# What stands for a choice that is not in the catalogue
_UNKNOWN = "raw_"
# What a time is where there is none: no window, as the device says it
NO_TIME = "24:00"
_NO_HOUR = 24


def decode(parameter: Parameter, rows: Sequence[Row]) -> tuple[bool, Value]:
    """Return whether a value was read, and it."""
    row = rows[0]
    if parameter.form is Form.TIME:
        return _time(rows)
    if parameter.form is Form.NUMBER:
        value = shown(parameter, row)
        return value is not None, value
    raw = _raw_choice(row)
    if raw is None:
        return False, None
    if parameter.form is Form.SWITCH:
        return raw in _ON + _OFF, raw in _ON
    return True, parameter.choices.get(raw, f"{_UNKNOWN}{raw}")


def encode(
    parameter: Parameter,
    value: Value,
    rows: Sequence[Row],
    *,
    raw: float,
    device_type: int,
) -> list[tuple[str, str]]:
    """Return what is sent for a value, by code. Raises ``Refusal``.

    ``rows`` were last read, ``raw`` is what one unit of a number is on the wire.
    """
    if parameter.form is Form.TIME:
        minute = parse_time(str(value))
        hours, minutes = divmod(minute, 60)
        return list(zip(parameter.codes, (str(hours), str(minutes)), strict=True))
    if parameter.form is Form.NUMBER:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal("unknown_setting", setting=f"{parameter.key}: {value}"[:64])
        sent = power_on_wire if parameter.unit is Unit.WATT else on_wire
        return [(parameter.code, sent(value, raw))]
    return [(parameter.code, _choice(parameter, value, rows[0].names, device_type))]


def checked(
    parameter: Parameter, value: Value, rows: Sequence[Row], raws: Sequence[float]
) -> Value:
    """Return a value as the device can hold it, power rounded down.

    ``raws`` are what one unit of a number may be on the wire. Raises ``Refusal``.
    """
    wrong = Refusal("unknown_setting", setting=f"{parameter.key}: {value}"[:64])
    match parameter.form:
        case Form.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise wrong
            check_range(value, parameter.allowed, "setting_range")
            step = step_of(parameter, rows[0], raws)
            fit = floored if parameter.unit is Unit.WATT else nearest
            return fit(value, step)
        case Form.TIME:
            try:
                minute = parse_time(value if isinstance(value, str) else "")
            except ValueError:
                raise wrong from None
            return format_time(minute)
        case Form.SWITCH:
            if not isinstance(value, bool):
                raise wrong
        case Form.CHOICE:
            if not isinstance(value, str):
                raise wrong
    _choice(parameter, value, rows[0].names, INVERTER)
    return value


def options(parameter: Parameter, row: Row) -> tuple[str, ...]:
    """Return what of its choices a device takes."""
    return tuple(
        slug
        for raw, slug in parameter.choices.items()
        if not row.names or raw in row.names
    )


def _time(rows: Sequence[Row]) -> tuple[bool, Value]:
    hour = integer(rows[0].display, low=0, high=_NO_HOUR)
    minute = integer(rows[1].display, low=0, high=59)
    if hour is None or minute is None:
        return False, None
    if hour == _NO_HOUR:
        return True, NO_TIME
    return True, format_time(hour * 60 + minute)


def _raw_choice(row: Row) -> str | None:
    """Return what is on the wire: devices may also tell it by its name."""
    if row.display is None:
        return None
    if (whole := integer(row.display)) is not None:
        return str(whole)
    return next((raw for raw, name in row.names.items() if name == row.display), None)


def _choice(
    parameter: Parameter, value: Value, names: Mapping[str, str], device_type: int
) -> str:
    """Return what is on the wire for a choice: the device ignores what it does not know.

    Raises ``Refusal``.
    """
    if parameter.form is Form.SWITCH:
        possible: Sequence[str] = _ON if value else _OFF
        if device_type in parameter.ones:
            possible = possible[::-1]
    elif isinstance(value, str) and value.startswith(_UNKNOWN):
        possible = [value.removeprefix(_UNKNOWN)]
    else:
        possible = [raw for raw, slug in parameter.choices.items() if slug == value]
    chosen = next((raw for raw in possible if not names or raw in names), None)
    if chosen is None:
        known = ", ".join(options(parameter, Row(code="", names=names)))
        raise Refusal("unknown_mode", mode=value, modes=known)
    return chosen
