"""Codes and refresh tokens (reference sections 2.2 and 2.7)."""

import logging
from typing import Any

from aiohttp import web
import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    NotPermittedError,
    ThrottledError,
    TransportError,
)
from custom_components.sungrow_energy._vendor.core.client.redact import Redactor
from custom_components.sungrow_energy.api.frame import Frame
from custom_components.sungrow_energy.api.oauth import OAuthClient, TokenSet

from .conftest import APPLICATION, NEXT, TOKEN, Cloud, no, ok

REFRESH = "c2f7a9e4-3b58-4d0e-8f16-77d0a4be9c52"
REDIRECT = "https://my.home-assistant.io/redirect/oauth"
PAIR = {
    "access_token": TOKEN,
    "token_type": "bearer",
    "refresh_token": REFRESH,
    "expires_in": 172799,
}
USER = {"auth_ps_list": ["5123456", 5123457], "auth_user": 70321}


@pytest.fixture
def oauth(frame: Frame, redactor: Redactor) -> OAuthClient:
    """The token endpoints of the server."""
    return OAuthClient(frame, APPLICATION, redactor=redactor)


async def exchange_fails(oauth: OAuthClient) -> ApiError:
    """Return what an exchange raises."""
    with pytest.raises(ApiError) as caught:
        await oauth.exchange("k7Qm2X", REDIRECT)
    return caught.value


async def refresh_fails(oauth: OAuthClient) -> ApiError:
    """Return what a refresh raises."""
    with pytest.raises(ApiError) as caught:
        await oauth.refresh(REFRESH)
    return caught.value


async def test_an_exchange_is_the_one_of_the_reference(
    oauth: OAuthClient, cloud: Cloud
) -> None:
    cloud.usual = ok({**PAIR, **USER}, **PAIR)
    await oauth.exchange("k7Qm2X", REDIRECT)
    asked = cloud.last
    assert asked.path == "/openapi/apiManage/token"
    assert asked.content == (
        b'{"appkey":"0A1B2C3D4E5F60718293A4B5C6D7E8F9",'
        b'"grant_type":"authorization_code","code":"k7Qm2X",'
        b'"redirect_uri":"https://my.home-assistant.io/redirect/oauth"}'
    )
    assert asked.headers["x-access-key"] == APPLICATION.secret
    assert "Authorization" not in asked.headers


async def test_a_refresh_is_the_one_of_the_reference(
    oauth: OAuthClient, cloud: Cloud
) -> None:
    cloud.usual = ok({**PAIR, "code": "1"})
    await oauth.refresh(REFRESH)
    assert cloud.last.path == "/openapi/apiManage/refreshToken"
    assert cloud.last.content == (
        b'{"appkey":"0A1B2C3D4E5F60718293A4B5C6D7E8F9",'
        b'"refresh_token":"c2f7a9e4-3b58-4d0e-8f16-77d0a4be9c52"}'
    )
    assert "Authorization" not in cloud.last.headers


@pytest.mark.parametrize(
    "body",
    [
        ok({**PAIR, **USER}, **PAIR),
        ok({**PAIR, **USER}),
        {"result_code": "1", **PAIR, **USER},
        {"result_code": 1, "result_data": None, **PAIR, **USER},
        ok({**PAIR, **USER, "code": "1", "refresh_token": None}, **PAIR),
    ],
    ids=["both", "inside", "top", "null_inside", "partly"],
)
async def test_tokens_are_found_in_both_places(
    oauth: OAuthClient, cloud: Cloud, body: dict[str, Any]
) -> None:
    cloud.usual = body
    assert await oauth.exchange("k7Qm2X", REDIRECT) == TokenSet(
        access_token=TOKEN,
        refresh_token=REFRESH,
        expires_in=172799,
        plants=("5123456", "5123457"),
        user="70321",
    )


@pytest.mark.parametrize(
    ("told", "life"),
    [
        ("172799", 172799),
        (-3, -3),
        ("12", 12),
        (0, 0),
        ("0", 0),
        (None, 172799),
        ("", 172799),
    ],
)
async def test_the_life_is_taken_as_it_is_told(
    oauth: OAuthClient, cloud: Cloud, told: Any, life: int
) -> None:
    cloud.usual = ok({**PAIR, "expires_in": told})
    assert (await oauth.refresh(REFRESH)).expires_in == life


