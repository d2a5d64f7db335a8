"""Windows of forced charging as the rows of a schedule (reference section 6.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from .._vendor.core.control.driver import Plan
from .._vendor.core.control.intent import Row, SetSchedule, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import (
    DAY,
    Span,
    format_time,
    minute_of,
    wrap,
)
from .catalogue import (
    EVERY_DAY,
    FORCED,
    FORCED_DAYS,
    WEEKDAYS,
    WINDOWS,
    end_of,
    start_of,
    target_of,
)
from .encode import NO_TIME
from .export import Fit

CHARGE_MODE = "force_charge"
KEYS = (FORCED, start_of(1), end_of(1))
# 24:00 says that there is no window.
_LATEST = DAY - 1
# What a row means that says no target: that of its window was of another one.
_FULL = 100.0
_ALL = frozenset(range(1, 8))
_WORKING = frozenset(range(1, 6))


@dataclass(frozen=True, slots=True)
class _Window:
    span: Span
    soc: float | None


def plan(intent: SetSchedule, values: Values, fit: Fit) -> Plan:
    """Return what sets a schedule. Raises ``Refusal``."""
    for mode in (*(row.mode for row in intent.rows), *intent.clear):
        if mode != CHARGE_MODE:
            raise Refusal("unknown_mode", mode=mode, modes=CHARGE_MODE)
    for name in intent.switches:
        if name != FORCED:
            raise Refusal("unknown_switch", switch=name, switches=FORCED)
    target: dict[str, Value] = {name: bool(on) for name, on in intent.switches.items()}
    if intent.rows or CHARGE_MODE in intent.clear:
        target |= _rows(intent.rows, values, fit)
    if unknown := [key for key in target if key not in values]:
        raise Refusal("unknown_setting", setting=", ".join(unknown))
    return Plan(target=target)


def rows_of(values: Values) -> tuple[list[Row], dict[str, bool]]:
    """Return the windows in the words of ``SetSchedule``, and the switch beside them."""
    days = tuple(sorted(_WORKING)) if values.get(FORCED_DAYS) == WEEKDAYS else None
    found = []
    for window in WINDOWS:
        start, end = values.get(start_of(window)), values.get(end_of(window))
        if not isinstance(start, str) or not isinstance(end, str):
            continue
        if NO_TIME in {start, end} or start == end:
            continue
        soc = values.get(target_of(window))
        found.append(
            Row(
                start=time.fromisoformat(start),
                end=time.fromisoformat(end),
                mode=CHARGE_MODE,
                soc=soc if isinstance(soc, int | float) else None,
                days=days,
            )
        )
    on = values.get(FORCED)
    return found, {FORCED: on} if isinstance(on, bool) else {}


def _rows(rows: Sequence[Row], values: Values, fit: Fit) -> Mapping[str, Value]:
    target: dict[str, Value] = {}
    if rows:
        target[FORCED_DAYS] = _days(rows)
    windows = [window for row in rows for window in _windows(row)]
    if len(windows) > len(WINDOWS):
        raise Refusal("rows_too_many", mode=CHARGE_MODE, most=len(WINDOWS))
    if len(windows) > 1 and windows[0].span.overlaps(windows[1].span):
        raise Refusal("rows_overlap", one=windows[0].span, other=windows[1].span)
    for number in WINDOWS:
        start, end = start_of(number), end_of(number)
        if number > len(windows):
            if start in values or number == 1:
                target |= {start: NO_TIME, end: NO_TIME}
            continue
        window = windows[number - 1]
        target[start] = format_time(window.span.start)
        target[end] = format_time(window.span.end)
        key = target_of(number)
        if window.soc is not None or key in values:
            target[key] = fit(key, _FULL if window.soc is None else window.soc)
    return target


def _days(rows: Sequence[Row]) -> str:
    """Return on which days; both windows share them. Raises ``Refusal``."""
    asked = {frozenset(row.days or _ALL) for row in rows}
    if asked == {_ALL}:
        return EVERY_DAY
    if asked == {_WORKING}:
        return WEEKDAYS
    raise Refusal("days_all_or_working")


def _windows(row: Row) -> list[_Window]:
    """Return the windows of a row: one over midnight takes two of them."""
    if row.power is not None:
        raise Refusal("no_power_setting")
    for moment in (row.start, row.end):
        if moment.second or moment.microsecond:
            raise Refusal("whole_minutes", time=moment.isoformat())
    start, end = minute_of(row.start), minute_of(row.end) or _LATEST
    if start == end:
        raise Refusal("empty_window", time=format_time(start))
    if end < start and frozenset(row.days or _ALL) != _ALL:
        raise Refusal("over_midnight", start=format_time(start), end=format_time(end))
    parts = (part.within(0, _LATEST) for part in wrap(start, end))
    return [_Window(part, row.soc) for part in parts if len(part)]
