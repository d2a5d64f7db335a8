"""What only Sungrow's devices do (isolarcloud.md 6.1 to 6.5)."""

from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import TransportError

from .bench import Bench, comes_back
from .benches import BY_NAME
from .conftest import Make
from .wire import LOST_ANSWER, LOST_REQUEST

MODE, COMMAND, POWER = "10003", "10004", "10005"


async def hybrid(make: Make) -> Bench:
    return await make(BY_NAME["sungrow-hybrid"])


def charge(bench: Bench, minutes: float = 30) -> object:
    return bench.words.ForceCharge(until=bench.after(minutes), power=2400)


async def test_a_command_without_its_mode_is_no_force(make: Make) -> None:
    """10004 is accepted while 10003 stays 0: it is said, and taken back."""
    bench = await hybrid(make)
    before = bench.truth()
    bench.vendor.device.switches.mode_sticks = True
    assert await bench.outcome(charge(bench)) == "unverified"
    await bench.wait(600)
    assert bench.truth() == before
    assert bench.leases == []
    assert bench.manager.state == "idle"


async def test_a_force_that_is_stored_and_not_obeyed_is_told(make: Make) -> None:
    bench = await hybrid(make)
    before = bench.truth()
    bench.vendor.switch(follows=False)
    assert await bench.outcome(charge(bench)) == "applied"
    await bench.wait(bench.vendor.driver.capabilities.timing.reaction + 120)
    assert bench.manager.state == "not_following"
    bench.vendor.switch()
    await comes_back(bench, before)


async def test_a_battery_that_the_sun_charges_is_not_seen_to_obey(make: Make) -> None:
    """It takes what was asked for, and its mode says that nobody leads it (6.1)."""
    bench = await hybrid(make)
    bench.vendor.house().override(pv_w=4500, load_w=500, soc=40)
    bench.vendor.switch(follows=False)
    assert await bench.outcome(charge(bench)) == "applied"
    await bench.wait(bench.vendor.driver.capabilities.timing.reaction + 120)
    assert bench.battery().power < -2400
    assert bench.manager.state == "not_following"


async def test_stop_that_means_self_use_holds_nothing(make: Make) -> None:
    bench = await hybrid(make)
    bench.vendor.device.switches.stop_means = "self_use"
    both = bench.words.HoldBlock.BOTH
    hold = bench.words.Hold(until=bench.after(30), block=both)
    assert await bench.outcome(hold) == "applied"
    await bench.wait(bench.vendor.driver.capabilities.timing.reaction + 120)
    assert bench.manager.state == "not_following"


async def test_a_fall_back_of_the_device_ends_the_lease(make: Make) -> None:
    """A mode 2 that wants a heartbeat: nothing is left, whoever ended it."""
    bench = await hybrid(make)
    bench.vendor.device.switches.forced_needs_heartbeat = True
    before = bench.truth()
    assert await bench.outcome(charge(bench)) == "applied"
    await comes_back_but_for_the_command(bench, before)


async def comes_back_but_for_the_command(bench: Bench, before: str) -> None:
    await bench.wait(40 * 60)
    assert bench.leases == []
    assert bench.vendor.truth()[MODE] == 0
    assert bench.vendor.shown() == bench.vendor.stored()


def forget_scales(bench: Bench) -> None:
    for code in (POWER, "10013"):
        bench.vendor.notes.set(f"scale/{bench.vendor.device.spec.sn}/{code}", None)


def counts_in_watts(bench: Bench) -> None:
    bench.vendor.device.switches.power_raw = "W"
    note = f"scale/{bench.vendor.device.spec.sn}/{POWER}"
    bench.vendor.notes.set(note, {**bench.vendor.notes.get(note), "raw": 1.0})


@pytest.mark.parametrize("raw", ["W", "0.01kW"])
async def test_the_first_power_is_tried_while_nothing_is_forced(
    make: Make, raw: str
) -> None:
    bench = await hybrid(make)
    bench.vendor.device.switches.power_raw = raw
    forget_scales(bench)
    before = bench.truth()
    assert await bench.outcome(charge(bench)) == "applied"
    assert bench.vendor.truth()[POWER] == 2400
    trial, force = bench.effects
    assert trial.after[int(MODE)] == 0
    assert trial.after[int(POWER)] <= 2400
    assert force.after[int(MODE)] == 2
    await comes_back(bench, before)


async def test_a_scale_that_is_lost_holds_no_force(make: Make) -> None:
    """Its power before was too little to try with: the mode goes back all the same."""
    bench = await hybrid(make)
    switches = bench.vendor.device.switches
    switches.power_display, switches.power_precision = "kW", "none"
    bench.vendor.device.write_as_app(p10005=20)
    assert await bench.outcome(charge(bench)) == "applied"
    forget_scales(bench)
    await bench.wait(35 * 60)
    assert bench.leases == []
    assert bench.manager.state == "idle"
    assert bench.vendor.truth()[MODE] == 0
    assert bench.vendor.truth()[COMMAND] == 204


async def test_a_device_that_counts_otherwise_now_is_never_forced_to_more(
    make: Make,
) -> None:
    bench = await hybrid(make)
    counts_in_watts(bench)
    bench.vendor.device.switches.power_raw = "0.01kW"
    force = bench.words.ForceCharge(until=bench.after(30), power=500)
    result = await bench.manager.execute(force)
    assert result.effective["power"] == 500
    await bench.wait(600)
    led = [one.after[int(POWER)] for one in bench.effects if one.after[int(MODE)] == 2]
    assert led == [500]
    assert bench.manager.state == "active"


async def test_a_limit_whose_trial_cannot_be_read_comes_back(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await hybrid(make)
    bench.vendor.device.write_as_app(p10012=170, p10013=8000)
    forget_scales(bench)
    submit, written = bench.vendor.submit_parameters, list[str]()

    async def gone(uuid: str, rows: Any, *, write: bool, expire_s: int) -> str:
        if written and not write:
            raise TransportError("gone")
        written.extend(code for code, _ in rows if write)
        return str(await submit(uuid, rows, write=write, expire_s=expire_s))

    with monkeypatch.context() as outage:
        outage.setattr(bench.vendor, "submit_parameters", gone)
        assert await bench.outcome(bench.words.SetExportLimit(power=5000)) == "rejected"
        assert bench.vendor.truth()["10013"] < 8000
    await bench.vendor.driver.fetch()
    assert bench.vendor.truth()["10013"] == 8000


@pytest.mark.parametrize(
    "fault", [LOST_REQUEST, LOST_ANSWER], ids=["request", "answer"]
)
async def test_a_power_that_is_sent_ahead_is_sent_again_if_it_got_lost(
    make: Make, fault: Any
) -> None:
    bench = await hybrid(make)
    counts_in_watts(bench)
    before = bench.truth()
    bench.faults.writes = [fault]
    assert await bench.outcome(charge(bench)) == "applied"
    assert bench.vendor.truth()[POWER] == 2400
    ahead, force = bench.effects
    assert (ahead.after[int(MODE)], force.after[int(MODE)]) == (0, 2)
    await comes_back(bench, before)
