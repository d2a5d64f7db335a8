"""Decoding of the wire, tolerant of firmware (sonnen.md section 3 and quirk 15)."""

from dataclasses import fields, is_dataclass
from datetime import datetime
import math
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.sonnen_energy.api.models import (
    BatteryInfo,
    Configurations,
    Inverter,
    IoItem,
    Latest,
    Meter,
    Status,
)

from . import samples

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=150)
EVENING = datetime(2026, 3, 10, 18, 0)


def assert_plain(value: Any) -> None:
    """Nothing that a state could not hold."""
    if isinstance(value, float):
        assert math.isfinite(value)
    if isinstance(value, str):
        value.encode()
    if isinstance(value, dict):
        for key, item in value.items():
            assert_plain(key)
            assert_plain(item)
    if isinstance(value, tuple):
        for item in value:
            assert_plain(item)
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            assert_plain(getattr(value, field.name))


def test_the_status_of_the_example_site() -> None:
    status = Status.from_wire(samples.STATUS)
    assert status.clock == EVENING
    assert (status.usable_soc, status.real_soc, status.reserve) == (65, 72, 20)
    assert (status.battery, status.feed_in) == (1200, 0)
    assert (status.consumption, status.consumption_average) == (1320, 1000)
    assert (status.mode, status.system_status) == ("2", "OnGrid")
    assert (status.charging, status.discharging) == (False, True)
    assert status.installed is True
    assert status.apparent_phases == (1210, None, None)
    assert status.flows["consumption_battery"] is True
    assert len(status.flows) == 6


def test_every_field_may_be_null_or_absent() -> None:
    """So says the official schema."""
    empty = Status.from_wire({})
    assert Status.from_wire(dict.fromkeys(samples.STATUS)) == empty
    assert {
        getattr(empty, field.name)
        for field in fields(empty)
        if field.name not in {"flows", "apparent_phases"}
    } == {None}


def test_the_health_of_the_example_site() -> None:
    latest = Latest.from_wire(samples.LATEST)
    assert (latest.set_point, latest.full_capacity) == (1195, 10000)
    assert (latest.clock, latest.utc_offset) == (EVENING, 1)
    assert (latest.modules, latest.seconds_since_full) == (2, 7200)
    assert (latest.bms_state, latest.inverter_state) == ("ready", "running")
    assert latest.control_state == "ongrid"
    assert (latest.led_brightness, latest.led_status) == (100, "0x01 - ONGRID_READY")
    assert [name for name, bit in latest.led.items() if bit] == ["Pulsing White"]
    assert "Brightness" not in latest.led
    assert latest.priority["Energy Manager"] is True
    assert latest.booting is False


@pytest.mark.parametrize("offset", [-13, 15, None, "x"])
def test_a_senseless_offset_is_none(offset: Any) -> None:
    assert Latest.from_wire({"UTC_Offet": offset}).utc_offset is None


def test_names_of_states_become_slugs() -> None:
    wire = {"ic_status": {"statebms": "not ready", "stateinverter": " Error "}}
    latest = Latest.from_wire(wire)
    assert (latest.bms_state, latest.inverter_state) == ("not_ready", "error")


@pytest.mark.parametrize(
    ("health", "booting"),
    [
        ({"timestamp": "Thu Jan 1 01:00:00 1970"}, True),
        ({"statecorecontrolmodule": "config"}, True),
        ({"statecorecontrolmodule": "init"}, True),
        ({"statecorecontrolmodule": "ongrid", "statebms": "not ready"}, True),
        ({"statebms": "init"}, True),
        ({"statebms": "error"}, False),
        ({"statecorecontrolmodule": "ongrid"}, False),
        ({}, False),
    ],
)
def test_a_start_is_recognised(health: dict[str, Any], booting: bool) -> None:
    assert Latest.from_wire({"RSOC": 0, "ic_status": health}).booting is booting


