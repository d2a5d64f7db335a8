"""Spans of a day in minutes, for devices whose battery is led by windows.

Minutes count from local midnight, 0 to 1440; a span holds its start, not its end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
import re

DAY = 1440
QUARTER = 15

_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of one day, possibly empty. Raises ValueError for what is none."""

    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse what lies outside the day or ends before it starts."""
        if not 0 <= self.start <= self.end <= DAY:
            raise ValueError(f"no span of a day: {self.start}-{self.end}")

    def __len__(self) -> int:
        """Return the length in minutes."""
        return self.end - self.start

    def __str__(self) -> str:
        """Return ``HH:MM-HH:MM``."""
        return f"{format_time(self.start)}-{format_time(self.end)}"

    def overlaps(self, other: Span) -> bool:
        """Return whether a minute is in both."""
        return max(self.start, other.start) < min(self.end, other.end)

    def within(self, start: int, end: int) -> Span:
        """Return the part between two minutes, empty if there is none."""
        first = min(max(self.start, start), end)
        return Span(first, max(first, min(self.end, end)))

    def on_grid(self, grid: int = QUARTER) -> Span:
        """Return the longest part that starts and ends on the grid."""
        start = min(ceil_to(self.start, grid), DAY)
        return Span(start, max(start, floor_to(self.end, grid)))


ALL_DAY = Span(0, DAY)


def floor_to(minute: int, grid: int = QUARTER) -> int:
    """Return the last multiple of ``grid`` that is not after ``minute``."""
    return minute - minute % grid


def ceil_to(minute: int, grid: int = QUARTER) -> int:
    """Return the first multiple of ``grid`` that is not before ``minute``."""
    return minute + -minute % grid


def parse_time(text: str) -> int:
    """Return the minute of ``H:MM``, also of ``24:00``. Raises ValueError."""
    if (match := _TIME.fullmatch(text)) is not None:
        hour, minute = map(int, match.groups())
        if minute < 60 and (total := hour * 60 + minute) <= DAY:
            return total
    raise ValueError(f"no time of day: {text!r}")


def format_time(minute: int) -> str:
    """Return ``HH:MM``."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_of(moment: time | datetime) -> int:
    """Return the minute in which a time of day lies."""
    return moment.hour * 60 + moment.minute


def wrap(start: int, end: int) -> list[Span]:
    """Return the parts of a daily window; one that ends before it starts has two."""
    parts = [Span(start, DAY), Span(0, end)] if end < start else [Span(start, end)]
    return [part for part in parts if len(part)]


def cut(span: Span, hole: Span) -> list[Span]:
    """Return what is left of ``span`` without ``hole``: none, one or two spans."""
    if not span.overlaps(hole):
        return [span] if len(span) else []
    rest = (
        span.within(span.start, max(hole.start, span.start)),
        span.within(min(hole.end, span.end), span.end),
    )
    return [part for part in rest if len(part)]


def cut_all(spans: Iterable[Span], holes: Iterable[Span]) -> list[Span]:
    """Return what is left of all spans without all holes, in order."""
    left = [span for span in spans if len(span)]
    for hole in holes:
        left = [part for span in left for part in cut(span, hole)]
    return sorted(left)


def complement(spans: Iterable[Span], within: Span = ALL_DAY) -> list[Span]:
    """Return the rest of ``within``, in order."""
    return cut_all([within], spans)


def first_after(spans: Iterable[Span], minute: int) -> list[Span]:
    """Return the spans of a daily schedule in the order in which they come next."""
    return sorted(spans, key=lambda span: (span.start - minute) % DAY)


def walls(
    start: datetime, until: datetime, zone: tzinfo, grid: int = QUARTER
) -> list[tuple[date, Span]]:
    """Return what clocks on the wall show from ``start`` until before ``until``.

    One span on the grid per local day. It holds all that is shown: where clocks are
    put back, the hour that comes twice; where they are put forward, also the one that
    never comes. Both moments are aware; ``grid`` divides an hour.
    """
    found: dict[date, Span] = {}
    moment, last = start.astimezone(UTC), until.astimezone(UTC)
    while moment < last:
        local = moment.astimezone(zone)
        cell = floor_to(minute_of(local), grid)
        old = found.get(local.date(), Span(cell, cell))
        found[local.date()] = Span(min(old.start, cell), max(old.end, cell + grid))
        # The next mark of the grid, so that no cell is passed over
        into = timedelta(
            minutes=local.minute % grid,
            seconds=local.second,
            microseconds=local.microsecond,
        )
        moment += timedelta(minutes=grid) - into
    return sorted(found.items())


def moment_of(
    day: date, minute: int, zone: tzinfo, *, not_before: datetime | None = None
) -> datetime:
    """Return when a clock on the wall shows ``minute`` of ``day``, aware, in UTC.

    Where clocks are put back it may do so twice: the first time that is not before
    ``not_before``, else the last one.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    first, second = (
        wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    first, second = min(first, second), max(first, second)
    return second if not_before is not None and first < not_before else first
