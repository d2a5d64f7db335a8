"""iSolarCloud: what wraps every call (reference sections 2.1, 2.2, 2.5, 4.1 and 4.2)."""

from typing import Any

import aiohttp
import pytest

from simulator.sungrow import SungrowSimulator
from simulator.sungrow.refusal import CHINESE

from .sungrow_client import PLANTS_V1, PLANTS_V2, WRONG_KEY, WRONG_SECRET, Gateway


@pytest.fixture(params=["oauth", "login"])
def caller(
    request: pytest.FixtureRequest, sungrow: SungrowSimulator, gateway: Gateway
) -> Gateway:
    """Return a client with a token of either flavour."""
    if request.param == "oauth":
        gateway.bearer = sungrow.issue()["access_token"]
    else:
        gateway.token = sungrow.issue_login()
    return gateway


async def test_a_success_has_the_envelope(caller: Gateway) -> None:
    answer = await caller.plants()
    assert answer["result_code"] == "1"
    assert answer["result_msg"] == "success"
    assert len(answer["req_serial_num"]) == 32
    assert len(answer["result_data"]["pageList"]) == 1


async def test_codes_can_be_numbers(sungrow: SungrowSimulator, caller: Gateway) -> None:
    sungrow.wire.codes_as_numbers = True
    assert (await caller.plants())["result_code"] == 1
    for code in ("010", "E900"):
        sungrow.wire.refusal = code
        assert (await caller.plants())["result_code"] == code


@pytest.mark.parametrize(
    ("lang", "forced", "message"),
    [
        ("_en_US", False, "success"),
        ("_de_DE", False, "success"),
        (None, False, CHINESE["1"]),
        ("_zh_CN", False, CHINESE["1"]),
        ("_en_US", True, CHINESE["1"]),
    ],
)
async def test_texts_are_chinese_unless_asked_otherwise(
    sungrow: SungrowSimulator,
    gateway: Gateway,
    lang: str | None,
    forced: bool,
    message: str,
) -> None:
    sungrow.wire.texts_chinese = forced
    gateway.bearer = sungrow.issue()["access_token"]
    answer = await gateway.ask(PLANTS_V2, page=1, size=1, lang=lang)
    assert answer["result_msg"] == message


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        ({"appkey": None}, {}, "001"),
        ({"appkey": WRONG_KEY}, {}, "E00000"),
        ({}, {"x-access-key": ""}, "E911"),
        ({}, {"x-access-key": "short"}, "E912"),
        ({}, {"x-access-key": WRONG_SECRET}, "E914"),
    ],
)
async def test_keys_are_checked_before_tokens(
    sungrow: SungrowSimulator,
    gateway: Gateway,
    body: dict[str, Any],
    headers: dict[str, str],
    code: str,
) -> None:
    status, answer, _ = await gateway.post(PLANTS_V2, gateway.body(**body), **headers)
    assert (status, answer["result_code"]) == (200, code)
    assert answer["result_data"] is None
    assert sungrow.quota.total == 0


async def test_only_the_login_side_needs_a_sys_code(
    sungrow: SungrowSimulator, caller: Gateway
) -> None:
    caller.headers["sys_code"] = ""
    expected = "1" if caller.bearer else "003"
    assert (await caller.plants())["result_code"] == expected


@pytest.mark.parametrize("endpoint", [PLANTS_V1, PLANTS_V2])
async def test_a_call_without_a_token_is_told(gateway: Gateway, endpoint: str) -> None:
    assert (await gateway.ask(endpoint))["result_code"] == "002"


@pytest.mark.parametrize("header", [True, False])
async def test_a_token_of_the_login_is_no_good_on_the_platform(
    sungrow: SungrowSimulator, gateway: Gateway, header: bool
) -> None:
    token = sungrow.issue_login()
    if header:
        gateway.bearer = token
    status, document, _ = await gateway.post(PLANTS_V2, gateway.body(token=token))
    assert (status, document) == (401, None)


