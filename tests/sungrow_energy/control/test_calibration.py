"""Power is never more than was asked, whatever was known before (reference 6.1)."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    TransportError,
    WriteRejected,
    WriteUnverified,
)
from custom_components.sungrow_energy._vendor.core.control.driver import Settings
from custom_components.sungrow_energy._vendor.core.control.intent import (
    SelfUse,
    SetExportLimit,
    Values,
)
from custom_components.sungrow_energy.control.sungrow_driver import SungrowDriver

from .orders import carry_out, charge, edits, unreadable
from .rig import Rig

MODE, COMMAND, POWER, EXPORT, LIMIT = 10003, 10004, 10005, 10012, 10013


def most_while_forced(rig: Rig) -> int:
    """Return the most power that was ever set while the battery was led."""
    return max(one.after[POWER] for one in rig.device.effects if one.after[MODE] == 2)


def limits(rig: Rig) -> list[int]:
    """Return what the limit of the export was, one after the other."""
    found = [one.after for one in rig.device.effects]
    return [one[LIMIT] for one in found if one[EXPORT] == 170]


async def exported(rig: Rig, power: float) -> SungrowDriver:
    """Return a driver that has found out the scale of an export limit."""
    rig.device.switches.power_precision = "none"
    rig.device.write_as_app(p10012=170, p10013=8000)
    driver = rig.hybrid()
    await carry_out(rig, driver, SetExportLimit(power=power))
    rig.device.effects.clear()
    rig.api.submitted.clear()
    await rig.clock.sleep(300)
    return driver


def counts_otherwise(rig: Rig) -> None:
    rig.device.switches.power_raw = "0.01kW"


@pytest.mark.parametrize(
    ("display", "precision"), [("W", "1"), ("kW", "none"), ("kW", "0.01")]
)
async def test_a_scale_that_has_changed_never_forces_more_than_was_asked(
    display: Any, precision: Any
) -> None:
    rig = Rig()
    switches = rig.device.switches
    switches.power_display, switches.power_precision = display, precision
    driver = rig.hybrid()
    await carry_out(rig, driver, charge(rig, 2500.0))
    await carry_out(rig, driver, SelfUse())
    rig.device.effects.clear()
    counts_otherwise(rig)
    after = await carry_out(rig, driver, charge(rig, 500.0))
    assert rig.stored(POWER) == 500
    assert after.values["charge_discharge_power"] == 500
    assert most_while_forced(rig) == 500


async def test_a_running_force_is_changed_by_a_scale_of_this_run_only() -> None:
    rig = Rig()
    rig.device.switches.power_precision = "none"
    await carry_out(rig, rig.hybrid(), charge(rig, 2500.0))
    rig.device.effects.clear()
    counts_otherwise(rig)
    restarted = rig.hybrid()
    await carry_out(rig, restarted, charge(rig, 500.0))
    assert rig.stored(POWER) == 500
    assert most_while_forced(rig) == 500
    rig.api.submitted.clear()
    await carry_out(rig, restarted, charge(rig, 700.0))
    assert len(rig.api.written) == 1


async def test_another_device_of_the_model_is_tried_anew() -> None:
    rig, other = Rig(), Rig()
    for one in (rig, other):
        one.device.switches.power_precision = "none"
    await carry_out(rig, rig.hybrid(), charge(rig, 2500.0))
    other.notes.update(rig.notes)
    counts_otherwise(other)
    other.serial = "A2290000000"
    await carry_out(other, other.hybrid(), charge(other, 500.0))
    assert most_while_forced(other) == 500
    assert other.stored(POWER) == 500


async def test_a_limit_in_force_is_tried_again_after_a_restart() -> None:
    rig = Rig()
    await exported(rig, 5000)
    counts_otherwise(rig)
    await carry_out(rig, rig.hybrid(), SetExportLimit(power=600))
    assert rig.stored(LIMIT) == 600
    assert max(limits(rig)) == 600


async def test_a_limit_in_force_is_tried_again_after_new_firmware() -> None:
    rig = Rig()
    rig.firmware = "ARM 01"
    driver = await exported(rig, 5000)
    counts_otherwise(rig)
    rig.firmware = "ARM 02"
    await carry_out(rig, driver, SetExportLimit(power=600))
    assert rig.stored(LIMIT) == 600
    assert max(limits(rig)) == 600


async def test_a_unit_that_has_changed_is_found_out_anew() -> None:
    rig = Rig()
    driver = await exported(rig, 5000)
    counts_otherwise(rig)
    rig.device.switches.power_display = "kW"
    await carry_out(rig, driver, SetExportLimit(power=600))
    assert max(limits(rig)) == 600


async def test_what_reads_above_what_was_written_is_taken_down_at_once() -> None:
    """Nothing has told that the device counts otherwise now."""
    rig = Rig()
    driver = await exported(rig, 5000)
    counts_otherwise(rig)
    await carry_out(rig, driver, SetExportLimit(power=600))
    assert rig.stored(LIMIT) == 600
    assert (await driver.read()).values["feed_in_limitation_value"] == 600
    rig.device.effects.clear()
    await rig.clock.sleep(300)
    await carry_out(rig, driver, SetExportLimit(power=700))
    assert rig.stored(LIMIT) == 700
    assert max(limits(rig)) == 700


async def test_what_others_set_above_it_later_is_theirs() -> None:
    rig = Rig()
    driver = await exported(rig, 5000)
    rig.device.write_as_app(p10013=9000)
    assert (await driver.read()).values["feed_in_limitation_value"] == 9000
    assert rig.api.written == []


async def test_a_limit_that_is_off_is_set_before_it_is_on() -> None:
    rig = Rig()
    driver = await exported(rig, 5000)
    rig.device.write_as_app(p10012=85)
    rig.device.effects.clear()
    counts_otherwise(rig)
    await carry_out(rig, driver, SetExportLimit(power=600))
    assert limits(rig) == [600]


async def test_a_small_power_is_sent_by_the_smallest_scale() -> None:
    """Too little to try: it is less than was asked, and not nothing at all."""
    rig = Rig()
    rig.device.switches.power_display = "kW"
    rig.device.switches.power_precision = "none"
    rig.device.write_as_app(p10012=170, p10013=8000)
    await carry_out(rig, rig.hybrid(), SetExportLimit(power=20))
    assert rig.api.written == [{"10013": "2"}]


async def test_what_was_stored_is_no_readback() -> None:
    """Reference 6.1, 4: no power without a readback since the start."""
    rig = Rig()
    raw = await rig.hybrid().fetch()
    driver = rig.hybrid()
    known = driver.decode(raw, rig.clock.now())
    plan = driver.plan(charge(rig), known, rig.clock.now())
    (step,) = driver.steps(plan.target, known)
    with pytest.raises(WriteRejected) as info:
        await driver.apply(step, known, {})
    assert info.value.reason == "settings_incomplete"
    assert rig.api.written == []


BACK: Values = {
    "energy_management_mode": "self_consumption",
    "charge_discharge_command": "stop",
    "charge_discharge_power": 20,
}


async def _forced(rig: Rig) -> tuple[SungrowDriver, Settings]:
    rig.device.switches.power_display = "kW"
    rig.device.switches.power_precision = "none"
    driver = rig.hybrid()
    await carry_out(rig, driver, charge(rig))
    for key in [key for key in rig.notes if key.startswith("scale/")]:
        rig.notes.set(key, None)
    rig.api.submitted.clear()
    return driver, await driver.read()


async def test_a_power_of_unknown_scale_is_no_part_of_the_way_back() -> None:
    rig = Rig()
    driver, settings = await _forced(rig)
    changes = driver.restorable(BACK, settings)
    assert "charge_discharge_power" not in changes
    assert changes["energy_management_mode"] == "self_consumption"


async def test_the_battery_is_let_go_before_any_power_is_tried() -> None:
    rig = Rig()
    driver, settings = await _forced(rig)
    (step,) = driver.steps(BACK, settings)
    rig.device.switches.power_raw = "0.01kW"
    await driver.apply(step, settings, {})
    assert rig.api.written[0] == {"10003": "0", "10004": "204"}
    assert rig.stored(MODE) == 0


async def test_a_put_back_does_not_wait_for_the_flash() -> None:
    rig = Rig()
    driver = rig.hybrid()
    before = await driver.read()
    after = await carry_out(rig, driver, edits(soc_lower_limit=20))
    changes = driver.restorable({"soc_lower_limit": 5}, after)
    for step in driver.steps(changes, before):
        await driver.apply(step, after, {})
    first, second = rig.device.writes
    assert second.at - first.at < timedelta(seconds=30)
    # What is asked for after it has no such right.
    await carry_out(rig, driver, edits(soc_lower_limit=20))
    assert rig.device.writes[2].at - second.at >= timedelta(seconds=60)


async def test_nothing_is_kept_for_writes_while_the_flash_rests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rig = Rig()
    driver = rig.hybrid()
    await carry_out(rig, driver, edits(soc_lower_limit=20))
    sleep, waits = rig.clock.sleep, list[float]()

    async def watched(seconds: float) -> None:
        if rig.budget.open:
            waits.append(seconds)
        await sleep(seconds)

    monkeypatch.setattr(rig.clock, "sleep", watched)
    await carry_out(rig, driver, edits(soc_lower_limit=25))
    assert waits
    assert max(waits) < 20


async def test_a_limit_that_was_nothing_gets_its_value_back_when_it_is_off() -> None:
    """Nothing told its scale: the switch goes first, and then it is tried."""
    rig = Rig()
    rig.device.write_as_app(p10012=85, p10013=8000)
    driver = rig.hybrid()
    after = await carry_out(rig, driver, SetExportLimit(power=0))
    rig.api.submitted.clear()
    changes: Values = {"feed_in_limitation": False, "feed_in_limitation_value": 8000}
    changes = driver.restorable(changes, after)
    (step,) = driver.steps(changes, after)
    await driver.apply(step, after, {})
    assert rig.api.written[0] == {"10012": "85"}
    assert rig.stored(LIMIT) == 8000


async def _in_watts(rig: Rig) -> SungrowDriver:
    """Return a driver that knows its scale, of a battery that is free."""
    driver = rig.hybrid()
    await carry_out(rig, driver, charge(rig))
    await carry_out(rig, driver, SelfUse())
    rig.api.submitted.clear()
    return driver


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ("ignored", WriteUnverified),
        ("lost", TransportError),
        ("unreadable", WriteRejected),
    ],
)
async def test_a_power_that_is_not_seen_begins_no_force(
    monkeypatch: pytest.MonkeyPatch, trouble: str, error: type[Exception]
) -> None:
    rig = Rig()
    driver = await _in_watts(rig)
    settings = await driver.read()
    plan = driver.plan(charge(rig, 3000.0), settings, rig.clock.now())
    (step,) = driver.steps(plan.target, settings)
    if trouble == "unreadable":
        unreadable(rig, monkeypatch)
    else:
        rig.device.switches.executes = False
    if trouble == "lost":
        rig.api.look_fails = [TransportError("gone")] * 40
    with pytest.raises(error):
        await driver.apply(step, settings, {})
    assert all("10003" not in rows for rows in rig.api.written)


@pytest.mark.parametrize("trouble", ["cut down", "unreadable"])
async def test_nothing_keeps_our_power_from_being_taken_back(
    monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """The owner's own force follows ours: by less than was theirs, if need be."""
    rig = Rig()
    rig.device.switches.power_display = "kW"
    rig.device.switches.power_precision = "none"
    rig.device.write_as_app(p10003=2, p10004=187, p10005=500)
    await carry_out(rig, rig.hybrid(), charge(rig, 5000.0))
    rig.api.submitted.clear()
    restarted = rig.hybrid()
    settings = await restarted.read()
    back: Values = {
        "charge_discharge_command": "discharge",
        "charge_discharge_power": 500,
    }
    changes = restarted.restorable(back, settings)
    (step,) = restarted.steps(changes, settings)
    if trouble == "unreadable":
        unreadable(rig, monkeypatch)
    else:
        rig.device.switches.executes = False
    await restarted.apply(step, settings, {})
    last = rig.api.written[-1]
    assert last["10004"] == "187"
    assert last["10005"] == "50"
