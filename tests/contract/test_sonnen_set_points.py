"""Set points, which cannot be read back, meet faults (sonnen.md 6.4)."""

from typing import Any

import pytest

from .bench import comes_back
from .benches import BY_NAME
from .conftest import Make
from .vendor import Case
from .wire import GATEWAY, LOST_ANSWER, LOST_REQUEST

ENTRY = BY_NAME["sonnen"]
FORCES = pytest.mark.parametrize(
    "case", [case for case in ENTRY.cases if case.unread], ids=str
)
# Mode, the other direction's 0 W, the wanted power
SET_POINTS = pytest.mark.parametrize("hit", [1, 2])


@FORCES
@SET_POINTS
@pytest.mark.parametrize("fault", [LOST_REQUEST, LOST_ANSWER, GATEWAY, "not_sent"])
async def test_what_is_lost_is_looked_for(
    make: Make, case: Case, hit: int, fault: Any
) -> None:
    """The power that the controller asks for shows what has arrived."""
    bench = await make(ENTRY)
    before = bench.truth()
    bench.faults.writes = [*[None] * hit, fault]
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.vendor.shown() == bench.vendor.stored()
    await bench.wait(120)
    assert case.follows(bench.battery())
    assert bench.manager.state == "active"
    await comes_back(bench, before)


@FORCES
@SET_POINTS
async def test_what_is_lost_over_an_old_force_is_told(
    make: Make, case: Case, hit: int
) -> None:
    """The old power shows that the new one has not arrived."""
    other = next(one for one in ENTRY.cases if one.unread and one is not case)
    bench = await make(ENTRY)
    before = bench.truth()
    await bench.give(other.intent(bench))
    await bench.wait(120)
    # The mode is there already
    bench.faults.writes = [*[None] * (hit - 1), LOST_REQUEST]
    assert await bench.outcome(case.intent(bench)) == "applied"
    await bench.wait(120)
    assert case.follows(bench.battery())
    assert bench.vendor.shown() == bench.vendor.stored()
    await comes_back(bench, before)


@FORCES
async def test_nothing_is_told_outside_manual_mode(make: Make, case: Case) -> None:
    """Else it would wait there for the next time that somebody selects that mode."""
    bench = await make(ENTRY)
    before = bench.truth()
    bench.faults.writes = [bench.vendor.ignored]
    assert await bench.outcome(case.intent(bench)) == "unverified"
    assert bench.sent == 1
    assert bench.truth() == before
    await bench.wait(600)
    assert (bench.truth(), bench.leases) == (before, [])


@FORCES
async def test_a_put_back_whose_zeros_are_refused_leaves_the_mode(
    make: Make, case: Case
) -> None:
    bench = await make(ENTRY)
    await bench.give(case.intent(bench))
    no = bench.vendor.refused_by_vendor
    bench.faults.writes = [no, no]
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    assert bench.vendor.truth()["EM_OperatingMode"] == "2"
    assert bench.leases == []


@FORCES
async def test_in_a_persons_manual_mode_the_zeros_count(make: Make, case: Case) -> None:
    """The mode is not left, so that nothing else would end the force."""
    bench = await make(ENTRY)
    bench.vendor.battery.write_as_app(EM_OperatingMode="1")
    await bench.give(case.intent(bench))
    bench.faults.writes = [bench.vendor.refused_by_vendor]
    assert await bench.outcome(bench.words.SelfUse()) == "rejected"
    assert bench.manager.state == "restoring"
    await bench.wait(300)
    truth = bench.vendor.truth()
    assert (truth["charge"], truth["discharge"]) == (0, 0)
    assert bench.leases == []


@pytest.mark.parametrize("name", ["force_charge", "force_discharge"])
async def test_a_set_point_alone_that_is_gone_is_told_again(
    make: Make, name: str
) -> None:
    (case,) = [case for case in ENTRY.cases if case.name == name]
    bench = await make(ENTRY)
    before = bench.truth()
    await bench.give(case.intent(bench))
    await bench.wait(120)
    device = bench.vendor.battery
    device.restore({**device.stored, "charge": 0, "discharge": 0})
    await bench.wait(30, polls=False)
    await bench.read()
    await bench.wait(60)
    assert bench.event_types() == ["started", "lost"]
    assert case.follows(bench.battery())
    assert bench.vendor.shown() == bench.vendor.stored()
    await comes_back(bench, before)


async def test_a_full_battery_has_not_lost_its_set_point(make: Make) -> None:
    bench = await make(ENTRY)
    words = bench.words
    bench.vendor.battery.set_usoc(98)
    await bench.poll()
    await bench.give(words.ForceCharge(until=bench.after(30), power=2000))
    await bench.wait(20 * 60)
    for _ in range(3):
        await bench.read()
        await bench.wait(60)
    assert bench.event_types() == ["started"]
    assert bench.sent == 3
