"""Power in W and as shares of the rated power, of which devices are told."""

import math

from .._vendor.core.control.driver import Range
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.validate import check_range

# As long as nobody knows what the device can
UNKNOWN_MOST = 100_000.0


def share_of(watts: float | None, rated: float | None, step: float) -> float:
    """Return W in percent of the rated power, rounded down to steps; None is all.

    Raises ``Refusal`` (``power_unknown``, ``power_range``).
    """
    if watts is None:
        return 100.0
    if not rated:
        raise Refusal("power_unknown")
    check_range(watts, range_of(rated, step), "power_range")
    return round(int(watts * 100 / rated / step + 1e-9) * step, 1)


def watts_of(share: float | None, rated: float | None) -> int | None:
    """Return a share in percent as W; None if either is unknown."""
    return None if share is None or not rated else round(rated * abs(share) / 100)


def range_of(rated: float | None, step: float) -> Range:
    """Return what a force can be told in W; ``step`` in percent."""
    if not rated:
        return Range(low=1, high=UNKNOWN_MOST)
    return Range(low=math.ceil(rated * step / 100), high=rated)
