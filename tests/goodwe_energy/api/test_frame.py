"""Headers, envelope and codes (reference sections 2.6, 3 and 4)."""

from base64 import b64decode
import hashlib
import logging
from typing import Any

from aiohttp import web
import pytest

from custom_components.goodwe_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.goodwe_energy.api import endpoints
from custom_components.goodwe_energy.api.errors import SessionExpired
from custom_components.goodwe_energy.api.frame import Call, Frame
from tests.core.client.server import reset
from tests.core.fake_clock import FakeClock

from .conftest import FIRST, UID, Cloud, no, ok

TOKEN: dict[str, Any] = {"uid": UID, "timestamp": 5, "token": FIRST, "region": "eu"}
READ = Call(endpoint=endpoints.FLOW, params={"stationId": "s"})
WRITE = Call(endpoint=endpoints.SET_SETTING, body={"functionName": "TOU1"})


async def failure(frame: Frame, cloud: Cloud, call: Call, answer: Any) -> ApiError:
    """Return what an answer is turned into."""
    cloud.say(answer)
    with pytest.raises(ApiError) as caught:
        await frame.ask(f"{cloud.url}/web/sems", call, TOKEN)
    return caught.value


async def test_a_call_carries_the_whole_token_and_its_signature(
    frame: Frame, cloud: Cloud, clock: FakeClock
) -> None:
    await frame.ask(f"{cloud.url}/web/sems", READ, TOKEN)
    asked = cloud.last
    assert (asked.method, asked.path) == (
        "GET",
        "/web/sems/sems-plant/api/stations/flow",
    )
    assert asked.token == TOKEN
    digest, _, moment = b64decode(asked.headers["X-Signature"]).decode().partition("@")
    assert int(moment) == int(clock.now().timestamp() * 1000)
    signed = f"{moment}@{UID}@{FIRST}".encode()
    assert digest == hashlib.sha256(signed).hexdigest()
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["User-Agent"].startswith("Mozilla/5.0 (Windows NT 10.0;")
    assert asked.headers["Origin"] == "https://semsplus.goodwe.com"
    assert asked.content == b""


async def test_each_request_is_signed_anew(
    frame: Frame, cloud: Cloud, clock: FakeClock
) -> None:
    for _ in range(2):
        await frame.ask(f"{cloud.url}/web/sems", READ, TOKEN)
        await clock.advance(1)
    first, second = (asked.headers["X-Signature"] for asked in cloud.asked)
    assert first != second


@pytest.mark.parametrize("code", [0, "0", "00000"])
async def test_all_spellings_of_success_are_known(
    frame: Frame, cloud: Cloud, code: Any
) -> None:
    cloud.say({"code": code, "data": {"pSystem": 1}})
    assert await frame.ask(cloud.url, READ, TOKEN) == {"pSystem": 1}


@pytest.mark.parametrize("answer", [{"code": "00000"}, ok(None)])
async def test_success_without_data_is_none(
    frame: Frame, cloud: Cloud, answer: Any
) -> None:
    cloud.say(answer)
    assert await frame.ask(cloud.url, READ, TOKEN) is None


@pytest.mark.parametrize(
    ("answer", "raised", "reason"),
    [
        *(
            (no(code), SessionExpired, "session")
            for code in ("100002", "C0602", "100001", 100002, "C0607", "Z0100")
        ),
        (web.Response(status=401), SessionExpired, "session"),
        (no("100025"), NotPermittedError, "no_rights"),
        (no("100000"), MaintenanceError, "vendor_trouble"),
        (no("100004"), MaintenanceError, "vendor_trouble"),
        (no("100005"), MaintenanceError, "vendor_trouble"),
        (no("X1234"), MaintenanceError, "vendor_trouble"),
        (no("S0327"), BadDataError, "bad_request"),
        (no("P0214"), BadDataError, "bad_request"),
        (no("P0215"), UnsupportedError, "refused"),
        (no("read_fail"), UnsupportedError, "device_unreachable"),
        (
            no("P9999", translationCode="read_fail"),
            UnsupportedError,
            "device_unreachable",
        ),
        (no("R0305"), MaintenanceError, "device_busy"),
        (web.Response(status=404), UnsupportedError, "not_found"),
        (web.Response(status=403), MaintenanceError, "vendor_trouble"),
        (web.Response(status=502), TransportError, "server_error"),
        (web.json_response(ok({}), status=500), TransportError, "server_error"),
        ("<html>portal</html>", TransportError, "not_json"),
        ([1, 2], TransportError, "not_json"),
        ({"data": {}}, BadDataError, None),
    ],
)
async def test_answers_to_reads_mean_what_the_reference_says(
    frame: Frame,
    cloud: Cloud,
    answer: Any,
    raised: type[ApiError],
    reason: str | None,
) -> None:
    err = await failure(frame, cloud, READ, answer)
    assert (type(err), err.reason) == (raised, reason)


