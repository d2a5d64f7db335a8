"""Time-of-use slots: what is accepted and what they mean (reference section 6.4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
import re
from typing import Any

from .dialects import MONTH_FLAG, Dialect
from .refusal import Refusal

SLOTS = range(1, 13)
ENABLED, DISABLED, UNUSED = 249, 6, 85
ALL_DAYS, ALL_MONTHS = list(range(7)), list(range(12))
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_FIELDS = (
    *("TOUStart", "TOUEnd", "TOUWeekEnable", "TOUWeek"),
    *("ChargeDischargePW", "ChargeCutOffSet", "TOUMonth"),
)

type Slot = Mapping[str, Any]


def unused(number: int) -> Slot:
    """Return a slot that was never used: every second has 0 instead of 85."""
    enable = UNUSED if number % 2 else 0
    return _named(number, ("00:00", "00:00", enable, [], 0, 0, []))


def slot(
    number: int,
    start: str,
    end: str,
    power: int,
    cutoff: int,
    *,
    enabled: bool = True,
    days: Sequence[int] = ALL_DAYS,
    months: Sequence[int] = ALL_MONTHS,
) -> Slot:
    """Return a slot with the power as the dialect counts it: positive discharges."""
    state = ENABLED if enabled else DISABLED
    return _named(number, (start, end, state, list(days), power, cutoff, list(months)))


def _named(number: int, values: Sequence[Any]) -> Slot:
    return {
        f"{name}{number}": value for name, value in zip(_FIELDS, values, strict=True)
    }


def accepted(
    number: int, data: Mapping[str, Any], dialect: Dialect, *, month_flag: bool
) -> Slot:
    """Return a slot that is written; Refusal unless it is whole and has its ranges.

    `month_flag` is whether the inverter knows the one that limits the export, which
    only discharge slots have.
    """
    if any(f"{name}{number}" not in data for name in _FIELDS):
        raise Refusal("P0214")
    start, end, enable, days, power, cutoff, months = values_of(number, data)
    fine = (
        all(isinstance(at, str) and _TIME.fullmatch(at) for at in (start, end))
        and enable in {ENABLED, DISABLED}
        and _among(days, 7)
        and _among(months, MONTH_FLAG + 1)
        and is_number(power, -dialect.full, dialect.full)
        and is_number(cutoff, 0, 100)
        and (MONTH_FLAG not in months or (month_flag and power > 0))
    )
    if not fine:
        raise Refusal("P0215")
    return _named(number, (start, end, enable, list(days), power, cutoff, list(months)))


def values_of(number: int, data: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return start, end, enable, days, power, cut-off and months of a slot."""
    return tuple(data[f"{name}{number}"] for name in _FIELDS)


def is_number(value: Any, low: float, high: float) -> bool:
    """Return whether it is a number of that range."""
    return (
        not isinstance(value, bool)
        and isinstance(value, int | float)
        and low <= value <= high
    )


def is_time(value: Any) -> bool:
    """Return whether it is a time as HH:MM."""
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _among(value: Any, end: int) -> bool:
    return isinstance(value, list) and all(
        not isinstance(it, bool) and isinstance(it, int) and 0 <= it < end
        for it in value
    )


def is_within(start: str, end: str, local: datetime) -> bool:
    """Return whether a time of the station is in a window that ends the same day."""
    return start <= f"{local:%H:%M}" < end


def weekday(local: datetime) -> int:
    """Return the day as slots count: 0 is Sunday."""
    return local.isoweekday() % 7


def active(
    values: Mapping[str, Any], dialect: Dialect, local: datetime
) -> tuple[int, float, float, bool] | None:
    """Return the first slot that holds: number, power, cut-off SoC, limits the export.

    The power is a share of the rated one, positive discharges; None without a slot.
    """
    for number in range(1, dialect.slots + 1):
        start, end, enable, days, power, cutoff, months = values_of(
            number, values[f"TOU{number}"]
        )
        if (
            enable == ENABLED
            and weekday(local) in days
            and local.month - 1 in months
            and is_within(start, end, local)
        ):
            share = power / dialect.full
            return number, share, float(cutoff), power > 0 and MONTH_FLAG in months
    return None
