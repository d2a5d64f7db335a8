"""Whether a battery is seen to do what it was told (control.md, section 2)."""

from .driver import Observation
from .intent import ForceCharge, ForceDischarge, Hold, HoldBlock, Leasable

# What a battery takes or gives at rest; records are five-minute snapshots.
RESTING = 100.0
# How much is enough to see that it moves: small batteries hang on large inverters.
ENOUGH = 1000.0
_FULL = 98.0
_ROUNDED = 1.0


def follows(
    intent: Leasable,
    seen: Observation,
    *,
    rated: float | None,
    floor: float = 0.0,
    ceiling: float = 100.0,
) -> bool | None:
    """Return whether the battery does it; None if that cannot be seen.

    ``rated`` in W; below ``floor`` percent the device gives nothing, from ``ceiling``
    percent on it takes nothing. One that cannot follow is not to blame, nor one that
    has ended by itself at the target of the force, as far as rounded percent tell.
    """
    power, soc = seen.battery, seen.soc
    if power is None:
        return None
    match intent:
        case ForceCharge(target_soc=target):
            most = min(ceiling, _FULL, 100 if target is None else target - _ROUNDED)
            able = soc is not None and soc < most
            return _moves(-power, intent.power or rated, able=able)
        case ForceDischarge(target_soc=target):
            least = max(floor, target or 0)
            able = soc is not None and soc > least + _ROUNDED
            return _moves(power, intent.power or rated, able=able)
        case Hold(block=HoldBlock.BOTH):
            return abs(power) < RESTING
        case Hold(block=HoldBlock.CHARGE):
            return power > -RESTING
        case Hold():
            return power < RESTING
    return None


def _moves(power: float, wanted: float | None, *, able: bool) -> bool | None:
    """Return whether so many W are what was wanted; None if that cannot be told."""
    least = min(ENOUGH, wanted / 2) if wanted else ENOUGH
    if least < RESTING:
        return None
    return True if power >= least else False if able else None
