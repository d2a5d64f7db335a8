"""What is asked of each endpoint, and what comes of it (reference sections 3, 6, 7)."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy.api.client import GoodWeClient
from custom_components.goodwe_energy.api.settings import Target
from custom_components.goodwe_energy.api.stations import station_id
from custom_components.goodwe_energy.api.statistics import (
    ENERGY_ITEMS,
    INCOME_ITEMS,
    POWER_ITEMS,
)

from .conftest import SN, STATION, Cloud, no, ok

type Ask = Callable[[GoodWeClient], Awaitable[Any]]

DAY = date(2026, 10, 12)
SPAN = {"startTime": "2026-10-12 00:00:00", "endTime": "2026-10-12 23:59:59"}
INVERTER = Target(station=STATION, sn=SN, device_name="Inverter 1", virtual_sn=SN)
BATTERY = Target(station=STATION, sn=SN, device_name="mppt1_battery")
PLANT, REMOTE, ALARM = "sems-plant/api/", "sems-remote/api/", "sems-alarm/api/"
FLAT = {"isReport": False, "dimension": "day", "stationId": STATION, **SPAN}

GETS: list[tuple[Ask, str, dict[str, str]]] = [
    (lambda c: c.flow(STATION), "stations/flow", {"stationId": STATION}),
    (
        lambda c: c.device_status(STATION),
        "stations/device/all-status",
        {"stationId": STATION},
    ),
    (
        lambda c: c.devices_by_type(STATION, "EV_CHARGER"),
        "web/device/station/getDevicesByType",
        {"stationId": STATION, "deviceType": "EV_CHARGER"},
    ),
    *(
        (
            lambda c, ask=ask: getattr(c, ask)(STATION, SN, "INVERTER"),
            f"equipments/{SN}/{name}",
            {"deviceType": "INVERTER", "pwId": STATION},
        )
        for ask, name in (
            ("telemetry", "telemetry"),
            ("counters", "telecounting"),
            ("information", "information"),
        )
    ),
    (
        lambda c: c.related(STATION, SN),
        f"equipments/{SN}/relatedDevices",
        {
            "sn": SN,
            "deviceType": "ENERGY_STORAGE_INTEGRATED_CABINET",
            "pwId": STATION,
        },
    ),
    (
        lambda c: c.charger_session(STATION, "EV12345"),
        "v1/chargePile/getLastCharge",
        {"chargeSn": "EV12345", "pwId": STATION},
    ),
    (lambda c: c.live_enable(STATION), "second-data/enable", {"stationId": STATION}),
    (lambda c: c.live_config(), "second-data/config", {}),
]

POSTS: list[tuple[Ask, str, dict[str, Any]]] = [
    (
        lambda c: c.stations(),
        f"{PLANT}portal/stations/page",
        {"current": 1, "size": 100},
    ),
    (lambda c: c.station_info(STATION), f"{PLANT}portal/stations/basic/info", {}),
    (
        lambda c: c.device_page(STATION),
        f"{PLANT}web/device/station/page",
        {"stationId": STATION, "current": 1, "size": 100},
    ),
    (
        lambda c: c.energy(STATION, ENERGY_ITEMS, "day", DAY, DAY),
        f"{PLANT}stations/statistics",
        {"items": list(ENERGY_ITEMS), **FLAT},
    ),
    (
        lambda c: c.income(STATION, DAY, DAY),
        f"{PLANT}stations/production",
        {"items": list(INCOME_ITEMS), **FLAT},
    ),
    (
        lambda c: c.power_day(STATION, DAY, timedelta(hours=10)),
        f"{PLANT}v1/hems/power/statisticsAndPreV2",
        {
            "stationId": STATION,
            "items": list(POWER_ITEMS),
            "timeScale": 1,
            "timeZone": -10,
            **SPAN,
        },
    ),
    (
        lambda c: c.alarm_counts([STATION]),
        f"{ALARM}alarm/statistics",
        {"stationIds": [STATION]},
    ),
    (
        lambda c: c.alarms(STATION, active=True),
        f"{ALARM}v2/alarm/page",
        {"stationIds": [STATION], "status": 0, "pageIndex": 1, "pageSize": 20},
    ),
    (
        lambda c: c.alarms(
            [STATION], start=datetime(2026, 10, 11), end=datetime(2026, 10, 12)
        ),
        f"{ALARM}v2/alarm/page",
        {
            "stationIds": [STATION],
            "timeType": 1,
            "startTime": "2026-10-11 00:00:00",
            "endTime": "2026-10-12 00:00:00",
            "pageIndex": 1,
            "pageSize": 20,
        },
    ),
    (
        lambda c: c.charger(STATION, "EV12345", "GW11K-HCA-20"),
        f"{REMOTE}ev-charger/detail",
        {"sn": "EV12345", "plantId": STATION, "productModel": "GW11K-HCA-20"},
    ),
    (
        lambda c: c.charger_log(STATION, "EV12345"),
        f"{PLANT}v1/chargePile/queryChargeLogList",
        {"chargeSn": "EV12345", "pwId": STATION, "current": 1, "size": 20},
    ),
    (
        lambda c: c.charger_mode(STATION, "EV12345", 0, power=7),
        f"{REMOTE}ev-charger/set-mode",
        {
            "sn": "EV12345",
            "plantId": STATION,
            "mode": 0,
            "chargePowerSetted": 7.0,
            "chargeMaxPower": 7.0,
        },
    ),
    (
        lambda c: c.charger_mode(STATION, "EV12345", 2, model="GW11K-HCA-20"),
        f"{REMOTE}ev-charger/set-mode",
        {
            "sn": "EV12345",
            "plantId": STATION,
            "productModel": "GW11K-HCA-20",
            "mode": 2,
        },
    ),
    (
        lambda c: c.charger_start(STATION, "EV12345"),
        f"{REMOTE}ev-charger/startCharge",
        {"sn": "EV12345", "plantId": STATION},
    ),
    (
        lambda c: c.charger_stop(STATION, "EV12345"),
        f"{REMOTE}ev-charger/stopCharge",
        {"sn": "EV12345", "plantId": STATION},
    ),
    (
        lambda c: c.related_sn(SN, 1),
        f"{REMOTE}v2/address/remote/get-related-sn",
        {"sn": SN, "menuCode": 1},
    ),
    (
        lambda c: c.function_menus(SN, menu_code=1, bat_index="1"),
        f"{REMOTE}v2/address/remote/getDeviceFunctionTabMenus",
        {"sn": SN, "module": "GENERAL_FUNCTIONS", "batIndex": "1", "menuCode": 1},
    ),
    (
        lambda c: c.function_values(SN, {"47509": "1", "47510": "2"}),
        f"{REMOTE}v1/address/remote/get-cache-device-function-parameters",
        {
            "sn": SN,
            "addresses": ["47509", "47510"],
            "addrFuncMap": {"47509": "1", "47510": "2"},
        },
    ),
    (
        lambda c: c.set_function(
            INVERTER, {"47510": 3000}, {"47510": "2"}, {"limit_setting": 3000}
        ),
        f"{REMOTE}v1/address/remote/setDeviceFunctionParameters",
        {
            "sn": SN,
            "addressMap": {"47510": 3000},
            "addrFuncMap": {"47510": "2"},
            "controlItemLogs": {"limit_setting": 3000},
            "waitingForDevice": True,
            "plantId": STATION,
            "deviceName": "Inverter 1",
            "virtualSn": SN,
        },
    ),
    (
        lambda c: c.set_function(
            BATTERY, {"47545": 1}, {"47545": "3"}, {"immediate_charge": "on"}
        ),
        f"{REMOTE}v1/address/remote/setDeviceFunctionParameters",
        {
            "sn": SN,
            "addressMap": {"47545": 1},
            "addrFuncMap": {"47545": "3"},
            "controlItemLogs": {"immediate_charge": "on"},
            "waitingForDevice": True,
            "plantId": STATION,
            "deviceName": "mppt1_battery",
        },
    ),
    (
        lambda c: c.settings(SN, ["TOU1"]),
        f"{REMOTE}v1/remote/get",
        {"sn": SN, "functionName": ["TOU1"]},
    ),
    (
        lambda c: c.set_setting(
            INVERTER, "TOUModeEnable", {"TOUModeEnable": 1}, {"TOU": "remote_Switch_on"}
        ),
        f"{REMOTE}v1/remote/set",
        {
            "functionName": "TOUModeEnable",
            "sn": SN,
            "plantId": STATION,
            "deviceName": "Inverter 1",
            "virtualSn": SN,
            "data": {"TOUModeEnable": 1},
            "controlItemLogs": {"TOU": "remote_Switch_on"},
            "waitingForDevice": True,
        },
    ),
]


@pytest.mark.parametrize(("ask", "path", "query"), GETS, ids=[it[1] for it in GETS])
async def test_each_get_is_the_one_of_the_reference(
    client: GoodWeClient, cloud: Cloud, ask: Ask, path: str, query: dict[str, str]
) -> None:
    await ask(client)
    asked = cloud.last
    assert (asked.method, asked.path) == ("GET", f"/web/sems/{PLANT}{path}")
    assert asked.query == query


@pytest.mark.parametrize(("ask", "path", "body"), POSTS, ids=[it[1] for it in POSTS])
async def test_each_post_is_the_one_of_the_reference(
    client: GoodWeClient, cloud: Cloud, ask: Ask, path: str, body: dict[str, Any]
) -> None:
    await ask(client)
    asked = cloud.last
    assert (asked.method, asked.path) == ("POST", f"/web/sems/{path}")
    assert asked.body == body


async def test_the_dialect_is_asked_for(client: GoodWeClient, cloud: Cloud) -> None:
    cloud.usual = ok({"workMode": "3.0", "arm": "745"})
    assert await client.work_mode(SN) == {"workMode": "3.0", "arm": "745"}
    assert cloud.last.query == {"sn": SN}
    assert cloud.last.path.endswith(f"/{REMOTE}v2/address/remote/get-work-mode")


async def test_the_info_of_a_station_is_asked_for_by_query(
    client: GoodWeClient, cloud: Cloud
) -> None:
    await client.station_info(STATION)
    assert cloud.last.query == {"stationId": STATION}


async def test_all_pages_are_read(client: GoodWeClient, cloud: Cloud) -> None:
    rows = [{"id": f"station {n}"} for n in range(3)]
    await client.session.token()
    for row in rows:
        cloud.say(ok({"dataList": [row], "total": 3}))
    assert await client.stations() == rows
    assert [asked.body["current"] for asked in cloud.calls] == [1, 2, 3]


@pytest.mark.parametrize(
    "page", [{"dataList": [{"id": "a1b2"}], "total": "7"}, [{"id": "a1b2"}]]
)
async def test_a_page_that_is_repeated_is_the_last(
    client: GoodWeClient, cloud: Cloud, page: Any
) -> None:
    cloud.usual = ok(page)
    assert await client.stations() == [{"id": "a1b2"}]
    assert len(cloud.calls) <= 2


async def test_no_more_alarms_are_read_than_asked_for(
    client: GoodWeClient, cloud: Cloud
) -> None:
    await client.session.token()
    for page in range(6):
        rows = [{"warningid": f"{page}-{row}"} for row in range(20)]
        cloud.say(ok({"dataList": rows, "total": 4711}))
    assert len(await client.alarms(STATION)) == 100
    assert len(cloud.calls) == 5


async def test_stations_are_asked_for_elsewhere_if_the_page_is_gone(
    client: GoodWeClient, cloud: Cloud
) -> None:
    await client.session.token()
    cloud.say(no("read_fail"), ok({"dataList": [{"stationId": 4711}]}))
    assert [station_id(row) for row in await client.stations()] == ["4711"]
    assert cloud.last.path.endswith("/stations/simple-query")
    assert cloud.last.body == {"pageIndex": 1, "pageSize": 50}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"id": "a", "stationId": "b"}, "a"),
        ({"id": "", "stationId": "--", "plantId": "c"}, "c"),
        ({"powerStationId": 5}, "5"),
        ({"name": "x"}, None),
    ],
)
def test_a_station_id_has_many_names(row: dict[str, Any], expected: str | None) -> None:
    assert station_id(row) == expected


@pytest.mark.parametrize("hours", [-5.5, 0.0, 10.0])
async def test_the_zone_goes_the_other_way_round(
    client: GoodWeClient, cloud: Cloud, hours: float
) -> None:
    await client.power_day(STATION, DAY, timedelta(hours=hours))
    assert cloud.last.body["timeZone"] == -hours


async def test_more_than_a_year_is_not_asked_for_at_once(
    client: GoodWeClient, cloud: Cloud
) -> None:
    with pytest.raises(ValueError, match="year"):
        await client.energy(
            STATION, ENERGY_ITEMS, "year", date(2025, 12, 31), date(2026, 1, 1)
        )
    assert cloud.asked == []


@pytest.mark.parametrize(("mode", "power"), [(0, None), (1, 7.0), (2, 7.0)])
async def test_a_mode_that_would_be_ignored_is_not_sent(
    client: GoodWeClient, cloud: Cloud, mode: int, power: float | None
) -> None:
    with pytest.raises(ValueError, match="power"):
        await client.charger_mode(STATION, "EV12345", mode, power=power)
    assert cloud.asked == []


async def test_answers_are_taken_out_of_their_wrappings(
    client: GoodWeClient, cloud: Cloud
) -> None:
    await client.session.token()
    cloud.say(
        ok({"data": {"47509": 1}}),
        ok({"items": [{"functionName": "TOU1", "value": {"TOUWeekEnable1": 6}}]}),
        ok({"functionMenus": [{"menuId": 1}]}),
        ok({"sn": "X1234"}),
        ok({"chargeLog": {"workStu": 6}}),
        ok(True),
        ok(None),
    )
    assert await client.function_values(SN, {"47509": "1"}) == {"47509": 1}
    assert await client.settings(SN, ["TOU1"]) == {"TOU1": {"TOUWeekEnable1": 6}}
    assert await client.function_menus(SN) == [{"menuId": 1}]
    assert await client.related_sn(SN, 1) == "X1234"
    assert await client.charger_session(STATION, "EV12345") == {"workStu": 6}
    assert await client.live_enable(STATION) is True
    assert await client.live_enable(STATION) is False


async def test_what_is_found_is_hidden_from_logs(
    client: GoodWeClient, cloud: Cloud, redactor: Redactor
) -> None:
    await client.session.token()
    detail = {"DNG24A0031": {"sn": "DNG24A0031", "preSn": "VD3001000"}}
    statuses = [{"status": 1, "snList": ["DNG24A0031"], "detailMap": detail}]
    cloud.say(
        ok({"dataList": [{"id": "first-station"}, {"id": "second-station"}]}),
        ok({"deviceDetailList": [{"statusDetailList": statuses}]}),
        ok([{"sn": "VD20019010"}]),
        ok({"clientId": "SEMS_1", "userName": "user1", "password": "secret1"}),
    )
    await client.stations()
    await client.device_status("first-station")
    await client.related("first-station", SN)
    await client.live_config()
    cloud.say(
        ok([{"code": "bat1MRSn", "data": "BAT0815"}, {"code": "x", "data": "open"}])
    )
    await client.information("first-station", SN, "INVERTER")
    assert redactor.text("BAT0815 open") == "**device 5** open"
    told = redactor.text(
        f"first-station second-station DNG24A0031 VD3001000 VD20019010 {SN} secret1"
    )
    assert told == (
        "**plant 1** **plant 2** **device 1** **device 2** **device 4** **device 3**"
        " **broker**"
    )
