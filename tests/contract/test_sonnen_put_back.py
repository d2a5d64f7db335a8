"""What is put back where the battery does not take what it had (sonnen.md 6.2 to 6.4)."""

from typing import Any

import pytest

from simulator.sonnen import configuration, requests
from simulator.sonnen.protocol import error

from .bench import comes_back
from .benches import BY_NAME
from .conftest import Make
from .vendor import Case

ENTRY = BY_NAME["sonnen"]
BASES = pytest.mark.parametrize("base", ["by the app", "by us"])


async def _enter_manual_mode(bench: Any, base: str) -> None:
    if base == "by the app":
        bench.vendor.battery.write_as_app(EM_OperatingMode="1")
    else:
        await bench.give(bench.words.SetMode(mode="manual"))


@BASES
@pytest.mark.parametrize("block", ["discharge", "both"])
async def test_a_hold_in_manual_mode_stays_in_it(
    make: Make, base: str, block: str
) -> None:
    """Set points do not mind the reserve, so that it rests altogether."""
    bench = await make(ENTRY)
    words = bench.words
    await _enter_manual_mode(bench, base)
    before = bench.truth()
    result = await bench.give(
        words.Hold(until=bench.after(10), block=words.HoldBlock(block))
    )
    assert result.effective["power"] == 0
    assert result.effective.get("block", "both") == "both"
    await bench.wait(120)
    assert abs(bench.battery().power) < 50
    assert bench.manager.state == "active"
    await comes_back(bench, before)


@pytest.mark.parametrize("mode", ["4", "11", "13"])
async def test_a_mode_that_cannot_be_gone_back_to(make: Make, mode: str) -> None:
    """It goes by itself again, and a person is told."""
    bench = await make(ENTRY)
    words, battery = bench.words, bench.vendor.battery
    battery.write_as_app(EM_OperatingMode=mode)
    battery.change(modes=("1", "2", "10"))
    await bench.give(words.ForceCharge(until=bench.after(10), power=2000))
    assert bench.vendor.driver.not_restored is None
    await bench.wait(1200)
    truth = bench.vendor.truth()
    assert (truth["EM_OperatingMode"], truth["charge"]) == ("2", 0)
    assert (bench.leases, bench.manager.state) == ([], "idle")
    assert bench.vendor.driver.not_restored == mode
    assert bench.event_types() == ["started", "ended"]


@pytest.mark.parametrize(("refusals", "end"), [(1, "10"), (2, "2")])
async def test_time_of_use_is_tried_twice(make: Make, refusals: int, end: str) -> None:
    """The battery takes it as a rule, so that it is not given up at once."""
    bench = await make(ENTRY)
    words = bench.words
    bench.vendor.battery.write_as_app(EM_OperatingMode="10")
    await bench.give(words.ForceCharge(until=bench.after(10), power=2000))
    # Each try begins with both zeros
    no = bench.vendor.refused_by_vendor
    bench.faults.writes = [None, None, no] * refusals
    await bench.wait(1200)
    assert bench.vendor.truth()["EM_OperatingMode"] == end
    assert (bench.leases, bench.manager.state) == ([], "idle")
    assert bench.vendor.driver.not_restored == (None if end == "10" else "10")


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize("base", ["time of use", "by the app", "by us"])
@pytest.mark.parametrize("case", [one for one in ENTRY.cases if one.timed], ids=str)
async def test_what_is_timed_comes_back_to_any_mode(
    make: Make, case: Case, base: str, killed: bool
) -> None:
    bench = await make(ENTRY)
    if base == "time of use":
        bench.vendor.battery.write_as_app(EM_OperatingMode="10")
    else:
        await _enter_manual_mode(bench, base)
    before = bench.truth()
    await bench.give(case.intent(bench))
    await bench.wait(120)
    if killed:
        bench.kill()
        await bench.boot()
    await comes_back(bench, before)


@pytest.mark.parametrize("mode", ["4", "11"])
async def test_self_use_works_where_the_mode_before_is_refused(
    make: Make, mode: str
) -> None:
    bench = await make(ENTRY)
    words, battery = bench.words, bench.vendor.battery
    battery.write_as_app(EM_OperatingMode=mode)
    battery.change(modes=("1", "2", "10"))
    await bench.give(words.ForceCharge(until=bench.after(10), power=2000))
    assert await bench.outcome(words.SelfUse()) == "applied"
    assert bench.vendor.truth()["EM_OperatingMode"] == "2"
    assert bench.leases == []


