"""What the client asks, and what it makes of answers (sonnen.md 2, 3 and 4)."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from custom_components.sonnen_energy._vendor.core.client.budget import Budget
from custom_components.sonnen_energy._vendor.core.client.errors import (
    AuthError,
    BadDataError,
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
# What control needs
NEEDED = ["latestdata", "configurations"]
OPTIONAL = [path for path in GUARDED if path not in NEEDED]


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
