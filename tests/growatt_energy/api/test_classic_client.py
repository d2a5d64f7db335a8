"""What the app's API is asked and how it answers (reference sections 3.F, 3.I, 6)."""

from datetime import date
import json
from typing import Any

from aiohttp import web
import pytest

from custom_components.growatt_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.growatt_energy.api.classic_client import ClassicClient, Timespan
from custom_components.growatt_energy.api.classic_plants import PLANT_FIELDS
from custom_components.growatt_energy.api.classic_session import ClassicSession
from tests.core.fake_clock import FakeClock

from .conftest import MIN, NOAH, SPH, Asked, Cloud, Notes, welcome

DAY = date(2026, 2, 22)
PLANT = "1234567"
OBJ = {"result": 1, "msg": "", "obj": {"soc": "45%"}}
PLANT_SETTINGS = {
    "id": 1234567,
    "plantName": "Home",
    "userAccount": "jane.solar",
    "country": "Australia",
    "city": "Brisbane",
    "plantAddress": "1 Example St",
    "plantType": 0,
    "timezone": 10,
    "plant_lat": "-27.47",
    "plant_lng": "153.03",
    "nominalPower": 6600,
    "createDateText": "2024-11-06",
    "formulaMoneyStr": "0.25",
    "formulaMoneyUnitId": "aud",
    "formulaCoal": 0.4000000059604645,
    "formulaCo2": 0.6000000238418579,
    "formulaSo2": 0.800000011920929,
}


@pytest.fixture(autouse=True)
def logged_in(cloud: Cloud) -> None:
    """The first request is a login."""
    cloud.say(welcome())


