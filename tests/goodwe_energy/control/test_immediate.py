"""Immediate charging: what is asked of it, and what is believed of it (section 6.2)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.client.errors import (
    TransportError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.goodwe_energy._vendor.core.control.driver import Plan, Range
from custom_components.goodwe_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
)
from custom_components.goodwe_energy._vendor.core.control.outcome import Refusal
from custom_components.goodwe_energy.control import plans
from custom_components.goodwe_energy.control.dialect import V3

from .rig import BERLIN, Notes, Rig
from .test_forces import NOON, _settings

PERCENT = Range(low=0, high=100)
SWITCH = {"immediate_charge": PERCENT}
SOC = {"immediate_charge_soc": Range(low=10, high=98)}
POWER = {"immediate_charge_power": Range(low=10, high=80)}


def _plan(
    listed: Mapping[str, Range],
    power: float | None = None,
    target: float | None = None,
    *,
    soc: float = 50,
    slots: bool = True,
) -> Plan:
    context = plans.Context(
        now=NOON, zone=BERLIN, dialect=V3, soc=soc, rated=10_000, immediate=listed
    )
    intent = ForceCharge(
        until=NOON + timedelta(hours=1), power=power, target_soc=target
    )
    base = _settings()
    return plans.charge(intent, base if slots else replace(base, values={}), context)


def _begins_at_once(plan: Plan) -> bool:
    return plan.target.get("immediate_charge") is True


def test_without_a_target_it_goes_as_far_as_the_device_lets_it() -> None:
    plan = _plan(SWITCH | SOC | POWER)
    assert plan.target == {
        "immediate_charge_soc": 98.0,
        "immediate_charge_power": 80.0,
        "immediate_charge": True,
    }
    assert plan.effective == {"target_soc": 98.0, "percent": 80.0, "power": 8000}


@pytest.mark.parametrize(
    ("listed", "asked"),
    [(SWITCH | SOC, {"power": 3000}), (SWITCH | POWER, {"target": 60})],
)
def test_what_immediate_charging_cannot_say_is_said_by_a_slot(
    listed: Mapping[str, Range], asked: Any
) -> None:
    plan = _plan(listed, **asked)
    assert list(plan.target) == ["tou_slot_1", "tou_mode"]
    # All else can be said at once
    assert _begins_at_once(_plan(listed))


def test_without_slots_only_a_power_that_cannot_be_told_is_refused() -> None:
    assert _begins_at_once(_plan(SWITCH, target=60, slots=False))
    with pytest.raises(Refusal) as caught:
        _plan(SWITCH | SOC, power=3000, slots=False)
    assert caught.value.key == "no_power_setting"


@pytest.mark.parametrize("power", [500, 9000])
def test_a_power_beyond_what_the_register_takes_is_refused(power: float) -> None:
    with pytest.raises(Refusal) as caught:
        _plan(SWITCH | SOC | POWER, power=power)
    assert caught.value.key == "power_range"
    assert (caught.value.placeholders["low"], caught.value.placeholders["high"]) == (
        "1000",
        "8000",
    )


@pytest.mark.parametrize(
    ("listed", "soc", "target"),
    [(SWITCH | SOC, 98, "98"), ({}, 100, "100"), (SWITCH, 100, "100")],
)
def test_a_full_battery_is_not_charged(
    listed: Mapping[str, Range], soc: float, target: str
) -> None:
    with pytest.raises(Refusal) as caught:
        _plan(listed, soc=soc)
    assert caught.value.key == "soc_above_target"
    assert caught.value.placeholders["target"] == target


async def test_what_is_not_listed_any_more_is_not_used() -> None:
    rig = Rig()
    base = await rig.read()
    discovery = rig.driver.discovery
    left = {
        key: one
        for key, one in discovery.found.functions.items()
        if not key.startswith("immediate")
    }
    discovery.found = replace(discovery.found, functions=left)
    intent = ForceCharge(until=rig.after(hours=1), power=3000)
    plan = rig.driver.plan(intent, base, rig.clock.now())
    assert "tou_mode" in plan.target
    assert "immediate_charge" not in plan.target


@pytest.mark.parametrize(
    ("home", "changes"),
    [("v1", {"OperationMode": 1}), ("hybrid", {"OffGridEnable": 1})],
)
@pytest.mark.parametrize("kind", [ForceCharge, ForceDischarge])
async def test_a_house_that_its_owner_has_cut_off_stays_so(
    home: str, changes: Any, kind: Any
) -> None:
    rig = Rig(home)
    rig.controls.write_as_app(changes)
    base = await rig.read()
    with pytest.raises(Refusal) as caught:
        rig.driver.plan(kind(until=rig.after(hours=1)), base, rig.clock.now())
    assert caught.value.key == "off_grid"


async def test_what_the_cloud_has_cached_of_it_is_not_believed() -> None:
    rig = Rig()
    rig.controls.write_as_app({"47545": 1})
    settings = await rig.read()
    # It may have ended long ago
    assert "immediate_charge" in settings.assumed
    assert "immediate_charge" not in settings.values
    assert rig.driver.has("immediate_charge")
    after = await rig.set({"immediate_charge": True})
    for cached in (0, 1):
        rig.controls.write_as_app({"47545": cached})
        after = await rig.driver.read()
        assert after.values["immediate_charge"] is True
        assert "immediate_charge" in after.assumed
    after = await rig.set({"immediate_charge": False})
    assert after.values["immediate_charge"] is False


class _Disk(Notes):
    """Knows how often it was saved."""

    saves = 0

    async def save(self) -> None:
        self.saves += 1


async def _begin(rig: Rig, error: Exception) -> None:
    settings = await rig.read()
    rig.cloud.error = error
    (step,) = rig.driver.steps({"immediate_charge": True}, settings)
    with pytest.raises(type(error)):
        await rig.driver.apply(step, settings, {})


async def test_a_start_that_was_refused_is_none() -> None:
    rig = Rig()
    await _begin(rig, WriteRejected("no"))
    assert (await rig.driver.read()).values["immediate_charge"] is False


async def test_a_start_without_an_answer_is_looked_for_and_then_taken_for_one() -> None:
    notes = _Disk()
    rig = Rig(notes=notes)
    await _begin(rig, WriteUnknown("no answer"))
    # It was on disk before it was sent: nobody could tell after a crash
    assert notes.saves > 0
    looked = await rig.driver.read()
    assert looked.values["immediate_charge"] is False
    assert "immediate_charge" not in looked.assumed
    await rig.clock.sleep(90)
    later = await rig.driver.read()
    assert later.values["immediate_charge"] is True
    assert "immediate_charge" in later.assumed


async def test_a_start_without_an_answer_that_is_seen_has_arrived() -> None:
    rig = Rig()
    await _begin(rig, WriteUnknown("no answer"))
    rig.controls.write_as_app({"47545": 1})
    assert (await rig.driver.read()).values["immediate_charge"] is True
    # An old value of the cache does not change that
    rig.controls.write_as_app({"47545": 0})
    assert (await rig.driver.read()).values["immediate_charge"] is True


async def test_a_start_that_is_not_sent_again_stays_in_doubt() -> None:
    rig = Rig()
    await _begin(rig, WriteUnknown("no answer"))
    await _begin(rig, TransportError("gone"))
    assert (await rig.driver.read()).values["immediate_charge"] is False
    await rig.clock.sleep(90)
    assert (await rig.driver.read()).values["immediate_charge"] is True


async def test_an_end_that_may_not_have_arrived_is_none() -> None:
    rig = Rig()
    settings = await rig.set({"immediate_charge": True})
    rig.cloud.error = WriteUnknown("no answer")
    (step,) = rig.driver.steps({"immediate_charge": False}, settings)
    with pytest.raises(WriteUnknown):
        await rig.driver.apply(step, settings, {})
    assert (await rig.driver.read()).values["immediate_charge"] is True


async def test_a_mark_of_it_is_left_until_its_end_was_acknowledged() -> None:
    rig = Rig()
    mark = {"immediate_charge": True}
    end = {"immediate_charge": False}
    rig.controls.write_as_app({"47545": 1})
    assert rig.driver.forced(await rig.read(), mark) == end
    settings = await rig.set({"immediate_charge": True})
    rig.controls.write_as_app({"47545": 0})
    assert rig.driver.forced(await rig.driver.read(), mark) == end
    settings = await rig.set({"immediate_charge": False})
    assert rig.driver.forced(settings, mark) == {}
