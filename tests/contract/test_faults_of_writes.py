"""Every outcome of a write (control.md section 2; rows 20 to 25)."""

from typing import Any

import pytest

from .bench import comes_back
from .benches import Entry, with_cases
from .conftest import Make
from .vendor import Case
from .wire import GATEWAY, LOST_ANSWER, LOST_REQUEST

CASES = pytest.mark.parametrize(("entry", "case"), with_cases(), ids=str)
TIMED = pytest.mark.parametrize(("entry", "case"), with_cases(timed=True), ids=str)
LATE = pytest.mark.parametrize(
    ("entry", "case"),
    with_cases(timed=True, chosen=lambda case: not case.live),
    ids=str,
)
MOVING = pytest.mark.parametrize(
    ("entry", "case"), with_cases(chosen=lambda case: case.follows), ids=str
)
CLAMPED = pytest.mark.parametrize(
    ("entry", "case"), with_cases(chosen=lambda case: case.clamp), ids=str
)
HALVES = pytest.mark.parametrize(
    ("entry", "case"), with_cases(chosen=lambda case: case.requests > 1), ids=str
)
READ_HALVES = pytest.mark.parametrize(
    ("entry", "case"),
    with_cases(chosen=lambda case: case.requests - case.unread == 2),
    ids=str,
)


@CASES
@pytest.mark.parametrize(
    ("fault", "sent_again"),
    [
        pytest.param(LOST_REQUEST, 1, id="lost request"),
        pytest.param(LOST_ANSWER, 0, id="lost answer"),
        pytest.param(GATEWAY, 1, id="gateway"),
        pytest.param("not_sent", 0, id="not sent"),
    ],
)
async def test_what_is_lost_is_looked_for_and_applied_once(
    make: Make, entry: Entry, case: Case, fault: Any, sent_again: int
) -> None:
    """Rows 20 and 21: the first and the last request of a plan, one after the other."""
    for hit in sorted({0, case.requests - 1}):
        bench = await make(entry)
        before = bench.truth()
        bench.faults.writes = [None] * hit + [fault]
        assert await bench.outcome(case.intent(bench)) == "applied"
        # What is so already is not said again.
        spared = sent_again if hit in case.silent else 0
        assert bench.sent == case.requests + sent_again - spared
        assert len(bench.effects) == case.requests - spared
        assert bench.vendor.shown() == bench.vendor.stored()
        if case.timed:
            await comes_back(bench, before)


@CASES
async def test_what_is_refused_has_changed_nothing(
    make: Make, entry: Entry, case: Case
) -> None:
    """Row 23; row 25 where the first request of two was taken: it is undone."""
    for taken in range(case.requests):
        bench = await make(entry)
        before = bench.truth()
        bench.faults.writes = [None] * taken + [bench.vendor.refused_by_vendor]
        assert await bench.outcome(case.intent(bench)) == "rejected"
        assert (bench.truth(), bench.leases) == (before, [])
        assert len(bench.effects) == taken + case.undone(taken)
        assert bench.vendor.shown() == bench.vendor.stored()
        assert bench.manager.problems == {}
        assert bench.events == []


@HALVES
async def test_half_a_plan_that_cannot_be_undone_is_told(
    make: Make, entry: Entry, case: Case
) -> None:
    """Row 25: it is not "rejected", for something has changed."""
    bench = await make(entry)
    no = bench.vendor.refused_by_vendor
    before = bench.truth()
    bench.faults.writes = [None, no, no]
    assert await bench.outcome(case.intent(bench)) == "unverified"
    assert bench.vendor.shown() == bench.vendor.stored()
    if case.timed:
        assert bench.manager.state == "restoring"
        await comes_back(bench, before)
    else:
        assert "control_half_applied" in bench.manager.problems


