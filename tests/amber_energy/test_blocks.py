"""The cheapest or dearest stretch of time (amber.md 9.5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amber_energy import driver
from custom_components.amber_energy.blocks import Block, find_block
from custom_components.amber_energy.driver import Interval
from custom_components.amber_energy.forecasts import known

from .api.samples import at, record

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)
MINUTE = timedelta(minutes=1)
NOW = at(2)


@pytest.fixture(autouse=True)
def amber() -> None:
    """Home Assistant is not needed here."""


def chain(
    *parts: tuple[int, float | None], start: datetime = NOW
) -> tuple[Interval, ...]:
    """Return intervals of (minutes, cents) one after the other."""
    wires: list[dict[str, Any]] = []
    for minutes, price in parts:
        wires.append(record(start, minutes, price=price))
        start += timedelta(minutes=minutes)
    [prices] = driver.prices(wires, at(2)).channels.values()
    return known(prices)


HALVES = chain(*((30, price) for price in (30.0, 10.0, 20.0, 40.0, 5.0, 50.0)))


def test_cheapest_and_dearest() -> None:
    assert find_block(HALVES, at(2), 1) == Block(
        start=at(2, 30), end=at(3, 30), average=0.15
    )
    assert find_block(HALVES, at(2), 0.5) == Block(
        start=at(4), end=at(4, 30), average=0.05
    )
    assert find_block(HALVES, at(2), 1, dearest=True) == Block(
        start=at(3), end=at(4), average=0.3
    )
    assert find_block(HALVES, at(2), 0.5, dearest=True) == Block(
        start=at(4, 30), end=at(5), average=0.5
    )


def test_a_block_may_end_at_an_edge() -> None:
    """45 minutes from 2:45 on: 15 of 10 c would be worse than 30 of them."""
    found = find_block(HALVES, at(2), 0.75)
    assert found == Block(
        start=at(2, 30), end=at(3, 15), average=pytest.approx(0.133333)
    )
    dear = find_block(HALVES, at(2), 0.75, dearest=True, latest_end=at(4, 10))
    assert dear == Block(start=at(3, 15), end=at(4), average=pytest.approx(0.333333))


def test_it_begins_at_the_next_full_minute() -> None:
    now = at(2, 31) + timedelta(seconds=12, microseconds=5)
    found = find_block(chain((60, 10.0), (60, 90.0)), now, 0.25)
    assert found is not None
    assert (found.start, found.end) == (at(2, 32), at(2, 47))


@pytest.mark.parametrize("latest", [datetime.min, datetime.max])
def test_any_latest_end_is_understood(latest: datetime) -> None:
    found = find_block(HALVES, at(2), 1, latest_end=latest.replace(tzinfo=UTC))
    assert (found is None) == (latest.year == 1)


def test_lengths_count() -> None:
    """Three steps of five minutes are no hour and a half."""
    parts = chain((5, 1.0), (5, 1.0), (5, 1.0), (15, 60.0), (30, 20.0), (30, 20.0))
    found = find_block(parts, at(2), 1)
    assert found == Block(start=at(2, 30), end=at(3, 30), average=0.2)


def test_of_equal_blocks_the_earliest_counts() -> None:
    flat = chain(*((30, 20.0) for _ in range(8)))
    for dearest in (True, False):
        found = find_block(flat, at(2, 10), 1, dearest=dearest)
        assert found == Block(start=at(2, 10), end=at(3, 10), average=0.2)


def test_the_latest_end() -> None:
    found = find_block(HALVES, at(2), 0.5, latest_end=at(4, 20))
    assert found == Block(start=at(2, 30), end=at(3), average=0.1)
    exactly = find_block(HALVES, at(2), 1, latest_end=at(3))
    assert exactly == Block(start=at(2), end=at(3), average=0.2)
    assert find_block(HALVES, at(2, 1), 1, latest_end=at(3)) is None


@pytest.mark.parametrize(
    ("now", "hours"),
    [(at(2), 3.1), (at(2, 1), 3), (at(5), 0.5), (at(2), 0), (at(2), -1)],
)
def test_a_horizon_that_is_too_short(now: datetime, hours: float) -> None:
    assert find_block(HALVES, now, hours) is None
    assert find_block((), now, hours) is None


def test_holes_are_not_crossed() -> None:
    """Neither an interval that is missing nor one without a price."""
    gap = chain((30, 1.0)) + chain((60, 50.0), start=at(3))
    assert find_block(gap, at(2), 1) == Block(start=at(3), end=at(4), average=0.5)
    unknown = chain((30, 1.0), (30, None), (60, 50.0))
    assert find_block(unknown, at(2), 1) == Block(start=at(3), end=at(4), average=0.5)


def test_mode_and_surcharge() -> None:
    wires = [
        record(at(2), 30, price=10.0, advancedPrice={"predicted": 90}),
        record(at(2, 30), 30, price=20.0),
        record(at(3), 30, price=5.0, tariffInformation={"demandWindow": True}),
    ]
    [prices] = driver.prices(wires, at(2)).channels.values()

    def start(**more: Any) -> datetime:
        found = find_block(prices.forecasts, at(2), 0.5, **more)
        assert found is not None
        return found.start

    assert start() == at(3)
    assert start(surcharge=1.0) == at(2)
    assert start(surcharge=1.0, mode="advanced") == at(2, 30)


lengths = st.sampled_from([5, 5, 15, 30])
cents = st.none() | st.integers(-50, 50)
parts = st.lists(st.tuples(lengths, cents), min_size=1, max_size=8)


@PROPERTY
@given(
    parts,
    st.integers(-20, 60),
    st.integers(1, 90),
    st.none() | st.integers(0, 200),
    st.booleans(),
)
def test_no_minute_is_better(
    chosen: list[tuple[int, float | None]],
    now: int,
    minutes: int,
    latest: int | None,
    dearest: bool,
) -> None:
    """Against every block that begins at a full minute."""
    by_minute = [price for length, price in chosen for _ in range(length)]
    end = len(by_minute) if latest is None else min(latest, len(by_minute))
    best: tuple[float, int] | None = None
    for start in range(max(now, 0), end - minutes + 1):
        block = by_minute[start : start + minutes]
        if any(price is None for price in block):
            continue
        average = sum(price or 0.0 for price in block) / minutes / 100
        key = (round(-average if dearest else average, 9), start)
        best = min(best or key, key)

    found = find_block(
        chain(*chosen),
        at(2) + now * MINUTE,
        minutes / 60,
        dearest=dearest,
        latest_end=None if latest is None else at(2) + latest * MINUTE,
    )
    if best is None:
        assert found is None
        return
    assert found is not None
    assert found.end - found.start == minutes * MINUTE
    assert found.start == at(2) + best[1] * MINUTE
    assert found.average == pytest.approx(-best[0] if dearest else best[0], abs=1e-6)
