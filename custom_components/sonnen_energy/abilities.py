"""What a sonnenBatterie can be asked for (control.md, section 5)."""

from ._vendor.core.control.driver import Capabilities, Range, Timing
from ._vendor.core.control.intent import HoldBlock, Kind

# The pauses after "too many requests", which no battery was ever seen to answer
TIMING = Timing(read_back=15, reaction=15, pauses=(1, 4, 10), too_soon=(30, 60))
# No endurance is known (6.7). A force takes six requests, two of which change a stored
# setting and wear it: this is about forty such changes a day.
WRITES_PER_DAY = 120
# As long as the battery did not say how much it can: what a schedule may hold at most
MOST_POWER = 46_000

_INTENTS = frozenset(
    {
        Kind.FORCE_CHARGE,
        Kind.FORCE_DISCHARGE,
        Kind.HOLD,
        Kind.SELF_USE,
        Kind.SET_RESERVE,
        Kind.SET_MODE,
        Kind.SET_SCHEDULE,
        Kind.SET_VALUES,
    }
)


def abilities(most: int | None) -> Capabilities:
    """Return what a battery of so many W can do; None if it has not said so yet."""
    return Capabilities(
        intents=_INTENTS,
        timing=TIMING,
        blocks=frozenset({HoldBlock.DISCHARGE, HoldBlock.BOTH}),
        power=Range(low=0, high=most or MOST_POWER),
        reserve=Range(low=0, high=100),
        writes_per_day=WRITES_PER_DAY,
        self_use_mode=True,
    )
