"""What both stores share: the time grid, percentages, rows and flags.

Times are the system's own on a grid of 15 minutes; 23:45 is the last one that can be
said, so that nothing can end at midnight (reference 6.3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from itertools import pairwise

from .._vendor.core.client.errors import BadDataError
from .._vendor.core.control import runs
from .._vendor.core.control.intent import Row, SetSchedule, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.runs import Run, acting_run
from .._vendor.core.control.schedule import (
    QUARTER,
    Span,
    format_time,
    minute_of,
    moment_of,
)

LATEST = 23 * 60 + 45
USABLE = Span(0, LATEST)
SIDES = ("charge", "discharge")
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
# What the seed and the actions call the flags of the two sides
SWITCHES = {"use_grid": "charge.enabled", "enable_time_control": "discharge.enabled"}
# A battery whose charge limit is at or below its SoC stands still (reference 6.8).
HOLD_LIMIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a plan is made for: ``soc`` in percent, ``rated`` in W.

    ``flags`` are those that count now, by key, where they cannot be read.
    """

    now: datetime
    zone: tzinfo
    soc: float | None = None
    rated: int = 5000
    flags: Values = field(default_factory=dict)


def charging_run(context: Context, until: datetime, *, daily: bool) -> Run:
    """Return the windows in which to charge until then (reference 6.7).

    Raises ``Refusal`` if all of it lies between 23:45 and midnight.
    """
    run = acting_run(context.now, until, context.zone, daily=daily, latest=LATEST)
    if run is None:
        raise Refusal("between_2345_and_midnight")
    return run


def blocking_run(context: Context, until: datetime, *, daily: bool) -> Run:
    """Return the spans in which no window may be."""
    return runs.blocking_run(context.now, until, context.zone, daily=daily)


def stub_before(start: int) -> Span:
    """Return the quarter of an hour that comes last after ``start``, in a day."""
    end = start if start >= QUARTER else LATEST
    return Span(end - QUARTER, end)


def next_time(context: Context, minute: int) -> datetime:
    """Return when clocks show a minute next, aware UTC."""
    local = context.now.astimezone(context.zone)
    day = local.date() + timedelta(days=minute <= minute_of(local))
    return moment_of(day, minute, context.zone)


def whole_percent(value: object, *, low: int) -> tuple[int, tuple[str, ...]]:
    """Return whole percent and warnings.

    A share of 1 is 1 %, but who says 0.9 may mean 90 %: that is answered with a
    warning. Raises ``Refusal``.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not low <= value <= 100
    ):
        raise Refusal("limit_range", low=low, high=100)
    return int(value + 0.5), ("percent_unit",) if 0 < value <= 1 else ()


def check_times(start: time, end: time) -> Span:
    """Return the span of a window. Raises ``Refusal`` for what no window can be."""
    for moment in (start, end):
        if moment.minute % QUARTER or moment.second or moment.microsecond:
            raise Refusal("off_grid_time", time=moment.isoformat())
    if end <= start:
        raise Refusal(
            "end_before_start",
            start=start.isoformat("minutes"),
            end=end.isoformat("minutes"),
        )
    return Span(minute_of(start), minute_of(end))


def check_apart(spans: Iterable[Span]) -> None:
    """Raise ``Refusal`` if two spans of one day have a minute in common."""
    for one, other in pairwise(sorted(spans)):
        if one.overlaps(other):
            raise Refusal("rows_overlap", one=one, other=other)


def rows_by_side(intent: SetSchedule) -> dict[str, list[Row]]:
    """Return the rows of each side that is to be replaced. Raises ``Refusal``."""
    for mode in (*(row.mode for row in intent.rows), *intent.clear):
        if mode not in SIDES:
            raise Refusal("unknown_mode", mode=mode, modes=", ".join(SIDES))
    found = {side: [row for row in intent.rows if row.mode == side] for side in SIDES}
    return {side: rows for side, rows in found.items() if rows or side in intent.clear}


def flags_of(switches: Mapping[str, bool]) -> dict[str, Value]:
    """Return the flags that switches stand for. Raises ``Refusal``."""
    for name in switches:
        if name not in SWITCHES:
            raise Refusal("unknown_switch", switch=name, switches=", ".join(SWITCHES))
    return {SWITCHES[name]: bool(on) for name, on in switches.items()}


def switches_of(values: Values) -> dict[str, bool]:
    """Return the flags that are known as switches."""
    return {
        name: bool(values[key])
        for name, key in SWITCHES.items()
        if values.get(key) is not None
    }


def to_time(minute: int) -> time:
    """Return the time of day of a minute before midnight."""
    return time(minute // 60, minute % 60)


def window_text(start: int, end: int) -> str:
    """Return a window as the keys and values of the settings say it."""
    return f"{format_time(start)}-{format_time(end)}"


def whole(number: float | None) -> int | float | None:
    """Return a number as an int if it is one."""
    return int(number) if number is not None and number == int(number) else number


def incomplete(what: str) -> BadDataError:
    """Return the error for a store of which a part is unknown.

    Whole objects are written, so that nothing of them may be guessed.
    """
    return BadDataError(f"{what} is missing", reason="settings_incomplete")


def of_other_store(key: str) -> BadDataError:
    """Return the error for a setting that the governing store does not have."""
    return BadDataError(f"there is no {key} now", reason="store_changed")