@pytest.mark.parametrize(
    ("call", "arguments", "method", "path", "query", "form"),
    [
        (
            "plant_list",
            (),
            "GET",
            "PlantListAPI.do",
            {"userId": "2345678"},
            {},
        ),
        (
            "all_plants",
            (),
            "POST",
            "newTwoPlantAPI.do",
            {"op": "getAllPlantListTwo"},
            {"language": "1", "pageSize": "15", "toPageNum": "1"},
        ),
        (
            "plant_info",
            (PLANT,),
            "GET",
            "newTwoPlantAPI.do",
            {"op": "getAllDeviceListTwo", "plantId": PLANT},
            {},
        ),
        (
            "plant_energy_data",
            (PLANT,),
            "POST",
            "newTwoPlantAPI.do",
            {"op": "getUserCenterEnertyDataByPlantid"},
            {"plantId": PLANT},
        ),
        (
            "plant_detail",
            (PLANT, Timespan.HOUR, DAY),
            "GET",
            "PlantDetailAPI.do",
            {"plantId": PLANT, "type": "1", "date": "2026-02-22"},
            {},
        ),
        (
            "plant_detail",
            (PLANT, Timespan.DAY, DAY),
            "GET",
            "PlantDetailAPI.do",
            {"type": "2", "date": "2026-02"},
            {},
        ),
        (
            "plant_detail",
            (PLANT, Timespan.MONTH, DAY),
            "GET",
            "PlantDetailAPI.do",
            {"type": "3", "date": "2026"},
            {},
        ),
        (
            "dashboard_data",
            (PLANT, Timespan.HOUR, DAY),
            "POST",
            "newPlantAPI.do",
            {"action": "getEnergyStorageData", "type": "0", "date": "2026-02-22"},
            {},
        ),
        (
            "get_plant_settings",
            (PLANT,),
            "GET",
            "newPlantAPI.do",
            {"op": "getPlant", "plantId": PLANT},
            {},
        ),
        (
            "inverter_data",
            (MIN, DAY),
            "GET",
            "newInverterAPI.do",
            {"op": "getInverterData", "id": MIN, "type": "1", "date": "2026-02-22"},
            {},
        ),
        (
            "inverter_detail",
            (MIN,),
            "GET",
            "newInverterAPI.do",
            {"op": "getInverterDetailData", "inverterId": MIN},
            {},
        ),
        (
            "inverter_detail_two",
            (MIN,),
            "GET",
            "newInverterAPI.do",
            {"op": "getInverterDetailData_two"},
            {},
        ),
        (
            "inverter_detail_max",
            (MIN,),
            "GET",
            "newInverterAPI.do",
            {"op": "getInverterDetailData_max"},
            {},
        ),
        (
            "tlx_data",
            (MIN, DAY),
            "GET",
            "newTlxApi.do",
            {"op": "getTlxData", "id": MIN, "type": "1", "date": "2026-02-22"},
            {},
        ),
        ("tlx_detail", (MIN,), "GET", "newTlxApi.do", {"op": "getTlxDetailData"}, {}),
        ("tlx_params", (MIN,), "GET", "newTlxApi.do", {"op": "getTlxParams"}, {}),
        (
            "tlx_system_status",
            (PLANT, MIN),
            "POST",
            "newTlxApi.do",
            {"op": "getSystemStatus_KW"},
            {"plantId": PLANT, "id": MIN},
        ),
        (
            "tlx_energy_overview",
            (PLANT, MIN),
            "POST",
            "newTlxApi.do",
            {"op": "getEnergyOverview"},
            {"plantId": PLANT, "id": MIN},
        ),
        (
            "tlx_energy_prod_cons",
            (PLANT, MIN, Timespan.MONTH, DAY),
            "POST",
            "newTlxApi.do",
            {"op": "getEnergyProdAndCons_KW"},
            {"id": MIN, "type": "2", "date": "2026-02", "language": "1"},
        ),
        (
            "tlx_all_settings",
            (MIN,),
            "POST",
            "newTlxApi.do",
            {"op": "getTlxSetData"},
            {"serialNum": MIN},
        ),
        (
            "tlx_enabled_settings",
            (MIN, DAY),
            "POST",
            "newLoginAPI.do",
            {"op": "getSetPass"},
            {"deviceSn": MIN, "stringTime": "2026-02-22", "type": "5"},
        ),
        (
            "tlx_battery_info",
            ("BAT1",),
            "POST",
            "newTlxApi.do",
            {"op": "getBatInfo"},
            {"lan": "1", "serialNum": "BAT1"},
        ),
        (
            "tlx_battery_info_detailed",
            (PLANT, "BAT1"),
            "POST",
            "newTlxApi.do",
            {"op": "getBatDetailData"},
            {"lan": "1", "plantId": PLANT, "id": "BAT1"},
        ),
        (
            "panel_data",
            (PLANT, MIN, DAY),
            "POST",
            "componentsApi/getViewData",
            {},
            {"snList": MIN, "dataType": "0", "dateStr": "2026-02-22"},
        ),
        (
            "mix_info",
            (SPH, PLANT),
            "GET",
            "newMixApi.do",
            {"op": "getMixInfo", "mixId": SPH, "plantId": PLANT},
            {},
        ),
        (
            "mix_totals",
            (SPH, PLANT),
            "POST",
            "newMixApi.do",
            {"op": "getEnergyOverview", "mixId": SPH, "plantId": PLANT},
            {},
        ),
        (
            "mix_system_status",
            (SPH, PLANT),
            "POST",
            "newMixApi.do",
            {"op": "getSystemStatus_KW", "mixId": SPH, "plantId": PLANT},
            {},
        ),
        (
            "mix_detail",
            (SPH, PLANT, Timespan.HOUR, DAY),
            "POST",
            "newMixApi.do",
            {"op": "getEnergyProdAndCons_KW", "type": "0", "date": "2026-02-22"},
            {},
        ),
        (
            "get_mix_inverter_settings",
            (SPH,),
            "GET",
            "newMixApi.do",
            {"op": "getMixSetParams", "serialNum": SPH, "kind": "0"},
            {},
        ),
        (
            "spa_system_status",
            (PLANT, "SPA1"),
            "POST",
            "newSpaApi.do",
            {"op": "getSystemStatus"},
            {"plantId": PLANT, "spaId": "SPA1"},
        ),
        (
            "spa_energy_overview",
            (PLANT, "SPA1"),
            "POST",
            "newSpaApi.do",
            {"op": "getEnergyOverview"},
            {"spaId": "SPA1"},
        ),
        (
            "spa_settings",
            ("SPA1",),
            "POST",
            "newSpaApi.do",
            {"op": "getSpaSetData"},
            {},
        ),
        (
            "storage_detail",
            ("ST1",),
            "GET",
            "newStorageAPI.do",
            {"op": "getStorageInfo_sacolar", "storageId": "ST1"},
            {},
        ),
        (
            "is_noah_plant",
            (PLANT,),
            "POST",
            "noahDeviceApi/noah/isPlantNoahSystem",
            {},
            {"plantId": PLANT},
        ),
        (
            "noah_status",
            (NOAH,),
            "POST",
            "noahDeviceApi/noah/getSystemStatus",
            {},
            {"deviceSn": NOAH},
        ),
        ("noah_info", (NOAH,), "POST", "noahDeviceApi/noah/getNoahInfoBySn", {}, {}),
        (
            "noah_batteries",
            (NOAH,),
            "POST",
            "noahDeviceApi/noah/getBatteryData",
            {},
            {},
        ),
        ("nexa_status", (NOAH,), "POST", "noahDeviceApi/nexa/getSystemStatus", {}, {}),
        (
            "nexa_info",
            (NOAH,),
            "POST",
            "noahDeviceApi/nexa/getNexaInfoBySn",
            {},
            {"deviceSn": NOAH, "language": "1"},
        ),
    ],
)
async def test_what_is_asked(
    classic: ClassicClient,
    cloud: Cloud,
    call: str,
    arguments: tuple[Any, ...],
    method: str,
    path: str,
    query: dict[str, str],
    form: dict[str, str],
) -> None:
    await getattr(classic, call)(*arguments)
    asked = cloud.asked[-1]
    assert (asked.method, asked.path) == (method, f"/{path}")
    assert asked.query.items() >= query.items()
    assert asked.form.items() >= form.items()
    if method == "GET":
        assert asked.form == {}


