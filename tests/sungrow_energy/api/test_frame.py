"""Headers, body, envelope and codes (reference sections 2.1, 2.7 and 4)."""

import logging
from typing import Any

from aiohttp import web
import pytest

from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.sungrow_energy.api.errors import TokenRefused
from custom_components.sungrow_energy.api.frame import ONCE, Call, Frame
from tests.core.fake_clock import FakeClock

from .conftest import APPLICATION, TOKEN, Cloud, no, ok

PATH = "openapi/platform/queryPowerStationList"
OAUTH = Call(path=PATH, bearer=TOKEN, delays=ONCE)
LOGIN = Call(path="openapi/getPowerStationList", token="700321_x", delays=ONCE)
WRITE = Call(path="openapi/platform/paramSetting", bearer=TOKEN, write=True)


async def failure(frame: Frame, call: Call = OAUTH) -> ApiError:
    """Return what a call raises."""
    with pytest.raises(ApiError) as caught:
        await frame.ask(call)
    return caught.value


async def test_a_call_is_the_one_of_the_reference(frame: Frame, cloud: Cloud) -> None:
    await frame.ask(Call(path=PATH, fields={"page": 1, "size": 100}, bearer=TOKEN))
    asked = cloud.last
    assert (asked.method, asked.path) == ("POST", f"/{PATH}")
    assert asked.content == (
        b'{"page":1,"size":100,"appkey":"0A1B2C3D4E5F60718293A4B5C6D7E8F9",'
        b'"lang":"_en_US"}'
    )
    assert asked.headers["x-access-key"] == APPLICATION.secret
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert "sys_code" not in asked.headers


async def test_the_login_flavour_has_its_token_in_the_body(
    frame: Frame, cloud: Cloud
) -> None:
    await frame.ask(LOGIN)
    assert cloud.last.body["token"] == "700321_x"
    assert cloud.last.headers["sys_code"] == "901"
    assert "Authorization" not in cloud.last.headers


@pytest.mark.parametrize("data", [None, {}, [], {"a": None}])
@pytest.mark.parametrize("code", ["1", 1])
async def test_success_may_carry_anything(
    frame: Frame, cloud: Cloud, data: Any, code: str | int
) -> None:
    cloud.say({"result_code": code, "result_msg": "success", "result_data": data})
    assert await frame.ask(OAUTH) == data


@pytest.mark.parametrize(
    ("code", "kind", "reason"),
    [
        ("-1", MaintenanceError, "vendor_trouble"),
        (-1, MaintenanceError, "vendor_trouble"),
        ("E994", MaintenanceError, "vendor_trouble"),
        ("009", BadDataError, "bad_request"),
        ("010", BadDataError, "bad_request"),
        ("002", TokenRefused, "token"),
        ("E00003", TokenRefused, "token"),
        ("E900", TokenRefused, "token"),
        ("E00000", AuthError, "wrong_app_key"),
        ("E911", AuthError, "wrong_secret"),
        ("E912", AuthError, "wrong_secret"),
        ("E914", AuthError, "wrong_secret"),
        ("E00001", NotPermittedError, "service_expired"),
        ("E918", NotPermittedError, "ip_not_allowed"),
        ("E919", NotPermittedError, "user_not_allowed"),
        ("E902", NotPermittedError, "encryption_required"),
        ("E913", NotPermittedError, "clock_skew"),
        ("E995", BadDataError, "bad_request"),
        ("E996", UnsupportedError, "not_found"),
        ("E123", MaintenanceError, "vendor_trouble"),
        (7, MaintenanceError, "vendor_trouble"),
    ],
)
async def test_a_code_says_what_to_do(
    frame: Frame, cloud: Cloud, code: str | int, kind: type[ApiError], reason: str
) -> None:
    cloud.usual = no(code)
    err = await failure(frame)
    assert type(err) is kind
    assert (err.reason, err.code) == (reason, str(code))
    assert len(cloud.asked) == 1


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 500, 503])
async def test_a_code_counts_more_than_the_status(
    frame: Frame, cloud: Cloud, status: int
) -> None:
    cloud.usual = lambda _: web.json_response(no("E918"), status=status)
    assert (await failure(frame)).reason == "ip_not_allowed"


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (401, TokenRefused, "token"),
        (403, NotPermittedError, None),
        (404, UnsupportedError, "not_found"),
        (405, UnsupportedError, "not_found"),
        (429, ThrottledError, "too_frequent"),
        (500, TransportError, "server_error"),
        (502, TransportError, "server_error"),
        (302, TransportError, "server_error"),
    ],
)
@pytest.mark.parametrize("body", ["<html>", "[]", '{"error":"Not Found"}'])
async def test_without_a_code_the_status_counts(
    frame: Frame,
    cloud: Cloud,
    status: int,
    kind: type[ApiError],
    reason: str | None,
    body: str,
) -> None:
    cloud.usual = lambda _: web.Response(text=body, status=status)
    err = await failure(frame)
    assert (type(err), err.reason) == (kind, reason)