@pytest.mark.parametrize("header", [True, False])
async def test_an_access_token_is_no_good_on_the_other_side(
    sungrow: SungrowSimulator, gateway: Gateway, header: bool
) -> None:
    token = sungrow.issue()["access_token"]
    gateway.bearer = token if header else None
    body = gateway.body() if header else gateway.body(token=token)
    status, _, _ = await gateway.post(PLANTS_V1, body)
    assert status == 401


async def test_dead_tokens_are_told_as_the_switch_says(
    sungrow: SungrowSimulator, caller: Gateway
) -> None:
    sungrow.oauth.expire_access()
    sungrow.login.expire()
    usual = "E00003" if caller.bearer else "E900"
    assert (await caller.plants())["result_code"] == usual
    for code in ("E00003", "E900", "002"):
        sungrow.wire.dead_token_as = sungrow.wire.dead_login_as = code
        assert (await caller.plants())["result_code"] == code
    sungrow.wire.dead_token_as = sungrow.wire.dead_login_as = "error"
    answer = await caller.plants()
    assert answer["error"] == "invalid_token"
    assert "result_code" not in answer
    sungrow.wire.dead_token_as = sungrow.wire.dead_login_as = "401"
    assert await caller.plants() is None
    assert sungrow.counters.requests()[-1].status == 401


async def test_an_endpoint_can_be_forbidden(
    sungrow: SungrowSimulator, caller: Gateway
) -> None:
    sungrow.wire.forbidden = {"*getFaultAlarmInfo"}
    assert (await caller.plants())["result_code"] == "1"
    path = "platform/getFaultAlarmInfo" if caller.bearer else "getFaultAlarmInfo"
    assert (await caller.ask(path))["result_code"] == "E900"


@pytest.mark.parametrize("code", ["E918", "E919", "E00001", "E903", "-1"])
async def test_the_application_can_be_refused(
    sungrow: SungrowSimulator, caller: Gateway, code: str
) -> None:
    sungrow.wire.refusal = code
    assert (await caller.plants())["result_code"] == code
    assert (await caller.login())["result_code"] == code
    assert sungrow.login.attempts == 0


async def test_an_endpoint_refuses_in_its_own_words(caller: Gateway) -> None:
    answer = await caller.ask(PLANTS_V2 if caller.bearer else PLANTS_V1)
    missing = "page" if caller.bearer else "curPage"
    assert (answer["result_code"], answer["result_msg"]) == (
        "009",
        f"ws.missing-parameter:{missing}",
    )


@pytest.mark.parametrize("status", ["404", "405"])
async def test_endpoints_can_be_absent(
    sungrow: SungrowSimulator, gateway: Gateway, status: Any
) -> None:
    sungrow.wire.absent_as = status
    for path in ("platform/unheard", PLANTS_V2):
        sungrow.wire.absent = {PLANTS_V2}
        said, document, _ = await gateway.post(path, gateway.body())
        assert (said, document) == (int(status), None)
    sungrow.wire.absent_as = "E996"
    assert (await gateway.ask(PLANTS_V2))["result_code"] == "E996"


async def test_only_post_is_answered(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{sungrow.url}/openapi/{PLANTS_V2}") as response:
        assert response.status == 405


@pytest.mark.parametrize("raw", ["", "[]", "{", '"text"'])
async def test_a_body_that_is_no_object_is_refused(gateway: Gateway, raw: str) -> None:
    _, answer, _ = await gateway.post(PLANTS_V2, raw)
    assert answer["result_code"] == ("010" if raw else "001")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"code": 900}, "E900"),
        ({"code": 999}, "E999"),
        ({"message": "E00003"}, "E00003"),
        ({"message": "-1"}, "-1"),
    ],
)
async def test_faults_say_codes(
    sungrow: SungrowSimulator, caller: Gateway, options: Any, code: str
) -> None:
    sungrow.faults.add("vendor_error", "*PowerStationList", count=1, **options)
    assert (await caller.plants())["result_code"] == code
    assert (await caller.plants())["result_code"] == "1"
    assert sungrow.counters.requests()[0].code == int(code.strip("E"))


