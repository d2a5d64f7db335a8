"""What each status means, and when it is repeated (amber.md section 4)."""

from typing import Any

import pytest

from custom_components.amber_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from custom_components.amber_energy.api.client import AmberClient
from tests.core.client.server import Server, body_answer, json_answer
from tests.core.fake_clock import FakeClock

from .samples import SITE

LIMIT = {
    "RateLimit_Limit": "50",
    "RateLimit_Remaining": "0",
    "RateLimit_Reset": "120",
    "RateLimit_Policy": "50;w=300",
}


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason", "requests"),
    [
        (400, b"", BadDataError, "bad_request", 1),
        (401, b"", AuthError, None, 1),
        (403, b'{"message": "an explicit deny"}', AuthError, None, 1),
        (404, b"", UnsupportedError, "not_found", 1),
        (408, b"", TransportError, "server_error", 3),
        (418, b"", UnsupportedError, None, 1),
        (422, b"Range requested is too large.", BadDataError, "bad_request", 1),
        (
            429,
            b'{"message":"Too Many Requests"}',
            TransportError,
            "gateway_throttled",
            3,
        ),
        (
            500,
            b'{"message": "Internal server error"}',
            TransportError,
            "server_error",
            3,
        ),
        (502, b"<html>", TransportError, "server_error", 3),
        (503, b"", TransportError, "server_error", 3),
    ],
)
async def test_each_status(
    client: AmberClient,
    server: Server,
    status: int,
    body: bytes,
    kind: type[ApiError],
    reason: str | None,
    requests: int,
) -> None:
    server.answer = body_answer(body, status)
    with pytest.raises(ApiError) as caught:
        await client.list_sites()
    assert type(caught.value) is kind
    assert (caught.value.code, caught.value.reason) == (str(status), reason)
    assert server.count == requests
    # None of them stops what comes next
    server.answer = json_answer([])
    await client.list_sites()


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_without_a_token_does_not_blame_it(
    client: AmberClient, server: Server, status: int
) -> None:
    server.answer = body_answer(b"", status)
    with pytest.raises(NotPermittedError):
        await client.get_current_renewables("nsw")


async def test_maintenance_does_not_stop_the_account(
    client: AmberClient, server: Server
) -> None:
    server.answer = body_answer(b"", 503, Retry_After="600")
    with pytest.raises(TransportError):
        await client.get_current_prices(SITE)
    with pytest.raises(TransportError):
        await client.get_current_prices(SITE)
    assert server.count == 2


async def test_a_used_up_limit_stops_its_group_alone(
    client: AmberClient, server: Server, clock: FakeClock
) -> None:
    server.answer = json_answer({}, 429, **LIMIT)
    with pytest.raises(ThrottledError) as caught:
        await client.get_current_prices(SITE, patient=True)
    assert caught.value.retry_after == 122
    assert (caught.value.reason, caught.value.group) == ("rate_limit", "prices_current")
    server.answer = json_answer([])
    await client.list_sites()
    # The window is over, the two seconds after it are not
    await clock.sleep(121)
    with pytest.raises(ThrottledError) as again:
        await client.get_current_prices(SITE)
    assert again.value.retry_after == pytest.approx(1)
    assert (again.value.reason, again.value.group) == ("rate_limit", "prices_current")
    await clock.sleep(1)
    await client.get_current_prices(SITE)
    assert server.count == 3


async def test_the_last_allowed_request_stops_the_next_one(
    client: AmberClient, server: Server, clock: FakeClock
) -> None:
    server.answer = json_answer([], **LIMIT)
    await client.get_current_prices(SITE)
    await clock.sleep(20)
    with pytest.raises(ThrottledError) as caught:
        await client.get_current_prices(SITE)
    assert caught.value.retry_after == 102
    assert (caught.value.reason, caught.value.group) == ("rate_limit", "prices_current")
    await client.list_sites()
    assert server.count == 2
    await clock.sleep(100)
    await client.get_current_prices(SITE)


async def test_a_limit_that_tells_only_its_end(
    client: AmberClient, server: Server
) -> None:
    server.answer = body_answer(b"slow down", 429, RateLimit_Reset="40")
    with pytest.raises(ThrottledError) as caught:
        await client.list_sites()
    assert caught.value.retry_after == 42


@pytest.mark.parametrize(
    "headers",
    [
        {"RateLimit_Limit": "50"},
        {"RateLimit_Remaining": "0"},
        {"ratelimit_policy": "50;w=300"},
        {"RateLimit_Remaining": "0", "RateLimit_Reset": "soon"},
    ],
)
async def test_a_limit_that_does_not_tell_its_end_stops_for_a_window(
    client: AmberClient, server: Server, headers: dict[str, str]
) -> None:
    server.answer = json_answer({}, 429, **headers)
    with pytest.raises(ThrottledError) as caught:
        await client.list_sites()
    assert caught.value.retry_after == 302


async def test_the_gateways_429_stops_nothing(
    client: AmberClient, server: Server, clock: FakeClock
) -> None:
    """Also if the window was known to be nearly used up."""
    server.answer = json_answer([], **{**LIMIT, "RateLimit_Remaining": "1"})
    await client.get_current_prices(SITE)
    server.answer = json_answer(
        {"message": "Too Many Requests"},
        429,
        x_amzn_ErrorType="TooManyRequestsException",
    )
    for _ in range(2):
        with pytest.raises(TransportError) as caught:
            await client.get_current_prices(SITE)
        assert caught.value.reason == "gateway_throttled"
    answers: list[Any] = [server.answer, json_answer([{"a": 1}])]

    async def then(request: Any) -> Any:
        return await answers.pop(0)(request)

    server.answer = then
    assert await client.get_current_prices(SITE, patient=True) == [{"a": 1}]
    assert server.count == 5
    assert clock.slept == [pytest.approx(2, rel=0.2)]
