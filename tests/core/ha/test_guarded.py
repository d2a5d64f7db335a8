"""Which guard each counter of a record gets."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.client.budget import Budget
from core.client.clock import SystemClock
from core.client.redact import Redactor
from core.ha.account import Account
from core.ha.guarded import Span, guarded

ZONE = ZoneInfo("Europe/Berlin")
STEP = timedelta(minutes=5)
SPANS: dict[str, Span] = {
    "day": "today",
    "month": "month",
    "year": "year",
    "total": "total",
}


@pytest.mark.parametrize(
    ("key", "begin", "shown"),
    [
        ("day", (2026, 9, 2), 0.0),
        ("month", (2026, 9, 2), 9.0),
        ("month", (2026, 9, 30), 0.0),
        ("year", (2026, 9, 30), 9.0),
        ("year", (2026, 12, 31), 0.0),
        ("total", (2026, 12, 31), 9.0),
        ("power", (2026, 9, 2), 0.0),
    ],
)
def test_a_zero_after_midnight(
    key: str, begin: tuple[int, int, int], shown: float
) -> None:
    """Only what ended with that night begins anew; another fall is held."""
    account = Account(budget=Budget(clock=SystemClock()), redactor=Redactor())
    before = datetime(*begin, 23, 57, tzinfo=ZONE)
    for value, at in ((9.0, before), (0.0, before + STEP)):
        found = guarded(account, "x", {key: value}, at, span=SPANS.get)
    assert found == {key: shown}
    assert set(account.counters) == {f"x/{key}"} - {"x/power"}


@pytest.mark.parametrize(("watts", "shown"), [(0.0, 9.0), (1e6, 99.0)])
def test_a_leap_is_measured_by_the_power(watts: float, shown: float) -> None:
    """What no house gains in five minutes, a plant of a megawatt does."""
    account = Account(budget=Budget(clock=SystemClock()), redactor=Redactor())
    noon = datetime(2026, 9, 2, 12, tzinfo=ZONE)
    for value, at in ((9.0, noon), (99.0, noon + STEP)):
        found = guarded(account, "x", {"total": value}, at, span=SPANS.get, watts=watts)
    assert found["total"] == shown


def test_a_month_that_is_told_late_is_not_ended_twice() -> None:
    """A record of the month before does not take the new one away."""
    account = Account(budget=Budget(clock=SystemClock()), redactor=Redactor())
    start = datetime(2026, 10, 1, 0, 5, tzinfo=ZONE)
    for value, at in ((1.0, start), (300.0, start - 2 * STEP)):
        found = guarded(account, "x", {"month": value}, at, span=SPANS.get)
    assert found["month"] == 1.0
