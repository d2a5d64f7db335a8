"""Tolerant reading of decoded JSON: an odd value is `None`, never an exception.

Vendors send numbers as strings, placeholders for "no value", one object where a
list belongs, and dates of the year 1 for "never".
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
import math
import re
from typing import Any

_NO_NUMBER = re.compile(r"[^0-9eE.+-]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,30}", re.ASCII)
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)
_FLAGS = {"false": False, "true": True}
_YEARS = range(1971, 9999)  # 0001 and 1970 mean "never"; the last year overflows


def number(
    value: object, *, low: float | None = None, high: float | None = None
) -> float | None:
    """Return a finite number within `low` and `high` (both included), else `None`.

    Numeric strings count, with blanks around them; booleans and placeholders
    such as `""`, `"--"`, `"null"` or `NaN` do not.
    """
    if value is None:
        return None
    if isinstance(value, str):
        value = value.strip()
        if _NO_NUMBER.search(value):
            return None
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        result = float(value)
    except ValueError, OverflowError:
        return None
    if not math.isfinite(result):
        return None
    if (low is not None and result < low) or (high is not None and result > high):
        return None
    return result


def integer(
    value: object, *, low: int | None = None, high: int | None = None
) -> int | None:
    """Return a whole number within `low` and `high` (both included), else `None`.

    `3.0` and `"3"` are whole, `3.5` is not: it is no rounding. Long digits stay exact.
    """
    if value is None:
        return None
    if isinstance(value, str) and _INTEGER.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        result = int(value)
    elif (real := number(value)) is not None and real.is_integer():
        result = int(real)
    else:
        return None
    if (low is not None and result < low) or (high is not None and result > high):
        return None
    return result


def text(value: object) -> str | None:
    """Return text without blanks around it, a number as text, else `None`.

    Half characters (lone surrogates), which JSON can carry but UTF-8 cannot,
    become question marks.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().strip() or None
    if (whole := integer(value)) is not None and abs(whole) < 10**30:
        return str(whole)
    return None if (real := number(value)) is None else str(real)


def flag(value: object) -> bool | None:
    """Return a boolean for `0`, `1`, `true`, `false` as value or text, else `None`."""
    if isinstance(value, str):
        value = _FLAGS.get(value.strip().lower(), value)
    if isinstance(value, bool):
        return value
    whole = integer(value, low=0, high=1)
    return None if whole is None else bool(whole)


def mapping(value: object) -> Mapping[str, Any]:
    """Return the JSON object, an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list; a single object counts as a list of one."""
    if isinstance(value, Mapping):
        return [value]
    if isinstance(value, list):
        return [item for item in value if isinstance(item, Mapping)]
    return []


def day(value: object) -> date | None:
    """Return the date of `yyyy-MM-dd`, also when a time follows it, else `None`."""
    if not isinstance(value, str):
        return None
    try:
        result = datetime.fromisoformat(value.strip()).date()
    except ValueError:
        return None
    return result if result.year in _YEARS else None


def local_datetime(value: object) -> datetime | None:
    """Return the naive date and time of `yyyy-MM-dd HH:mm[:ss]`, else `None`.

    A date alone is no time, and a value with a zone is not local: both are `None`.
    """
    if not isinstance(value, str) or ":" not in value:
        return None
    try:
        result = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return result if result.year in _YEARS and result.tzinfo is None else None


def moment(value: object) -> datetime | None:
    """Return the aware UTC time of an ISO text with a zone, else `None`."""
    try:
        result = datetime.fromisoformat(value) if isinstance(value, str) else None
        if result is None or result.tzinfo is None:
            return None
        return result.astimezone(UTC)
    except ValueError, OverflowError:
        return None


def time_of_day(value: object) -> time | None:
    """Return the time of `HH:mm` or `HH:mm:ss`, else `None` (also for `24:00`)."""
    if not isinstance(value, str):
        return None
    if (match := _TIME.fullmatch(value.strip())) is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return time(hour, minute, second)
    except ValueError:
        return None
