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
    "week": "week",
    "month": "month",
    "year": "year",
    "total": "total",
}


@pytest.mark.parametrize(
    ("key", "begin", "shown"),
    [
        ("day", (2026, 9, 2), 0.0),
        ("week", (2026, 9, 2), 9.0),
        ("week", (2026, 9, 6), 0.0),
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


def told(key: str, *readings: tuple[datetime, float | None]) -> list[float | None]:
    """Return what is shown of a counter after each reading."""
    account = Account(budget=Budget(clock=SystemClock()), redactor=Redactor())
    return [
        guarded(account, "x", {key: value}, at, span=SPANS.get)[key]
        for at, value in readings
    ]


@pytest.mark.parametrize("key", ["week", "month", "year"])
def test_a_cloud_that_tells_the_old_period_for_long(key: str) -> None:
    """What was over is shown until the new one is told, and never again after that."""
    midnight = datetime(2029, 1, 1, tzinfo=ZONE)  # a Monday
    readings = [
        (midnight - STEP, 90.0),
        (midnight + STEP, 90.0),
        (midnight + 5 * STEP, None),
        (midnight + 6 * STEP, 90.2),
        (midnight + 8 * STEP, 0.0),
        (midnight + 9 * STEP, 90.0),
        (midnight + 10 * STEP, 0.1),
        (midnight + 11 * STEP, 0.3),
    ]
    assert told(key, *readings) == [90, 90, 90, 90, 0, 0, 0.1, 0.3]


@pytest.mark.parametrize("hours", [4, 30])
def test_a_cloud_that_goes_on_telling_the_old_month(hours: int) -> None:
    """In the end the new one has begun, whatever it says."""
    midnight = datetime(2026, 10, 1, tzinfo=ZONE)
    later = midnight + timedelta(hours=hours)
    readings = [
        (midnight - STEP, 90.0),
        (later, 90.0),
        (later + STEP, 90.0),
        (later + 2 * STEP, 1.5),
        (later + 3 * STEP, 1.6),
    ]
    assert told("month", *readings) == [90, 0, 0, 1.5, 1.6]


def test_a_month_that_was_not_looked_at_for_long() -> None:
    """It may have more by now than the one before."""
    start = datetime(2026, 9, 30, 12, tzinfo=ZONE)
    later = start + timedelta(days=20)
    readings = [(start, 90.0), (later, 95.0), (later + STEP, 95.1)]
    assert told("month", *readings)[-1] == 95.1
