"""Durations and ends, as people and automations write them.

The validators check the shape only. What is no duration that anything could last, such
as infinity, becomes one that the handler refuses in the user's language.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo
from math import isfinite
from typing import Any

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio

from ..control.outcome import Refusal
from ..control.validate import check_duration

_LONGEST_TEXT = 64
_UNITS = frozenset({"days", "hours", "minutes", "seconds", "milliseconds"})
_EPOCH = datetime(2000, 1, 1)


def number(value: Any) -> float:
    """Validate a number, of whatever size: also NaN and infinity."""
    if isinstance(value, str) and len(value) <= _LONGEST_TEXT and value.isascii():
        try:
            return float(value)
        except ValueError as err:
            raise probatio.Invalid("expected a number") from err
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise probatio.Invalid("expected a number")
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def period(value: Any) -> timedelta:
    """Validate a duration as ``cv.time_period`` does, without its crashes."""
    if isinstance(value, bool) or (
        isinstance(value, str) and len(value) > _LONGEST_TEXT
    ):
        raise probatio.Invalid("expected a duration")
    if isinstance(value, dict):
        if not set(value) <= _UNITS:
            raise probatio.Invalid("expected days, hours, minutes, seconds")
        value = {unit: number(item) for unit, item in value.items()}
    numbers = value.values() if isinstance(value, dict) else [value]
    if not all(isfinite(item) for item in numbers if isinstance(item, float)):
        return timedelta.max
    try:
        duration: timedelta = cv.time_period(value)
    except OverflowError:
        return timedelta.max
    return duration


def end(value: Any) -> datetime | time:
    """Validate a moment, or a time of day."""
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        raise probatio.Invalid("expected a date and time, or a time")
    parsed: datetime | time = probatio.Any(cv.time, cv.datetime)(value)
    return parsed


def end_of(
    duration: timedelta | None,
    until: datetime | time | None,
    now: datetime,
    zone: tzinfo,
) -> datetime | None:
    """Return when a lease ends, aware UTC; None if neither is said.

    A moment without a zone is one of Home Assistant's zone, a time of day comes next in
    the ``zone`` of the site. Raises ``Refusal`` for what a lease may not last.
    """
    if duration is not None:
        check_duration(duration)
        return now + duration
    if isinstance(until, time):
        return next_time(now, until, zone)
    return _moment(until) if until is not None else None


def next_time(now: datetime, at: time, zone: tzinfo) -> datetime:
    """Return the next time, UTC, that the clocks of ``zone`` show ``at``.

    An hour that comes twice counts twice; a time that is left out is taken as if the
    clocks had not been changed yet.
    """
    day = now.astimezone(zone).date()
    while True:
        for fold in (0, 1):
            local = datetime.combine(day, at.replace(fold=fold), zone)
            if (moment := local.astimezone(UTC)) > now:
                return moment
        day += timedelta(days=1)


def _moment(until: datetime) -> datetime:
    try:
        return dt_util.as_utc(until)
    except OverflowError as err:
        # The first or last day that there is, in a zone that lies behind it
        past = until.replace(tzinfo=None) < _EPOCH
        raise Refusal("until_past" if past else "duration_range") from err