async def test_what_is_inside_the_envelopes_is_returned(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say(
        {"back": {"success": True, "data": [{"plantId": PLANT}]}},
        {"data": {"ppv": 1}, "parameterName": "Fac(Hz)"},
        OBJ,
        {"result": 1, "obj": {"tlxSetBean": {"charge_power": "80"}}},
        {"result": 1, "obj": {"mixBean": {"onOff": "1"}}},
        {"result": 1, "obj": {"enable": {"ac_charge": "1"}}, "msg": "growatt20260222"},
        {"result": 1, "msg": "", "obj": None},
    )
    await classic.login()
    assert await classic.plant_list() == {
        "success": True,
        "data": [{"plantId": PLANT}],
    }
    assert await classic.tlx_detail(MIN) == {"ppv": 1}
    assert await classic.mix_info(SPH) == {"soc": "45%"}
    assert await classic.tlx_all_settings(MIN) == {"charge_power": "80"}
    assert await classic.get_mix_inverter_settings(SPH) == {"onOff": "1"}
    assert await classic.tlx_enabled_settings(MIN, DAY) == {"ac_charge": "1"}
    assert await classic.mix_totals(SPH, PLANT) == {}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"success": False, "msg": "501"}, UnsupportedError),
        ({"success": False, "msg": "something else"}, MaintenanceError),
        ({"success": False, "msg": "500"}, TransportError),
        ({"result": 0, "msg": "no such device"}, MaintenanceError),
    ],
)
async def test_a_read_that_is_refused(
    classic: ClassicClient, cloud: Cloud, answer: Any, kind: type[ApiError]
) -> None:
    cloud.say(answer, answer)
    with pytest.raises(ApiError) as caught:
        await classic.inverter_data(MIN, DAY)
    assert type(caught.value) is kind


@pytest.mark.parametrize("info", [{}, {"deviceList": []}, {"deviceList": None}, []])
async def test_devices_that_are_not_in_one_list_are_in_the_other(
    classic: ClassicClient, cloud: Cloud, info: Any
) -> None:
    cloud.say(info, {"deviceList": [{"deviceSn": MIN, "deviceType": "tlx"}]})
    assert await classic.device_list(PLANT) == [{"deviceSn": MIN, "deviceType": "tlx"}]


