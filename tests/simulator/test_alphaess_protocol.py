"""Headers, verbs, envelope, order of checks, limits (alphaess.md 2, 3.0, 3.18, 5)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest

from simulator.alphaess import Account, AlphaEssSimulator
from simulator.alphaess.protocol import signature
from simulator.clock import ManualClock

from .alphaess_client import (
    CHARGE_BODY,
    HOME_1,
    HOME_2,
    Client,
    period,
    periodic_body,
    sign,
)

GETS = [
    "getEssList",
    "getLastPowerData",
    "getOneDayPowerBySn",
    "getOneDateEnergyBySn",
    "getSumDataForCustomer",
    "getChargeConfigInfo",
    "getDisChargeConfigInfo",
    "getTimeChargeBySn",
    "getVerificationCode",
    "getEvChargerConfigList",
    "getEvChargerCurrentsBySn",
    "getEvChargerStatusBySn",
]
POSTS = [
    "updateChargeConfigInfo",
    "updateDisChargeConfigInfo",
    "setTimeChargeBySn",
    "bindSn",
    "unBindSn",
    "setEvChargerCurrentsBySn",
    "remoteControlEvCharger",
]


@pytest.mark.parametrize(
    ("app_id", "secret", "timestamp", "expected"),
    [
        (
            "alphaef7900ee81dbbce9",
            "c2d2ef6c047c49678e2c332fb2d74c3c",
            "1676353875",
            (
                "0f023c2287b8f6b21b0994947465f8e9de0e1542567b1735bdc6c427336b9b64"
                "06285cd94f9215c3e9af958df37fb11c2c9fe792713d8afbdb8c463359a1add8"
            ),
        ),
        (
            "alpha0123456789abcdef",
            "0123456789abcdef0123456789abcdef",
            "1760000000",
            (
                "6b37331a1b14a908fa110c3724f32cab028fdf3deb928ac3a787422ca90c4792"
                "2a37d1045d9bf3abe0423cc53e733c90ef370422d8fbe03a1795112497a58bd9"
            ),
        ),
    ],
    ids=["portal", "calculated"],
)
def test_signature_vectors(
    app_id: str, secret: str, timestamp: str, expected: str
) -> None:
    assert sign(app_id, secret, timestamp) == expected
    assert signature(app_id, secret, timestamp) == expected


async def test_the_signed_example_request_is_accepted(
    socket_enabled: None, session: aiohttp.ClientSession
) -> None:
    at = ManualClock(datetime.fromtimestamp(1760000000, UTC))
    sim = AlphaEssSimulator(clock=at, homes=1)
    await sim.start()
    try:
        answer = await Client(sim, session).request(
            "GET",
            f"getLastPowerData?sysSn={HOME_1}",
            headers={
                "appId": "alpha0123456789abcdef",
                "timeStamp": "1760000000",
                "sign": (
                    "6b37331a1b14a908fa110c3724f32cab028fdf3deb928ac3a787422ca90c4792"
                    "2a37d1045d9bf3abe0423cc53e733c90ef370422d8fbe03a1795112497a58bd9"
                ),
            },
        )
    finally:
        await sim.stop()
    assert answer.data["soc"] > 0


async def test_envelope(api: Client) -> None:
    answer = await api.get("getEssList")
    assert list(answer.body) == ["code", "msg", "expMsg", "data", "extra"]
    assert answer.body | {"data": None} == {
        "code": 200,
        "msg": "Success",
        "expMsg": None,
        "data": None,
        "extra": None,
    }
    assert answer.headers["Content-Type"].startswith("application/json")


async def test_header_names_in_any_case_and_bodies_of_gets(api: Client) -> None:
    headers = {name.upper(): value for name, value in api.headers().items()}
    answer = await api.request("GET", "getEssList", headers=headers, json={})
    assert answer.code == 200
    answer = await api.request("GET", "getEssList", data=b"not json")
    assert answer.code == 200


@pytest.mark.parametrize(
    ("missing", "code"), [("appId", 6012), ("timeStamp", 6011), ("sign", 6010)]
)
async def test_missing_headers(api: Client, missing: str, code: int) -> None:
    headers = api.headers()
    del headers[missing]
    answer = await api.request("GET", "getEssList", headers=headers)
    assert (answer.status, answer.code) == (200, code)
    assert set(answer.body) == {"code", "msg"}


async def test_a_bare_request(api: Client) -> None:
    answer = await api.request("GET", "getEssList", headers={})
    assert answer.body == {"code": 6012, "msg": "AppId is empty"}


@pytest.mark.parametrize("skew", [-301, 301])
async def test_a_wrong_clock(api: Client, skew: int) -> None:
    answer = await api.request("GET", "getEssList", headers=api.headers(skew))
    assert answer.code == 6009
    assert answer.body["msg"].startswith("The request timestamp is not within")
    api.sim.clock_error_code = 6006
    answer = await api.request("GET", "getEssList", headers=api.headers(skew))
    assert (answer.code, answer.body["msg"]) == (6006, "Timestamp error")


@pytest.mark.parametrize("skew", [-299, 0, 299])
async def test_a_clock_that_is_right_enough(api: Client, skew: int) -> None:
    answer = await api.request("GET", "getEssList", headers=api.headers(skew))
    assert answer.code == 200


async def test_a_timestamp_that_is_none(api: Client) -> None:
    headers = api.headers() | {"timeStamp": "soon"}
    assert (await api.request("GET", "getEssList", headers=headers)).code == 6009


async def test_a_wrong_secret_and_an_unknown_account(api: Client) -> None:
    api.secret = "f" * 32
    answer = await api.get("getEssList")
    assert (answer.status, answer.code) == (200, 6007)
    assert answer.body["msg"] == "Sign verification error"
    api.app_id = "alpha0000000000000000"
    assert (await api.get("getEssList")).code == 6007


async def test_whitelist(api: Client) -> None:
    api.sim.whitelisted = False
    answer = await api.get("getEssList")
    assert (answer.code, answer.body["msg"]) == (6009, "Whitelist verification failed")


@pytest.mark.parametrize(
    ("method", "endpoint"),
    [("POST", name) for name in GETS]
    + [("GET", name) for name in POSTS]
    + [("DELETE", "getEssList"), ("PUT", "bindSn"), ("HEAD", "getEssList")],
)
async def test_the_verb_is_checked_before_anything_else(
    api: Client, method: str, endpoint: str
) -> None:
    answer = await api.request(method, endpoint, headers={})
    assert answer.status == 405
    if method != "HEAD":
        assert answer.body["error"] == "Method Not Allowed"
        assert answer.body["path"] == f"/api/{endpoint}"
        assert answer.body.keys() == {"timestamp", "status", "error", "path"}


@pytest.mark.parametrize(
    "endpoint",
    ["getSystemInfo", "getesslist", "getEssList/", "", "getInChargeConfigInfo"],
)
async def test_unknown_paths(api: Client, endpoint: str) -> None:
    answer = await api.get(endpoint)
    assert answer.status == 404
    assert answer.body["status"] == 404
    assert "code" not in answer.body


@pytest.mark.parametrize("endpoint", GETS[1:])
async def test_gets_of_systems(api: Client, endpoint: str) -> None:
    query = {
        "queryDate": "2026-05-02",
        "checkCode": "CHK0101",
        "evchargerSn": "ALP0110240303",
    }
    missing = await api.get(endpoint, **query)
    assert missing.code == 6001
    assert missing.body["expMsg"] == "sysSn is null"
    unknown = await api.get(endpoint, sysSn="AL0000000000000", **query)
    assert unknown.code == (6038 if endpoint == "getVerificationCode" else 6005)


@pytest.mark.parametrize("endpoint", POSTS)
@pytest.mark.parametrize("body", [b"", b"nothing", b"[]", b'"text"', b"{}"])
async def test_malformed_bodies(api: Client, endpoint: str, body: bytes) -> None:
    assert (await api.request("POST", endpoint, data=body)).code == 10001


async def test_order_of_checks_of_a_write(api: Client) -> None:
    """Signature, structure, value, binding, entitlement, device: one after the other."""
    empty: dict[str, Any] = {"chargeTimeList": []}
    overlap = {"dischargeTimeList": [period("03:00", "04:00", chargeLimit=15)]}
    stranger = {"sysSn": "AL0000000000000"}

    async def code(changes: dict[str, Any]) -> int:
        return (await api.post("setTimeChargeBySn", periodic_body(**changes))).code

    secret, api.secret = api.secret, "f" * 32
    assert await code(stranger | empty | {"executeCycleType": None}) == 6007
    api.secret = secret
    assert await code(stranger | empty | {"executeCycleType": None}) == 10001
    assert await code(stranger | empty) == 6001
    assert await code(stranger | overlap) == 6005
    # Home 1 may not use the periodic store
    assert await code({"sysSn": HOME_1} | empty) == 6001
    assert await code({"sysSn": HOME_1} | overlap) == 6017
    assert await code(overlap) == 6008
    api.sim.systems[HOME_2].online = False
    assert await code({}) == 6042
    api.sim.systems[HOME_2].online = True
    assert await code({}) == 200


async def test_accounts_are_separate(
    clock: ManualClock, socket_enabled: None, session: aiohttp.ClientSession
) -> None:
    sim = AlphaEssSimulator(
        clock=clock,
        accounts=[
            Account("alpha1111111111111111", "1" * 32, {HOME_1}),
            Account("alpha2222222222222222", "2" * 32, {HOME_2}),
            Account("alpha3333333333333333", "3" * 32),
        ],
    )
    await sim.start()
    try:
        api = Client(sim, session)
        for digit, serials in (("1", [HOME_1]), ("2", [HOME_2]), ("3", [])):
            api.app_id, api.secret = f"alpha{digit * 16}", digit * 32
            systems = (await api.get("getEssList")).data
            assert [system["sysSn"] for system in systems] == serials
        assert (await api.get("getLastPowerData", sysSn=HOME_1)).code == 6005
        api.secret = "1" * 32
        assert (await api.get("getEssList")).code == 6007
    finally:
        await sim.stop()


async def test_languages(api: Client) -> None:
    api.sim.language = "zh"
    answer = await api.get("getEssList")
    assert answer.code == 200
    assert not answer.body["msg"].isascii()
    answer = await api.get("getLastPowerData", sysSn="AL0000000000000")
    assert answer.code == 6005
    assert not answer.body["msg"].isascii()


async def test_too_many_calls_in_a_second(api: Client, clock: ManualClock) -> None:
    api.sim.calls_per_second = 3
    codes = [(await api.get("getEssList")).code for _ in range(5)]
    assert codes == [200, 200, 200, 6053, 6053]
    clock.advance(1)
    assert (await api.get("getEssList")).code == 200


async def test_a_second_write_too_soon(api: Client, clock: ManualClock) -> None:
    update = "updateChargeConfigInfo"
    assert (await api.post(update, CHARGE_BODY)).code == 200
    clock.advance(29)
    # Also one that changes nothing; other systems and sides are not concerned
    assert (await api.post(update, CHARGE_BODY)).code == 6053
    assert (await api.post(update, CHARGE_BODY | {"sysSn": HOME_2})).code == 200
    assert (await api.post("setTimeChargeBySn", periodic_body())).code == 200
    clock.advance(1)
    assert (await api.post(update, CHARGE_BODY)).code == 200


async def test_a_refused_write_does_not_count(api: Client) -> None:
    wrong = CHARGE_BODY | {"batHighCap": 101}
    assert (await api.post("updateChargeConfigInfo", wrong)).code == 6001
    assert (await api.post("updateChargeConfigInfo", CHARGE_BODY)).code == 200


async def test_the_date_header_is_the_simulated_time(
    api: Client, clock: ManualClock
) -> None:
    answer = await api.get("getEssList")
    assert parsedate_to_datetime(answer.headers["Date"]) == clock()
    api.sim.faults.add("clock_skew", seconds=3600)
    answer = await api.get("getEssList")
    assert answer.code == 6009
    shown = parsedate_to_datetime(answer.headers["Date"])
    assert (shown - clock()).total_seconds() == 3600
    # A client that goes by that header is understood
    headers = api.headers(3600)
    assert (await api.request("GET", "getEssList", headers=headers)).code == 200


async def test_counters(api: Client, clock: ManualClock) -> None:
    await api.get("getEssList")
    clock.advance(10)
    await api.get("getLastPowerData", sysSn=HOME_1)
    clock.advance(20)
    await api.get("getLastPowerData", sysSn=HOME_2)
    await api.post("updateChargeConfigInfo", CHARGE_BODY | {"batHighCap": "much"})
    counters = api.sim.counters
    assert counters.count() == 4
    assert counters.count("getLastPowerData") == 2
    assert counters.count("getLastPowerData", system=HOME_1) == 1
    assert counters.count("get*", since=clock()) == 1
    assert counters.count(method="POST") == 1
    assert counters.gaps() == [10, 20, 0]
    assert counters.requests("update*")[0].system == HOME_1
    assert counters.requests("update*")[0].code == 6001
    assert counters.by_endpoint()["getLastPowerData"] == 2
    counters.reset()
    assert counters.count() == 0
