"""Which days are read when (reference sections 5.4 and 7.2)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.amber_energy.usage.plan import (
    RETENTION_DAYS,
    RETENTION_WINDOWS,
    attempts,
    latest_attempt,
    next_attempt,
    span,
    windows,
)

MONDAY = date(2026, 10, 5)
DAY = timedelta(days=1)
SYDNEY = ZoneInfo("Australia/Sydney")


def days(*back: int) -> list[date]:
    return [MONDAY - n * DAY for n in sorted(back, reverse=True)]


def test_yesterday_alone() -> None:
    """One day is one request."""
    assert windows(days(1)) == [(MONDAY - DAY, MONDAY - DAY)]
    assert windows([]) == []


def test_yesterday_brings_others_along() -> None:
    """What is looked at again within the week costs no further request."""
    assert windows(days(1), days(3, 7)) == [(MONDAY - 7 * DAY, MONDAY - DAY)]
    assert windows(days(1), days(8)) == [
        (MONDAY - DAY, MONDAY - DAY),
        (MONDAY - 8 * DAY, MONDAY - 8 * DAY),
    ]


def test_new_days_first() -> None:
    """Oldest first, as they are written in that order; then the others."""
    assert windows(days(*range(1, 11)), days(12, 20)) == [
        (MONDAY - 12 * DAY, MONDAY - 8 * DAY),
        (MONDAY - 7 * DAY, MONDAY - DAY),
        (MONDAY - 20 * DAY, MONDAY - 20 * DAY),
    ]


def test_the_whole_retention() -> None:
    """It is read in fourteen requests."""
    found = windows(list(span(MONDAY - RETENTION_DAYS * DAY, MONDAY - DAY)))
    assert len(found) == RETENTION_WINDOWS
    assert found == sorted(found)


_DAYS = st.sets(st.integers(1, 120).map(lambda back: MONDAY - back * DAY), max_size=40)


@given(new=_DAYS, again=_DAYS)
def test_each_day_is_in_one_request(new: set[date], again: set[date]) -> None:
    """No request is longer than a week, none is empty, none overlaps another."""
    found = windows(new, again)
    asked = [day for first, last in found for day in span(first, last)]
    assert len(asked) == len(set(asked))
    assert new | again <= set(asked)
    assert all((last - first).days < 7 for first, last in found)
    of_new = [any(first <= day <= last for day in new) for first, last in found]
    with_new = [window for window, has in zip(found, of_new, strict=True) if has]
    assert with_new == sorted(with_new)


@pytest.mark.parametrize("zone", ["Australia/Sydney", "UTC", "America/St_Johns"])
@pytest.mark.parametrize("seed", ["A", "B", "C"])
def test_three_times_a_day(zone: str, seed: str) -> None:
    """The first one in the morning; the same ones on each day."""
    for day in (MONDAY, date(2026, 10, 4), date(2026, 4, 5)):
        first, second, third = attempts(day, ZoneInfo(zone), seed)
        assert time(6, 30) <= first.time() <= time(8, 30)
        assert (second - first, third - first) == (3 * DAY / 24, 6 * DAY / 24)
        assert first.time() == attempts(MONDAY, ZoneInfo(zone), seed)[0].time()


def test_sites_differ() -> None:
    """They do not all ask at the same moment."""
    firsts = {attempts(MONDAY, SYDNEY, f"site {n}")[0] for n in range(20)}
    assert len(firsts) > 15


def test_what_is_next() -> None:
    """The next time of the day while something is missing, else tomorrow's first."""
    first, second, third = attempts(MONDAY, SYDNEY, "A")
    tomorrow = attempts(MONDAY + DAY, SYDNEY, "A")[0]
    early = first - DAY / 24
    assert next_attempt(early, SYDNEY, "A", done=False) == first
    assert next_attempt(first, SYDNEY, "A", done=False) == second
    assert next_attempt(second, SYDNEY, "A", done=False) == third
    assert next_attempt(third, SYDNEY, "A", done=False) == tomorrow
    assert next_attempt(first, SYDNEY, "A", done=True) == tomorrow
    assert latest_attempt(early, SYDNEY, "A") == attempts(MONDAY - DAY, SYDNEY, "A")[2]
    assert latest_attempt(first, SYDNEY, "A") == first
    assert latest_attempt(datetime(2026, 10, 5, 13, tzinfo=UTC), SYDNEY, "A") == third
