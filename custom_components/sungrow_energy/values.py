"""Values of points as the wire has them, read once (reference section 3.0)."""

from collections.abc import Mapping

from . import enums
from ._vendor.core.client.decode import integer, number
from ._vendor.core.client.plain import blank, plain
from .points import Kind, Point
from .points.base import FACTORS
from .readings import Value

_GLYPHS: Mapping[str, str] = {
    "℃": "°C",
    "℉": "°F",
    "㎡": "m²",
    "m2": "m²",
    "㎾": "kW",
    "㎾h": "kWh",
    "Ω": "Ω",  # OHM SIGN into the letter
    "H": "h",
    "KW": "kW",
    "KWh": "kWh",
    "Kw": "kW",
    "Var": "var",
    "kVar": "kvar",
    "KVar": "kvar",
    "kVA": "kVA",
    "%RH": "%",
}
_DIGITS = 6
_FRACTION = 100.0
_CODES = 2**32
_KILO = 1000.0
# No home's charger has so many kW: the number is W.
MOST_CHARGER_KW = 100.0


def glyphs(unit: object) -> str | None:
    """Return a unit as Home Assistant spells it, None for none (section 3.0)."""
    if (found := plain(_unglyph(unit))) is None:
        return None
    return _GLYPHS.get(found, found)


def _unglyph(unit: object) -> object:
    if not isinstance(unit, str):
        return None
    for glyph, letters in (("㎡", "m²"), ("℃", "°C"), ("\u2126", "\u03a9")):
        unit = unit.replace(glyph, letters)
    return unit


def code(raw: object) -> int | None:
    """Return a code; no register of a device holds more than 32 bits."""
    return integer(raw, low=-_CODES, high=_CODES)


def fraction(value: float) -> float | None:
    """Return percent of a *frac* value; above 1 it already is percent (section 3.0)."""
    percent = value if value > 1.0 else value * _FRACTION
    return round(percent, _DIGITS) if 0 <= percent <= _FRACTION else None


def read(point: Point, raw: object, unit: str | None = None) -> Value:
    """Return the value of a point in its unit, None if it says nothing.

    ``unit`` is what the server's dictionary calls the unit of the number: only asked
    where the reference is not sure.
    """
    if blank(raw):
        return None
    match point.kind:
        case Kind.TEXT:
            return plain(raw)
        case Kind.CODE:
            return code(raw)
        case Kind.STATUS:
            return enums.slug(point.codes or "", raw)
    if (value := number(raw)) is None:
        return None
    value += 0.0  # -0.0 is 0
    match point.kind:
        case Kind.SOC | Kind.FRACTION:
            return fraction(value)
        case Kind.SOC_PERCENT | Kind.HUMIDITY:
            return value if 0 <= value <= _FRACTION else None
        case Kind.ENERGY | Kind.REACTIVE_ENERGY | Kind.IRRADIATION | Kind.COUNT:
            if value < 0:  # the server's own sums can be (section 10.9)
                return None
        case Kind.SIGNAL:
            if value >= 0:  # some modules say percent or bars
                return None
        case Kind.CHARGER_POWER:
            return round(value * _charger_factor(value, unit), _DIGITS)
    return round(value * FACTORS.get(point.kind, 1.0), _DIGITS)


def _charger_factor(value: float, unit: str | None) -> float:
    if unit == "W":
        return 1.0
    if unit == "kW":
        return _KILO
    return 1.0 if abs(value) > MOST_CHARGER_KW else _KILO


def unexplained(raw: object, unit: str | None, shown: str | None) -> float | str | None:
    """Return the value of a point that no table has (section 3.0).

    ``shown`` is the unit that the vendor's app shows: percent of a number without a
    unit of its own is a fraction.
    """
    if blank(raw):
        return None
    value = number(raw)
    if value is None:
        return plain(raw)
    if unit is None and shown == "%" and abs(value) <= 1.0:
        return round(value * _FRACTION, _DIGITS)
    return value
