"""What the client asks, and what it makes of answers (sonnen.md 2, 3 and 4)."""

from collections.abc import Awaitable, Callable
import logging
from typing import Any

import pytest

from custom_components.sonnen_energy._vendor.core.client.budget import Budget
from custom_components.sonnen_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from custom_components.sonnen_energy.api.client import SonnenClient
from tests.core.client.server import Server, body_answer, json_answer, reset
from tests.core.fake_clock import FakeClock

from . import samples
from .conftest import TOKEN

NOT_FOUND = body_answer(
    b"<html>Something went wrong / Page not found</html>", 404, Content_Type="text/html"
)
FORBIDDEN = body_answer(b"", 403)

READS: dict[str, tuple[Callable[[SonnenClient], Awaitable[Any]], Any]] = {
    "status": (SonnenClient.status, samples.STATUS),
    "latestdata": (SonnenClient.latest, samples.LATEST),
    "battery": (SonnenClient.battery, samples.BATTERY),
    "powermeter": (SonnenClient.meters, samples.METERS),
    "inverter": (SonnenClient.inverter, samples.INVERTER),
    "io": (SonnenClient.io, samples.IO),
    "configurations": (SonnenClient.configurations, samples.CONFIGURATIONS),
}
GUARDED = [path for path in READS if path != "status"]


@pytest.mark.parametrize("path", READS)
async def test_reads_ask_with_the_token_and_return_what_was_sent(
    server: Server, client: SonnenClient, path: str
) -> None:
    """The worked example of 2.1; status gets the token too."""
    read, document = READS[path]
    server.answer = json_answer(document)
    assert await read(client) == document
    (request,) = server.requests
    assert (request.method, request.path_qs) == ("GET", f"/api/v2/{path}")
    assert request.headers["Auth-Token"] == TOKEN
    assert request.headers["Accept"] == "application/json"


@pytest.mark.parametrize("path", READS)
async def test_401_of_a_read_is_the_token(
    server: Server, client: SonnenClient, path: str
) -> None:
    server.answer = json_answer({"error": "401 Unauthorized"}, 401)
    with pytest.raises(AuthError) as caught:
        await READS[path][0](client)
    assert TOKEN not in str(caught.value)
    assert server.count == 1


@pytest.mark.parametrize("path", ["latestdata", "configurations"])
async def test_an_empty_object_is_old_firmwares_401(
    server: Server, client: SonnenClient, path: str
) -> None:
    with pytest.raises(AuthError):
        await READS[path][0](client)


@pytest.mark.parametrize("path", ["battery", "inverter", "io"])
async def test_an_empty_object_elsewhere_is_only_empty(
    client: SonnenClient, path: str
) -> None:
    assert await READS[path][0](client) == {}


@pytest.mark.parametrize("path", READS)
async def test_a_failing_read_is_left_to_the_next_poll(
    server: Server, client: SonnenClient, path: str
) -> None:
    """An embedded controller gets no second request (sections 4 and 5)."""
    for answer in (
        reset,
        body_answer(b'{"USOC":'),
        json_answer({"error": "internal server error"}, 500),
    ):
        server.answer = answer
        before = server.count
        with pytest.raises(TransportError):
            await READS[path][0](client)
        assert server.count == before + 1


@pytest.mark.parametrize("path", [path for path in READS if path != "powermeter"])
@pytest.mark.parametrize("body", [None, [], "x", 1, True])
async def test_what_is_no_object_is_bad_data(
    server: Server, client: SonnenClient, path: str, body: Any
) -> None:
    server.answer = json_answer(body)
    with pytest.raises(BadDataError):
        await READS[path][0](client)


async def test_meters_may_come_in_an_object(
    server: Server, client: SonnenClient
) -> None:
    """By index (3.4); one alone is a list of one."""
    first, second = samples.METERS
    for body, expected in (
        ({"0": first, "1": second}, [first, second]),
        (first, [first]),
        ([first, None, 3], [first]),
        ({}, []),
    ):
        server.answer = json_answer(body)
        assert await client.meters() == expected
    server.answer = json_answer("meters")
    with pytest.raises(BadDataError):
        await client.meters()


# --- redirects


@pytest.mark.parametrize("path", ["status", "configurations"])
async def test_redirects_are_told_apart_and_never_followed(
    server: Server, client: SonnenClient, path: str
) -> None:
    for location, reason in (
        (f"https://127.0.0.1/api/v2/{path}", "use_https"),
        ("/dash", "redirect"),
        ("http://evil.example/", "redirect"),
    ):
        server.answer = body_answer(b"", 301, Location=location)
        before = server.count
        with pytest.raises(TransportError) as caught:
            await READS[path][0](client)
        assert caught.value.reason == reason
        assert server.count == before + 1


# --- 404


async def test_no_status_is_no_battery_of_ours(
    server: Server, client: SonnenClient
) -> None:
    server.answer = NOT_FOUND
    for _ in range(2):
        with pytest.raises(UnsupportedError) as caught:
            await client.status()
        assert caught.value.reason == "no_api"
    assert server.count == 2


