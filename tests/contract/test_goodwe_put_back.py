"""What an inverter of GoodWe does while its settings go back, and what it makes of them."""

from collections.abc import Mapping
from typing import Any

import pytest

from .benches import BY_NAME
from .conftest import Make

V3 = BY_NAME["goodwe-v3"]
ALL_DAY = {
    "TOUStart2": "00:00",
    "TOUEnd2": "23:59",
    "TOUWeekEnable2": 249,
    "TOUWeek2": list(range(7)),
    "TOUMonth2": list(range(12)),
    "ChargeDischargePW2": 1000,
    "ChargeCutOffSet2": 10,
}


async def test_the_power_of_before_comes_back_when_the_charge_is_over(
    make: Make,
) -> None:
    bench = await make(V3)
    bench.vendor.controls.write_as_app({"47603": 100, "47546": 90})
    await bench.read()
    await bench.give(
        bench.words.ForceCharge(until=bench.after(3), power=2000, target_soc=80)
    )
    bench.vendor.controls.switches.write_seconds = 5.0
    most = 0.0
    for _ in range(50):
        await bench.wait(5, polls=False)
        most = max(most, -bench.battery().power)
    assert 1800 < most < 2600
    assert bench.leases == []


async def test_slots_come_back_when_they_do_not_count_any_more(make: Make) -> None:
    bench = await make(V3)
    controls = bench.vendor.controls
    own = controls.settings.stored["TOU2"] | ALL_DAY
    controls.write_as_app({"TOU2": own, "TOUModeEnable": 0})
    await bench.read()
    before = bench.truth()
    await bench.give(
        bench.words.ForceDischarge(until=bench.after(3), power=2000, target_soc=20)
    )
    controls.switches.write_seconds = 20.0
    most = 0.0
    for _ in range(80):
        await bench.wait(5, polls=False)
        most = max(most, bench.battery().power)
    assert 1800 < most < 2600
    assert bench.leases == []
    assert bench.truth() == before


async def test_a_slot_of_which_the_device_makes_another_goes_back(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = await make(V3)
    before = bench.truth()
    controls = bench.vendor.controls
    put = controls.put

    def with_floor(changes: Mapping[str, Any], **how: Any) -> Any:
        """Store no discharge that goes below 20 %."""
        stored = {
            key: {**value, f"ChargeCutOffSet{key[3:]}": 20}
            if isinstance(value, dict) and value.get(f"TOUWeekEnable{key[3:]}") == 249
            else value
            for key, value in changes.items()
        }
        return put(stored, **how)

    monkeypatch.setattr(controls, "put", with_floor)
    given = await bench.outcome(
        bench.words.ForceDischarge(until=bench.after(30), power=3000, target_soc=12)
    )
    assert given == "applied"
    await bench.wait(3600)
    assert bench.leases == []
    assert bench.truth() == before
