"""The time-of-use schedule (sonnen.md 6.5)."""

from itertools import pairwise
import json
import re
from typing import Any, NamedTuple

from .protocol import invalid

KEY = "EM_ToU_Schedule"
MOST_W = 46_000

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_DAY = 24 * 60


class Window(NamedTuple):
    """Minutes of the day, and what the grid may supply to house and battery in W."""

    start: int
    stop: int
    """1440 is midnight."""
    threshold_w: float


def check_schedule(text: str) -> None:
    """Raise the error with which the device refuses a schedule.

    Known are the texts for a threshold and for windows that overlap. What a window
    over midnight does is not known: it is accepted, and no battery follows it.
    """
    try:
        rows = json.loads(text)
    except ValueError as err:
        raise invalid(KEY, "invalid schedule") from err
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise invalid(KEY, "invalid schedule")
    for row in rows:
        if not _is_time(row.get("start")) or not _is_time(row.get("stop")):
            raise invalid(KEY, "invalid time")
        threshold = row.get("threshold_p_max")
        if (
            isinstance(threshold, bool)
            or not isinstance(threshold, int | float)
            or not 0 <= threshold <= MOST_W
        ):
            raise invalid(KEY, "invalid threshold")
    windows = sorted(followed(text))
    for one, other in pairwise(windows):
        if other.start < one.stop:
            raise invalid(KEY, "ToU windows overlap")


def _is_time(value: object) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def followed(text: str | None) -> list[Window]:
    """Return the windows of a stored schedule that a battery goes by."""
    return [window for row in _rows(text) if (window := _window(row)) is not None]


def ignored(text: str | None) -> list[Any]:
    """Return the rows of a stored schedule that no battery goes by."""
    return [row for row in _rows(text) if _window(row) is None]


def _rows(text: str | None) -> list[Any]:
    try:
        rows = json.loads(text or "[]")
    except ValueError:
        return []
    return rows if isinstance(rows, list) else []


def _window(row: Any) -> Window | None:
    if not isinstance(row, dict):
        return None
    start, stop = row.get("start"), row.get("stop")
    threshold = row.get("threshold_p_max")
    if not _is_time(start) or not _is_time(stop) or threshold is None:
        return None
    begin, end = _minutes(str(start)), _minutes(str(stop)) or _DAY
    return Window(begin, end, float(threshold)) if begin < end else None


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])
