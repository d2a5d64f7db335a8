"""When the price of a slot becomes final (amber.md section 5.2)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from ..noise import dice
from .nem import slot_of, start_of

QUANTILES = (
    (0.0, 17.1),
    (0.05, 18.6),
    (0.25, 20.9),
    (0.5, 22.6),
    (0.75, 26.2),
    (0.9, 29.4),
    (0.95, 30.2),
    (0.99, 37.1),
    # The 100 observations have nothing beyond; a little more keeps the line going
    (1.0, 38.5),
)
"""Seconds after the boundary at which the shares of public observations saw it."""

LATE = (40.0, 55.0)
VERY_LATE = (55.0, 240.0)


def quantile(share: float) -> float:
    """Return the seconds that a share (0-1) of the observations stayed below."""
    for (low, before), (high, after) in pairwise(QUANTILES):
        if share <= high:
            return before + (after - before) * (share - low) / (high - low)
    return QUANTILES[-1][1]


@dataclass(slots=True, kw_only=True)
class Timing:
    """Delays from a boundary to the final price, a pure function of seed and slot.

    What is not in the tails follows the public observations.
    """

    seed: int = 1
    fixed: float | None = None
    """Seconds of every slot, instead of the distribution."""
    late_share: float = 0.03
    very_late_share: float = 0.01
    never_share: float = 0.005
    shift: float = 0.0
    """Seconds later than the reference says."""
    forced: dict[int, float | None] = field(default_factory=dict)
    """By slot: seconds, None for never."""

    def delay(self, slot: int) -> float | None:
        """Return the seconds after a slot's begin; None if it is never final."""
        if slot in self.forced:
            return self.forced[slot]
        if self.fixed is not None:
            return self.fixed
        draw = dice(self.seed, "confirmed", slot)
        tail, place = draw.random(), draw.random()
        if tail < self.never_share:
            return None
        tail -= self.never_share
        if tail < self.very_late_share:
            low, high = VERY_LATE
            # Minutes are rarer than seconds
            return self.shift + low + (high - low) * place * place
        if tail < self.very_late_share + self.late_share:
            low, high = LATE
            return self.shift + low + (high - low) * place
        return self.shift + quantile(place)

    def final_at(self, slot: int) -> datetime | None:
        """Return when the running slot's price becomes final; None is never."""
        delay = self.delay(slot)
        return None if delay is None else start_of(slot) + timedelta(seconds=delay)

    def force(self, at: datetime, seconds: float | None) -> None:
        """Say when the slot that `at` is in becomes final; None is never."""
        self.forced[slot_of(at)] = seconds
