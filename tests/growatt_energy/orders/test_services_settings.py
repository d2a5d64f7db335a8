"""Settings by the vendor's own names, and clocks."""

from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import probatio
import pytest

from .room import Room

UPDATE = "update_inverter_setting"
OFF_PERIOD = ["0", "0", "0", "0", "0"]


@pytest.fixture
def homes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """One home, a MIN if the test names no other."""
    return (getattr(request, "param", "MIN"),)


@pytest.mark.parametrize(
    ("homes", "type_", "parameters", "shown"),
    [
        ("MIN", "charge_power", ["50"], {"chargePowerCommand": 50}),
        ("MIN", "charge_power", {"param1": 50}, {"chargePowerCommand": 50}),
        ("MIN", "ac_charge", ["1", "", ""], {"acChargeEnable": 1}),
        ("MIN", "ac_charge_soc_limit", ["90"], {"ubAcChargingStopSOC": 90}),
        ("MIN", "backflow_setting", ["1"], {"exportLimit": 1}),
        (
            "MIN",
            "time_segment4",
            ["2", "17", "5", "19", "0", "1"],
            {"time4Mode": 2, "forcedTimeStart4": "17:5", "forcedTimeStop4": "19:0"},
        ),
        (
            "SPH",
            "mix_ac_charge_time_period",
            ["80", "90", "1", "1", "0", "5", "0", "1", *OFF_PERIOD, *OFF_PERIOD],
            {"chargePowerCommand": 80, "forcedChargeTimeStop1": "5:0"},
        ),
        (
            "SPH",
            "mix_ac_discharge_time_period",
            ["70", "20", "17", "0", "18", "0", "1", *OFF_PERIOD, *OFF_PERIOD],
            {"disChargePowerCommand": 70, "forcedDischargeStopSwitch1": 1},
        ),
        (
            "SPH",
            "backflow_setting",
            ["1", "40"],
            {"exportLimit": 1, "exportLimitPowerRate": 40},
        ),
        ("MAX", "pv_active_p_rate", ["70"], {"activeRate": 70}),
        ("NOAH", "default_power", ["300"], {"defaultPower": 300}),
        (
            "NOAH",
            "charging_soc",
            ["90", "20"],
            {"chargingSocHighLimit": 90, "chargingSocLowLimit": 20},
        ),
    ],
    indirect=["homes"],
)
async def test_what_a_driver_knows_is_set_and_read_back(
    started: Room, type_: str, parameters: Any, shown: dict[str, Any]
) -> None:
    """As a list or by name, as the seed's method takes them."""
    await started.minutes(5)  # a NOAH may be asked again
    answer = await started.call(UPDATE, type=type_, parameters=parameters)
    assert answer["outcome"] == "applied"
    stored = started.device.settings.stored
    assert {key: stored[key] for key in shown} == shown


@pytest.mark.parametrize("mode", ["login"])
async def test_what_a_driver_knows_with_a_login(started: Room) -> None:
    answer = await started.call(UPDATE, type="discharge_power", parameters=["40"])
    assert answer["outcome"] == "applied"
    assert started.device.settings.stored["disChargePowerCommand"] == 40


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("token", "ub_ac_charging_stop_soc"),
        ("token", "ac_charge_soc_limit"),
        ("token", "both"),
        ("login", "ub_ac_charging_stop_soc"),
    ],
)
async def test_a_setting_of_which_nobody_knows_the_name(
    started: Room, name: Any, mode: str
) -> None:
    """V1 may want the other one (10006); which it was is kept."""
    started.device.switches.ac_stop_name = name
    endpoint = "tlxSet" if mode == "token" else "newTcpsetAPI.do"
    for times, percent in enumerate((90, 80)):
        started.sim.counters.reset()
        await started.minutes(1)
        answer = await started.call(
            UPDATE, type="ub_ac_charging_stop_soc", parameters=[percent]
        )
        assert answer["outcome"] == "applied"
        sent = sum(
            count
            for asked, count in started.sim.counters.by_endpoint().items()
            if asked.endswith(endpoint)
        )
        assert sent <= 2 - times
    assert started.device.settings.stored["ubAcChargingStopSOC"] == 80
    assert [write.part for write in started.device.writes][1:] == [
        started.device.writes[0].part
    ]


