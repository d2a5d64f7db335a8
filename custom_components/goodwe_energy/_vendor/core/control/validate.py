"""What can be told of an intent without asking any device."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from math import isfinite

from .driver import Capabilities, Range
from .intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    Intent,
    Kind,
    SetExportLimit,
    SetLimits,
    SetReserve,
    SetSchedule,
    Value,
    Values,
    end_of,
)
from .outcome import Refusal

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=24)

PERCENT = Range(low=0, high=100)
WATTS = Range(low=0, high=1_000_000)

# The end of "for a minute" was worked out a moment ago.
_SLACK = timedelta(seconds=5)

# What people can ask for by name, in the order in which they are told of it
_ASKED = (
    Kind.FORCE_CHARGE,
    Kind.FORCE_DISCHARGE,
    Kind.HOLD,
    Kind.SELF_USE,
    Kind.SET_RESERVE,
    Kind.SET_EXPORT_LIMIT,
    Kind.SET_SCHEDULE,
)


def whole_minute(moment: time) -> time:
    """Return a time that a device can have. Raises ``Refusal`` if it has seconds."""
    if moment.second or moment.microsecond:
        raise Refusal("whole_minutes", time=moment.isoformat())
    return moment


def validate(intent: Intent, capabilities: Capabilities, now: datetime) -> None:
    """Raise ``Refusal`` for what the device cannot do or no device can (control.md 4).

    To be called before anything is waited for: an end is at least a minute away when
    it is asked for. Texts: ``not_supported`` {can}, ``no_power_setting``,
    ``not_a_number``, ``power_range`` and ``soc_range`` and ``percent_range`` {low,
    high}, ``weekdays_range``, ``until_past``, ``duration_range``.
    """
    able = intent.kind in capabilities.intents or intent.kind is Kind.SELF_USE
    if isinstance(intent, Hold):
        able = able and intent.block in capabilities.blocks
    if not able:
        raise Refusal("not_supported", can=", ".join(can(capabilities)))
    _numbers(intent, capabilities)
    if (until := end_of(intent)) is not None:
        _check_left(until - now)


def can(capabilities: Capabilities) -> list[str]:
    """Return what a device can be asked for: kinds, ``hold`` with what it blocks."""
    names: list[str] = []
    for kind in _ASKED:
        if kind is Kind.HOLD and kind in capabilities.intents:
            names += sorted(f"{kind}_{block}" for block in capabilities.blocks)
        elif kind in capabilities.intents or kind is Kind.SELF_USE:
            names.append(str(kind))
    return names


def check_duration(duration: timedelta) -> None:
    """Raise ``Refusal`` unless a lease may last so long."""
    if not SHORTEST <= duration <= LONGEST:
        raise Refusal("duration_range")


def _check_left(left: timedelta) -> None:
    if left <= timedelta():
        raise Refusal("until_past")
    check_duration(left + _SLACK if left < SHORTEST else left)


def check_range(value: float | None, allowed: Range, key: str) -> None:
    """Raise ``Refusal`` ``key`` {low, high} unless the number is missing or allowed."""
    if value is None:
        return
    if not _finite(value):
        raise Refusal("not_a_number")
    if not allowed.low <= value <= allowed.high:
        raise Refusal(key, low=_plain(allowed.low), high=_plain(allowed.high))


def check_values(values: Values) -> None:
    """Raise ``Refusal`` if a number among the settings is none."""
    if not all(_finite(number) for number in _numbers_in(values)):
        raise Refusal("not_a_number")


def _numbers(intent: Intent, capabilities: Capabilities) -> None:
    match intent:
        case ForceCharge() | ForceDischarge():
            if intent.power is not None and capabilities.power is None:
                raise Refusal("no_power_setting")
            check_range(intent.power, capabilities.power or WATTS, "power_range")
            check_range(intent.target_soc, capabilities.target_soc, "soc_range")
        case SetReserve():
            check_range(intent.soc, capabilities.reserve or PERCENT, "soc_range")
        case SetExportLimit():
            check_range(intent.power, WATTS, "power_range")
            check_range(intent.percent, PERCENT, "percent_range")
        case SetLimits():
            check_range(intent.charge_power, WATTS, "power_range")
            check_range(intent.discharge_power, WATTS, "power_range")
        case SetSchedule():
            for row in intent.rows:
                check_range(row.soc, PERCENT, "soc_range")
                check_range(row.power, WATTS, "power_range")
                if not set(row.days or ()) <= set(range(1, 8)):
                    raise Refusal("weekdays_range")


def _numbers_in(value: Value | Values) -> Iterator[float]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _numbers_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers_in(item)
    elif isinstance(value, int | float):
        yield value


def _finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:
        # A whole number beyond what a float holds
        return False


def _plain(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value}"
