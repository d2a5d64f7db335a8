"""What a table of points is made of (reference section 3.11)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

type Span = Literal["today", "month", "year", "total"]


class Kind(StrEnum):
    """What a point measures: it decides the unit of its value and how it is read.

    The value's unit is in ``UNITS``, what the wire's number is multiplied by in
    ``FACTORS`` (1 if it is not in it).
    """

    POWER = "power"
    CHARGER_POWER = "charger_power"
    """kW or W on the wire (UNCERTAIN): W."""
    APPARENT_POWER = "apparent_power"
    REACTIVE_POWER = "reactive_power"
    POWER_FACTOR = "power_factor"
    ENERGY = "energy"
    """A counter: never negative (section 10.9)."""
    STORED_ENERGY = "stored_energy"
    PLANNED_ENERGY = "planned_energy"
    REACTIVE_ENERGY = "reactive_energy"
    SOC = "soc"
    """A state of charge as fraction (*frac*, section 3.0)."""
    SOC_PERCENT = "soc_percent"
    FRACTION = "fraction"
    """Another share as fraction."""
    VOLTAGE = "voltage"
    CELL_VOLTAGE = "cell_voltage"
    CURRENT = "current"
    SIGNAL_CURRENT = "signal_current"
    TEMPERATURE = "temperature"
    FREQUENCY = "frequency"
    HOURS = "hours"
    INSULATION = "insulation"
    IMPEDANCE = "impedance"
    NORMALIZED_POWER = "normalized_power"
    IRRADIANCE = "irradiance"
    IRRADIATION = "irradiation"
    WIND_SPEED = "wind_speed"
    ANGLE = "angle"
    PRESSURE = "pressure"
    HUMIDITY = "humidity"
    RAIN = "rain"
    SIGNAL = "signal"
    """dBm where it is below 0; some modules say it otherwise."""
    COUNT = "count"
    """A number that only rises."""
    NUMBER = "number"
    """A number without a unit."""
    CODE = "code"
    """A whole number whose meaning is not published."""
    TEXT = "text"
    """A position, a version, a serial number."""
    STATUS = "status"
    """A code that ``enums`` turns into a slug."""


UNITS: dict[Kind, str] = {
    Kind.POWER: "W",
    Kind.CHARGER_POWER: "W",
    Kind.APPARENT_POWER: "VA",
    Kind.REACTIVE_POWER: "var",
    Kind.ENERGY: "kWh",
    Kind.STORED_ENERGY: "kWh",
    Kind.PLANNED_ENERGY: "kWh",
    Kind.REACTIVE_ENERGY: "kvarh",
    Kind.SOC: "%",
    Kind.SOC_PERCENT: "%",
    Kind.FRACTION: "%",
    Kind.VOLTAGE: "V",
    Kind.CELL_VOLTAGE: "mV",
    Kind.CURRENT: "A",
    Kind.SIGNAL_CURRENT: "mA",
    Kind.TEMPERATURE: "°C",
    Kind.FREQUENCY: "Hz",
    Kind.HOURS: "h",
    Kind.INSULATION: "kΩ",
    Kind.IMPEDANCE: "Ω",
    Kind.NORMALIZED_POWER: "W/Wp",
    Kind.IRRADIANCE: "W/m²",
    Kind.IRRADIATION: "Wh/m²",
    Kind.WIND_SPEED: "m/s",
    Kind.ANGLE: "°",
    Kind.PRESSURE: "hPa",
    Kind.HUMIDITY: "%",
    Kind.RAIN: "mm",
    Kind.SIGNAL: "dBm",
}
FACTORS: dict[Kind, float] = {
    Kind.ENERGY: 0.001,
    Kind.STORED_ENERGY: 0.001,
    Kind.PLANNED_ENERGY: 0.001,
    Kind.REACTIVE_ENERGY: 0.001,
}


@dataclass(frozen=True, slots=True)
class Point:
    """A measuring point of one device type.

    ``key`` is unique within the type. ``default`` and ``diagnostic`` are how its
    entity begins (section 9). ``span`` is what a counter counts, None for the others.
    ``codes`` names the table of ``enums`` of a status.
    """

    id: str
    key: str
    kind: Kind
    default: bool = True
    diagnostic: bool = False
    span: Span | None = None
    codes: str | None = None

    @property
    def unit(self) -> str | None:
        """The unit of the value, None for what has none."""
        return UNITS.get(self.kind)


type Row = tuple[int, str]


def points(
    kind: Kind, *rows: Row, default: bool = True, diagnostic: bool = False
) -> tuple[Point, ...]:
    """Make points of one kind; a counter's span is the end of its key."""
    return tuple(
        Point(str(number), key, kind, default, diagnostic, _span(kind, key))
        for number, key in rows
    )


def off(kind: Kind, *rows: Row) -> tuple[Point, ...]:
    """Make points whose entities are disabled at first."""
    return points(kind, *rows, default=False)


def shown(kind: Kind, *rows: Row) -> tuple[Point, ...]:
    """Make diagnostic points whose entities are enabled."""
    return points(kind, *rows, diagnostic=True)


def hidden(kind: Kind, *rows: Row) -> tuple[Point, ...]:
    """Make diagnostic points whose entities are disabled at first."""
    return points(kind, *rows, default=False, diagnostic=True)


def status(number: int, key: str, codes: str, *, diagnostic: bool = True) -> Point:
    """Make a point whose code ``enums`` explains."""
    return Point(str(number), key, Kind.STATUS, diagnostic=diagnostic, codes=codes)


def numbered(key: str, ids: Iterable[int], first: int = 1) -> tuple[Row, ...]:
    """Return rows whose key's ``{n}`` counts from ``first``."""
    return tuple((number, key.format(n=n)) for n, number in enumerate(ids, first))


def phases(key: str, *ids: int) -> tuple[Row, ...]:
    """Return the rows of phases a, b, c; ``{p}`` stands for the letter."""
    return tuple(
        (number, key.format(p=p)) for p, number in zip("abc", ids, strict=True)
    )


def _span(kind: Kind, key: str) -> Span | None:
    if kind is Kind.COUNT:
        return "total"
    if kind not in (Kind.ENERGY, Kind.REACTIVE_ENERGY, Kind.IRRADIATION):
        return None
    for span in ("today", "month", "year"):
        if key.endswith(f"_{span}"):
            return span
    return "total"
