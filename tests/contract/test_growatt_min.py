"""What only a MIN has: segments in the way, remote control that ends by itself (6)."""

from collections.abc import Mapping
from typing import Any

import pytest

from simulator.growatt.vpp import AUTHORITY, ENABLE, MINUTES, PERCENT

from .bench import comes_back
from .benches import Entry
from .conftest import Make
from .growatt_min import Min
from .growatt_min_cases import CASES, LOGIN_CASES, REMOTE_CASES
from .vendor import Case
from .wire import LOST_ANSWER, LOST_REQUEST

LOGIN = pytest.mark.parametrize("case", LOGIN_CASES, ids=str)
FORCES = pytest.mark.parametrize("case", CASES[:2], ids=str)
REMOTE = pytest.mark.parametrize("case", REMOTE_CASES[:2], ids=str)
# All day somebody's own mode: where a lease is, it is in the way
_ALL_DAY: Mapping[str, Any] = {
    "acChargeEnable": 1,
    "time2Mode": 0,
    "forcedTimeStart2": "0:0",
    "forcedTimeStop2": "23:59",
    "forcedStopSwitch2": 1,
}


def entry(preset: Mapping[str, Any] | None = None, **options: Any) -> Entry:
    """Return an entry of one MIN."""
    return Entry(
        "growatt-min", lambda clock: Min(clock, preset=preset, **options), (), ()
    )


BUSY, REMOTELY, LOGGED_IN = (
    entry(_ALL_DAY),
    entry(vpp=True),
    entry(_ALL_DAY, login=True),
)


@LOGIN
@pytest.mark.parametrize("fault", [None, LOST_REQUEST, LOST_ANSWER, "not_sent"])
async def test_with_a_login_it_is_seen_followed_and_comes_back(
    make: Make, case: Case, fault: Any
) -> None:
    bench = await make(LOGGED_IN)
    before = bench.truth()
    bench.faults.writes = [fault]
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.vendor.shown() == bench.vendor.stored()
    await bench.wait(180)
    assert case.follows is not None
    assert case.follows(bench.battery())
    assert bench.manager.state == "active"
    await comes_back(bench, before)


@FORCES
async def test_a_segment_in_the_way_is_cut_and_comes_back(
    make: Make, case: Case
) -> None:
    bench = await make(BUSY)
    before = bench.truth()
    assert await bench.outcome(case.intent(bench)) == "applied"
    stored = bench.vendor.device.settings.stored
    assert (stored["forcedTimeStart2"], stored["forcedTimeStop2"]) == ("13:33", "23:59")
    assert bench.sent == 3
    await bench.wait(180)
    assert case.follows is not None
    assert case.follows(bench.battery())
    await bench.wait(24 * 60)
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.sent == 5
    await bench.wait(600)
    assert case.follows(bench.battery())
    await comes_back(bench, before)


async def test_a_force_takes_over_the_segments_of_another(make: Make) -> None:
    """The device refuses segments that meet, at any moment."""
    bench = await make(BUSY)
    before = bench.truth()
    charge, discharge = CASES[:2]
    assert await bench.outcome(charge.intent(bench, 20)) == "applied"
    await bench.wait(300)
    assert await bench.outcome(discharge.intent(bench, 60)) == "applied"
    await bench.wait(180)
    assert discharge.follows is not None
    assert discharge.follows(bench.battery())
    assert await bench.outcome(charge.intent(bench, 10)) == "applied"
    await comes_back(bench, before)


@pytest.mark.parametrize(("vpp", "leased"), [(True, ["mode"]), (False, [])])
async def test_a_mode_of_the_whole_day_goes_on_after_a_force_until_self_use(
    make: Make, vpp: bool, leased: list[str]
) -> None:
    """By segments it cannot begin under a force, which ends then."""
    bench = await make(entry(vpp=vpp))
    settings = bench.vendor.device.settings
    force, mode = CASES[1], bench.words.SetMode(mode="battery_first")
    await bench.give(force.intent(bench))
    assert await bench.outcome(mode) == "applied"
    assert bench.leases == leased
    await bench.give(force.intent(bench))
    await bench.give(bench.words.SelfUse())
    assert settings.stored["forcedTimeStop9"] == "23:59"
    assert await bench.outcome(mode) == "unchanged"
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    assert settings.stored["forcedTimeStop9"] == "0:0"


