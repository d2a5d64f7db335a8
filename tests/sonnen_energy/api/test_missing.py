"""Endpoints that a battery does not have, or does not show (sonnen.md 3 and 4)."""

import logging

import pytest

from custom_components.sonnen_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    NotPermittedError,
    TransportError,
    UnsupportedError,
)
from custom_components.sonnen_energy.api.client import SonnenClient
from tests.core.client.server import Server, json_answer, reset
from tests.core.fake_clock import FakeClock

from . import samples
from .conftest import MakeClient
from .test_client import FORBIDDEN, GUARDED, NEEDED, NOT_FOUND, OPTIONAL, READS


async def test_no_status_is_no_battery_of_ours(
    server: Server, client: SonnenClient
) -> None:
    server.answer = NOT_FOUND
    for _ in range(2):
        with pytest.raises(UnsupportedError) as caught:
            await client.status()
        assert caught.value.reason == "no_api"
    assert server.count == 2


@pytest.mark.parametrize("path", OPTIONAL)
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


@pytest.mark.parametrize("path", NEEDED)
async def test_what_control_needs_is_never_taken_for_missing(
    server: Server, client: SonnenClient, path: str
) -> None:
    """A battery that starts may say 404 for minutes, and has to be put back then."""
    server.answer = NOT_FOUND
    for _ in range(4):
        with pytest.raises(UnsupportedError):
            await READS[path][0](client)
    assert server.count == 4
    assert not client.missing


@pytest.mark.parametrize("before", ["seen", "noted"])
@pytest.mark.parametrize("path", OPTIONAL)
async def test_an_endpoint_that_once_answered_is_asked_each_minute(
    server: Server,
    client: SonnenClient,
    make_client: MakeClient,
    clock: FakeClock,
    path: str,
    before: str,
) -> None:
    """In this run, or in one before it."""
    read, document = READS[path]
    if before == "seen":
        server.answer = json_answer(document)
        await read(client)
    else:
        client = make_client({path})
    server.answer = NOT_FOUND
    began = server.count
    for _ in range(20):
        with pytest.raises(UnsupportedError):
            await read(client)
        await clock.advance(30)
    assert server.count == began + 10


async def test_a_battery_that_was_away_is_asked_for_everything(
    server: Server, client: SonnenClient, clock: FakeClock
) -> None:
    server.answer = json_answer(samples.STATUS)
    await client.status()
    server.answer = NOT_FOUND
    for _ in range(2):
        with pytest.raises(UnsupportedError):
            await client.io()
        await clock.advance(60)
    server.answer = json_answer(samples.STATUS)
    await client.status()
    assert client.missing == {"io"}
    server.answer = reset
    with pytest.raises(TransportError):
        await client.status()
    server.answer = json_answer(samples.STATUS)
    await client.status()
    assert not client.missing


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
@pytest.mark.parametrize("path", GUARDED)
async def test_403_is_the_token_after_three_in_a_row_while_status_works(
    server: Server, client: SonnenClient, path: str, works: bool
) -> None:
    """Where each battery answers; a meter may be forbidden for ever (section 4)."""
    server.answer = json_answer(samples.STATUS, 200 if works else 500)
    try:
        await client.status()
    except TransportError:
        assert not works
    server.answer = FORBIDDEN
    kinds = []
    for _ in range(4):
        with pytest.raises(ApiError) as caught:
            await READS[path][0](client)
        kinds.append(type(caught.value))
    refused = AuthError if works and path in NEEDED else NotPermittedError
    assert kinds == [NotPermittedError, NotPermittedError, refused, refused]


async def test_403_of_several_endpoints_do_not_add_up(
    server: Server, client: SonnenClient
) -> None:
    server.answer = json_answer(samples.STATUS)
    await client.status()
    server.answer = FORBIDDEN
    for path in [*OPTIONAL, *NEEDED]:
        with pytest.raises(NotPermittedError):
            await READS[path][0](client)


async def test_a_token_that_opens_the_settings_is_good(
    server: Server, client: SonnenClient
) -> None:
    """Even if the newest details are locked for ever."""
    server.answer = json_answer(samples.STATUS)
    await client.status()
    for _ in range(5):
        server.answer = FORBIDDEN
        for _ in range(2):
            with pytest.raises(NotPermittedError):
                await client.latest()
        server.answer = json_answer(samples.CONFIGURATIONS)
        await client.configurations()


async def test_403_in_between_is_no_matter_of_the_token(
    server: Server, client: SonnenClient
) -> None:
    server.answer = json_answer(samples.STATUS)
    await client.status()
    for _ in range(5):
        server.answer = FORBIDDEN
        with pytest.raises(NotPermittedError):
            await client.latest()
        server.answer = json_answer(samples.LATEST)
        await client.latest()
