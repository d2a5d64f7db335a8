"""Whether a battery is seen to do what it was told."""

from datetime import UTC, datetime

import pytest

from custom_components.sonnen_energy._vendor.core.control.driver import Observation
from custom_components.sonnen_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Leasable,
    SetReserve,
)
from custom_components.sonnen_energy.following import follows

UNTIL = datetime(2026, 11, 20, 13, tzinfo=UTC)
CHARGE = ForceCharge(until=UNTIL, power=2000)
DISCHARGE = ForceDischarge(until=UNTIL, power=2000)
HOLD = Hold(until=UNTIL)
BOTH = Hold(until=UNTIL, block=HoldBlock.BOTH)


@pytest.mark.parametrize(
    ("intent", "power", "soc", "expected"),
    [
        (CHARGE, -2000, 50, True),
        (CHARGE, -999, 50, False),  # the sun alone may do that
        (CHARGE, -22, 50, False),
        (CHARGE, 2000, 50, False),
        (CHARGE, -22, 100, None),  # full
        (CHARGE, -22, None, None),
        (CHARGE, None, 50, None),
        (ForceCharge(until=UNTIL), -2300, 50, True),
        (ForceCharge(until=UNTIL), -2200, 50, False),
        (ForceCharge(until=UNTIL, power=150), -22, 50, None),  # too little to be seen
        (DISCHARGE, 2000, 50, True),
        (DISCHARGE, 500, 50, False),  # the house alone takes that
        (DISCHARGE, 0, 20, None),  # at its reserve
        (BOTH, -31, 50, True),
        (BOTH, -500, 50, False),
        (BOTH, 500, 50, False),
        (HOLD, -3000, 50, True),
        (HOLD, -22, 20, True),
        (HOLD, 500, 20, False),
        (HOLD, 500, 30, None),  # what has come in since then
        (SetReserve(soc=20), 500, 10, None),
    ],
)
def test_following(
    intent: Leasable, power: float | None, soc: float | None, expected: bool | None
) -> None:
    seen = Observation(at=UNTIL, fresh=True, soc=soc, battery=power)
    assert follows(intent, seen, most=4600, reserve=20) is expected
