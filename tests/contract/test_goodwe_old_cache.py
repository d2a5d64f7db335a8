"""An old answer of the cloud's cache (reference section 6.2) takes no lease away."""

from collections.abc import Mapping
from typing import Any

import pytest

from .bench import Bench
from .benches import BY_NAME
from .conftest import Make

V3 = BY_NAME["goodwe-v3"]
SWITCH, SOC, POWER, RESERVE, EXPORT, EXPORT_POWER = (
    *("47545", "47546", "47603"),
    *("45356", "47509", "47510"),
)
OF_CHARGE = {SOC: 90, POWER: 100, SWITCH: 0}


async def _shows_for_a_while(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, old: Mapping[str, Any]
) -> None:
    """Have the cache show values of before the lease, for longer than between reads."""
    controls = bench.vendor.controls
    register = controls.register
    with monkeypatch.context() as patch:
        patch.setattr(controls, "register", lambda at: old.get(at, register(at)))
        await bench.wait(12 * 60)


async def _charge(bench: Bench, minutes: float, **wanted: float) -> None:
    intent = bench.words.ForceCharge(until=bench.after(minutes), **wanted)
    assert await bench.outcome(intent) == "applied"


async def _ends_as_before(bench: Bench, before: str) -> None:
    assert "external" not in bench.event_types()
    await bench.wait(80 * 60)
    assert (bench.truth(), bench.leases) == (before, [])
    assert "external" not in bench.event_types()


@pytest.mark.parametrize("killed", [False, True])
async def test_a_charge_is_ended(
    make: Make, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    bench = await make(V3)
    bench.vendor.controls.write_as_app(OF_CHARGE)
    await bench.read()
    before = bench.truth()
    await _charge(bench, 60, power=2000, target_soc=80)
    await bench.wait(300)
    if killed:
        bench.kill()
        await bench.boot()
    await _shows_for_a_while(bench, monkeypatch, OF_CHARGE)
    await _ends_as_before(bench, before)


async def test_a_charge_that_was_changed_is_ended(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await make(V3)
    bench.vendor.controls.write_as_app(OF_CHARGE)
    await bench.read()
    before = bench.truth()
    await _charge(bench, 60, power=2000, target_soc=80)
    await bench.wait(300)
    await _charge(bench, 40, power=5000, target_soc=85)
    await bench.wait(120)
    await _shows_for_a_while(bench, monkeypatch, OF_CHARGE)
    await _ends_as_before(bench, before)


@pytest.mark.parametrize(
    ("old", "intent", "wanted"),
    [
        ({RESERVE: 10}, "SetReserve", {"soc": 40}),
        ({EXPORT: 0, EXPORT_POWER: 5000}, "SetExportLimit", {"power": 0}),
    ],
)
@pytest.mark.parametrize("minutes", [2, 50])
async def test_a_setting_for_a_while_is_put_back(
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
    old: Mapping[str, Any],
    intent: str,
    wanted: Mapping[str, float],
    minutes: float,
) -> None:
    """Also if the cache shows that it were already, at its very end."""
    bench = await make(V3)
    bench.vendor.controls.write_as_app(old)
    await bench.read()
    before = bench.truth()
    order = getattr(bench.words, intent)(until=bench.after(60), **wanted)
    assert await bench.outcome(order) == "applied"
    await bench.wait(minutes * 60)
    await _shows_for_a_while(bench, monkeypatch, old)
    await _ends_as_before(bench, before)


async def test_what_somebody_else_has_set_stays(make: Make) -> None:
    bench = await make(V3)
    bench.vendor.controls.write_as_app({RESERVE: 10})
    await bench.read()
    await bench.give(bench.words.SetReserve(soc=50))
    await bench.wait(120)
    order = bench.words.SetReserve(soc=40, until=bench.after(60))
    assert await bench.outcome(order) == "applied"
    await bench.wait(120)
    # As it was before our own durable change: that is not what the cache may show
    bench.vendor.controls.write_as_app({RESERVE: 10})
    await bench.wait(80 * 60)
    assert "external" in bench.event_types()
    assert bench.vendor.controls.settings.stored[RESERVE] == 10
