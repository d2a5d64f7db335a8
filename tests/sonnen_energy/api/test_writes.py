"""Changes: body, number and errors (sonnen.md 2.2, 4 and 6.1 to 6.5)."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import pytest

from custom_components.sonnen_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
    WriteRejected,
    WriteUnknown,
)
from custom_components.sonnen_energy.api.client import SonnenClient
from tests.core.client.server import (
    Server,
    body_answer,
    half_a_body,
    json_answer,
    reset,
)

from . import samples
from .conftest import TOKEN

type Write = Callable[[SonnenClient], Awaitable[None]]

WRITES: dict[str, Write] = {
    "configuration": lambda client: client.set_configuration("EM_USOC", "25"),
    "set_point": lambda client: client.set_point("charge", 1500),
}
both = pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)


async def test_a_key_is_put_as_a_form(server: Server, client: SonnenClient) -> None:
    server.answer = json_answer({"EM_USOC": "25"})
    await client.set_configuration("EM_USOC", "25")
    (request,) = server.requests
    assert (request.method, request.path_qs) == ("PUT", "/api/v2/configurations")
    assert request.headers["Auth-Token"] == TOKEN
    assert request.content_type == "application/x-www-form-urlencoded"
    assert server.bodies == [b"EM_USOC=25"]


async def test_a_schedule_is_encoded(server: Server, client: SonnenClient) -> None:
    """The percent-encoded text of 6.1."""
    await client.set_configuration("EM_ToU_Schedule", samples.SCHEDULE)
    assert server.bodies[0] == (
        b"EM_ToU_Schedule=%5B%7B%22start%22%3A%2202%3A00%22%2C%22stop%22%3A"
        b"%2205%3A00%22%2C%22threshold_p_max%22%3A8000%7D%5D"
    )
    assert parse_qs(server.bodies[0].decode()) == {
        "EM_ToU_Schedule": [samples.SCHEDULE]
    }


@pytest.mark.parametrize("direction", ["charge", "discharge"])
@pytest.mark.parametrize("watts", [0, 1500, 999_999_999])
async def test_a_set_point_is_posted_without_a_body(
    server: Server, client: SonnenClient, direction: Any, watts: int
) -> None:
    server.answer = json_answer(True, 201)
    await client.set_point(direction, watts)
    (request,) = server.requests
    path = f"/api/v2/setpoint/{direction}/{watts}"
    assert (request.method, request.path_qs) == ("POST", path)
    assert request.headers["Auth-Token"] == TOKEN
    assert server.bodies == [b""]


@both
@pytest.mark.parametrize("status", [200, 201, 202, 204])
@pytest.mark.parametrize("body", [b"true", b"", b'{"EM_USOC":null}', b"null", b"0"])
async def test_every_2xx_is_a_success(
    server: Server, client: SonnenClient, write: Write, status: int, body: bytes
) -> None:
    server.answer = body_answer(b"" if status == 204 else body, status)
    await write(client)
    assert server.count == 1


@both
@pytest.mark.parametrize("body", [b"false", b'{"error":"no, not now"}'])
async def test_false_is_a_refusal(
    server: Server, client: SonnenClient, write: Write, body: bytes
) -> None:
    server.answer = body_answer(body)
    with pytest.raises(WriteRejected):
        await write(client)
    assert server.count == 1


@both
@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (400, {"error": "invalid parameters"}, WriteRejected, None),
        (401, {"error": "Unauthorized"}, NotPermittedError, "write_api_off"),
        (403, {"error": "VPP has priority"}, NotPermittedError, "vpp"),
        (404, None, UnsupportedError, None),
        (405, None, UnsupportedError, None),
        (415, None, UnsupportedError, None),
        (429, None, ThrottledError, None),
        (500, {"error": "internal server error"}, WriteUnknown, "server_error"),
        (502, None, WriteUnknown, "server_error"),
        (503, None, WriteUnknown, "server_error"),
    ],
)
async def test_refusals(
    server: Server,
    client: SonnenClient,
    write: Write,
    status: int,
    body: Any,
    kind: type[ApiError],
    reason: str | None,
) -> None:
    server.answer = json_answer(body, status)
    with pytest.raises(ApiError) as caught:
        await write(client)
    assert type(caught.value) is kind
    assert caught.value.reason == reason
    if kind in {WriteRejected, NotPermittedError} and body:
        assert body["error"] in str(caught.value)
    assert server.count == 1


@pytest.mark.parametrize("body", [b"", b"<html>Forbidden</html>", b'{"error":"no"}'])
async def test_403_without_a_text_depends_on_what_was_written(
    server: Server, client: SonnenClient, body: bytes
) -> None:
    """A set point is refused for one reason only, a key for two (section 4)."""
    server.answer = body_answer(body, 403)
    with pytest.raises(NotPermittedError) as caught:
        await client.set_point("charge", 100)
    assert caught.value.reason == "vpp"
    with pytest.raises(WriteRejected) as rejected:
        await client.set_configuration("EM_OperatingMode", "1")
    assert rejected.value.reason == "not_writable"
    assert "<html>" not in str(rejected.value)


async def test_the_details_of_a_refusal_are_told(
    server: Server, client: SonnenClient
) -> None:
    server.answer = json_answer(
        {
            "error": "validation failed",
            "details": {"EM_ToU_Schedule": "ToU windows overlap"},
        },
        400,
    )
    with pytest.raises(WriteRejected) as caught:
        await client.set_configuration("EM_ToU_Schedule", "[]")
    assert "validation failed, EM_ToU_Schedule: ToU windows overlap" in str(
        caught.value
    )


@both
async def test_a_refusal_never_tells_the_token_or_a_novel(
    server: Server, client: SonnenClient, write: Write
) -> None:
    server.answer = json_answer({"error": f"bad {TOKEN} " + "x" * 5000}, 400)
    with pytest.raises(WriteRejected) as caught:
        await write(client)
    assert TOKEN not in str(caught.value)
    assert len(str(caught.value)) <= 240


@both
@pytest.mark.parametrize("answer", [reset, half_a_body, body_answer(b"<html>")])
async def test_a_lost_answer_leaves_it_open_and_is_not_repeated(
    server: Server, client: SonnenClient, write: Write, answer: Any
) -> None:
    server.answer = answer
    with pytest.raises(WriteUnknown):
        await write(client)
    assert server.count == 1


@both
@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_change_is_never_redirected(
    server: Server, client: SonnenClient, write: Write, status: int
) -> None:
    for location, reason in (("https://127.0.0.1/", "use_https"), ("/", "redirect")):
        server.answer = body_answer(b"", status, Location=location)
        before = server.count
        with pytest.raises(UnsupportedError) as caught:
            await write(client)
        assert caught.value.reason == reason
        assert server.count == before + 1


@both
async def test_a_change_that_did_not_leave_is_known_as_such(
    client: SonnenClient, write: Write
) -> None:
    client._http._base = client._http._base.with_port(1)
    with pytest.raises(TransportError):
        await write(client)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("EM_USOC", value) for value in ("101", "-1", "20.5", "", "0x5", "1000")),
        ("EM_OperatingMode", "4"),
        ("EM_OperatingMode", "manual"),
        ("NVM_PfcFixedCosPhi", "0.9"),
        ("EM_US_GENRATOR_TYPE", "automatic"),
        ("IC_InverterMaxPower_w", "100"),
        ("DE_Software", "2"),
        ("../setpoint/charge/9", "1"),
    ],
)
async def test_what_must_not_be_written_is_not_sent(
    server: Server, client: SonnenClient, key: str, value: str
) -> None:
    with pytest.raises(BadDataError):
        await client.set_configuration(key, value)
    assert server.count == 0


@pytest.mark.parametrize("value", ["0", "3", "5", "100"])
async def test_every_reserve_that_may_have_been_there_is_sent(
    server: Server, client: SonnenClient, value: str
) -> None:
    await client.set_configuration("EM_USOC", value)
    assert server.bodies == [f"EM_USOC={value}".encode()]


@pytest.mark.parametrize("watts", [-1, 1_000_000_000])
async def test_what_is_no_set_point_is_not_sent(
    server: Server, client: SonnenClient, watts: int
) -> None:
    with pytest.raises(BadDataError):
        await client.set_point("charge", watts)
    assert server.count == 0