def test_no_charge_at_all_is_a_start() -> None:
    """There is always the hidden reserve (3.1)."""
    health = {"statecorecontrolmodule": "ongrid", "statebms": "ready"}
    for usoc, rsoc, booting in ((0, 0, True), (0, 6, False), (5, 0, False)):
        wire = {"USOC": usoc, "RSOC": rsoc, "ic_status": health}
        assert Latest.from_wire(wire).booting is booting


def test_a_configured_battery_that_runs_is_not_starting() -> None:
    wire = {"RSOC": 72, "ic_status": {"statecorecontrolmodule": "config"}}
    assert Latest.from_wire(wire).booting is False


def test_the_battery_of_the_example_site() -> None:
    info = BatteryInfo.from_wire(samples.BATTERY)
    assert (info.full_ah, info.full_wh, info.nominal_voltage) == (100, 10240, 102.4)
    assert (info.remaining_ah, info.usable_ah) == (72, 65)
    assert (info.cell_temperature_max, info.cell_temperature_min) == (21.15, 19.85)
    assert info.module_temperature_max is info.module_temperature_min is None
    assert (info.cycles, info.alarm, info.warning) == (412, False, False)
    assert (info.cell_voltage_max, info.dc_voltage) == (3.257, 208.3)


def test_old_firmware_sends_less_and_as_text() -> None:
    texts = {key: str(value) for key, value in samples.BATTERY.items()}
    assert BatteryInfo.from_wire(texts) == BatteryInfo.from_wire(samples.BATTERY)
    eco = BatteryInfo.from_wire(samples.ECO_8)
    assert (eco.full_ah, eco.full_wh, eco.nominal_voltage) == (40.359, None, None)
    assert BatteryInfo.from_wire({"systemalarm": 3}).alarm is True


def test_meters_are_told_apart_by_more_than_their_place() -> None:
    production, consumption = map(Meter.from_wire, samples.METERS)
    assert production is not None
    assert consumption is not None
    assert production.key == "production_4_1"
    assert consumption.key == "consumption_4_2"
    assert consumption.imported == 3987.300048828125
    assert consumption.power == 1320.4
    assert consumption.voltages == (231.0, 0, 0)
    assert consumption.power_factor == pytest.approx(1320.4 / 1326.0)


@pytest.mark.parametrize("error", [-1, 5, "-1", "broken", True])
def test_a_meter_with_an_error_has_no_values(error: Any) -> None:
    """Its zeros would look like a new meter (3.4)."""
    meter = Meter.from_wire(samples.METERS[0] | {"error": error})
    assert meter is not None
    assert meter.error != 0
    assert meter.key == "production_4_1"
    assert meter.imported is meter.power is meter.power_factor is None
    assert set(meter.powers) == {None}


@pytest.mark.parametrize("error", [0, 0.0, "0", None])
def test_a_meter_without_an_error_has_values(error: Any) -> None:
    meter = Meter.from_wire(samples.METERS[0] | {"error": error})
    assert meter is not None
    assert (meter.error, meter.power) == (0, 120.1)


@pytest.mark.parametrize("key", ["direction", "deviceid", "channel"])
def test_a_meter_without_an_identity_is_none(key: str) -> None:
    assert Meter.from_wire(samples.METERS[0] | {key: None}) is None


@pytest.mark.parametrize(
    ("active", "apparent", "expected"),
    [(100, 0, None), (None, 10, None), (-50, 100, -0.5), (101, 100, 1.0)],
)
def test_the_power_factor(
    active: float | None, apparent: float, expected: float | None
) -> None:
    meter = Meter.from_wire(
        samples.METERS[0] | {"w_total": active, "va_total": apparent}
    )
    assert meter is not None
    assert meter.power_factor == expected


def test_the_inverter_of_the_example_site() -> None:
    inverter = Inverter.from_wire(samples.INVERTER)
    assert (inverter.on_grid, inverter.off_grid) == (1200.4, 0)
    assert (inverter.power_factor, inverter.temperature) == (-0.82, 41.5)
    assert inverter.more == {}
    texts = {key: str(value) for key, value in samples.INVERTER.items()}
    assert Inverter.from_wire({"status": texts}) == inverter