async def test_devices_of_the_first_list_are_enough(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say({"deviceList": [{"deviceSn": SPH, "deviceType": "mix"}]})
    assert [row["deviceSn"] for row in await classic.device_list(PLANT)] == [SPH]
    assert len(cloud.asked) == 2


@pytest.mark.parametrize(
    "first", [{"storageBean": {}}, {"success": False, "msg": "501"}]
)
async def test_storage_without_the_first_operation_has_the_other(
    classic: ClassicClient, cloud: Cloud, first: Any
) -> None:
    detail = {"storageDetailBean": {"capacity": "88"}}
    cloud.say(first, detail)
    assert await classic.storage_params("ST1") == detail
    assert [asked.query["op"] for asked in cloud.asked[1:]] == [
        "getStorageParams_sacolar",
        "getStorageParams",
    ]


async def test_storage_without_any_record_says_what_there_is(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say({"storageBean": {"alias": "Shed"}}, {})
    assert await classic.storage_params("ST1") == {"storageBean": {"alias": "Shed"}}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ({"spaBean": {"onOff": "1"}}, {"onOff": "1"}),
        ({"spaSetBean": {"onOff": "1"}}, {"onOff": "1"}),
        ({"onOff": "1"}, {"onOff": "1"}),
    ],
)
async def test_settings_of_a_spa_may_be_wrapped(
    classic: ClassicClient, cloud: Cloud, answer: Any, found: Any
) -> None:
    cloud.say({"result": 1, "obj": answer})
    assert await classic.spa_settings("SPA1") == found


