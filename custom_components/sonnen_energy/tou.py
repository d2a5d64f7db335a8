"""The time-of-use schedule of the battery (reference section 6.5).

A window is ``[start, stop, watts]``: ``HH:MM`` each, and what house and battery may draw
from the grid together in it. It comes every day; one that ends at midnight ends at
``00:00``.
"""

from collections.abc import Iterable, Sequence
from datetime import time
from itertools import pairwise
import json
from typing import Any

from ._vendor.core.client.decode import integer
from ._vendor.core.control.driver import Range
from ._vendor.core.control.intent import Row, SetSchedule, Value
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.schedule import (
    DAY,
    Span,
    format_time,
    minute_of,
    parse_time,
    wrap,
)
from ._vendor.core.control.validate import check_range

# What a row of a schedule does; with 0 W the battery rests in it.
MODE = "charge"
MODES = (MODE,)
MOST_WATTS = 46000
WATTS = Range(low=0, high=MOST_WATTS)

_FIELDS = {"start", "stop", "threshold_p_max"}


def decode(text: str) -> Value:
    """Return the windows in order, or the text as it is if they are of another kind."""
    if not text.strip():
        return []
    try:
        items = json.loads(text)
    except ValueError, RecursionError:
        return text
    if not isinstance(items, list):
        return text
    windows: list[Any] = [_window(item) for item in items]
    if None in windows:
        return text
    return sorted(windows)


def encode(value: Value) -> str:
    """Return what is sent for windows, or for a text that was read."""
    if not isinstance(value, list):
        return str(value or "[]")
    items = [
        {"start": start, "stop": stop, "threshold_p_max": watts}
        for start, stop, watts in value
    ]
    return json.dumps(items, separators=(",", ":"))


def rows(value: Value) -> list[Row]:
    """Return windows in the words of ``SetSchedule``; none of what cannot be edited."""
    if not isinstance(value, list):
        return []
    return [
        Row(
            start=time.fromisoformat(start),
            end=time.fromisoformat(stop),
            mode=MODE,
            power=float(watts),
        )
        for start, stop, watts in value
    ]


def windows_of(intent: SetSchedule) -> list[Value]:
    """Return the windows that rows stand for; those over midnight have two.

    Raises ``Refusal``.
    """
    for mode in (*(row.mode for row in intent.rows), *intent.clear):
        if mode not in MODES:
            raise Refusal("unknown_mode", mode=mode, modes=", ".join(MODES))
    for name in intent.switches:
        raise Refusal("unknown_switch", switch=name, switches="-")
    spans = sorted(
        (span, watts) for row in intent.rows for span, watts in _spans_of(row)
    )
    _check_apart([span for span, _ in spans])
    return [
        [format_time(span.start), format_time(span.end % DAY), watts]
        for span, watts in spans
    ]


def _spans_of(row: Row) -> Sequence[tuple[Span, int]]:
    if row.soc is not None:
        raise Refusal("no_soc_setting")
    if row.days is not None and set(row.days) != set(range(1, 8)):
        raise Refusal("no_weekdays")
    if row.power is None:
        raise Refusal("power_required")
    check_range(row.power, WATTS, "power_range")
    for moment in (row.start, row.end):
        if moment.second or moment.microsecond:
            raise Refusal("whole_minutes", time=moment.isoformat())
    start, end = minute_of(row.start), minute_of(row.end) or DAY
    if start == end:
        raise Refusal("empty_window", time=format_time(start))
    return [(span, int(row.power)) for span in wrap(start, end)]


def _check_apart(spans: Iterable[Span]) -> None:
    """Raise ``Refusal`` if two windows have a minute in common; they may touch."""
    for one, other in pairwise(spans):
        if one.overlaps(other):
            raise Refusal("rows_overlap", one=one, other=other)


def _window(item: Any) -> list[str | int] | None:
    """Return a window, None for one that is not of the three fields that we know."""
    if not isinstance(item, dict) or set(item) != _FIELDS:
        return None
    watts = integer(item["threshold_p_max"], low=0)
    try:
        start, stop = parse_time(item["start"]), parse_time(item["stop"])
    except TypeError, ValueError:
        return None
    if watts is None or start == DAY:
        return None
    return [format_time(start), format_time(stop % DAY), watts]
