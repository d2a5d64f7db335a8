"""What goes out and what comes back (reference sections 2.1, 3.A to 3.E, 6)."""

from datetime import date
from typing import Any

import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    BadDataError,
    UnsupportedError,
)
from custom_components.growatt_energy.api.limits import TOKEN_RULES
from custom_components.growatt_energy.api.token_client import TokenClient
from tests.core.fake_clock import FakeClock

from .conftest import AGENT, MIN, NOAH, SPH, TOKEN, Cloud

DAY = date(2026, 2, 22)
PLANT = "1234567"
METER = "QMN0A1B2C3"
LIMITED = {group for rule in TOKEN_RULES for group in rule.groups or ()}
RECORD = {"serialNum": MIN, "ppv": 4120.6}


async def test_the_worked_example_of_a_write(client: TokenClient, cloud: Cloud) -> None:
    await client.write_param("min", "ABC1234567", "charge_power", ["80"])
    (asked,) = cloud.asked
    assert (asked.method, asked.path, asked.query) == ("POST", "/v1/tlxSet", {})
    assert asked.headers["token"] == TOKEN
    assert asked.headers["User-Agent"] == AGENT
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.body.decode() == (
        "tlx_sn=ABC1234567&type=charge_power&param1=80&"
        + "&".join(f"param{number}=" for number in range(2, 20))
    )


@pytest.mark.parametrize(
    ("family", "path", "serial", "count"),
    [
        ("sph", "/v1/mixSet", "mix_sn", 18),
        ("spa", "/v1/spaSet", "spa_sn", 18),
        ("storage", "/v1/storageSet", "storage_sn", 4),
    ],
)
async def test_every_parameter_is_there(
    client: TokenClient, cloud: Cloud, family: str, path: str, serial: str, count: int
) -> None:
    await client.write_param(family, "SN1", "some_type", ["1", "2"])
    (asked,) = cloud.asked
    assert asked.path == path
    assert asked.form == {
        serial: "SN1",
        "type": "some_type",
        "param1": "1",
        "param2": "2",
        **{f"param{number}": "" for number in range(3, count + 1)},
    }


async def test_a_string_inverter_has_commands(
    client: TokenClient, cloud: Cloud
) -> None:
    await client.write_param("inverter", "SN1", "pv_on_off", ["0001"])
    assert cloud.asked[0].path == "/v1/inverterSet"
    assert cloud.asked[0].form == {
        "device_sn": "SN1",
        "paramId": "pv_on_off",
        "command_1": "0001",
        "command_2": "",
    }


@pytest.mark.parametrize("family", ["max", "noah", "wit"])
async def test_a_family_without_settings_is_not_asked(
    client: TokenClient, cloud: Cloud, family: str
) -> None:
    with pytest.raises(UnsupportedError):
        await client.write_param(family, "SN1", "charge_power", ["1"])
    assert cloud.asked == []


async def test_too_many_parameters_are_not_sent(
    client: TokenClient, cloud: Cloud
) -> None:
    with pytest.raises(BadDataError):
        await client.write_param("storage", "SN1", "x", list("12345"))
    assert cloud.asked == []


