"""The nine daily segments of NOAH as settings (reference sections 3.E and 6.7).

``segment1`` ... are texts such as ``08:00-16:00 battery_first 150 on``: W that it gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
import re
from typing import Any

from .._vendor.core.client.decode import integer
from .._vendor.core.control.driver import Range
from .._vendor.core.control.intent import Row, SetSchedule, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import Span, format_time, minute_of, parse_time
from .._vendor.core.control.validate import check_range
from ..control_common import LATEST, choice, switch, time_text

NUMBERS = range(1, 10)
MODES = ("load_first", "battery_first", "smart")
_EVERY_DAY = frozenset(range(1, 8))
_TEXT = re.compile(
    r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2}) ([a-z_]+) ([0-9]{1,5}) (on|off)", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Minutes of the day, the end not included; ``power`` in W."""

    start: int
    end: int
    mode: int
    power: int
    on: bool

    def __str__(self) -> str:
        """Return it as the value of a setting."""
        state = "on" if self.on else "off"
        times = f"{format_time(self.start)}-{format_time(self.end)}"
        return f"{times} {MODES[self.mode]} {self.power} {state}"

    @property
    def span(self) -> Span:
        """What it covers if it is on."""
        if not self.on or self.end <= self.start:
            return Span(0, 0)
        return Span(self.start, self.end)


def key_of(number: int) -> str:
    """Return the key of a segment."""
    return f"segment{number}"


def number_of(key: str) -> int | None:
    """Return the number of a segment's key, None for another setting."""
    return next((number for number in NUMBERS if key == key_of(number)), None)


def read(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Return the segments that are known, by key."""
    found: dict[str, Value] = {}
    for number in NUMBERS:
        part = f"time{number}"
        start, end = (
            time_text(raw.get(f"{part}Start")),
            time_text(raw.get(f"{part}End")),
        )
        mode = choice(raw.get(f"{part}Mode"), len(MODES) - 1)
        power = integer(raw.get(f"{part}Power"), low=0, high=99_999)
        on = switch(raw.get(f"{part}Enable"))
        if None in (start, end, mode, power, on):
            continue
        state = "on" if on else "off"
        found[key_of(number)] = f"{start}-{end} {MODES[mode or 0]} {power} {state}"
    return found


def from_value(value: Value) -> Segment | None:
    """Return the segment that a setting says, None for anything else."""
    match = _TEXT.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[3] not in MODES:
        return None
    try:
        start, end = parse_time(match[1]), parse_time(match[2])
    except ValueError:
        return None
    return Segment(
        start=start,
        end=end,
        mode=MODES.index(match[3]),
        power=int(match[4]),
        on=match[5] == "on",
    )


def segments(values: Values) -> dict[int, Segment]:
    """Return those that are known, by number."""
    return {
        number: segment
        for number in NUMBERS
        if (segment := from_value(values.get(key_of(number)))) is not None
    }


def rows(values: Values) -> list[Row]:
    """Return those that are on in the words of ``SetSchedule``."""
    return [
        Row(
            start=_time(segment.start),
            end=_time(segment.end),
            mode=MODES[segment.mode],
            power=float(segment.power),
        )
        for segment in segments(values).values()
        if len(segment.span)
    ]


def schedule(intent: SetSchedule, values: Values, most: float) -> dict[str, Value]:
    """Return what sets a schedule. Raises ``Refusal``.

    What is there keeps its place; of the modes that are named nothing else stays on.
    """
    for mode in (*(row.mode for row in intent.rows), *intent.clear):
        if mode not in MODES:
            raise Refusal("unknown_mode", mode=mode, modes=", ".join(MODES))
    for name in intent.switches:
        raise Refusal("unknown_switch", switch=name, switches="-")
    named = {MODES.index(row.mode) for row in intent.rows}
    named |= {MODES.index(mode) for mode in intent.clear}
    left = [segment for row in intent.rows for segment in _segments_of(row, most)]
    target: dict[str, Value] = {}
    now = segments(values)
    free = []
    for number, segment in now.items():
        if segment in left:
            left.remove(segment)
        elif not len(segment.span):
            free.append(number)
        elif segment.mode in named:
            target[key_of(number)] = str(replace(segment, on=False))
            free.append(number)
    if len(left) > len(free):
        raise Refusal("rows_too_many", mode="-", most=len(free))
    for number, segment in zip(free, left, strict=False):
        target[key_of(number)] = str(segment)
    check_apart(target, values)
    return target


def check(value: Value, most: float) -> Value:
    """Return a segment that may be set. Raises ``Refusal``."""
    if (segment := from_value(value)) is None:
        raise Refusal("unknown_setting", setting=str(value)[:64])
    if segment.on and segment.end <= segment.start:
        raise Refusal(
            "end_before_start",
            start=format_time(segment.start),
            end=format_time(segment.end),
        )
    check_range(segment.power, Range(low=0, high=most), "power_range")
    return str(segment)


def check_apart(target: Values, values: Values) -> None:
    """Raise ``Refusal`` if a segment that is set meets another one."""
    every = segments({**values, **target})
    for number, segment in every.items():
        if key_of(number) not in target or target[key_of(number)] == values.get(
            key_of(number)
        ):
            continue
        for other, another in every.items():
            if other != number and segment.span.overlaps(another.span):
                raise Refusal("rows_overlap", one=segment.span, other=another.span)


def _segments_of(row: Row, most: float) -> Sequence[Segment]:
    """Return the segments of a row: those over midnight have two."""
    if row.soc is not None:
        raise Refusal("no_soc_setting")
    if row.days is not None and set(row.days) != _EVERY_DAY:
        raise Refusal("no_weekdays")
    if row.power is None:
        raise Refusal("power_required")
    check_range(row.power, Range(low=0, high=most), "power_range")
    for moment in (row.start, row.end):
        if moment.second or moment.microsecond:
            raise Refusal("whole_minutes", time=moment.isoformat())
    start, end = minute_of(row.start), minute_of(row.end) or LATEST
    if start == end:
        raise Refusal("empty_window", time=format_time(start))
    pairs = [(start, end)] if start < end else [(start, LATEST), (0, end)]
    return [
        Segment(
            start=first,
            end=last,
            mode=MODES.index(row.mode),
            power=int(row.power),
            on=True,
        )
        for first, last in pairs
        if first < last
    ]


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