@pytest.mark.parametrize("body", ["<html>", "[]", "", "7"])
async def test_a_page_is_no_answer(frame: Frame, cloud: Cloud, body: str) -> None:
    cloud.usual = body
    err = await failure(frame)
    assert (type(err), err.reason) == (TransportError, "not_json")


@pytest.mark.parametrize("status", [200, 400, 401])
async def test_an_error_field_is_about_the_token(
    frame: Frame, cloud: Cloud, status: int
) -> None:
    cloud.usual = lambda _: web.json_response(
        {"error": "invalid_token", "error_description": "Token was not recognised"},
        status=status,
    )
    assert isinstance(await failure(frame), TokenRefused)


async def test_an_error_field_beside_success_is_no_success(
    frame: Frame, cloud: Cloud
) -> None:
    cloud.say(ok({"pageList": []}, error="invalid_token"))
    assert isinstance(await failure(frame), TokenRefused)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"status": 400, "error": "Bad Request"}, UnsupportedError),
        (200, {"status": 500, "error": "Internal Server Error"}, MaintenanceError),
        (200, {"error": True}, MaintenanceError),
        (200, {"error": "Bad Request", "result_code": "1"}, MaintenanceError),
        (200, {"error": "Bad Request", "result_code": "77"}, MaintenanceError),
    ],
)
async def test_an_error_that_is_none_of_oauth_says_nothing_of_the_token(
    frame: Frame, cloud: Cloud, status: int, body: Any, kind: type[ApiError]
) -> None:
    cloud.usual = lambda _: web.json_response(body, status=status)
    assert type(await failure(frame)) is kind


@pytest.mark.parametrize("body", [{}, {"result_code": None}, {"result_data": {}}])
async def test_an_answer_without_a_code_is_none(
    frame: Frame, cloud: Cloud, body: dict[str, Any]
) -> None:
    cloud.usual = body
    assert isinstance(await failure(frame), BadDataError)


async def test_a_401_without_a_token_says_nothing_of_one(
    frame: Frame, cloud: Cloud
) -> None:
    cloud.usual = lambda _: web.Response(text="<html>", status=401)
    call = Call(path="openapi/apiManage/token", delays=ONCE)
    assert isinstance(await failure(frame, call), TransportError)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("010", WriteRejected),
        ("E995", WriteRejected),
        ("-1", WriteUnknown),
        ("E123", WriteUnknown),
        ("E918", NotPermittedError),
        ("E00003", TokenRefused),
        ("E999", ThrottledError),
        ("E996", UnsupportedError),
    ],
)
async def test_what_a_refused_change_became_is_told(
    frame: Frame, cloud: Cloud, code: str, kind: type[ApiError]
) -> None:
    cloud.usual = no(code)
    assert type(await failure(frame, WRITE)) is kind
    assert len(cloud.asked) == 1


@pytest.mark.parametrize("status", [200, 500])
async def test_a_change_without_an_answer_is_unknown(
    frame: Frame, cloud: Cloud, status: int
) -> None:
    cloud.usual = lambda _: web.Response(text="<html>", status=status)
    assert isinstance(await failure(frame, WRITE), WriteUnknown)
    assert len(cloud.asked) == 1


async def test_reads_are_tried_once_more(
    frame: Frame, cloud: Cloud, clock: FakeClock
) -> None:
    cloud.say("<html>", ok({"row_count": 1}))
    assert await frame.ask(Call(path=PATH, bearer=TOKEN)) == {"row_count": 1}
    assert 2 < sum(clock.slept) < 5


