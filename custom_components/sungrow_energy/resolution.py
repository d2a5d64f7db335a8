"""How fine the past is read (reference section 7)."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from .api.history import MOST_PERIODS, Period

_DAY = timedelta(days=1)
_MONTHS_PER_YEAR = 12
# The cloud gives so many years in one request.
MOST_YEARS = MOST_PERIODS["year"]


class Resolution(StrEnum):
    """Length of a value of the past."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def chunks(first: date, last: date, period: Period) -> Iterator[tuple[date, date]]:
    """Split a span into what one request may ask for (100 days, 24 months, 5 years)."""
    start = first
    while start <= last:
        end = min(later(start, period, MOST_PERIODS[period]) - _DAY, last)
        yield start, end
        start = end + _DAY


def later(day: date, period: Period, count: int) -> date:
    """Return the beginning of the period that is ``count`` periods later."""
    if period is Period.DAY:
        return day + count * _DAY
    if period is Period.YEAR:
        return date(day.year + count, 1, 1)
    months = day.year * _MONTHS_PER_YEAR + day.month - 1 + count
    return date(months // _MONTHS_PER_YEAR, months % _MONTHS_PER_YEAR + 1, 1)
