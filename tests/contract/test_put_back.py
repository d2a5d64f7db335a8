"""A put-back that fails is tried again without end (control.md 3; row 35)."""

import pytest

from .bench import comes_back
from .benches import Entry, with_cases
from .conftest import Make
from .vendor import Case

TIMED = pytest.mark.parametrize(("entry", "case"), with_cases(timed=True), ids=str)
LONG = 2 * 3600


@TIMED
async def test_a_device_that_is_offline_at_the_end_is_put_back_later(
    make: Make, entry: Entry, case: Case
) -> None:
    """A person is told after the third try."""
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    await bench.wait(20 * 60)
    bench.vendor.switch(online=False)
    await bench.wait(LONG)
    assert bench.truth() != before or case.ends_alone
    assert bench.manager.state == "restoring"
    assert "control_restore_failed" in bench.manager.problems
    assert bench.event_types().count("restore_failed") == 1
    bench.vendor.switch()
    await comes_back(bench, before)
    assert bench.manager.problems == {}


@TIMED
async def test_a_cloud_that_is_gone_at_the_end_is_waited_for(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    await bench.wait(20 * 60)
    bench.faults.dark = True
    await bench.wait(LONG)
    assert bench.manager.state == "restoring"
    assert "control_restore_failed" in bench.manager.problems
    bench.faults.dark = False
    await comes_back(bench, before)
    effects, whole = len(bench.effects), case.requests + case.undone()
    assert effects <= whole if case.ends_alone else effects == whole


@TIMED
async def test_a_put_back_that_came_too_soon_is_tried_again(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    bench.faults.writes = [bench.vendor.too_soon] * 2
    ends = bench.manager.ends
    await bench.wait((ends - bench.clock.now()).total_seconds() + 20, polls=False)
    assert bench.truth() != before
    assert bench.manager.state == "restoring"
    assert bench.faults.writes == [bench.vendor.too_soon]
    await bench.wait(120)
    assert (bench.truth(), bench.leases) == (before, [])
    assert bench.manager.problems == {}