async def test_an_overview_of_storage_may_be_refused_once(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say({"result": 0, "msg": "501"}, {"result": 1, "obj": {"epvToday": "5.6"}})
    found = await classic.storage_energy_overview(PLANT, "ST1")
    assert found == {"epvToday": "5.6"}


async def test_plants_of_a_login_that_has_no_user_id(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.queue.clear()
    nameless = web.json_response({"back": {"success": True, "user": None}})
    nameless.headers.add("Set-Cookie", "JSESSIONID=session-1; Path=/")
    cloud.say(nameless, {"PlantList": [{"id": 1234567}]})
    assert await classic.plant_list() == {"PlantList": [{"id": 1234567}]}


async def test_an_overview_of_storage_may_be_nowhere(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say({"result": 1, "obj": None}, {"result": 1, "obj": None})
    assert await classic.storage_energy_overview(PLANT, "ST1") == {}


async def test_an_endpoint_that_fails_for_one_device_only_rests_for_a_day(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock
) -> None:
    def broken(_: object) -> web.Response:
        return web.Response(status=500)

    for number in range(3):
        cloud.say(*[broken] * (2 if number == 0 else 1))  # a first one is tried twice
        with pytest.raises(TransportError):
            await classic.tlx_detail("MAX0000001")
        await classic.tlx_detail(MIN)
    asked = len(cloud.asked)
    with pytest.raises(UnsupportedError):
        await classic.tlx_detail("MAX0000001")
    assert len(cloud.asked) == asked
    await classic.tlx_detail(MIN)
    # It may be an outage that began before: so it is asked once more on the same day.
    await clock.sleep(7201)
    cloud.say(broken)
    with pytest.raises(TransportError):
        await classic.tlx_detail("MAX0000001")
    await clock.sleep(86_300)
    with pytest.raises(UnsupportedError):
        await classic.tlx_detail("MAX0000001")
    await clock.sleep(101)
    await classic.tlx_detail("MAX0000001")
    assert len(cloud.asked) == asked + 3


async def test_an_endpoint_that_has_answered_rests_for_a_while_only(
    classic: ClassicClient, cloud: Cloud, clock: FakeClock
) -> None:
    """A partial outage ends, and then nobody waits for a day (30, 60, 120 minutes)."""
    broken: set[str] = set()

    def answer(asked: Asked) -> Any:
        if "Login" in asked.path:
            return welcome()
        serial = asked.query.get("id")
        return web.Response(status=500) if serial in broken else {"sn": serial}

    async def fails(expected: type[Exception]) -> None:
        with pytest.raises(expected):
            await classic.tlx_detail("SN1")
        await classic.tlx_detail(MIN)

    cloud.usual = answer
    await classic.tlx_detail("SN1")
    broken.add("SN1")
    for _ in range(3):
        await fails(TransportError)
    for minutes in (30, 60, 120, 120):
        await fails(UnsupportedError)
        await clock.sleep(minutes * 60 - 60)
        await fails(UnsupportedError)
        await clock.sleep(61)
        await fails(TransportError)
    broken.clear()
    await clock.sleep(7201)
    await classic.tlx_detail("SN1")
    broken.add("SN1")
    for _ in range(3):
        await fails(TransportError)
    await fails(UnsupportedError)
    await clock.sleep(1801)
    await fails(TransportError)


async def test_two_that_fail_are_both_missing_while_others_work(
    classic: ClassicClient, cloud: Cloud
) -> None:
    """Neither keeps the other from it, and none is asked twice in a row for long."""

    def answer(asked: Asked) -> Any:
        if "Login" in asked.path:
            return welcome()
        return web.Response(status=500) if asked.query.get("id") != MIN else {}

    cloud.usual = answer
    for _ in range(10):
        await classic.tlx_detail(MIN)
        for serial in ("MAX1", "MAX2"):
            with pytest.raises((TransportError, UnsupportedError)):
                await classic.tlx_detail(serial)
    asked = [call.query.get("id") for call in cloud.asked]
    assert (asked.count("MAX1"), asked.count("MAX2")) == (4, 4)


async def test_an_outage_of_all_devices_is_no_missing_endpoint(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.usual = lambda asked: (
        welcome() if "Login" in asked.path else web.Response(status=500)
    )
    for _ in range(4):
        for serial in (MIN, "SN2"):
            with pytest.raises(TransportError):
                await classic.tlx_detail(serial)
    cloud.usual = {}
    await classic.tlx_detail(MIN)


async def test_the_worked_examples_of_writes(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.usual = {"success": True, "msg": "200"}
    params = ["1", "01", "05", "05", "30", "1"]
    await classic.write_setting("min", MIN, "time_segment2", params)
    await classic.write_setting("sph", SPH, "mix_ac_charge_time_period", ["100", "90"])
    await classic.write_setting("spa", "SPA1", "spa_load_flast", ["00"])
    await classic.write_setting("inverter", "INV1", "pv_on_off", ["0001"])
    assert [(asked.path, asked.query) for asked in cloud.asked[1:]] == [
        (
            "/newTcpsetAPI.do",
            {
                "op": "tlxSet",
                "serialNum": MIN,
                "type": "time_segment2",
                "param1": "1",
                "param2": "01",
                "param3": "05",
                "param4": "05",
                "param5": "30",
                "param6": "1",
            },
        ),
        (
            "/newTcpsetAPI.do",
            {
                "op": "mixSetApiNew",
                "serialNum": SPH,
                "type": "mix_ac_charge_time_period",
                "param1": "100",
                "param2": "90",
            },
        ),
        (
            "/newTcpsetAPI.do",
            {
                "op": "spaSetApi",
                "serialNum": "SPA1",
                "type": "spa_load_flast",
                "param1": "00",
            },
        ),
        (
            "/tcpSet.do",
            {
                "action": "inverterSet",
                "serialNum": "INV1",
                "paramId": "pv_on_off",
                "command_1": "0001",
                "command_2": "",
            },
        ),
    ]
    assert {asked.method for asked in cloud.asked} == {"POST"}


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ({"success": False, "msg": "501"}, WriteRejected, "offline"),
        ({"success": False, "msg": "509"}, WriteRejected, "incomplete"),
        ({"success": False, "msg": "inv_set_time_format"}, WriteRejected, "bad_value"),
        ({"success": False, "msg": "500"}, WriteUnknown, "vendor_busy"),
        ({"success": False, "msg": ""}, WriteUnknown, "vendor_busy"),
        ({}, WriteUnknown, None),
        ("<html>oops</html>", WriteUnknown, "not_json"),
    ],
)
async def test_a_write_that_is_refused(
    classic: ClassicClient,
    cloud: Cloud,
    answer: Any,
    kind: type[ApiError],
    reason: str | None,
) -> None:
    cloud.say(answer)
    with pytest.raises(ApiError) as caught:
        await classic.write_setting("min", MIN, "charge_power", ["80"])
    assert type(caught.value) is kind
    assert caught.value.reason == reason
    assert len(cloud.asked) == 2


@pytest.mark.parametrize(
    ("message", "kind", "reason"),
    [
        ("501", UnsupportedError, "permission"),
        ("509", WriteRejected, "incomplete"),
        ("500", WriteUnknown, "vendor_busy"),
    ],
)
async def test_a_visitor_is_told_that_the_device_is_offline(
    classic: ClassicClient,
    session: ClassicSession,
    notes: Notes,
    cloud: Cloud,
    message: str,
    kind: type[ApiError],
    reason: str,
) -> None:
    """Q36: a person has to mend that; other refusals mean what they say."""
    await session.login()
    notes["login/session"]["right_level"] = 0
    assert session.visitor
    cloud.say({"success": False, "msg": message})
    with pytest.raises(ApiError) as caught:
        await classic.write_setting("min", MIN, "charge_power", ["80"])
    assert type(caught.value) is kind
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"result": 0, "msg": "501"}, MaintenanceError),
        ({"result": 0, "msg": "503"}, UnsupportedError),
        ({"result": 0, "msg": "500"}, TransportError),
        ({"result": 1, "obj": {}}, BadDataError),
    ],
)
async def test_a_live_read_that_is_refused(
    classic: ClassicClient, cloud: Cloud, answer: Any, kind: type[ApiError]
) -> None:
    cloud.say(answer, answer)
    with pytest.raises(ApiError) as caught:
        await classic.read_setting("min", MIN, "charge_power")
    assert type(caught.value) is kind


