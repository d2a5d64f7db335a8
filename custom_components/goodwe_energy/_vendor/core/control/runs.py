"""The time of a lease in windows that come every day, or on weekdays."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from .schedule import DAY, QUARTER, Span, moment_of, walls


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The time of a lease in the device's windows: a span of today, of tomorrow.

    ``until`` is when the device ends it, aware UTC.
    """

    days: tuple[tuple[date, Span], ...]
    until: datetime
    effective_from: datetime | None = None
    warnings: tuple[str, ...] = ()

    @property
    def spans(self) -> list[Span]:
        """The spans in the order in which they come."""
        return [span for _, span in self.days]


def acting_run(
    now: datetime,
    until: datetime,
    zone: tzinfo,
    *,
    daily: bool,
    latest: int = DAY,
    grid: int = QUARTER,
) -> Run | None:
    """Return the windows in which to act until then; None if no window can be.

    The start is rounded down, for devices act on a window that has begun, and the end
    up. ``latest`` is the last minute that a window can end at.
    """
    asked = walls(now, until, zone, grid)[:2]
    days = [(day, span.within(0, latest)) for day, span in asked]
    days = [(day, span) for day, span in days if len(span)]
    if not days:
        return None
    late = days[0][0] != asked[0][0]
    effective_from = moment_of(days[0][0], 0, zone) if late else None
    lost = any(span.end > latest for _, span in asked)
    warning = "starts_at_midnight" if late else "gap_at_midnight" if lost else None
    if daily:
        days = _once_a_day(days)
    last, span = days[-1]
    shortened = days[-1] != asked[-1]
    return Run(
        days=tuple(days),
        until=moment_of(last, span.end, zone, not_before=None if shortened else until),
        effective_from=effective_from,
        warnings=(warning,) if warning else (),
    )


def blocking_run(
    now: datetime, until: datetime, zone: tzinfo, *, daily: bool, grid: int = QUARTER
) -> Run:
    """Return the spans in which no window may be."""
    days = walls(now, until, zone, grid)[:2]
    if daily:
        days = _once_a_day(days)
    last, span = days[-1]
    return Run(
        days=tuple(days), until=moment_of(last, span.end, zone, not_before=until)
    )


def _once_a_day(days: list[tuple[date, Span]]) -> list[tuple[date, Span]]:
    """Let windows that come every day end where the first one starts again."""
    if len(days) == 2:
        (first, today), (second, tomorrow) = days
        tomorrow = tomorrow.within(0, today.start)
        return [(first, today), (second, tomorrow)] if len(tomorrow) else days[:1]
    return days
