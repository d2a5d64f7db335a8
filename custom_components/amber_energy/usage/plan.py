"""Which days are read when (reference sections 5.4 and 7.2)."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from random import Random

# Days per request, and requests per run
WINDOW_DAYS = 7
MOST_CALLS = 25
# Amber keeps about 90 days; what was measured is a little more, so two weeks are
# added up from windows (7.1).
RETENTION_WINDOWS = 14
RETENTION_DAYS = RETENTION_WINDOWS * WINDOW_DAYS

DAY = timedelta(days=1)
# A day that is not there or not whole may still come, for so long after itself
LATE = timedelta(days=21)
# The first attempt of a day begins at a moment of this span, site-local time ...
_FIRST_ATTEMPT = time(6, 30)
_SPREAD = timedelta(hours=2)
# ... and the others so much later.
_RETRIES = (timedelta(), timedelta(hours=3), timedelta(hours=6))


def span(first: date, last: date) -> Iterator[date]:
    """Yield each day from the first to the last one, both included."""
    while first <= last:
        yield first
        first += DAY


def windows(
    new: Collection[date], again: Collection[date] = ()
) -> list[tuple[date, date]]:
    """Return the requests that bring all these days, by first and last day.

    Those with new days come first, oldest first, as days are written in that order;
    then those with days that are only looked at again, newest first. One that brings
    new days brings older ones along if they fit in.
    """
    found: list[tuple[date, date]] = []
    wanted = sorted({*new, *again})
    while wanted:
        last = wanted[-1]
        inside = [day for day in wanted if last - day < WINDOW_DAYS * DAY]
        found.append((inside[0], last))
        del wanted[-len(inside) :]
    latest = min(new, default=date.max)
    with_new = [window for window in found if window[1] >= latest]
    return [*reversed(with_new), *found[len(with_new) :]]


def attempts(day: date, zone: tzinfo, seed: str) -> list[datetime]:
    """Return when usage is asked for on a local day, aware: the first time and later.

    The times are the same for a site on each day, and differ between sites.
    """
    within = Random(seed).uniform(0, _SPREAD.total_seconds())
    first = datetime.combine(day, _FIRST_ATTEMPT, zone)
    first += timedelta(seconds=round(within))
    return [first + later for later in _RETRIES]


def latest_attempt(now: datetime, zone: tzinfo, seed: str) -> datetime:
    """Return the last moment, not after ``now``, at which usage was to be asked for."""
    return max(at for at in _around(now, zone, seed) if at <= now)


def next_attempt(now: datetime, zone: tzinfo, seed: str, *, done: bool) -> datetime:
    """Return when usage is asked for next: tomorrow at the first time if ``done``."""
    today = now.astimezone(zone).date()
    return min(
        at
        for at in _around(now, zone, seed)
        if at > now and not (done and at.astimezone(zone).date() == today)
    )


def _around(now: datetime, zone: tzinfo, seed: str) -> list[datetime]:
    today = now.astimezone(zone).date()
    return [
        at
        for day in (today - DAY, today, today + DAY)
        for at in attempts(day, zone, seed)
    ]
