"""The periods of the periodic store as settings.

Each is one: ``charge 02:00-05:00 1234567`` -> [W or None, percent]. Weekdays are 1-7
from Monday; in a daily store a period has all of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
import re
from typing import Any

from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.schedule import QUARTER, Span, parse_time, wrap
from .common import LATEST, window_text

_KEY = re.compile(
    r"(charge|discharge) ([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2}) ([1-7]+)(?: #([0-9]+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Which period it is. ``copy`` tells apart those that are the same in all of this."""

    side: str
    start: int
    end: int
    days: tuple[int, ...]
    copy: int = 1

    @property
    def key(self) -> str:
        """Return its key in the settings."""
        days = "".join(map(str, self.days))
        again = f" #{self.copy}" if self.copy > 1 else ""
        return f"{self.side} {window_text(self.start, self.end)} {days}{again}"

    @property
    def parts(self) -> list[Span]:
        """Return what it covers of a day."""
        return wrap(self.start, self.end)

    def meets(self, other: Period) -> bool:
        """Return whether both cover the same minute of a weekday."""
        return not set(self.days).isdisjoint(other.days) and any(
            one.overlaps(another) for one in self.parts for another in other.parts
        )


def period_of(key: str) -> Period | None:
    """Return the period that a key stands for, None for another setting."""
    if (match := _KEY.fullmatch(key)) is None:
        return None
    side, start, end, days, copy = match.groups()
    try:
        return Period(
            side=side,
            start=parse_time(start),
            end=parse_time(end),
            days=tuple(sorted({int(day) for day in days})),
            copy=int(copy or 1),
        )
    except ValueError:
        return None


def periods_in(values: Values, side: str | None = None) -> dict[str, Period]:
    """Return the periods that are there, by key, in their order."""
    return {
        key: period
        for key, value in values.items()
        if value is not None
        and (period := period_of(key)) is not None
        and side in (None, period.side)
    }


def power_and_limit(value: Value) -> tuple[Any, Any]:
    """Return W and percent of a period's value, None for what is missing."""
    if isinstance(value, list) and len(value) == 2:
        return value[0], value[1]
    return None, None


def is_live(period: Period, value: Value) -> bool:
    """Return whether the device acts on a period: one without power does nothing."""
    return period.start != period.end and (power_and_limit(value)[0] or 0) > 0


def free_quarter(start: int, taken: Iterable[Span]) -> Span | None:
    """Return the free quarter of an hour that comes last after ``start``, in a day."""
    spans = list(taken)
    for back in range(QUARTER, LATEST + QUARTER, QUARTER):
        first = (start - back) % (LATEST + QUARTER)
        span = Span(first, first + QUARTER)
        if span.end <= LATEST and not any(span.overlaps(other) for other in spans):
            return span
    return None