@pytest.mark.parametrize(
    ("call", "arguments", "method", "path", "sent"),
    [
        ("plants", (), "GET", "plant/list", {"page": "1", "perpage": "100"}),
        ("plant_details", (PLANT,), "GET", "plant/details", {"plant_id": PLANT}),
        ("plant_data", (PLANT,), "GET", "plant/data", {"plant_id": PLANT}),
        (
            "plant_power",
            (PLANT, DAY),
            "GET",
            "plant/power",
            {"plant_id": PLANT, "date": "2026-02-22"},
        ),
        (
            "plant_energy",
            (PLANT, DAY, DAY),
            "GET",
            "plant/energy",
            {"start_date": "2026-02-22", "time_unit": "day"},
        ),
        ("devices", (PLANT,), "GET", "device/list", {"plant_id": PLANT}),
        ("dataloggers", (PLANT,), "GET", "device/datalogger/list", {}),
        ("device_type", (MIN,), "GET", "device/check/sn", {"dataloggerSn": MIN}),
        ("plant_of", (MIN,), "POST", "plant/sn_plant", {"device_sn": MIN}),
        ("users", (), "GET", "user/c_user_list", {}),
        ("settings", (MIN,), "GET", "device/tlx/tlx_set_info", {"device_sn": MIN}),
        ("details", ("min", MIN), "GET", "device/tlx/tlx_data_info", {}),
        ("details", ("sph", SPH), "GET", "device/mix/mix_data_info", {}),
        ("details", ("inverter", MIN), "GET", "device/inverter/inv_data_info", {}),
        (
            "last",
            ("min", MIN),
            "POST",
            "device/tlx/tlx_last_data",
            {"tlx_sn": MIN},
        ),
        ("last", ("spa", MIN), "POST", "device/spa/spa_last_data", {"spa_sn": MIN}),
        (
            "last",
            ("inverter", MIN),
            "GET",
            "device/inverter/last_new_data",
            {"device_sn": MIN},
        ),
        (
            "last_many",
            ("min", [MIN, "SN2"]),
            "POST",
            "device/tlx/tlxs_data",
            {"tlxs": f"{MIN},SN2", "pageNum": "1"},
        ),
        (
            "last_many",
            ("inverter", [MIN]),
            "POST",
            "device/inverter/invs_data",
            {"inverters": MIN},
        ),
        (
            "history",
            ("min", MIN, DAY, DAY, "Europe/Berlin"),
            "POST",
            "device/tlx/tlx_data",
            {"tlx_sn": MIN, "timezone_id": "Europe/Berlin", "perpage": "100"},
        ),
        (
            "history",
            ("inverter", MIN, DAY, DAY, "Europe/Berlin"),
            "GET",
            "device/inverter/data",
            {"device_sn": MIN},
        ),
        (
            "alarms",
            ("sph", SPH, DAY),
            "POST",
            "device/mix/alarm_data",
            {"mix_sn": SPH, "date": "2026-02-22"},
        ),
        ("alarms", ("inverter", MIN, DAY), "GET", "device/inverter/alarm", {}),
        ("meters", (METER,), "GET", "device/ammeter/meter_list", {"datalog_sn": METER}),
        (
            "meter_last",
            (METER, "1"),
            "GET",
            "device/ammeter/meter_last_data",
            {"datalog_sn": METER, "address": "1"},
        ),
        ("sensors", (METER,), "GET", "device/env/env_list", {"datalog_sn": METER}),
    ],
)
async def test_what_v1_is_asked(
    client: TokenClient,
    cloud: Cloud,
    call: str,
    arguments: tuple[Any, ...],
    method: str,
    path: str,
    sent: dict[str, str],
) -> None:
    await getattr(client, call)(*arguments)
    (asked,) = cloud.asked
    assert (asked.method, asked.path) == (method, f"/v1/{path}")
    assert path in LIMITED
    found = asked.query if method == "GET" else asked.form
    assert found.items() >= sent.items()


@pytest.mark.parametrize(
    ("call", "arguments", "path", "sent"),
    [
        ("query_devices", (2,), "queryDeviceList", {"page": "2"}),
        (
            "query_info",
            ("sph_s", ["SN1", "SN2"]),
            "queryDeviceInfo",
            {"deviceSn": "SN1,SN2", "deviceType": "sph-s"},
        ),
        ("query_last", ("inverter", ["SN1"]), "queryLastData", {"deviceType": "inv"}),
        (
            "query_day",
            ("min", MIN, DAY),
            "queryHistoricalData",
            {"deviceSn": MIN, "deviceType": "min", "date": "2026-02-22"},
        ),
        ("wifi_signal", ("min", MIN), "getWiFiSignalByDevice", {}),
        ("read_power", ("min", MIN), "readPower", {}),
        ("read_vpp", ("min", MIN, 27), "readVppParameter", {"setType": "set_param_27"}),
        (
            "set_vpp",
            ("min", MIN, 27, -60),
            "setVppParameter",
            {"setType": "set_param_27", "value": "-60"},
        ),
        ("set_power", ("noah", NOAH, 300), "setPower", {"value": "300"}),
        (
            "set_high_limit_soc",
            (NOAH, 95),
            "setHighLimitSoc",
            {"deviceSn": NOAH, "deviceType": "noah", "value": "95"},
        ),
        ("set_low_limit_soc", (NOAH, 15), "setLowLimitSoc", {"value": "15"}),
    ],
)
async def test_what_v4_is_asked(
    client: TokenClient,
    cloud: Cloud,
    call: str,
    arguments: tuple[Any, ...],
    path: str,
    sent: dict[str, str],
) -> None:
    cloud.usual = {"code": 0, "data": {}, "message": "-70"}
    await getattr(client, call)(*arguments)
    (asked,) = cloud.asked
    assert (asked.method, asked.path) == ("POST", f"/v4/new-api/{path}")
    assert path in LIMITED
    assert asked.headers["token"] == TOKEN
    assert asked.form.items() >= sent.items()


async def test_what_v4_is_told(client: TokenClient, cloud: Cloud) -> None:
    cloud.usual = {"code": 0, "error_code": 0, "data": {}}
    await client.set_on("min", MIN, on=False)
    await client.set_grid_charge(NOAH, on=True)
    await client.set_off_grid(NOAH, on=False)
    await client.set_time_segment(
        NOAH, 3, start="01:00", end="05:30", mode=1, power=300, enabled=True
    )
    assert [asked.form["value"] for asked in cloud.asked[:3]] == ["0", "1", "0"]
    assert cloud.asked[3].form == {
        "deviceSn": NOAH,
        "deviceType": "noah",
        "type": "3",
        "startTime": "01:00",
        "endTime": "05:30",
        "mode": "1",
        "power": "300",
        "enable": "1",
    }