@pytest.mark.parametrize("path", GUARDED)
async def test_a_missing_endpoint_is_asked_rarely(
    server: Server,
    client: SonnenClient,
    clock: FakeClock,
    path: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Once more after a minute, as it may have been a restart; then once an hour."""
    server.answer = NOT_FOUND
    read = READS[path][0]
    asked: list[int] = []
    for minute in range(130):
        before = server.count
        with pytest.raises(UnsupportedError):
            await read(client)
        if server.count > before:
            asked.append(minute)
        await clock.advance(60)
    assert asked == [0, 1, 61, 121]
    assert client.missing == {path}
    assert not [item for item in caplog.records if item.levelno > logging.DEBUG]


async def test_other_refusals_do_not_make_it_missing(
    server: Server, client: SonnenClient
) -> None:
    server.answer = json_answer({"error": "method"}, 405)
    for _ in range(2):
        with pytest.raises(UnsupportedError):
            await client.io()
    assert server.count == 2
    assert not client.missing


async def test_an_endpoint_that_comes_back_is_asked_as_ever(
    server: Server, client: SonnenClient, clock: FakeClock
) -> None:
    server.answer = NOT_FOUND
    with pytest.raises(UnsupportedError):
        await client.inverter()
    await clock.advance(60)
    server.answer = json_answer(samples.INVERTER)
    assert await client.inverter() == await client.inverter()
    assert not client.missing
    assert server.count == 3


async def test_other_software_is_asked_for_everything(
    server: Server, client: SonnenClient
) -> None:
    """The same software and the first one that is seen say nothing new."""

    server.answer = NOT_FOUND
    with pytest.raises(UnsupportedError):
        await client.io()
    for software, missing in (("1.8", {"io"}), ("1.8", {"io"}), ("1.9", set())):
        server.answer = json_answer({"DE_Software": software})
        await client.configurations()
        assert client.missing == missing


# --- 403


@pytest.mark.parametrize("works", [True, False])
async def test_403_is_the_token_after_three_in_a_row_while_status_works(
    server: Server, client: SonnenClient, works: bool
) -> None:
    server.answer = json_answer(samples.STATUS, 200 if works else 500)
    try:
        await client.status()
    except TransportError:
        assert not works
    server.answer = FORBIDDEN
    kinds = []
    for read in (client.latest, client.battery, client.inverter, client.io):
        with pytest.raises(ApiError) as caught:
            await read()
        kinds.append(type(caught.value))
    refused = AuthError if works else NotPermittedError
    assert kinds == [NotPermittedError, NotPermittedError, refused, refused]


async def test_403_in_between_is_no_matter_of_the_token(
    server: Server, client: SonnenClient
) -> None:
    server.answer = json_answer(samples.STATUS)
    await client.status()
    for _ in range(5):
        server.answer = FORBIDDEN
        with pytest.raises(NotPermittedError):
            await client.io()
        server.answer = json_answer(samples.BATTERY)
        await client.battery()


# --- single keys


async def test_one_key_is_read(server: Server, client: SonnenClient) -> None:
    server.answer = json_answer({"EM_OperatingMode": "2"})
    assert await client.configuration("EM_OperatingMode") == "2"
    assert server.requests[0].path == "/api/v2/configurations/EM_OperatingMode"
    with pytest.raises(BadDataError):
        await client.configuration("EM_USOC")


@pytest.mark.parametrize("status", [403, 404])
async def test_a_locked_key_is_unsupported_and_no_matter_of_the_token(
    server: Server, client: SonnenClient, status: int
) -> None:
    server.answer = json_answer(samples.STATUS)
    await client.status()
    server.answer = body_answer(b"", status)
    for _ in range(4):
        with pytest.raises(UnsupportedError):
            await client.configuration("XX_Unknown")
    assert server.count == 5
    assert not client.missing


@pytest.mark.parametrize("key", ["", "../status", "a/b", "a b", "ä"])
async def test_no_key_leads_elsewhere(
    server: Server, client: SonnenClient, key: str
) -> None:
    with pytest.raises(BadDataError):
        await client.configuration(key)
    assert server.count == 0


async def test_429_makes_everything_slower(
    server: Server, client: SonnenClient, clock: FakeClock, budget: Budget
) -> None:
    server.answer = body_answer(b"", 429)
    with pytest.raises(ThrottledError):
        await client.status()
    server.answer = json_answer(samples.STATUS)
    await client.status()
    assert sum(clock.slept) >= 9.9


async def test_our_own_budget_does_not_make_it_slower(
    client: SonnenClient, clock: FakeClock, budget: Budget
) -> None:
    budget.block(5)
    with pytest.raises(ThrottledError):
        await client.status()
    await clock.advance(6)
    await client.battery()
    await client.battery()
    assert not clock.slept
