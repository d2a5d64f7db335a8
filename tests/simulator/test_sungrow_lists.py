"""Lists, details, faults and catalogues of the iSolarCloud simulator."""

import pytest

from simulator.sungrow.device import Alarm

from .sungrow_client import Gateway
from .sungrow_desk import Desk


@pytest.fixture
def desk(gateway: Gateway) -> Desk:
    return Desk(gateway)


@pytest.fixture
def login(gateway: Gateway) -> Desk:
    return Desk(gateway, v1=True)


async def test_pages_and_the_name_of_their_counter(desk: Desk, login: Desk) -> None:
    first = await desk.data("getDeviceListByPsId", ps_id="5123456", page=1, size=3)
    second = await desk.data("getDeviceListByPsId", ps_id="5123456", page=2, size=3)
    assert (first["row_count"], len(first["pageList"])) == (4, 3)
    assert [row["device_type"] for row in second["pageList"]] == [22]
    desk.sim.cloud.counter_name = "rowCount"
    other = await desk.data("getDeviceListByPsId", ps_id="5123456", page=1, size=3)
    assert other["rowCount"] == 4
    old = await login.data("getDeviceList", ps_id="5123456", curPage=1, size=10)
    assert old["rowCount"] == 4
    assert await desk.code("getDeviceListByPsId", ps_id="5123456", page=1) == "009"


async def test_devices_have_keys_status_and_firmware(desk: Desk) -> None:
    body = {"ps_id": "5123456", "page": 1, "size": 10}
    rows = (await desk.data("getDeviceListByPsId", **body))["pageList"]
    assert "firmware_version_info" not in rows[0]
    body["is_get_firmware_version"] = "1"
    desk.hybrid.switches.online = False
    rows = (await desk.data("getDeviceListByPsId", **body))["pageList"]
    hybrid = rows[0]
    assert (hybrid["uuid"], hybrid["ps_key"]) == (10941275, "5123456_14_1_1")
    assert hybrid["dev_status"] == "0"
    assert hybrid["communication_dev_sn"] == "B2261882811"
    assert hybrid["firmware_version_info"]["lcd_version"] == "SAPPHIRE-H_01011.51.04"
    desk.sim.cloud.ids = "text"
    only = await desk.data("getDeviceListByPsId", **body, device_type_list=["43"])
    assert [row["uuid"] for row in only["pageList"]] == ["10941276"]
    virtual = await desk.data("getDeviceListByPsId", **body, is_virtual_unit=1)
    assert [row["ps_key"] for row in virtual["pageList"]] == ["5123456_11_0_0"]


async def test_details_of_plants(desk: Desk) -> None:
    details = await desk.data("getPowerStationDetail", ps_ids="5123456,77")
    assert details["code"] == "1"
    assert details["not_authorization_ps_list"] == ["77"]
    (row,) = details["data_list"]
    assert (row["install_power"], row["ps_current_time_zone"]) == (9960, "GMT+2")
    many = ",".join(str(number) for number in range(21))
    codes = [
        (await desk.data("getPowerStationDetail", ps_ids=ids))["code"]
        for ids in ("", many, "77")
    ]
    assert codes == ["4", "5", "6"]


async def test_v1_tells_values_in_the_list_and_details_by_logger(login: Desk) -> None:
    login.plant.house.override(pv_w=3120)
    login.plant.upload()
    (row,) = (await login.data("getPowerStationList", curPage=1, size=10))["pageList"]
    assert row["curr_power"] == {"unit": "kW", "value": "3.120"}
    detail = await login.data("getPowerStationDetail", sn="B2261882811")
    assert detail["ps_id"] == 5123456
    batch = await login.data("getBatchPsDetail", ps_ids="5123456")
    assert batch["data_list"] == [detail]


async def test_faults_open_and_closed(desk: Desk) -> None:
    now = desk.clock()
    desk.hybrid.alarms += [
        Alarm(code=13805, start=now, type=1),
        Alarm(code=13823, start=now, end=now, type=2, name="Battery"),
    ]
    body = {"page": 1, "size": 10, "ps_id": "5123456"}
    opened = (await desk.data("getFaultAlarmInfo", **body))["pageList"]
    assert [row["fault_type_code"] for row in opened] == [13805]
    assert (opened[0]["create_time"], opened[0]["over_time"]) == (
        "2026-05-03 13:10:30",
        "",
    )
    both = await desk.data("getFaultAlarmInfo", **body, process_status="999")
    assert both["row_count"] == 2
    closed = await desk.data("getFaultAlarmInfo", **body, process_status="9")
    assert [row["fault_type_code"] for row in closed["pageList"]] == [13823]
    none = await desk.data("getFaultAlarmInfo", **body, fault_type="3,4")
    assert none["pageList"] == []
    (plant,) = (await desk.data("queryPowerStationList", page=1, size=9))["pageList"]
    assert plant["ps_fault_status"] == 1


async def test_texts_are_chinese_where_the_server_is_careless(desk: Desk) -> None:
    desk.sim.wire.texts_chinese = True
    answer = await desk.data(
        "getDeviceRealTimeData",
        device_type="14",
        ps_key_list=[desk.hybrid.ps_key],
        point_id_list=["13007"],
        is_get_point_dict="1",
    )
    assert answer["point_dict"][0]["point_name"] == "测点13007"


async def test_catalogues_of_v1(login: Desk) -> None:
    info = await login.data("getOpenApiCallInfo")
    assert info["per_hour_access_times_config"][0] == {
        "hour": "0",
        "max_call_times": 2000,
    }
    assert info["curr_hour_accessed_times"] == "1"
    names = await login.data("getOpenPointInfo", device_type=14)
    units = {
        row["point_id"]: (row["show_unit"], row["storage_unit"])
        for row in names["pageList"]
    }
    assert units["13134"] == ("kWh", "Wh")
    assert units["13141"] == ("%", "")
    limits = await login.data(
        "getDevPropertyPointValue",
        device_type=14,
        ps_key_list=[login.hybrid.ps_key],
        point_id_list=["18290"],
    )
    assert limits["device_point_list"][0]["p18290"] == "10600.0"
    refused = await login.data("getDevPropertyPointValue")
    assert refused["code"] == "2"
