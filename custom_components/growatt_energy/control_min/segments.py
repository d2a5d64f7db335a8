"""The nine time segments of a MIN (reference section 6.3).

A segment is ``[mode, "HH:MM", "HH:MM", enabled]``: it comes every day and cannot go
over midnight. Segments may not overlap, those that are off included; one whose start is
its end is unused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Self

from .._vendor.core.control.intent import Edit, Row, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import Span, format_time, minute_of, parse_time
from ..control_common import LATEST, choice, switch, time_params, time_text

# By their number on the wire
MODES = ("load_first", "battery_first", "grid_first")
LOAD, BATTERY, GRID = range(3)
KEYS = tuple(f"time_segment{number}" for number in range(1, 10))
EMPTY: list[Any] = [LOAD, "00:00", "00:00", False]


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment; ``span`` is empty if it is unused."""

    mode: int
    span: Span
    enabled: bool

    @classmethod
    def of(cls, value: Value) -> Self:
        """Return what a value stands for. Raises ValueError or TypeError if it is none."""
        if not isinstance(value, list):
            raise TypeError(f"no segment: {value!r}")
        mode, start, end, enabled = value
        span = Span(parse_time(start), parse_time(end))
        return cls(mode, span, enabled=enabled)

    @property
    def value(self) -> list[Any]:
        """Return it as a setting."""
        start, end = format_time(self.span.start), format_time(self.span.end)
        return [self.mode, start, end, self.enabled] if len(self.span) else list(EMPTY)

    def __str__(self) -> str:
        """Return it for a person."""
        return f"{MODES[self.mode]} {self.span}{'' if self.enabled else ' (off)'}"


def decode(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Return the segments that the device has; garbage is an unused one (6.3, Q24).

    One with times whose mode or flag cannot be read is unknown: what we made up for it
    would be written with the next change (6.1).
    """
    found: dict[str, Value] = {}
    for number, key in enumerate(KEYS, 1):
        if f"forcedTimeStart{number}" not in raw:
            continue
        start = time_text(raw[f"forcedTimeStart{number}"])
        end = time_text(raw.get(f"forcedTimeStop{number}"))
        mode = choice(raw.get(f"time{number}Mode"), GRID)
        enabled = switch(raw.get(f"forcedStopSwitch{number}"))
        if mode is not None and enabled is not None and start and end:
            found[key] = [mode, start, end, enabled]
        elif start is None or end is None or start == end:
            found[key] = list(EMPTY)
    return found


def params(value: Value, *, padded: bool) -> list[str]:
    """Return the six parameters of a segment. Raises TypeError if it is none."""
    if not isinstance(value, list):
        raise TypeError(f"no segment: {value!r}")
    mode, start, end, enabled = value
    return [
        str(mode),
        *time_params(start, padded=padded),
        *time_params(end, padded=padded),
        str(int(enabled)),
    ]


def spans(value: Value) -> list[Span]:
    """Return what a segment covers, whether or not it is on."""
    found = _segment(value)
    return [found.span] if found is not None and len(found.span) else []


def segments_in(values: Values) -> dict[str, Segment]:
    """Return the segments of the device by key, in their order.

    Those that end before they start are left out: nobody knows what the device does
    with them, and it would not take them back (10013).
    """
    found = {key: _segment(values[key]) for key in KEYS if key in values}
    return {key: segment for key, segment in found.items() if segment is not None}


def _segment(value: Value) -> Segment | None:
    try:
        return Segment.of(value)
    except TypeError, ValueError:
        return None


def rows(values: Values) -> list[Row]:
    """Return the segments that are on, as ``SetSchedule`` takes them."""
    return [
        Row(
            start=to_time(segment.span.start),
            end=to_time(segment.span.end),
            mode=MODES[segment.mode],
        )
        for segment in segments_in(values).values()
        if segment.enabled and len(segment.span)
    ]


def check(key: str, value: Value, values: Values) -> Value:
    """Return a single segment as it is set. Raises ``Refusal``."""
    if key not in KEYS or key not in values:
        raise Refusal("unknown_setting", setting=key)
    if not isinstance(value, list) or len(value) != 4:
        raise Refusal("unknown_setting", setting=f"{key}: {value}")
    mode, start, end, enabled = value
    first, last = time_text(start), time_text(end)
    known = choice(mode, GRID)
    if first is None or last is None or known is None or not isinstance(enabled, bool):
        raise Refusal("unknown_setting", setting=f"{key}: {value}")
    if last < first:
        raise Refusal("over_midnight", start=first, end=last)
    return [known, first, last, enabled]


def edit(
    number: int,
    *,
    mode: str | None = None,
    start: time | None = None,
    end: time | None = None,
    enabled: bool | None = None,
) -> Edit:
    """Return what changes parts of a segment (1 to 9); None leaves a part as it is.

    Raises ``Refusal`` for a mode or a time that cannot be said.
    """
    if mode is not None and mode not in MODES:
        raise Refusal("unknown_mode", mode=mode, modes=", ".join(MODES))
    key = f"time_segment{number}"

    def edited(values: Values) -> Values:
        old = values.get(key)
        if not isinstance(old, list):
            raise Refusal("unknown_setting", setting=key)
        parts = (
            None if mode is None else MODES.index(mode),
            None if start is None else format_time(whole_minute(start)),
            None if end is None else format_time(whole_minute(end)),
            enabled,
        )
        pairs = zip(old, parts, strict=True)
        return {key: [was if part is None else part for was, part in pairs]}

    return edited


def whole_minute(moment: time) -> int:
    """Return the minute of a time. Raises ``Refusal`` if it has seconds."""
    if moment.second or moment.microsecond:
        raise Refusal("whole_minutes", time=moment.isoformat())
    return minute_of(moment)


def to_time(minute: int) -> time:
    """Return a time of day; midnight at the end of the day cannot be said."""
    return time(*divmod(min(minute, LATEST), 60))