async def test_records_of_v1_are_taken_out_of_both_objects(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.say(
        {
            "error_code": 0,
            "tlxs": [MIN, "SN2"],
            "pageNum": 1,
            "data": {MIN: {"dataloggerSn": "QMN0A1B2C3", MIN: RECORD}},
        }
    )
    assert await client.last_many("min", [MIN, "SN2"]) == {MIN: RECORD}


async def test_records_of_v4_are_told_apart_by_serial(
    client: TokenClient, cloud: Cloud
) -> None:
    other = {"serialNum": "SN2", "ppv": 1}
    stranger = {"serialNum": "SN3", "ppv": 2}
    cloud.say({"code": 0, "data": {"min": [other, stranger, RECORD]}})
    found = await client.query_last("min", [MIN, "SN2"])
    assert found == {MIN: RECORD, "SN2": other}


async def test_a_record_without_serial_belongs_to_the_only_device_asked(
    client: TokenClient, cloud: Cloud
) -> None:
    empty = {"serialNum": None, "time": "", "ppv": 0}
    cloud.say({"code": 0, "data": {"min": [empty]}})
    assert await client.query_last("min", [MIN]) == {MIN: empty}


async def test_noah_names_its_serial_otherwise(
    client: TokenClient, cloud: Cloud
) -> None:
    record = {"deviceSn": NOAH, "ppv": 412.0}
    cloud.say({"code": 0, "data": {"noah": [record]}})
    assert await client.query_last("noah", [NOAH]) == {NOAH: record}


@pytest.mark.parametrize("serials", [[], [f"SN{number}" for number in range(101)]])
async def test_a_batch_that_would_be_refused_is_not_sent(
    client: TokenClient, cloud: Cloud, serials: list[str]
) -> None:
    with pytest.raises(BadDataError):
        await client.query_last("min", serials)
    with pytest.raises(BadDataError):
        await client.last_many("min", serials)
    assert cloud.asked == []


async def test_history_of_more_than_a_week_is_not_asked(
    client: TokenClient, cloud: Cloud
) -> None:
    with pytest.raises(BadDataError):
        await client.history("min", MIN, date(2026, 2, 1), date(2026, 2, 8), "UTC")
    assert cloud.asked == []


async def test_values_that_stand_elsewhere(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say({"code": 0, "data": "SUCCESSFUL_OPERATION", "message": "-70"})
    assert await client.wifi_signal("min", MIN) == -70
    cloud.say({"code": 0, "data": 80, "message": "success"})
    assert await client.read_power("min", MIN) == 80
    cloud.say({"error_code": 0, "soc": 65.0})
    assert await client.vpp_soc(MIN) == 65
    cloud.say({"error_code": 0, "data": 168.9})
    assert await client.day_energy(MIN, DAY) == pytest.approx(168.9)
    cloud.say({"code": 0, "data": {"haveNext": False, "datas": [RECORD]}})
    assert (await client.query_day("min", MIN, DAY))["datas"] == [RECORD]


async def test_a_model_name_stands_beside_the_code_or_below(
    client: TokenClient, cloud: Cloud, clock: FakeClock
) -> None:
    for answer in (
        {"error_code": 0, "result": 1, "model": "NEO 800M-X"},
        {"error_code": 0, "data": {"model": "NEO 800M-X"}},
    ):
        cloud.say(answer)
        assert (await client.device_type(MIN))["model"] == "NEO 800M-X"
        await clock.sleep(300)


async def test_the_apps_noah_paths_take_the_token_too(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.usual = {"msg": "", "result": 1, "obj": {"soc": "47"}}
    assert await client.noah_status(NOAH) == {"soc": "47"}
    assert cloud.asked[0].path == "/v4/noahDeviceApi/noah/getSystemStatus"
    assert cloud.asked[0].headers["token"] == TOKEN
    await client.noah_info(NOAH)
    await client.noah_batteries(NOAH)
    assert cloud.paths[1:] == [
        "/v4/noahDeviceApi/noah/getNoahInfoBySn",
        "/v4/noahDeviceApi/noah/getBatteryData",
    ]


async def test_a_family_that_an_api_does_not_have_is_not_asked(
    client: TokenClient, cloud: Cloud
) -> None:
    for call in (
        client.last("noah", NOAH),
        client.last_many("storage", ["ST1"]),
        client.query_last("meter", ["M1"]),
        client.read_param("meter", "M1", "charge_power"),
    ):
        with pytest.raises(UnsupportedError):
            await call
    assert cloud.asked == []


async def test_the_next_part_of_a_day_is_asked_by_its_start(
    client: TokenClient, cloud: Cloud
) -> None:
    cloud.usual = {"code": 0, "data": {"datas": []}}
    await client.query_day("min", MIN, DAY, start=100)
    assert cloud.asked[0].form["start"] == "100"
