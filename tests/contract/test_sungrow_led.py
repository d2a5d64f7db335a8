"""A hybrid that another one leads, and its limit in percent (isolarcloud.md 6.4, 6.5).

These take codes that the cases of all vendors do without: each ten are a task.
"""

from typing import override

import pytest

from .bench import Bench
from .benches import Entry
from .conftest import Make
from .sungrow_devices import Hybrid

MODE, COMMAND, POWER, HEARTBEAT = "10003", "10004", "10005", "10017"
LIMITED, RATIO = "10012", "10014"
DISPATCH = "external_dispatch"


class Led(Hybrid):
    """One whose program beats, with all that is read for it."""

    left_out = tuple(set(Hybrid.left_out) - {"10014", "10017"})

    @override
    async def poll(self) -> None:
        await super().poll()
        await self.driver.heartbeat.beat()


async def led(make: Make) -> Bench:
    return await make(Entry("sungrow-led", Led, (), ()))


def charge(bench: Bench, power: float) -> object:
    return bench.words.ForceCharge(until=bench.after(20), power=power)


def dispatch(bench: Bench) -> object:
    return bench.words.SetMode(mode=DISPATCH)


async def test_a_mode_that_we_set_is_kept_over_a_force_and_a_restart(
    make: Make,
) -> None:
    bench = await led(make)
    device = bench.vendor.device
    assert await bench.outcome(dispatch(bench)) == "applied"
    assert bench.vendor.truth()[HEARTBEAT] == 300
    await bench.wait(1800)
    for power in (2400, 1800):
        assert await bench.outcome(charge(bench, power)) == "applied"
        assert (bench.vendor.truth()[MODE], bench.vendor.truth()[POWER]) == (2, power)
    beats = len(device.heartbeats)
    await bench.wait(600)
    assert len(device.heartbeats) == beats
    await bench.wait(1200)
    assert (bench.vendor.truth()[MODE], bench.leases) == (3, [])
    bench.kill()
    await bench.boot()
    await bench.wait(1200)
    assert (bench.vendor.truth()[MODE], device.fallbacks) == (3, 0)
    assert await bench.outcome(bench.words.SelfUse()) == "applied"
    beats = len(device.heartbeats)
    await bench.wait(1200)
    assert (bench.vendor.truth()[MODE], len(device.heartbeats)) == (0, beats)


async def test_a_device_that_another_leads_is_left_to_him(make: Make) -> None:
    bench = await led(make)
    bench.vendor.device.write_as_app(p10003=4, p10017=1000)
    await bench.read()
    with pytest.raises(bench.words.Refusal, match="led_by_other"):
        await bench.give(charge(bench, 2400))
    assert bench.vendor.truth()[MODE] == 4
    await bench.wait(600)
    assert (bench.sent, bench.leases) == (0, [])


async def test_a_mode_that_falls_back_beats_no_more(make: Make) -> None:
    bench = await led(make)
    device = bench.vendor.device
    assert await bench.outcome(dispatch(bench)) == "applied"
    device.write_as_app(p10003=0)
    await bench.read()
    beats = len(device.heartbeats)
    await bench.wait(900)
    assert (len(device.heartbeats), bench.vendor.truth()[MODE]) == (beats, 0)


async def test_an_export_limit_in_percent_is_stored_and_obeyed(make: Make) -> None:
    bench = await led(make)
    bench.vendor.house().override(pv_w=9000, load_w=500, soc=100)
    limit = bench.words.SetExportLimit(percent=40)
    assert await bench.outcome(limit) == "applied"
    stored = bench.vendor.truth()
    assert (stored[LIMITED], stored[RATIO]) == (170, 400)
    await bench.wait(120)
    assert bench.battery().grid >= -4001
    assert await bench.outcome(limit) == "unchanged"
    assert await bench.outcome(bench.words.SetExportLimit()) == "applied"
    await bench.wait(120)
    assert bench.battery().grid < -6000


async def test_a_leftover_command_does_not_come_back(make: Make) -> None:
    """Whoever sets the mode later would charge at once (6.3)."""
    bench = await led(make)
    bench.vendor.device.write_as_app(p10004=170)
    assert await bench.outcome(charge(bench, 2400)) == "applied"
    await bench.wait(1800)
    stored = bench.vendor.truth()
    assert (stored[MODE], stored[COMMAND], bench.leases) == (0, 204, [])
