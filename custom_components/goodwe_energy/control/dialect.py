"""In which words a device is told its work modes (reference sections 6.3 and 6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._vendor.core.client.decode import number


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One generation of devices.

    Attributes:
        version: 1 to 3, as the device says it.
        slots: How many of the twelve slots can be used.
        full: What a slot's power is on the wire for all of the rated power.
        exclusive: Whether one mode rules, and not switches beside each other.
        most_peak: The most that peak shaving can be told, in kW.
    """

    version: int
    slots: int
    full: int
    exclusive: bool = False
    most_peak: float = 0.0


V1 = Dialect(version=1, slots=4, full=100, exclusive=True)
V2 = Dialect(version=2, slots=4, full=1000, most_peak=500.0)
V3 = Dialect(version=3, slots=8, full=1000, most_peak=655.34)
_BY_VERSION = {float(one.version): one for one in (V1, V2, V3)}


def dialect_of(raw: Mapping[str, Any]) -> Dialect | None:
    """Return the dialect of a ``get-work-mode``; None for one that nobody knows."""
    version = number(raw.get("workMode"))
    return None if version is None else _BY_VERSION.get(version)


def dialect_named(version: object) -> Dialect | None:
    """Return the dialect with a number."""
    found = number(version)
    return None if found is None else _BY_VERSION.get(found)
