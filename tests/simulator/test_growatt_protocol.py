"""Growatt: envelopes, tokens, hosts and pages (growatt.md 2.1, 3.0, 4.2 and 4.3)."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.growatt import GrowattSimulator

from .growatt_client import HOME, MIN, NEO, NOAH, REFUSED, SPH, Token

SERIALS = {"deviceSn": "", "deviceType": "min"}


async def test_v1_wraps_data_into_its_envelope(token: Token) -> None:
    answer = await token.get("plant/list")
    assert answer["error_code"] == 0
    assert answer["error_msg"] == ""
    (plant,) = answer["data"]["plants"]
    assert (plant["plant_id"], plant["name"]) == (HOME, "Home")


async def test_device_calls_say_whose_data_it_is_beside_them(token: Token) -> None:
    answer = await token.post("device/tlx/tlx_last_data", tlx_sn=MIN)
    assert (answer["tlx_sn"], answer["dataloggerSn"]) == (MIN, "QMN0A1B2C3")
    assert answer["data"]["serialNum"] == MIN


async def test_many_devices_nest_twice(token: Token) -> None:
    answer = await token.post("device/tlx/tlxs_data", tlxs=f"{MIN},OTHER", pageNum=1)
    assert answer["tlxs"] == [MIN]
    assert answer["data"][MIN][MIN]["serialNum"] == MIN


async def test_v4_wraps_data_by_family(token: Token) -> None:
    answer = await token.v4("queryLastData")
    assert (answer["code"], answer["message"]) == (0, "SUCCESSFUL_OPERATION")
    assert [record["serialNum"] for record in answer["data"]["min"]] == [MIN]


@pytest.mark.parametrize("prefix", ["v1", "v4"])
async def test_both_prefixes_serve_all_token_endpoints(
    token: Token, prefix: str
) -> None:
    for method, endpoint in (
        ("GET", "plant/list"),
        ("POST", "new-api/queryDeviceList"),
    ):
        status, _, text = await token.request(
            method, f"{prefix}/{endpoint}", data={"page": 1}
        )
        assert status == 200
        assert '"data": {' in text


async def test_without_a_token_the_login_page_comes(token: Token) -> None:
    token.token = None
    status, kind, text = await token.request("GET", "v1/plant/list")
    assert (status, kind) == (200, "text/html")
    assert '<html data-name="login">' in text


async def test_a_wrong_token_has_no_permission(token: Token) -> None:
    token.token = "0" * 32
    answer = await token.get("plant/list")
    assert answer == {
        "data": "",
        "error_code": REFUSED,
        "error_msg": "error_permission_denied",
    }
    answer = await token.v4("queryLastData")
    assert answer == {"code": 2, "data": None, "message": "TOKEN_IS_INVALID"}


@pytest.mark.parametrize(
    ("style", "read", "write", "v4"),
    [
        ("permission", REFUSED, REFUSED, 2),
        ("domain", -1, -1, -1),
        ("true_host", REFUSED, 10002, 2),
    ],
)
async def test_another_host_does_not_know_the_account(
    clock: ManualClock,
    session: aiohttp.ClientSession,
    socket_enabled: None,
    style: Any,
    read: int,
    write: int,
    v4: int,
) -> None:
    sim = GrowattSimulator(clock=clock, hosts=("global", "us"), home_host="us")
    sim.wrong_host = style
    await sim.start()
    try:
        token = Token(sim, session, clock)
        token.base = sim.urls["global"]
        assert (await token.get("plant/list"))["error_code"] == read
        assert await token.tlx("charge_power", 80) == write
        assert (await token.v4("queryLastData"))["code"] == v4
        assert sim.urls["us"] == sim.url
    finally:
        await sim.stop()


async def test_after_a_stop_all_hosts_take_their_ports_again(
    clock: ManualClock, socket_enabled: None
) -> None:
    sim = GrowattSimulator(clock=clock, hosts=("global", "us", "au"))
    await sim.start()
    urls = sim.urls
    await sim.stop()
    await sim.start()
    assert sim.urls == urls
    await sim.stop()


async def test_writes_can_ask_for_the_true_host(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.writes_elsewhere = True
    answer = await token.post("tlxSet", tlx_sn=MIN, type="charge_power", param1=80)
    assert (answer["error_code"], answer["error_msg"]) == (
        10002,
        "error_useTrueHostToSet",
    )


@pytest.mark.parametrize(
    ("endpoint", "query", "code"),
    [
        ("plant/details", {"plant_id": 1}, 10002),
        ("plant/details", {}, 10003),
        ("device/list", {"plant_id": HOME, "perpage": 101}, 10013),
        ("device/list", {"plant_id": HOME, "page": 251}, 10014),
        ("plant/power", {"plant_id": HOME, "date": "today"}, 10003),
        ("device/tlx/tlx_data_info", {"device_sn": "NONE"}, 10002),
        (
            "plant/energy",
            {
                "plant_id": HOME,
                "start_date": "2026-04-20",
                "end_date": "2026-05-03",
                "time_unit": "day",
            },
            10004,
        ),
    ],
)
async def test_v1_says_what_is_wrong(
    token: Token, endpoint: str, query: Mapping[str, Any], code: int
) -> None:
    assert (await token.get(endpoint, **query))["error_code"] == code


@pytest.mark.parametrize(
    ("name", "form", "code"),
    [
        ("queryLastData", {"deviceType": "pump"}, 7),
        ("queryLastData", {"deviceSn": ""}, 8),
        ("queryLastData", {"deviceSn": "NONE"}, 12),
        ("queryLastData", {"deviceSn": ",".join(["X"] * 101)}, 11),
        ("queryHistoricalData", {}, 9),
        ("queryDeviceList", {}, 10),
        ("readPower", {"deviceSn": "NONE"}, 4),
        ("readPower", {"deviceType": "sph"}, 7),
    ],
)
async def test_v4_says_what_is_wrong(
    token: Token, name: str, form: Mapping[str, Any], code: int
) -> None:
    assert (await token.v4(name, **form))["code"] == code


async def test_a_device_without_permission_is_refused_or_left_out(
    token: Token,
) -> None:
    token.device.switches.permission = False
    answer = await token.post("device/tlx/tlx_last_data", tlx_sn=MIN)
    assert answer["error_code"] == REFUSED
    assert (await token.v4("queryLastData"))["code"] == 12
    assert (await token.get("plant/list"))["error_code"] == 0


async def test_a_known_user_name_exists(token: Token) -> None:
    answer = await token.post("user/check_user", user_name="jane.solar")
    assert answer["error_code"] == 10003
    token.clock.advance(300)
    answer = await token.post("user/check_user", user_name="nobody")
    assert answer["error_code"] == 0


@pytest.mark.parametrize("kinds", [("MIN", "NOAH", "NEO")])
async def test_a_noah_is_only_in_the_list_of_v4(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.unknown_device = "PCS0000001"
    answer = await token.get("device/list", plant_id=HOME)
    assert [(it["device_sn"], it["type"]) for it in answer["data"]["devices"]] == [
        (MIN, 7),
        ("CRAZM00001", 3),
        ("PCS0000001", 8),
    ]
    token.clock.advance(300)
    assert (await token.get("device/list", plant_id=1234603))["data"]["devices"] == []
    answer = await token.v4("queryDeviceList", page=1)
    found = {it["deviceSn"]: it["deviceType"] for it in answer["data"]["data"]}
    assert found == {MIN: "min", NOAH: "noah", NEO: "min"}


@pytest.mark.parametrize("kinds", [("NEO",)])
async def test_a_micro_inverter_has_no_settings(token: Token) -> None:
    answer = await token.get("device/tlx/tlx_data_info", device_sn=NEO)
    assert answer["data"]["tlxSetbean"] is None
    assert await token.set("tlxSet", NEO, "charge_power", 80) == 10006


async def test_faults_answer_in_the_envelope_of_the_path(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.faults.add("vendor_error", code=1, message="SYSTEM_ERROR")
    assert (await token.get("plant/list"))["error_code"] == 1
    assert (await token.v4("queryLastData"))["code"] == 1
    counted = growatt.counters.requests()
    assert [(it.endpoint, it.code) for it in counted] == [
        ("plant/list", 1),
        ("new-api/queryLastData", 1),
    ]


async def test_older_servers_have_no_v4(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.v4_available = False
    assert (await token.v4("queryLastData"))["code"] == 1


@pytest.mark.parametrize("kinds", [("MIN", "SPH")])
async def test_switches_are_set_at_the_side_door(
    token: Token, growatt: GrowattSimulator
) -> None:
    url = f"{growatt.control_url}/growatt"
    wishes = {"device": SPH, "online": False, "clamps": {"chargePowerCommand": 50}}
    async with token.session.post(url, json=wishes) as response:
        document = await response.json()
    assert document["devices"][SPH]["online"] is False
    assert growatt.devices[SPH].switches.clamps == {"chargePowerCommand": 50}
    assert growatt.devices[MIN].online
    async with token.session.post(
        url, json={"scope": "family", "dfc": True}
    ) as response:
        document = await response.json()
    assert (growatt.limits.scope, growatt.dfc) == ("family", True)
    async with token.session.post(url, json={"scope": "all"}) as response:
        assert response.status == 400