async def test_a_setting_is_read_live(classic: ClassicClient, cloud: Cloud) -> None:
    cloud.say({"result": 1, "obj": {"param1": "80"}})
    assert await classic.read_setting("min", MIN, "charge_power") == "80"
    asked = cloud.asked[-1]
    assert asked.query == {"action": "readDeviceParam"}
    assert asked.form == {
        "serialNum": MIN,
        "deviceTypeStr": "8",
        "paramId": "charge_power",
        "startAddr": "-1",
        "endAddr": "-1",
    }
    with pytest.raises(UnsupportedError):
        await classic.read_setting("sph", SPH, "pv_on_off")


async def test_the_settings_of_an_inverter_are_in_a_page(
    classic: ClassicClient, cloud: Cloud
) -> None:
    settings = {"onOff": "1", "activeRate": "100"}
    page = (
        f"<html><script>var inv=JSON.parse('{json.dumps(settings)}');</script></html>"
    )
    cloud.say(page, "<html>nothing</html>", "<script>inv=JSON.parse('{');</script>")
    assert await classic.classic_inverter_info("INV1") == settings
    assert cloud.asked[-1].query == {"type": "server", "invSn": "INV1"}
    for _ in range(2):
        with pytest.raises(BadDataError):
            await classic.classic_inverter_info("INV1")


def parts_of(body: bytes) -> dict[str, str]:
    """Read a form in parts, each without a file name."""
    boundary = body.split(b"\r\n", 1)[0]
    found = {}
    for part in body.split(boundary)[1:-1]:
        head, _, value = part.strip(b"\r\n").partition(b"\r\n\r\n")
        name = head.decode().removeprefix('Content-Disposition: form-data; name="')
        found[name.removesuffix('"')] = value.decode()
    return found


async def test_plant_settings_are_read_merged_and_written_whole(
    classic: ClassicClient, cloud: Cloud
) -> None:
    cloud.say(PLANT_SETTINGS, {"success": True, "msg": "200"})
    await classic.update_plant_settings(PLANT, {"plantIncome": "0.31"})
    asked = cloud.asked[-1]
    assert asked.path == "/newTwoPlantAPI.do"
    assert asked.query == {"op": "updatePlant"}
    assert asked.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    parts = parts_of(asked.body)
    assert set(parts) == set(PLANT_FIELDS)
    assert len(parts) == 18
    assert parts["plantIncome"] == "0.31"
    assert parts["plantFirm"] == "0"
    assert parts["plantID"] == PLANT
    assert parts["plantAddress"] == "1 Example St"
    assert parts["plantCo2"] == "0.6000000238418579"


@pytest.mark.parametrize("key", ["formulaCo2", "timezone", "city"])
async def test_plant_settings_with_an_unknown_value_are_not_written(
    classic: ClassicClient, cloud: Cloud, key: str
) -> None:
    cloud.say({**PLANT_SETTINGS, key: None})
    with pytest.raises(BadDataError) as caught:
        await classic.update_plant_settings(PLANT, {"plantIncome": "0.31"})
    assert caught.value.reason == "unknown_value"
    assert len(cloud.asked) == 2


@pytest.mark.parametrize("changes", [{"plantID": "7"}, {"unknown": "1"}])
async def test_what_is_no_plant_setting_is_not_written(
    classic: ClassicClient, cloud: Cloud, changes: dict[str, str]
) -> None:
    with pytest.raises(BadDataError):
        await classic.update_plant_settings(PLANT, changes, PLANT_SETTINGS)
    assert cloud.asked == []


async def test_settings_of_another_plant_are_not_written(
    classic: ClassicClient, cloud: Cloud
) -> None:
    with pytest.raises(BadDataError):
        await classic.update_plant_settings("7654321", {}, PLANT_SETTINGS)
    assert cloud.asked == []