async def test_the_mode_before_is_waited_for_while_none_is_taken(make: Make) -> None:
    """A power plant refuses self-consumption too, so the mode is not to blame."""
    bench = await make(ENTRY)
    words, battery = bench.words, bench.vendor.battery
    battery.write_as_app(EM_OperatingMode="10")
    before = bench.truth()
    await bench.give(words.ForceCharge(until=bench.after(10), power=2000))
    battery.change(vpp_active=True)
    await bench.wait(1200)
    assert bench.manager.state == "restoring"
    battery.change(vpp_active=False)
    await bench.wait(1200)
    assert bench.truth() == before
    assert bench.leases == []
    assert bench.vendor.driver.not_restored is None


async def test_a_mode_that_a_person_asks_for_and_is_refused(make: Make) -> None:
    """Nothing else is put in its place."""
    bench = await make(ENTRY)
    words, battery = bench.words, bench.vendor.battery
    battery.write_as_app(EM_OperatingMode="11")
    await bench.read()
    await bench.give(words.SetMode(mode="manual"))
    battery.change(modes=("1", "2", "10"))
    assert await bench.outcome(words.SetMode(mode="optimisation")) == "rejected"
    assert bench.vendor.truth()["EM_OperatingMode"] == "1"


@pytest.mark.parametrize(("takes", "back"), [(True, "3"), (False, "5")])
@pytest.mark.parametrize("what", ["hold", "reserve"])
async def test_a_reserve_that_nobody_can_be_asked_for(
    make: Make, monkeypatch: pytest.MonkeyPatch, takes: bool, back: str, what: str
) -> None:
    """1 to 4 % are not defined, but somebody has set them: 5 % is the next best."""
    if takes:
        monkeypatch.setitem(configuration._WRITABLE, "EM_USOC", str.isdigit)
    bench = await make(ENTRY)
    words = bench.words
    bench.vendor.battery.write_as_app(EM_USOC="3")
    until = bench.after(10)
    hold = words.Hold(until=until, block=words.HoldBlock("discharge"))
    await bench.give(hold if what == "hold" else words.SetReserve(soc=60, until=until))
    await bench.wait(1200)
    assert bench.vendor.truth()["EM_USOC"] == back
    assert (bench.leases, bench.manager.state) == ([], "idle")