async def test_no_text_of_the_vendor_gets_out(
    frame: Frame, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    cloud.usual = no("E123", result_data=None) | {
        "result_msg": f"{APPLICATION.secret} 失败"
    }
    err = await failure(frame)
    assert str(err) == "iSolarCloud answered E123 to queryPowerStationList"
    assert "失败" in caplog.text
    assert APPLICATION.secret not in caplog.text
    assert all(
        record.levelno == logging.DEBUG
        for record in caplog.records
        if "失败" in record.getMessage()
    )


def test_an_application_does_not_show_its_keys() -> None:
    call = Call(path=PATH, bearer=TOKEN, token=TOKEN, fields={"user_password": "pw123"})
    for secret in (APPLICATION.app_key, APPLICATION.secret, TOKEN, "pw123"):
        assert secret not in repr(APPLICATION) + repr(call)


class TestPauses:
    """Limits (reference sections 4.2 and 5)."""

    async def test_an_hours_quota_ends_with_the_hour(
        self, frame: Frame, cloud: Cloud, clock: FakeClock
    ) -> None:
        await clock.advance(600)  # ten past twelve
        cloud.say(no("E999"))
        err = await failure(frame)
        assert isinstance(err, ThrottledError)
        assert err.reason == "hour_quota"
        assert 3000 < (err.retry_after or 0) <= 3060
        assert (await failure(frame)).reason == "hour_quota"
        assert len(cloud.asked) == 1
        await clock.advance(3061)
        await frame.ask(OAUTH)

    @pytest.mark.parametrize(
        ("code", "reason", "pause"),
        [
            ("E998", "month_quota", 3600),
            ("E903", "ip_changes", 900),
            ("E901", "too_frequent", 60),
        ],
    )
    async def test_each_limit_has_its_pause(
        self, frame: Frame, cloud: Cloud, code: str, reason: str, pause: float
    ) -> None:
        cloud.say(no(code))
        err = await failure(frame)
        assert isinstance(err, ThrottledError)
        assert (err.reason, err.retry_after, err.group) == (reason, pause, None)

    async def test_too_frequent_calls_rest_ever_longer(
        self, frame: Frame, cloud: Cloud, clock: FakeClock
    ) -> None:
        cloud.usual = no("E901")
        pauses = []
        for _ in range(8):
            err = await failure(frame)
            assert isinstance(err, ThrottledError)
            pauses.append(err.retry_after)
            await clock.advance(3601)
        assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600]
        cloud.say(ok({}), no("E901"))
        await frame.ask(OAUTH)
        err = await failure(frame)
        assert isinstance(err, ThrottledError)
        assert err.retry_after == 60

    @pytest.mark.parametrize(
        "name", ["retry_after", "retryAfter", "retry_in", "retry_seconds"]
    )
    async def test_a_pause_that_the_vendor_names_is_kept(
        self, frame: Frame, cloud: Cloud, name: str
    ) -> None:
        cloud.say(no("E901", **{name: "17"}))
        err = await failure(frame)
        assert isinstance(err, ThrottledError)
        assert err.retry_after == 17

    @pytest.mark.parametrize("told", [0, -5, "soon", 10**9, None])
    async def test_a_senseless_pause_is_not(
        self, frame: Frame, cloud: Cloud, told: Any
    ) -> None:
        cloud.say(no("E901", retry_after=told))
        err = await failure(frame)
        assert isinstance(err, ThrottledError)
        assert err.retry_after == 60

    async def test_a_429_is_a_limit_as_well(
        self, frame: Frame, cloud: Cloud, budget: Budget
    ) -> None:
        cloud.say(lambda _: web.Response(status=429))
        await failure(frame)
        assert budget.left == 0

    async def test_too_many_logins_stop_the_login_alone(
        self, frame: Frame, cloud: Cloud
    ) -> None:
        cloud.say(no("E916"))
        call = Call(path="openapi/login", account=True, group="login", delays=ONCE)
        err = await failure(frame, call)
        assert isinstance(err, ThrottledError)
        assert (err.reason, err.retry_after) == ("login_too_frequent", 900)
        await frame.ask(OAUTH)
        assert (await failure(frame, call)).reason == "login_too_frequent"
        assert len(cloud.asked) == 2