async def test_a_refresh_may_keep_the_refresh_token(
    oauth: OAuthClient, cloud: Cloud
) -> None:
    cloud.usual = ok({"access_token": NEXT, "expires_in": 172799, "code": "1"})
    found = await oauth.refresh(REFRESH)
    assert found.access_token == NEXT
    assert found.refresh_token is found.plants is found.user is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (no("2", error="invalid_grant"), "code_used"),
        (no(2), "code_used"),
        (no("3"), "not_approved"),
        (no("3", error="unauthorized_client"), "not_approved"),
        (no("E900"), "not_approved"),
        (no("4"), "wrong_app"),
        (no("4", error="invalid_client"), "wrong_app"),
        (no("5", error="invalid_grant"), "redirect_mismatch"),
        (no("E912", error="invalid_client"), "wrong_secret"),
        (no("E914"), "wrong_secret"),
        (no("E00000", error="invalid_client"), "wrong_app_key"),
        ({"error": "invalid_grant"}, "code_used"),
        ({"error": "invalid_client"}, "wrong_app"),
        (no("2", **PAIR), "code_used"),
        (no("5", result_data=PAIR), "redirect_mismatch"),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401])
async def test_a_refused_code_says_why(
    oauth: OAuthClient, cloud: Cloud, body: Any, reason: str, status: int
) -> None:
    cloud.usual = lambda _: web.json_response(body, status=status)
    err = await exchange_fails(oauth)
    assert (type(err), err.reason) == (AuthError, reason)
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (ok({"code": "2"}), "grant_dead"),
        (ok({"code": "-2"}), "grant_dead"),
        (ok({"code": 4}), "grant_dead"),
        (ok({"code": "5", "access_token": None}), "grant_dead"),
        (no("5", error="invalid_grant"), "grant_dead"),
        (no("2"), "grant_dead"),
        (no("-2"), "grant_dead"),
        (no("E00003"), "grant_dead"),
        ({"error": "invalid_grant"}, "grant_dead"),
        (no("3"), "not_approved"),
        (no("4", error="invalid_client"), "wrong_app"),
        (no("E912", error="invalid_client"), "wrong_secret"),
        (no("E00000"), "wrong_app_key"),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 401])
async def test_a_dead_grant_is_told_from_wrong_keys(
    oauth: OAuthClient, cloud: Cloud, body: Any, reason: str, status: int
) -> None:
    cloud.usual = lambda _: web.json_response(body, status=status)
    err = await refresh_fails(oauth)
    assert (type(err), err.reason) == (AuthError, reason)


@pytest.mark.parametrize(
    "answer",
    [
        ok({"code": "-1"}),
        ok({"code": "77"}),
        no("-1"),
        no("E997"),
        no("6", error="unsupported_grant_type"),
        no("E77"),
        ok({}),
        ok(None),
        {},
        {"error": "server_error"},
        "<html>",
        lambda _: web.Response(status=500),
        lambda _: web.Response(status=401),
        lambda _: web.Response(status=404),
    ],
)
async def test_anything_else_is_about_one_refresh_only(
    oauth: OAuthClient, cloud: Cloud, answer: Any
) -> None:
    cloud.usual = answer
    assert not isinstance(await refresh_fails(oauth), AuthError)
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("6", BadDataError),
        ("E999", ThrottledError),
        ("E918", NotPermittedError),
        ("E902", NotPermittedError),
        ("E77", BadDataError),
    ],
)
async def test_other_codes_keep_their_meaning(
    oauth: OAuthClient, cloud: Cloud, code: str, kind: type[ApiError]
) -> None:
    cloud.usual = no(code)
    assert isinstance(await exchange_fails(oauth), kind)


async def test_an_answer_without_a_token_is_no_success(
    oauth: OAuthClient, cloud: Cloud
) -> None:
    cloud.usual = ok({**PAIR, "access_token": ""})
    assert isinstance(await exchange_fails(oauth), BadDataError)


async def test_a_code_is_sent_once(oauth: OAuthClient, cloud: Cloud) -> None:
    cloud.usual = "<html>"
    assert isinstance(await exchange_fails(oauth), TransportError)
    assert len(cloud.asked) == 1


async def test_codes_and_tokens_stay_out_of_the_log(
    oauth: OAuthClient,
    cloud: Cloud,
    redactor: Redactor,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    cloud.say(no("2"), ok(PAIR))  # the first one echoes the code
    err = await exchange_fails(oauth)
    found = await oauth.refresh(REFRESH)
    shown = redactor.text(f"{TOKEN} {REFRESH} {found!r} {err}")
    for secret in (TOKEN, REFRESH, "k7Qm2X", APPLICATION.secret):
        assert secret not in caplog.text + shown
