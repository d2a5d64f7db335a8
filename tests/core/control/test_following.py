"""Whether a battery does what it was told (control.md, section 2)."""

from datetime import UTC, datetime

import pytest

from core.control.driver import Observation
from core.control.following import follows
from core.control.intent import ForceCharge, ForceDischarge

LATER = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("target", "soc", "battery", "expected"),
    [
        (None, 50, -2900, True),
        (None, 50, 300, False),
        (80, 50, 300, False),
        # It has ended by itself; 79 % may be 79.9 %
        (80, 79, 300, None),
        (80, 80, 300, None),
        (80, 80, -2900, True),
        (None, 98, 0, None),
    ],
)
def test_charging(
    target: float | None, soc: float, battery: float, expected: bool | None
) -> None:
    intent = ForceCharge(until=LATER, power=3000, target_soc=target)
    seen = Observation(soc=soc, battery=battery)
    assert follows(intent, seen, rated=10_000) is expected


@pytest.mark.parametrize(
    ("target", "soc", "battery", "expected"),
    [
        (None, 50, 2900, True),
        (None, 50, -300, False),
        (30, 32, -300, False),
        (30, 31, -300, None),
        # The reserve is higher
        (5, 11, 0, None),
        (5, 12, 0, False),
    ],
)
def test_discharging(
    target: float | None, soc: float, battery: float, expected: bool | None
) -> None:
    intent = ForceDischarge(until=LATER, power=3000, target_soc=target)
    seen = Observation(soc=soc, battery=battery)
    assert follows(intent, seen, rated=10_000, floor=10) is expected
