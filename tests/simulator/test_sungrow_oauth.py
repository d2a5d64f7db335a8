"""iSolarCloud: authorize page, codes and tokens (reference sections 2.2 to 2.4)."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import aiohttp
import pytest

from simulator.sungrow import SungrowSimulator
from simulator.sungrow.authorize_page import Unregistered

from .sungrow_client import REFRESH, TOKEN, WRONG_KEY, WRONG_SECRET, Gateway

pytestmark = pytest.mark.parametrize("plants", [("hybrid", "string")])
TOKENS = {"access_token", "refresh_token", "token_type", "expires_in"}


async def test_a_code_gives_tokens_in_both_places(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    ids = [plant.id for plant in sungrow.plants]
    answer = await gateway.exchange(sungrow.code())
    assert answer["result_code"] == "1"
    data = answer["result_data"]
    assert {name: answer[name] for name in TOKENS} == {
        name: data[name] for name in TOKENS
    }
    assert (data["token_type"], data["expires_in"]) == ("bearer", 172799)
    assert data["auth_ps_list"] == sorted(ids)
    assert data["auth_user"] == 70321
    gateway.bearer = data["access_token"]
    assert await gateway.seen() == set(ids)


@pytest.mark.parametrize(
    ("where", "at_top", "in_data"), [("result_data", 0, 4), ("top", 4, 0)]
)
async def test_tokens_can_be_in_one_place_only(
    sungrow: SungrowSimulator, gateway: Gateway, where: Any, at_top: int, in_data: int
) -> None:
    sungrow.oauth.tokens_at = where
    answer = await gateway.exchange(sungrow.code())
    assert len(TOKENS & answer.keys()) == at_top
    assert len(TOKENS & (answer.get("result_data") or {}).keys()) == in_data


async def test_a_code_counts_once_and_for_five_minutes(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    code = sungrow.code()
    assert (await gateway.exchange(code))["result_code"] == "1"
    answer = await gateway.exchange(code)
    assert answer["result_code"] == "2"
    assert answer["error"] == "invalid_grant"
    assert answer["error_description"] == f"Invalid authorization code: {code}"
    old, young = sungrow.code(), sungrow.code()
    gateway.clock.advance(299)
    assert (await gateway.exchange(young))["result_code"] == "1"
    gateway.clock.advance(1)
    assert (await gateway.exchange(old))["result_code"] == "2"


async def test_another_redirect_url_burns_the_code(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    code = sungrow.code()
    wrong = await gateway.exchange(code, sungrow.redirect_uri + "/")
    assert (wrong["result_code"], wrong["error_description"]) == (
        "5",
        "Redirect URI mismatch.",
    )
    assert (await gateway.exchange(code))["result_code"] == "2"


@pytest.mark.parametrize("endpoint", [TOKEN, REFRESH])
@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        ({"appkey": WRONG_KEY}, {}, "E00000"),
        ({"appkey": ""}, {}, "001"),
        ({}, {"x-access-key": ""}, "E911"),
        ({}, {"x-access-key": "short"}, "E912"),
        ({}, {"x-access-key": WRONG_SECRET}, "E914"),
    ],
)
async def test_wrong_keys_are_told(
    gateway: Gateway,
    endpoint: str,
    body: dict[str, str],
    headers: dict[str, str],
    code: str,
) -> None:
    asked = gateway.body(**body)
    _, answer, _ = await gateway.post(endpoint, asked, **headers)
    assert (answer["result_code"], answer["error"]) == (code, "invalid_client")
    gateway.sim.oauth.wrong_client_as = "4"
    _, answer, _ = await gateway.post(endpoint, asked, **headers)
    assert answer["result_code"] == "4"


async def test_other_failures_of_the_exchange(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    answer = await gateway.exchange(sungrow.code(), grant_type="password")
    assert answer["result_code"] == "6"
    sungrow.oauth.approved = False
    answer = await gateway.exchange("abcdef")
    assert answer["result_code"] == "3"
    assert sungrow.oauth.tokens.refused == 2


@pytest.mark.parametrize("status", [200, 400, 401])
async def test_failures_have_the_status_of_the_switch(
    sungrow: SungrowSimulator, gateway: Gateway, status: Any
) -> None:
    sungrow.oauth.failure_status = status
    said, answer, _ = await gateway.post(
        TOKEN, gateway.body(grant_type="authorization_code", code="zzzzzz")
    )
    assert (said, answer["result_code"]) == (status, "2")


async def test_a_refresh_rotates_and_its_token_counts_once(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    first = (await gateway.exchange(sungrow.code()))["result_data"]
    second = await gateway.refresh(first["refresh_token"])
    data = second["result_data"]
    assert second["access_token"] == data["access_token"]
    assert data["code"] == "1"
    assert data["refresh_token"] != first["refresh_token"]
    assert "auth_ps_list" not in data
    again = (await gateway.refresh(first["refresh_token"]))["result_data"]
    assert (again["code"], again["access_token"]) == ("5", None)
    for token in (first["access_token"], data["access_token"]):
        gateway.bearer = token
        assert (await gateway.plants())["result_code"] == "1"
    tokens = sungrow.oauth.tokens
    assert (tokens.exchanges, tokens.refreshes, tokens.reused) == (1, 1, 1)


@pytest.mark.parametrize("code", ["2", "-2", "4", "5"])
@pytest.mark.parametrize("where", ["result_data", "top"])
async def test_a_dead_refresh_token_is_told_in_the_body(
    sungrow: SungrowSimulator, gateway: Gateway, code: Any, where: Any
) -> None:
    sungrow.oauth.used_refresh_as = code
    sungrow.oauth.refresh_failure_at = where
    answer = await gateway.refresh("unknown")
    if where == "top":
        assert (answer["result_code"], answer["error"]) == (code, "invalid_grant")
    else:
        assert (answer["result_code"], answer["result_data"]["code"]) == ("1", code)


async def test_refresh_tokens_live_for_thirty_days(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    issued = sungrow.issue()
    gateway.clock.advance(30 * 86400 - 1)
    issued = (await gateway.refresh(issued["refresh_token"]))["result_data"]
    gateway.clock.advance(30 * 86400)
    answer = await gateway.refresh(issued["refresh_token"])
    assert answer["result_data"]["code"] == "-2"


async def test_refresh_tokens_can_end_before_access_tokens(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    issued = sungrow.issue()
    sungrow.oauth.expire_refresh()
    answer = await gateway.refresh(issued["refresh_token"])
    assert answer["result_data"]["code"] == "-2"
    gateway.bearer = issued["access_token"]
    assert (await gateway.plants())["result_code"] == "1"


async def test_a_transient_failure_uses_nothing_up(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    token = sungrow.issue()["refresh_token"]
    sungrow.oauth.transient_refreshes = 1
    assert (await gateway.refresh(token))["result_data"]["code"] == "-1"
    assert (await gateway.refresh(token))["result_data"]["code"] == "1"


async def test_a_refresh_without_a_new_refresh_token_leaves_the_old_one_good(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    sungrow.oauth.rotates = False
    token = sungrow.issue()["refresh_token"]
    for _ in range(2):
        data = (await gateway.refresh(token))["result_data"]
        assert data["code"] == "1"
        assert "refresh_token" not in data


async def test_a_refresh_can_end_the_old_access_token(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    sungrow.oauth.old_access_dies = True
    issued = sungrow.issue()
    gateway.bearer = issued["access_token"]
    other = sungrow.issue()["access_token"]
    await gateway.refresh(issued["refresh_token"])
    assert (await gateway.plants())["result_code"] == "E00003"
    gateway.bearer = other
    assert (await gateway.plants())["result_code"] == "1"


async def test_refreshes_at_the_same_time_are_counted(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    sungrow.oauth.latency = 0.05
    token = sungrow.issue()["refresh_token"]
    answers = await asyncio.gather(*(gateway.refresh(token) for _ in range(3)))
    codes = sorted(answer["result_data"]["code"] for answer in answers)
    assert codes == ["1", "5", "5"]
    assert sungrow.oauth.tokens.most_concurrent == 3
    assert sungrow.oauth.tokens.reused == 2


@pytest.mark.parametrize(
    ("life", "expires_in", "code"),
    [("usual", 172799, "1"), ("tiny", 29, "1"), ("negative", -5, "E00003")],
)
async def test_the_first_access_token_can_have_run_out(
    sungrow: SungrowSimulator, gateway: Gateway, life: Any, expires_in: int, code: str
) -> None:
    sungrow.oauth.first_life = life
    issued = sungrow.issue()
    assert issued["expires_in"] == expires_in
    gateway.bearer = issued["access_token"]
    assert (await gateway.plants())["result_code"] == code
    data = (await gateway.refresh(issued["refresh_token"]))["result_data"]
    assert data["expires_in"] == 172799


async def test_access_tokens_live_for_two_days(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    gateway.bearer = sungrow.issue()["access_token"]
    gateway.clock.advance(2 * 86400 - 1)
    assert (await gateway.plants())["result_code"] == "1"
    gateway.clock.advance(1)
    assert (await gateway.plants())["result_code"] == "E00003"


async def test_revoking_ends_access_and_refresh(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    issued = sungrow.issue()
    gateway.bearer = issued["access_token"]
    sungrow.oauth.revoke()
    assert (await gateway.plants())["result_code"] == "E00003"
    answer = await gateway.refresh(issued["refresh_token"])
    assert answer["result_data"]["code"] == "5"


# Which plants


@pytest.mark.parametrize("mode", [None, "global", "authorization_bound"])
async def test_users_of_one_application_share_its_tokens(
    sungrow: SungrowSimulator, gateway: Gateway, mode: str | None
) -> None:
    mine, yours = (plant.id for plant in sungrow.plants)
    other = sungrow.users.add("other@example.com", "Other&Sun1", [yours])
    sungrow.issue([mine])
    url = sungrow.authorize(user=other)
    (code,) = parse_qs(urlsplit(url).query)["code"]
    scope = {} if mode is None else {"token_scope_mode": mode}
    data = (await gateway.exchange(code, **scope))["result_data"]
    assert data["auth_ps_list"] == [yours]
    gateway.bearer = data["access_token"]
    bound = mode == "authorization_bound"
    assert await gateway.seen() == ({yours} if bound else {mine, yours})


@pytest.mark.parametrize("regrant", ["adds", "replaces"])
async def test_agreeing_again_with_fewer_plants(
    sungrow: SungrowSimulator, gateway: Gateway, regrant: Any
) -> None:
    first, second = (plant.id for plant in sungrow.plants)
    sungrow.oauth.regrant = regrant
    sungrow.issue([first])
    gateway.bearer = sungrow.issue([second])["access_token"]
    expected = {first, second} if regrant == "adds" else {second}
    assert await gateway.seen() == expected


async def test_a_plant_can_be_withdrawn(
    sungrow: SungrowSimulator, gateway: Gateway
) -> None:
    first, second = (plant.id for plant in sungrow.plants)
    gateway.bearer = sungrow.issue()["access_token"]
    sungrow.oauth.ungrant(first)
    assert await gateway.seen() == {second}


# The page


def test_the_browser_comes_back_with_a_code(
    sungrow: SungrowSimulator,
) -> None:
    url = sungrow.authorize(state="STATE")
    address, _, query = url.partition("?")
    assert address == sungrow.redirect_uri
    (code, state) = parse_qsl(query)
    assert code[0] == "code"
    assert len(code[1]) == 6
    assert state == ("state", "STATE")


@pytest.mark.parametrize(
    ("returned", "state"), [("query", "A"), ("fragment", "B"), ("none", None)]
)
async def test_the_page_gives_the_state_of_the_switch(
    sungrow: SungrowSimulator,
    session: aiohttp.ClientSession,
    returned: Any,
    state: str | None,
) -> None:
    sungrow.oauth.state_returned = returned
    location = await _agree(sungrow, session, stateInQuery="A", stateInFragment="B")
    assert location is not None
    answered = parse_qs(urlsplit(location).query)
    assert answered.get("state") == (None if state is None else [state])


async def test_the_page_strips_queries_and_the_exchange_then_fails(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession, gateway: Gateway
) -> None:
    asked = f"{sungrow.redirect_uri}?flow_id=1"
    for redirect in (asked, sungrow.redirect_uri):
        location = await _agree(sungrow, session, redirectUrl=asked)
        assert location is not None
        address, _, query = location.partition("?")
        assert address == sungrow.redirect_uri
        (code,) = parse_qs(query)["code"]
        assert (await gateway.exchange(code, redirect))["result_code"] == "5"


@pytest.mark.parametrize(
    "wish",
    [
        {"redirectUrl": "https://elsewhere.example/auth"},
        {"redirectUrl": "https://my.home-assistant.io/redirect/oauth/"},
        {"applicationId": "498"},
        {"cloudId": "2"},
        {"plants": ["4711"]},
        {"session": "forged"},
    ],
)
async def test_the_page_is_missing_for_another_application(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession, wish: dict[str, Any]
) -> None:
    assert await _agree(sungrow, session, **wish) is None
    assert sungrow.oauth.granted == {}


def test_a_test_learns_of_an_unregistered_url(sungrow: SungrowSimulator) -> None:
    with pytest.raises(Unregistered):
        sungrow.authorize(redirect="https://elsewhere.example/auth")
    sungrow.redirect_uri = "https://elsewhere.example/auth"
    assert sungrow.authorize().startswith("https://elsewhere.example/auth?code=")


async def test_the_page_asks_for_account_and_password(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{sungrow.web_url}/?state=STATE") as response:
        assert response.content_type == "text/html"
        assert "Agree to authorize" in await response.text()
    async with session.post(
        f"{sungrow.web_url}/web/login",
        json={"user": sungrow.user_name, "password": "wrong"},
    ) as response:
        assert await response.json() == {"message": "Incorrect account or password"}
    assert sungrow.counters.count("web/*") == 2


async def test_hosts_do_not_know_what_the_other_serves(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession
) -> None:
    async with session.get(sungrow.url) as response:
        assert response.status == 404
    async with session.post(f"{sungrow.web_url}/openapi/login") as response:
        assert response.status == 404


async def test_both_hosts_are_back_at_their_ports(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession
) -> None:
    before = sungrow.url, sungrow.web_url
    await sungrow.stop()
    await sungrow.start()
    assert (sungrow.url, sungrow.web_url) == before
    async with session.get(sungrow.web_url) as response:
        assert response.status == 200


async def _agree(
    sungrow: SungrowSimulator, session: aiohttp.ClientSession, /, **wish: Any
) -> str | None:
    """Log in, tick all plants and agree; return where the browser goes."""
    host = sungrow.web_url
    account = {"user": sungrow.user_name, "password": sungrow.password}
    async with session.post(f"{host}/web/login", json=account) as response:
        logged_in = await response.json()
    form = {
        "session": logged_in["session"],
        "plants": [plant["id"] for plant in logged_in["plants"]],
        "applicationId": sungrow.application_id,
        "cloudId": "3",
        "redirectUrl": sungrow.redirect_uri,
    }
    async with session.post(f"{host}/web/authorize", json=form | wish) as response:
        if response.status == 404:
            return None
        location: str = (await response.json())["location"]
        return location
