"""Login and session of SEMS+ (reference section 2)."""

import asyncio
import base64
import json
from typing import Any

import pytest

from simulator.goodwe.signature import encoded_password, signature

from .goodwe_client import BARE, FLOW, LOGIN, Portal


@pytest.fixture
def stations() -> tuple[str, ...]:
    return ("string",)


def test_the_worked_example() -> None:
    uid = "0f0e0d0c-1111-4222-8333-444455556666"
    assert encoded_password("Passw0rd!") == (
        "NDdiN2JmYjY1ZmE4M2FjOWE3MWRjYjBmNjI5NmJiNmU="
    )
    assert signature(1790000000123, uid, "0123456789abcdef0123456789abcdef") == (
        "YTRkOWE0MTZkYmYzMDE4YmE3NzZkMmYzYzlhYzY2ZThmNTNmOTYwNDIwM2FlZTM3OTgxMTVhYWYy"
        "ZDMwODg4NUAxNzkwMDAwMDAwMTIz"
    )


async def test_a_login_tells_token_and_gateway(visitor: Portal) -> None:
    answer = await visitor.login()
    data = answer["data"]
    assert answer["code"] == "00000"
    assert data["api"] == visitor.sim.gateway
    assert data["uid"] == visitor.sim.uid
    assert isinstance(data["timestamp"], str)
    assert await visitor.code() == "00000"
    assert (visitor.sim.logins.tried, visitor.sim.logins.succeeded) == (1, 1)


async def test_the_gateway_beside_the_data_and_the_time_as_number(
    visitor: Portal,
) -> None:
    visitor.sim.session.api_at = "top"
    visitor.sim.session.timestamp_as = "number"
    answer = await visitor.login()
    assert answer["api"] == visitor.sim.gateway
    assert "api" not in answer["data"]
    assert isinstance(answer["data"]["timestamp"], int)
    assert await visitor.code() == "00000"
    del visitor.token["api"]
    assert await visitor.code() == "00000"
    visitor.sim.session.api = "https://evil.example/web/sems"
    assert (await visitor.login())["api"] == "https://evil.example/web/sems"


@pytest.mark.parametrize("lacking", ["agreement", "isLocal", "isChinese"])
async def test_without_a_mandatory_field_there_is_no_token(
    visitor: Portal, lacking: str
) -> None:
    answer = await visitor.login(**{lacking: None})
    assert answer["code"] == "00000"
    assert answer["data"] == {"agreement": True, "api": visitor.sim.gateway}
    assert await visitor.code() == "100001"


@pytest.mark.parametrize(
    "code", ["100004", "100005", "A0210", "C0602", "100000", "GY0429"]
)
async def test_a_login_fails_as_told(visitor: Portal, code: Any) -> None:
    visitor.sim.session.login_as = code
    visitor.sim.session.logins_refused = 1
    assert (await visitor.login())["code"] == code
    assert (await visitor.login())["code"] == "00000"
    assert visitor.sim.logins.refused == 1


async def test_too_many_logins(visitor: Portal) -> None:
    visitor.sim.session.login_as = "429"
    visitor.sim.session.retry_after = 30
    await visitor.login()
    status, _, headers = await visitor.send("POST", LOGIN, {})
    assert (status, dict(headers)["Retry-After"]) == (429, "30")
    visitor.sim.session.login_as = "agreement"
    assert "token" not in (await visitor.login())["data"]


async def test_wrong_passwords_lock_the_account(visitor: Portal) -> None:
    sim, wrong = visitor.sim, {"pwd": "eA=="}
    sim.session.lock_after = 2
    assert (await visitor.login(**wrong))["code"] == "100005"
    sim.session.wrong_password_as = "A0210"
    assert (await visitor.login(**wrong))["code"] == "A0210"
    assert sim.session.locked
    assert (await visitor.login())["code"] == "A0210"
    visitor.clock.advance(sim.session.lock_seconds + 1)
    assert (await visitor.login())["code"] == "00000"


async def test_who_asks_must_say_so_in_plain_json(visitor: Portal) -> None:
    usual = json.dumps(BARE)
    for token, code in (
        (base64.b64encode(usual.encode()).decode(), "100004"),
        ('{"uid":"","token":""}', "100000"),
    ):
        visitor.headers["Token"] = token
        assert (await visitor.login())["code"] == code
    visitor.headers = {"X-Signature": signature(1, "", "x")}
    assert (await visitor.login())["code"] == "C0602"


async def test_a_call_needs_the_whole_token_and_its_signature(portal: Portal) -> None:
    whole = dict(portal.token)
    del portal.token["uuid"]
    assert await portal.code() == "100001"
    portal.token = whole | {"timestamp": 1}
    assert await portal.code() == "100001"
    portal.token = dict(whole)
    portal.headers["X-Signature"] = signature(1, "", "")
    assert await portal.code() == "C0602"
    portal.headers["X-Signature"] = "no base64"
    assert await portal.code() == "C0602"
    portal.headers = {"Token": "x"}
    assert await portal.code() == "100001"


async def test_an_old_signature_is_refused_where_its_age_matters(
    portal: Portal,
) -> None:
    token = portal.token
    portal.headers["X-Signature"] = signature(
        int(portal.clock().timestamp() * 1000), token["uid"], token["token"]
    )
    portal.clock.advance(600)
    assert await portal.code() == "00000"
    portal.sim.session.most_drift_seconds = 300
    assert await portal.code() == "C0602"


@pytest.mark.parametrize("code", ["C0602", "100002", "100001"])
async def test_another_login_ends_the_session(portal: Portal, code: Any) -> None:
    portal.sim.session.replaced_as = code
    portal.sim.steal()
    answer = await portal.get(FLOW, stationId=portal.station.id)
    assert answer["code"] == code
    assert portal.sim.logins.thefts == 1
    await portal.login()
    assert await portal.code() == "00000"


async def test_several_sessions_where_logins_do_not_replace(portal: Portal) -> None:
    portal.sim.session.replaces = False
    portal.sim.steal()
    assert await portal.code() == "00000"
    portal.sim.session.expire()
    assert await portal.code() == "C0602"


async def test_a_token_lives_as_long_as_told(portal: Portal) -> None:
    portal.sim.session.token_seconds = 600
    portal.clock.advance(599)
    assert await portal.code() == "00000"
    portal.clock.advance(2)
    assert await portal.code() == "C0602"


async def test_logins_at_once_are_counted(visitor: Portal) -> None:
    visitor.sim.session.latency = 0.02
    await asyncio.gather(visitor.login(), visitor.login())
    assert visitor.sim.logins.most_at_once == 2


async def test_the_region_is_told_before_a_login(visitor: Portal) -> None:
    path = "sems-user/api/v1/auth/default-service"
    assert (await visitor.get(path))["data"] == "eu"
