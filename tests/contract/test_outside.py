"""What the vendor's app changes while something is leased (row 38)."""

import pytest

from .benches import Entry, with_cases
from .conftest import Make
from .vendor import Case

TIMED = pytest.mark.parametrize(("entry", "case"), with_cases(timed=True), ids=str)


@TIMED
async def test_a_change_of_what_is_leased_releases_it(
    make: Make, entry: Entry, case: Case
) -> None:
    """It is not fought, and nothing is written, not even at the end."""
    bench = await make(entry)
    await bench.give(case.intent(bench))
    await bench.wait(300)
    sent = bench.sent
    case.interfere(bench)
    left = bench.truth()
    await bench.read()
    await bench.wait(120)
    assert bench.leases == []
    assert bench.manager.state == "external"
    assert bench.event_types() == ["started", "external"]
    assert bench.vendor.shown() == bench.vendor.stored()
    await bench.wait(3600)
    assert (bench.truth(), bench.sent) == (left, sent)


@TIMED
async def test_a_change_beside_the_lease_stays(
    make: Make, entry: Entry, case: Case
) -> None:
    """The lease goes on, and takes back its own only."""
    alone = await make(entry)
    alone.vendor.change_beside()
    bench = await make(entry)
    await bench.give(case.intent(bench))
    await bench.wait(300)
    bench.vendor.change_beside()
    await bench.read()
    await bench.wait(300)
    assert len(bench.leases) == 1
    assert bench.manager.state == "active"
    await bench.wait(30 * 60)
    assert bench.vendor.meaning() == alone.vendor.meaning()
    assert (bench.leases, bench.event_types()) == ([], ["started", "ended"])


@TIMED
async def test_a_change_that_nobody_has_seen_stays_at_the_end(
    make: Make, entry: Entry, case: Case
) -> None:
    """What the app has set is left alone; the end is one all the same."""
    bench = await make(entry)
    await bench.give(case.intent(bench))
    await bench.wait(29 * 60, polls=False)
    case.interfere(bench)
    app = bench.vendor.of_the_app()
    assert app
    await bench.wait(10 * 60, polls=False)
    assert bench.vendor.of_the_app() == app
    assert bench.vendor.shown() == bench.vendor.stored()
    assert bench.leases == []
    assert bench.manager.state == "idle"
    assert bench.manager.problems == {}


@TIMED
async def test_what_the_device_has_lost_is_set_again(
    make: Make, entry: Entry, case: Case
) -> None:
    """It was offline, and is as before: so nobody has ended it on purpose."""
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    held = bench.truth()
    await bench.wait(300)
    bench.vendor.switch(online=False)
    await bench.wait(120)
    bench.vendor.restart_device()
    assert bench.truth() == before
    bench.vendor.switch()
    await bench.poll()
    await bench.read()
    await bench.wait(120)
    assert bench.event_types() == ["started", "lost"]
    assert bench.vendor.shown() == bench.vendor.stored()
    assert bench.truth() == held
    await bench.wait(30 * 60)
    assert (bench.truth(), bench.leases) == (before, [])
