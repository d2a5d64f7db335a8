"""The websocket with live prices (amber.md section 3.7)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from aiohttp import ClientWebSocketResponse, WSMsgType
import pytest

from simulator.amber import Account, AmberSimulator, Site
from simulator.clock import ManualClock

from .amber_client import SITE, SUBSCRIBE, AmberClient
from .amber_shapes import odd


@pytest.fixture
async def socket(
    amber: AmberSimulator, cloud: AmberClient, session: aiohttp.ClientSession
) -> AsyncIterator[ClientWebSocketResponse]:
    amber.stream.enabled = True
    amber.stream.interval = 0.01
    async with session.ws_connect(amber.stream_url, headers=cloud.headers) as socket:
        yield socket


async def subscribe(socket: ClientWebSocketResponse, **changes: Any) -> int:
    await socket.send_json(SUBSCRIBE | changes)
    reply = await socket.receive_json(timeout=5)
    assert (reply["service"], reply["action"]) == ("live-prices", "subscribe")
    return int(reply["status"])


async def test_an_account_is_not_let_in_unless_it_is_enabled(
    amber: AmberSimulator, cloud: AmberClient, session: aiohttp.ClientSession
) -> None:
    for enabled, token in ((False, cloud.token), (True, "wrong"), (True, None)):
        amber.stream.enabled, cloud.token = enabled, token
        with pytest.raises(aiohttp.WSServerHandshakeError) as error:
            await session.ws_connect(amber.stream_url, headers=cloud.headers)
        assert error.value.status == 403
    assert amber.counters.count("stream") == 3


async def test_it_is_no_page(
    amber: AmberSimulator, session: aiohttp.ClientSession
) -> None:
    async with session.get(amber.origin) as response:
        assert response.status == 404


async def test_every_estimate_and_confirmation_is_told(
    socket: ClientWebSocketResponse,
    noon: ManualClock,
    cloud: AmberClient,
    amber: AmberSimulator,
) -> None:
    assert await subscribe(socket) == 200
    noon.advance(10)
    final = await socket.receive_json(timeout=5)
    assert (final["service"], final["action"]) == ("live-prices", "price-update")
    assert final["timestamp"] == "2026-10-05T02:00:20.000Z"
    assert final["data"]["siteId"] == SITE
    assert final["data"]["prices"] == await cloud.current()
    assert {entry["estimate"] for entry in final["data"]["prices"]} == {False}
    noon.advance(281)
    estimate = (await socket.receive_json(timeout=5))["data"]["prices"]
    assert [odd(entry) for entry in estimate] == [[]] * 3
    assert estimate[0]["startTime"] == "2026-10-05T02:05:01Z"
    assert {entry["estimate"] for entry in estimate} == {True}
    assert {entry["type"] for entry in estimate} == {"CurrentInterval"}
    assert amber.stream.updates == 2


async def test_feed_in_is_told_when_it_is_final(
    socket: ClientWebSocketResponse, noon: ManualClock, site: Site
) -> None:
    site.feed_in_delay = 5
    await subscribe(socket)
    for seconds, estimates in ((10, [False, False, True]), (5, [False] * 3)):
        noon.advance(seconds)
        told = (await socket.receive_json(timeout=5))["data"]["prices"]
        assert [entry["estimate"] for entry in told] == estimates


async def test_silence(
    socket: ClientWebSocketResponse, noon: ManualClock, amber: AmberSimulator
) -> None:
    await subscribe(socket)
    amber.stream.silent = True
    noon.advance(10)
    with pytest.raises(TimeoutError):
        await socket.receive_json(timeout=0.1)


async def test_what_cannot_be_subscribed(
    socket: ClientWebSocketResponse, amber: AmberSimulator
) -> None:
    assert await subscribe(socket, data={"siteId": "unknown"}) == 404
    assert await subscribe(socket, action="other") == 400
    assert await subscribe(socket, data=None) == 400
    await socket.send_str("nonsense")
    assert (await socket.receive_json(timeout=5))["status"] == 400
    amber.accounts[0].sites = set()
    assert await subscribe(socket) == 404
    amber.accounts = [Account(name="two", tokens={"psk_two"})]


async def test_connections_are_closed_on_demand(
    socket: ClientWebSocketResponse, amber: AmberSimulator, cloud: AmberClient
) -> None:
    await subscribe(socket)
    assert amber.stream.connections == 1
    assert (await cloud.control("/close")).status == 200
    message = await socket.receive(timeout=5)
    assert message.type is WSMsgType.CLOSE
    assert message.data == aiohttp.WSCloseCode.GOING_AWAY
    assert amber.stream.connections == 0


async def test_it_ends_with_the_server(
    socket: ClientWebSocketResponse, amber: AmberSimulator
) -> None:
    async with asyncio.timeout(5):
        await amber.stop()
        message = await socket.receive()
    assert message.type is WSMsgType.CLOSE


async def test_a_client_that_goes_away_is_forgotten(
    socket: ClientWebSocketResponse, amber: AmberSimulator
) -> None:
    await subscribe(socket)
    await socket.ping()
    await socket.close()
    for _ in range(100):
        if not amber.stream.connections:
            return
        await asyncio.sleep(0.01)
    pytest.fail("it is still there")
