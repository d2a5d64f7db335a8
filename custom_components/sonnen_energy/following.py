"""Whether a battery is seen to do what it was told (control.md, section 2)."""

from ._vendor.core.control.driver import Observation
from ._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Leasable,
)

# Idle batteries take up to 31 W, more with their fan (3.9.3).
RESTING = 100.0
# From the one on a battery takes less and less; from the other on it gives nothing.
_FULL, _EMPTY = 95.0, 2.0


def follows(
    intent: Leasable, seen: Observation, *, most: float, reserve: float
) -> bool | None:
    """Return whether the battery does it; None if that cannot be seen.

    ``most`` is its power in W, ``reserve`` in percent. One that is full or empty cannot
    follow, and is not to blame.
    """
    power, soc = seen.battery, seen.soc
    if power is None:
        return None
    match intent:
        case ForceCharge():
            able = soc is not None and soc < _FULL
            return _moves(-power, most if intent.power is None else intent.power, able)
        case ForceDischarge():
            able = soc is not None and soc > max(reserve, _EMPTY)
            return _moves(power, most if intent.power is None else intent.power, able)
        case Hold(block=HoldBlock.BOTH):
            return abs(power) < RESTING
        case Hold():
            if power < RESTING:
                return True
            # What has come in since then may be used.
            return None if soc is None or soc > reserve else False
    return None


def _moves(power: float, wanted: float, able: bool) -> bool | None:
    """Return whether so many W are what was wanted; None if that cannot be told.

    Half of it is enough: warm, cold or nearly full, a battery does not give or take
    all. By itself it gives and takes some too, so that of little nothing is seen.
    """
    if wanted < 2 * RESTING:
        return None
    return True if power >= wanted / 2 else False if able else None