async def test_the_mode_is_left_though_nobody_answers_the_zeros(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await make(ENTRY)
    await bench.give(bench.words.ForceCharge(until=bench.after(10), power=2000))

    def broken(*_: Any) -> Any:
        raise error(500)

    monkeypatch.setattr(requests, "set_point", broken)
    await bench.wait(1200)
    assert bench.vendor.truth()["EM_OperatingMode"] == "2"
    assert bench.leases == []


async def test_a_reserve_of_an_earlier_hold_is_not_put_back(make: Make) -> None:
    """Nothing was held the second time: the reserve was higher."""
    bench = await make(ENTRY)
    words, battery = bench.words, bench.vendor.battery

    def hold(minutes: float) -> Any:
        return words.Hold(
            until=bench.after(minutes), block=words.HoldBlock("discharge")
        )

    await bench.give(hold(5))
    battery.write_as_app(EM_USOC="80")
    await bench.read()
    await bench.wait(120)
    assert bench.event_types() == ["started", "external"]
    await bench.give(hold(30))
    await bench.wait(120)
    bench.kill()
    await bench.disk.update(bench.vendor.key, None)
    await bench.boot()
    await bench.wait(60)
    assert dict(bench.manager.problems) == {}
    await bench.outcome(words.SelfUse())
    assert bench.vendor.truth()["EM_USOC"] == "80"


async def test_the_note_of_a_hold_is_gone_with_it(make: Make) -> None:
    bench = await make(ENTRY)
    words = bench.words
    await bench.give(
        words.Hold(until=bench.after(5), block=words.HoldBlock("discharge"))
    )
    assert bench.vendor.notes.get(f"{bench.vendor.key}/reserve") == 20
    await bench.wait(600)
    assert bench.vendor.notes.get(f"{bench.vendor.key}/reserve") is None


@pytest.mark.parametrize("mode", ["2", "10"])
async def test_a_force_whose_lease_is_lost_ends_where_it_began(
    make: Make, mode: str
) -> None:
    bench = await make(ENTRY)
    words = bench.words
    bench.vendor.battery.write_as_app(EM_OperatingMode=mode)
    before = bench.truth()
    await bench.give(words.ForceCharge(until=bench.after(60), power=2000))
    await bench.wait(120)
    bench.kill()
    await bench.disk.update(bench.vendor.key, None)
    await bench.boot()
    await bench.wait(60)
    assert list(bench.manager.problems) == ["control_forced_without_lease"]
    assert await bench.outcome(words.SelfUse()) == "applied"
    assert bench.truth() == before


@pytest.mark.parametrize(
    ("begin", "taken", "end"),
    [
        ("2", False, "2"),
        ("10", False, "10"),
        ("11", False, "2"),  # nobody knows whether it would be taken
        ("11", True, "11"),
    ],
)
async def test_self_use_leaves_manual_mode_for_the_last_one_of_its_own(
    make: Make, begin: str, taken: bool, end: str
) -> None:
    bench = await make(ENTRY)
    words = bench.words
    bench.vendor.battery.write_as_app(EM_OperatingMode=begin)
    await bench.read()
    if taken:
        await bench.give(words.ForceCharge(until=bench.after(1), power=2000))
        await bench.wait(300)
    await bench.give(words.SetMode(mode="manual"))
    assert await bench.outcome(words.SelfUse()) == "applied"
    assert bench.vendor.truth()["EM_OperatingMode"] == end


async def test_self_use_leaves_manual_mode_though_time_of_use_is_refused(
    make: Make,
) -> None:
    """The second time it is self-consumption."""
    bench = await make(ENTRY)
    words, battery = bench.words, bench.vendor.battery
    battery.write_as_app(EM_OperatingMode="10")
    await bench.read()
    await bench.give(words.SetMode(mode="manual"))
    battery.change(modes=("1", "2"))
    assert await bench.outcome(words.SelfUse()) == "rejected"
    assert await bench.outcome(words.SelfUse()) == "applied"
    assert bench.vendor.truth()["EM_OperatingMode"] == "2"


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize("mode", ["2", "10", "11"])
async def test_manual_mode_is_left_again_without_its_zeros(
    make: Make, monkeypatch: pytest.MonkeyPatch, status: int, mode: str
) -> None:
    """Somebody's old set point has come back to life with the mode."""
    bench = await make(ENTRY)
    battery = bench.vendor.battery
    battery.write_as_app(EM_OperatingMode=mode)
    battery.change(modes=("1", "2", "10"))
    battery.restore({**battery.stored, "charge": 3000, "discharge": 0})

    def broken(*_: Any) -> Any:
        raise error(status)

    monkeypatch.setattr(requests, "set_point", broken)
    outcome = await bench.outcome(bench.words.SetMode(mode="manual"))
    await bench.wait(120)
    back = "2" if mode == "11" else mode
    assert bench.vendor.truth()["EM_OperatingMode"] == back
    assert outcome == ("rejected" if back == mode else "unverified")
    assert bench.battery().power > -100


@pytest.mark.parametrize("missing", ["SetPoint_W", "latestdata"])
async def test_the_batterys_power_is_evidence_too(
    make: Make, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    """What is lost in the night is told again without the controller's word."""
    bench = await make(ENTRY)
    battery = bench.vendor.battery
    if missing == "latestdata":
        battery.variant.missing_endpoints = {"latestdata"}
    else:
        latest = requests.READS["latestdata"]
        monkeypatch.setitem(
            requests.READS,
            "latestdata",
            lambda one: {k: v for k, v in latest(one).items() if k != "SetPoint_W"},
        )
    await bench.give(bench.words.ForceCharge(until=bench.after(60), power=2000))
    await bench.wait(120)
    assert bench.manager.state == "active"
    battery.change(reset_keeps_mode=True)
    battery.nightly_reset(3, boot_minutes=1)
    for _ in range(10):
        await bench.wait(60)
        await bench.read()
    assert bench.event_types() == ["started", "lost"]
    assert bench.battery().power < -1000
    assert bench.manager.state == "active"
