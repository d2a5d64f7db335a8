"""What a household uses: base load, peaks at morning and evening, appliances."""

from datetime import date, timedelta
from functools import lru_cache
import math
from random import Random
from zoneinfo import ZoneInfo

from .calendar import DAY_MINUTES, at_minute, local_minute
from .noise import dice, smooth_noise
from .spec import HouseSpec

_QUARTER = 15


@lru_cache(maxsize=256)
def load_day(spec: HouseSpec, day: int) -> list[float]:
    """Return the load without a car in whole W for each minute of a UTC day."""
    first = day * DAY_MINUTES
    appliances = [0.0] * DAY_MINUTES
    at = at_minute(first).astimezone(spec.zone).date()
    for local_day in (at - timedelta(days=1), at, at + timedelta(days=1)):
        for start, minutes, power in _appliances(spec.seed, spec.zone, local_day):
            for minute in range(max(start - first, 0), start - first + minutes):
                if minute >= DAY_MINUTES:
                    break
                appliances[minute] += power
    slow = smooth_noise(spec.seed, "household", day, 90)
    quick = smooth_noise(spec.seed, "fridge", day, 12)
    daily = _daily_curve()
    level = spec.load_level
    powers: list[float] = []
    for quarter in range(0, DAY_MINUTES, _QUARTER):
        # No zone changes its offset within a quarter of an hour
        local = at_minute(first + quarter).astimezone(spec.zone)
        shown = local.hour * 60 + local.minute
        powers.extend(
            float(
                round(
                    level
                    * (
                        110.0
                        + 90.0 * quick[minute]
                        + daily[(shown + minute - quarter) % DAY_MINUTES]
                        * (0.5 + slow[minute])
                        + appliances[minute]
                    )
                )
            )
            for minute in range(quarter, quarter + _QUARTER)
        )
    return powers


@lru_cache(maxsize=1)
def _daily_curve() -> list[float]:
    """Return W over the base load for each minute that a local clock shows."""

    def bump(minute: int, at: float, width: float, power: float) -> float:
        return power * math.exp(-(((minute - at) / width) ** 2))

    return [
        bump(minute, 7 * 60 + 15, 55, 420)
        + bump(minute, 12 * 60 + 30, 70, 230)
        + bump(minute, 19 * 60 + 30, 110, 560)
        for minute in range(DAY_MINUTES)
    ]


@lru_cache(maxsize=512)
def _appliances(
    seed: int, zone: ZoneInfo, day: date
) -> tuple[tuple[int, int, float], ...]:
    """Return (first minute, minutes, W) of each use of an appliance on a local day."""
    draw = dice(seed, "appliances", day.toordinal())
    uses = [
        (draw.choice((6, 7, 8, 15, 16, 20)) * 60 + draw.randrange(60), 4, 2000.0)
        for _ in range(draw.randrange(2, 6))
    ]
    uses += _cycles(draw, 0.8, (11, 12, 17, 18, 19), heats=4, every=9, power=2200.0)
    uses += _cycles(draw, 0.6, (13, 14, 20, 21), heats=2, every=45, power=1900.0)
    uses += _cycles(draw, 0.4, (9, 10, 11, 16), heats=2, every=30, power=2000.0)
    return tuple(
        (local_minute(zone, day, start), minutes, power)
        for start, minutes, power in uses
    )


def _cycles(
    draw: Random,
    chance: float,
    hours: tuple[int, ...],
    *,
    heats: int,
    every: int,
    power: float,
) -> list[tuple[int, int, float]]:
    """Return the heating phases of one machine, none on days without it."""
    start = draw.choice(hours) * 60 + draw.randrange(60)
    minutes = draw.randrange(5, min(every, 16))
    if draw.random() > chance:
        return []
    return [(start + heat * every, minutes, power) for heat in range(heats)]