@pytest.mark.parametrize("homes", ["STORAGE"], indirect=True)
async def test_times_of_a_storage(started: Room) -> None:
    """Two settings of two parameters each are one request."""
    answer = await started.call(
        UPDATE, type="storage_ac_charge_hour_start", parameters=["1", "30", "5", "0"]
    )
    assert answer["outcome"] == "applied"
    assert started.sent == 1


RAW = pytest.mark.parametrize(
    ("homes", "type_", "parameters", "effective"),
    [
        ("MIN", "tlx_off_grid_enable", ["1"], {"tlx_off_grid_enable": 1}),
        ("SPH", "mix_ac_discharge_voltage", ["1"], {}),
        ("STORAGE", "storage_cmd_mode", ["1"], {"storage_cmd_mode": 1}),
        ("MIN", "pf_sys_year", ["2026-05-12 12:00:00"], {}),
    ],
    indirect=["homes"],
)


@RAW
async def test_what_no_driver_keeps_is_sent_as_it_is(
    started: Room, type_: str, parameters: list[str], effective: dict[str, Any]
) -> None:
    """The device is asked for it; what it cannot tell is as it was acknowledged."""
    answer = await started.call(UPDATE, type=type_, parameters=parameters)
    assert answer["outcome"] == "applied"
    assert answer["effective"] == effective
    [write] = started.device.writes
    assert write.part == type_
    assert started.manager.writes_today == 1


@RAW
async def test_a_system_error_is_no_answer(
    started: Room, type_: str, parameters: list[str], effective: dict[str, Any]
) -> None:
    """The inverter may have done it (Q19): the device knows, else nobody does."""
    started.device.switches.error_though_applied = True
    if effective:
        answer = await started.call(UPDATE, type=type_, parameters=parameters)
        assert (answer["outcome"], answer["effective"]) == ("applied", effective)
    else:
        with pytest.raises(HomeAssistantError) as failed:
            await started.call(UPDATE, type=type_, parameters=parameters)
        assert failed.value.translation_key == "write_unknown"
    assert started.sent == 1


async def test_a_system_error_that_was_one(started: Room) -> None:
    """What the device shows not to have arrived is sent once more."""
    started.device.switches.error_though_applied = True
    started.device.switches.executes = False
    with pytest.raises(HomeAssistantError) as failed:
        await started.call(UPDATE, type="tlx_off_grid_enable", parameters=["1"])
    assert failed.value.translation_key == "write_unverified"
    assert started.sent == started.manager.writes_today == 2


async def test_a_raw_setting_of_a_device_that_is_gone_since(started: Room) -> None:
    """It was acknowledged, but nobody has seen it."""
    setter = started.entry.runtime_data.setter
    real = setter.set

    async def last_write(*args: Any) -> None:
        await real(*args)
        started.device.switches.online = False

    with (
        patch.object(setter, "set", last_write),
        pytest.raises(HomeAssistantError) as failed,
    ):
        await started.call(UPDATE, type="tlx_off_grid_enable", parameters=["1"])
    assert failed.value.translation_key == "write_unknown"


async def test_a_raw_setting_that_reads_as_something_else(started: Room) -> None:
    """What is no number cannot be compared."""
    setter = started.entry.runtime_data.setter
    with patch.object(setter, "read_named", AsyncMock(return_value="1-413-0-")):
        answer = await started.call(
            UPDATE, type="tlx_off_grid_enable", parameters=["1"]
        )
    assert (answer["outcome"], answer["effective"]) == ("applied", {})


async def test_a_raw_setting_while_the_entry_closes(started: Room) -> None:
    """There is no time to wait until the device shows it."""
    started.device.switches.executes = False
    with (
        patch.object(started.manager, "pause", AsyncMock(return_value=False)) as pause,
        pytest.raises(HomeAssistantError) as failed,
    ):
        await started.call(UPDATE, type="tlx_off_grid_enable", parameters=["1"])
    assert failed.value.translation_key == "write_unknown"
    pause.assert_awaited_once()


