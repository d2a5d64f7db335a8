"""Noise that is a pure function of seed, name and time."""

from functools import lru_cache
from itertools import pairwise
from random import Random

from .calendar import DAY_MINUTES


def dice(seed: int, name: str, day: int) -> Random:
    """Return a generator for one purpose on one day (any integer day number)."""
    return Random(f"{seed}/{name}/{day}")


@lru_cache(maxsize=512)
def _nodes(seed: int, name: str, day: int, step: int) -> list[float]:
    draw = dice(seed, name, day).random
    return [draw() for _ in range(DAY_MINUTES // step)]


@lru_cache(maxsize=64)
def smooth_noise(seed: int, name: str, day: int, step: int) -> list[float]:
    """Return 1440 values in 0-1 for a UTC day, joining the days around it.

    Random nodes stand every `step` minutes (a divisor of 1440), with straight lines
    between them.
    """
    nodes = [
        *_nodes(seed, name, day, step),
        _nodes(seed, name, day + 1, step)[0],
    ]
    return [
        low + (high - low) * (minute / step)
        for low, high in pairwise(nodes)
        for minute in range(step)
    ]
