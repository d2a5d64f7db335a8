"""What a driver offers and refuses, and what it sees (reference 6.1 to 6.5)."""

from dataclasses import replace
from datetime import timedelta
import json
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    BadDataError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.sungrow_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Kind,
    SelfUse,
    SetExportLimit,
    SetMode,
)
from custom_components.sungrow_energy._vendor.core.control.outcome import Refusal

from .orders import carry_out, charge, edits, the_mode
from .rig import HYBRID, Rig

NO_BATTERY = "hybrid_without_battery"


async def test_a_hybrid_without_a_battery_is_never_led() -> None:
    rig = Rig(NO_BATTERY)
    driver = rig.hybrid()
    settings = await driver.read()
    assert driver.capabilities.intents == {Kind.SET_VALUES, Kind.SET_EXPORT_LIMIT}
    for key, value in (
        ("energy_management_mode", "forced"),
        ("charge_discharge_command", "charge"),
        ("forced_charging", True),
        ("soc_lower_limit", 10),
    ):
        with pytest.raises(Refusal, match="no_battery"):
            driver.plan(edits(**{key: value}), settings, rig.clock.now())
    assert "feed_in_limitation" in {one.key for one in driver.parameters}
    assert "soc_lower_limit" not in {one.key for one in driver.parameters}


async def test_what_cannot_be_read_back_is_not_offered() -> None:
    rig = Rig()
    rig.device.switches.allowed = False
    driver = rig.hybrid()
    with pytest.raises(BadDataError):
        await driver.read()
    assert driver.capabilities.intents == {Kind.SET_VALUES}
    assert driver.parameters == []


async def test_an_export_limit_of_a_logger_is_not_set_on_the_inverter() -> None:
    rig = Rig()
    rig.by_logger = True
    driver = rig.hybrid()
    settings = await driver.read()
    assert Kind.SET_EXPORT_LIMIT not in driver.capabilities.intents
    with pytest.raises(Refusal, match="export_by_logger"):
        driver.plan(edits(feed_in_limitation=True), settings, rig.clock.now())


@pytest.mark.parametrize(
    ("soc", "upper", "target", "key"),
    [
        (90.0, 1000, 80.0, "soc_above_target"),
        (50.0, 800, 90.0, "target_above_limit"),
        (85.0, 800, None, "soc_at_limit"),
    ],
)
async def test_charging_that_cannot_be_is_refused(
    soc: float, upper: int, target: float | None, key: str
) -> None:
    rig = Rig()
    rig.soc = soc
    rig.device.write_as_app(p10001=upper)
    driver = rig.hybrid()
    until = rig.clock.now() + timedelta(hours=1)
    intent = ForceCharge(until=until, target_soc=target)
    settings = await driver.read()
    with pytest.raises(Refusal, match=key):
        driver.plan(intent, settings, rig.clock.now())


async def test_a_choice_that_the_device_lacks_is_refused() -> None:
    rig = Rig()
    driver = rig.hybrid()
    settings = await driver.read()
    with pytest.raises(Refusal, match="unknown_mode"):
        driver.plan(edits(reactive_power_mode="magic"), settings, rig.clock.now())


@pytest.mark.parametrize(
    ("power", "status", "expected"),
    [
        (-2400.0, "forced_mode", True),
        (-100.0, "running", False),
        (-100.0, None, False),
        (-2400.0, "running", False),
        (-2400.0, None, True),
    ],
)
async def test_following_is_seen_by_power_and_status(
    power: float, status: str | None, expected: bool
) -> None:
    rig = Rig()
    rig.power, rig.status = power, status
    driver = rig.hybrid()
    await driver.read()
    assert driver.following(charge(rig), rig.observe()) is expected


async def test_a_full_battery_that_is_not_even_in_the_mode_does_not_follow() -> None:
    rig = Rig()
    rig.soc = 100.0
    driver = rig.hybrid()
    await driver.read()
    assert driver.following(charge(rig), rig.observe()) is False
    rig.status = "forced_mode"
    assert driver.following(charge(rig), rig.observe()) is None


async def test_a_forgotten_force_is_told_by_its_mode() -> None:
    rig = Rig()
    driver = rig.hybrid()
    rig.device.write_as_app(p10003=2, p10004=170)
    settings = await driver.read()
    assert driver.forced(settings, {"energy_management_mode": "forced"}) == {
        "energy_management_mode": "self_consumption",
        "charge_discharge_command": "stop",
    }
    assert driver.forced(settings, {}) == {}


async def test_a_mode_of_the_vendor_comes_with_a_heartbeat() -> None:
    rig = Rig()
    driver = rig.hybrid()
    await carry_out(rig, driver, SetMode(mode="external_dispatch"))
    assert rig.stored(10003) == 3
    assert rig.stored(10017) == 300
    assert driver.heartbeat.wanted
    assert [set(rows) for rows in rig.api.written] == [{"10003", "10004", "10017"}]
    await carry_out(rig, driver, SelfUse())
    assert not driver.heartbeat.wanted


