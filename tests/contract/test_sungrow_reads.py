"""Reads of Sungrow's devices that lack something (isolarcloud.md 6.1, 6.2)."""

from collections.abc import Callable

import pytest

from .bench import Bench, comes_back
from .benches import BY_NAME
from .conftest import Make

MODE, COMMAND = "10003", "10004"


async def hybrid(make: Make) -> Bench:
    return await make(BY_NAME["sungrow-hybrid"])


def charge(bench: Bench, minutes: float = 30) -> object:
    return bench.words.ForceCharge(until=bench.after(minutes), power=2400)


def refused(bench: Bench, on: bool) -> None:
    bench.vendor.device.switches.lacks = {MODE} if on else set()


def silent(bench: Bench, on: bool) -> None:
    bench.vendor.device.switches.silent = {MODE} if on else set()


def nothing(bench: Bench, on: bool) -> None:
    bench.vendor.device.switches.task = "timeout" if on else "done"


@pytest.mark.parametrize("fails", [refused, silent, nothing])
@pytest.mark.parametrize("minutes", [1, 60, 8 * 60])
async def test_a_force_ends_though_its_mode_was_not_read_for_a_while(
    make: Make, fails: Callable[[Bench, bool], None], minutes: float
) -> None:
    """What is not read has not been changed by anybody."""
    bench = await hybrid(make)
    before = bench.truth()
    assert await bench.outcome(charge(bench)) == "applied"
    await bench.wait(300)
    fails(bench, True)
    await bench.read()
    await bench.wait(minutes * 60)
    assert bench.leases == ["mode"]
    # One that is silent is told in the end, though that is not seen.
    told = fails is silent and minutes > 30
    assert bench.vendor.truth()[MODE] == (0 if told else 2)
    fails(bench, False)
    await bench.read()
    await comes_back(bench, before)
    assert bench.event_types()[-1] == "ended"
    assert bench.manager.problems == {}


async def test_a_person_cannot_end_it_before(make: Make) -> None:
    bench = await hybrid(make)
    before = bench.truth()
    assert await bench.outcome(charge(bench, 600)) == "applied"
    nothing(bench, True)
    for _ in range(4):
        await bench.wait(600)
        assert await bench.outcome(bench.words.SelfUse()) != "applied"
    assert bench.leases == ["mode"]
    nothing(bench, False)
    await comes_back(bench, before)


async def test_it_is_put_back_by_what_is_leased_alone(make: Make) -> None:
    """Also by who knows nothing else of the device, and while another code fails."""
    bench = await hybrid(make)
    before = bench.truth()
    assert await bench.outcome(charge(bench)) == "applied"
    bench.vendor.device.switches.lacks = {"10002", "10067"}
    await bench.wait(40 * 60)
    assert bench.truth() == before
    assert bench.leases == []
    assert "soc_lower_limit" not in bench.vendor.shown()


async def test_a_write_that_shows_late_is_waited_for(make: Make) -> None:
    bench = await hybrid(make)
    before = bench.truth()
    bench.vendor.device.switches.shown_seconds = 30.0
    assert await bench.outcome(charge(bench)) == "applied"
    assert bench.sent == len(bench.effects) == 1
    await comes_back(bench, before)
