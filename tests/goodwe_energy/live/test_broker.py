"""A broker that is none, or wants us no good."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.goodwe_energy._vendor.core.client.clock import SystemClock
from custom_components.goodwe_energy._vendor.core.client.errors import (
    BadDataError,
    TransportError,
)
from custom_components.goodwe_energy.live.broker import HANDSHAKE, Broker

from .bench import calm

CONFIG = {"clientId": "c1", "userName": "u", "password": " p "}
ACCEPTED, SUBSCRIBED = b"\x20\x02\x00\x00", b"\x90\x03\x00\x01\x00"


class Host:
    """One server whose answer a test gives."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.headers: list[str] = []
        self.says = [ACCEPTED, SUBSCRIBED]
        self.text: str | None = None
        self.waits = self.keeps = False
        self.status = 0
        self.elsewhere = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.headers = [name.lower() for name in request.headers]
        if self.elsewhere and request.url.host != "localhost":
            raise web.HTTPFound(request.url.with_host("localhost"))
        if self.status:
            return web.Response(status=self.status, text="secret")
        socket = web.WebSocketResponse(protocols=("mqtt",))
        await socket.prepare(request)
        if self.keeps:
            for data in self.says:
                await socket.send_bytes(data)
        if self.waits or self.keeps:
            async for message in socket:
                self.heard.append(message.data)
            return socket
        for data in self.says:
            await socket.send_bytes(data)
        if self.text is not None:
            await socket.send_str(self.text)
        self.heard.append(await socket.receive_bytes())
        await socket.close()
        return socket


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
async def broker(host: Host) -> AsyncIterator[Broker]:
    app = web.Application()
    app.router.add_get("/mqtt", host.answer)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield Broker(session, str(server.make_url("/mqtt")), clock=SystemClock())


async def listen(broker: Broker) -> list[tuple[str, bytes]]:
    told: list[tuple[str, bytes]] = []
    try:
        await broker.listen(CONFIG, ["/a"], lambda *news: told.append(news))
    finally:
        await broker.close()
        await broker.ping()
    return told


async def test_credentials_go_as_they_came_and_no_origin_with_them(
    host: Host, broker: Broker
) -> None:
    with pytest.raises(TransportError) as ended:
        await listen(broker)
    assert ended.value.reason == "disconnected"
    assert host.heard[0].endswith(b"\x00\x02c1\x00\x01u\x00\x03 p ")
    assert "origin" not in host.headers
    assert "sec-websocket-protocol" in host.headers


async def test_text_is_passed_over(host: Host, broker: Broker) -> None:
    host.text = "hello"
    with pytest.raises(TransportError) as ended:
        await listen(broker)
    assert ended.value.reason == "disconnected"


@pytest.mark.parametrize(
    "data", [b"\x30\xff\xff\xff\xff\x01", b"\x00\x00", b"\x10\x00", b"\x30\x01\x00"]
)
async def test_what_is_no_mqtt_ends_it(host: Host, broker: Broker, data: bytes) -> None:
    host.says = [ACCEPTED, SUBSCRIBED, data]
    with pytest.raises(BadDataError):
        await listen(broker)


async def test_too_much_at_once_ends_it(host: Host, broker: Broker) -> None:
    host.says = [b"\x00" * 300_000]
    with pytest.raises((BadDataError, TransportError)):
        await listen(broker)


@pytest.mark.parametrize(
    ("says", "code"),
    [
        ([b"\x20\x02\x00\x04"], "4"),
        ([ACCEPTED, b"\x90\x03\x00\x01\x80"], None),
    ],
)
async def test_who_is_not_let_in_hears_it(
    host: Host, broker: Broker, says: list[bytes], code: str | None
) -> None:
    host.says = says
    with pytest.raises(TransportError) as refused:
        await listen(broker)
    assert (refused.value.reason, refused.value.code) == ("refused", code)


async def test_an_answer_of_a_web_server(host: Host, broker: Broker) -> None:
    host.status = 403
    with pytest.raises(TransportError) as failed:
        await listen(broker)
    assert "127.0.0.1" not in str(failed.value)
    assert "secret" not in str(failed.value)


async def test_credentials_go_to_no_other_host(host: Host, broker: Broker) -> None:
    """An answer may send a client anywhere."""
    host.elsewhere = True
    with pytest.raises(TransportError) as failed:
        await listen(broker)
    assert failed.value.reason == "redirect"
    assert host.heard == []


@pytest.mark.parametrize(
    "config",
    [
        {},
        CONFIG | {"password": None},
        CONFIG | {"clientId": ""},
        CONFIG | {"userName": 7},
        CONFIG | {"password": "x" * 70_000},
    ],
)
async def test_odd_credentials_are_not_sent(
    host: Host, broker: Broker, config: dict[str, object]
) -> None:
    with pytest.raises(BadDataError):
        await broker.listen(config, ["/a"], lambda *_: None)
    assert host.headers == []


async def test_a_broker_that_never_answers(
    host: Host, broker: Broker, freezer: FrozenDateTimeFactory
) -> None:
    host.waits = True
    listening = asyncio.create_task(listen(broker))
    await calm()
    freezer.tick(HANDSHAKE)
    await calm()
    # It does not answer the farewell either
    freezer.tick(5)
    with pytest.raises(TransportError) as silent:
        await listening
    assert silent.value.reason == "timeout"


async def test_a_broker_that_answers_no_more_is_left(
    host: Host, broker: Broker, freezer: FrozenDateTimeFactory
) -> None:
    """A connection can be dead with nobody having closed it."""
    host.says, host.keeps = [ACCEPTED, SUBSCRIBED], True
    listening = asyncio.create_task(broker.listen(CONFIG, ["/a"], lambda *news: None))
    await calm()
    freezer.tick(119)
    await broker.ping()
    await calm()
    assert host.heard[-1] == b"\xc0\x00"
    assert not listening.done()
    freezer.tick(2)
    await broker.ping()
    with pytest.raises(TransportError) as ended:
        await listening
    assert ended.value.reason == "disconnected"
