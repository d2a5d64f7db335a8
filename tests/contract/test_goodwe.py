"""What only GoodWe's inverters do (reference sections 6.2 and 6.6)."""

import asyncio
from datetime import timedelta

import pytest

from .benches import BY_NAME, Entry, with_cases
from .conftest import Make
from .goodwe import SLOW
from .vendor import Case

V3 = BY_NAME["goodwe-v3"]
CHARGE, DISCHARGE = V3.cases[:2]


@pytest.mark.parametrize("name", [it for it in BY_NAME if it.startswith("goodwe")])
async def test_a_device_acknowledges_some_writes_late(make: Make, name: str) -> None:
    """So that all other tests meet both."""
    bench = await make(BY_NAME[name])
    slow = {bench.vendor.controls.seconds() == SLOW for _ in range(4)}
    assert slow == {True, False}


@pytest.mark.parametrize(
    ("entry", "case"),
    [it for it in with_cases(timed=True) if it[0].name.startswith("goodwe")],
    ids=str,
)
async def test_a_lease_begins_and_ends_though_all_writes_are_slow(
    make: Make, entry: Entry, case: Case
) -> None:
    bench = await make(entry)
    bench.vendor.controls.switches.write_seconds = SLOW
    before = bench.truth()
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.truth() != before
    await bench.wait(40 * 60)
    assert (bench.truth(), bench.leases) == (before, [])
    assert bench.event_types() == ["started", "ended"]
    assert bench.vendor.shown() == bench.vendor.stored()


async def test_a_write_of_half_a_minute_holds_up_no_reading(make: Make) -> None:
    bench = await make(V3)
    bench.vendor.controls.switches.write_seconds = 30.0
    order = asyncio.ensure_future(bench.give(DISCHARGE.intent(bench)))
    while not bench.sent:
        await bench.clock.sleep(0.1)
    started = bench.clock.monotonic()
    await bench.vendor.poll()
    assert bench.clock.monotonic() - started < 5
    assert not order.done()
    assert (await order).outcome == "applied"


async def test_a_cache_that_stays_behind_is_not_believed(make: Make) -> None:
    bench = await make(V3)
    before = bench.truth()
    bench.vendor.controls.switches.stale_cache = True
    assert await bench.outcome(CHARGE.intent(bench)) == "unverified"
    bench.vendor.controls.switches.stale_cache = False
    await bench.wait(40 * 60)
    assert (bench.truth(), bench.leases) == (before, [])


async def test_a_charge_that_has_reached_its_target_is_over(make: Make) -> None:
    """Whether the device has ended it by itself or not."""
    for after in ("resume", "hold"):
        bench = await make(V3)
        bench.vendor.controls.switches.immediate_after = after
        before = bench.truth()
        await bench.give(CHARGE.intent(bench, 60))
        bench.vendor.house().override(soc=94.9)
        await bench.wait(20 * 60)
        assert "target_reached" in bench.event_types()
        assert bench.leases == []
        await bench.wait(60)
        left = bench.vendor.controls.register("47545")
        assert left == 0
        assert after == "resume" or bench.truth() == before


async def test_registers_that_cannot_be_read_do_not_stop_a_slot(make: Make) -> None:
    bench = await make(V3)
    before = bench.truth()
    bench.vendor.controls.switches.unread = True
    assert await bench.outcome(DISCHARGE.intent(bench)) == "applied"
    await bench.wait(40 * 60)
    assert (bench.truth(), bench.leases) == (before, [])


async def test_a_force_is_ended_though_its_functions_are_not_told_any_more(
    make: Make,
) -> None:
    bench = await make(V3)
    before = bench.truth()
    await bench.give(CHARGE.intent(bench, 20))
    bench.vendor.controls.switches.functions = False
    await bench.vendor.driver.discover(force=True)
    await bench.wait(30 * 60)
    assert (bench.truth(), bench.leases) == (before, [])


async def test_a_schedule_in_the_time_of_a_force_ends_it(make: Make) -> None:
    bench = await make(V3)
    words, stored = bench.words, bench.vendor.controls.settings.stored
    night = {"TOUStart1": "01:00", "TOUEnd1": "02:00", "TOUWeekEnable1": 249}
    always = {"TOUWeek1": [*range(7)], "TOUMonth1": [*range(12)]}
    own = {"ChargeDischargePW1": -300, "ChargeCutOffSet1": 80}
    bench.vendor.controls.write_as_app({"TOU1": stored["TOU1"] | night | always | own})
    await bench.read()
    owned = set(bench.vendor.slots_on)
    await bench.give(DISCHARGE.intent(bench))
    (forced,) = set(bench.vendor.slots_on) - owned
    now = bench.clock.now().astimezone(bench.vendor.zone)
    row = words.Row(
        start=now.time().replace(second=0, microsecond=0),
        end=(now + timedelta(hours=2)).time().replace(second=0, microsecond=0),
        mode="charge",
        soc=90.0,
    )
    await bench.give(words.SetSchedule(rows=(row,), switches={}))
    assert forced not in bench.vendor.slots_on
    assert bench.leases == []
