"""The battery's operating modes by their numbers (reference section 6.2)."""

from collections.abc import Mapping
from typing import Final

MANUAL: Final = "1"
SELF_CONSUMPTION: Final = "2"
TIME_OF_USE: Final = "10"

MODES: Mapping[str, str] = {
    MANUAL: "manual",
    SELF_CONSUMPTION: "self_consumption",
    "4": "testing",
    "6": "module_extension",
    TIME_OF_USE: "time_of_use",
    "11": "optimisation",
}


def mode_name(number: str | None) -> str | None:
    """Return the name of a mode; one that nobody knows is told with its number."""
    if number is None:
        return None
    return MODES.get(number, f"unknown ({number})")
