"""Values of factors as the wire has them, read once (reference section 3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from . import enums
from ._vendor.core.client.decode import integer, number
from ._vendor.core.client.plain import blank, plain
from .readings import Value
from .tables import Factor, Kind
from .tables.base import FACTORS

# Registers that are not there: all bits set, as such or divided (section 10.8)
_SENTINELS = frozenset({65535.0, 6553.5, 655.35, 4294967295.0, 4294967.295})
_CODES = 2**32
_DIGITS = 6
_PERCENT = 100.0
_COUNTED = frozenset({Kind.ENERGY, Kind.HOURS, Kind.MINUTES})


def quantity(raw: object) -> float | None:
    """Return the number on the wire; None for none and for all bits set."""
    value = number(raw)
    if value is None or value in _SENTINELS:
        return None
    return value + 0.0  # -0.0 is 0


def watts(raw: object) -> float | None:
    """Return W of the kW on the wire."""
    value = quantity(raw)
    return None if value is None else round(value * 1000, _DIGITS)


def energy(raw: object) -> float | None:
    """Return the kWh of a counter, which are never negative."""
    value = quantity(raw)
    return None if value is None or value < 0 else value


def percent(raw: object) -> float | None:
    """Return a share between 0 and 100 percent."""
    value = quantity(raw)
    return value if value is not None and 0 <= value <= _PERCENT else None


def code(raw: object) -> int | None:
    """Return a code; no register of a device holds more than 32 bits."""
    return integer(raw, low=-_CODES, high=_CODES)


def read(factor: Factor, raw: object, unit: object = None) -> Value:
    """Return the value of a factor in its unit, None if it says nothing.

    ``unit`` is the wire's own, as it names it; None if it does not.
    """
    match factor.kind:
        case Kind.TEXT:
            return plain(raw)
        case Kind.STATUS:
            return enums.slug(factor.codes_of or "", raw)
        case Kind.SOC | Kind.PERCENT:
            return percent(raw)
    if (value := quantity(raw)) is None:
        return None
    if factor.kind in _COUNTED and value < 0:
        return None
    value = round(value * _multiplier(factor.kind, unit), _DIGITS)
    if factor.kind in (Kind.POWER, Kind.FEED):
        return value + 0.0  # never -0.0
    return value


def flat(raw: Iterable[Mapping[str, Any]]) -> dict[str, tuple[object, object]]:
    """Return value and unit by factor code of groups of factors, or of factors.

    A code that comes in two groups counts where it says something.
    """
    found: dict[str, tuple[object, object]] = {}
    for group in raw:
        factors = group.get("factors")
        rows = factors if isinstance(factors, list) else [group]
        for row in rows:
            if not isinstance(row, Mapping) or not isinstance(row.get("code"), str):
                continue
            name = row["code"]
            if name not in found or blank(found[name][0]):
                found[name] = row.get("data"), row.get("unit")
    return found


def chosen(
    factors: Iterable[Factor], wire: Mapping[str, tuple[object, object]]
) -> dict[str, Value]:
    """Return the values of the factors that say something, by key."""
    found: dict[str, Value] = {}
    for factor in factors:
        for name in factor.codes:
            raw, unit = wire.get(name, (None, None))
            if (value := read(factor, raw, unit)) is not None:
                found[factor.key] = value
                break
    return found


def _multiplier(kind: Kind, unit: object) -> float:
    known = FACTORS.get(kind)
    if known is None:
        return 1.0
    usual = next(iter(known.values()))
    name = plain(unit)
    if name is None:
        return usual
    return known.get(name.replace("\u2126", "\u03c9").lower(), usual)