@pytest.mark.parametrize(
    ("answer", "raised", "reason"),
    [
        (no("P0215"), WriteRejected, "refused"),
        (no("P0214"), WriteRejected, "bad_request"),
        (no("R0305"), WriteRejected, "device_busy"),
        (no("read_fail"), WriteRejected, "device_unreachable"),
        (no("100025"), NotPermittedError, "no_rights"),
        (no("C0602"), SessionExpired, "session"),
        (no("100000"), WriteUnknown, "vendor_trouble"),
        (no("X1234"), WriteUnknown, "vendor_trouble"),
        (web.Response(status=502), WriteUnknown, "server_error"),
        ("<html>portal</html>", WriteUnknown, "not_json"),
    ],
)
async def test_answers_to_changes_tell_whether_they_were_made(
    frame: Frame, cloud: Cloud, answer: Any, raised: type[ApiError], reason: str
) -> None:
    err = await failure(frame, cloud, WRITE, answer)
    assert (type(err), err.reason) == (raised, reason)
    assert len(cloud.asked) == 1


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (no("GY0429"), 300),
        (web.Response(status=429), 300),
        (web.Response(status=429, headers={"Retry-After": "40"}), 40),
        (web.json_response(no("GY0429"), headers={"Retry-After": "90"}), 90),
        (web.Response(status=429, headers={"Retry-After": "90000"}), 3600),
    ],
)
@pytest.mark.parametrize("call", [READ, WRITE], ids=["read", "write"])
async def test_a_rate_limit_pauses_the_whole_account(
    frame: Frame, cloud: Cloud, clock: FakeClock, answer: Any, pause: int, call: Call
) -> None:
    err = await failure(frame, cloud, call, answer)
    assert isinstance(err, ThrottledError)
    assert (err.reason, err.retry_after) == ("rate_limited", pause)
    login = Call(endpoint=endpoints.LOGIN)
    for send in (
        frame.ask(cloud.url, READ, TOKEN),
        frame.ask(cloud.url, WRITE, TOKEN),
        frame.log_in(cloud.url, login),
    ):
        with pytest.raises(ThrottledError):
            await send
    assert len(cloud.asked) == 1
    await clock.advance(pause + 1)
    await frame.ask(cloud.url, READ, TOKEN)


async def test_true_is_a_success_where_the_reference_says_so(
    frame: Frame, cloud: Cloud
) -> None:
    cloud.say(no("R0001", data=True))
    call = Call(endpoint=endpoints.CHARGER_START, true_is_ok=True)
    assert await frame.ask(cloud.url, call, TOKEN) is True
    err = await failure(frame, cloud, WRITE, no("R0001", data=True))
    assert isinstance(err, WriteUnknown)


async def test_true_needs_no_code(frame: Frame, cloud: Cloud) -> None:
    cloud.say({"data": True})
    call = Call(endpoint=endpoints.CHARGER_START, true_is_ok=True)
    assert await frame.ask(cloud.url, call, TOKEN) is True
    assert isinstance(await failure(frame, cloud, WRITE, {"data": True}), WriteUnknown)


@pytest.mark.parametrize(
    "answer", [web.Response(status=502), "<html>portal</html>", no("100000")]
)
async def test_what_the_vendor_answers_waits_for_the_next_poll(
    frame: Frame, cloud: Cloud, answer: Any
) -> None:
    await failure(frame, cloud, Call(endpoint=endpoints.FLOW), answer)
    assert len(cloud.asked) == 1


async def test_a_connection_that_had_ended_is_made_again(
    frame: Frame, cloud: Cloud
) -> None:
    cloud.say(reset, ok({"soc": 5}))
    found = await frame.ask(cloud.url, Call(endpoint=endpoints.FLOW), TOKEN)
    assert found == {"soc": 5}
    assert len(cloud.asked) == 2


async def test_an_unknown_code_is_told_once_and_texts_never(
    frame: Frame, cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        err = await failure(frame, cloud, READ, no("X1234", msg="失败"))
        assert "失败" not in str(err)
    assert [record.getMessage() for record in caplog.records] == [
        "SEMS+ answers with a code that is not known: X1234"
    ]


@pytest.mark.parametrize("code", ["失败", "k7Qm2X is used", "x" * 25, {"a": 1}, [1]])
async def test_what_is_no_code_is_not_told(
    frame: Frame, cloud: Cloud, code: Any
) -> None:
    err = await failure(frame, cloud, READ, no(code))
    assert err.code in {None, "odd"}
    assert str(code) not in str(err)


@pytest.mark.parametrize("serial", ["", "a/b", ".."])
async def test_an_odd_serial_does_not_leave_the_api(
    frame: Frame, cloud: Cloud, serial: str
) -> None:
    call = Call(endpoint=endpoints.TELEMETRY, sn=serial)
    with pytest.raises(BadDataError):
        await frame.ask(cloud.url, call, TOKEN)
    assert cloud.asked == []
