"""An SPH with remote control: forces by that, all else by its periods (6.4, 6.6)."""

import pytest

from simulator.growatt.vpp import ENABLE, PERCENT

from .bench import comes_back
from .benches import BY_NAME, SPH_PRESET, Entry
from .conftest import Make
from .growatt_min_cases import charges, keeps
from .growatt_periods import Sph
from .growatt_periods_cases import SPH_CASES

REMOTE = Entry(
    "growatt-sph-remote",
    lambda clock: Sph(clock, preset=SPH_PRESET, vpp=True, authority=True),
    SPH_CASES,
    (),
)
FORCE = BY_NAME["growatt-sph"].cases[0]
HOLD = next(case for case in SPH_CASES if case.kind == "hold")


async def test_a_force_leaves_the_periods_alone_and_ends(make: Make) -> None:
    bench = await make(REMOTE)
    before = bench.truth()
    result = await bench.give(FORCE.intent(bench))
    assert result.outcome == "applied"
    assert set(bench.faults.sent) == {"new-api/setVppParameter"}
    assert bench.vendor.device.settings.stored == bench.vendor._begin
    await bench.wait(180)
    assert charges(bench.battery())
    assert bench.manager.state == "active"
    await comes_back(bench, before)
    assert bench.vendor.device.vpp.values[ENABLE] == 0


async def test_a_hold_over_a_force_ends_that_first(make: Make) -> None:
    bench = await make(REMOTE)
    before = bench.truth()
    await bench.give(FORCE.intent(bench))
    await bench.give(HOLD.intent(bench))
    assert bench.vendor.device.vpp.values[PERCENT] == 0
    await bench.wait(180)
    assert keeps(bench.battery())
    await comes_back(bench, before)


async def test_a_force_over_a_hold_takes_its_period_back(make: Make) -> None:
    bench = await make(REMOTE)
    before = bench.truth()
    await bench.give(HOLD.intent(bench))
    await bench.give(FORCE.intent(bench))
    assert bench.vendor.device.settings.stored == bench.vendor._begin
    await bench.wait(180)
    assert charges(bench.battery())
    await comes_back(bench, before)


async def test_who_leads_the_battery_already_is_not_put_aside(make: Make) -> None:
    bench = await make(REMOTE)
    bench.vendor.remote_by_app()
    await bench.read()
    with pytest.raises(bench.words.Refusal, match="remote_controlled"):
        await bench.give(FORCE.intent(bench))
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    assert bench.vendor.device.vpp.values[ENABLE] == 0
