"""Values of points: functions of a sample, and how they are written."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ...energy import Energy
from ...house import Live
from ...snapshot import Snapshot

if TYPE_CHECKING:
    from ..device import Device
    from ..home import Home
    from ..plant import Plant

type Value = float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the points of a device (or plant, if None) are made of."""

    plant: Plant
    shot: Snapshot
    device: Device | None = None
    status: int | None = None

    @property
    def live(self) -> Live:
        """The powers."""
        return self.shot.live

    @property
    def home(self) -> Home:
        """What the plant is built from."""
        return self.plant.home

    @property
    def share(self) -> float:
        """The device's part of sun or battery."""
        return self.device.spec.share if self.device else 1.0

    @property
    def volts(self) -> float:
        """Grid voltage, which moves with the load."""
        return 231.0 - 4.0 * min(abs(self.live.grid_w) / 20_000.0, 1.0)

    @property
    def phases(self) -> int:
        """Phases of the connection."""
        return self.home.spec.phases

    @property
    def pack_volts(self) -> float:
        """Voltage of the battery, which rises with the charge."""
        return 220.0 + 0.4 * self.live.soc

    def since(self, first: date, earlier_wh: float) -> float:
        """Return the solar energy since the midnight of a day, in Wh.

        Of the days before the house was watched, it is `earlier_wh`, not lived.
        """
        lifetime, house = self.plant.lifetime, self.plant.house
        watched = max(first, house.first_day)
        counted = self.shot.total.solar_wh - lifetime.at_midnight(watched).solar_wh
        return counted if first >= house.first_day else max(counted + earlier_wh, 0.0)


@dataclass(frozen=True, slots=True)
class Point:
    """One point: its value and how many decimals it has (None: a text or number)."""

    value: Callable[[Sample], Value]
    digits: int | None = 1
    daily: bool = False
    """A counter that begins anew at midnight."""
    lifetime: bool = False
    """A counter that never begins anew."""
    ratio: bool = False
    """A fraction of 1 with an empty unit (3.0)."""


def now(value: Callable[[Sample], Value], digits: int | None = 1) -> Point:
    """Return a point of the present."""
    return Point(value, digits)


def day(value: Callable[[Energy], float]) -> Point:
    """Return a counter of the day."""
    return Point(lambda sample: value(sample.shot.today) * sample.share, daily=True)


def total(value: Callable[[Energy], float]) -> Point:
    """Return a counter of a lifetime."""
    return Point(lambda sample: value(sample.shot.total) * sample.share, lifetime=True)


def ratio(value: Callable[[Sample], float | None], digits: int = 3) -> Point:
    """Return a fraction of 1."""
    return Point(value, digits, ratio=True)


def plain(value: float | str, digits: int | None = None) -> Point:
    """Return a point that never changes."""
    return Point(lambda _: value, digits)


def only(
    allowed: Callable[[Sample], bool], points: dict[int, Point]
) -> dict[int, Point]:
    """Return points that have a value only under a condition."""

    def guarded(point: Point) -> Point:
        inner = point.value
        return replace(
            point, value=lambda sample: inner(sample) if allowed(sample) else None
        )

    return {number: guarded(point) for number, point in points.items()}


def written(value: Value, digits: int | None) -> str | None:
    """Return a value as it stands in answers: always a text."""
    if value is None or isinstance(value, str):
        return value
    if digits is None:
        return str(int(value))
    rounded = round(value, digits)
    return str(rounded + 0.0 if rounded else 0.0)


def used_directly(energy: Energy) -> float:
    """Return the sun that went straight into the house, in Wh."""
    from_sun = energy.charge_wh - energy.grid_charge_wh
    return max(energy.solar_wh - energy.export_wh - from_sun, 0.0)


def share_of(part: float, whole: float) -> float:
    """Return a ratio in 0-1; 0 of nothing."""
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0
