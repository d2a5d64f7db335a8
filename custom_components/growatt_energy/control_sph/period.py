"""One daily period of a device as the value of a setting: ``01:00-05:00 on``."""

from dataclasses import dataclass
from datetime import time
import re

from .._vendor.core.client.decode import flag
from .._vendor.core.control.intent import Value
from .._vendor.core.control.schedule import (
    DAY,
    Span,
    format_time,
    minute_of,
    parse_time,
    wrap,
)

# The last minute that a period can end at: none can cross midnight (6.3).
LATEST = DAY - 1
_WIRE = re.compile(r"([0-9]{1,2}):([0-9]{1,2})", re.ASCII)
_TEXT = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2}) (on|off)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """Minutes of the day, the end not included, and whether it is enabled."""

    start: int
    end: int
    on: bool

    def __str__(self) -> str:
        """Return it as the value of a setting."""
        state = "on" if self.on else "off"
        return f"{format_time(self.start)}-{format_time(self.end)} {state}"

    @property
    def parts(self) -> list[Span]:
        """What it covers, enabled or not: both sides of midnight, nothing if empty."""
        return wrap(self.start, self.end)

    @property
    def live(self) -> list[Span]:
        """What it covers if it is enabled."""
        return self.parts if self.on else []

    @property
    def times(self) -> tuple[time, time]:
        """Start and end; what ends at midnight ends at 00:00."""
        return _time(self.start), _time(self.end)

    def meets(self, other: Period) -> bool:
        """Return whether both are enabled in the same minute."""
        return any(one.overlaps(another) for one in self.live for another in other.live)


OFF = Period(0, 0, on=False)


def from_wire(start: object, end: object, enabled: object) -> Period | None:
    """Return a period that was read, None if a part of it is unknown (Q24)."""
    first, last, on = _minute(start), _minute(end), flag(enabled)
    if first is None or last is None or on is None:
        return None
    return Period(first, last, on)


def from_value(value: Value) -> Period | None:
    """Return the period that a setting says, None for anything else."""
    match = _TEXT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        start, end = parse_time(match[1]), parse_time(match[2])
    except ValueError:
        return None
    return Period(start, end, match[3] == "on")


def to_wire(period: Period, *, padded: bool) -> list[str]:
    """Return start hour and minute, end hour and minute, and enabled (6.4)."""
    numbers = [*divmod(period.start, 60), *divmod(period.end, 60)]
    return [
        *(f"{number:02}" if padded else str(number) for number in numbers),
        str(int(period.on)),
    ]


def changed(
    period: Period | None,
    *,
    start: time | None = None,
    end: time | None = None,
    on: bool | None = None,
) -> Period | None:
    """Return a period with some of it changed; None if the rest is not known."""
    if period is None:
        if start is None or end is None or on is None:
            return None
        period = OFF
    return Period(
        period.start if start is None else minute_of(start),
        period.end if end is None else minute_of(end),
        period.on if on is None else on,
    )


def _minute(value: object) -> int | None:
    """Return the minute of ``H:M``, which is not padded: ``1:5`` is 01:05."""
    match = _WIRE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    hour, minute = map(int, match.groups())
    total = hour * 60 + minute
    return total if minute < 60 and total <= DAY else None


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
