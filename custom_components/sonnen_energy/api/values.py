"""The kinds of values that the battery sends: an odd one is ``None``."""

from collections.abc import Mapping
import re
from typing import Any

from .._vendor.core.client.decode import mapping, number, text

type Wire = Mapping[str, Any]

# No house has more; a value beyond is a mistake of the sender.
_MAX_W = 1_000_000.0
_MAX_WH = 100_000_000.0
MAX_V = 10_000.0
_MAX_A = 10_000.0
_ABSOLUTE_ZERO = -273.0
_HOTTEST = 1000.0
_NO_SLUG = re.compile(r"[^a-z0-9]+")


def slug(value: Any) -> str | None:
    """Return a name in lower case, words joined by ``_``."""
    name = text(value)
    return _NO_SLUG.sub("_", name.casefold()).strip("_") or None if name else None


def power(value: Any) -> float | None:
    """Decode W, VA or var, of either sign."""
    return number(value, low=-_MAX_W, high=_MAX_W)


def percent(value: Any) -> float | None:
    """Decode percent, 0-100."""
    return number(value, low=0.0, high=100.0)


def energy(value: Any) -> float | None:
    """Decode Wh that are in something."""
    return number(value, low=0.0, high=_MAX_WH)


def voltage(value: Any) -> float | None:
    """Decode V, of either sign."""
    return number(value, low=-MAX_V, high=MAX_V)


def current(value: Any) -> float | None:
    """Decode A, of either sign."""
    return number(value, low=-_MAX_A, high=_MAX_A)


def temperature(value: Any) -> float | None:
    """Decode degrees Celsius; absolute zero means that there is no sensor (3.3)."""
    return number(value, low=_ABSOLUTE_ZERO, high=_HOTTEST)


def problem(value: Any) -> bool | None:
    """Decode a number of which all but 0 is bad news."""
    result = number(value)
    return None if result is None else result != 0


def bits(value: Any) -> dict[str, bool]:
    """Decode a bit group: whatever stands in it as a real boolean (3.2)."""
    return {
        name: bit
        for key, bit in mapping(value).items()
        if isinstance(bit, bool) and (name := text(key)) is not None
    }