@CASES
async def test_what_came_too_soon_is_sent_again_later(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    bench.faults.writes = [bench.vendor.too_soon] * 2
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.sent == case.requests + 2
    assert len(bench.effects) == case.requests


@CASES
async def test_what_is_not_executed_is_unverified(
    make: Make, entry: Entry, case: Case
) -> None:
    """Row 22 (a): at the second time a person is told."""
    bench = await make(entry)
    before = bench.truth()
    bench.vendor.switch(stores=False)
    for told in (False, True):
        asked = len(bench.vendor.writes())
        assert await bench.outcome(case.intent(bench)) == "unverified"
        bodies = [repr(write.asked) for write in bench.vendor.writes()[asked:]]
        assert len(bodies) == len(set(bodies)) >= case.requests - case.unread
        assert ("control_unverified" in bench.manager.problems) == told
        assert bench.vendor.shown() == bench.vendor.stored()
        await bench.wait(60)
    await bench.wait(600)
    assert (bench.truth(), bench.effects, bench.leases) == (before, [], [])
    assert set(bench.event_types()) <= {"ended"}
    bench.vendor.switch()
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.manager.problems == {}


@READ_HALVES
async def test_half_a_plan_that_is_not_executed_is_undone(
    make: Make, entry: Entry, case: Case
) -> None:
    for faults in ([None, "ignored"], ["ignored", None]):
        bench = await make(entry)
        before = bench.truth()
        bench.faults.writes = [fault and bench.vendor.ignored for fault in faults]
        assert await bench.outcome(case.intent(bench)) == "unverified"
        assert bench.truth() == before
        assert len(bench.effects) == 2
        assert bench.vendor.shown() == bench.vendor.stored()


@CASES
async def test_what_shows_late_is_applied(make: Make, entry: Entry, case: Case) -> None:
    bench = await make(entry)
    before = bench.truth()
    read_back = bench.vendor.driver.capabilities.timing.read_back
    bench.vendor.switch(readback_delay=read_back * 0.6)
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.sent == len(bench.effects) == case.requests
    assert bench.vendor.shown() == bench.vendor.stored()
    bench.vendor.switch()
    if case.timed:
        await comes_back(bench, before)


@LATE
async def test_what_shows_too_late_is_held_and_comes_back(
    make: Make, entry: Entry, case: Case
) -> None:
    """Or it was taken back before it showed; never is it there without a lease."""
    bench = await make(entry)
    before = bench.truth()
    late = bench.vendor.driver.capabilities.timing.read_back + 30
    bench.vendor.switch(readback_delay=late)
    assert await bench.outcome(case.intent(bench)) == "unverified"
    bench.vendor.switch()
    await bench.wait(300)
    held = bench.truth() != before
    assert bool(bench.leases) == held
    assert bench.manager.state == ("active" if held else "idle")
    assert bench.vendor.shown() == bench.vendor.stored()
    await comes_back(bench, before)
    assert bench.event_types() == (["started", "ended"] if held else ["ended"])


@MOVING
async def test_a_battery_that_does_not_move_is_told(
    make: Make, entry: Entry, case: Case
) -> None:
    """Row 22 (b): it is applied, and at the second time a person is told."""
    bench = await make(entry)
    before = bench.truth()
    bench.vendor.switch(follows=False)
    idle = bench.battery()
    for told in (False, True):
        result = await bench.give(case.intent(bench, 20))
        assert result.outcome == "applied"
        assert result.following is None
        await bench.wait(bench.vendor.driver.capabilities.timing.reaction - 60)
        assert bench.manager.state == "starting"
        await bench.wait(180)
        assert bench.manager.state == "not_following"
        assert bench.event_types()[-1] == "not_following"
        assert ("control_not_following" in bench.manager.problems) == told
        assert abs(bench.battery().power - idle.power) < 1
        await bench.wait(20 * 60)
        assert (bench.truth(), bench.leases) == (before, [])


@CLAMPED
async def test_what_the_device_cuts_down_is_applied_as_it_is(
    make: Make, entry: Entry, case: Case
) -> None:
    """Row 24: what it has made of it is shown and put back, and not fought."""
    bench = await make(entry)
    before = bench.truth()
    bench.vendor.switch(clamps=case.clamp)
    result = await bench.give(case.intent(bench))
    assert result.outcome == "applied"
    assert bench.vendor.shown() == bench.vendor.stored()
    (most,) = case.clamp.values()
    assert f"{most:g}" in str(result.effective)
    for key, value in case.clamped.items():
        assert result.effective[key] == value
    sent = bench.sent
    await bench.wait(15 * 60)
    assert bench.sent == sent == len(bench.effects) == case.requests
    if case.timed:
        assert bench.manager.state in {"active", "not_following"}
        await comes_back(bench, before)


@CASES
async def test_a_device_that_is_offline_refuses(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    bench.vendor.switch(online=False)
    assert await bench.outcome(case.intent(bench)) == "rejected"
    assert (bench.truth(), bench.leases) == (before, [])
    bench.vendor.switch()
    await bench.wait(120)
    assert await bench.outcome(case.intent(bench)) == "applied"


@CASES
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(LOST_REQUEST, id="lost request"),
        pytest.param(LOST_ANSWER, id="lost answer"),
        pytest.param(None, id="answered"),
    ],
)
async def test_what_cannot_be_read_back_is_unknown_and_settled_later(
    make: Make, entry: Entry, case: Case, fault: Any
) -> None:
    """Only where the device was not reached for the whole read-back time."""
    bench = await make(entry)
    before = bench.truth()
    bench.faults.dark_after = case.requests
    bench.faults.writes = [None] * (case.requests - 1) + [fault]
    started = bench.clock.monotonic()
    assert await bench.outcome(case.intent(bench)) == "unknown"
    read_back = bench.vendor.driver.capabilities.timing.read_back
    assert bench.clock.monotonic() - started >= read_back
    assert bench.sent == case.requests
    after = bench.truth()
    bench.faults.dark = False
    await bench.read()
    await bench.wait(max(300.0, read_back + 30))
    assert bench.vendor.shown() == bench.vendor.stored()
    arrived = case.requests if fault is not LOST_REQUEST else case.requests - 1
    if not case.timed:
        assert bench.truth() == after
        assert len(bench.effects) == arrived
        half = 0 < arrived < case.requests
        reasons = {0: "not_applied", case.requests: "settled"}
        assert [data["reason"] for _, data in bench.events] == [
            reasons.get(arrived, "half_applied")
        ]
        assert ("control_half_applied" in bench.manager.problems) == half
        return
    if fault is not LOST_REQUEST or case.last_is_silent:
        assert bench.manager.state == "active"
    elif case.doubtful:
        assert bench.manager.state == "not_following"
    else:
        assert (bench.truth(), bench.leases) == (before, [])
    await comes_back(bench, before)


@CASES
async def test_a_short_silence_after_a_write_is_waited_for(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    bench.faults.dark_after = case.requests
    bench.faults.writes = [None] * (case.requests - 1) + [LOST_ANSWER]
    bench.faults.dark_for = bench.vendor.driver.capabilities.timing.read_back / 2
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.sent == len(bench.effects) == case.requests
    assert bench.vendor.shown() == bench.vendor.stored()


@CASES
async def test_nothing_is_sent_without_a_look_at_the_settings(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    bench.faults.dark = True
    with pytest.raises(bench.words.ApiError):
        await bench.give(case.intent(bench))
    bench.faults.dark = False
    await bench.wait(600)
    assert (bench.sent, bench.truth(), bench.leases) == (0, before, [])
