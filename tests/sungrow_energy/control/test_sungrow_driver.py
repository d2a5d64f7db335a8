"""The driver of a hybrid on the simulator (reference sections 6.1 to 6.5)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    TransportError,
    WriteRejected,
)
from custom_components.sungrow_energy._vendor.core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Intent,
    SelfUse,
    SetExportLimit,
    SetLimits,
    SetReserve,
    Values,
)
from custom_components.sungrow_energy.control.catalogue import find
from custom_components.sungrow_energy.controls import END_TIMEOUT

from .orders import carry_out, charge, edits
from .rig import Rig


@pytest.mark.parametrize("precise", [True, False], ids=["precision", "no_precision"])
async def test_95_percent_is_95_percent(precise: bool) -> None:
    rig = Rig()
    rig.device.switches.set_precision = precise
    after = await carry_out(rig, rig.hybrid(), edits(soc_upper_limit=95))
    assert rig.api.written == [{"10001": "950"}]
    assert rig.stored(10001) == 950
    assert after.values["soc_upper_limit"] == 95


@pytest.mark.parametrize("raw", ["W", "0.01kW"])
@pytest.mark.parametrize(
    ("display", "precision"),
    [("W", "1"), ("W", "none"), ("W", "0.01"), ("kW", "0.01"), ("kW", "none")],
)
async def test_power_is_what_was_asked_whatever_the_device_counts_in(
    raw: Any, display: Any, precision: Any
) -> None:
    rig = Rig()
    switches = rig.device.switches
    switches.power_raw, switches.power_display = raw, display
    switches.power_precision = precision
    driver = rig.hybrid()
    after = await carry_out(rig, driver, charge(rig))
    assert rig.stored(10005) == 2500
    assert after.values["charge_discharge_power"] == 2500
    assert all(
        effect.after[10005] <= 2500 or effect.after[10005] == effect.before[10005]
        for effect in rig.device.effects
    )
    # It is tried once only.
    rig.api.submitted.clear()
    await carry_out(rig, driver, charge(rig, 3000.0))
    assert rig.stored(10005) == 3000
    assert len(rig.api.written) == 1


async def test_a_force_begins_with_its_power_alone() -> None:
    """Whatever the device makes of it does nothing yet."""
    rig = Rig()
    driver = rig.hybrid()
    await carry_out(rig, driver, charge(rig))
    await carry_out(rig, driver, SelfUse())
    rig.api.submitted.clear()
    await carry_out(rig, driver, charge(rig, 3000.0))
    assert rig.api.written == [
        {"10005": "3000"},
        {"10003": "2", "10004": "170", "10005": "3000"},
    ]


async def test_a_device_that_stores_nothing_is_given_no_power() -> None:
    rig = Rig()
    rig.device.switches.executes = False
    with pytest.raises(WriteRejected) as info:
        await carry_out(rig, rig.hybrid(), charge(rig))
    assert info.value.reason == "scale_unknown"
    assert all("10003" not in rows for rows in rig.api.written)


@pytest.mark.parametrize(
    ("kind", "command"), [(ForceCharge, "170"), (ForceDischarge, "187")]
)
async def test_a_force_is_one_task_of_mode_command_and_power(
    kind: Any, command: str
) -> None:
    rig = Rig()
    driver = rig.hybrid()
    until = rig.clock.now() + timedelta(hours=1)
    await carry_out(rig, driver, kind(until=until, power=2500.0))
    expected = {"10003": "2", "10004": command, "10005": "2500"}
    # The power has been tried before.
    assert rig.api.written[1:] == [expected]
    assert list(rig.api.written[1]) == ["10003", "10004", "10005"]


async def test_without_a_power_it_is_the_rated_one() -> None:
    rig = Rig()
    await carry_out(rig, rig.hybrid(), charge(rig, None))
    assert rig.stored(10005) == 10_000


async def test_the_way_back_names_mode_and_command() -> None:
    rig = Rig()
    driver = rig.hybrid()
    until = rig.clock.now() + timedelta(hours=1)
    await carry_out(rig, driver, Hold(until=until, block=HoldBlock.BOTH))
    await carry_out(rig, driver, SelfUse())
    assert rig.api.written == [
        {"10003": "2", "10004": "204"},
        {"10003": "0", "10004": "204"},
    ]


async def test_no_command_is_left_where_the_battery_is_let_go() -> None:
    rig = Rig()
    rig.device.write_as_app(p10004=187)
    driver = rig.hybrid()
    settings = await driver.read()
    back: Values = {
        "energy_management_mode": "self_consumption",
        "charge_discharge_command": "discharge",
    }
    assert driver.restorable(back, settings)["charge_discharge_command"] == "stop"
    settings = replace(
        settings, values={**settings.values, "charge_discharge_command": "charge"}
    )
    mode: Values = {"energy_management_mode": "self_consumption"}
    assert driver.restorable(mode, settings) == {
        **mode,
        "charge_discharge_command": "stop",
    }
    rig.device.write_as_app(p10003=2)
    settings = await driver.read()
    only: Values = {"charge_discharge_command": "discharge"}
    assert driver.restorable(only, settings) == only


async def test_after_a_write_only_what_was_written_is_read() -> None:
    rig = Rig()
    driver = rig.hybrid()
    await carry_out(rig, driver, edits(soc_lower_limit=20))
    assert rig.api.read[-1] == ["10002"]
    rig.api.submitted.clear()
    await driver.read()
    assert len(rig.api.read) == 4


async def test_what_others_change_meanwhile_is_seen_before_the_next_write() -> None:
    rig = Rig()
    driver = rig.hybrid()
    await carry_out(rig, driver, edits(soc_lower_limit=20))
    rig.device.write_as_app(p10001=800)
    assert (await driver.read()).values["soc_upper_limit"] == 80


@pytest.mark.parametrize(
    ("intent", "stored"),
    [
        (SetReserve(soc=20.4), {10002: 204}),
        (SetExportLimit(power=3000.0), {10012: 170, 10013: 3000}),
        (SetExportLimit(percent=60.0), {10012: 170, 10014: 600}),
        (SetExportLimit(), {10012: 85}),
        (
            SetLimits(charge_power=3005.0, discharge_power=2000.0),
            {10091: 300, 10092: 200},
        ),
    ],
    ids=["reserve", "export_watts", "export_percent", "unlimited", "limits"],
)
async def test_limits_are_stored_in_the_units_of_the_device(
    intent: Intent, stored: dict[int, int]
) -> None:
    rig = Rig()
    rig.device.write_as_app(p10012=85 if len(stored) > 1 else 170)
    await carry_out(rig, rig.hybrid(), intent)
    assert {code: rig.stored(code) for code in stored} == stored


async def test_the_same_setting_is_written_once_a_minute() -> None:
    rig = Rig()
    driver = rig.hybrid()
    await carry_out(rig, driver, edits(soc_lower_limit=20))
    await carry_out(rig, driver, edits(soc_lower_limit=25))
    first, second = rig.device.writes
    assert (second.at - first.at).total_seconds() >= 60


async def test_more_can_be_asked_for_than_is_read_regularly() -> None:
    rig = Rig()
    driver = rig.hybrid()
    await driver.read()
    time = find("10026")
    assert time is not None
    assert await driver.ask([time]) == {"soft_start_after_fault_time": 600}
    rig.device.write_as_app(p10026=650)
    with driver.including([time]):
        read = await driver.read()
        assert read.values["soft_start_after_fault_time"] == 650
        await carry_out(rig, driver, edits(soft_start_after_fault_time=700))
    assert rig.stored(10026) == 700
    rig.api.submitted.clear()
    await driver.fetch()
    assert "10026" not in {code for codes in rig.api.read for code in codes}


LEASED = frozenset(
    {"energy_management_mode", "charge_discharge_command", "charge_discharge_power"}
)


async def test_a_lease_needs_no_more_than_what_it_has_changed() -> None:
    """At its end little time may be left, and other codes may not be answered."""
    rig = Rig()
    told: list[Any] = []
    driver = rig.hybrid(on_read=lambda raw, at: told.append(raw))
    rig.device.switches.lacks = {"10002"}
    found = await driver.read_part(LEASED)
    assert [len(codes) for codes in rig.api.read] == [2, 1]
    assert found.values.keys() == LEASED
    # Nobody takes a part for all of it
    assert told == []
    await driver.read()
    assert len(told) == 1
    await driver.read_part(LEASED)
    assert told[1].keys() == told[0].keys()
    assert len(told[1]["param_list"]) == len(told[0]["param_list"])


async def test_a_lease_ends_in_the_time_that_a_removal_waits() -> None:
    """Each task may take 20 s (section 6.1), and nothing was read before."""
    rig = Rig()
    rig.device.write_as_app(p10003=2, p10004=170, p10005=2500)
    rig.device.switches.task_seconds = 20.0
    driver = rig.hybrid()
    settings = await driver.read_part(LEASED)
    changes = driver.restorable(
        {
            "energy_management_mode": "self_consumption",
            "charge_discharge_command": "stop",
        },
        settings,
    )
    for step in driver.steps(changes, settings):
        await driver.apply(step, settings, {})
    await driver.read()
    assert (rig.stored(10003), rig.stored(10004)) == (0, 204)
    assert rig.clock.elapsed <= END_TIMEOUT / 1.5


@pytest.mark.parametrize("key", sorted(LEASED))
async def test_a_part_without_one_of_its_keys_tells_the_others(key: str) -> None:
    rig = Rig()
    driver = rig.hybrid()
    parameter = find(key)
    assert parameter is not None
    rig.device.switches.lacks = {parameter.code}
    assert (await driver.read_part(LEASED)).values.keys() == LEASED - {key}


async def test_a_part_of_which_nothing_is_answered_is_none() -> None:
    rig = Rig()
    driver = rig.hybrid()
    rig.device.switches.task = "timeout"
    with pytest.raises(TransportError):
        await driver.read_part(LEASED)


async def test_what_is_silent_is_unknown_and_keeps_what_it_can_be() -> None:
    rig = Rig()
    driver = rig.hybrid()
    await driver.read()
    able = driver.capabilities
    rig.device.switches.silent = {"10003", "10005", "10013"}
    for _ in range(2):
        settings = await driver.read()
        assert settings.values.keys().isdisjoint(LEASED - {"charge_discharge_command"})
        assert "feed_in_limitation_value" not in settings.values
        assert driver.capabilities == able
        driver.support.forget()
    assert driver.leads
    # Also in the next run
    assert rig.hybrid().support.stays("10003")


@pytest.mark.parametrize("command", ["charge", "discharge"])
async def test_where_the_mode_is_unknown_what_goes_back_stops(command: str) -> None:
    """The command of before may mean a force in the mode that is set now."""
    rig = Rig()
    rig.device.write_as_app(p10003=2, p10004=170, p10005=2500)
    driver = rig.hybrid()
    rig.device.switches.silent = {"10003"}
    settings = await driver.read_part(LEASED)
    changes = {"charge_discharge_command": command, "charge_discharge_power": 500}
    assert driver.restorable(changes, settings) == {"charge_discharge_command": "stop"}


async def test_a_mode_that_is_not_read_once_ends_no_heartbeat() -> None:
    rig = Rig()
    driver = rig.hybrid()
    await carry_out(rig, driver, edits(energy_management_mode="external_dispatch"))
    rig.device.switches.lacks = {"10003"}
    driver.decode(await driver.fetch(), rig.clock.now())
    assert driver.heartbeat.wanted
    rig.device.switches.lacks = set()
    driver.decode(await driver.fetch(), rig.clock.now())
    assert driver.heartbeat.wanted
    assert driver.leads


async def test_a_trial_that_was_not_seen_sends_nothing_more() -> None:
    rig = Rig()
    driver = rig.hybrid()
    settings = await driver.read()
    plan = driver.plan(charge(rig), settings, rig.clock.now())
    (step,) = driver.steps(plan.target, settings)
    rig.device.switches.task = "timeout"
    with pytest.raises(WriteRejected):
        await driver.apply(step, settings, {})
    assert [list(rows) for rows in rig.api.written] == [["10005"]]
