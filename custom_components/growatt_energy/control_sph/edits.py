"""Changes of single settings (reference sections 6.4, 6.5)."""

from datetime import time
from functools import partial

from .._vendor.core.control.driver import Range
from .._vendor.core.control.intent import Edit, SetValues, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import format_time
from .._vendor.core.control.validate import check_range
from ..control_settings import CLOCK, check_clock, edited, setting_of
from .groups import (
    AC,
    CHARGE,
    DISCHARGE,
    STOP_SOC,
    is_period,
    period_key,
    side_of,
)
from .period import LATEST, Period, changed, from_value
from .store import SOC, Store

# What others allow (6.4); with 0 % nothing is discharged, which is a hold.
POWERS = {CHARGE: Range(low=1, high=100), DISCHARGE: Range(low=0, high=100)}


def period_of(values: Values, side: str, slot: int) -> Period | None:
    """Return a period, None if it is unknown."""
    return from_value(values.get(period_key(side, slot)))


def set_period(
    side: str,
    slot: int,
    *,
    start: time | None = None,
    end: time | None = None,
    on: bool | None = None,
) -> Edit:
    """Return what changes a part of a period; what is not said stays as it is.

    One that is unknown takes all three of them: else it is refused
    (``group_unknown``).
    """
    return partial(_period, side, slot, start, end, on)


def _period(
    side: str,
    slot: int,
    start: time | None,
    end: time | None,
    on: bool | None,
    values: Values,
) -> Values:
    key = period_key(side, slot)
    now = period_of(values, side, slot)
    if (period := changed(now, start=start, end=end, on=on)) is None:
        raise Refusal("group_unknown", settings=key)
    return {key: str(period)}


def plan(intent: SetValues, values: Values, store: Store) -> dict[str, Value]:
    """Return what edits change. Raises ``Refusal``."""
    target = edited(intent.edits, values)
    for key, value in target.items():
        if value != values.get(key):
            target[key] = _checked(key, value, store)
    store.check_apart(target, values)
    return target


def _checked(key: str, value: Value, store: Store) -> Value:
    if key == CLOCK:
        return check_clock(value)
    if not store.has(key):
        return setting_of(store.requests, key).check(key, value)
    if is_period(key):
        return str(_checked_period(value))
    if key.endswith(f".{AC}"):
        if isinstance(value, bool):
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low_high = SOC if key.endswith(STOP_SOC) else POWERS[side_of(key)]
        check_range(value, low_high, "setting_range")
        return int(value)
    raise Refusal("unknown_setting", setting=f"{key}: {value}"[:64])


def _checked_period(value: Value) -> Period:
    """Return a period that the device can have. Raises ``Refusal``."""
    period = from_value(value)
    if period is None:
        raise Refusal("unknown_setting", setting=str(value)[:64])
    if not period.on:
        return period
    if period.start == period.end:
        raise Refusal("empty_window", time=format_time(period.start))
    end = period.end if 0 < period.end <= LATEST else LATEST
    if end <= period.start:
        raise Refusal(
            "end_before_start",
            start=format_time(period.start),
            end=format_time(period.end),
        )
    return Period(period.start, end, on=True)
