"""When time alone changes what is shown: between those moments it does not."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amber_energy.driver import Interval, Kind
from custom_components.amber_energy.publish import Publishing, next_change, shown

from .test_publish import HOLD, IMMEDIATE, at, interval, prices

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
FOR_EVER = replace(HOLD, confirmation_timeout=0.0)


def test_an_interval_that_is_over_may_lie_ahead_of_a_late_clock() -> None:
    """As that of a home whose clock is minutes late."""
    known = prices(
        interval(-10, 0.1, kind=Kind.ACTUAL),
        interval(-5, 0.2, kind=Kind.ACTUAL),
        interval(0, 0.3),
    )
    assert next_change(known, {}, HOLD, at(-301)) == at(-300)
    assert next_change(prices(interval(5, 0.2, kind=Kind.ACTUAL)), {}, HOLD, at(0)) == (
        at(300)
    )


def known_intervals(kinds: list[Kind | None]) -> list[Interval]:
    """Return intervals in a row, some of them missing."""
    return [
        interval(5 * place - 15, place / 10, kind=kind, estimate=kind is Kind.CURRENT)
        for place, kind in enumerate(kinds)
        if kind is not None
    ]


@PROPERTY
@given(
    kinds=st.lists(st.sampled_from([*Kind, None]), max_size=6),
    final=st.none() | st.integers(-6, 3),
    publishing=st.sampled_from([HOLD, IMMEDIATE, FOR_EVER]),
    offset=st.integers(-1300, 1500),
    passed=st.floats(0, 1),
)
def test_nothing_changes_before(
    kinds: list[Kind | None],
    final: int | None,
    publishing: Publishing,
    offset: int,
    passed: float,
) -> None:
    known = prices(*known_intervals(kinds))
    was = {}
    if final is not None:
        one = interval(5 * final, 0.7, estimate=False)
        was = {one.channel: one}
    now = at(offset)
    change = next_change(known, was, publishing, now)
    until = change or now + timedelta(hours=1)
    later = now + (until - now) * passed
    if later < until:
        assert shown(known, was, publishing, later) == shown(
            known, was, publishing, now
        )
    if change is not None:
        assert change > now


@pytest.mark.parametrize("publishing", [HOLD, IMMEDIATE])
def test_in_the_end_nothing_is_shown(publishing: Publishing) -> None:
    """However often it is asked for, the last moment comes."""
    known, now = prices(*known_intervals([*Kind, Kind.FORECAST])), at(-1200)
    for _ in range(30):
        change = next_change(known, {}, publishing, now)
        if change is None:
            break
        now = change
    assert change is None
    assert shown(known, {}, publishing, now) == {}
