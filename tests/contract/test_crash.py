"""A program that is killed between any two steps (rows 32 and 33)."""

import asyncio
from contextlib import suppress

import pytest

from .bench import Bench
from .benches import Entry, with_cases
from .conftest import Make
from .vendor import Case

TIMED = pytest.mark.parametrize(("entry", "case"), with_cases(timed=True), ids=str)
MINUTES = 20


async def life(bench: Bench, case: Case) -> None:
    """Ask for something and let it come to its end, if the program lives so long."""
    with suppress(bench.words.ApiError, asyncio.CancelledError):
        await bench.give(case.intent(bench, MINUTES))
    if not bench.moments.over:
        await bench.wait(MINUTES * 60 + 120, polls=False)


@TIMED
async def test_a_lease_comes_back_wherever_the_program_was_killed(
    make: Make, entry: Entry, case: Case
) -> None:
    """Also with the notes of the last half minute lost, as they are on a real disk.

    A change that is on its way then arrives, or does not. The program starts again
    before the lease has ended, or long after.
    """
    whole = await make(entry)
    whole.moments.passed = 0
    whole.moments.writes.clear()
    await life(whole, case)
    ends = [(moment, True) for moment in range(1, whole.moments.passed + 1)]
    assert len(whole.moments.writes) == case.requests + case.undone()
    ends += [(moment, False) for moment in whole.moments.writes]
    for moment, arrives in ends:
        bench = await make(entry)
        before = bench.truth()
        bench.moments.passed, bench.moments.last = 0, moment
        bench.arrives = arrives
        await life(bench, case)
        assert bench.moments.over
        await bench.clock.sleep(5 if moment % 2 else 3600)
        await bench.boot()
        await bench.wait((MINUTES + 10) * 60, polls=False)
        assert (bench.truth(), bench.leases) == (before, []), moment
        assert bench.manager.state == "idle", moment
        assert bench.manager.problems == {}, moment
        await bench.read()
        assert bench.vendor.shown() == bench.vendor.stored(), moment
        await bench.stop()


@TIMED
async def test_a_lease_goes_on_after_a_restart(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    sent, ends = bench.sent, bench.manager.ends
    await bench.wait(120)
    bench.kill()
    await bench.clock.sleep(60)
    await bench.boot()
    assert bench.manager.ends == ends
    await bench.wait(300)
    assert bench.manager.state == "active"
    assert bench.sent == sent
    if case.follows is not None:
        assert case.follows(bench.battery())
    await bench.wait(30 * 60)
    assert (bench.truth(), bench.leases) == (before, [])


@TIMED
async def test_the_program_is_killed_again_and_again(
    make: Make, entry: Entry, case: Case
) -> None:
    """Each life ends at its first request, until one is left alone."""
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    await bench.wait(120)
    for moment in range(1, 12):
        bench.kill()
        await bench.clock.sleep(1800 if moment == 1 else 5)
        await bench.boot()
        bench.moments.passed, bench.moments.last = 0, moment
        await bench.wait(60, polls=False)
    bench.kill()
    await bench.boot()
    await bench.wait(600)
    assert (bench.truth(), bench.leases) == (before, [])