def test_three_phases_are_kept_as_far_as_they_are_known() -> None:
    wire = {"iac1": "1.5", "uac3": 230, "ppv4": 100, "temp5": -273.15, "secret": 1}
    assert Inverter.from_wire(wire).more == {"iac1": 1.5, "uac3": 230, "ppv4": 100}


def test_inputs_without_a_usage_are_not_connected() -> None:
    found = {name: IoItem.from_wire(name, wire) for name, wire in samples.IO.items()}
    assert found["DI_1"] is None
    contactor = found["DO_1"]
    assert contactor is not None
    assert (contactor.usage, contactor.connector) == ("DC-CONTACTOR", "X24_4")
    assert contactor.on is True


def test_the_settings_of_the_example_site() -> None:
    found = Configurations.from_wire(samples.CONFIGURATIONS)
    assert found.raw == samples.CONFIGURATIONS
    assert (found.operating_mode, found.reserve) == ("2", 20)
    assert found.schedule == samples.SCHEDULE
    assert found.prognosis_charging is True
    assert (found.inverter_max_power, found.installed_capacity) == (4600, 11000)
    assert (found.software, found.cascading_role) == ("1.25.6", "none")
    assert (found.blackstart, found.blackstart_key) == (True, "EM_RE_ENABLE_MICROGRID")


def test_native_values_become_the_text_that_others_send() -> None:
    wire = {
        "EM_OperatingMode": 10,
        "EM_USOC": 20.0,
        "EM_ToU_Schedule": [
            {"start": "02:00", "stop": "05:00", "threshold_p_max": 8000}
        ],
        "EM_RE_ENABLE_MICROGRID": False,
        "EM_CHP_Max_SOC": None,
        "IC_BatteryModules": 2,
    }
    found = Configurations.from_wire(wire)
    assert (found.operating_mode, found.reserve, found.modules) == ("10", 20, 2)
    assert found.schedule == samples.SCHEDULE
    assert found.raw["EM_CHP_Max_SOC"] is None
    assert not found.has("EM_CHP_Max_SOC")
    assert found.first("EM_CHP_Max_SOC", "EM_USOC") == "EM_USOC"
    assert found.first("EM_CHP_Max_SOC") is None


@pytest.mark.parametrize(
    ("value", "on"),
    [("1", True), ("0", False), ("false", None), ("False", None), (False, None)],
)
def test_false_says_that_there_is_no_black_start(value: Any, on: bool | None) -> None:
    assert Configurations.from_wire({"EM_RE_ENABLE_MICROGRID": value}).blackstart is on


def test_the_name_that_is_reported_counts() -> None:
    found = Configurations.from_wire({"EM_US_RE_ENABLE_MICROGRID": "0"})
    assert found.blackstart_key == "EM_US_RE_ENABLE_MICROGRID"


@pytest.mark.parametrize("key", ["IC_BatteryModules", "CM_MarketingModuleCapacity"])
def test_the_installed_capacity_needs_both_factors(key: str) -> None:
    for value in (None, "0", "x"):
        wire = samples.CONFIGURATIONS | {key: value}
        assert Configurations.from_wire(wire).installed_capacity is None


def test_what_is_no_text_at_all_is_none() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    wire = {"a": math.inf, "b": deep, "c": "0.95", "d": None}
    found = Configurations.from_wire(wire)
    assert found.raw == {"a": None, "b": None, "c": "0.95", "d": None}
    assert found.number("c") == 0.95
    assert found.number("a") is found.flag("d") is None


@PROPERTY
@given(st.dictionaries(st.text(max_size=8), samples.anything, max_size=4))
def test_settings_of_any_kind_are_text(wire: dict[str, Any]) -> None:
    found = Configurations.from_wire(wire)
    assert all(value is None or isinstance(value, str) for value in found.raw.values())
    assert_plain(dict(found.raw))