async def test_requests_name_what_they_are_about(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    for body in (
        {"ps_id": 4711},
        {"ps_ids": "4712,4713"},
        {"ps_id_list": ["4714"]},
        {"ps_key_list": ["4715_14_1_1"]},
        {"uuid": "4716"},
        {},
    ):
        await gateway.ask("platform/paramSetting", **body)
    asked = sungrow.counters.requests("platform/paramSetting")
    systems = [request.system for request in asked]
    assert systems == ["4711", "4712", "4714", "4715_14_1_1", "4716", None]


# Doors


def test_every_door_says_what_to_type_in(sungrow: SungrowSimulator) -> None:
    (gateway, keys), (page, account) = sungrow.doors
    assert (gateway, page) == (sungrow.url, sungrow.web_url)
    assert keys == {
        "ApplicationID": sungrow.application_id,
        "Appkey": sungrow.app_key,
        "Secret": sungrow.secret,
    }
    assert account == {"Account": sungrow.user_name, "Password": sungrow.password}


async def test_without_a_port_for_the_page_there_is_no_gateway_either(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession
) -> None:
    taken = int(sungrow.web_url.rsplit(":", 1)[1])
    other = SungrowSimulator(homes=1)
    with pytest.raises(OSError, match="in use"):
        await other.start(taken - 1)
    with pytest.raises(aiohttp.ClientError):
        await session.get(other.url)


async def test_switches_are_set_through_the_side_door(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession
) -> None:
    url = f"{sungrow.control_url}/sungrow"
    serial = next(iter(sungrow.devices))
    for wishes in (
        {"codes_as_numbers": True, "absent": ["login"], "push_seconds": 60},
        {"group": "oauth", "state_returned": "none"},
        {"group": "login", "lock_after": 3},
        {"group": "quota", "hour_limit": 7},
        {"device": serial, "online": False},
    ):
        async with session.post(url, json=wishes) as response:
            assert response.status == 200
    assert sungrow.wire.codes_as_numbers is True
    assert sungrow.wire.absent == {"login"}
    assert sungrow.cloud.push_seconds == 60
    assert sungrow.oauth.state_returned == "none"
    assert sungrow.login.lock_after == 3
    assert sungrow.quota.hour_limit == 7
    assert sungrow.devices[serial].switches.online is False
    async with session.get(url) as response:
        document = await response.json()
    assert document["quota"]["hour_limit"] == 7
    assert document["wire"]["absent"] == ["login"]
    assert document["devices"][serial]["online"] is False
    assert document["urls"] == {"gateway": sungrow.url, "web": sungrow.web_url}


@pytest.mark.parametrize(
    "wishes",
    [
        {"unheard": 1},
        {"group": "unheard"},
        {"device": "unheard", "online": False},
        {"group": "oauth", "rotates": "no"},
        {"group": "oauth", "codes_as_numbers": True},
    ],
)
async def test_the_side_door_refuses_what_is_not_there(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession, wishes: Any
) -> None:
    async with session.post(f"{sungrow.control_url}/sungrow", json=wishes) as response:
        assert response.status == 400
        assert (await response.json())["error"]


@pytest.mark.parametrize("group", ["wire", "oauth", "login", "quota"])
async def test_every_switch_of_the_tables_is_an_attribute(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession, group: str
) -> None:
    url = f"{sungrow.control_url}/sungrow"
    async with session.get(url) as response:
        shown = (await response.json())[group]
    # What is null has no value that a switch of its kind could be set to
    wishes = {name: value for name, value in shown.items() if value is not None}
    async with session.post(url, json={"group": group} | wishes) as response:
        assert response.status == 200
        assert (await response.json())[group] == shown
