"""What every driver does with every intent that its device can be given."""

import asyncio

import pytest

from .benches import ENTRIES, Entry, with_cases
from .conftest import Make
from .vendor import Case, Refused

CASES = pytest.mark.parametrize(("entry", "case"), with_cases(), ids=str)
TIMED = pytest.mark.parametrize(("entry", "case"), with_cases(timed=True), ids=str)
DURABLE = pytest.mark.parametrize(("entry", "case"), with_cases(timed=False), ids=str)
EVERY = pytest.mark.parametrize("entry", ENTRIES, ids=str)
LEASING = [entry for entry in ENTRIES if any(case.timed for case in entry.cases)]
PAIRS = [
    (entry, case, other)
    for entry in LEASING
    for case in entry.cases
    for other in entry.cases
    if case.timed and other is not case
]


@EVERY
async def test_there_is_a_case_for_every_intent(make: Make, entry: Entry) -> None:
    bench = await make(entry)
    await bench.read()
    kinds = {case.kind for case in entry.cases}
    able = {str(kind) for kind in bench.vendor.driver.capabilities.intents}
    assert able - {"self_use"} == kinds | entry.elsewhere


@TIMED
async def test_a_lease_is_seen_followed_and_comes_back(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    result = await bench.give(case.intent(bench))
    assert result.outcome == "applied"
    assert bench.truth() != before
    assert bench.vendor.shown() == bench.vendor.stored()
    assert bench.sent == len(bench.effects) == case.requests
    assert len(bench.leases) == 1
    await bench.wait(180)
    if case.follows is not None:
        assert case.follows(bench.battery())
    assert bench.manager.state == "active"
    await bench.wait(30 * 60)
    assert bench.truth() == before
    assert bench.vendor.shown() == bench.vendor.stored()
    assert bench.manager.state == "idle"
    assert bench.leases == []
    assert bench.event_types() == ["started", "ended"]
    await bench.wait(180)
    if case.follows is not None:
        assert not case.follows(bench.battery())


@DURABLE
async def test_a_durable_setting_stays(make: Make, entry: Entry, case: Case) -> None:
    bench = await make(entry)
    before = bench.truth()
    assert await bench.outcome(case.intent(bench)) == "applied"
    after = bench.truth()
    assert after != before
    assert bench.vendor.shown() == bench.vendor.stored()
    assert bench.sent == len(bench.effects) == case.requests
    await bench.wait(3600)
    assert bench.truth() == after
    assert (bench.sent, bench.leases) == (case.requests, [])
    assert bench.manager.state == "idle"


@CASES
async def test_the_same_again_is_no_write(make: Make, entry: Entry, case: Case) -> None:
    bench = await make(entry)
    await bench.give(case.intent(bench))
    once, sent = bench.truth(), bench.sent
    for _ in range(3):
        await bench.wait(60)
        assert await bench.outcome(case.intent(bench)) == "unchanged"
    assert (bench.truth(), bench.sent) == (once, sent)


@pytest.mark.parametrize("entry", LEASING, ids=str)
async def test_self_use_with_nothing_leased_is_no_write(
    make: Make, entry: Entry
) -> None:
    bench = await make(entry)
    assert await bench.outcome(bench.words.SelfUse()) == "unchanged"
    assert bench.sent == 0


@TIMED
@pytest.mark.parametrize("pause", [0, 120])
async def test_self_use_ends_it_at_once(
    make: Make, entry: Entry, case: Case, pause: float
) -> None:
    """Also within the vendor's gap between two writes: then it waits for it."""
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    await bench.wait(pause)
    started = bench.clock.monotonic()
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    assert bench.clock.monotonic() - started < 3 * bench.vendor.gap
    assert (bench.truth(), bench.leases) == (before, [])
    sent = bench.sent
    assert await bench.outcome(bench.words.SelfUse()) == "unchanged"
    assert bench.sent == sent


@TIMED
async def test_what_is_switched_off_is_put_back(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    assert await bench.manager.end("disabled")
    assert (bench.truth(), bench.leases) == (before, [])


@TIMED
async def test_ten_extensions_take_at_most_one_write(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench))
    sent = bench.sent
    for _ in range(10):
        await bench.wait(60)
        result = await bench.give(case.intent(bench))
        assert result.outcome in {"applied", "unchanged"}
    assert bench.sent - sent <= 1
    await bench.wait(29 * 60)
    assert bench.truth() != before
    await bench.wait(3 * 60)
    assert (bench.truth(), bench.leases) == (before, [])


@TIMED
async def test_a_lease_outlives_what_the_device_was_told(
    make: Make, entry: Entry, case: Case
) -> None:
    """The device's own end is moved in time, so that the battery never stops."""
    bench = await make(entry)
    before = bench.truth()
    await bench.give(case.intent(bench, 5))
    await bench.wait(60)
    await bench.give(case.intent(bench, 60))
    await bench.wait(180)
    for _ in range(50):
        await bench.wait(60)
        if case.follows is not None:
            assert case.follows(bench.battery())
    assert bench.sent <= max(4, case.requests + 1)
    await bench.wait(20 * 60)
    assert (bench.truth(), bench.leases) == (before, [])


@pytest.mark.parametrize(("entry", "case", "other"), PAIRS, ids=str)
async def test_what_comes_over_a_lease_keeps_the_first_put_back(
    make: Make, entry: Entry, case: Case, other: Case
) -> None:
    """In the end it is as if there had been no lease: also for a durable change."""
    alone = await make(entry)
    if not other.timed:
        await alone.give(other.intent(alone))
    bench = await make(entry)
    await bench.give(case.intent(bench))
    await bench.wait(300)
    assert await bench.outcome(other.intent(bench)) in {"applied", "unchanged"}
    assert bench.vendor.shown() == bench.vendor.stored()
    await bench.wait(180)
    if other.follows is not None:
        assert other.follows(bench.battery())
    await bench.wait(40 * 60)
    assert bench.vendor.meaning() == alone.vendor.meaning()
    assert bench.leases == []


@pytest.mark.parametrize(
    ("entry", "refused"),
    [(entry, refused) for entry in ENTRIES for refused in entry.refused],
    ids=str,
)
async def test_what_cannot_be_is_refused_and_nothing_is_sent(
    make: Make, entry: Entry, refused: Refused
) -> None:
    bench = await make(entry)
    await bench.read()
    before = bench.truth()
    with pytest.raises(bench.words.Refusal) as caught:
        await bench.give(refused.make(bench))
    assert caught.value.key == refused.key
    assert (bench.sent, bench.leases, bench.events) == (0, [], [])
    await bench.wait(300)
    assert (bench.truth(), bench.sent) == (before, 0)


@pytest.mark.parametrize("entry", LEASING, ids=str)
async def test_a_schedule_that_was_read_is_set_without_a_write(
    make: Make, entry: Entry
) -> None:
    bench = await make(entry)
    rows, switches = bench.vendor.read_schedule(await bench.read())
    assert rows
    again = bench.words.SetSchedule(rows=tuple(rows), switches=switches)
    assert await bench.outcome(again) == "unchanged"
    assert bench.sent == 0


@pytest.mark.parametrize("entry", LEASING, ids=str)
async def test_a_schedule_that_was_set_is_read(make: Make, entry: Entry) -> None:
    bench = await make(entry)
    (case,) = [case for case in entry.cases if case.kind == "set_schedule"]
    intent = case.intent(bench)
    await bench.give(intent)
    rows, switches = bench.vendor.read_schedule(await bench.read())
    assert [(row.start, row.end, row.mode, row.soc) for row in rows] == [
        (row.start, row.end, row.mode, row.soc) for row in intent.rows
    ]
    assert switches == dict(intent.switches)


@EVERY
async def test_two_at_once_never_interleave(make: Make, entry: Entry) -> None:
    bench = await make(entry)
    case = entry.cases[-1]
    before = bench.truth()
    results = await asyncio.gather(*(bench.give(case.intent(bench)) for _ in range(3)))
    assert [str(result.outcome) for result in results] == [
        "applied",
        "unchanged",
        "unchanged",
    ]
    assert bench.truth() != before
    assert bench.sent == case.requests