@pytest.mark.parametrize(("home", "device_type"), [("hybrid", HYBRID), ("string", 1)])
async def test_a_reboot_is_one_task(home: str, device_type: int) -> None:
    rig = Rig(home, device_type)
    driver = rig.hybrid() if device_type == HYBRID else rig.settings()
    await driver.reboot()
    assert rig.api.written == [{"10011": "174"}]


@pytest.mark.parametrize("task", ["stuck", "timeout"])
async def test_an_inverter_that_starts_again_answers_nothing(task: Any) -> None:
    rig = Rig()
    rig.device.switches.task = task
    await rig.hybrid().reboot()
    assert rig.api.written == [{"10011": "174"}]


async def test_a_reboot_that_was_refused_is_told() -> None:
    rig = Rig()
    rig.device.switches.row_fails = True
    with pytest.raises(WriteRejected):
        await rig.hybrid().reboot()


async def test_a_reboot_that_may_not_have_arrived_is_told() -> None:
    rig = Rig()
    rig.api.fails = [WriteUnknown("gone")]
    with pytest.raises(WriteUnknown):
        await rig.hybrid().reboot()


async def test_a_force_of_our_own_may_be_changed_over_a_mode_of_ours() -> None:
    """Without its lease the device would be led again; not by another, though."""
    rig = Rig()
    driver = rig.hybrid()
    await driver.read()
    rig.device.write_as_app(p10003=3)
    settings = await driver.read()
    with pytest.raises(Refusal, match="led_by_other"):
        driver.plan(charge(rig), settings, rig.clock.now())
    leased = replace(settings, leased={"energy_management_mode": "forced"})
    plan = driver.plan(charge(rig), leased, rig.clock.now())
    assert plan.target["energy_management_mode"] == "forced"


async def test_a_pv_inverter_has_no_driver_of_a_battery() -> None:
    rig = Rig("string", 1)
    driver = rig.settings()
    await driver.read()
    assert driver.capabilities.intents == {Kind.SET_VALUES, Kind.SET_EXPORT_LIMIT}
    assert rig.device.type != HYBRID
    keys = {one.key for one in driver.parameters}
    assert "energy_management_mode" not in keys
    assert "active_power_limit_ratio" in keys


async def test_a_logger_takes_its_export_limit_as_one_and_percent() -> None:
    rig = Rig("string", 9)
    driver = rig.settings()
    before = await driver.read()
    plan = driver.plan(SetExportLimit(percent=60.0), before, rig.clock.now())
    (step,) = driver.steps(plan.target, before)
    await driver.apply(step, before, {})
    assert rig.api.written == [{"10012": "1", "10014": "600"}]
    assert (await driver.read()).shows(plan.target)
    with pytest.raises(Refusal, match="export_percent_only"):
        driver.plan(SetExportLimit(power=3000.0), before, rig.clock.now())


async def test_what_is_stored_is_known_before_the_device_is_asked() -> None:
    rig = Rig()
    before = rig.hybrid()
    raw = await before.fetch()
    after = rig.hybrid()
    assert after.options(the_mode()) == ()
    found = after.decode(json.loads(json.dumps(raw)), rig.clock.now())
    assert found.values == before.decode(raw, rig.clock.now()).values
    assert after.leads
    assert after.options(the_mode()) == (
        "self_consumption",
        "forced",
        "external_dispatch",
        "vpp",
    )
    with pytest.raises(BadDataError):
        after.decode({"param_list": "soon"}, rig.clock.now())


async def test_a_device_that_fails_the_check_is_not_controlled() -> None:
    rig = Rig()
    assert await rig.hybrid().check()
    rig.device.switches.check = "0"
    assert not await rig.hybrid().check()


async def test_an_unknown_mode_of_the_vendor_is_refused() -> None:
    rig = Rig()
    driver = rig.hybrid()
    settings = await driver.read()
    with pytest.raises(Refusal, match="unknown_mode"):
        driver.plan(SetMode(mode="turbo"), settings, rig.clock.now())


@pytest.mark.parametrize(
    ("soc", "lower", "target", "key"),
    [
        (30.0, 50, 40.0, "soc_below_target"),
        (50.0, 200, 10.0, "target_below_reserve"),
        (20.0, 200, None, "soc_at_reserve"),
    ],
)
async def test_discharging_that_cannot_be_is_refused(
    soc: float, lower: int, target: float | None, key: str
) -> None:
    rig = Rig()
    rig.soc = soc
    rig.device.write_as_app(p10002=lower)
    driver = rig.hybrid()
    until = rig.clock.now() + timedelta(hours=1)
    intent = ForceDischarge(until=until, target_soc=target)
    settings = await driver.read()
    with pytest.raises(Refusal, match=key):
        driver.plan(intent, settings, rig.clock.now())
