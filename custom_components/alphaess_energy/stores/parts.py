"""Parts of settings, as single entities show and set them, for either store.

The windows of a side are numbered from 1: the two of the legacy store, or the first
periods of the periodic one in its order. An edit is worked out on what is set when it
is its turn, so that a start and an end that follow each other are one change.
"""

from datetime import time
from functools import partial

from .._vendor.core.control.driver import Settings
from .._vendor.core.control.intent import Edit, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import QUARTER, minute_of, parse_time
from .common import EVERY_DAY, to_time, window_text
from .periodic import LEAST_LIMIT
from .periods import Period, periods_in, power_and_limit


def window(settings: Settings, side: str, number: int) -> tuple[time, time] | None:
    """Return start and end of a window, None if there is none of that number."""
    if (text := settings.values.get(f"{side}.window{number}")) is not None:
        start, end = map(parse_time, str(text).split("-"))
    elif (period := _period(settings.values, side, number)) is not None:
        start, end = period.start, period.end
    else:
        return None
    return to_time(start), to_time(end)


def power(settings: Settings, side: str, number: int) -> float | None:
    """Return the W of a period."""
    period = _period(settings.values, side, number)
    if period is None:
        return None
    found: float | None = power_and_limit(settings.values[period.key])[0]
    return found


def limit(settings: Settings, side: str) -> float | None:
    """Return the percent at which a side ends: of periods, that of the first one."""
    found = settings.values.get(f"{side}.limit")
    if found is None and (period := _period(settings.values, side, 1)) is not None:
        found = power_and_limit(settings.values[period.key])[1]
    return found if isinstance(found, int | float) else None


def set_window(
    side: str,
    number: int,
    *,
    start: time | None = None,
    end: time | None = None,
    rated: int = 5000,
) -> Edit:
    """Return what moves a window; a period that is not there yet gets ``rated`` W.

    Raises ``Refusal`` for a time off the grid.
    """
    for moment in (start, end):
        if moment and (moment.minute % QUARTER or moment.second or moment.microsecond):
            raise Refusal("off_grid_time", time=moment.isoformat())
    return partial(_moved, side, number, start, end, rated)


def set_power(side: str, number: int, watts: float) -> Edit:
    """Return what sets the W of a period."""
    return partial(_powered, side, number, watts)


def set_limit(side: str, percent: float) -> Edit:
    """Return what sets the percent at which a side ends, in all its periods."""
    return partial(_limited, side, percent)


def _period(values: Values, side: str, number: int) -> Period | None:
    periods = list(periods_in(values, side).values())
    return periods[number - 1] if number <= len(periods) else None


def _moved(
    side: str,
    number: int,
    start: time | None,
    end: time | None,
    rated: int,
    values: Values,
) -> Values:
    key = f"{side}.window{number}"
    if (text := values.get(key)) is not None:
        old = [parse_time(part) for part in str(text).split("-")]
        first, last = _times(old[0], old[1], start, end)
        return {key: window_text(first, last)}
    period, like = _period(values, side, number), _period(values, side, 1)
    if period is not None:
        first, last = _times(period.start, period.end, start, end)
        days, value = period.days, values[period.key]
    else:
        # Without the other time it is nothing yet, and refused if that does not follow.
        first, last = _times(None, None, start, end)
        days = like.days if like is not None else EVERY_DAY
        usual = power_and_limit(values[like.key])[1] if like is not None else None
        value = [rated, usual or (100 if side == "charge" else LEAST_LIMIT)]
    moved = Period(side=side, start=first, end=last, days=days)
    if period is not None and (moved.start, moved.end) == (period.start, period.end):
        return {period.key: value}
    if values.get(moved.key) is not None:
        raise Refusal("rows_overlap", one=moved.key, other=moved.key)
    gone: Values = {period.key: None} if period is not None else {}
    return {**gone, moved.key: value}


def _times(
    old_start: int | None, old_end: int | None, start: time | None, end: time | None
) -> tuple[int, int]:
    """Return the new start and end; where there was none, the one that is told."""
    first = minute_of(start) if start is not None else old_start
    last = minute_of(end) if end is not None else old_end
    if first is None:
        first = last
    if last is None:
        last = first
    return first or 0, last or 0


def _powered(side: str, number: int, watts: float, values: Values) -> Values:
    if f"{side}.limit" in values:
        raise Refusal("no_power_setting")
    if (period := _period(values, side, number)) is None:
        raise Refusal("no_such_period", number=number)
    return {period.key: [watts, power_and_limit(values[period.key])[1]]}


def _limited(side: str, percent: float, values: Values) -> Values:
    if (key := f"{side}.limit") in values:
        return {key: percent}
    found = {
        period.key: [power_and_limit(values[period.key])[0], percent]
        for period in periods_in(values, side).values()
    }
    if not found:
        raise Refusal("list_empty", mode=side)
    return found
