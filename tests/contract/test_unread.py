"""Settings that cannot be read back: the last acknowledged write is shown."""

from typing import Any

import pytest

from .benches import ENTRIES, Entry
from .conftest import Make
from .vendor import Case
from .wire import LOST_ANSWER, LOST_REQUEST

CASES = pytest.mark.parametrize(
    ("entry", "case"),
    [(entry, case) for entry in ENTRIES for case in entry.unread],
    ids=str,
)


@CASES
async def test_an_acknowledged_one_is_shown(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.truth() != before
    assert bench.vendor.shown() == bench.vendor.stored()
    assert bench.sent == len(bench.effects) == case.requests


@CASES
async def test_one_that_never_left_is_sent(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    bench.faults.writes = ["not_sent"]
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.vendor.shown() == bench.vendor.stored()
    assert bench.sent == len(bench.effects) == case.requests


@CASES
async def test_a_refused_one_changes_nothing(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    bench.faults.writes = [bench.vendor.refused_by_vendor]
    assert await bench.outcome(case.intent(bench)) == "rejected"
    assert bench.truth() == before
    assert bench.vendor.shown() == bench.vendor.stored()


@CASES
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(LOST_REQUEST, id="lost request"),
        pytest.param(LOST_ANSWER, id="lost answer"),
    ],
)
async def test_of_one_without_an_answer_nobody_knows(
    make: Make, entry: Entry, case: Case, fault: Any
) -> None:
    """Nothing would prove it: it is neither sent again nor said to have arrived."""
    bench = await make(entry)
    await bench.read()
    shown = bench.vendor.shown()
    bench.faults.writes = [fault]
    assert await bench.outcome(case.intent(bench)) == "unknown"
    await bench.wait(1200)
    assert bench.vendor.shown() == shown
    assert bench.sent == 1
    assert bench.events == []
    # Said once more, it is known
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.vendor.shown() == bench.vendor.stored()