@FORCES
async def test_a_cut_that_is_not_executed_is_taken_back(make: Make, case: Case) -> None:
    """The next segment is refused then, for it would meet the one in the way."""
    bench = await make(BUSY)
    before = bench.truth()
    bench.faults.writes = [None, bench.vendor.ignored]
    assert await bench.outcome(case.intent(bench)) == "rejected"
    assert (bench.truth(), bench.leases) == (before, [])


@REMOTE
async def test_the_authority_is_taken_and_given_back(make: Make, case: Case) -> None:
    bench = await make(REMOTELY)
    before = bench.truth()
    assert await bench.outcome(case.intent(bench)) == "applied"
    assert bench.sent == 4
    registers = bench.vendor.device.vpp.values
    assert registers[AUTHORITY] == registers[ENABLE] == 1
    assert 30 <= registers[MINUTES] <= 31
    await comes_back(bench, before)
    assert bench.sent == 7


@REMOTE
async def test_the_device_ends_it_while_nobody_is_there(make: Make, case: Case) -> None:
    bench = await make(REMOTELY)
    before = bench.truth()
    await bench.give(case.intent(bench))
    bench.kill()
    await bench.clock.sleep(40 * 60)
    assert case.follows is not None
    assert not case.follows(bench.battery())
    assert bench.vendor.device.vpp.values[ENABLE] == 0
    await bench.boot()
    await comes_back(bench, before)
    assert bench.event_types() == ["started", "ended"]


@REMOTE
async def test_what_a_restart_of_the_device_has_dropped_is_told_again(
    make: Make, case: Case
) -> None:
    """The authority is stored, the rest is not (6.6); nobody could reach it meanwhile."""
    bench = await make(REMOTELY)
    before = bench.truth()
    await bench.give(case.intent(bench))
    await bench.wait(300)
    bench.vendor.switch(online=False)
    await bench.wait(180)
    for number in (PERCENT, MINUTES, ENABLE):
        bench.vendor.device.vpp.write(number, 0)
    bench.vendor.switch()
    await bench.wait(120)
    await bench.read()
    await bench.wait(180)
    assert bench.event_types() == ["started", "lost"]
    assert case.follows is not None
    assert case.follows(bench.battery())
    await comes_back(bench, before)


@REMOTE
async def test_a_force_that_somebody_has_ended_is_not_begun_again(
    make: Make, case: Case
) -> None:
    bench = await make(REMOTELY)
    await bench.give(case.intent(bench))
    await bench.wait(300)
    for number in (PERCENT, ENABLE):
        bench.vendor.device.vpp.write(number, 0)
    sent = bench.sent
    await bench.read()
    await bench.wait(300)
    assert bench.event_types() == ["started", "external"]
    assert (bench.sent, bench.leases) == (sent, [])


async def test_what_others_control_is_not_taken_over(make: Make) -> None:
    bench = await make(REMOTELY)
    bench.vendor.remote_by_app()
    before = bench.truth()
    with pytest.raises(bench.words.Refusal) as caught:
        await bench.give(REMOTE_CASES[0].intent(bench))
    assert caught.value.key == "remote_controlled"
    assert (bench.truth(), bench.sent) == (before, 0)
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    assert bench.vendor.device.vpp.values[ENABLE] == 0


@pytest.mark.parametrize("vpp", [True, False])
async def test_a_system_error_of_a_write_that_was_executed_is_none(
    make: Make, vpp: bool
) -> None:
    """Quirk Q19, and the cloud's copy shows it only after 10 to 90 s (6.1)."""
    bench = await make(entry(vpp=vpp))
    before = bench.truth()
    switches = bench.vendor.device.switches
    switches.error_though_applied, switches.readback_delay = True, None
    assert await bench.outcome(CASES[0].intent(bench)) == "applied"
    await comes_back(bench, before)


async def test_a_model_without_remote_control_is_asked_once_a_day(make: Make) -> None:
    bench = await make(entry())
    asked = []
    before = bench.faults.on_request

    def count(endpoint: str) -> Any:
        asked.append(endpoint.rpartition("/")[2])
        return before(endpoint)

    bench.faults.on_request = count
    for _ in range(2):
        await bench.give(CASES[0].intent(bench))
        await bench.give(bench.words.SelfUse())
        bench.kill()
        await bench.clock.sleep(60)
        await bench.boot()
    assert asked.count("readVppParameter") == 1
    assert "setVppParameter" not in asked
