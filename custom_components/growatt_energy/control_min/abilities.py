"""What a MIN can be asked for (control.md, section 5)."""

import math

from .. import control_vpp_plans as vpp_plans
from .._vendor.core.control.driver import Capabilities, Range
from .._vendor.core.control.intent import HoldBlock, Kind, Values
from ..control_common import TIMING, WRITES_PER_DAY
from .segments import KEYS
from .values import AC_CHARGE, CHARGE_POWER, DISCHARGE_POWER, RESERVE

# As long as nobody knows the inverter's power
MOST_POWER = 100_000
_LEAST_PERCENT = 1


def abilities(
    values: Values | None, *, rated: float | None, remote: bool
) -> Capabilities:
    """Return what an inverter with these settings can do.

    ``values`` are None while they were never read: then it may be able to do all, and
    a plan refuses what it cannot. ``rated`` in W.
    """
    unread = values is None
    there = set(values or ())
    segments = unread or bool(there & set(KEYS))
    intents = {Kind.SELF_USE}
    if unread or there - set(vpp_plans.NUMBERS):
        intents |= {Kind.SET_VALUES}
    if remote or (segments and (unread or {AC_CHARGE, CHARGE_POWER} <= there)):
        intents |= {Kind.FORCE_CHARGE}
    if remote or (segments and (unread or DISCHARGE_POWER in there)):
        intents |= {Kind.FORCE_DISCHARGE}
    blocks = set[HoldBlock]()
    if unread or DISCHARGE_POWER in there:
        blocks |= {HoldBlock.DISCHARGE}
    if unread or CHARGE_POWER in there:
        blocks |= {HoldBlock.CHARGE}
    if len(blocks) > 1:
        blocks |= {HoldBlock.BOTH}
    if blocks:
        intents |= {Kind.HOLD, Kind.SET_LIMITS}
    if unread or RESERVE in there:
        intents |= {Kind.SET_RESERVE}
    if segments:
        intents |= {Kind.SET_MODE, Kind.SET_SCHEDULE}
    most = rated or MOST_POWER
    return Capabilities(
        intents=frozenset(intents),
        timing=TIMING,
        blocks=frozenset(blocks),
        power=Range(
            low=math.ceil(most * _LEAST_PERCENT / 100) if rated else 1, high=most
        ),
        reserve=Range(low=10, high=100),
        writes_per_day=WRITES_PER_DAY,
        self_use_mode=remote or segments,
    )
