"""Equal steps of mixed intervals (amber.md 9.5)."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amber_energy import driver
from custom_components.amber_energy.driver import Advanced, Interval
from custom_components.amber_energy.forecasts import known
from custom_components.amber_energy.resample import pieces, resample

from .api.samples import at, record

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)


@pytest.fixture(autouse=True)
def amber() -> None:
    """Home Assistant is not needed here."""


def intervals(*records: dict[str, Any]) -> tuple[Interval, ...]:
    [prices] = driver.prices(list(records), at(2)).channels.values()
    return known(prices)


def steps(found: tuple[Interval, ...]) -> list[tuple[str, int, float | None]]:
    return [(f"{item.start:%H:%M}", item.duration, item.price) for item in found]


def test_a_half_hour_becomes_six_steps() -> None:
    half = intervals(record(at(13, 30), 30, advancedPrice={"predicted": 9}))
    found = resample(half, 5)
    assert steps(found) == [(f"13:{30 + 5 * n}", 5, 0.2) for n in range(6)]
    for step in found:
        assert step.end - step.start == timedelta(minutes=5)
        assert step.advanced == half[0].advanced
        assert step.nem_date == half[0].nem_date
    [late] = resample(intervals(record(at(13, 45), 30)), 30, partial=True)[1:]
    assert late.nem_date.day == 6


def test_short_intervals_become_their_mean() -> None:
    wires = [record(at(2, 5 * n), price=10.0 * n, spotPerKwh=n) for n in range(6)]
    [step] = resample(intervals(*wires), 30)
    assert steps((step,)) == [("02:00", 30, 0.25)]
    assert step.end == at(2, 30)
    assert step.spot == 0.025


def test_lengths_weigh() -> None:
    wires = [
        record(at(2, 0), 15, price=10.0),
        record(at(2, 15), 5, price=40.0),
        record(at(2, 20), 5, price=40.0),
        record(at(2, 25), 5, price=40.0),
    ]
    assert steps(resample(intervals(*wires), 30)) == [("02:00", 30, 0.25)]


def test_what_is_not_covered_whole_is_left_out_or_partial() -> None:
    wires = [record(at(2, 20), price=10.0), record(at(2, 25), price=30.0)]
    wires += [record(at(2, 30), 30, price=50.0), record(at(3, 0), price=70.0)]
    assert steps(resample(intervals(*wires), 30)) == [("02:30", 30, 0.5)]
    assert steps(resample(intervals(*wires), 30, partial=True)) == [
        ("02:00", 30, 0.2),
        ("02:30", 30, 0.5),
        ("03:00", 30, 0.7),
    ]


def test_overlaps_count_once() -> None:
    """The finer one is the nearer one."""
    wires = [record(at(2, 0), 30, price=10.0), record(at(2, 15), 15, price=30.0)]
    assert steps(resample(intervals(*wires), 30)) == [("02:00", 30, 0.2)]
    assert [round(piece.weight) for piece in pieces(intervals(*wires))] == [15, 15]


def test_the_rest_of_a_step() -> None:
    wires = [
        record(
            at(2, 0),
            15,
            kind="CurrentInterval",
            estimate=True,
            renewables=110.0,
            spikeStatus="potential",
            descriptor="low",
            range={"min": 1, "max": 2},
            advancedPrice={"low": 1, "predicted": 2, "high": 3},
            tariffInformation={"demandWindow": False, "period": "peak"},
        ),
        record(
            at(2, 15),
            15,
            spikeStatus="none",
            descriptor="high",
            range={"min": 0, "max": 8},
            advancedPrice={"low": 3, "predicted": 4, "high": None},
            tariffInformation={"demandWindow": True, "period": "offPeak"},
        ),
    ]
    [step] = resample(intervals(*wires), 30)
    assert (step.kind, step.estimate, step.demand_window) == ("current", True, True)
    assert (step.spike_status, step.renewables) == ("potential", 80.0)
    assert (step.range_min, step.range_max) == (0.0, 0.08)
    assert step.advanced == Advanced(low=0.02, predicted=0.03, high=None)
    assert (step.descriptor, step.tariff_period) == ("low", "peak")


def test_the_descriptor_of_most_of_the_time() -> None:
    wires = [record(at(2, 0), descriptor="low")]
    wires += [record(at(2, 5 * n), descriptor="high") for n in range(1, 6)]
    [step] = resample(intervals(*wires), 30)
    assert step.descriptor == "high"


def test_a_mean_of_what_is_not_known_whole_is_not_known() -> None:
    wires = [record(at(2, 0), 15, price=None), record(at(2, 15), 15)]
    wires[1]["advancedPrice"] = {"predicted": 3}
    wires[0] |= {"spikeStatus": None, "descriptor": None, "renewables": None}
    [step] = resample(intervals(*wires), 30)
    assert step.price is step.advanced is step.renewables is step.descriptor is None
    assert (step.spot, step.spike_status) == (0.1, "none")
    assert step.demand_window is step.range_min is None


def test_nothing_of_nothing() -> None:
    assert resample((), 5) == ()


mixed = st.lists(
    st.tuples(st.sampled_from([5, 5, 5, 15, 30]), st.floats(-100, 2000)),
    min_size=1,
    max_size=40,
)


def chain(parts: list[tuple[int, float]], start: datetime) -> tuple[Interval, ...]:
    wires = []
    for minutes, price in parts:
        wires.append(record(start, minutes, price=price))
        start += timedelta(minutes=minutes)
    return intervals(*wires)


def mean(found: tuple[Interval, ...]) -> float:
    total = sum((item.price or 0.0) * item.duration for item in found)
    return total / sum(item.duration for item in found)


@PROPERTY
@given(mixed, st.integers(0, 5))
def test_five_minutes_keep_the_mean(
    parts: list[tuple[int, float]], offset: int
) -> None:
    sent = chain(parts, at(2, 5 * offset))
    found = resample(sent, 5)
    assert mean(found) == pytest.approx(mean(sent), abs=1e-6)
    assert len(found) == sum(minutes for minutes, _ in parts) // 5
    assert all(item.end == later.start for item, later in pairwise(found))


@PROPERTY
@given(mixed, st.integers(0, 5))
def test_half_hours_keep_the_mean(parts: list[tuple[int, float]], offset: int) -> None:
    sent = resample(chain(parts, at(2, 5 * offset)), 5)
    found = resample(sent, 30)
    covered = tuple(
        item for item in sent if any(s.start <= item.start < s.end for s in found)
    )
    assert len(covered) == 6 * len(found)
    if found:
        assert mean(found) == pytest.approx(mean(covered), abs=1e-6)
    everything = resample(sent, 30, partial=True)
    assert set(found) <= set(everything)
    assert all(item.start.minute in {0, 30} for item in everything)
