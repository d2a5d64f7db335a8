"""What a table of factors is made of (reference sections 3.6 to 3.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

type Span = Literal["today", "week", "month", "year", "total"]


class Kind(StrEnum):
    """What a factor measures: it decides the unit of its value and how it is read.

    The unit of the value is in ``UNITS``; what a wire's unit is multiplied by, and
    which is meant if the wire names none, is in ``FACTORS``.
    """

    POWER = "power"
    FEED = "feed"
    """A power whose wire is + for export: + is import (section 3.6, meters)."""
    REACTIVE_POWER = "reactive_power"
    POWER_FACTOR = "power_factor"
    ENERGY = "energy"
    """A counter: never negative."""
    SOC = "soc"
    VOLTAGE = "voltage"
    CELL_VOLTAGE = "cell_voltage"
    CURRENT = "current"
    TEMPERATURE = "temperature"
    FREQUENCY = "frequency"
    HOURS = "hours"
    MINUTES = "minutes"
    INSULATION = "insulation"
    PERCENT = "percent"
    TEXT = "text"
    STATUS = "status"
    """A code that ``enums`` turns into a slug."""


UNITS: Mapping[Kind, str] = {
    Kind.POWER: "W",
    Kind.FEED: "W",
    Kind.REACTIVE_POWER: "var",
    Kind.ENERGY: "kWh",
    Kind.SOC: "%",
    Kind.VOLTAGE: "V",
    Kind.CELL_VOLTAGE: "mV",
    Kind.CURRENT: "A",
    Kind.TEMPERATURE: "°C",
    Kind.FREQUENCY: "Hz",
    Kind.HOURS: "h",
    Kind.MINUTES: "min",
    Kind.INSULATION: "kΩ",
    Kind.PERCENT: "%",
}
_POWERS = {"kw": 1000.0, "w": 1.0, "mw": 1_000_000.0}
# The first one is meant where the wire names no unit, or one that is not here.
FACTORS: Mapping[Kind, Mapping[str, float]] = {
    Kind.POWER: _POWERS,
    Kind.FEED: {unit: -factor for unit, factor in _POWERS.items()},
    Kind.REACTIVE_POWER: {"kvar": 1000.0, "var": 1.0},
    Kind.ENERGY: {"kwh": 1.0, "wh": 0.001, "mwh": 1000.0},
    Kind.VOLTAGE: {"v": 1.0, "mv": 0.001, "kv": 1000.0},
    Kind.CELL_VOLTAGE: {"mv": 1.0, "v": 1000.0},
    Kind.CURRENT: {"a": 1.0, "ma": 0.001},
    Kind.INSULATION: {"kω": 1.0, "ω": 0.001, "mω": 1000.0},
}


@dataclass(frozen=True, slots=True)
class Factor:
    """A value of one class of devices.

    ``codes`` are its factor codes, the better one first: the first that says something
    counts. ``span`` is what a counter counts, None for the others. ``codes_of`` names
    the table of ``enums`` of a status.
    """

    key: str
    kind: Kind
    codes: tuple[str, ...]
    span: Span | None = None
    codes_of: str | None = None

    @property
    def unit(self) -> str | None:
        """The unit of the value, None for what has none."""
        return UNITS.get(self.kind)


def factor(key: str, kind: Kind, *codes: str) -> Factor:
    """Make a factor that counts nothing."""
    return Factor(key, kind, codes)


def phases(key: str, kind: Kind, code: str) -> tuple[Factor, ...]:
    """Return the factors of three phases; ``{p}`` is a to c in a key, A to C in a code.

    Of a single phase nothing but what it sends exists (section 10.8).
    """
    return tuple(
        Factor(key.format(p=p), kind, (code.format(p=p.upper()),)) for p in "abc"
    )


# The end of a key -> that of its code
_SPANS: Mapping[Span, str] = {
    "today": "Today",
    "week": "Week",
    "month": "Month",
    "year": "Year",
    "total": "Total",
}


def counters(key: str, code: str, *spans: Span) -> tuple[Factor, ...]:
    """Return counters over spans: ``<key>_today`` of ``<code>Today`` (section 3.7)."""
    return tuple(
        Factor(f"{key}_{span}", Kind.ENERGY, (f"{code}{_SPANS[span]}",), span)
        for span in spans
    )
