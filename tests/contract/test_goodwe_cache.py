"""The cloud's cache of registers is no reading of the device (reference section 6.2)."""

import asyncio
from typing import Any

import pytest

from .bench import Bench
from .benches import BY_NAME
from .conftest import Make

V3 = BY_NAME["goodwe-v3"]
CHARGE = V3.cases[0]
SWITCH = "47545"


def _shows(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, value: int, of: str = SWITCH
) -> None:
    """Have the cache show an old value of a register."""
    controls = bench.vendor.controls
    register = controls.register

    def cached(address: str) -> Any:
        return value if address == of else register(address)

    monkeypatch.setattr(controls, "register", cached)


def _switch(bench: Bench) -> Any:
    return bench.vendor.controls.settings.stored[SWITCH]


async def test_a_charge_that_the_cache_never_shows_is_ended(make: Make) -> None:
    bench = await make(V3)
    controls = bench.vendor.controls
    controls.switches.stale_cache = True
    assert await bench.outcome(CHARGE.intent(bench)) == "unverified"
    await bench.wait(40 * 60)
    assert (_switch(bench), bench.leases) == (0, [])
    controls.switches.stale_cache = False
    await bench.wait(10 * 60)
    assert bench.battery().power > -100


async def test_a_start_that_nobody_saw_arrive_is_ended(make: Make) -> None:
    """HA died while it was on its way, and the cache shows nothing of it."""
    bench = await make(V3)
    controls = bench.vendor.controls
    before = bench.truth()
    controls.switches.stale_cache = True
    effects = len(bench.effects)
    order = asyncio.ensure_future(bench.give(CHARGE.intent(bench, 20)))
    while len(bench.effects) < effects + 3:
        await bench.wait(1, polls=False)
    assert bench.truth() != before
    bench.kill()
    order.cancel()
    await bench.boot()
    await bench.wait(40 * 60)
    assert (_switch(bench), bench.leases) == (0, [])


@pytest.mark.parametrize(("register", "old"), [(SWITCH, 0), ("47546", 100)])
async def test_an_old_value_of_the_cache_ends_no_lease(
    make: Make, monkeypatch: pytest.MonkeyPatch, register: str, old: int
) -> None:
    bench = await make(V3)
    before = bench.truth()
    assert await bench.outcome(CHARGE.intent(bench, 60)) == "applied"
    with monkeypatch.context() as patch:
        _shows(bench, patch, old, register)
        await bench.read()
        await bench.idle()
        await bench.wait(90)
    assert bench.leases == ["mode"]
    await bench.wait(70 * 60)
    assert (bench.truth(), bench.leases) == (before, [])
    assert "external" not in bench.event_types()


async def test_a_charge_that_the_cache_shows_already_is_begun(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the app, which the device has ended long ago."""
    bench = await make(V3)
    _shows(bench, monkeypatch, 1)
    await bench.read()
    assert await bench.outcome(CHARGE.intent(bench)) == "applied"
    assert _switch(bench) == 1
    await bench.wait(40 * 60)
    assert (_switch(bench), bench.leases) == (0, [])


@pytest.mark.parametrize(("soc", "target"), [(80, 80), (100, None)])
async def test_a_charge_that_the_device_ends_is_taken_for_nobody_elses(
    make: Make, soc: float, target: float | None
) -> None:
    bench = await make(V3)
    controls = bench.vendor.controls
    controls.write_as_app({"47603": 40, "47546": 77})
    await bench.read()
    before = bench.truth()
    await bench.give(
        bench.words.ForceCharge(until=bench.after(60), power=2000, target_soc=target)
    )
    controls.write_as_app({SWITCH: 0})
    await bench.read()
    await bench.idle()
    bench.vendor.house().override(soc=soc)
    await bench.wait(10 * 60)
    assert ("target_reached" in bench.event_types()) == (target is not None)
    assert "external" not in bench.event_types()
    assert "not_following" not in bench.event_types()
    await bench.wait(60 * 60)
    assert (bench.truth(), bench.leases) == (before, [])