async def test_a_raw_setting_that_the_device_does_not_show(started: Room) -> None:
    """It was accepted, so it is no refusal."""
    started.device.switches.executes = False
    with pytest.raises(HomeAssistantError) as failed:
        await started.call(UPDATE, type="tlx_off_grid_enable", parameters=["1"])
    assert failed.value.translation_key == "write_unverified"


@pytest.mark.parametrize(
    "type_",
    [
        "pv_reactive_p_rate",
        "pv_power_factor",
        "pv_grid_voltage_high",
        "set_any_reg",
        "safetyNum",
        "mix_ac_charge_time_period",
    ],
)
async def test_grid_code_and_registers_cannot_be_sent(
    started: Room, type_: str
) -> None:
    """What can be is told; nothing is sent (reference section 6.1, rule 7)."""
    with pytest.raises(ServiceValidationError) as refused:
        await started.call(UPDATE, type=type_, parameters=["1"])
    assert refused.value.translation_key == "setting_not_allowed"
    types = (refused.value.translation_placeholders or {})["types"].split(", ")
    assert {"charge_power", "time_segment9", "pf_sys_year"} <= set(types)
    assert type_ not in types
    assert started.sent == 0


@pytest.mark.parametrize(
    ("type_", "parameters", "error"),
    [
        ("charge_power", ["50", "1"], "parameters_count"),
        ("charge_power", {"param2": "50"}, "parameter_names"),
        ("charge_power", [""], "parameters_count"),
        ("charge_power", ["much"], "parameter_unknown"),
        ("charge_power", ["50.5"], "parameter_unknown"),
        ("charge_power", ["101"], "parameter_unknown"),
        ("discharge_stop_soc", ["5"], "percent_range"),
        ("ac_charge", ["2"], "parameter_unknown"),
        ("time_segment1", ["0", "22", "0", "6", "0", "1"], "over_midnight"),
        ("time_segment1", ["0", "25", "0", "6", "0", "1"], "parameter_unknown"),
        ("tlx_ac_discharge_voltage", ["3"], "setting_range"),
        ("tlx_off_grid_enable", ["x"], "parameter_unknown"),
        ("pf_sys_year", ["tomorrow"], "parameter_unknown"),
    ],
)
async def test_parameters_that_make_no_sense(
    started: Room, type_: str, parameters: Any, error: str
) -> None:
    """Are refused in words before anything is sent."""
    with pytest.raises(ServiceValidationError) as refused:
        await started.call(UPDATE, type=type_, parameters=parameters)
    assert refused.value.translation_key == error
    assert started.sent == 0


@pytest.mark.parametrize(
    "data",
    [
        {"type": "charge_power"},
        {"type": "charge_power", "parameters": []},
        {"type": "charge_power", "parameters": {}},
        {"type": "charge_power", "parameters": "50"},
        {"type": "charge_power", "parameters": [True]},
        {"type": "charge_power", "parameters": [5.5]},
        {"type": "charge_power", "parameters": [10**9]},
        {"type": "charge_power", "parameters": ["x" * 33]},
        {"type": "charge_power", "parameters": ["\u0665"]},
        {"type": "charge_power", "parameters": ["1"] * 20},
        {"type": "x" * 65, "parameters": ["1"]},
    ],
)
async def test_calls_of_no_shape(started: Room, data: dict[str, Any]) -> None:
    """The schema refuses them."""
    with pytest.raises(probatio.Invalid):
        await started.call(UPDATE, **data)


@pytest.mark.parametrize(
    ("homes", "mode"),
    [("MIN", "token"), ("MIN", "login"), ("SPH", "token"), ("STORAGE", "token")],
    indirect=["homes"],
)
async def test_a_clock_is_told_the_time_of_its_plant(started: Room) -> None:
    """Local time, whatever zone Home Assistant has."""
    await started.hass.config.async_set_time_zone("Australia/Sydney")
    started.device.clock_error = 3600
    answer = await started.call("sync_clock")
    assert answer["outcome"] == "applied"
    assert abs(started.device.clock_error) < 60


@pytest.mark.parametrize("homes", ["NOAH"], indirect=True)
async def test_a_noah_has_no_clock(started: Room) -> None:
    await started.minutes(5)
    with pytest.raises(ServiceValidationError) as refused:
        await started.call("sync_clock")
    assert refused.value.translation_key == "unknown_setting"
    assert started.sent == 0
