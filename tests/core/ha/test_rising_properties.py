"""What holds for the counters' guards whatever comes."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings, strategies as st
import pytest

from core.ha.rising import (
    CONFIRMATIONS,
    LATEST_NEW_START,
    NEW_START,
    State,
    total_counter,
)

from .counted import BERLIN, DIGITS, Guard, Poll, Reading, energy_counted, midnight

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=300)
START = datetime(2026, 5, 11, 20, tzinfo=BERLIN)
DAY = timedelta(days=1)

readings = st.one_of(
    st.none(),
    st.just(0.0),
    st.floats(0, 30).map(lambda kwh: round(kwh, DIGITS)),
    st.floats(0, 2000),
)
# Mostly polls; sometimes an outage, a standing clock or one that is put back
steps = st.one_of(
    st.just(300), st.just(900), st.integers(0, 12 * 3600), st.integers(-7200, 0)
)


@PROPERTY
@given(st.lists(st.tuples(steps, readings, st.booleans()), max_size=80))
def test_a_day_counter_falls_once_a_day_at_most(
    answers: list[tuple[int, Reading, bool]],
) -> None:
    """Arbitrary answers, clock corrections and restarts.

    A clock that was far ahead is no part of it: the days that it made up come again.
    """
    guard, at, latest = Guard(), START, START.astimezone(UTC)
    shown: list[tuple[date, float]] = []
    for seconds, reading, restart in answers:
        now = at.astimezone(UTC) + timedelta(seconds=seconds)
        latest = max(latest, now)
        at = max(now, latest - LATEST_NEW_START).astimezone(BERLIN)
        if restart:
            guard.restart()
        value = guard(Poll(at, at.date(), reading))
        if value is not None:
            shown.append((at.date(), value))
        else:
            assert not shown, "a value that was known is never unknown again"
    falls = [
        (day, before, now)
        for (_, before), (day, now) in pairwise(shown)
        if now < before
    ]
    days = [day for day, *_ in falls]
    assert len(days) == len(set(days))
    # What Home Assistant takes as a new start, and no dip
    assert all(now < NEW_START * before for _, before, now in falls)
    first = shown[0][0] if shown else None
    assert first not in days
    energy_counted(value for _, value in shown)


@st.composite
def honest_days(draw: st.DrawFn) -> list[list[Poll]]:
    """Draw three days of polls, each with the truth."""
    days = []
    for number in range(3):
        start = midnight(START.date() + number * DAY)
        offset = draw(st.integers(0, 299))
        rates = draw(st.lists(st.floats(0, 12), min_size=6, max_size=6))
        kwh, polls = 0.0, []
        for minute in range(0, 1440, 10):
            at = start + timedelta(minutes=minute, seconds=offset)
            polls.append(Poll(at, at.date(), round(kwh, DIGITS)))
            kwh += rates[minute // 240] / 6
        days.append(polls)
    return days


noises = st.sampled_from(["", "", "", "blank", "zero", "dip", "jump", "yesterday"])


def disturbed(poll: Poll, noise: str, yesterday: float | None) -> Reading:
    kwh = poll.reading or 0.0
    since = poll.at - midnight(poll.day)
    match noise:
        case "blank":
            return None
        case "zero":
            return 0.0
        case "dip":
            return kwh * 0.97
        case "jump":
            return kwh + 600
        case "yesterday" if yesterday is not None and since < timedelta(hours=2):
            return yesterday
        case _:
            return kwh


@PROPERTY
@given(honest_days(), st.lists(noises, min_size=29, max_size=29), st.integers(1, 40))
def test_a_day_ends_with_what_the_vendor_said_last(
    days: list[list[Poll]], pattern: list[str], restart_each: int
) -> None:
    """Blanks, zeros, dips, jumps and copies of yesterday leave no trace."""
    guard, asked = Guard(), 0
    yesterday: float | None = None
    for polls in days:
        value: Reading = None
        row = 0
        for number, poll in enumerate(polls):
            noise = pattern[asked % len(pattern)]
            row = row + 1 if noise == "jump" else 0
            if number >= len(polls) - 1 or row >= CONFIRMATIONS:
                noise = ""
            if asked % restart_each == 0:
                guard.restart()
            value = guard(Poll(poll.at, poll.day, disturbed(poll, noise, yesterday)))
            asked += 1
        final = polls[-1].reading
        assert value == pytest.approx(final, abs=0.1)
        yesterday = final


@PROPERTY
@given(st.lists(st.tuples(st.integers(0, 20_000), readings), max_size=60))
def test_a_total_falls_only_to_a_new_start(
    answers: list[tuple[int, Reading]],
) -> None:
    """Home Assistant never sees a dip, and a new meter was confirmed before."""
    state: State = {}
    at = START.astimezone(UTC)
    shown: list[float] = []
    for seconds, reading in answers:
        at += timedelta(seconds=seconds)
        value = total_counter(state, reading, at)
        if value is not None:
            shown.append(value)
    for before, now in pairwise(shown):
        assert now >= before or now < NEW_START * before
    said = [reading for _, reading in answers if reading is not None]
    assert set(shown) <= set(said)
    energy_counted(shown)


@PROPERTY
@given(st.lists(st.floats(0, 12), min_size=3, max_size=60))
def test_an_honest_total_is_shown_as_it_is(rates: list[float]) -> None:
    """Nothing is held that a house can do."""
    state: State = {}
    kwh = 15000.0
    for number, rate in enumerate(rates):
        at = START.astimezone(UTC) + timedelta(minutes=15 * number)
        assert total_counter(state, kwh, at) == kwh
        kwh += rate / 4
