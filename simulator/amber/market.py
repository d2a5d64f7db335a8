"""The wholesale market: spot prices, forecasts of them, renewables (amber.md 3.2).

Everything is a pure function of seed, region and slot, but for what is forced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
import math

from ..noise import dice, smooth_noise
from .nem import DAY, SLOT_MINUTES, day_of, first_slot, minute_of, slot_of, start_of

SPIKE = 100.0
"""c/kWh from which a spot price counts as a spike."""
POTENTIAL = 60.0
"""c/kWh from which a forecast counts as a potential spike."""

REGIONS = ("nsw", "qld", "sa", "vic")
_WIND = {"nsw": 30.0, "qld": 18.0, "sa": 75.0, "vic": 45.0}
_SUN = {"nsw": 48.0, "qld": 50.0, "sa": 55.0, "vic": 38.0}
_UTC_DAY_MINUTES = 1440
# Forecasts reach 40 h; what is asked beyond repeats
_ERRORS = 600


@dataclass(frozen=True, slots=True)
class Forced:
    """A span of slots with prices of its own, c/kWh."""

    first: int
    end: int
    spot: float
    estimate: float | None
    """What forecasts and estimates say; None is the same as `spot`."""
    foreseen: bool
    """False: forecasts know nothing of it."""
    regions: tuple[str, ...]


class Market:
    """Spot prices in c/kWh incl. GST and shares of renewables in percent."""

    def __init__(self, seed: int = 1) -> None:
        """Make the market of a seed."""
        self.seed = seed
        self.error_scale = 1.0
        """How far forecasts and estimates are off; 0 is never, 1 is natural."""
        self._forced: list[Forced] = []

    def force(
        self,
        start: datetime,
        end: datetime,
        spot: float,
        *,
        estimate: float | None = None,
        foreseen: bool = True,
        regions: Sequence[str] = REGIONS,
    ) -> None:
        """Set the spot price of the slots in [start, end); the last one forced wins."""
        self._forced.append(
            Forced(
                slot_of(start), slot_of(end), spot, estimate, foreseen, tuple(regions)
            )
        )

    def release(self) -> None:
        """Forget all that was forced."""
        self._forced.clear()

    def spot(self, region: str, slot: int) -> float:
        """Return the final price of a slot."""
        if (forced := self._forced_at(region, slot)) is not None:
            return forced.spot
        day = day_of(slot)
        return _spots(self.seed, region, day)[slot - first_slot(day)]

    def forecast(self, region: str, run: int, slot: int) -> float:
        """Return what the dispatch run of slot `run` expects of a later slot."""
        forced = self._forced_at(region, slot)
        if forced is not None and forced.estimate is not None:
            return forced.estimate
        if forced is not None and forced.foreseen:
            return forced.spot
        day = day_of(slot)
        price = _spots(self.seed, region, day)[slot - first_slot(day)]
        ahead = slot - run
        error = _errors(self.seed, region, run)[ahead % _ERRORS]
        share = 0.05 + 0.012 * math.sqrt(ahead)
        off = error * share * (abs(price) + 4.0)
        if ahead == 1:
            off += _wild(self.seed, region, slot)
        return round(price + self.error_scale * off, 5)

    def renewables(self, region: str, slot: int) -> float:
        """Return the share of renewables; it can exceed 100."""
        minute = minute_of(slot)
        wind = _noise(self.seed, f"wind/{region}", slot, 360)
        cloud = _noise(self.seed, f"cloud/{region}", slot, 60)
        sun = max(math.sin(math.pi * (minute - 330) / 780), 0.0)
        return (
            14.0 + _WIND[region] * wind + _SUN[region] * sun * (0.6 + 0.4 * (1 - cloud))
        )

    def is_volatile(self, region: str, half_hour: int) -> bool:
        """Return whether demand models disagree about a half hour."""
        chance = 0.25 if 960 <= minute_of(half_hour) < 1200 else 0.04
        return dice(self.seed, f"volatile/{region}", half_hour).random() < chance

    def _forced_at(self, region: str, slot: int) -> Forced | None:
        for forced in reversed(self._forced):
            if forced.first <= slot < forced.end and region in forced.regions:
                return forced
        return None


@lru_cache(maxsize=1024)
def _spots(seed: int, region: str, day: date) -> tuple[float, ...]:
    """Return the natural price of each slot of a NEM day."""
    begin = first_slot(day)
    draw = dice(seed, f"spot/{region}", day.toordinal())
    sunny = draw.uniform(5.0, 15.0)
    prices = []
    for place in range(DAY):
        minute = place * SLOT_MINUTES
        slot = begin + place
        level = 5.0 + 9.0 * _noise(seed, f"level/{region}", slot, 720)
        price = (
            level
            + _bump(minute, 450, 80, 7.0)
            - _bump(minute, 750, 150, sunny)
            + _bump(minute, 1110, 105, 16.0)
            + 4.0 * (_noise(seed, f"quick/{region}", slot, 20) - 0.5)
            + draw.gauss(0.0, 0.35)
        )
        prices.append(round(price, 5))
    if draw.random() < 0.12:
        first = draw.randrange(198, 236)
        for place in range(first, first + draw.randrange(2, 10)):
            prices[place] = round(draw.uniform(SPIKE, 1500.0), 5)
    return tuple(prices)


@lru_cache(maxsize=64)
def _errors(seed: int, region: str, run: int) -> tuple[float, ...]:
    draw = dice(seed, f"forecast/{region}", run).gauss
    return tuple(draw(0.0, 1.0) for _ in range(_ERRORS))


@lru_cache(maxsize=1024)
def _wild(seed: int, region: str, slot: int) -> float:
    """Return how far an estimate is off beyond the usual: some are wrong altogether."""
    draw = dice(seed, f"wild/{region}", slot)
    return draw.uniform(-30.0, 60.0) if draw.random() < 0.03 else 0.0


def _bump(minute: int, at: float, width: float, height: float) -> float:
    return height * math.exp(-(((minute - at) / width) ** 2))


def _noise(seed: int, name: str, slot: int, step: int) -> float:
    at = start_of(slot)
    day = int(at.timestamp()) // 86_400
    return smooth_noise(seed, name, day, step)[(slot * SLOT_MINUTES) % _UTC_DAY_MINUTES]
