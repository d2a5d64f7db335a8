"""A guard's state over reloads, and as a damaged file brings it back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.ha.rising import State, day_counter, total_counter, valid

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 5, 12, 12, tzinfo=BERLIN)
POLL = timedelta(minutes=5)

type Counter = Callable[[State, float, datetime], float | None]


def day(state: State, reading: float, at: datetime) -> float | None:
    return day_counter(state, reading, at.date(), at)


def total(state: State, reading: float, at: datetime) -> float | None:
    return total_counter(state, reading, at)


@pytest.mark.parametrize("counter", [day, total])
def test_the_same_reading_again_confirms_nothing(counter: Counter) -> None:
    """A reload decodes the stored document once more; the vendor said it once."""
    state: State = {}
    assert counter(state, 20.0, NOON) == 20.0
    for _ in range(5):
        assert counter(state, 120.0, NOON + POLL) == 20.0
    assert counter(state, 120.0, NOON + 2 * POLL) == 20.0
    for _ in range(5):
        assert counter(state, 120.0, NOON + 2 * POLL) == 20.0
    assert counter(state, 120.0, NOON + 3 * POLL) == 120.0


def test_a_replaced_meter_is_not_confirmed_by_reloads() -> None:
    """Nor is one that starts anew."""
    state: State = {}
    assert total(state, 5000.0, NOON) == 5000.0
    for number, reading in enumerate((0.1, 0.2), 1):
        for _ in range(5):
            assert total(state, reading, NOON + number * POLL) == 5000.0
    assert total(state, 0.3, NOON + 3 * POLL) == 0.3


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(days=300)])
def test_a_clock_that_is_put_back_holds_nothing_for_ever(back: timedelta) -> None:
    """Three readings in a row count by the new clock."""
    state: State = {}
    assert total(state, 20.0, NOON) == 20.0
    assert total(state, 520.0, NOON + POLL) == 20.0
    start = NOON + POLL - back
    assert total(state, 520.0, start) == 20.0
    assert total(state, 520.0, start + POLL) == 20.0
    assert total(state, 520.0, start + 2 * POLL) == 520.0


GOOD = {"value": 5.0, "at": "2026-05-12T10:00:00+00:00", "day": "2026-05-12"}
DAMAGES: list[dict[str, Any]] = [
    {"at": "0001-01-01T00:00:00+10:00"},
    {"at": "0001-01-01T01:00:00+00:00"},
    {"at": "9999-12-31T23:59:59-10:00"},
    {"at": "9999-12-31T23:59:59+00:00"},
    {"at": "2026-05-12T10:00:00"},
    {"at": 5},
    {"at": None},
    {"day": "0001-13-01"},
    {"day": None},
    {"value": "NaN"},
    {"value": "Infinity"},
    {"value": float("nan")},
    {"value": float("inf")},
    {"value": float("-inf")},
    {"value": -1},
    {"value": 10**400},
    {"value": None},
    {"value": {}},
]


@pytest.mark.parametrize("damage", DAMAGES, ids=repr)
def test_a_damaged_state_is_none(damage: dict[str, Any]) -> None:
    """The counter begins anew."""
    assert valid(GOOD) == GOOD
    assert valid(GOOD | damage) == {}


@pytest.mark.parametrize(
    "before",
    [
        None,
        5,
        [],
        [1.0],
        [1.0, "x"],
        [float("nan"), 1.0],
        [1.0, float("inf")],
        [None, None],
        {"0": 1.0, "1": 2.0},
    ],
    ids=repr,
)
def test_damaged_limits_are_left_out(before: Any) -> None:
    """They matter for some hours only."""
    assert valid(GOOD | {"before": before}) == GOOD


@pytest.mark.parametrize("year", [1971, 2026, 9998])
def test_what_is_valid_can_be_used(year: int) -> None:
    """Nothing that is taken over makes a counter raise, in any zone."""
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        state = valid(GOOD | {"at": f"{year}-12-31T23:59:59+00:00"})
        assert state
        json.dumps(dict(state), allow_nan=False)
        at = datetime(2026, 5, 13, 12, tzinfo=UTC).astimezone(ZoneInfo(zone))
        assert day(state, 6.0, at) is not None
        assert total(state, 6.0, at) is not None
