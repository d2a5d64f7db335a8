"""Midnight, and the nights in which clocks are changed (rows 15 and 36)."""

from datetime import datetime, time, timedelta

import pytest

from .bench import Bench
from .benches import Entry, with_cases
from .conftest import Make
from .vendor import Case

MOVING = pytest.mark.parametrize(
    ("entry", "case"), with_cases(chosen=lambda case: case.follows), ids=str
)


def can(bench: Bench, case: Case) -> bool:
    """Whether the device can do it at this time of day."""
    if case.gap is None:
        return True
    local = bench.clock.now().astimezone(bench.vendor.zone).time()
    return not case.gap[0] <= local < case.gap[1]


@MOVING
@pytest.mark.parametrize(
    ("begin", "minutes"),
    [
        pytest.param("2026-11-20T23:50:10+01:00", 30, id="just before midnight"),
        pytest.param("2026-11-20T23:20:10+01:00", 60, id="over midnight"),
        pytest.param("2026-11-20T22:50:10+01:00", 100, id="long over midnight"),
        pytest.param("2026-11-20T00:00:10+01:00", 20, id="at midnight"),
        pytest.param("2026-03-29T01:50:10+01:00", 30, id="clocks go forward"),
        pytest.param("2026-03-29T01:05:10+01:00", 90, id="the hour that never comes"),
        pytest.param("2026-10-25T02:50:10+02:00", 30, id="clocks go back"),
        pytest.param("2026-10-25T02:10:10+02:00", 60, id="the hour that comes twice"),
        pytest.param("2026-10-25T02:10:10+01:00", 90, id="when it comes again"),
        pytest.param("2026-10-25T01:20:10+02:00", 130, id="both of them"),
    ],
)
async def test_a_lease_is_as_long_as_asked_for(
    make: Make, entry: Entry, case: Case, begin: str, minutes: float
) -> None:
    """It begins as soon as the device can, is followed all the time, and ends."""
    bench = await make(entry, datetime.fromisoformat(begin))
    before = bench.truth()
    # A login takes some seconds
    asked_at = bench.clock.now()
    result = await bench.give(case.intent(bench, minutes))
    # A hold changes nothing where the night is no time to discharge
    assert result.outcome == ("unchanged" if bench.truth() == before else "applied")
    held = bench.truth()
    assert result.expires_at == asked_at + timedelta(minutes=minutes)
    seen = 0
    await bench.wait(180)
    while bench.clock.now() + timedelta(minutes=2) < result.expires_at:
        if can(bench, case):
            seen += 1
            assert case.follows(bench.battery()), bench.clock.now()
        # So that it never comes to its target
        bench.vendor.house().override(soc=50)
        assert bench.truth() == held or bench.sent > case.requests
        await bench.wait(120)
    assert seen
    await bench.wait((result.expires_at - bench.clock.now()).total_seconds() + 60)
    assert (bench.truth(), bench.leases) == (before, [])
    told = [event for event in bench.event_types() if event != "not_following"]
    assert told == ["started", "ended"]


@pytest.mark.parametrize(
    ("entry", "case"),
    with_cases(
        chosen=lambda case: (
            case.gap and case.gap[0] <= time(23, 50) and case.kind == "force_charge"
        )
    ),
    ids=str,
)
async def test_what_can_only_begin_later_says_when(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry, datetime.fromisoformat("2026-11-20T23:50:10+01:00"))
    result = await bench.give(case.intent(bench))
    midnight = datetime.fromisoformat("2026-11-21T00:00:00+01:00")
    assert result.effective_from == midnight
    assert result.warnings
    await bench.wait(480)
    assert not case.follows(bench.battery())
    assert bench.manager.state == "starting"
    await bench.wait(300)
    assert case.follows(bench.battery())
    assert bench.manager.state == "active"
